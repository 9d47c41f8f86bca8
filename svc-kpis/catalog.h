/* KPIs that are made from an entry of the catalogue. */
#ifndef TRACTION_CATALOG_H
#define TRACTION_CATALOG_H

#include "kpis.h"
#include "op.h"

/* What a new KPI does not say is as in the entry that its catalogId names. Before the transaction
 * begins. Finds what is wrong, for op_valid: an entry that there is not, and what is missing. */
bool catalog_complete(struct op *op, struct kpi *kpi);

/* Whether the catalogId of a changed KPI is an entry's, or what it was; for op_valid. */
bool catalog_check(struct op *op, const struct kpi *before, struct kpi *kpi);

/* The tenant's KPI of that entry: the oldest, or one that is made now. False when there is no such
 * entry, or after a fault. */
bool catalog_take(struct op *op, struct uuid entry, struct uuid *kpi);

#endif
