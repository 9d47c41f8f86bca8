/* What is told when the reading of a month has changed. */
#ifndef TRACTION_READING_EVENT_H
#define TRACTION_READING_EVENT_H

#include "kpis.h"
#include "op.h"

/* Publishes the reading as it is kept now; `goals` (struct row_id) are those that are linked to the
 * KPI. Before the answer svc-goals is called to write the entries of their feeds. Sets op->now,
 * since who had to wait comes after whoever wrote the value that is replaced, in feeds as well. */
void reading_tell(struct op *op, const struct reading_event_kpi *kpi, const struct reading *reading,
                  const struct list *goals);
/* Publishes that the month has none any more. */
void reading_tell_removed(struct op *op, const struct reading_event_kpi *kpi,
                          const struct reading *reading, const struct list *goals);

#endif
