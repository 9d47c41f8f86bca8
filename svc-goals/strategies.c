/* A goal's strategies. They are part of the goal, so every change of one is a change of the goal,
 * and the goal's row lock serialises them. */
#include "event_types.h"
#include "goal_handlers.h"
#include "goal_load.h"
#include "goal_size.h"
#include "goals.h"
#include "lookup.h"
#include "queries.h"
#include "strategy_order.h"

/* GET /goals/{goalId}/strategies */
void strategies_get(struct op *op)
{
    struct row_id key, goal;
    struct goal_refs refs = {.goal_ids = {&key.id, 1}};
    struct bounded_rows strategies = strategies_of_goals(&refs);
    bool found = false, fit;

    if (!path_goal(op, &key.id))
        return;
    sql_queue_row(op, GOAL_EXISTS, AS(row_id, &key), AS(row_id, &goal), &found);
    bounded_rows_queue(op, &strategies);
    if (!sql_wait(op))
        return;
    if (!found)
        op_fail(op, STATUS_GOAL_NOT_FOUND);
    else if (bounded_rows_complete(op, &strategies, &fit))
        op_reply_list(op, &strategy_model, strategies.rows, NULL, 0);
}

/* GET /goals/{goalId}/strategies/{strategyId} */
void strategy_by_id_get(struct op *op)
{
    struct strategy key, strategy;
    struct row_id goal_key, goal;
    bool goal_found = false, found = false;

    model_clear(AS(strategy, &key));
    if (!path_goal(op, &key.goal_id) || !op_path_uuid(op, "strategyId", &key.id))
        return;
    goal_key.id = key.goal_id;
    sql_queue_row(op, GOAL_EXISTS, AS(row_id, &goal_key), AS(row_id, &goal), &goal_found);
    sql_queue_row(op, STRATEGY_BY_ID, AS(strategy, &key), AS(strategy, &strategy), &found);
    if (!sql_wait(op))
        return;
    if (!goal_found)
        op_fail(op, STATUS_GOAL_NOT_FOUND);
    else if (!found)
        op_fail(op, STATUS_STRATEGY_NOT_FOUND);
    else
        op_reply(op, AS(strategy, &strategy), strategy.version);
}

/* A change of strategies increments the goal's version, which the event tells. */
static void touch_goal(struct op *op, const struct strategies_total *total,
                       struct strategy *strategy)
{
    sql_exec(op, GOAL_TOUCH, AS(row_id, &(struct row_id){strategy->goal_id}));
    strategy->goal_version = total->goal_version + 1;
}

static struct bound strategy_told(struct strategy *strategy)
{
    return (struct bound){&strategy_event_model, strategy};
}

/* Locks the goal and counts its strategies, after the lock was got. */
static bool lock_and_count(struct op *op, struct uuid goal, struct strategies_total *total)
{
    struct row_id key = {goal}, row;
    bool found = false, counted = false;

    sql_queue_row(op, GOAL_ID_FOR_UPDATE, AS(row_id, &key), AS(row_id, &row), &found);
    sql_queue_row(op, STRATEGIES_OF_GOAL_TOTAL, AS(row_id, &key), AS(strategies_total, total),
                  &counted);
    if (!sql_wait(op))
        return false;
    return found || op_fail(op, STATUS_GOAL_NOT_FOUND);
}

static struct str location_in(struct op *op, const struct strategy *strategy)
{
    struct str goal = location_of(op, "/goals/", strategy->goal_id);
    struct str below = location_of(op, "/strategies/", strategy->id);

    return arena_printf(op->arena, STR_FMT STR_FMT, STR_ARG(goal), STR_ARG(below));
}

/* POST /goals/{goalId}/strategies: at the end, or where `order` says. */
void strategy_create(struct op *op)
{
    struct uuid goal;
    struct strategy strategy;
    struct strategies_total total = {.count = 0};
    struct person_name owner;

    if (!path_goal(op, &goal) || !op_body(op, AS(strategy, &strategy)))
        return;
    queue_person(op, strategy.owner_id, &owner);
    if (!lock_and_count(op, goal, &total))
        return;
    record_create(&strategy.record, op->now, op->request->user);
    strategy.owner_name = owner.name;
    strategy.name = strategy_name(&strategy);
    if (total.count >= GOAL_STRATEGIES_MAX)
        op_invalid(op, "goalId", "has %d strategies already, the most a goal may have",
                   GOAL_STRATEGIES_MAX);
    strategy_fits(op, &total, NULL, &strategy);
    if (!op_valid(op) || !op_limit(op, LIMIT_STRATEGIES, STRATEGIES_COUNT, NOTHING))
        return;
    strategy.id = uuid_v7();
    strategy.goal_id = goal;
    if (!strategy.status)
        strategy.status = STRATEGY_DRAFT;
    if (strategy.order_index == INT_NONE || strategy.order_index > total.count)
        strategy.order_index = total.count + 1;
    order_insert(op, &strategy, total.count);
    sql_exec(op, STRATEGY_INSERT, AS(strategy, &strategy));
    touch_goal(op, &total, &strategy);
    op_event(op, EVENT_STRATEGY_CREATED, strategy.id, strategy.version, strategy_told(&strategy));
    op_created(op, location_in(op, &strategy));
    op_reply(op, AS(strategy, &strategy), strategy.version);
}

/* Locks the goal and reads the strategy of the path, after the lock was got; counts the goal's. */
static bool lock_strategy(struct op *op, struct strategy *strategy, struct strategies_total *total)
{
    struct strategy key;
    struct row_id goal_key, goal;
    bool goal_found = false, found = false, counted = false;

    model_clear(AS(strategy, &key));
    if (!path_goal(op, &key.goal_id) || !op_path_uuid(op, "strategyId", &key.id))
        return false;
    goal_key.id = key.goal_id;
    model_clear(AS(strategy, strategy));
    sql_queue_row(op, GOAL_ID_FOR_UPDATE, AS(row_id, &goal_key), AS(row_id, &goal), &goal_found);
    sql_queue_row(op, STRATEGY_BY_ID, AS(strategy, &key), AS(strategy, strategy), &found);
    sql_queue_row(op, STRATEGIES_OF_GOAL_TOTAL, AS(row_id, &goal_key), AS(strategies_total, total),
                  &counted);
    if (!sql_wait(op))
        return false;
    return (goal_found || op_fail(op, STATUS_GOAL_NOT_FOUND)) &&
           (found || op_fail(op, STATUS_STRATEGY_NOT_FOUND)) &&
           op_version_ok(op, strategy->version);
}

/* What answers show beside what is stored, after a change of `before`. */
static bool show_changed(struct op *op, const struct strategy *before, struct strategy *strategy)
{
    struct person_name owner;

    strategy->name = strategy_name(strategy);
    if (str_equal(before->owner_id, strategy->owner_id))
        return true;
    queue_person(op, strategy->owner_id, &owner);
    if (!sql_wait(op))
        return false;
    strategy->owner_name = owner.name;
    return true;
}

/* PUT /goals/{goalId}/strategies/{strategyId} */
void strategy_update(struct op *op)
{
    struct strategy before, strategy;
    struct strategies_total total = {.count = 0};

    if (!lock_strategy(op, &before, &total))
        return;
    strategy = before;
    if (!op_patch(op, AS(strategy, &strategy)))
        return;
    record_change(&strategy.record, op->now, op->request->user);
    strategy_fits(op, &total, &before, &strategy);
    if (!op_valid(op))
        return;
    if (strategy.order_index > total.count)
        strategy.order_index = total.count;
    order_move(op, before.order_index, &strategy);
    sql_exec(op, STRATEGY_UPDATE, AS(strategy, &strategy));
    touch_goal(op, &total, &strategy);
    if (!show_changed(op, &before, &strategy))
        return;
    before.goal_version = strategy.goal_version; /* no change of the strategy's own */
    op_event_changed(op, EVENT_STRATEGY_UPDATED, strategy.id, strategy.version,
                     strategy_told(&before), strategy_told(&strategy));
    op_reply(op, AS(strategy, &strategy), strategy.version);
}

/* DELETE /goals/{goalId}/strategies/{strategyId}: those behind it move up. */
void strategy_delete(struct op *op)
{
    struct strategy strategy;
    struct strategies_total total = {.count = 0};

    if (!lock_strategy(op, &strategy, &total))
        return;
    record_change(&strategy.record, op->now, op->request->user);
    sql_exec(op, STRATEGY_DELETE, AS(strategy, &strategy));
    order_remove(op, &strategy, total.count);
    touch_goal(op, &total, &strategy);
    op_event(op, EVENT_STRATEGY_DELETED, strategy.id, strategy.version, strategy_told(&strategy));
    op_reply_deleted(op, strategy.id);
}
