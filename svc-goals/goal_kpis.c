/* What is computed in goals, and what svc-kpis knows of them. */
#include "goal_kpis.h"

#include <math.h>

#include "goal_rules.h"

/* A completed goal stays complete in the archive. */
static bool is_done(const struct goal *goal)
{
    return goal->status == GOAL_COMPLETED ||
           (goal->status == GOAL_ARCHIVED && !timestamp_is_none(goal->completed_at));
}

void goals_compute(struct goal *goals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        goals[i].allowed_transitions = goal_transitions(goals[i].status);
        goals[i].kpis = (struct list){NULL, 0};
        goals[i].progress = is_done(&goals[i]) ? 100.0 : (double)NAN;
    }
}

void goals_complete(struct op *op, struct goal *goals, size_t count)
{
    (void)op;
    goals_compute(goals, count);
    for (size_t i = 0; i < count; i++)
        if (isnan(goals[i].progress))
            goals[i].progress = 0;
}
