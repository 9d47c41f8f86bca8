/* Measurements against the plan of their KPI: variances, and what re-planning makes of them. All
 * are computed when they are read, because they change with the plan. */
#ifndef TRACTION_MEASUREMENT_VARIANCE_H
#define TRACTION_MEASUREMENT_VARIANCE_H

#include "measurements.h"
#include "plan_path.h"
#include "replan_rules.h"

struct measured_against {
    enum kpi_direction direction;
    const struct plan_path *path;
    const struct plan_point *targets; /* by day */
    size_t target_count;
    double threshold; /* percent, and how many in a row: of the KPI's rule */
    int64_t misses;
    const struct timestamp *adjusted; /* days from which the plan was adjusted, ascending: counting
                                         starts anew behind each */
    size_t adjusted_count;
};

/* How many measured ones before a measurement judging it needs. */
enum { JUDGED_BEFORE = REPLAN_MISSES_MAX - 1 };

/* Computes what is computed of the first `count` of `items`, newest day first. There are `known`
 * items: behind those that are judged come the JUDGED_BEFORE measured ones before them, if there
 * are so many. */
void measurements_judge(const struct measured_against *against, struct measurement *items,
                        size_t known, size_t count);

/* Whether it is worse than expected by more than the threshold. Judged ones only. */
bool measurement_is_miss(const struct measurement *measurement);

#endif
