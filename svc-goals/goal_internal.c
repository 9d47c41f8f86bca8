/* Internal operations for other services. They must not call a service, because the caller may be
 * serving a call of ours. */
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goal_rules.h"
#include "goals.h"
#include "queries.h"

/* Which of these goals and strategies exist. */
void goals_check(struct op *op)
{
    struct goal_refs refs;
    struct list goals = {NULL, 0}, strategies = {NULL, 0};

    if (!op_body(op, AS(goal_refs, &refs)))
        return;
    if (refs.goal_ids.count > 0)
        sql_queue_rows(op, GOALS_EXISTING, AS(goal_refs, &refs), &row_id_model, &goals);
    if (refs.strategy_ids.count > 0)
        sql_queue_rows(op, STRATEGIES_EXISTING, AS(goal_refs, &refs), &row_id_model, &strategies);
    if (!sql_wait(op))
        return;
    refs.goal_ids = ids_of(op->arena, goals.items, goals.count, sizeof(struct row_id));
    refs.strategy_ids =
        ids_of(op->arena, strategies.items, strategies.count, sizeof(struct row_id));
    op_reply(op, AS(goal_refs, &refs), -1);
}

static bool read_finds(struct op *op, struct goal_refs *refs, struct goal_finds *finds)
{
    if (refs->goal_ids.count > 0)
        sql_queue_rows(op, GOALS_BY_IDS, AS(goal_refs, refs), &goal_model, &finds->goals);
    if (refs->strategy_ids.count > 0)
        sql_queue_rows(op, STRATEGIES_BY_IDS, AS(goal_refs, refs), &strategy_model,
                       &finds->strategies);
    return sql_wait(op);
}

/* The goals (with their strategies, without KPIs) and strategies themselves. */
void goals_find(struct op *op)
{
    struct goal_refs refs;
    struct goal_finds finds = {{NULL, 0}, {NULL, 0}};
    bool fit = true;

    if (!op_body(op, AS(goal_refs, &refs)))
        return;
    refs.max_bytes = ANSWER_SMALL;
    if (!read_finds(op, &refs, &finds))
        return;
    if (goals_bytes(&finds.goals) > ANSWER_SMALL ||
        strategies_bytes(&finds.strategies) > ANSWER_SMALL) {
        refs.max_bytes = op_answer_max();
        if (!op_large_begin(op) || !read_finds(op, &refs, &finds))
            return;
    }
    if (strategies_bytes(&finds.strategies) > refs.max_bytes)
        op_too_large(op, "strategyIds");
    if (goals_bytes(&finds.goals) > refs.max_bytes)
        op_too_large(op, "goalIds");
    if (!op_valid(op) || !goals_fill_strategies(op, finds.goals.items, finds.goals.count, &fit))
        return;
    if (!fit) {
        op_too_large(op, "goalIds");
        return;
    }
    goals_compute(finds.goals.items, finds.goals.count);
    op_reply(op, AS(goal_finds, &finds), -1);
}
