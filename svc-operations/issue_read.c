/* Reading issues: a page and its total cost one round trip, links, types and statuses included. */
#include "issue_rules.h"
#include "issues.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"
#include "system_config.h"

/* GET /api/operations/issues/{issueId} */
void issue_get(struct op *op)
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

static bool is_system_one(const struct issue_status *status, const struct issue_query *query)
{
    for (size_t i = 0; i < query->status_categories.count; i++)
        if (status->category ==
            words_value(&status_category_words, query->status_categories.items[i]))
            return true;
    for (size_t i = 0; i < query->status_names.count; i++)
        if (str_equal_nocase(status->name, query->status_names.items[i]))
            return true;
    return false;
}

/* Each part is an id, a category as it is written in answers, or a name in any case. A name may
 * have commas in it, so all parts together are one, too. SYSTEM statuses have no rows: here they
 * become ids. */
static void read_status(struct op *op, struct issue_query *query)
{
    const struct texts *parts = &query->status;
    size_t room = parts->count + 1;

    query->by_status = parts->count > 0;
    if (!query->by_status)
        return;
    query->status_ids.items =
        arena_array(op->arena, room + SYSTEM_STATUSES, sizeof *query->status_ids.items);
    query->status_categories.items = arena_array(op->arena, room, sizeof(struct str));
    query->status_names.items = arena_array(op->arena, room, sizeof(struct str));
    for (size_t i = 0; i < parts->count; i++) {
        struct uuid *id = &query->status_ids.items[query->status_ids.count];
        unsigned category = words_value(&status_category_words, parts->items[i]);
        if (uuid_parse(parts->items[i], id))
            query->status_ids.count++;
        else if (category)
            add_text(&query->status_categories, words_text(&status_category_words, category));
        else
            add_text(&query->status_names, parts->items[i]);
    }
    if (parts->count > 1)
        add_text(&query->status_names, joined(op, parts));
    for (size_t i = 0; i < SYSTEM_STATUSES; i++) {
        struct issue_status status = system_status(i);
        if (is_system_one(&status, query))
            query->status_ids.items[query->status_ids.count++] = status.id;
    }
}

/* "3" means what it means in bodies. */
static void read_priority(struct texts *priority)
{
    for (size_t i = 0; i < priority->count; i++) {
        struct str *word = &priority->items[i];
        if (word->size == 1)
            *word = words_text(&level_words, (unsigned)(word->data[0] - '0'));
    }
}

static bool is_filtered(const struct issue_query *query)
{
    return query->by_status || query->priority.count > 0 || query->impact.count > 0 ||
           query->reporter_id.data || query->assigned_person_id.data || query->type_ids.count > 0;
}

/* A page of all issues or of those that pass the filters: by the index that has the order, or
 * sorted. */
static bool read_page(struct op *op, struct issue_query *query, bool sorted, struct list *issues,
                      int64_t *total)
{
    struct bound input = AS(issue_query, query);
    bool filtered = is_filtered(query), found = false;
    struct row_count count = {0};

    sql_ask_rows(op,
                 sorted     ? ISSUES_SORTED
                 : filtered ? ISSUES_FILTERED
                            : ISSUES_NEWEST,
                 input, &issue_model, issues);
    sql_ask_row(op, filtered ? ISSUES_FILTERED_COUNT : ISSUES_COUNT, input, AS(row_count, &count),
                &found);
    bool read = sql_wait(op);
    *total = count.count;
    return read;
}

/* The first row says how many there are; a page behind the last has none, so the first page is
 * asked. */
static bool search_page(struct op *op, struct issue_query query, struct list *issues,
                        int64_t *total)
{
    struct list counted;

    if (!sql_rows(op, ISSUES_FOUND, AS(issue_query, &query), &issue_model, issues))
        return false;
    counted = *issues;
    if (counted.count == 0 && query.paging.page > 1) {
        query.paging.page = query.paging.size = 1;
        if (!sql_rows(op, ISSUES_FOUND, AS(issue_query, &query), &issue_model, &counted))
            return false;
    }
    *total = counted.count > 0 ? ((struct issue *)counted.items)->total : 0;
    return true;
}

/* GET /api/operations/issues */
void issue_list(struct op *op)
{
    struct issue_query query;
    struct list issues = {NULL, 0};
    int64_t total = 0;
    int order;

    if (!op_list_query(op, AS(issue_query, &query)) ||
        !op_paging(op, &query.paging, issue_sort_fields, &order, &query.descending))
        return;
    read_status(op, &query);
    read_priority(&query.priority);
    query.sort_field = order < 0 ? ISSUE_SORT_CREATED : order;
    bool read = query.search.data ? search_page(op, query, &issues, &total)
                                  : read_page(op, &query, order >= 0, &issues, &total);
    if (!read)
        return;
    issue_complete(issues.items, issues.count);
    op_reply_list(op, &issue_model, issues, &query.paging, total);
}
