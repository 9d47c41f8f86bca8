/* Internal operations for other services. They must not call a service, because the caller may be
 * serving a call of ours. */
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goal_names.h"
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

/* What these goals and strategies are called. */
void goals_name(struct op *op)
{
    struct goal_refs refs;
    struct goal_names names = {{NULL, 0}, {NULL, 0}};

    if (!op_body(op, AS(goal_refs, &refs)))
        return;
    if (refs.goal_ids.count > 0)
        sql_queue_rows(op, GOALS_NAMED, AS(goal_refs, &refs), &goal_name_model, &names.goals);
    if (refs.strategy_ids.count > 0)
        sql_queue_rows(op, STRATEGIES_NAMED, AS(goal_refs, &refs), &strategy_name_model,
                       &names.strategies);
    if (sql_wait(op))
        op_reply(op, AS(goal_names, &names), -1);
}

static void queue_finds(struct op *op, struct bounded_rows *read, struct uuids ids)
{
    if (ids.count > 0)
        bounded_rows_queue(op, read);
}

static bool complete_finds(struct op *op, struct bounded_rows *read, struct uuids ids,
                           const char *field)
{
    bool fit = true;

    if (ids.count > 0 && !bounded_rows_complete(op, read, &fit))
        return false;
    return fit || op_too_large(op, field);
}

/* The goals (with their strategies, without KPIs) and strategies themselves. */
void goals_find(struct op *op)
{
    struct goal_find find;
    struct goal_refs goal_ids = {.strategy_ids = {NULL, 0}}, strategy_ids = goal_ids;
    struct bounded_rows goals = goals_by_ids(&goal_ids);
    struct bounded_rows strategies = strategies_by_ids(&strategy_ids);
    struct goal_finds finds;
    bool fit;

    if (!op_body(op, AS(goal_find, &find)))
        return;
    goal_ids.goal_ids = find.goal_ids;
    strategy_ids.strategy_ids = find.strategy_ids;
    queue_finds(op, &goals, find.goal_ids);
    queue_finds(op, &strategies, find.strategy_ids);
    if (!sql_wait(op) || !complete_finds(op, &goals, find.goal_ids, "goalIds") ||
        !complete_finds(op, &strategies, find.strategy_ids, "strategyIds") || !op_valid(op) ||
        !goals_fill_strategies(op, goals.rows.items, goals.rows.count, find.useful_bytes, &fit))
        return;
    if (!fit) {
        op_too_large(op, "goalIds");
        return;
    }
    finds = (struct goal_finds){goals.rows, strategies.rows};
    goals_compute(finds.goals.items, finds.goals.count);
    op_reply(op, AS(goal_finds, &finds), -1);
}
