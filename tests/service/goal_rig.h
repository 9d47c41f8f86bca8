/* What the tests of goals share. */
#ifndef TRACTION_GOAL_RIG_H
#define TRACTION_GOAL_RIG_H

#include "service_rig.h"

static inline const char *goal_path(const char *id)
{
    return format("{'id': '%s'}", id);
}

/* A goal in that status, reached as a person would; answers its id. */
static inline const char *goal_in(const char *status)
{
    bool paused = !strcmp(status, "paused");
    bool started = paused || !strcmp(status, "active") || !strcmp(status, "completed");
    const struct rig_answer *goal =
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

#endif
