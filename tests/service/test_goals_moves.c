/* The transitions of a goal's life: what each verb and each PUT answers, and what the feed tells.
 */
#include "goal_rig.h"

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

static const struct rig_answer *by_verb(const char *path, const char *to)
{
    if (!strcmp(to, "active"))
        return ask("activateGoal", path, NULL);
    if (!strcmp(to, "paused"))
        return ask("pauseGoal", path, "{}");
    return ask("closeGoal", path, format("{'finalStatus': '%s'}", to));
}

static void ck_moved(const struct rig_answer *answer, const char *to, const char *refusal)
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
    const struct rig_answer *goal = ask("getGoalById", path, NULL);

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

/* Neither by way of the archive nor by PUT is something that was completed given up. */
START_TEST(what_was_completed_is_not_cancelled)
{
    const char *path = goal_path(goal_in("completed"));

    ck_answer(ask("updateGoal", path, "{'status': 'archived'}"), 200);
    ck_at(ask("getGoalById", path, NULL), "data.allowedTransitions", "[]");
    const struct rig_answer *refused = ask("closeGoal", path, "{'finalStatus': 'cancelled'}");
    ck_refused(refused, 400, "INVALID_STATUS_TRANSITION");
    ck_at(refused, "message", "'Cannot cancel completed goal'");
    ck_refused(ask("updateGoal", path, "{'status': 'cancelled'}"), 400,
               "INVALID_STATUS_TRANSITION");
    ck_at(ask("getGoalById", path, NULL), "data.status", "'archived'");
    path = goal_path(goal_in("cancelled"));
    ck_answer(ask("updateGoal", path, "{'status': 'archived'}"), 200);
    ck_answer(ask("closeGoal", path, "{'finalStatus': 'cancelled'}"), 200);
}
END_TEST

START_TEST(cancelling_again_changes_nothing)
{
    const char *path = goal_path(goal_in("cancelled"));
    const struct rig_answer *before = ask("getGoalById", path, NULL);
    const struct rig_answer *after =
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
        const struct rig_answer *feed = ask("getGoalActivity", path, NULL);
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
        const struct rig_answer **answers =
            ask_at_once(4, "activateGoal", path, "{'reason': 'race'}");
        ck_assert_uint_eq(count_http(answers, 4, 200), 1);
        ck_assert_uint_eq(count_http(answers, 4, 400), 3);
        ck_at(ask("getGoalActivity", path, NULL), "page.total", "1");
        ck_at(ask("getGoalById", path, NULL), "version", "2");
    }
}
END_TEST

/* A request may have begun before the one that got the lock first. */
START_TEST(what_waited_comes_later_in_the_feed)
{
    const char *path = goal_path(goal_in("active"));

    ck_answer(ask("pauseGoal", path, "{'reason': 'first'}"), 200);
    sql_value("UPDATE goals.goals SET updated_at = '2999-12-31T23:59:59.999Z'");
    sql_value("UPDATE goals.activity SET created_at = '2999-12-31T23:59:59.999Z'");
    const struct rig_answer *moved =
        ask("closeGoal", path, "{'finalStatus': 'cancelled', 'reason': 'second'}");
    ck_at(moved, "data.status", "'cancelled'");
    ck_at(moved, "data.updatedAt", "'2999-12-31T23:59:59.999Z'");
    ck_at(ask("getGoalActivity", path, NULL), "data[0].title", "'Goal Cancelled'");
}
END_TEST

SERVICE_SUITE_MAIN("transitions", follows_the_table_of_transitions,
                   names_the_verbs_that_would_succeed, remembers_when_it_ended,
                   what_was_completed_is_not_cancelled, cancelling_again_changes_nothing,
                   close_needs_a_final_status, tells_reasons, no_reason_no_entry,
                   of_two_that_race_one_wins, what_waited_comes_later_in_the_feed)
