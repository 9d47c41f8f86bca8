/* Strategies: their order stays 1 to n whatever is done to them, and the goal counts every change.
 */
#include "service_rig.h"

static const char *goal_id, *of_goal, *goal_path;

static void new_goal(void)
{
    const struct rig_answer *goal =
        ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");

    ck_answer(goal, 201);
    goal_id = text_at(goal, "data.id");
    of_goal = format("{'goalId': '%s'}", goal_id);
    goal_path = format("{'id': '%s'}", goal_id);
}

static const struct rig_answer *add(const char *description, const char *more)
{
    const struct rig_answer *strategy =
        ask("createStrategy", of_goal, format("{'description': '%s'%s}", description, more));

    ck_answer(strategy, 201);
    return strategy;
}

static const char *path_of(const char *id)
{
    return format("{'goalId': '%s', 'strategyId': '%s'}", goal_id, id);
}

static const char *id_of(const char *description)
{
    const struct rig_answer *list = ask("getStrategies", of_goal, NULL);

    for (int i = 0; strcmp(at(list, format("data[%d]", i)), "absent") != 0; i++)
        if (!strcmp(text_at(list, format("data[%d].description", i)), description))
            return text_at(list, format("data[%d].id", i));
    ck_abort_msg("no strategy %s in %s", description, list->text);
    return NULL;
}

/* "a1 b2 c3": descriptions with their order, as the goal and the list show them. */
static const char *shown(const struct rig_answer *answer, const char *list)
{
    const char *text = "";

    for (int i = 0; strcmp(at(answer, format("%s[%d]", list, i)), "absent") != 0; i++)
        text = format("%s%s%s%s", text, i ? " " : "",
                      text_at(answer, format("%s[%d].description", list, i)),
                      at(answer, format("%s[%d].order", list, i)));
    return text;
}

static void ck_shown(const char *expected)
{
    ck_assert_str_eq(shown(ask("getStrategies", of_goal, NULL), "data"), expected);
    ck_assert_str_eq(shown(ask("getGoalById", goal_path, NULL), "data.strategies"), expected);
    ck_assert_str_eq(shown(ask("getGoals", NULL, NULL), "data[0].strategies"), expected);
}

START_TEST(creates_at_the_end_or_in_between)
{
    new_goal();
    const struct rig_answer *strategy = add("a", "");
    ck_at(strategy, "data.status", "'draft'");
    ck_at(strategy, "data.order", "1");
    ck_at(strategy, "data.goalId", format("'%s'", goal_id));
    ck_assert_str_eq(text_at(strategy, "location"),
                     format("/goals/%s/strategies/%s", goal_id, text_at(strategy, "data.id")));
    const struct rig_answer *read =
        ask("getStrategyById", path_of(text_at(strategy, "data.id")), NULL);
    ck_assert_str_eq(at(read, "data"), at(strategy, "data"));
    add("b", ", 'order': 99");
    ck_shown("a1 b2");
    add("c", ", 'order': 1, 'status': 'adopted'");
    ck_shown("c1 a2 b3");
    add("d", ", 'order': 3");
    ck_shown("c1 a2 d3 b4");
    ck_assert_str_eq(event_types(), "goal.created strategy.created strategy.created "
                                    "strategy.created strategy.created");
    ck_at(ask("getGoalById", goal_path, NULL), "version", "5");
}
END_TEST

static const char *details =
    "{'title': ' Asia ', 'description': 'Enter five markets', 'aiGenerated': true, "
    "'validation_score': 87.5, 'validationFeedback': 'Well founded', 'ownerId': 'o', "
    "'priority': 'High', 'dueDate': '2026-12-31', 'tags': ['east', 'growth ']}";

START_TEST(keeps_what_clients_say_of_it)
{
    new_goal();
    ck_answer(ask("learnPerson", NULL, "{'userId': 'o', 'name': 'Ada', 'issuedAt': 1}"), 200);
    const struct rig_answer *strategy = ask("createStrategy", of_goal, details);
    ck_answer(strategy, 201);
    const char *path = path_of(text_at(strategy, "data.id"));
    ck_at(strategy, "data.title", "'Asia'");
    ck_at(strategy, "data.name", "'Asia'");
    ck_at(strategy, "data.aiGenerated", "true");
    ck_at(strategy, "data.validationScore", "87.5");
    ck_at(strategy, "data.ownerName", "'Ada'");
    ck_at(strategy, "data.priority", "'high'");
    ck_at(strategy, "data.tags", "['east','growth']");
    const char *whole = at(strategy, "data");
    ck_assert_str_eq(at(ask("getStrategyById", path, NULL), "data"), whole);
    ck_assert_str_eq(at(ask("getStrategies", of_goal, NULL), "data[0]"), whole);
    ck_assert_str_eq(at(ask("getGoalById", goal_path, NULL), "data.strategies[0]"), whole);
    /* What is not sent stays. */
    const struct rig_answer *changed =
        ask("updateStrategy", path, "{'validationScore': 90, 'priority': null, 'ownerId': 'p'}");
    ck_at(changed, "data.priority", "null");
    ck_at(changed, "data.ownerName", "null");
    ck_at(changed, "data.validationFeedback", "'Well founded'");
    ck_at(changed, "data.dueDate", "'2026-12-31T00:00:00.000Z'");
    ck_assert_str_eq(at(ask("getStrategyById", path, NULL), "data"), at(changed, "data"));
    ck_at(event_of_type("strategy.updated"), "changes",
          "{'ownerId':['o','p'],'priority':['high',null],'validationScore':[87.5,90.0]}");
    const struct rig_answer *plain = add("a", "");
    ck_at(plain, "data.aiGenerated", "false");
    ck_at(plain, "data.tags", "[]");
    ck_at(plain, "data.validationScore", "null");
}
END_TEST

START_TEST(refuses_details_that_are_wrong)
{
    new_goal();
    const struct rig_answer *refused =
        ask("createStrategy", of_goal,
            "{'description': 'a', 'validationScore': 100.5, 'priority': 'urgent', 'tags': ['']}");
    ck_invalid(refused, "validationScore");
    ck_invalid(refused, "priority");
    ck_invalid(refused, "tags[0]");
    const char *text = text_at(add("a", ""), "data.id");
    refused =
        ask("updateStrategy", path_of(text),
            format("{'title': '%.201s', 'validationFeedback': '%.5001s'}",
                   sql_value("SELECT repeat('x', 201)"), sql_value("SELECT repeat('x', 5001)")));
    ck_invalid(refused, "title");
    ck_invalid(refused, "validationFeedback");
}
END_TEST

/* The name is the title, else how the description begins, wherever it is shown. */
START_TEST(has_a_name)
{
    const char *long_text = sql_value("SELECT repeat('ä', 79) || '€uro'");
    const char *name = sql_value("SELECT repeat('ä', 79) || '€'");

    new_goal();
    const struct rig_answer *strategy = add(long_text, "");
    const char *path = path_of(text_at(strategy, "data.id"));
    ck_at(strategy, "data.name", format("'%s'", name));
    ck_at(strategy, "data.title", "null");
    const char *whole = at(strategy, "data");
    ck_assert_str_eq(at(ask("getStrategyById", path, NULL), "data"), whole);
    /* Sent back with the whole object it is no title, and follows the description. */
    ck_at(ask("updateStrategy", path, whole), "data.title", "null");
    const struct rig_answer *changed =
        ask("updateStrategy", path,
            format("{'name': '%s', 'title': null, 'description': 'short'}", name));
    ck_at(changed, "data.title", "null");
    ck_at(changed, "data.name", "'short'");
    ck_at(ask("updateStrategy", path, "{'name': 'short', 'title': 'New'}"), "data.name", "'New'");
    ck_at(ask("updateStrategy", path, "{'name': 'Newer', 'title': 'New'}"), "data.title",
          "'Newer'");
    ck_at(ask("updateStrategy", path, "{'title': null}"), "data.name", "'short'");
    ck_at(ask("updateStrategy", path, "{'title': 'short'}"), "data.title", "'short'");
    ck_invalid(ask("updateStrategy", path, "{'title': 'a', 'name': 'b'}"), "name");
    ck_at(ask("createStrategy", of_goal, "{'name': 'n', 'description': 'd'}"), "data.title", "'n'");
}
END_TEST

START_TEST(refuses_what_is_wrong)
{
    new_goal();
    const struct rig_answer *refused =
        ask("createStrategy", of_goal, "{'status': 'new', 'order': 0}");
    ck_invalid(refused, "description");
    ck_invalid(refused, "status");
    ck_invalid(refused, "order");
    const char *id = text_at(add("a", ""), "data.id");
    refused =
        ask("updateStrategy", path_of(id), "{'description': null, 'status': null, 'order': null}");
    ck_invalid(refused, "description");
    ck_invalid(refused, "status");
    ck_invalid(refused, "order");
    const char *other = "018f0000-0000-7000-8000-000000000001";
    ck_refused(ask("getStrategyById", path_of(other), NULL), 404, "STRATEGY_NOT_FOUND");
    ck_refused(ask("updateStrategy", path_of("x"), "{}"), 404, "STRATEGY_NOT_FOUND");
    ck_refused(ask("deleteStrategy", path_of(other), NULL), 404, "STRATEGY_NOT_FOUND");
    ck_refused(ask("getStrategyById", format("{'goalId': 'x', 'strategyId': '%s'}", id), NULL), 404,
               "GOAL_NOT_FOUND");
    new_goal();
    /* Another goal's strategy is none of this one. */
    ck_refused(ask("getStrategyById", path_of(id), NULL), 404, "STRATEGY_NOT_FOUND");
    ck_refused(ask("deleteStrategy", path_of(id), NULL), 404, "STRATEGY_NOT_FOUND");
}
END_TEST

START_TEST(moves)
{
    new_goal();
    add("a", ""), add("b", ""), add("c", ""), add("d", "");
    const char *b = path_of(id_of("b")), *c = path_of(id_of("c"));
    const struct rig_answer *moved = ask("updateStrategy", b, "{'order': 4}");
    ck_at(moved, "data.order", "4");
    ck_shown("a1 c2 d3 b4");
    ck_at(ask("updateStrategy", b, "{'order': 1}"), "data.order", "1");
    ck_shown("b1 a2 c3 d4");
    ck_at(ask("updateStrategy", c, "{'order': 50, 'status': 'validated'}"), "data.order", "4");
    ck_shown("b1 a2 d3 c4");
    moved = ask("updateStrategy", c, "{'description': 'e'}");
    ck_at(moved, "data.status", "'validated'");
    ck_shown("b1 a2 d3 e4");
    ck_at(event_of_type("strategy.updated"), "data.description", "'e'");
}
END_TEST

START_TEST(closes_gaps)
{
    new_goal();
    add("a", ""), add("b", ""), add("c", "");
    const char *a = path_of(id_of("a"));
    caller.if_version = 7;
    ck_refused(ask("deleteStrategy", a, NULL), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    const struct rig_answer *deleted = ask("deleteStrategy", a, NULL);
    ck_answer(deleted, 200);
    ck_assert_ptr_nonnull(text_at(deleted, "data.deletedAt"));
    ck_shown("b1 c2");
    ck_refused(ask("getStrategyById", a, NULL), 404, "STRATEGY_NOT_FOUND");
    ck_answer(ask("deleteStrategy", path_of(id_of("c")), NULL), 200);
    ck_shown("b1");
    ck_at(event_of_type("strategy.deleted"), "data.description", "'c'");
}
END_TEST

START_TEST(stays_dense_under_concurrent_changes)
{
    new_goal();
    ck_assert_uint_eq(
        count_http(ask_at_once(20, "createStrategy", of_goal, "{'description': 's', 'order': 1}"),
                   20, 201),
        20);
    const struct rig_answer *list = ask("getStrategies", of_goal, NULL);
    for (int i = 0; i < 20; i++)
        ck_at(list, format("data[%d].order", i), format("%d", i + 1));
    ck_at(ask("getGoalById", goal_path, NULL), "version", "21");
}
END_TEST

START_TEST(reorders)
{
    new_goal();
    add("a", ""), add("b", ""), add("c", "");
    const char *a = id_of("a"), *b = id_of("b"), *c = id_of("c");
    const struct rig_answer *list =
        ask("reorderStrategies", of_goal, format("{'strategyIds': ['%s', '%s', '%s']}", c, b, a));
    ck_answer(list, 200);
    ck_assert_str_eq(shown(list, "data"), "c1 b2 a3");
    ck_assert_str_eq(at(list, "page"), "null");
    ck_shown("c1 b2 a3");
    ck_assert_str_eq(at(ask("getStrategies", of_goal, NULL), "data"), at(list, "data"));
    list = ask("reorderStrategies", of_goal,
               format("{'strategyOrders': [{'strategyId': '%s', 'newOrder': 2}, {'strategy_id': "
                      "'%s', 'new_order': 1}, {'strategyId': '%s', 'newOrder': 3}]}",
                      a, b, c));
    ck_answer(list, 200);
    ck_shown("b1 a2 c3");
    ck_at(event_of_type("strategy.reordered"), "data.strategyIds",
          format("['%s','%s','%s']", b, a, c));
    new_goal();
    ck_at(ask("reorderStrategies", of_goal, "{'strategyIds': []}"), "data", "[]");
}
END_TEST

START_TEST(reorder_names_each_once)
{
    new_goal();
    add("a", ""), add("b", "");
    const char *a = id_of("a"), *b = id_of("b"), *other = "018f0000-0000-7000-8000-000000000001";
    const struct rig_answer *refused =
        ask("reorderStrategies", of_goal, format("{'strategyIds': ['%s']}", b));
    ck_invalid(refused, "strategyIds");
    ck_assert_ptr_nonnull(strstr(text_at(refused, "errors/strategyIds"), a));
    refused = ask("reorderStrategies", of_goal,
                  format("{'strategyIds': ['%s', '%s', '%s', '%s']}", a, b, a, other));
    ck_invalid(refused, "strategyIds[2]");
    ck_invalid(refused, "strategyIds[3]");
    ck_invalid(ask("reorderStrategies", of_goal, "{}"), "strategyIds");
    ck_invalid(ask("reorderStrategies", of_goal, "{'strategyIds': ['x']}"), "strategyIds[0]");
    ck_invalid(ask("reorderStrategies", of_goal,
                   format("{'strategyIds': ['%s', '%s'], 'strategyOrders': []}", a, b)),
               "strategyIds");
    refused = ask("reorderStrategies", of_goal,
                  format("{'strategyOrders': [{'strategyId': '%s', 'newOrder': 1}, {'strategyId': "
                         "'%s', 'newOrder': 1}]}",
                         a, b));
    ck_invalid(refused, "strategyOrders[1].newOrder");
    refused = ask("reorderStrategies", of_goal,
                  format("{'strategyOrders': [{'strategyId': '%s', 'newOrder': 3}, {'strategyId': "
                         "'%s', 'newOrder': 1}]}",
                         other, a));
    ck_invalid(refused, "strategyOrders[0].strategyId");
    ck_invalid(refused, "strategyOrders[0].newOrder");
    ck_invalid(refused, "strategyOrders");
    ck_shown("a1 b2");
}
END_TEST

START_TEST(a_goal_holds_200)
{
    new_goal();
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(
            count_http(ask_at_once(50, "createStrategy", of_goal, "{'description': 's'}"), 50, 201),
            50);
    const struct rig_answer *refused = ask("createStrategy", of_goal, "{'description': 's'}");
    ck_invalid(refused, "goalId");
    new_goal();
    add("a", "");
}
END_TEST

/* A body whose description has that many control characters, each of six bytes in JSON. */
static const char *body_of(int controls)
{
    static char text[5000 * 6 + 1];

    for (int i = 0; i < controls; i++)
        memcpy(text + (size_t)i * 6, "\\u0001", 7);
    return format("{'description': 'a%s'}", text);
}

enum {
    GOAL_BYTES = 4 << 20,
    OWN = 96 << 10,  /* kept for what a goal has besides strategies and links */
    LARGEST = 31000, /* the strategy of body_of(4999), which its name repeats 80 characters of */
};

static size_t goal_bytes(void)
{
    return strlen(at(ask("getGoalById", goal_path, NULL), "data"));
}

START_TEST(a_goal_holds_4_mib)
{
    const char *body = body_of(4999);
    size_t created = 0;

    new_goal();
    for (int i = 0; i < 3; i++)
        created += count_http(ask_at_once(50, "createStrategy", of_goal, body), 50, 201);
    size_t bytes = goal_bytes();
    ck_assert_uint_le(bytes, GOAL_BYTES);
    ck_assert_uint_gt(bytes, GOAL_BYTES - OWN - LARGEST);
    ck_assert_uint_lt(created, 150);
    ck_invalid(ask("createStrategy", of_goal, body), "description");
    const char *id = text_at(add("small", ""), "data.id");
    ck_invalid(ask("updateStrategy", path_of(id), body), "description");
    ck_answer(ask("updateStrategy", path_of(id), "{'description': 'else', 'order': 1}"), 200);
    ck_assert_uint_le(goal_bytes(), GOAL_BYTES);
}
END_TEST

/* Titles, feedback and tags count as descriptions do, and 2,000 bytes for an owner's name; members
 * that are no texts at their longest. */
START_TEST(a_goal_holds_4_mib_of_details)
{
    static char body[90000];
    const char *control = "\\u0001";
    size_t created = 0;
    int size = snprintf(body, sizeof body,
                        "{'description': 'd', 'title': 't%s', 'ownerId': 'o', "
                        "'tags': ['east', 'west'], 'validationFeedback': 'f",
                        control);

    for (int i = 0; i < 4500; i++)
        size += snprintf(body + size, sizeof body - (size_t)size, "%s", control);
    snprintf(body + size, sizeof body - (size_t)size, "'}");
    new_goal();
    for (int i = 0; i < 3; i++)
        created += count_http(ask_at_once(50, "createStrategy", of_goal, body), 50, 201);
    size_t bytes = goal_bytes();
    ck_assert_uint_le(bytes, GOAL_BYTES);
    ck_assert_uint_gt(bytes + created * 2060, GOAL_BYTES - OWN - 30000);
    ck_assert_uint_lt(created, 150);
    ck_invalid(ask("createStrategy", of_goal, body), "validationFeedback");
    const char *id = text_at(add("small", ""), "data.id");
    ck_invalid(ask("updateStrategy", path_of(id), body), "validationFeedback");
    ck_answer(ask("updateStrategy", path_of(id), "{'title': 'else'}"), 200);
}
END_TEST

START_TEST(what_is_larger_already_is_read_and_made_smaller)
{
    const char *body = body_of(4999);

    new_goal();
    for (int i = 0; i < 3; i++)
        count_http(ask_at_once(50, "createStrategy", of_goal, "{'description': 's'}"), 50, 201);
    sql_value(format("UPDATE goals.strategies SET description = repeat(E'\\x01', 5000) "
                     "WHERE goal_id = '%s' RETURNING 1",
                     goal_id));
    ck_assert_uint_gt(goal_bytes(), GOAL_BYTES);
    const char *path = path_of(text_at(ask("getStrategies", of_goal, NULL), "data[0].id"));
    ck_answer(ask("updateStrategy", path, "{'status': 'adopted'}"), 200);
    ck_answer(ask("updateStrategy", path, body_of(4000)), 200);
    ck_invalid(ask("updateStrategy", path, body), "description");
    ck_invalid(ask("createStrategy", of_goal, "{'description': 's'}"), "description");
    ck_answer(ask("deleteStrategy", path, NULL), 200);
}
END_TEST

/* What is read at first is bounded: 655 bytes of a description, 400 strategies of a page. */
START_TEST(long_and_many_are_read_whole)
{
    const int lengths[] = {655, 656, 5000, 1};

    new_goal();
    for (size_t i = 0; i < 4; i++)
        add(format("%.*s", lengths[i], sql_value("SELECT repeat('x', 5000)")), "");
    const char *expected = shown(ask("getStrategies", of_goal, NULL), "data");
    ck_assert_uint_eq(strlen(expected), 655 + 656 + 5000 + 1 + strlen("1 2 3 4"));
    ck_shown(expected);
    const char *first = goal_path;
    for (int i = 0; i < 3; i++) {
        new_goal();
        for (int n = 0; n < 3; n++)
            count_http(ask_at_once(50, "createStrategy", of_goal, "{'description': 's'}"), 50, 201);
    }
    const struct rig_answer *list = ask_all("getGoals", NULL, "{'sort': ['createdAt']}", NULL);
    ck_assert_str_eq(shown(list, "data[0].strategies"), expected);
    ck_assert_str_eq(at(list, "data[3].strategies"),
                     at(ask("getGoalById", goal_path, NULL), "data.strategies"));
    ck_assert_str_ne(at(list, "data[3].strategies[149]"), "absent");
    ck_assert_str_eq(shown(ask("getGoalById", first, NULL), "data.strategies"), expected);
    const struct rig_answer *strategy =
        ask("createStrategy", of_goal,
            format("{'description': 'd', 'tags': ['t'], 'title': 'n', 'validationFeedback': '%s'}",
                   sql_value("SELECT repeat('x', 5000)")));
    ck_assert_str_eq(at(ask("getGoalById", goal_path, NULL), "data.strategies[150]"),
                     at(strategy, "data"));
    ck_assert_str_eq(at(ask("getStrategies", of_goal, NULL), "data[150]"), at(strategy, "data"));
}
END_TEST

START_TEST(limit_counts_the_tenant)
{
    new_goal();
    caller.limits[LIMIT_STRATEGIES] = 2;
    add("a", "");
    new_goal();
    add("b", "");
    ck_refused(ask("createStrategy", of_goal, "{'description': 'c'}"), 403,
               "STRATEGY_LIMIT_REACHED");
    ck_answer(ask("deleteStrategy", path_of(id_of("b")), NULL), 200);
    const struct rig_answer **answers =
        ask_at_once(5, "createStrategy", of_goal, "{'description': 'd'}");
    ck_assert_uint_eq(count_http(answers, 5, 201), 1);
    ck_assert_uint_eq(count_http(answers, 5, 403), 4);
}
END_TEST

START_TEST(pages_hold_each_goals_own)
{
    for (int i = 0; i < 5; i++) {
        new_goal();
        for (int n = 0; n < i; n++)
            add(format("g%d", i), "");
    }
    const struct rig_answer *list = ask_all("getGoals", NULL, "{'sort': ['createdAt']}", NULL);
    ck_assert_str_eq(shown(list, "data[0].strategies"), "");
    ck_assert_str_eq(shown(list, "data[2].strategies"), "g21 g22");
    ck_assert_str_eq(shown(list, "data[4].strategies"), "g41 g42 g43 g44");
}
END_TEST

SERVICE_SUITE_MAIN("strategies", creates_at_the_end_or_in_between, keeps_what_clients_say_of_it,
                   refuses_details_that_are_wrong, has_a_name, refuses_what_is_wrong, moves,
                   closes_gaps, stays_dense_under_concurrent_changes, reorders,
                   reorder_names_each_once, a_goal_holds_200, a_goal_holds_4_mib,
                   a_goal_holds_4_mib_of_details, what_is_larger_already_is_read_and_made_smaller,
                   long_and_many_are_read_whole, limit_counts_the_tenant, pages_hold_each_goals_own)
