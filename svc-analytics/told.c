/* From an event to what is done with it. */
#include "told.h"

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
static const struct model stamp_model = MODEL("Stamp", stamp, stamp_fields);

void told_apply(struct op *op, const struct event *event, const struct told *table,
                enum service source)
{
    struct stamp stamp = {str_of(service_names[source]), event->id};

    for (; table->type; table++) {
        if (!str_equal(event->type, str_of(table->type)))
            continue;
        table->apply(op, event);
        sql_exec(op, STAMP, AS(stamp, &stamp));
        return;
    }
}
