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
struct reading_part {
    struct uuid id;
    struct month period;
    double value, adjusted_value;
    struct timestamp updated_at;
    struct str updated_by;
};
static const struct field reading_part_fields[] = {
    FIELD(reading_part, id, "id", .flags = FIELD_REQUIRED),
    FIELD(reading_part, period, "period", .flags = FIELD_REQUIRED),
    FIELD(reading_part, value, "value", .flags = FIELD_REQUIRED),
    FIELD(reading_part, adjusted_value, "adjustedValue"),
    FIELD(reading_part, updated_at, "updatedAt", .flags = FIELD_REQUIRED),
    FIELD(reading_part, updated_by, "updatedBy", .flags = FIELD_REQUIRED),
};
static const struct model reading_part_model =
    MODEL("ReadingPart", reading_part, reading_part_fields);

struct kpi_part {
    struct uuid id;
};
static const struct field kpi_part_fields[] = {
    FIELD(kpi_part, id, "id", .flags = FIELD_REQUIRED),
};
static const struct model kpi_part_model = MODEL("KPIPart", kpi_part, kpi_part_fields);

struct reading_told {
    struct reading_part reading;
    struct kpi_part kpi;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
static const struct field reading_told_fields[] = {
    OBJECT(reading_told, reading, "reading", &reading_part_model, .flags = FIELD_REQUIRED),
    OBJECT(reading_told, kpi, "kpi", &kpi_part_model, .flags = FIELD_REQUIRED),
    FIELD(reading_told, goal_ids, "goalIds", .most = 1e9),
    FIELD(reading_told, activity_ids, "activityIds", .most = 1e9),
    FIELD(reading_told, title, "title"),
    FIELD(reading_told, text, "text", .flags = FIELD_REQUIRED),
};
static const struct model reading_told_model =
    MODEL("ReadingTold", reading_told, reading_told_fields);

/* {"kpiId", "readingId", "period", "value", "adjustedValue"} */
static struct packed metadata_of(struct op *op, const struct reading_told *told)
{
    struct buffer out = buffer_in(op->arena, 256);
    char month[8];

    month_format(told->reading.period.number, month);
    pack_map(&out, 5);
    pack_key(&out, "kpiId");
    pack_uuid(&out, told->kpi.id);
    pack_key(&out, "readingId");
    pack_uuid(&out, told->reading.id);
    pack_key(&out, "period");
    pack_text(&out, str_of(month));
    pack_key(&out, "value");
    pack_double(&out, told->reading.value);
    pack_key(&out, "adjustedValue");
    pack_double(&out, told->reading.adjusted_value);
    return (struct packed){buffer_str(&out)};
}

static void add_entries(struct op *op)
{
    struct reading_told told;

    if (!op_body(op, AS(reading_told, &told)))
        return;
    if (told.goal_ids.count != told.activity_ids.count) {
        op_fail(op, STATUS_INVALID_REQUEST);
        return;
    }
    struct entries_input input = {
        .ids = told.activity_ids,
        .goal_ids = told.goal_ids,
        .title = told.title,
        .text = told.text,
        .author = told.reading.updated_by,
        .metadata = metadata_of(op, &told),
        .at = told.reading.updated_at,
    };
    if (told.goal_ids.count > 0)
        sql_exec(op, ACTIVITY_INSERT_MANY, AS(entries_input, &input));
}

void reading_told(struct op *op, struct consumed_event *event)
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
