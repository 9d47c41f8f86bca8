/* Reading issues: a page and its total cost one round trip, links, types and statuses included. */
#include "config_names.h"
#include "issue_rules.h"
#include "issues.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "page_read.h"
#include "queries.h"
#include "status_load.h"
#include "system_config.h"
#include "type_load.h"

/* GET /api/operations/issues/{issueId} */
void issue_by_id_get(struct op *op)
{
    struct row_id key;
    struct issue issue;

    model_clear(AS(issue, &issue));
    if (!op_path_uuid(op, "issueId", &key.id) ||
        !sql_row(op, ISSUE_BY_ID, AS(row_id, &key), AS(issue, &issue)))
        return;
    issue_complete(&issue, 1);
    op_reply(op, AS(issue, &issue), issue.version);
}

/* --- What the filters mean --- */

static void add_text(struct texts *texts, struct str text)
{
    texts->items[texts->count++] = text;
}

static struct str joined(struct op *op, const struct texts *parts)
{
    struct buffer out = buffer_in(op->arena, 128);

    for (size_t i = 0; i < parts->count; i++) {
        if (i > 0)
            buffer_append(&out, ",", 1);
        buffer_append(&out, parts->items[i].data, parts->items[i].size);
    }
    return buffer_str(&out);
}

static unsigned exact_category(struct str text)
{
    for (unsigned i = 1; i < status_category_names.count; i++)
        if (str_equal(str_of(status_category_names.texts[i]), text))
            return i;
    return 0;
}

static void add_category(struct issue_query *query, unsigned category)
{
    add_text(&query->status_categories, enum_name(&status_category_names, category));
    for (size_t i = 0; i < SYSTEM_STATUSES; i++) /* which have no rows */
        if (system_status(i).category == category)
            query->status_ids.items[query->status_ids.count++] = system_status(i).id;
}

/* An exact name has precedence over another spelling. */
static void read_status(struct op *op, struct config_names *names, struct str part,
                        struct issue_query *query)
{
    struct uuid *id = &query->status_ids.items[query->status_ids.count];
    unsigned category = exact_category(part);

    if (uuid_parse(part, id)) {
        query->status_ids.count++;
        return;
    }
    if (!category && !config_names_load(op, names))
        return;
    if (!category && config_by_name(&names->statuses, part, id)) {
        query->status_ids.count++;
        return;
    }
    if (!category)
        category = enum_value(&status_category_names, part);
    if (category) {
        add_category(query, category);
        return;
    }
    enum name_fit fit = config_by_spelling(op->arena, &names->statuses, part, id);
    query->status_ids.count += fit == NAME_FITS_ONE;
    if (fit == NAME_FITS_SEVERAL)
        op_invalid(op, "status", "\"" STR_FMT "\" fits several statuses; say one of them exactly",
                   STR_ARG(part));
    else if (fit == NAME_FITS_NONE)
        op_invalid(op, "status",
                   "\"" STR_FMT "\" is no status, and no category (open, active, "
                   "inactive, closed)",
                   STR_ARG(part));
}

/* A name may have commas in it. */
static bool is_one_name(struct op *op, struct config_names *names, struct issue_query *query)
{
    struct str whole = joined(op, &query->status);
    struct uuid *id = query->status_ids.items;

    if (!config_names_load(op, names) ||
        (!config_by_name(&names->statuses, whole, id) &&
         config_by_spelling(op->arena, &names->statuses, whole, id) != NAME_FITS_ONE))
        return false;
    query->status_ids.count = 1;
    return true;
}

/* Each part is a status's id, a category or a name; anything else is an error. */
static void read_statuses(struct op *op, struct issue_query *query)
{
    const struct texts *parts = &query->status;
    struct config_names names = {.loaded = false};
    bool ids_only = true;
    struct uuid id;

    query->by_status = parts->count > 0;
    query->status_ids.items = arena_array(op->arena, parts->count * (SYSTEM_STATUSES + 1) + 1,
                                          sizeof *query->status_ids.items);
    query->status_categories.items = arena_array(op->arena, parts->count, sizeof(struct str));
    for (size_t i = 0; i < parts->count; i++)
        ids_only =
            ids_only && (uuid_parse(parts->items[i], &id) || exact_category(parts->items[i]));
    if (parts->count > 1 && !ids_only && is_one_name(op, &names, query))
        return;
    for (size_t i = 0; i < parts->count; i++)
        read_status(op, &names, parts->items[i], query);
}

/* The SYSTEM statuses of the categories, which have no rows. */
static void read_categories(struct op *op, struct issue_query *query)
{
    query->category_ids.items = arena_array(op->arena, SYSTEM_STATUSES, sizeof(struct uuid));
    for (size_t i = 0; i < SYSTEM_STATUSES; i++) {
        struct issue_status status = system_status(i);
        struct str category = enum_name(&status_category_names, status.category);
        for (size_t k = 0; k < query->status_category.count; k++)
            if (str_equal(query->status_category.items[k], category)) {
                query->category_ids.items[query->category_ids.count++] = status.id;
                break;
            }
    }
}

/* Bare days as ends are meant with all their hours. */
static void read_range(struct op *op, const char *before, struct timestamp first,
                       struct timestamp *last)
{
    *last = timestamp_range_end(*last);
    if (!timestamp_is_none(first) && !timestamp_is_none(*last) && last->us < first.us)
        op_invalid(op, before, "must not be before the beginning");
}

/* The order of statuses or types, where it is sorted by. */
static bool read_order(struct op *op, struct issue_query *query)
{
    struct list all;

    if (str_equal(query->sort_field, STR("status"))) {
        if (!statuses_load(op, &all))
            return false;
        query->order_ids = ids_of(op->arena, all.items, all.count, sizeof(struct issue_status));
    } else if (str_equal(query->sort_field, STR("type"))) {
        if (!types_load(op, &all))
            return false;
        query->order_ids = ids_of(op->arena, all.items, all.count, sizeof(struct issue_type));
    }
    return true;
}

/* "3" means what it means in bodies. */
static void read_priority(struct texts *priority)
{
    for (size_t i = 0; i < priority->count; i++) {
        struct str *word = &priority->items[i];
        if (word->size == 1)
            *word = enum_name(&level_names, (unsigned)(word->data[0] - '0'));
    }
}

static bool is_filtered(const struct issue_query *query)
{
    return query->by_status || query->priority.count > 0 || query->impact.count > 0 ||
           query->reporter_id.data || query->assigned_person_id.data || query->type_ids.count > 0 ||
           query->status_category.count > 0 || !timestamp_is_none(query->created_after) ||
           !timestamp_is_none(query->created_before) || !timestamp_is_none(query->due_after) ||
           !timestamp_is_none(query->due_before) || !timestamp_is_none(query->reported_after) ||
           !timestamp_is_none(query->reported_before) || query->tags.count > 0 ||
           query->goal_ids.count > 0 || query->strategy_ids.count > 0 ||
           query->action_ids.count > 0;
}

static int64_t bytes_of(const void *row)
{
    return ((const struct issue *)row)->bytes;
}

/* As of actions. */
static struct page_read page_of(struct issue_query *query)
{
    struct page_read page = {.read = {.input = AS(issue_query, query),
                                      .limits = &query->limits,
                                      .model = &issue_model,
                                      .bytes = bytes_of},
                             .paging = &query->paging};

    if (op_newest_page(&query->paging) && !query->search.data && !is_filtered(query)) {
        page.read.counted = ISSUES_NEWEST;
        page.count = ISSUES_COUNT;
    } else {
        page.read.counted = ISSUES_PAGE;
    }
    return page;
}

/* GET /api/operations/issues */
void issues_get(struct op *op)
{
    struct issue_query query;
    int64_t total;

    if (!op_list_query(op, AS(issue_query, &query)))
        return;
    read_statuses(op, &query);
    read_categories(op, &query);
    read_range(op, "createdBefore", query.created_after, &query.created_before);
    read_range(op, "dueBefore", query.due_after, &query.due_before);
    read_range(op, "endDate", query.reported_after, &query.reported_before);
    if (!op_paging(op, &query.paging, &query.sort_field, &query.descending) ||
        !read_order(op, &query))
        return;
    read_priority(&query.priority);
    struct page_read page = page_of(&query);
    if (!page_read(op, &page, &total))
        return;
    issue_complete(page.read.rows.items, page.read.rows.count);
    op_reply_list(op, &issue_model, page.read.rows, &query.paging, total);
}
