/* Reading statuses: rows of the tenant's own, constants and chosen orders of the SYSTEM ones. */
#include "status_load.h"

#include <stdlib.h>

#include "lookup.h"
#include "queries.h"
#include "system_config.h"

/* SYSTEM_STATUS_ORDERS */
struct system_order {
    struct uuid id;
    int64_t order_index, version;
};
static const struct field system_order_fields[] = {
    COLUMN(system_order, id),
    COLUMN(system_order, order_index),
    COLUMN(system_order, version),
};
const struct model system_order_model = MODEL("SystemOrder", system_order, system_order_fields);

static int by_order(const void *left, const void *right)
{
    const struct issue_status *a = left, *b = right;

    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    if (a->order_index != b->order_index)
        return a->order_index < b->order_index ? -1 : 1;
    return uuid_compare(a->id, b->id); /* SYSTEM ones are older */
}

static void apply_order(struct issue_status *status, const struct list *orders)
{
    const struct system_order *items = orders->items;

    for (size_t i = 0; i < orders->count; i++)
        if (uuid_equal(items[i].id, status->id)) {
            status->order_index = items[i].order_index;
            status->version = items[i].version;
        }
}

bool statuses_load(struct op *op, struct list *statuses)
{
    struct list own = {NULL, 0}, orders = {NULL, 0};

    sql_queue_rows(op, ISSUE_STATUSES, NOTHING, &issue_status_model, &own);
    sql_queue_rows(op, SYSTEM_STATUS_ORDERS, NOTHING, &system_order_model, &orders);
    if (!sql_wait(op))
        return false;
    struct issue_status *all = arena_array(op->arena, own.count + SYSTEM_STATUSES, sizeof *all);
    for (size_t i = 0; i < own.count; i++)
        all[i] = ((struct issue_status *)own.items)[i];
    for (size_t i = 0; i < SYSTEM_STATUSES; i++) {
        all[own.count + i] = system_status(i);
        apply_order(&all[own.count + i], &orders);
    }
    *statuses = (struct list){all, own.count + SYSTEM_STATUSES};
    qsort(all, statuses->count, sizeof *all, by_order);
    return true;
}

bool status_find(struct op *op, struct statement *statement, struct issue_status *status)
{
    struct row_id key;
    struct list orders = {NULL, 0};
    bool found = false;

    if (!op_path_uuid(op, "statusId", &key.id))
        return false;
    bool system = system_status_find(key.id, status);
    if (system) {
        sql_queue_rows(op, SYSTEM_STATUS_ORDERS, NOTHING, &system_order_model, &orders);
    } else {
        model_clear(AS(issue_status, status));
        sql_queue_row(op, statement, AS(row_id, &key), AS(issue_status, status), &found);
    }
    if (!sql_wait(op))
        return false;
    if (system)
        apply_order(status, &orders);
    return (found || system || op_fail(op, STATUS_ISSUE_STATUS_NOT_FOUND)) &&
           op_version_ok(op, status->version);
}
