/* The strategies of all goals: what each shows of its goal, filters, orders, and that deleted
 * goals' are not among them. */
#include "goal_rig.h"

static const char *goal_of(const char *title, const char *owner)
{
    const struct rig_answer *goal =
        ask("createGoal", NULL,
            format("{'title': '%s', 'ownerId': '%s', 'startDate': '2026-01-01', "
                   "'dueDate': '2026-12-31'}",
                   title, owner));

    ck_answer(goal, 201);
    return text_at(goal, "data.id");
}

static const char *strategy_of(const char *goal, const char *title, const char *more)
{
    const struct rig_answer *strategy =
        ask("createStrategy", format("{'goalId': '%s'}", goal),
            format("{'title': '%s', 'description': 'Way %s'%s}", title, title, more));

    ck_answer(strategy, 201);
    return text_at(strategy, "data.id");
}

static const char *names(const char *query)
{
    return listed("listStrategies", query, "name");
}

static const char *first, *second;

/* a b c of the first goal, d e of the second. */
static void two_goals(void)
{
    rig_new_tenant();
    first = goal_of("First", "ann");
    second = goal_of("Second", "bob");
    strategy_of(second, "d", ", 'status': 'adopted'");
    strategy_of(first, "a", "");
    strategy_of(first, "c", ", 'ownerId': 'bob', 'status': 'validated'");
    strategy_of(second, "e", ", 'ownerId': 'ann'");
    strategy_of(first, "b", ", 'order': 2");
}

START_TEST(shows_each_with_its_goal)
{
    two_goals();
    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann', 'issuedAt': 1}"), 200);
    const struct rig_answer *list = ask("listStrategies", NULL, NULL);
    ck_at(list, "data[0].name", "'a'");
    ck_at(list, "data[0].goalId", format("'%s'", first));
    ck_at(list, "data[0].goalTitle", "'First'");
    ck_at(list, "data[0].startDate", "'2026-01-01T00:00:00.000Z'");
    ck_at(list, "data[0].endDate", "'2026-12-31T00:00:00.000Z'");
    ck_at(list, "data[0].ownerId", "'ann'");
    ck_at(list, "data[0].ownerName", "'Ann'");
    ck_at(list, "data[2].ownerId", "'bob'");
    ck_at(list, "data[2].ownerName", "null");
    ck_at(list, "data[0].progress", "0.0");
    ck_at(list, "data[0].goalVersion", "absent");
    const char *path = format("{'strategyId': '%s'}", text_at(list, "data[0].id"));
    const struct rig_answer *one = ask("findStrategy", path, NULL);
    ck_assert_str_eq(at(one, "data"), at(list, "data[0]"));
    ck_at(one, "version", "1");
    /* In its goal it has no owner but its own. */
    ck_at(ask("getStrategies", format("{'goalId': '%s'}", first), NULL), "data[0].ownerId", "null");
    ck_refused(ask("findStrategy", "{'strategyId': 'x'}", NULL), 404, "STRATEGY_NOT_FOUND");
    ck_refused(ask("findStrategy", format("{'strategyId': '%s'}", first), NULL), 404,
               "STRATEGY_NOT_FOUND");
    rig_new_tenant();
    ck_refused(ask("findStrategy", path, NULL), 404, "STRATEGY_NOT_FOUND");
    ck_assert_str_eq(names(NULL), " 0");
}
END_TEST

START_TEST(filters_and_sorts)
{
    two_goals();
    const struct {
        const char *query, *expected;
    } cases[] = {
        {NULL, "a,b,c,d,e 5"},
        {"{'size': ['2'], 'page': ['2']}", "c,d 5"},
        {"{'offset': ['3'], 'limit': ['5']}", "d,e 5"},
        {format("{'goalId': ['%s']}", second), "d,e 2"},
        {"{'goal_id': ['x']}", " 0"},
        {"{'status': ['draft']}", "a,b,e 3"},
        {"{'status': ['evaluated,Adopted']}", "c,d 2"},
        {"{'ownerId': ['ann']}", "a,b,e 3"},
        {"{'owner_id': ['bob'], 'status': ['validated']}", "c 1"},
        {format("{'ownerId': ['ann'], 'goalId': ['%s']}", first), "a,b 2"},
        {"{'ownerId': ['nobody']}", " 0"},
        {"{'search': ['WAY C']}", "c 1"},
        {"{'search': ['D']}", "d 1"},
        {"{'search': ['%']}", " 0"},
        {format("{'search': ['way'], 'goalId': ['%s'], 'size': ['1']}", first), "a 3"},
        {"{'type': ['anything'], 'status': ['']}", "a,b,c,d,e 5"},
        {"{'sort': ['order']}", "a,d,b,e,c 5"},
        {"{'sort': ['-order']}", "c,b,e,a,d 5"},
        {"{'sort': ['createdAt']}", "d,a,c,e,b 5"},
        {"{'sortBy': ['created_at'], 'sortOrder': ['desc']}", "b,e,c,a,d 5"},
        {"{'sort': ['-updatedAt'], 'size': ['2']}", "b,c 5"},
        {format("{'goalId': ['%s'], 'sort': ['-createdAt']}", first), "b,c,a 3"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(!strcmp(names(cases[i].query), cases[i].expected), "%s gives %s",
                      cases[i].query ? cases[i].query : "none", names(cases[i].query));
    ck_invalid(ask_all("listStrategies", NULL, "{'status': ['new']}", NULL), "status");
    ck_invalid(ask_all("listStrategies", NULL, "{'sort': ['title']}", NULL), "sort");
    ck_invalid(ask_all("listStrategies", NULL, "{'colour': ['red']}", NULL), "colour");
}
END_TEST

START_TEST(deleted_ones_are_gone)
{
    two_goals();
    const char *all = text_at(ask("listStrategies", NULL, NULL), "data[0].id");
    ck_answer(ask("deleteGoal", goal_path(first), NULL), 200);
    ck_assert_str_eq(names(NULL), "d,e 2");
    ck_assert_str_eq(names("{'ownerId': ['ann']}"), "e 1");
    ck_assert_str_eq(names("{'ownerId': ['bob'], 'sort': ['order']}"), "d 1");
    ck_assert_str_eq(names(format("{'goalId': ['%s']}", first)), " 0");
    ck_refused(ask("findStrategy", format("{'strategyId': '%s'}", all), NULL), 404,
               "STRATEGY_NOT_FOUND");
}
END_TEST

/* Of the counts that events of actions have left, which strategy_progress.test.mjs makes. */
START_TEST(shows_its_progress)
{
    const char *goal = text_at(
        ask("createGoal", NULL, "{'title': 'G', 'owner_id': 'o', 'horizon': 'year'}"), "data.id");
    const char *strategy = text_at(
        ask("createStrategy", format("{'goalId': '%s'}", goal), "{'description': 's'}"), "data.id");
    static const struct {
        int completed, counted;
        const char *progress;
    } cases[] = {{3, 5, "60.0"}, {1, 8, "12.5"}, {0, 4, "0.0"}, {0, 0, "0.0"}, {7, 7, "100.0"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sql_value(format("INSERT INTO goals.strategy_actions VALUES ('%s', '%s', %d, %d) ON "
                         "CONFLICT (tenant_id, strategy_id) DO UPDATE SET counted = "
                         "excluded.counted, completed = excluded.completed RETURNING 1",
                         caller.tenant, strategy, cases[i].counted, cases[i].completed));
        ck_at(ask("findStrategy", format("{'strategyId': '%s'}", strategy), NULL), "data.progress",
              cases[i].progress);
        ck_at(ask("listStrategies", NULL, NULL), "data[0].progress", cases[i].progress);
    }
    ck_at(ask("getStrategyById", format("{'goalId': '%s', 'strategyId': '%s'}", goal, strategy),
              NULL),
          "data.progress", "absent");
}
END_TEST

SERVICE_SUITE_MAIN("strategy_list", shows_each_with_its_goal, filters_and_sorts,
                   deleted_ones_are_gone, shows_its_progress)
