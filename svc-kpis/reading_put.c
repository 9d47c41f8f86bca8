/* A reading and its event, from which svc-goals adds an entry to the feed of every linked goal: the
 * event is committed with the reading, so no entry is lost. Before the answer svc-goals is called
 * to write the entries, so that they can be read once the answer has arrived. */
#include "reading_put.h"
#include "event_types.h"

#include <math.h>

#include "json.h"
#include "lookup.h"
#include "queries.h"

static const struct field kpi_row_fields[] = {
    COLUMN(reading_event_kpi, id),
    COLUMN(reading_event_kpi, name),
    COLUMN(reading_event_kpi, unit),
    FIELD(reading_event_kpi, direction, "direction", .flags = FIELD_INTERNAL,
          .enum_names = &kpi_direction_names),
};
const struct model kpi_row_model = MODEL("KPIRow", reading_event_kpi, kpi_row_fields);

static struct str number_text(struct op *op, double value, struct str unit)
{
    char text[32];
    int size = (int)double_format(value, text);

    return arena_printf(op->arena, "%.*s%s" STR_FMT, size, text, unit.size > 0 ? " " : "",
                        STR_ARG(unit));
}

/* "Revenue: 42.5 EUR in 2025-01 (measured: 40 EUR). Late invoices" */
static struct str readable(struct op *op, const struct reading_event *event)
{
    const struct reading *reading = &event->reading;
    struct str measured = number_text(op, reading->value, event->kpi.unit), aside = STR("");
    struct str counts = measured;
    char month[8];

    if (!isnan(reading->adjusted_value)) {
        counts = number_text(op, reading->adjusted_value, event->kpi.unit);
        aside = arena_printf(op->arena, " (measured: " STR_FMT ")", STR_ARG(measured));
    }
    month_format(reading->period.number, month);
    return arena_printf(op->arena, STR_FMT ": " STR_FMT " in %s" STR_FMT "%s" STR_FMT,
                        STR_ARG(event->kpi.name), STR_ARG(counts), month, STR_ARG(aside),
                        reading->reason.size > 0 ? ". " : "", STR_ARG(reading->reason));
}

static void publish(struct op *op, struct reading_event *event)
{
    event->activity_ids = (struct uuids){
        arena_array(op->arena, event->goal_ids.count, sizeof(struct uuid)), event->goal_ids.count};
    for (size_t i = 0; i < event->goal_ids.count; i++)
        event->activity_ids.items[i] = uuid_v7();
    event->title = STR("KPI Updated");
    event->text = readable(op, event);
    struct buffer data = buffer_in(op->arena, 1024 + event->goal_ids.count * 80);
    model_pack(AS(reading_event, event), &data);
    op_event_packed(op, EVENT_KPI_READING_CREATED, event->reading.id, event->reading.version,
                    buffer_str(&data));
    if (event->goal_ids.count > 0)
        op_call_after(op, "addReadingEntries", buffer_str(&data));
}

bool reading_put(struct op *op, struct reading *reading)
{
    struct row_id key = {reading->kpi_id};
    struct reading_event event;
    struct list goals = {NULL, 0};
    bool found = false, put = false;

    model_clear(AS(reading_event, &event));
    reading->id = uuid_v7();
    sql_queue_row(op, KPI_FOR_NO_KEY_UPDATE, AS(row_id, &key),
                  (struct bound){&kpi_row_model, &event.kpi}, &found);
    sql_queue_row(op, READING_PUT, AS(reading, reading), AS(reading, &event.reading), &put);
    sql_exec(op, KPI_VALUES_STORE, AS(row_id, &key));
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &key), &row_id_model, &goals);
    if (!sql_wait(op))
        return false;
    if (!found || !put)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    /* Who had to wait comes after whoever wrote the value that is replaced, in the feeds as well.
     */
    op->now = event.reading.updated_at;
    event.goal_ids = ids_of(op->arena, goals.items, goals.count, sizeof(struct row_id));
    publish(op, &event);
    *reading = event.reading;
    return true;
}
