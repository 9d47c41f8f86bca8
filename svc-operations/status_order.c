/* A new order of the statuses of one category, SYSTEM ones among the tenant's own. */
#include "event_types.h"
#include "id_sets.h"
#include "issue_config.h"
#include "operations_handlers.h"
#include "queries.h"
#include "status_load.h"

/* The statements, and what the event says. */
struct status_order {
    enum status_category category;
    struct uuids status_ids, system_ids;
    struct list statuses;
};
static const struct field status_order_fields[] = {
    FIELD(status_order, category, "category", .enum_names = &status_category_names, .doc = "whose"),
    FIELD(status_order, status_ids, "statusIds", .doc = "in their new order"),
    COLUMN(status_order, system_ids), /* whose place is a new one */
    FIELD(status_order, statuses, "statuses", .model = &issue_status_model,
          .doc = "in their new order"),
};
static const struct model status_order_model =
    MODEL("StatusOrder", status_order, status_order_fields);

/* Those of the category, in the order they have. */
static struct list of_category(const struct list *statuses, enum status_category category)
{
    struct issue_status *items = statuses->items;
    size_t from = 0, to;

    while (from < statuses->count && items[from].category != category)
        from++;
    for (to = from; to < statuses->count && items[to].category == category; to++)
        continue;
    return (struct list){items + from, to - from};
}

static const struct issue_status *active_by(const struct list *statuses, struct uuid id)
{
    const struct issue_status *items = statuses->items;

    for (size_t i = 0; i < statuses->count; i++)
        if (items[i].is_active && uuid_equal(items[i].id, id))
            return &items[i];
    return NULL;
}

static void check_named(struct op *op, const struct list *statuses, struct uuids named)
{
    for (size_t i = 0; i < named.count; i++) {
        struct str field = arena_printf(op->arena, "statusIds[%zu]", i);
        struct uuids earlier = {named.items, i};
        if (!active_by(statuses, named.items[i]))
            op_invalid(op, field.data, "is not an active status of this category");
        else if (ids_have(earlier, named.items[i]))
            op_invalid(op, field.data, "is named twice");
    }
}

/* The named ones, then the other active ones, then the inactive ones. */
static struct uuids new_order(struct op *op, const struct list *statuses, struct uuids named)
{
    const struct issue_status *items = statuses->items;
    struct uuids order = {arena_array(op->arena, statuses->count, sizeof *order.items), 0};

    for (size_t i = 0; i < named.count; i++)
        order.items[order.count++] = named.items[i];
    for (int active = 1; active >= 0; active--)
        for (size_t i = 0; i < statuses->count; i++)
            if (items[i].is_active == (active == 1) && !ids_have(named, items[i].id))
                order.items[order.count++] = items[i].id;
    return order;
}

/* A SYSTEM status itself never changes; only its order belongs to the tenant, like the version that
 * counts these changes. */
static void put_into(struct op *op, struct issue_status *status, int64_t position,
                     struct status_order *order)
{
    status->order_index = position;
    status->version++;
    if (status->is_system) {
        order->system_ids.items[order->system_ids.count++] = status->id;
        return;
    }
    status->updated_at = op->now;
    status->updated_by = op->request->user;
}

/* Reorders the statuses in memory, as the statements do in the tables; returns the active ones. */
static struct list rearranged(struct op *op, const struct list *statuses,
                              struct status_order *order)
{
    const struct issue_status *items = statuses->items;
    struct issue_status *sorted = arena_array(op->arena, statuses->count, sizeof *sorted);
    size_t active = 0;

    order->system_ids.items =
        arena_array(op->arena, statuses->count, sizeof *order->system_ids.items);
    for (size_t position = 0; position < order->status_ids.count; position++)
        for (size_t i = 0; i < statuses->count; i++) {
            struct issue_status status = items[i];
            if (!uuid_equal(status.id, order->status_ids.items[position]))
                continue;
            if (status.order_index != (int64_t)position + 1)
                put_into(op, &status, (int64_t)position + 1, order);
            if (status.is_active)
                sorted[active++] = status;
        }
    return (struct list){sorted, active};
}

/* PUT /api/operations/issue-statuses:reorder */
void issue_statuses_reorder(struct op *op)
{
    struct issue_status_reorder body;
    struct status_order order;
    struct list all;

    if (!op_gather_body(op, AS(issue_status_reorder, &body)))
        return;
    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!statuses_load(op, &all))
        return;
    struct list statuses = of_category(&all, body.category);
    if (body.category)
        check_named(op, &statuses, body.status_ids);
    if (!op_valid(op))
        return;
    model_clear(AS(status_order, &order));
    order.category = body.category;
    order.status_ids = new_order(op, &statuses, body.status_ids);
    order.statuses = rearranged(op, &statuses, &order);
    sql_exec(op, SYSTEM_STATUS_ORDERS_SET, AS(status_order, &order));
    sql_exec(op, ISSUE_STATUSES_REORDER, AS(status_order, &order));
    op_event(op, EVENT_ISSUE_STATUS_REORDERED, order.status_ids.items[0], 0,
             AS(status_order, &order));
    op_reply_list(op, &issue_status_model, order.statuses, NULL, 0);
}
