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

static int64_t goal_row_bytes(const void *row)
{
    const struct goal *goal = row;

    return goal->bytes;
}

/* STRATEGY_TEXT_BYTES */
static int64_t strategy_bytes(const void *row)
{
    const struct strategy *strategy = row;
    size_t bytes =
        strategy->description.size + strategy->title.size + strategy->validation_feedback.size;

    for (size_t i = 0; i < strategy->tags.count; i++)
        bytes += strategy->tags.items[i].size;
    return (int64_t)bytes;
}

struct bounded_rows strategies_of_goals(struct goal_refs *refs)
{
    return (struct bounded_rows){.brief = STRATEGIES_OF_GOALS_BRIEF,
                                 .total = STRATEGIES_OF_GOALS_BYTES,
                                 .counted = STRATEGIES_OF_GOALS,
                                 .input = AS(goal_refs, refs),
                                 .limits = &refs->limits,
                                 .model = &strategy_model,
                                 .bytes = strategy_bytes};
}

struct bounded_rows strategies_by_ids(struct goal_refs *refs)
{
    return (struct bounded_rows){.counted = STRATEGIES_BY_IDS,
                                 .input = AS(goal_refs, refs),
                                 .limits = &refs->limits,
                                 .model = &strategy_model,
                                 .bytes = strategy_bytes};
}

struct bounded_rows goals_by_ids(struct goal_refs *refs)
{
    return (struct bounded_rows){.counted = GOALS_BY_IDS,
                                 .input = AS(goal_refs, refs),
                                 .limits = &refs->limits,
                                 .model = &goal_model,
                                 .bytes = goal_row_bytes};
}

bool goals_fill_strategies(struct op *op, struct goal *goals, size_t count, int64_t max, bool *fit)
{
    struct goal_refs refs = {.goal_ids = ids_of(op->arena, goals, count, sizeof *goals)};
    struct bounded_rows read = strategies_of_goals(&refs);

    *fit = true;
    if (count == 0)
        return true;
    read.max = max;
    bounded_rows_queue(op, &read);
    if (!sql_wait(op) || !bounded_rows_complete(op, &read, fit))
        return false;
    /* Rows come grouped by goal: hand each group to its goal. */
    struct strategy *strategies = read.rows.items;
    for (size_t from = 0, to; from < read.rows.count; from = to) {
        for (to = from + 1; to < read.rows.count; to++)
            if (!uuid_equal(strategies[to].goal_id, strategies[from].goal_id))
                break;
        for (size_t i = 0; i < count; i++)
            if (uuid_equal(goals[i].id, strategies[from].goal_id))
                goals[i].strategies = (struct list){strategies + from, to - from};
    }
    return true;
}
