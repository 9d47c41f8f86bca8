/* Rows of the history, for pages and files. */
#include "history_rows.h"

#include "event_types.h"
#include "queries.h"

/* What HISTORY_PAGE counts. */
static int64_t entry_bytes(const void *row)
{
    const struct history_entry *entry = row;

    return (int64_t)(entry->changes.bytes.size + entry->data.bytes.size + 1);
}

struct bounded_rows history_rows(struct bound query)
{
    return (struct bounded_rows){.counted = HISTORY_PAGE,
                                 .input = query,
                                 .limits = &((struct history_query *)query.data)->limits,
                                 .model = &history_entry_model,
                                 .bytes = entry_bytes};
}

void history_name_entities(struct list *entries)
{
    struct history_entry *items = entries->items;

    for (size_t i = 0; i < entries->count; i++) {
        const struct event_type *type = event_type_find(items[i].type);
        items[i].entity_type = type ? str_of(type->entity) : STR_NONE;
    }
}
