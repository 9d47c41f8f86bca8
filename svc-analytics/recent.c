/* Recent activity of all goals and operations. */
#include "analytics.h"
#include "analytics_handlers.h"
#include "queries.h"

enum { TITLE_MAX = 200 }; /* bytes of a title inside a description; strategies have long ones */

static struct str shortened(struct str title)
{
    if (title.size <= TITLE_MAX)
        return title;
    title.size = TITLE_MAX;
    while (title.size > 0 && ((unsigned char)title.data[title.size] & 0xC0) == 0x80)
        title.size--; /* not inside a character */
    return title;
}

/* "Paused the goal “Grow revenue”" */
static struct str describe(struct op *op, const struct recent_entry *entry)
{
    struct str title = shortened(entry->entity_title);

    if (!title.data)
        return entry->description;
    return arena_printf(op->arena, STR_FMT " “" STR_FMT "%s”", STR_ARG(entry->description),
                        STR_ARG(title), title.size < entry->entity_title.size ? "…" : "");
}

/* GET /activity/recent: newest first. */
void recent_activity_load(struct op *op)
{
    struct recent_query query;
    struct list entries = {NULL, 0};

    if (!op_query(op, AS(recent_query, &query)))
        return;
    if (!sql_rows(op, FEED_RECENT, AS(recent_query, &query), &recent_entry_model, &entries))
        return;
    struct recent_entry *items = entries.items;
    for (size_t i = 0; i < entries.count; i++)
        items[i].description = describe(op, &items[i]);
    op_reply_list(op, &recent_entry_model, entries, NULL, 0);
}
