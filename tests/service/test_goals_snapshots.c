/* Pages of what svc-goals has, from which other services begin when its log does not go back far
 * enough. */
#include "goal_rig.h"

static const struct rig_answer *page(const char *kind, const char *id)
{
    const struct rig_answer *answer =
        ask("entitiesAfter", NULL,
            id ? format("{'kind': '%s', 'id': '%s', 'place': 0}", kind, id)
               : format("{'kind': '%s'}", kind));

    ck_answer(answer, 200);
    return answer;
}

static const char *goal_called(const char *title)
{
    const struct rig_answer *goal = ask(
        "createGoal", NULL,
        format("{'title': '%s', 'owner_id': 'o', 'horizon': 'year', 'status': 'active'}", title));

    ck_answer(goal, 201);
    return text_at(goal, "data.id");
}

static const char *strategy_of(const char *goal, const char *description, int order)
{
    const struct rig_answer *strategy =
        ask("createStrategy", format("{'goalId': '%s'}", goal),
            format("{'description': '%s', 'order': %d}", description, order));

    ck_answer(strategy, 201);
    return text_at(strategy, "data.id");
}

START_TEST(entities_come_as_their_events)
{
    rig_new_tenant();
    const char *id = goal_called("one");
    goal_called("two");
    ck_answer(ask("updateGoal", goal_path(id), "{'title': 'uno'}"), 200);
    const struct rig_answer *goals = page("goals", NULL);
    ck_at(goals, "data.events[0].type", "'goal.updated'");
    ck_at(goals, "data.events[0].entity", format("'%s'", id));
    ck_at(goals, "data.events[0].version", "2");
    ck_at(goals, "data.events[0].snapshot", "true");
    ck_at(goals, "data.events[0].data.title", "'uno'");
    ck_at(goals, "data.events[0].data.strategies", "absent");
    ck_at(goals, "data.events[1].data.title", "'two'");
    ck_at(goals, "data.events[2]", "absent");
    ck_at(goals, "data.next", "null");
}
END_TEST

/* Of the goal's version with which its strategies were read. */
START_TEST(strategies_say_their_goals_version)
{
    rig_new_tenant();
    const char *id = goal_called("one"), *empty = goal_called("two");
    strategy_of(id, "a", 1);
    ck_at(event_of_type("strategy.created"), "data.goalVersion", "2");
    const char *last = strategy_of(id, "b", 1);
    ck_at(event_of_type("strategy.created"), "data.goalVersion", "3");
    const struct rig_answer *strategies = page("strategies", NULL);
    ck_at(strategies, "data.events[0].entity", format("'%s'", last));
    ck_at(strategies, "data.events[0].data.order", "1");
    ck_at(strategies, "data.events[1].data.description", "'a'");
    ck_at(strategies, "data.events[1].data.order", "2");
    ck_at(strategies, "data.events[1].data.goalVersion", "3");
    ck_at(strategies, "data.next", format("'%s'", empty));
    ck_at(page("strategies", empty), "data.events", "[]");
    ck_at(page("strategies", empty), "data.next", "null");
    /* Clients are told nothing of it. */
    ck_at(ask("getStrategies", format("{'goalId': '%s'}", id), NULL), "data[0].goalVersion",
          "absent");
}
END_TEST

START_TEST(what_is_deleted_is_an_id)
{
    rig_new_tenant();
    const char *id = goal_called("one");
    const char *strategy = strategy_of(id, "a", 1);
    ck_answer(ask("deleteGoal", goal_path(id), NULL), 200);
    ck_at(page("goals", NULL), "data.events", "[]");
    ck_at(page("strategies", NULL), "data.events", "[]");
    const struct rig_answer *goals = page("deletedGoals", NULL);
    ck_at(goals, "data.events[0].type", "'goal.deleted'");
    ck_at(goals, "data.events[0].entity", format("'%s'", id));
    ck_at(goals, "data.events[0].data", "{}");
    const struct rig_answer *strategies = page("deletedStrategies", NULL);
    ck_at(strategies, "data.events[0].type", "'strategy.deleted'");
    ck_at(strategies, "data.events[0].entity", format("'%s'", strategy));
}
END_TEST

START_TEST(pages_go_on_behind_the_last)
{
    rig_new_tenant();
    for (int i = 0; i < 6; i++) {
        const struct rig_answer **made = ask_at_once(
            17, "createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");
        ck_assert_uint_eq(count_http(made, 17, 201), 17);
    }
    const struct rig_answer *first = page("goals", NULL);
    const char *next = text_at(first, "data.next");
    ck_at(first, "data.events[99].entity", format("'%s'", next));
    ck_at(first, "data.events[100]", "absent");
    const struct rig_answer *second = page("goals", next);
    ck_assert_int_gt(strcmp(text_at(second, "data.events[0].entity"), next), 0);
    ck_assert_str_ne(at(second, "data.events[1]"), "absent");
    ck_at(second, "data.events[2]", "absent");
    ck_at(second, "data.next", "null");
}
END_TEST

START_TEST(only_of_the_tenant_that_is_asked_about)
{
    rig_new_tenant();
    const char *id = goal_called("one");
    rig_new_tenant();
    ck_at(page("goals", NULL), "data.events", "[]");
    ck_at(page("goals", "00000000-0000-7000-8000-000000000000"), "data.events", "[]");
    ck_refused(ask("tenantsAfter", NULL, "{'max': 10}"), 403, "INSUFFICIENT_PERMISSIONS");
    ck_invalid(ask("entitiesAfter", NULL, "{'kind': 'teams'}"), "kind");
    caller.tenant = "";
    ck_refused(ask("entitiesAfter", NULL, "{'kind': 'goals'}"), 403, "INSUFFICIENT_PERMISSIONS");
    const struct rig_answer *all = ask("tenantsAfter", NULL, "{'max': 1000}");
    ck_answer(all, 200);
    ck_assert_str_eq(text_at(all, "data.tenants[0]"),
                     sql_value("SELECT min(tenant_id) FROM goals.goals"));
    const struct rig_answer *rest =
        ask("tenantsAfter", NULL,
            format("{'max': 1000, 'after': '%s'}",
                   sql_value("SELECT max(tenant_id) FROM goals.goals")));
    ck_at(rest, "data.tenants", "[]");
    (void)id;
}
END_TEST

SERVICE_SUITE_MAIN("goals_snapshots", entities_come_as_their_events,
                   strategies_say_their_goals_version, what_is_deleted_is_an_id,
                   pages_go_on_behind_the_last, only_of_the_tenant_that_is_asked_about)
