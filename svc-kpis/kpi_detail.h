/* One KPI as GET /kpis/{id}, POST and PUT answer it. */
#ifndef TRACTION_KPI_DETAIL_H
#define TRACTION_KPI_DETAIL_H

#include "kpis.h"
#include "op.h"

/* `readings` are its newest, newest first. */
void kpi_reply_detail(struct op *op, const struct kpi *kpi, struct list readings);

#endif
