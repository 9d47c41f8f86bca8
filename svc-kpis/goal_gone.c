/* A goal was deleted: its links go with it, and no new one is made. */
#include "event.h"
#include "kpi_handlers.h"
#include "queries.h"

struct gone {
    struct uuid goal_id;
};
static const struct field gone_fields[] = {COLUMN(gone, goal_id)};
static const struct model gone_model = MODEL("Gone", gone, gone_fields);

void goal_gone(struct op *op, struct consumed_event *event)
{
    struct gone gone = {event->event.entity};

    sql_exec(op, GOAL_LOCK, AS(gone, &gone));
    sql_exec(op, GOAL_DELETED_ADD, AS(gone, &gone));
    sql_exec(op, LINKS_OF_GOAL_DELETE, AS(gone, &gone));
}
