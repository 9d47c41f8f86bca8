/* Statements that read measurements. */
#include "measurement_rows.h"

#include <string.h>

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
                        struct measurement_page *page)
{
    *page = (struct measurement_page){.selected = *selected};
    sql_queue_rows(op, MEASUREMENTS_OF_KPI, AS(measurements_selected, &page->selected),
                   &measurement_model, &page->rows);
}

/* Whether the page is all there is of the KPI's measurements. */
static bool is_whole(const struct measurements_selected *selected, size_t count)
{
    return selected->paging.page == 1 && selected->paging.offset == INT_NONE &&
           count <= (size_t)selected->paging.size && timestamp_is_none(selected->start_date) &&
           timestamp_is_none(selected->end_date) && !selected->subtype;
}

/* The measured ones before the page, by which its last ones are judged, and how many are selected.
 */
static bool read_rest(struct op *op, struct measurements_selected *selected,
                      struct measurement *last, struct list *before, int64_t *total)
{
    struct row_count counted = {0};
    bool found;

    if (last)
        sql_queue_rows(op, MEASURED_BEFORE, AS(measurement, last), &measurement_model, before);
    sql_queue_row(op, MEASUREMENTS_OF_KPI_COUNT, AS(measurements_selected, selected),
                  AS(row_count, &counted), &found);
    if (!sql_wait(op))
        return false;
    *total = counted.count;
    return true;
}

bool measurements_judge_page(struct op *op, const struct measuring *by,
                             const struct measurement_page *page, struct list *judged,
                             int64_t *total)
{
    struct measurements_selected selected = page->selected;
    size_t count = page->rows.count, size = (size_t)selected.paging.size;
    struct measurement *rows = page->rows.items;
    struct list before = {NULL, 0};
    bool whole = is_whole(&selected, count);

    *total = (int64_t)count;
    count = count < size ? count : size;
    for (size_t i = 0; i < count; i++) {
        rows[i].kpi_id = selected.kpi_id;
        rows[i].period = (struct month){month_of(rows[i].day)};
    }
    if (!whole && !read_rest(op, &selected, count > 0 ? &rows[count - 1] : NULL, &before, total))
        return false;
    size_t known = count + before.count;
    struct measurement *items = rows;
    if (before.count > 0) {
        items = arena_array(op->arena, known, sizeof *items);
        memcpy(items, rows, count * sizeof *items);
        memcpy(items + count, before.items, before.count * sizeof *items);
    }
    measuring_judge(op, by, items, known, count);
    *judged = (struct list){items, count};
    return true;
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
