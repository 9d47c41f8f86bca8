/* What the plans of many KPIs expect on the days of their current values, at the cost of one
 * statement: of each plan only the points on both sides of that day are read. */
#ifndef TRACTION_PLAN_AROUND_H
#define TRACTION_PLAN_AROUND_H

#include "op.h"
#include "plan.h"

/* Reads them; for plan_around_expected. */
bool plans_around_read(struct op *op, struct uuids kpis, struct list *around);

/* E(day), where `day` is that of the KPI's current value. NaN without a plan or a value. */
double plan_around_expected(const struct list *around, struct uuid kpi, enum interpolation method,
                            struct plan_start start, struct timestamp day);

#endif
