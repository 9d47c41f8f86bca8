/* A measurement with the reading of its month, which it becomes when it counts there. The KPI is
 * locked, so that nobody else records or changes the plan meanwhile. All of it costs one round
 * trip, and one more when a reading is posted to a KPI with a plan. */
#include "recording.h"

#include "event_types.h"
#include "lookup.h"
#include "queries.h"
#include "reading_event.h"

static const struct field month_reading_fields[] = {
    COLUMN(month_reading, reading_id),
    COLUMN(month_reading, kpi_id),
    COLUMN(month_reading, period),
    COLUMN(month_reading, day),
    FIELD(month_reading, subtype, "subtype", .flags = FIELD_INTERNAL,
          .enum_names = &measurement_subtype_names),
};
static const struct model month_reading_model =
    MODEL("MonthReading", month_reading, month_reading_fields);

void month_reading_queue(struct op *op, const struct measurement *measurement,
                         struct month_reading *month)
{
    struct row_id kpi = {measurement->kpi_id};

    *month = (struct month_reading){.reading_id = uuid_v7(),
                                    .kpi_id = kpi.id,
                                    .period = measurement->period,
                                    .day = measurement->day,
                                    .subtype = measurement->subtype};
    sql_queue_row(op, READING_MEASURED, AS(month_reading, month), AS(reading, &month->reading),
                  &month->changed);
}

/* --- What is recorded against the plan --- */

static void queue_neighbours(struct op *op, struct recording *rec, struct row_count *later)
{
    struct bound key = AS(measurement, &rec->measurement);
    bool *counted = arena_alloc(op->arena, sizeof *counted);

    sql_queue_rows(op, MEASURED_BEFORE, key, &measurement_model, &rec->before);
    sql_queue_row(op, MEASURED_AFTER, key, AS(row_count, later), counted);
}

static void judge(struct op *op, struct recording *rec, const struct row_count *later)
{
    measuring_judge_one(op, &rec->by, &rec->measurement, &rec->before);
    rec->is_newest = later->count == 0;
}

/* --- A measurement --- */

void measurement_day_check(struct op *op, const char *field, struct timestamp day)
{
    struct timestamp first = timestamp_add_months(op->now, -12 * MEASUREMENT_YEARS_MAX);

    if (timestamp_day_before(timestamp_add_days(op->now, 1), day))
        op_invalid(op, field, "must not be in the future");
    else if (timestamp_day_before(day, first))
        op_invalid(op, field, "must be within %d years", MEASUREMENT_YEARS_MAX);
}

static void tell(struct op *op, struct recording *rec, struct measurement *before, bool replaced)
{
    struct measurement *after = &rec->measurement;

    if (replaced)
        op_event_changed(op, EVENT_KPI_MEASUREMENT_UPDATED, after->id, after->version,
                         AS(measurement, before), AS(measurement, after));
    else
        op_event(op, EVENT_KPI_MEASUREMENT_CREATED, after->id, after->version,
                 AS(measurement, after));
}

bool measurement_record(struct op *op, struct measurement *measurement, enum adjustment_wish wish,
                        struct recording *rec)
{
    struct row_id kpi = {measurement->kpi_id};
    struct month_reading month;
    struct measurement before;
    struct row_count later = {0};
    bool replaced = false, put = false;

    *rec = (struct recording){.wish = wish};
    measurement->id = uuid_v7();
    measurement->period = (struct month){month_of(measurement->day)};
    rec->measurement = *measurement;
    measuring_queue_kpi(op, kpi.id, true, &rec->by);
    sql_queue_row(op, MEASUREMENT_OF_DAY, AS(measurement, measurement), AS(measurement, &before),
                  &replaced);
    sql_queue_row(op, MEASUREMENT_PUT, AS(measurement, measurement),
                  AS(measurement, &rec->measurement), &put);
    month_reading_queue(op, measurement, &month);
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &kpi), &row_id_model, &rec->goals);
    measuring_queue_targets(op, kpi.id, &rec->by);
    measuring_queue_rest(op, kpi.id, &rec->by);
    queue_neighbours(op, rec, &later);
    if (!sql_wait(op))
        return false;
    if (!rec->by.found || !put)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    op->now = rec->measurement.updated_at;
    judge(op, rec, &later);
    if (month.changed)
        reading_tell(op, &rec->by.kpi.kpi, &month.reading, &rec->goals);
    if (!recording_decide(op, rec))
        return false;
    tell(op, rec, &before, replaced);
    return true;
}

/* --- A posted reading, of which the database makes a measurement --- */

static bool decide(struct op *op, struct recording *rec)
{
    struct row_count later = {0};

    measuring_queue_rest(op, rec->measurement.kpi_id, &rec->by);
    queue_neighbours(op, rec, &later);
    if (!sql_wait(op))
        return false;
    judge(op, rec, &later);
    return recording_decide(op, rec);
}

bool reading_post(struct op *op, struct reading *reading)
{
    struct row_id kpi = {reading->kpi_id};
    struct recording rec = {.wish = ADJUST_BY_RULE};
    struct reading kept;
    bool put = false, measured = false;

    reading->id = uuid_v7();
    measuring_queue_kpi(op, kpi.id, true, &rec.by);
    sql_queue_row(op, READING_PUT, AS(reading, reading), AS(reading, &kept), &put);
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &kpi), &row_id_model, &rec.goals);
    sql_queue_row(op, MEASUREMENT_POSTED, AS(reading, reading), AS(measurement, &rec.measurement),
                  &measured);
    measuring_queue_targets(op, kpi.id, &rec.by);
    if (!sql_wait(op))
        return false;
    if (!rec.by.found || !put)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    *reading = kept;
    reading_tell(op, &rec.by.kpi.kpi, reading, &rec.goals);
    return !measured || rec.by.targets.count == 0 || decide(op, &rec);
}
