/* Rows that several handlers read in the same way. */
#include "goal_load.h"

#include "queries.h"

bool goal_lock(struct op *op, struct uuid id, struct goal *goal)
{
    struct row_id key = {id};
    struct list strategies = {NULL, 0};
    bool found = false;

    model_clear(AS(goal, goal));
    sql_queue_row(op, GOAL_FOR_UPDATE, AS(row_id, &key), AS(goal, goal), &found);
    /* Read after the lock was taken, so they are current. */
    sql_queue_rows(op, STRATEGIES_OF_GOAL, AS(row_id, &key), &strategy_model, &strategies);
    if (!sql_wait(op))
        return false;
    if (!found)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    goal->strategies = strategies;
    /* A transaction that had to wait for the lock comes after the one that held it, in the feed as
     * well.
     */
    if (op->now.us <= goal->updated_at.us)
        op->now.us = goal->updated_at.us + 1;
    return true;
}

int64_t goals_bytes(const struct list *list)
{
    const struct goal *goals = list->items;
    int64_t bytes = 0;

    for (size_t i = 0; i < list->count; i++)
        bytes += goals[i].bytes;
    return bytes;
}

int64_t strategies_bytes(const struct list *list)
{
    const struct strategy *strategies = list->items;
    size_t bytes = 0;

    for (size_t i = 0; i < list->count; i++)
        bytes += strategies[i].description.size;
    return (int64_t)bytes;
}

bool strategies_complete(struct op *op, struct goal_refs *refs, struct list *rows)
{
    if (strategies_bytes(rows) <= refs->max_bytes)
        return true;
    refs->max_bytes = op_answer_max();
    return op_large_begin(op) &&
           sql_rows(op, STRATEGIES_OF_GOALS, AS(goal_refs, refs), &strategy_model, rows);
}

bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count, bool *fit)
{
    struct goal_refs refs = {.goal_ids = ids_of(op->arena, goals, count, sizeof *goals),
                             .max_bytes = ANSWER_SMALL};
    struct list rows;

    *fit = true;
    if (count == 0)
        return true;
    if (!sql_rows(op, STRATEGIES_OF_GOALS, AS(goal_refs, &refs), &strategy_model, &rows) ||
        !strategies_complete(op, &refs, &rows))
        return false;
    *fit = strategies_bytes(&rows) <= refs.max_bytes;
    /* Rows come grouped by goal: hand each group to its goal. */
    struct strategy *strategies = rows.items;
    for (size_t from = 0, to; from < rows.count; from = to) {
        for (to = from + 1; to < rows.count; to++)
            if (!uuid_equal(strategies[to].goal_id, strategies[from].goal_id))
                break;
        for (size_t i = 0; i < count; i++)
            if (uuid_equal(goals[i].id, strategies[from].goal_id))
                goals[i].strategies = (struct list){strategies + from, to - from};
    }
    return true;
}
