/* Reading actions: a page and its total cost one round trip, links included. */
#include "actions.h"
#include "lookup.h"
#include "operations_handlers.h"
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
           query->goal_ids.count > 0 || query->strategy_ids.count > 0 || query->issue_ids.count > 0;
}

/* A day as the end is meant with all its hours. */
static void read_range(struct op *op, struct action_query *query)
{
    query->end_date = timestamp_range_end(query->end_date);
    if (!timestamp_is_none(query->start_date) && !timestamp_is_none(query->end_date) &&
        query->end_date.us < query->start_date.us)
        op_invalid(op, "endDate", "must not be before startDate");
}

/* GET /api/operations/actions */
void actions_get(struct op *op)
{
    struct action_query query;
    struct row_count total = {0};
    struct list actions = {NULL, 0};
    bool found = false;

    if (!op_list_query(op, AS(action_query, &query)))
        return;
    read_range(op, &query);
    if (!op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    if (query.paging.size > ANSWER_SMALL_ROWS && !op_large_begin(op))
        return;
    bool filtered = is_filtered(&query);
    sql_queue_rows(op,
                   op_sorted(&query.paging) ? ACTIONS_SORTED
                   : filtered               ? ACTIONS_FILTERED
                                            : ACTIONS_NEWEST,
                   AS(action_query, &query), &action_model, &actions);
    sql_queue_row(op, filtered ? ACTIONS_FILTERED_COUNT : ACTIONS_COUNT, AS(action_query, &query),
                  AS(row_count, &total), &found);
    if (sql_wait(op))
        op_reply_list(op, &action_model, actions, &query.paging, total.count);
}
