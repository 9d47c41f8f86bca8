/* The order of a goal's strategies: shifting, and :reorder. */
#include "strategy_order.h"
#include "event_types.h"

#include "goal_handlers.h"
#include "goal_load.h"
#include "goals.h"
#include "queries.h"

/* STRATEGIES_SHIFT */
struct shift {
    struct uuid goal_id;
    struct uuid except; /* stays where it is */
    int64_t first, last, step;
};
static const struct field shift_fields[] = {
    COLUMN(shift, goal_id), COLUMN(shift, except), COLUMN(shift, first),
    COLUMN(shift, last),    COLUMN(shift, step),
};
static const struct model shift_model = MODEL("Shift", shift, shift_fields);

static void shift_positions(struct op *op, const struct strategy *strategy, int64_t first,
                            int64_t last, int64_t step)
{
    struct shift shift = {strategy->goal_id, strategy->id, first, last, step};

    if (first <= last)
        sql_exec(op, STRATEGIES_SHIFT, AS(shift, &shift));
}

void order_insert(struct op *op, const struct strategy *strategy, int64_t count)
{
    shift_positions(op, strategy, strategy->order_index, count, 1);
}

void order_remove(struct op *op, const struct strategy *strategy, int64_t count)
{
    shift_positions(op, strategy, strategy->order_index + 1, count, -1);
}

void order_move(struct op *op, int64_t from, const struct strategy *strategy)
{
    int64_t to = strategy->order_index;

    if (to < from)
        shift_positions(op, strategy, to, from - 1, 1);
    else
        shift_positions(op, strategy, from + 1, to, -1);
}

/* --- PUT /goals/{goalId}/strategies:reorder --- */

/* The proposed order: for each strategy of the goal its new position, 0 while unnamed. */
struct proposed_order {
    const struct strategy *strategies;
    size_t count;
    int64_t *positions;
};

static size_t strategy_index(const struct proposed_order *proposed, struct uuid id)
{
    size_t i = 0;
    while (i < proposed->count && !uuid_equal(proposed->strategies[i].id, id))
        i++;
    return i;
}

/* Sets the position of `id`, which `field` names, to `position`. */
static void name_position(struct op *op, struct proposed_order *proposed, const char *field,
                          struct uuid id, int64_t position)
{
    size_t i = strategy_index(proposed, id);

    if (uuid_is_none(id))
        return; /* has its fault already */
    if (i == proposed->count)
        op_invalid(op, field, "is not a strategy of this goal");
    else if (proposed->positions[i] != 0)
        op_invalid(op, field, "is named twice");
    else
        proposed->positions[i] = position;
}

static void proposed_by_ids(struct op *op, const struct uuids *ids, struct proposed_order *proposed)
{
    for (size_t i = 0; i < ids->count; i++) {
        struct str field = arena_printf(op->arena, "strategyIds[%zu]", i);
        name_position(op, proposed, field.data, ids->items[i], (int64_t)i + 1);
    }
}

static void proposed_by_positions(struct op *op, const struct list *list,
                                  struct proposed_order *proposed)
{
    const struct strategy_position *items = list->items;
    bool *taken = arena_array(op->arena, proposed->count + 1, sizeof *taken);

    for (size_t i = 0; i < list->count; i++) {
        int64_t position = items[i].new_order;
        struct str id = arena_printf(op->arena, "strategyOrders[%zu].strategyId", i);
        struct str order = arena_printf(op->arena, "strategyOrders[%zu].newOrder", i);

        name_position(op, proposed, id.data, items[i].strategy_id, position);
        if (position == INT_NONE)
            continue; /* has its fault already */
        if (position > (int64_t)proposed->count)
            op_invalid(op, order.data, "must be from 1 to %zu, the number of strategies",
                       proposed->count);
        else if (taken[position])
            op_invalid(op, order.data, "is given twice");
        else
            taken[position] = true;
    }
}

/* Every strategy must have been named; the fault names those that were not. */
static void check_missing(struct op *op, const char *field, const struct proposed_order *proposed)
{
    struct buffer missing = buffer_in(op->arena, 256);

    for (size_t i = 0; i < proposed->count; i++) {
        char id[UUID_TEXT_SIZE];
        if (proposed->positions[i] != 0)
            continue;
        uuid_format(proposed->strategies[i].id, id);
        buffer_append(&missing, ", ", missing.size > 0 ? 2 : 0);
        buffer_append(&missing, id, sizeof id);
    }
    if (missing.size > 0)
        op_invalid(op, field, "must name every strategy of the goal; missing: " STR_FMT,
                   STR_ARG(buffer_str(&missing)));
}

/* Reorders the strategies in memory, as the statement does in the table. */
static struct list rearranged(struct op *op, const struct proposed_order *proposed)
{
    struct strategy *sorted = arena_array(op->arena, proposed->count, sizeof *sorted);

    for (size_t i = 0; i < proposed->count; i++) {
        struct strategy *strategy = &sorted[proposed->positions[i] - 1];
        *strategy = proposed->strategies[i];
        if (strategy->order_index == proposed->positions[i])
            continue;
        strategy->order_index = proposed->positions[i];
        record_change(&strategy->record, op->now, op->request->user);
    }
    return (struct list){sorted, proposed->count};
}

static bool read_proposed(struct op *op, const struct strategy_reorder *body,
                          struct proposed_order *proposed)
{
    bool by_ids = op_named(op, "strategyIds"), by_places = op_named(op, "strategyOrders");

    if (by_ids == by_places)
        op_invalid(op, "strategyIds",
                   by_ids ? "and strategyOrders exclude each other"
                          : "is required, or strategyOrders");
    else if (by_ids)
        proposed_by_ids(op, &body->strategy_ids, proposed);
    else
        proposed_by_positions(op, &body->strategy_orders, proposed);
    if (by_ids != by_places)
        check_missing(op, by_ids ? "strategyIds" : "strategyOrders", proposed);
    return op_valid(op);
}

void strategies_reorder(struct op *op)
{
    struct uuid id;
    struct strategy_reorder body;
    struct goal goal;

    if (!op_path_uuid(op, "goalId", &id) || !op_gather_body(op, AS(strategy_reorder, &body)) ||
        !goal_lock(op, id, &goal) || !op_version_ok(op, goal.version))
        return;
    struct proposed_order proposed = {
        goal.strategies.items, goal.strategies.count,
        arena_array(op->arena, goal.strategies.count, sizeof *proposed.positions)};
    if (!read_proposed(op, &body, &proposed))
        return;
    struct list strategies = rearranged(op, &proposed);
    struct strategies_reordered reordered = {
        id, ids_of(op->arena, strategies.items, strategies.count, sizeof(struct strategy))};
    sql_exec(op, STRATEGIES_REORDER, AS(strategies_reordered, &reordered));
    sql_exec(op, GOAL_TOUCH, AS(row_id, &(struct row_id){id}));
    op_event(op, EVENT_STRATEGY_REORDERED, id, goal.version + 1,
             AS(strategies_reordered, &reordered));
    op_reply_list(op, &strategy_model, strategies, NULL, 0);
}
