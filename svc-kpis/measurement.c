/* currentValue and currentValueDate in a KPI's body: a measurement, kept as the reading of its
 * month. Whole KPIs are sent back with what they said before, which is not measured anew. */
#include <math.h>

#include "kpi_detail.h"
#include "lookup.h"
#include "queries.h"
#include "reading_put.h"

static bool is_known(const struct list *readings, struct measurement measured)
{
    const struct reading *items = readings->items;

    for (size_t i = 0; i < readings->count; i++) {
        double value = reading_counts(&items[i]);
        if (items[i].day.us == measured.day.us && !(value < measured.value) &&
            !(value > measured.value))
            return true;
    }
    return false;
}

struct measurement measurement_take(struct op *op, struct kpi *kpi, const struct kpi *known,
                                    const struct list *readings)
{
    struct measurement measured = {kpi->current_value, kpi->current_value_date};
    bool has_value = op_named(op, "currentValue") && !isnan(measured.value);
    bool has_day = op_named(op, "currentValueDate") && !timestamp_is_none(measured.day);

    kpi->current_value = known->current_value;
    kpi->current_value_date = known->current_value_date;
    if (!has_value) {
        if (has_day && measured.day.us != known->current_value_date.us)
            op_invalid(op, "currentValueDate", "needs currentValue");
        return (struct measurement){(double)NAN, TIMESTAMP_NONE};
    }
    if (!has_day)
        measured.day = timestamp_start_of_day(op->now);
    if (timestamp_day_before(timestamp_add_days(op->now, 1), measured.day))
        op_invalid(op, "currentValueDate", "must not be in the future");
    if (is_known(readings, measured))
        measured.value = (double)NAN;
    return measured;
}

bool measurement_record(struct op *op, struct measurement measured, struct kpi_detail *detail)
{
    struct row_id key = {detail->kpi.id};
    struct reading reading;
    bool found = false;

    if (isnan(measured.value))
        return true;
    model_clear(AS(reading, &reading));
    reading.kpi_id = key.id;
    reading.period.number = month_of(measured.day);
    reading.day = measured.day;
    reading.value = measured.value;
    reading.source = READING_MANUAL;
    if (!reading_put(op, &reading))
        return false;
    sql_queue_row(op, KPI_BY_ID, AS(row_id, &key), AS(kpi, &detail->kpi), &found);
    kpi_detail_queue(op, key.id, detail);
    return sql_wait(op);
}
