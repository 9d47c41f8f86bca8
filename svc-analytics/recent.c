/* Recent activity of all goals and operations. */
#include "analytics.h"
#include "analytics_handlers.h"
#include "lookup.h"
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

/* "Paused the goal “Grow revenue”", "Closed the issue “Late”: it is no longer" */
static struct str describe(struct op *op, const struct recent_entry *entry)
{
    struct str title = shortened(entry->entity_title);

    if (!title.data)
        return entry->description;
    return arena_printf(op->arena, STR_FMT " “" STR_FMT "%s”%s" STR_FMT,
                        STR_ARG(entry->description), STR_ARG(title),
                        title.size < entry->entity_title.size ? "…" : "",
                        entry->reason.size > 0 ? ": " : "", STR_ARG(entry->reason));
}

/* --- What the filters mean --- */

static enum feed_entity entity_of(unsigned type)
{
    switch ((enum feed_type)type) {
    case FEED_STRATEGY_ADDED:
    case FEED_STRATEGY_UPDATED:
        return FEED_STRATEGY;
    case FEED_KPI_CREATED:
    case FEED_KPI_UPDATED:
        return FEED_KPI;
    case FEED_ACTION_CREATED:
    case FEED_ACTION_UPDATED:
    case FEED_ACTION_COMPLETED:
        return FEED_ACTION;
    case FEED_ISSUE_CREATED:
    case FEED_ISSUE_UPDATED:
        return FEED_ISSUE;
    case FEED_GOAL_CREATED:
    case FEED_GOAL_UPDATED:
    case FEED_NOTE_ADDED:
    case FEED_REVIEW_ADDED:
    case FEED_DECISION_MADE:
    case FEED_ATTACHMENT_ADDED:
        break;
    }
    return FEED_GOAL;
}

/* The types that a word means, as a set of 1 << type. */
static unsigned types_of_word(unsigned word)
{
    switch (word) {
    case FEED_WORD_DECISION:
        return 1u << FEED_DECISION_MADE;
    case FEED_WORD_NOTE:
        return 1u << FEED_NOTE_ADDED;
    case FEED_WORD_ATTACHMENT:
        return 1u << FEED_ATTACHMENT_ADDED;
    case FEED_WORD_READING:
        return 1u << FEED_KPI_UPDATED | 1u << FEED_REVIEW_ADDED;
    default:
        return 1u << word;
    }
}

/* The type of an entry says what it is about, so both filters are one of types. Where they exclude
 * each other it is of a type that no entry has. */
static void read_types(struct op *op, struct recent_query *query)
{
    unsigned wanted = 0, entities = 0;
    struct texts *types = &query->feed_types;

    for (size_t i = 0; i < query->type.count; i++)
        wanted |= types_of_word(enum_value(&feed_word_names, query->type.items[i]));
    for (size_t i = 0; i < query->entity_type.count; i++)
        entities |= 1u << enum_value(&feed_entity_names, query->entity_type.items[i]);
    if (wanted == 0 && entities == 0)
        return;
    types->items = arena_array(op->arena, feed_type_names.count, sizeof *types->items);
    for (unsigned type = 1; type < feed_type_names.count; type++)
        if ((wanted == 0 || (wanted & 1u << type) != 0) &&
            (entities == 0 || (entities & 1u << entity_of(type)) != 0))
            types->items[types->count++] = enum_name(&feed_type_names, type);
    if (types->count == 0)
        types->items[types->count++] = STR("none");
}

/* GET /activity/recent: newest first. */
void recent_activity_load(struct op *op)
{
    struct recent_query query;
    struct list entries = {NULL, 0};
    struct row_count total = {0};
    bool found;

    if (!op_query(op, AS(recent_query, &query)))
        return;
    bool paged = query.paging.page != INT_NONE || query.type.count > 0;
    bool plain = !paged && query.entity_type.count == 0 && uuid_is_none(query.goal_id);
    read_types(op, &query);
    query.paging.offset = INT_NONE;
    if (query.paging.page == INT_NONE)
        query.paging.page = 1;
    sql_queue_rows(op, plain ? FEED_RECENT : FEED_PAGE, AS(recent_query, &query),
                   &recent_entry_model, &entries);
    if (paged)
        sql_queue_row(op, FEED_PAGE_COUNT, AS(recent_query, &query), AS(row_count, &total), &found);
    if (!sql_wait(op))
        return;
    struct recent_entry *items = entries.items;
    for (size_t i = 0; i < entries.count; i++)
        items[i].description = describe(op, &items[i]);
    op_reply_list(op, &recent_entry_model, entries, paged ? &query.paging : NULL, total.count);
}
