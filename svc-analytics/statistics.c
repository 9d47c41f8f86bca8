/* The figures of the dashboard. */
#include "analytics_handlers.h"
#include "command_figures.h"
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

/* GET /dashboard/command-center */
void command_center_load(struct op *op)
{
    struct command_query query;
    struct command_center center;

    if (!op_query(op, AS(command_query, &query)) || !command_figures_load(op, &query, &center))
        return;
    struct buffer out = buffer_in(op->arena, 1 << 14);
    model_pack(AS(command_center, &center), &out);
    if ((int64_t)out.size > op_answer_max()) /* goals have up to 200 strategies */
        op_too_large(op, "limit");
    if (op_valid(op))
        op_reply_packed(op, buffer_str(&out), -1);
}
