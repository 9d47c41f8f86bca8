/* A new KPI, whoever makes it. */
#ifndef TRACTION_KPI_INSERT_H
#define TRACTION_KPI_INSERT_H

#include "kpis.h"
#include "op.h"

/* Gives it an id and what it does not say, writes and tells it. The limit has been checked. */
void kpi_insert(struct op *op, struct kpi *kpi);

#endif
