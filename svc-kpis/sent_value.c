/* currentValue and currentValueDate in a KPI's body: a measurement. Whole KPIs are sent back with
 * what they said before, which is not measured anew. */
#include <math.h>

#include "kpi_detail.h"
#include "lookup.h"
#include "queries.h"
#include "recording.h"

static bool is_known(const struct list *readings, struct sent_value sent)
{
    const struct reading *items = readings->items;

    for (size_t i = 0; i < readings->count; i++) {
        double value = reading_counts(&items[i]);
        if (items[i].day.us == sent.day.us && !(value < sent.value) && !(value > sent.value))
            return true;
    }
    return false;
}

struct sent_value sent_value_take(struct op *op, struct kpi *kpi, const struct kpi *known,
                                  const struct list *readings)
{
    struct sent_value sent = {kpi->current_value, kpi->current_value_date};
    bool has_value = op_named(op, "currentValue") && !isnan(sent.value);
    bool has_day = op_named(op, "currentValueDate") && !timestamp_is_none(sent.day);

    kpi->current_value = known->current_value;
    kpi->current_value_date = known->current_value_date;
    if (!has_value) {
        if (has_day && sent.day.us != known->current_value_date.us)
            op_invalid(op, "currentValueDate", "needs currentValue");
        return (struct sent_value){(double)NAN, TIMESTAMP_NONE};
    }
    if (!has_day)
        sent.day = timestamp_start_of_day(op->now);
    measurement_day_check(op, "currentValueDate", sent.day);
    if (is_known(readings, sent))
        sent.value = (double)NAN;
    return sent;
}

bool sent_value_record(struct op *op, struct sent_value sent, struct kpi_detail *detail)
{
    struct row_id key = {detail->kpi.id};
    struct measurement measurement;
    struct recording recorded;
    bool found = false;

    if (isnan(sent.value))
        return true;
    model_clear(AS(measurement, &measurement));
    measurement.kpi_id = key.id;
    measurement.day = sent.day;
    measurement.subtype = MEASURED;
    measurement.value = sent.value;
    measurement.source = READING_MANUAL;
    if (!measurement_record(op, &measurement, ADJUST_BY_RULE, &recorded))
        return false;
    sql_queue_row(op, KPI_BY_ID, AS(row_id, &key), AS(kpi, &detail->kpi), &found);
    kpi_detail_queue(op, key.id, detail);
    return sql_wait(op);
}
