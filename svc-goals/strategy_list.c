/* Strategies of all goals, each with what it shows of its goal. */
#include "goal_handlers.h"
#include "goals.h"
#include "lookup.h"
#include "queries.h"

static bool is_selected(const struct strategy_query *query)
{
    return query->sort_field.data || query->search.data || query->owner_id.data ||
           query->status.count > 0 || !uuid_is_none(query->goal_id);
}

/* GET /strategies: by goal and by order within it, unless another order is asked for. */
void strategies_list(struct op *op)
{
    struct strategy_query query;
    struct row_count total = {0};
    struct list strategies = {NULL, 0};
    bool found = false;

    if (!op_list_query(op, AS(strategy_query, &query)) ||
        !op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    if (!query.paging.sort.data && !query.paging.order)
        query.sort_field = STR_NONE;
    bool selected = is_selected(&query);
    sql_queue_rows(op, selected ? STRATEGIES_SELECTED : STRATEGIES_LISTED,
                   AS(strategy_query, &query), &strategy_with_goal_model, &strategies);
    sql_queue_row(op, selected ? STRATEGIES_SELECTED_COUNT : STRATEGIES_COUNT,
                  AS(strategy_query, &query), AS(row_count, &total), &found);
    if (sql_wait(op))
        op_reply_list(op, &strategy_with_goal_model, strategies, &query.paging, total.count);
}

/* GET /strategies/{strategyId} */
void strategy_find(struct op *op)
{
    struct row_id key;
    struct strategy strategy;

    if (op_path_uuid(op, "strategyId", &key.id) &&
        sql_row(op, STRATEGY_FIND, AS(row_id, &key),
                (struct bound){&strategy_with_goal_model, &strategy}))
        op_reply(op, (struct bound){&strategy_with_goal_model, &strategy}, strategy.version);
}
