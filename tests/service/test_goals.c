/* Goals: what is stored, changed, deleted and refused. */
#include "goal_rig.h"

START_TEST(creates_with_defaults)
{
    const struct rig_answer *goal = ask(
        "createGoal", NULL,
        "{'title': 'Grow', 'owner_id': 'owner-9', 'horizon': 'quarter', 'value_tags': ['care']}");

    ck_answer(goal, 201);
    ck_at(goal, "data.status", "'draft'");
    ck_at(goal, "data.intent", "null");
    ck_at(goal, "data.ownerName", "null");
    ck_at(goal, "data.valueTags", "['care']");
    ck_at(goal, "data.metadata", "{}");
    ck_at(goal, "data.strategies", "[]");
    ck_at(goal, "data.kpis", "[]");
    ck_assert_str_eq(at(goal, "data.progress"), "0.0");
    ck_at(goal, "data.allowedTransitions", "['activate','cancel']");
    ck_at(goal, "data.completedAt", "null");
    ck_at(goal, "data.deletedAt", "null");
    ck_at(goal, "data.createdBy", "'user-1'");
    ck_at(goal, "version", "1");
    ck_assert_str_eq(text_at(goal, "data.startDate"), text_at(goal, "data.createdAt"));
    const char *id = text_at(goal, "data.id");
    ck_assert_str_eq(text_at(goal, "location"), format("/goals/%s", id));
    const struct rig_answer *read = ask("getGoalById", goal_path(id), NULL);
    ck_assert_str_eq(at(read, "data.updatedAt"), at(goal, "data.updatedAt"));
    ck_at(read, "data.ownerId", "'owner-9'");
    /* svc-kpis is not there, and nothing is made up. */
    ck_at(read, "degraded", "'svc-kpis'");
    ck_at(read, "data.kpis", "[]");
    ck_at(read, "data.progress", "null");
    ck_assert_str_eq(event_types(), "goal.created");
    ck_at(event_of_type("goal.created"), "data.id", format("'%s'", id));
}
END_TEST

START_TEST(sets_dates)
{
    const struct rig_answer *goal = ask("createGoal", NULL,
                                        "{'title': 'a', 'owner_id': 'o', 'horizon': 'month', "
                                        "'startDate': '2999-01-31', 'metadata': {'a': [1, 0.5]}}");

    /* Creation plus a month would be before the start. */
    ck_at(goal, "data.dueDate", "'2999-02-28T00:00:00.000Z'");
    ck_at(goal, "data.metadata", "{'a':[1,0.5]}");
    goal = ask("createGoal", NULL,
               "{'title': 'a', 'owner_id': 'o', 'horizon': 'month', 'dueDate': '2001-01-01'}");
    ck_answer(goal, 201);
    ck_at(goal, "data.startDate", "'2001-01-01T00:00:00.000Z'");
    ck_invalid(ask("createGoal", NULL,
                   "{'title': 'a', 'owner_id': 'o', 'horizon': 'month', 'startDate': "
                   "'2025-01-02', 'dueDate': '2025-01-01'}"),
               "dueDate");
    const char *path = goal_path(text_at(goal, "data.id"));
    ck_invalid(ask("updateGoal", path, "{'due_date': '2000-01-01'}"), "due_date");
    ck_invalid(ask("updateGoal", path, "{'startDate': '2003-01-01'}"), "startDate");
    ck_at(ask("updateGoal", path, "{'dueDate': null}"), "data.dueDate", "null");
    /* A new horizon is no new date. */
    goal = ask("updateGoal", path, "{'horizon': 'year'}");
    ck_at(goal, "data.startDate", "'2001-01-01T00:00:00.000Z'");
    ck_at(goal, "data.dueDate", "null");
}
END_TEST

/* A bare date is its whole day: a goal that begins at some hour may be due on the same day. */
START_TEST(compares_days)
{
    const struct rig_answer *goal =
        ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");
    const char *today = format("%.10s", text_at(goal, "data.startDate"));
    const char *path = goal_path(text_at(goal, "data.id"));

    goal = ask("updateGoal", path, format("{'dueDate': '%s'}", today));
    ck_answer(goal, 200);
    ck_at(goal, "data.dueDate", format("'%sT00:00:00.000Z'", today));
    ck_answer(ask("createGoal", NULL,
                  "{'title': 'a', 'owner_id': 'o', 'horizon': 'year', 'startDate': "
                  "'2030-01-02T09:00:00Z', 'dueDate': '2030-01-02'}"),
              201);
    ck_invalid(ask("createGoal", NULL,
                   "{'title': 'a', 'owner_id': 'o', 'horizon': 'year', 'startDate': "
                   "'2030-01-02T00:00:00Z', 'dueDate': '2030-01-01T23:59:59Z'}"),
               "dueDate");
}
END_TEST

START_TEST(derives_the_horizon)
{
    static const char *const expected[][3] = {
        {"'startDate': '2025-01-01', 'dueDate': '2025-01-01'", "'month'"},
        {"'startDate': '2025-01-01', 'dueDate': '2025-02-15'", "'month'"}, /* 45 days */
        {"'startDate': '2025-01-01', 'dueDate': '2025-02-16'", "'quarter'"},
        {"'startDate': '2025-01-01T20:00:00Z', 'dueDate': '2025-05-16T23:00:00Z'", "'quarter'"},
        {"'startDate': '2025-01-01', 'dueDate': '2025-05-17'", "'year'"}, /* 136 days */
        {"'startDate': '2025-01-01'", "'year'"},
        {"'horizon': null", "'year'"},
        {"'horizon': 'month', 'dueDate': '2999-01-01'", "'month'"},
        {"'dueDate': '2999-01-01'", "'year'"},
    };

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct rig_answer *goal =
            ask("createGoal", NULL, format("{'title': 'a', 'owner_id': 'o', %s}", expected[i][0]));
        ck_answer(goal, 201);
        ck_at(goal, "data.horizon", expected[i][1]);
    }
    const struct rig_answer *soon = ask(
        "createGoal", NULL,
        format("{'title': 'a', 'owner_id': 'o', 'dueDate': '%s'}",
               sql_value("SELECT to_char((now() AT TIME ZONE 'UTC')::date + 40, 'YYYY-MM-DD')")));
    ck_at(soon, "data.horizon", "'month'");
}
END_TEST

START_TEST(refuses_what_is_wrong)
{
    const struct rig_answer *refused =
        ask("createGoal", NULL, "{'title': '', 'horizon': 'week', 'status': 'completed'}");

    ck_invalid(refused, "title");
    ck_invalid(refused, "owner_id"); /* as the specification's request spells it */
    ck_invalid(refused, "horizon");
    ck_invalid(refused, "status");
    ck_invalid(ask("createGoal", NULL,
                   "{'title': 'a', 'owner_id': 'o', 'horizon': 'year', 'status': 'archived'}"),
               "status");
    const char *path = goal_path(goal_in("draft"));
    refused = ask("updateGoal", path,
                  "{'title': null, 'owner_id': null, 'horizon': null, 'status': null}");
    ck_invalid(refused, "title");
    ck_invalid(refused, "owner_id");
    ck_invalid(refused, "horizon");
    ck_invalid(refused, "status");
    ck_refused(ask("getGoalById", "{'id': 'x'}", NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("getGoalById", goal_path("018f0000-0000-7000-8000-000000000001"), NULL), 404,
               "GOAL_NOT_FOUND");
}
END_TEST

START_TEST(changes_what_is_named)
{
    const char *path = goal_path(goal_in("active"));
    const struct rig_answer *goal =
        ask("updateGoal", path, "{'intent': 'why', 'valueTags': ['a', 'b'], 'metadata': {'k': 1}}");

    ck_answer(goal, 200);
    ck_at(goal, "version", "2");
    ck_at(goal, "data.title", "'Grow'");
    ck_at(goal, "data.valueTags", "['a','b']");
    goal = ask("updateGoal", path, "{'intent': null, 'valueTags': null, 'metadata': null}");
    ck_at(goal, "data.intent", "null");
    ck_at(goal, "data.valueTags", "[]");
    ck_at(goal, "data.metadata", "{}");
    ck_at(ask("getGoalById", path, NULL), "data", at(goal, "data"));
    ck_assert_str_eq(event_types(), "goal.created goal.updated goal.updated");
    caller.user = "user-2";
    ck_at(ask("updateGoal", path, "{'status': 'active'}"), "data.updatedBy", "'user-2'");
}
END_TEST

START_TEST(heeds_versions)
{
    const char *path = goal_path(goal_in("draft"));

    caller.if_version = 2;
    ck_refused(ask("updateGoal", path, "{'title': 'b'}"), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    ck_answer(ask("updateGoal", path, "{'title': 'b'}"), 200);
    caller.if_version = 1;
    ck_refused(ask("deleteGoal", path, NULL), 412, "PRECONDITION_FAILED");
    caller.if_version = 2;
    ck_answer(ask("deleteGoal", path, NULL), 200);
}
END_TEST

START_TEST(deletes_with_all_that_belongs_to_it)
{
    const char *id = goal_in("draft"), *path = goal_path(id);
    const char *of_goal = format("{'goalId': '%s'}", id);

    ck_answer(ask("createStrategy", of_goal, "{'description': 'a'}"), 201);
    const struct rig_answer *deleted = ask("deleteGoal", path, NULL);
    ck_answer(deleted, 200);
    ck_at(deleted, "data.id", format("'%s'", id));
    ck_refused(ask("deleteGoal", path, NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("updateGoal", path, "{'title': 'b'}"), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("activateGoal", path, "{}"), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("getStrategies", of_goal, NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("createStrategy", of_goal, "{'description': 'a'}"), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("getGoalActivity", path, NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("addGoalNote", path, "{'note': 'a'}"), 404, "GOAL_NOT_FOUND");
    ck_at(ask("getGoals", NULL, NULL), "page.total", "0");
    /* Links to its strategies have to go, so the event names them. */
    const struct rig_answer *event = event_of_type("goal.deleted");
    ck_at(event, "data.strategies[0].description", "absent");
    ck_assert_int_eq((int)strlen(at(event, "data.strategies[0].id")), 38);
    ck_at(event, "data.deletedAt", at(deleted, "data.deletedAt"));
    caller.limits[LIMIT_STRATEGIES] = 1;
    ck_answer(ask("createStrategy", format("{'goalId': '%s'}", goal_in("draft")),
                  "{'description': 'deleted ones do not count'}"),
              201);
}
END_TEST

/* Strategies and KPIs have events of their own. */
START_TEST(events_tell_what_has_changed)
{
    const char *id = goal_in("draft"), *path = goal_path(id);

    ck_answer(ask("createStrategy", format("{'goalId': '%s'}", id), "{'description': 'a'}"), 201);
    ck_answer(ask("updateGoal", path, "{'title': 'After', 'valueTags': ['new'], 'horizon': null}"),
              422);
    ck_answer(ask("updateGoal", path, "{'title': 'After', 'valueTags': ['new']}"), 200);
    const struct rig_answer *event = event_of_type("goal.updated");
    ck_at(event, "data.title", "'After'");
    ck_at(event, "data.strategies", "absent");
    ck_at(event, "data.kpis", "absent");
    ck_at(event, "changes.title[1]", "'After'");
    ck_at(event, "changes.valueTags", "[[],['new']]");
    ck_at(event, "changes.status", "absent");
    ck_at(event, "changes.updatedAt", "absent");
    ck_answer(ask("activateGoal", path, "{}"), 200);
    event = event_of_type("goal.activated");
    ck_at(event, "data.strategies", "absent");
    ck_at(event, "changes", "{'status':['draft','active']}");
    ck_answer(ask("updateGoal", path, "{'title': 'After'}"), 200); /* nothing, but the version */
    ck_at(event_of_type("goal.updated"), "changes", "{}");
}
END_TEST

START_TEST(tenants_see_only_their_own)
{
    const char *id = goal_in("draft"), *path = goal_path(id);

    rig_new_tenant();
    ck_refused(ask("getGoalById", path, NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("deleteGoal", path, NULL), 404, "GOAL_NOT_FOUND");
    ck_refused(ask("addGoalNote", path, "{'note': 'a'}"), 404, "GOAL_NOT_FOUND");
    ck_at(ask_all("getGoals", NULL, "{'search': ['Grow']}", NULL), "page.total", "0");
    ck_at(ask("checkGoals", NULL, format("{'goalIds': ['%s']}", id)), "data.goalIds", "[]");
}
END_TEST

START_TEST(limit_holds_when_many_create_at_once)
{
    rig_new_tenant();
    caller.limits[LIMIT_GOALS] = 3;
    const struct rig_answer **answers =
        ask_at_once(12, "createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");
    ck_assert_uint_eq(count_http(answers, 12, 201), 3);
    ck_assert_uint_eq(count_http(answers, 12, 403), 9);
    const struct rig_answer *list = ask("getGoals", NULL, NULL);
    ck_at(list, "page.total", "3");
    ck_answer(ask("deleteGoal", goal_path(text_at(list, "data[0].id")), NULL), 200);
    ck_answer(ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}"), 201);
    ck_refused(ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}"), 403,
               "GOAL_LIMIT_REACHED");
}
END_TEST

START_TEST(same_command_is_done_once)
{
    rig_new_tenant();
    const char *body = "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}";
    caller.command = "key-1";
    const struct rig_answer *first = ask("createGoal", NULL, body);
    caller.command = "key-1";
    const struct rig_answer *second = ask("createGoal", NULL, body);
    ck_answer(second, 201);
    ck_assert_str_eq(first->text, second->text);
    ck_at(ask("getGoals", NULL, NULL), "page.total", "1");
    ck_assert_str_eq(event_types(), "goal.created");
}
END_TEST

SERVICE_SUITE_MAIN("goals", creates_with_defaults, sets_dates, compares_days, derives_the_horizon,
                   refuses_what_is_wrong, changes_what_is_named, heeds_versions,
                   deletes_with_all_that_belongs_to_it, events_tell_what_has_changed,
                   tenants_see_only_their_own, limit_holds_when_many_create_at_once,
                   same_command_is_done_once)
