/* Readings in the body of a KPI, as whoever sends an answer back has them. */
#ifndef TRACTION_SENT_READINGS_H
#define TRACTION_SENT_READINGS_H

#include "kpis.h"
#include "op.h"

/* Gathers what of the body's `readings` differs from the newest ones that are stored: they are
 * recorded by a route of their own. Older ones, and ones that are not there any more, tell nothing.
 */
void sent_readings_check(struct op *op, const struct list *newest);

#endif
