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

static void command_center_reply(struct op *op, struct command_query *query)
{
    struct command_center center;
    struct uuids stamps;

    if (!command_figures_load(op, query, COMMAND_TASKS | COMMAND_REST, &center, &stamps))
        return;
    struct buffer out = buffer_in(op->arena, 1 << 14);
    model_pack(AS(command_center, &center), &out);
    if ((int64_t)out.size > op_answer_max()) /* goals have up to 200 strategies */
        op_too_large(op, "limit");
    if (op_valid(op))
        op_reply_packed(op, buffer_str(&out), -1);
}

/* GET /dashboard/command-center */
void command_center_load(struct op *op)
{
    struct command_query query;

    if (!op_query(op, AS(command_query, &query)))
        return;
    command_query_complete(op, &query);
    if (op->request->takes_json)
        command_text_reply(op, &query);
    else /* a gateway of an older release */
        command_center_reply(op, &query);
}
