/* Strategies of all goals, each with what it shows of its goal. */
#include "goal_handlers.h"
#include "goals.h"
#include "lookup.h"
#include "page_read.h"
#include "queries.h"

/* GET /strategies: by goal and by order within it, unless another order is asked for. */
void strategies_list(struct op *op)
{
    struct strategy_query query;
    int64_t total;

    if (!op_list_query(op, AS(strategy_query, &query)) ||
        !op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    if (!query.paging.sort.data && !query.paging.order)
        query.sort_field = STR_NONE;
    struct page_read page = {.read = {.counted = STRATEGIES_PAGE,
                                      .input = AS(strategy_query, &query),
                                      .model = &strategy_with_goal_model},
                             .paging = &query.paging};
    if (page_read(op, &page, &total))
        op_reply_list(op, &strategy_with_goal_model, page.read.rows, &query.paging, total);
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
