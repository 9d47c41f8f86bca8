/* What a chart of a KPI shows: its target points and measurements, and what the plan expects. */
#ifndef TRACTION_KPI_SERIES_H
#define TRACTION_KPI_SERIES_H

#include "measurements.h"
#include "target_points.h"

enum { SERIES_ACTUALS_MAX = 1000 /* the newest */ };

struct series_query {
    struct timestamp start_date, end_date; /* days, inclusive */
};
extern const struct model series_query_model;

struct series_point {
    struct timestamp date;
    double value;
    struct str label; /* of target points */
};

struct kpi_series {
    struct uuid kpi_id;
    struct series_kpi {
        struct uuid id;
        struct str name, unit;
        enum kpi_direction direction;
        enum aggregation_period aggregation_period;
        int64_t aggregation_period_count;
    } kpi;
    struct list targets; /* struct target_point, by day */
    struct series_targets {
        struct list expected, optimal, minimal; /* struct series_point, by day */
    } target_series;
    struct list actuals;                  /* struct measurement, newest day first */
    struct packed latest_actual;          /* the first of them; absent: none */
    struct list interpolated;             /* struct series_point: month ends */
    int64_t total_targets, total_actuals; /* of the days that were asked for */
    struct series_summary {
        double latest_value;
        struct timestamp latest_date;
        double expected, variance, variance_percentage; /* on that day; today without any */
        enum performance_status status;
    } summary;
};
extern const struct model kpi_series_model;

#endif
