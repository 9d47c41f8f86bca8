/* What the plans of KPIs expect, for the report. */
#ifndef TRACTION_REPORT_PLAN_H
#define TRACTION_REPORT_PLAN_H

#include "report_gathering.h"
#include "report_rows.h"

/* A KPI's target points and anchors, of which reports show months. */
struct target_row {
    struct uuid kpi_id;
    struct timestamp day;
    double value, optimal_value, minimal_value;
};
struct anchor_row {
    struct uuid kpi_id;
    struct timestamp day;
    double left_value, right_value;
    bool straight;
};
extern const struct model target_row_model, anchor_row_model;

/* Plans of the KPIs of a part: rows by KPI, in the order of the KPIs, and by day. */
struct plan_rows {
    struct list targets, anchors;
    size_t target, anchor; /* the first ones of the KPI whose turn it is */
};

/* The months of the plan of `kpi`, whose turn it is: struct report_expected, as many as a chart
 * shows; none before `from`, the month of the first reading that is shown (absent: none is). */
struct list report_plan(struct arena *arena, struct plan_rows *rows, const struct kpi_row *kpi,
                        struct month from);

#endif
