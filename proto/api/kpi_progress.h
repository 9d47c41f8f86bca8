/* The progress of a KPI for a goal. All services compute it by these functions. */
#ifndef TRACTION_KPI_PROGRESS_H
#define TRACTION_KPI_PROGRESS_H

#include "goals.h"

/* Percent of the way from `baseline` to `target` that `current` has gone, within 0 to 100, rounded
 * as percentages are. 0
 * without a current value or a target (NaN). Where the two ends are the same: 100 once `current` is
 * there or beyond in the KPI's direction, else 0. */
double kpi_progress(enum kpi_direction direction, double baseline, double target, double current);

/* Fills progress and on_track from what the row holds. */
void goal_kpi_complete(struct goal_kpi *link);

/* Mean progress of the links that have a target; NaN when none has. */
double goal_kpis_progress(const struct goal_kpi *links, size_t count);

#endif
