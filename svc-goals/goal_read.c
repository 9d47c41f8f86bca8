/* Reading goals. Each answer costs a fixed number of statements, however long the page is. */
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goals.h"
#include "page_read.h"
#include "queries.h"

/* GET /goals/{id}: the goal and its strategies in one round trip, the KPIs meanwhile. */
void goal_by_id_get(struct op *op)
{
    struct row_id key;
    struct goal goal;
    struct goal_kpis kpis;
    struct goal_refs refs = {.goal_ids = {&key.id, 1}};
    struct bounded_rows strategies = strategies_of_goals(&refs);
    bool found = false, fit;

    if (!op_path_uuid(op, "id", &key.id))
        return;
    goal_kpis_ask_one(op, &kpis, key.id);
    model_clear(AS(goal, &goal));
    sql_queue_row(op, GOAL_BY_ID, AS(row_id, &key), AS(goal, &goal), &found);
    bounded_rows_queue(op, &strategies);
    if (!sql_wait(op))
        return;
    if (!found) {
        op_fail(op, STATUS_GOAL_NOT_FOUND);
        return;
    }
    if (!bounded_rows_complete(op, &strategies, &fit))
        return;
    goal.strategies = strategies.rows;
    goals_complete(op, &kpis, &goal, 1);
    op_reply(op, AS(goal, &goal), goal.version);
}

static bool is_filtered(const struct goal_query *query)
{
    return query->search.data || query->owner_id.data || query->value_tag.data ||
           query->status.count > 0 || query->horizon.count > 0;
}

/* GET /goals: a page and its total in one round trip, its strategies and KPIs in a second. */
void goals_get(struct op *op)
{
    struct goal_query query;
    struct goal_kpis kpis;
    int64_t total;
    bool fit;

    if (!op_list_query(op, AS(goal_query, &query)) ||
        !op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    bool plain = op_first_page(&query.paging) && !is_filtered(&query);
    struct page_read page = {.read = {.counted = plain ? GOALS_NEWEST : GOALS_PAGE,
                                      .input = AS(goal_query, &query),
                                      .model = &goal_model},
                             .paging = &query.paging,
                             .count = plain ? GOALS_COUNT : NULL};
    if (!page_read(op, &page, &total))
        return;
    struct list goals = page.read.rows;
    goal_kpis_ask(op, &kpis, ids_of(op->arena, goals.items, goals.count, sizeof(struct goal)));
    if (!goals_fill_strategies(op, goals.items, goals.count, 0, &fit))
        return;
    goals_complete(op, &kpis, goals.items, goals.count);
    if (!fit || op_call_too_large(&kpis.call)) {
        op_page_too_large(op, goals.count / 2);
        return;
    }
    op_reply_list(op, &goal_model, goals, &query.paging, total);
}
