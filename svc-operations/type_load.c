/* Reading types: rows of the tenant's own and constants. */
#include "type_load.h"

#include <stdlib.h>

#include "lookup.h"
#include "queries.h"
#include "system_config.h"

static int by_order(const void *left, const void *right)
{
    const struct issue_type *a = left, *b = right;

    if (a->order_index != b->order_index)
        return a->order_index < b->order_index ? -1 : 1;
    return uuid_compare(a->id, b->id); /* SYSTEM ones are older */
}

void types_mark_default(struct issue_type *types, size_t count, struct uuid chosen)
{
    struct uuid id = uuid_is_none(chosen) ? system_type_general() : chosen;

    for (size_t i = 0; i < count; i++)
        types[i].is_default = uuid_equal(types[i].id, id);
}

bool types_load(struct op *op, struct list *types)
{
    struct row_id chosen = {{{0}}};
    struct list own = {NULL, 0};
    bool found = false;

    sql_queue_rows(op, ISSUE_TYPES, NOTHING, &issue_type_model, &own);
    sql_queue_row(op, DEFAULT_TYPE, NOTHING, AS(row_id, &chosen), &found);
    if (!sql_wait(op))
        return false;
    struct issue_type *all = arena_array(op->arena, own.count + SYSTEM_TYPES, sizeof *all);
    for (size_t i = 0; i < own.count; i++)
        all[i] = ((struct issue_type *)own.items)[i];
    for (size_t i = 0; i < SYSTEM_TYPES; i++)
        all[own.count + i] = system_type(i);
    *types = (struct list){all, own.count + SYSTEM_TYPES};
    types_mark_default(all, types->count, chosen.id);
    qsort(all, types->count, sizeof *all, by_order);
    return true;
}
