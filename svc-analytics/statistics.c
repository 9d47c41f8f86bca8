/* The figures of the dashboard. */
#include "analytics_handlers.h"
#include "figures.h"

/* GET /goals/stats */
void goal_stats_load(struct op *op)
{
    struct figures figures;

    if (op_query(op, NOTHING) && figures_load(op, &figures))
        op_reply(op, AS(goal_stats, &figures.stats), -1);
}

/* GET /performance/score */
void performance_score_load(struct op *op)
{
    struct figures figures;

    if (op_query(op, NOTHING) && figures_load(op, &figures))
        op_reply(op, AS(performance_score, &figures.score), -1);
}

/* GET /team/alignment */
void team_alignment_load(struct op *op)
{
    struct figures figures;

    if (op_query(op, NOTHING) && figures_load(op, &figures))
        op_reply(op, AS(team_alignment, &figures.alignment), -1);
}
