/* Projections: each event of another service updates rows here and, where it is shown to people,
 * adds an entry to the feed. Unknown event types and unknown fields are ignored, so that the other
 * services can be upgraded first. */
#ifndef TRACTION_TOLD_H
#define TRACTION_TOLD_H

#include "service.h"

void goals_told(struct op *op, struct consumed_event *event);      /* goals_told.c */
void kpis_told(struct op *op, struct consumed_event *event);       /* kpis_told.c */
void operations_told(struct op *op, struct consumed_event *event); /* operations_told.c */

/* told.c: a type of event and what is done with it. */
struct told {
    const char *type;
    void (*apply)(struct op *op, const struct event *event);
};
/* Does what the table (which ends with a NULL type) says. With the last event of a tenant in the
 * transaction it notes that the tenant's figures have changed by events of `source`. */
void told_apply(struct op *op, const struct consumed_event *event, const struct told *table,
                enum service source);

#endif
