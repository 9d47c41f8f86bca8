/* From an event to what is done with it. */
#include "projection.h"

#include "event.h"
#include "queries.h"

struct stamp {
    struct str source;
    struct uuid stamp;
};
static const struct field stamp_fields[] = {
    COLUMN(stamp, source),
    COLUMN(stamp, stamp),
};
const struct model stamp_model = MODEL("Stamp", stamp, stamp_fields);

void projection_apply(struct op *op, const struct consumed_event *event,
                      const struct projection *table, enum service source)
{
    struct stamp stamp = {str_of(service_names[source]), event->event.id};

    history_add(op, &event->event);
    while (table->type && !str_equal(event->event.type, str_of(table->type)))
        table++;
    if (table->type)
        table->apply(op, &event->event);
    if (event->last)
        sql_exec(op, STAMP, AS(stamp, &stamp));
}
