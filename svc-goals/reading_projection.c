/* A KPI got a reading: adds an entry to the feed of every goal it is linked to. The entries are
 * written by the event, which is certain to arrive, or by the call of a service that has to wait
 * for them, whichever comes first. Streams show the event itself, so the entries have no events. */
#include <math.h>

#include "activity_entry.h"
#include "event.h"
#include "goal_handlers.h"
#include "kpis.h"
#include "queries.h"

/* The parts of a kpi.reading.created (struct reading_event) that entries need. */
struct reading_values {
    struct uuid id;
    struct month period;
    double value, adjusted_value;
    struct timestamp updated_at;
    struct str updated_by;
};
static const struct field reading_values_fields[] = {
    FIELD(reading_values, id, "id", .flags = FIELD_REQUIRED),
    FIELD(reading_values, period, "period", .flags = FIELD_REQUIRED),
    FIELD(reading_values, value, "value", .flags = FIELD_REQUIRED),
    FIELD(reading_values, adjusted_value, "adjustedValue"),
    FIELD(reading_values, updated_at, "updatedAt", .flags = FIELD_REQUIRED),
    FIELD(reading_values, updated_by, "updatedBy", .flags = FIELD_REQUIRED),
};
static const struct model reading_values_model =
    MODEL("ReadingPart", reading_values, reading_values_fields);

struct reading_kpi {
    struct uuid id;
};
static const struct field reading_kpi_fields[] = {
    FIELD(reading_kpi, id, "id", .flags = FIELD_REQUIRED),
};
static const struct model reading_kpi_model = MODEL("KPIPart", reading_kpi, reading_kpi_fields);

struct recorded_reading {
    struct reading_values reading;
    struct reading_kpi kpi;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
static const struct field recorded_reading_fields[] = {
    OBJECT(recorded_reading, reading, "reading", &reading_values_model, .flags = FIELD_REQUIRED),
    OBJECT(recorded_reading, kpi, "kpi", &reading_kpi_model, .flags = FIELD_REQUIRED),
    FIELD(recorded_reading, goal_ids, "goalIds", .max = 1e9),
    FIELD(recorded_reading, activity_ids, "activityIds", .max = 1e9),
    FIELD(recorded_reading, title, "title"),
    FIELD(recorded_reading, text, "text", .flags = FIELD_REQUIRED),
};
static const struct model recorded_reading_model =
    MODEL("ReadingTold", recorded_reading, recorded_reading_fields);

/* {"kpiId", "readingId", "period", "value", "adjustedValue"} */
static struct packed metadata_of(struct op *op, const struct recorded_reading *recorded)
{
    struct buffer out = buffer_in(op->arena, 256);
    char month[8];

    month_format(recorded->reading.period.number, month);
    pack_map(&out, 5);
    pack_key(&out, "kpiId");
    pack_uuid(&out, recorded->kpi.id);
    pack_key(&out, "readingId");
    pack_uuid(&out, recorded->reading.id);
    pack_key(&out, "period");
    pack_text(&out, str_of(month));
    pack_key(&out, "value");
    pack_double(&out, recorded->reading.value);
    pack_key(&out, "adjustedValue");
    pack_double(&out, recorded->reading.adjusted_value);
    return (struct packed){buffer_str(&out)};
}

static void add_entries(struct op *op)
{
    struct recorded_reading recorded;

    if (!op_body(op, AS(recorded_reading, &recorded)))
        return;
    if (recorded.goal_ids.count != recorded.activity_ids.count) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    struct entries_input input = {
        .ids = recorded.activity_ids,
        .goal_ids = recorded.goal_ids,
        .title = recorded.title,
        .text = recorded.text,
        .author = recorded.reading.updated_by,
        .metadata = metadata_of(op, &recorded),
        .at = recorded.reading.updated_at,
    };
    if (recorded.goal_ids.count > 0)
        sql_exec(op, ACTIVITY_INSERT_MANY, AS(entries_input, &input));
}

void reading_project(struct op *op, const struct event *event)
{
    (void)event;
    add_entries(op);
}

/* addReadingEntries: a leaf. */
void reading_entries_add(struct op *op)
{
    add_entries(op);
    op_reply_packed(op, STR_NONE, -1);
}
