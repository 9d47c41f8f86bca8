/* Reading actions: a page and its total cost one round trip, links included. */
#include "actions.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "page_read.h"
#include "queries.h"

/* GET /api/operations/actions/{actionId} */
void action_by_id_get(struct op *op)
{
    struct row_id key;
    struct action action;

    model_clear(AS(action, &action));
    if (op_path_uuid(op, "actionId", &key.id) &&
        sql_row(op, ACTION_BY_ID, AS(row_id, &key), AS(action, &action)))
        op_reply(op, AS(action, &action), action.version);
}

static bool is_filtered(const struct action_query *query)
{
    return !timestamp_is_none(query->start_date) || !timestamp_is_none(query->end_date) ||
           query->assigned_person_id.data || query->status.count > 0 || query->priority.count > 0 ||
           query->tags.count > 0 || query->goal_ids.count > 0 || query->strategy_ids.count > 0 ||
           query->issue_ids.count > 0;
}

/* A day as the end is meant with all its hours. */
static void read_range(struct op *op, struct action_query *query)
{
    query->end_date = timestamp_range_end(query->end_date);
    if (!timestamp_is_none(query->start_date) && !timestamp_is_none(query->end_date) &&
        query->end_date.us < query->start_date.us)
        op_invalid(op, "endDate", "must not be before startDate");
}

static int64_t bytes_of(const void *row)
{
    return ((const struct action *)row)->bytes;
}

/* One of the first pages of all actions, or any other page. */
static struct page_read page_of(struct action_query *query)
{
    struct page_read page = {.read = {.input = AS(action_query, query),
                                      .limits = &query->limits,
                                      .model = &action_model,
                                      .bytes = bytes_of},
                             .paging = &query->paging};

    if (op_newest_page(&query->paging) && !query->search.data && !is_filtered(query)) {
        page.read.counted = ACTIONS_NEWEST;
        page.count = ACTIONS_COUNT;
    } else {
        page.read.counted = ACTIONS_PAGE;
    }
    return page;
}

/* GET /api/operations/actions */
void actions_get(struct op *op)
{
    struct action_query query;
    int64_t total;

    if (!op_list_query(op, AS(action_query, &query)))
        return;
    read_range(op, &query);
    if (!op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    struct page_read page = page_of(&query);
    if (page_read(op, &page, &total))
        op_reply_list(op, &action_model, page.read.rows, &query.paging, total);
}
