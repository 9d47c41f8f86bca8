/* Readings of a KPI: one for each month, newest first. */
#include "kpi_handlers.h"
#include "kpis.h"
#include "lookup.h"
#include "queries.h"
#include "recording.h"

enum { FIRST_MONTH = 12, LAST_MONTH = 119999 }; /* 0001-01 and 9999-12 */

/* READINGS_OF_KPI */
struct reading_range {
    struct paging paging;
    struct uuid kpi_id;
    struct month first, last; /* both within */
};
static const struct field reading_range_fields[] = {
    PAGE_FIELDS(reading_range, PAGE_DEFAULT, PAGE_MAX),
    COLUMN(reading_range, kpi_id),
    COLUMN(reading_range, first),
    COLUMN(reading_range, last),
};
static const struct model reading_range_model =
    MODEL("ReadingRange", reading_range, reading_range_fields);

/* "2025-01", or the month of a day or instant; `otherwise` when nothing was sent. */
static struct month month_sent(struct op *op, const char *name, struct str text, int32_t otherwise)
{
    struct month month = {otherwise};
    struct timestamp instant;

    if (!text.data || month_parse(text, &month.number))
        return month;
    if (timestamp_parse(text, &instant))
        month.number = month_of(instant);
    else
        op_invalid(op, name, "must be a month such as 2025-01 or a date such as 2025-01-15");
    return month;
}

/* Finds what is wrong with it, for op_valid. */
static void read_range(struct op *op, const struct reading_query *query,
                       struct reading_range *range)
{
    range->first = month_sent(op, "startDate", query->start_date, FIRST_MONTH);
    range->last = month_sent(op, "endDate", query->end_date, LAST_MONTH);
    if (range->last.number < range->first.number)
        op_invalid(op, "endDate", "must not be before startDate");
}

/* GET /kpis/{id}/readings */
void kpi_readings_get(struct op *op)
{
    struct reading_query query;
    struct reading_range range;
    struct row_id key, kpi;
    struct row_count total = {0};
    struct list readings = {NULL, 0};
    bool found = false, counted = false;

    if (!op_path_uuid(op, "id", &key.id) || !op_list_query(op, AS(reading_query, &query)))
        return;
    read_range(op, &query, &range);
    if (!op_valid(op))
        return;
    range.paging = query.paging;
    range.kpi_id = key.id;
    sql_queue_row(op, KPI_EXISTS, AS(row_id, &key), AS(row_id, &kpi), &found);
    sql_queue_rows(op, READINGS_OF_KPI, AS(reading_range, &range), &reading_model, &readings);
    sql_queue_row(op, READINGS_OF_KPI_COUNT, AS(reading_range, &range), AS(row_count, &total),
                  &counted);
    if (!sql_wait(op))
        return;
    if (!found)
        op_fail(op, STATUS_KPI_NOT_FOUND);
    else
        op_reply_list(op, &reading_model, readings, &query.paging, total.count);
}

/* POST /kpis/{id}/readings: 201, or 200 when the month had one already. */
void kpi_reading_create(struct op *op)
{
    struct uuid kpi;
    struct reading reading;

    if (!op_path_uuid(op, "id", &kpi) || !op_body(op, AS(reading, &reading)))
        return;
    reading.kpi_id = kpi;
    reading.source = READING_MANUAL;
    if (!reading_post(op, &reading))
        return;
    if (reading.version == 1)
        op_created(op, STR_NONE);
    op_reply(op, AS(reading, &reading), -1);
}
