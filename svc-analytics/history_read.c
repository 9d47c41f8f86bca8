/* Reading the history: of one thing, and of the whole tenant. */
#include "analytics_handlers.h"
#include "event_types.h"
#include "fiber.h"
#include "history_csv.h"
#include "history_rows.h"
#include "lookup.h"
#include "page_read.h"
#include "queries.h"

enum {
    YOUNG_US = 2000000, /* of that age its event may not have been applied */
    LOOK_MS = 50,
    LOOKS = 20
};

static void reply_page(struct op *op, struct bound query)
{
    struct paging *paging = &((struct history_query *)query.data)->paging;
    struct page_read page = {.read = history_rows(query), .paging = paging};
    int64_t total;

    op_total_bounded(op);
    if (!page_read(op, &page, &total))
        return;
    history_name_entities(&page.read.rows);
    op_reply_list(op, &history_entry_model, page.read.rows, paging, total);
}

/* --- Of one thing --- */

struct resource {
    struct uuid id;
    struct str kind;
};
static const struct field resource_fields[] = {COLUMN(resource, id), COLUMN(resource, kind)};
static const struct model resource_model = MODEL("Resource", resource, resource_fields);

/* The milliseconds that a UUIDv7 begins with. */
static int64_t made_us(struct uuid id)
{
    int64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return ms * 1000;
}

/* What was created just now is here as soon as its event is applied. */
static bool is_known(struct op *op, struct resource *resource)
{
    int64_t age_us = op->now.us - made_us(resource->id);
    int looks = age_us > -YOUNG_US && age_us < YOUNG_US ? LOOKS : 1;
    struct row_count rows = {0};
    bool found;

    for (int i = 0; i < looks; i++) {
        if (i > 0)
            fiber_sleep(LOOK_MS);
        if (!sql_find(op, RESOURCE_IS_KNOWN, AS(resource, resource), AS(row_count, &rows), &found))
            return false;
        if (rows.count > 0)
            return true;
    }
    return op_fail(op, op->operation->not_found);
}

static void reply_history(struct op *op, struct str kind)
{
    struct resource resource = {.kind = kind};
    struct history_query query;
    char text[UUID_TEXT_SIZE];

    if (!op_path_uuid(op, "id", &resource.id) || !op_query(op, AS(history_query, &query)) ||
        !is_known(op, &resource))
        return;
    uuid_format(resource.id, text);
    query.entity_id = (struct str){text, sizeof text};
    reply_page(op, AS(history_query, &query));
}

/* GET /goals/{id}/history */
void goal_history_get(struct op *op)
{
    reply_history(op, STR("goal"));
}

/* GET /kpis/{id}/history */
void kpi_history_get(struct op *op)
{
    reply_history(op, STR("kpi"));
}

/* GET /api/operations/actions/{id}/history */
void action_history_get(struct op *op)
{
    reply_history(op, STR("action"));
}

/* GET /api/operations/issues/{id}/history */
void issue_history_get(struct op *op)
{
    reply_history(op, STR("issue"));
}

/* --- Of the tenant --- */

static bool is_named(const struct event_type *type, struct texts types)
{
    for (size_t i = 0; i < types.count; i++)
        if (event_type_matches(types.items[i], str_of(type->type)))
            return true;
    return types.count == 0;
}

static bool is_of(const struct event_type *type, struct texts entities)
{
    for (size_t i = 0; i < entities.count; i++)
        if (type->entity && enum_name_matches(entities.items[i], type->entity))
            return true;
    return entities.count == 0;
}

static bool means_any(bool (*means)(const struct event_type *type, struct texts words),
                      struct str *word)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (means(&event_types[i], (struct texts){word, 1}))
            return true;
    return false;
}

static void check_words(struct op *op, const char *field,
                        bool (*means)(const struct event_type *type, struct texts words),
                        struct texts words)
{
    for (size_t i = 0; i < words.count; i++)
        if (!means_any(means, &words.items[i]))
            op_invalid(op, field, "\"" STR_FMT "\" is none that events have",
                       STR_ARG(words.items[i]));
}

/* A type says what it is of, so both filters are one of types. Where they exclude each other it is
 * of a type that no entry has. */
static void read_types(struct op *op, struct history_query *query)
{
    struct texts types = {arena_array(op->arena, event_type_count, sizeof *types.items), 0};

    check_words(op, "type", is_named, query->types);
    check_words(op, "entityType", is_of, query->entity_types);
    if (query->types.count == 0 && query->entity_types.count == 0)
        return;
    for (size_t i = 0; i < event_type_count; i++)
        if (is_named(&event_types[i], query->types) && is_of(&event_types[i], query->entity_types))
            types.items[types.count++] = str_of(event_types[i].type);
    if (types.count == 0)
        types.items[types.count++] = STR("none");
    query->types = types;
}

/* GET /audit */
void audit_log_get(struct op *op)
{
    struct history_query query;
    struct bound bound = {&audit_query_model, &query};

    if (!op_list_query(op, bound))
        return;
    read_types(op, &query);
    query.until = timestamp_range_end(query.until);
    if (!timestamp_is_none(query.since) && !timestamp_is_none(query.until) &&
        query.since.us > query.until.us)
        op_invalid(op, "from", "must not be after to");
    if (!op_valid(op))
        return;
    if (query.format == AUDIT_CSV)
        audit_csv_reply(op, bound);
    else
        reply_page(op, bound);
}
