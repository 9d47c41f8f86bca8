/* A reading's event, from which svc-goals adds an entry to the feed of every linked goal: the event
 * is committed with the reading, so no entry is lost. Before the answer svc-goals is called to
 * write the entries, so that they can be read once the answer has arrived. */
#include "reading_event.h"

#include <math.h>

#include "event_types.h"
#include "json.h"
#include "lookup.h"

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

void reading_tell(struct op *op, const struct reading_event_kpi *kpi, const struct reading *reading,
                  const struct list *goals)
{
    struct reading_event event = {
        .reading = *reading, .kpi = *kpi, .day = reading->day, .is_estimate = reading->is_estimate};

    op->now = reading->updated_at;
    event.goal_ids = ids_of(op->arena, goals->items, goals->count, sizeof(struct row_id));
    event.activity_ids = ids_new(op->arena, goals->count);
    event.title = STR("KPI Updated");
    event.text = readable(op, &event);
    struct buffer data = buffer_in(op->arena, 1024 + goals->count * 80);
    model_pack(AS(reading_event, &event), &data);
    op_event_packed(op, EVENT_KPI_READING_CREATED, reading->id, reading->version,
                    buffer_str(&data));
    if (goals->count > 0)
        op_call_after(op, "addReadingEntries", buffer_str(&data));
}

void reading_tell_removed(struct op *op, const struct reading_event_kpi *kpi,
                          const struct reading *reading, const struct list *goals)
{
    struct reading_removed removed = {
        .reading = *reading,
        .kpi = *kpi,
        .goal_ids = ids_of(op->arena, goals->items, goals->count, sizeof(struct row_id)),
    };

    op_event(op, EVENT_KPI_READING_REMOVED, reading->id, reading->version + 1,
             AS(reading_removed, &removed));
}
