/* Goals: what is stored, listed and refused, and the transitions of their life. */
#include "service_rig.h"

static const char *goal_path(const char *id)
{
    return format("{'id': '%s'}", id);
}

/* A goal in that status, reached as a person would; answers its id. */
static const char *goal_in(const char *status)
{
    bool paused = !strcmp(status, "paused");
    bool started = paused || !strcmp(status, "active") || !strcmp(status, "completed");
    const struct answer *goal =
        ask("createGoal", NULL,
            format("{'title': 'Grow', 'owner_id': 'user-1', 'horizon': 'year', 'status': '%s'}",
                   paused    ? "paused"
                   : started ? "active"
                             : "draft"));

    ck_answer(goal, 201);
    const char *id = text_at(goal, "data.id");
    if (!strcmp(status, "completed") || !strcmp(status, "cancelled"))
        ck_answer(ask("closeGoal", goal_path(id), format("{'finalStatus': '%s'}", status)), 200);
    if (!strcmp(status, "archived"))
        ck_answer(ask("updateGoal", goal_path(id), "{'status': 'archived'}"), 200);
    ck_at(ask("getGoalById", goal_path(id), NULL), "data.status", format("'%s'", status));
    return id;
}

START_TEST(creates_with_defaults)
{
    const struct answer *goal = ask(
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
    const struct answer *read = ask("getGoalById", goal_path(id), NULL);
    ck_assert_str_eq(at(read, "data"), at(goal, "data"));
    ck_assert_str_eq(event_types(), "goal.created");
    ck_at(event_of_type("goal.created"), "data.id", format("'%s'", id));
}
END_TEST

START_TEST(sets_dates)
{
    const struct answer *goal = ask("createGoal", NULL,
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

START_TEST(refuses_what_is_wrong)
{
    const struct answer *refused =
        ask("createGoal", NULL, "{'title': '', 'horizon': 'week', 'status': 'completed'}");

    ck_invalid(refused, "title");
    ck_invalid(refused, "ownerId");
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
    const struct answer *goal =
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
    const struct answer *deleted = ask("deleteGoal", path, NULL);
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
    const struct answer *event = event_of_type("goal.deleted");
    ck_at(event, "data.strategies[0].description", "'a'");
    ck_at(event, "data.deletedAt", at(deleted, "data.deletedAt"));
    caller.limits[LIMIT_STRATEGIES] = 1;
    ck_answer(ask("createStrategy", format("{'goalId': '%s'}", goal_in("draft")),
                  "{'description': 'deleted ones do not count'}"),
              201);
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
    const struct answer **answers =
        ask_at_once(12, "createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");
    ck_assert_uint_eq(count_http(answers, 12, 201), 3);
    ck_assert_uint_eq(count_http(answers, 12, 403), 9);
    const struct answer *list = ask("getGoals", NULL, NULL);
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
    const struct answer *first = ask("createGoal", NULL, body);
    caller.command = "key-1";
    const struct answer *second = ask("createGoal", NULL, body);
    ck_answer(second, 201);
    ck_assert_str_eq(first->text, second->text);
    ck_at(ask("getGoals", NULL, NULL), "page.total", "1");
    ck_assert_str_eq(event_types(), "goal.created");
}
END_TEST

/* --- Transitions --- */

/* What each verb and each PUT of a status answers from each status: NULL for success. */
static const struct transition {
    const char *from, *to;
    const char *by_verb, *by_put;
} transitions[] = {
    {"draft", "active", NULL, NULL},
    {"draft", "paused", "Cannot put goal on hold from Draft status", "="},
    {"draft", "completed", "Cannot complete goal in Draft status", "="},
    {"draft", "cancelled", NULL, NULL},
    {"draft", "archived", "-", NULL},
    {"active", "active", "Cannot activate goal in Active status", NULL},
    {"active", "paused", NULL, NULL},
    {"active", "completed", NULL, NULL},
    {"active", "cancelled", NULL, NULL},
    {"active", "draft", "-", "Cannot change goal from Active to Draft status"},
    {"active", "archived", "-", "Cannot change goal from Active to Archived status"},
    {"paused", "active", NULL, NULL},
    {"paused", "paused", "Cannot put goal on hold from Paused status", NULL},
    {"paused", "completed", "Cannot complete goal in Paused status", "="},
    {"paused", "cancelled", NULL, NULL},
    {"paused", "archived", "-", NULL},
    {"completed", "active", "Cannot activate goal in Completed status", "="},
    {"completed", "paused", "Cannot put goal on hold from Completed status", "="},
    {"completed", "completed", "Cannot complete goal in Completed status", NULL},
    {"completed", "cancelled", "Cannot cancel completed goal", "="},
    {"completed", "draft", "-", "Cannot change goal from Completed to Draft status"},
    {"completed", "archived", "-", NULL},
    {"cancelled", "active", "Cannot activate goal in Cancelled status", "="},
    {"cancelled", "paused", "Cannot put goal on hold from Cancelled status", "="},
    {"cancelled", "completed", "Cannot complete goal in Cancelled status", "="},
    {"cancelled", "cancelled", NULL, NULL},
    {"cancelled", "archived", "-", NULL},
    {"archived", "active", "Cannot activate goal in Archived status", "="},
    {"archived", "paused", "Cannot put goal on hold from Archived status", "="},
    {"archived", "completed", "Cannot complete goal in Archived status", "="},
    {"archived", "cancelled", NULL, NULL},
};

static const struct answer *by_verb(const char *path, const char *to)
{
    if (!strcmp(to, "active"))
        return ask("activateGoal", path, NULL);
    if (!strcmp(to, "paused"))
        return ask("pauseGoal", path, "{}");
    return ask("closeGoal", path, format("{'finalStatus': '%s'}", to));
}

static void ck_moved(const struct answer *answer, const char *to, const char *refusal)
{
    if (!refusal) {
        ck_answer(answer, 200);
        ck_at(answer, "data.status", format("'%s'", to));
        return;
    }
    ck_refused(answer, 400, "INVALID_STATUS_TRANSITION");
    ck_at(answer, "message", format("'%s'", refusal));
}

START_TEST(follows_the_table_of_transitions)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        const struct transition *t = &transitions[i];
        const char *by_put = t->by_put && !strcmp(t->by_put, "=") ? t->by_verb : t->by_put;
        if (!t->by_verb || strcmp(t->by_verb, "-") != 0)
            ck_moved(by_verb(goal_path(goal_in(t->from)), t->to), t->to, t->by_verb);
        ck_moved(ask("updateGoal", goal_path(goal_in(t->from)), format("{'status': '%s'}", t->to)),
                 t->to, by_put);
    }
}
END_TEST

START_TEST(names_the_verbs_that_would_succeed)
{
    static const char *const expected[][2] = {
        {"draft", "['activate','cancel']"},  {"active", "['pause','complete','cancel']"},
        {"paused", "['activate','cancel']"}, {"completed", "[]"},
        {"cancelled", "['cancel']"},         {"archived", "['cancel']"},
    };
    for (size_t i = 0; i < 6; i++)
        ck_at(ask("getGoalById", goal_path(goal_in(expected[i][0])), NULL),
              "data.allowedTransitions", expected[i][1]);
}
END_TEST

START_TEST(remembers_when_it_ended)
{
    const char *path = goal_path(goal_in("completed"));
    const struct answer *goal = ask("getGoalById", path, NULL);

    ck_assert_str_eq(text_at(goal, "data.completedAt"), text_at(goal, "data.updatedAt"));
    ck_at(goal, "data.progress", "100.0");
    goal = ask("updateGoal", path, "{'status': 'archived'}");
    ck_at(goal, "data.progress", "100.0");
    ck_assert_ptr_nonnull(text_at(goal, "data.completedAt"));
    goal = ask("getGoalById", goal_path(goal_in("cancelled")), NULL);
    ck_assert_ptr_nonnull(text_at(goal, "data.cancelledAt"));
    ck_at(goal, "data.completedAt", "null");
}
END_TEST

START_TEST(cancelling_again_changes_nothing)
{
    const char *path = goal_path(goal_in("cancelled"));
    const struct answer *before = ask("getGoalById", path, NULL);
    const struct answer *after =
        ask("closeGoal", path, "{'finalStatus': 'cancelled', 'reason': 'once more'}");

    ck_answer(after, 200);
    ck_assert_str_eq(at(before, "data"), at(after, "data"));
    ck_assert_str_eq(at(before, "version"), at(after, "version"));
    ck_at(ask("getGoalActivity", path, NULL), "page.total", "0");
    ck_assert_str_eq(event_types(), "goal.created goal.cancelled");
}
END_TEST

START_TEST(close_needs_a_final_status)
{
    static const char *const bodies[] = {
        NULL,
        "{}",
        "{'finalStatus': null}",
        "{'finalStatus': 5}",
        "{'finalStatus': ''}",
        "{'finalStatus': 'active'}",
        "{'finalStatus': 'COMPLETED'}",
        "{'finalStatus': {'a': []}}",
    };
    const char *path = goal_path(goal_in("active"));

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        ck_refused(ask("closeGoal", path, bodies[i]), 400, "INVALID_FINAL_STATUS");
    ck_answer(ask("closeGoal", path, "{'final_status': 'completed'}"), 200);
}
END_TEST

START_TEST(tells_reasons)
{
    static const char *const steps[][4] = {
        {"activateGoal", "{'reason': 'Ready'}", "Goal Started", "Goal started: Ready"},
        {"pauseGoal", "{'reason': 'No money'}", "Goal Paused", "Goal paused: No money"},
        {"activateGoal", "{'reason': 'Money'}", "Goal Resumed", "Goal resumed: Money"},
        {"closeGoal", "{'finalStatus': 'completed', 'reason': 'Done'}", "Goal Completed",
         "Goal completed: Done"},
    };
    const char *id = goal_in("draft"), *path = goal_path(id);

    for (size_t i = 0; i < 4; i++) {
        ck_answer(ask(steps[i][0], path, steps[i][1]), 200);
        const struct answer *feed = ask("getGoalActivity", path, NULL);
        ck_at(feed, "page.total", format("%zu", i + 1));
        ck_at(feed, "data[0].type", "'system'");
        ck_at(feed, "data[0].title", format("'%s'", steps[i][2]));
        ck_at(feed, "data[0].text", format("'%s'", steps[i][3]));
        ck_at(feed, "data[0].userId", "'user-1'");
    }
    ck_assert_str_eq(event_types(), "goal.created activity.created goal.activated activity.created "
                                    "goal.paused activity.created goal.activated activity.created "
                                    "goal.completed");
    ck_at(event_of_type("activity.created"), "data.goalId", format("'%s'", id));
    path = goal_path(goal_in("active"));
    ck_answer(ask("closeGoal", path, "{'finalStatus': 'cancelled', 'reason': 'Why'}"), 200);
    ck_at(ask("getGoalActivity", path, NULL), "data[0].text", "'Goal cancelled: Why'");
}
END_TEST

START_TEST(no_reason_no_entry)
{
    static const char *const bodies[] = {NULL, "{}", "{'reason': null}", "{'reason': ' \\t '}"};

    for (size_t i = 0; i < 4; i++) {
        const char *path = goal_path(goal_in("draft"));
        ck_answer(ask("activateGoal", path, bodies[i]), 200);
        ck_at(ask("getGoalActivity", path, NULL), "page.total", "0");
    }
    ck_invalid(ask("activateGoal", goal_path(goal_in("draft")), "{'reason': 5}"), "reason");
}
END_TEST

START_TEST(of_two_that_race_one_wins)
{
    for (int i = 0; i < 5; i++) {
        const char *path = goal_path(goal_in("draft"));
        const struct answer **answers = ask_at_once(4, "activateGoal", path, "{'reason': 'race'}");
        ck_assert_uint_eq(count_http(answers, 4, 200), 1);
        ck_assert_uint_eq(count_http(answers, 4, 400), 3);
        ck_at(ask("getGoalActivity", path, NULL), "page.total", "1");
        ck_at(ask("getGoalById", path, NULL), "version", "2");
    }
}
END_TEST

SERVICE_SUITE_MAIN("goals", creates_with_defaults, sets_dates, refuses_what_is_wrong,
                   changes_what_is_named, heeds_versions, deletes_with_all_that_belongs_to_it,
                   tenants_see_only_their_own, limit_holds_when_many_create_at_once,
                   same_command_is_done_once, follows_the_table_of_transitions,
                   names_the_verbs_that_would_succeed, remembers_when_it_ended,
                   cancelling_again_changes_nothing, close_needs_a_final_status, tells_reasons,
                   no_reason_no_entry, of_two_that_race_one_wins)
