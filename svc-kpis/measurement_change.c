/* Changing and deleting what was measured. A posted reading is edited by its own route. */
#include "event_types.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "measurement_rows.h"
#include "queries.h"
#include "reading_event.h"
#include "recording.h"

static bool open_changeable(struct op *op, struct measuring *by, struct measurement *measurement)
{
    if (!measurement_open(op, true, by, measurement) || !op_version_ok(op, measurement->version))
        return false;
    return !measurement->is_posted ||
           op_fail_because(op, STATUS_CONFLICT,
                           "This is the reading of its month: it is changed by POST to "
                           "/kpis/{id}/readings");
}

static void reply_changed(struct op *op, struct measuring *by, struct measurement *before,
                          struct measurement *after)
{
    if (!measurement_judge(op, by, after))
        return;
    op_event_changed(op, EVENT_KPI_MEASUREMENT_UPDATED, after->id, after->version,
                     AS(measurement, before), AS(measurement, after));
    op_reply(op, AS(measurement, after), after->version);
}

/* PUT /kpis/{id}/actuals/{actualId}/override */
void kpi_actual_override(struct op *op)
{
    struct measurement_override body;
    struct measuring by;
    struct measurement before, after;
    struct month_reading month;
    struct list goals;

    if (!op_body(op, AS(measurement_override, &body)) || !open_changeable(op, &by, &before))
        return;
    after = before;
    after.adjusted_value = body.new_value;
    after.override_comment = body.comment;
    record_change(&after.record, op->now, op->request->user);
    sql_exec(op, MEASUREMENT_OVERRIDE, AS(measurement, &after));
    struct row_id kpi = {after.kpi_id};
    month_reading_queue(op, &after, &month);
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &kpi), &row_id_model, &goals);
    if (!sql_wait(op))
        return;
    if (month.changed)
        reading_tell(op, &by.kpi.kpi, &month.reading, &goals);
    reply_changed(op, &by, &before, &after);
}

/* POST /kpis/{id}/actuals/{actualId}/replan-trigger */
void kpi_replan_trigger(struct op *op)
{
    struct measurement_flag body;
    struct measuring by;
    struct measurement before, after;

    if (!op_body(op, AS(measurement_flag, &body)) || !measurement_open(op, true, &by, &before))
        return;
    after = before;
    after.is_flagged = body.exceeded;
    if (op_named(op, "autoAdjustmentApplied"))
        after.plan_adjusted = body.plan_adjusted;
    record_change(&after.record, op->now, op->request->user);
    sql_exec(op, MEASUREMENT_FLAG, AS(measurement, &after));
    reply_changed(op, &by, &before, &after);
}

/* The month falls back to what was recorded before it, or has no reading any more. */
static bool fall_back(struct op *op, const struct measuring *by,
                      const struct measurement *measurement)
{
    struct measurement any = *measurement;
    struct month_reading month;
    struct reading gone;
    struct row_id kpi = {any.kpi_id};
    struct list goals;
    bool removed = false;

    any.day = TIMESTAMP_NONE;
    sql_queue_row(op, READING_UNMEASURED, AS(measurement, &any), AS(reading, &gone), &removed);
    month_reading_queue(op, &any, &month);
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &kpi), &row_id_model, &goals);
    if (!sql_wait(op))
        return false;
    if (month.changed)
        reading_tell(op, &by->kpi.kpi, &month.reading, &goals);
    if (removed)
        reading_tell_removed(op, &by->kpi.kpi, &gone, &goals);
    return true;
}

/* DELETE /kpis/{id}/actuals/{actualId} */
void kpi_actual_delete(struct op *op)
{
    struct measuring by;
    struct measurement measurement;
    struct row_id counting;
    bool counted = false;

    if (!open_changeable(op, &by, &measurement))
        return;
    sql_queue_row(op, MEASUREMENT_COUNTING, AS(measurement, &measurement), AS(row_id, &counting),
                  &counted);
    if (!measurement_judge(op, &by, &measurement))
        return;
    struct row_id key = {measurement.id};
    sql_exec(op, MEASUREMENT_DELETE, AS(row_id, &key));
    if (counted && uuid_equal(counting.id, key.id) && !fall_back(op, &by, &measurement))
        return;
    record_change(&measurement.record, op->now, op->request->user);
    op_event(op, EVENT_KPI_MEASUREMENT_DELETED, key.id, measurement.version,
             AS(measurement, &measurement));
    op_reply_deleted(op, key.id);
}
