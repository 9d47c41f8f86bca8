/* Projections: each event of another service updates rows here and, where it is shown to people,
 * adds an entry to the feed. Unknown event types and unknown fields are ignored, so that the other
 * services can be upgraded first. */
#ifndef TRACTION_PROJECTION_H
#define TRACTION_PROJECTION_H

#include "service.h"

void goals_project(struct op *op, struct consumed_event *event);      /* goals_projection.c */
void kpis_project(struct op *op, struct consumed_event *event);       /* kpis_projection.c */
void operations_project(struct op *op, struct consumed_event *event); /* operations_projection.c */

/* plans_projection.c: for kpis_project */
void target_put(struct op *op, const struct event *event);
void target_deleted(struct op *op, const struct event *event);
void plan_adjusted(struct op *op, const struct event *event);
void plan_replaced(struct op *op, const struct event *event);

/* history.c: the event's row in the history. */
void history_add(struct op *op, const struct event *event);

/* projection.c: a type of event and what is done with it. */
struct projection {
    const char *type;
    void (*apply)(struct op *op, const struct event *event);
};
/* Adds the event to the history and does what the table (which ends with a NULL type) says. With
 * the last event of a tenant in the transaction it notes that the tenant's figures have changed by
 * events of `source`. */
void projection_apply(struct op *op, const struct consumed_event *event,
                      const struct projection *table, enum service source);

#endif
