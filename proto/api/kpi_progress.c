/* Progress of a KPI towards its target. */
#include "kpi_progress.h"

#include <math.h>

#include "percent.h"

/* The completed part of the way from baseline to target. With huge numbers the differences may
 * overflow a double; halving each number is exact and gives the same quotient. */
static double part_of_way(double baseline, double target, double current)
{
    double gone = current - baseline, way = target - baseline;

    if (!isfinite(gone) || !isfinite(way)) {
        gone = current / 2 - baseline / 2;
        way = target / 2 - baseline / 2;
    }
    return gone / way;
}

double kpi_progress(enum kpi_direction direction, double baseline, double target, double current)
{
    if (isnan(current) || isnan(target))
        return 0;
    if (isnan(baseline))
        baseline = current; /* the earliest reading is the baseline, so there was none before */
    if (target <= baseline && target >= baseline) {
        bool there = direction == KPI_DOWN ? current <= target : current >= target;
        return there ? 100 : 0;
    }
    double progress = percent_rounded(part_of_way(baseline, target, current) * 100);
    return progress > 100 ? 100 : progress > 0 ? progress : 0;
}

void goal_kpi_complete(struct goal_kpi *link)
{
    link->progress = kpi_progress(link->direction, link->baseline_value, link->target_value,
                                  link->current_value);
    link->on_track = percent_reaches(link->progress, link->threshold);
}

double goal_kpis_progress(const struct goal_kpi *links, size_t count)
{
    double sum = 0;
    size_t counted = 0;

    for (size_t i = 0; i < count; i++) {
        if (isnan(links[i].target_value))
            continue;
        sum += links[i].progress;
        counted++;
    }
    return counted > 0 ? percent_rounded(sum / (double)counted) : (double)NAN;
}
