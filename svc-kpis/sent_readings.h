/* Readings in the body of a KPI: clients send whole objects back as they were answered. */
#ifndef TRACTION_SENT_READINGS_H
#define TRACTION_SENT_READINGS_H

#include "kpis.h"
#include "op.h"

/* Reports an error for each of the body's `readings` that differs from the newest stored ones,
 * since readings are changed by their own route. Older ones, and ones that no longer exist, are
 * ignored. */
void sent_readings_check(struct op *op, const struct list *newest);

#endif
