/* What the plans of many KPIs expect on a day each, at the cost of one statement: of each plan only
 * the points on both sides of that day are read. */
#ifndef TRACTION_PLAN_AROUND_H
#define TRACTION_PLAN_AROUND_H

#include "op.h"
#include "plan.h"

/* Of which KPIs, and on which days. */
struct plans_asked {
    struct uuids ids;
    struct texts days;
};
struct plans_asked plans_asked_new(struct op *op, size_t room);
/* One more; none without a day. */
void plans_ask(struct op *op, struct plans_asked *asked, struct uuid kpi, struct timestamp day);

/* Reads them; for plan_around_expected. */
bool plans_around_read(struct op *op, struct plans_asked *asked, struct list *around);

/* E(day), where `day` is the one that was asked for. NaN without a plan or a day. */
double plan_around_expected(const struct list *around, struct uuid kpi, enum interpolation method,
                            struct plan_start start, struct timestamp day);

#endif
