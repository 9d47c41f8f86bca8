/* The figures of the dashboard. */
#include "analytics_handlers.h"
#include "figures.h"

/* GET /goals/stats: those of all goals are kept, those of some are computed each time. */
void goal_stats_load(struct op *op)
{
    struct goal_stats_query query;
    struct figures figures;

    if (!op_query(op, AS(goal_stats_query, &query)))
        return;
    if (query.owner_id.data || query.horizon.count > 0
            ? figures_stats_of(op, &query, &figures.stats)
            : figures_load(op, &figures))
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
