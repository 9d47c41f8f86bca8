/* A goal was deleted: its links go with it, and no new one is made. */
#include "event.h"
#include "kpi_handlers.h"
#include "queries.h"

struct deleted_goal {
    struct uuid goal_id;
};
static const struct field deleted_goal_fields[] = {COLUMN(deleted_goal, goal_id)};
static const struct model deleted_goal_model = MODEL("Gone", deleted_goal, deleted_goal_fields);

void goal_deleted(struct op *op, struct consumed_event *event)
{
    struct deleted_goal goal = {event->event.entity};

    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(deleted_goal, &goal));
    sql_exec(op, GOAL_DELETED_ADD, AS(deleted_goal, &goal));
    sql_exec(op, LINKS_OF_GOAL_DELETE, AS(deleted_goal, &goal));
}
