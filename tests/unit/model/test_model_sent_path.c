/* The caller's own spelling of a field that a rule complains about. */
#include "literal.h"
#include "model.h"
#include "suite.h"

struct step {
    struct uuid goal_id;
    int64_t new_order;
};
static const struct field step_fields[] = {
    FIELD(step, goal_id, "goalId", .doc = "a goal", .request_name = "goal_id"),
    FIELD(step, new_order, "newOrder", .doc = "a place"),
};
static const struct model step_model = MODEL("Step", step, step_fields);

struct spelled_thing {
    struct timestamp due_date;
    struct list next_steps;
    struct step first_step;
};
static const struct field spelled_thing_fields[] = {
    FIELD(spelled_thing, due_date, "dueDate", .aliases = "deadline", .doc = "a date"),
    FIELD(spelled_thing, next_steps, "nextSteps", .model = &step_model, .doc = "steps"),
    OBJECT(spelled_thing, first_step, "firstStep", &step_model, .doc = "a step"),
};
static const struct model spelled_thing_model = MODEL("Thing", spelled_thing, spelled_thing_fields);

static void ck_spelled(const char *json, const char *path, const char *expected)
{
    struct arena *arena = arena_new();
    struct value body = literal(arena, json);
    struct str spelled = model_sent_path(&spelled_thing_model, &body, str_of(path), arena);

    ck_assert_msg(str_equal(spelled, str_of(expected)), "%s in %s is " STR_FMT, path, json,
                  STR_ARG(spelled));
    arena_destroy(&arena);
}

START_TEST(as_sent)
{
    ck_spelled("{'due_date': 1}", "dueDate", "due_date");
    ck_spelled("{'DueDate': 1}", "dueDate", "DueDate");
    ck_spelled("{'deadline': 1}", "dueDate", "deadline");
    ck_spelled("{'next_steps': [{}, {'new_order': 1}]}", "nextSteps[1].newOrder",
               "next_steps[1].new_order");
    ck_spelled("{'next_steps': [{'goal_id': 1}]}", "nextSteps[0]", "next_steps[0]");
    ck_spelled("{'first_step': {'GoalId': 1}}", "firstStep.goalId", "first_step.GoalId");
}
END_TEST

START_TEST(as_documented_where_nothing_was_sent)
{
    ck_spelled("{}", "dueDate", "dueDate");
    ck_spelled("{'due_date': 1}", "nextSteps[3].newOrder", "nextSteps[3].newOrder");
    ck_spelled("{'next_steps': [{}]}", "nextSteps[7].newOrder", "next_steps[7].newOrder");
    ck_spelled("{'next_steps': 5}", "nextSteps[0].newOrder", "next_steps[0].newOrder");
    ck_spelled("{'due_date': 1}", "goalId", "goalId");
    ck_spelled("{'next_steps': [{}]}", "nextSteps[0].goalId", "next_steps[0].goal_id");
    ck_spelled("{}", "firstStep.goalId", "firstStep.goal_id");
    ck_spelled("{'due_date': 1}", "", "");
}
END_TEST

SUITE_MAIN("spelling", as_sent, as_documented_where_nothing_was_sent)
