/* A KPI got a reading: an entry in the feed of every goal it is linked to. The event itself is what
 * the streams show, so the entries have no events of their own. */
#include "activity_entry.h"
#include "event.h"
#include "goal_handlers.h"
#include "kpis.h"
#include "queries.h"

/* {"kpiId", "readingId", "period", "value", "adjustedValue"} */
static struct packed metadata_of(struct op *op, const struct reading_event *told, struct uuid id)
{
    struct buffer out = buffer_in(op->arena, 256);
    char month[8];

    month_format(told->reading.period.number, month);
    pack_map(&out, 5);
    pack_key(&out, "kpiId");
    pack_uuid(&out, told->kpi.id);
    pack_key(&out, "readingId");
    pack_uuid(&out, id);
    pack_key(&out, "period");
    pack_text(&out, str_of(month));
    pack_key(&out, "value");
    pack_double(&out, told->reading.value);
    pack_key(&out, "adjustedValue");
    pack_double(&out, told->reading.adjusted_value);
    return (struct packed){buffer_str(&out)};
}

void reading_told(struct op *op, struct consumed_event *event)
{
    struct reading_event told;

    if (!op_body(op, AS(reading_event, &told)))
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
        .metadata = metadata_of(op, &told, event->event.entity),
    };
    if (told.goal_ids.count > 0)
        sql_exec(op, ACTIVITY_INSERT_MANY, AS(entries_input, &input));
}
