/* A plan by calendar periods, and its course as a whole, as docs/kpis.md defines them. */
#ifndef TRACTION_PLAN_PERIODS_H
#define TRACTION_PLAN_PERIODS_H

#include "plan_path.h"

enum granularity {
    GRANULARITY_DAILY = 1,
    GRANULARITY_WEEKLY, /* from Monday to Sunday */
    GRANULARITY_MONTHLY,
    GRANULARITY_QUARTERLY,
    GRANULARITY_YEARLY,
};

enum { PLAN_PERIODS_MAX = 1000 };

/* Figures are rounded as they are answered. */
struct plan_period {
    struct timestamp first, last; /* days */
    double start_value, end_value, delta;
    double growth; /* percent; NaN from 0 */
};

/* From the period that holds the day after the path's first point to the one that holds its last
 * point. `periods` has room for PLAN_PERIODS_MAX. The count; 0 without points or when there is but
 * one; PLAN_PERIODS_MAX + 1 when there are more. */
size_t plan_periods(const struct plan_path *path, enum granularity granularity,
                    struct plan_period *periods);

/* Which of the sorted targets a period was computed from: those in it, and the next ones outside
 * where none lies on the edge. */
struct plan_bracket {
    size_t first, count;
};
struct plan_bracket plan_bracket(const struct plan_parts *parts, const struct plan_period *period);

/* From the first to the last point. */
double plan_total_change(const struct plan_path *path);
/* Percent of the first value, in the mean of the months of plan_periods; NaN from 0 or without
 * months. */
double plan_monthly_growth(const struct plan_path *path);

#endif
