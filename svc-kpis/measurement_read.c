/* Reading measurements. */
#include "kpi_handlers.h"
#include "lookup.h"
#include "measurement_rows.h"

/* Both shapes of the list. */
static void list(struct op *op, bool by_itself)
{
    struct measurement_query query;
    struct measurement_list found;
    struct measuring by;
    struct measurement_page page;

    if (!op_list_query(op, AS(measurement_query, &query)))
        return;
    if (timestamp_day_before(query.end_date, query.start_date))
        op_invalid(op, "endDate", "must not be before startDate");
    model_clear(AS(measurement_list, &found));
    if (!op_valid(op) || !kpi_of_path(op, &found.kpi_id))
        return;
    struct measurements_selected selected = {.paging = query.paging,
                                             .kpi_id = found.kpi_id,
                                             .start_date = query.start_date,
                                             .end_date = query.end_date,
                                             .subtype = query.subtype};
    measuring_queue_kpi(op, found.kpi_id, false, &by);
    measuring_queue_targets(op, found.kpi_id, &by);
    measuring_queue_rest(op, found.kpi_id, &by);
    measurements_queue(op, &selected, &page);
    if (!sql_wait(op))
        return;
    if (!by.found) {
        op_fail(op, STATUS_KPI_NOT_FOUND);
        return;
    }
    if (!measurements_judge_page(op, &by, &page, &found.actuals, &found.total))
        return;
    if (by_itself)
        op_reply_list(op, &measurement_model, found.actuals, &query.paging, found.total);
    else
        op_reply(op, AS(measurement_list, &found), -1);
}

/* GET /kpis/{id}/actuals */
void kpi_actuals_get(struct op *op)
{
    list(op, true);
}

/* GET /measures/{id}/actuals */
void measure_actuals_get(struct op *op)
{
    list(op, false);
}

/* GET /kpis/{id}/actuals/{actualId} */
void kpi_actual_get(struct op *op)
{
    struct measuring by;
    struct measurement measurement;

    if (measurement_open(op, false, &by, &measurement) && measurement_judge(op, &by, &measurement))
        op_reply(op, AS(measurement, &measurement), measurement.version);
}
