/* GET /kpis/{id}/adjustments: the history of a plan. */
#include "bounded_rows.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "plan.h"
#include "queries.h"

/* What PLAN_ADJUSTMENTS_OF_KPI counts. */
static int64_t adjustment_bytes(const void *row)
{
    const struct plan_adjustment *adjustment = row;

    return (int64_t)(adjustment->previous_milestones.bytes.size +
                     adjustment->new_milestones.bytes.size);
}

void kpi_plan_adjustments_get(struct op *op)
{
    struct adjustments_query query;
    struct row_id key, kpi;
    struct row_count total = {0};
    struct bounded_rows read = {.counted = PLAN_ADJUSTMENTS_OF_KPI,
                                .input = AS(adjustments_query, &query),
                                .limits = &query.limits,
                                .model = &plan_adjustment_model,
                                .bytes = adjustment_bytes};
    bool found = false, counted = false, fit;

    if (!op_query(op, AS(adjustments_query, &query)) || !kpi_of_path(op, &key.id))
        return;
    query.kpi_id = key.id;
    sql_queue_row(op, KPI_EXISTS, AS(row_id, &key), AS(row_id, &kpi), &found);
    bounded_rows_queue(op, &read);
    sql_queue_row(op, PLAN_ADJUSTMENTS_OF_KPI_COUNT, AS(adjustments_query, &query),
                  AS(row_count, &total), &counted);
    if (!sql_wait(op))
        return;
    if (!found) {
        op_fail(op, STATUS_KPI_NOT_FOUND);
        return;
    }
    if (!bounded_rows_complete(op, &read, &fit))
        return;
    if (!fit) {
        op_page_too_large(op, read.rows.count - 1);
        return;
    }
    struct plan_adjustment *adjustments = read.rows.items;
    for (size_t i = 0; i < read.rows.count; i++)
        adjustments[i].type = ADJUSTMENT_MILESTONES;
    op_reply_list(op, &plan_adjustment_model, read.rows, &query.paging, total.count);
}
