/* Statements that read measurements. */
#include "measurement_rows.h"

#include "queries.h"

static const struct field measurements_selected_fields[] = {
    PAGE_FIELDS(measurements_selected, PAGE_DEFAULT, MEASUREMENTS_PAGE_MAX),
    COLUMN(measurements_selected, kpi_id),
    COLUMN(measurements_selected, start_date),
    COLUMN(measurements_selected, end_date),
    FIELD(measurements_selected, subtype, "subtype", .flags = FIELD_INTERNAL,
          .enum_names = &measurement_subtype_names),
};
static const struct model measurements_selected_model =
    MODEL("MeasurementsSelected", measurements_selected, measurements_selected_fields);

void measurements_queue(struct op *op, const struct measurements_selected *selected,
                        struct list *rows)
{
    struct measurements_selected input = *selected;

    sql_queue_rows(op, MEASUREMENTS_OF_KPI, AS(measurements_selected, &input), &measurement_model,
                   rows);
}

void measurements_queue_count(struct op *op, const struct measurements_selected *selected,
                              struct row_count *total)
{
    struct measurements_selected input = *selected;
    bool *counted = arena_alloc(op->arena, sizeof *counted);

    sql_queue_row(op, MEASUREMENTS_OF_KPI_COUNT, AS(measurements_selected, &input),
                  AS(row_count, total), counted);
}

void measurements_listed(struct op *op, const struct measuring *by, struct list *rows)
{
    struct measurement *items = rows->items;
    size_t count = 0;

    while (count < rows->count && items[count].is_listed)
        count++;
    measuring_judge(op, by, items, rows->count, count);
    rows->count = count;
}

bool measurement_open(struct op *op, bool lock, struct measuring *by,
                      struct measurement *measurement)
{
    struct row_id key, kpi;
    bool found = false;

    if (!kpi_of_path(op, &kpi.id))
        return false;
    bool named = uuid_parse(op_path_text(op, "actualId"), &key.id);
    measuring_queue_kpi(op, kpi.id, lock, by);
    if (named)
        sql_queue_row(op, MEASUREMENT_BY_ID, AS(row_id, &key), AS(measurement, measurement),
                      &found);
    if (!sql_wait(op))
        return false;
    if (!by->found)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    return (found && uuid_equal(measurement->kpi_id, kpi.id)) ||
           op_fail(op, STATUS_KPI_ACTUAL_NOT_FOUND);
}

bool measurement_judge(struct op *op, struct measuring *by, struct measurement *measurement)
{
    struct list before;

    measuring_queue_targets(op, measurement->kpi_id, by);
    measuring_queue_rest(op, measurement->kpi_id, by);
    sql_queue_rows(op, MEASURED_BEFORE, AS(measurement, measurement), &measurement_model, &before);
    if (!sql_wait(op))
        return false;
    measuring_judge_one(op, by, measurement, &before);
    return true;
}
