/* Rows and parameters of the report's statements, and the figures as the report has them. */
#ifndef TRACTION_REPORT_ROWS_H
#define TRACTION_REPORT_ROWS_H

#include "figures.h"
#include "model.h"

struct report_page {
    int64_t max, skip;
    struct uuids ids;
    struct timestamp from, until; /* of the period; `until` is not within */
    struct month from_month, to_month;
};
extern const struct model report_page_model;

struct goal_row {
    struct uuid id;
    struct str title, owner_name, status, horizon;
    struct timestamp due_date, completed_at,
        cancelled_at;       /* the latter within the period or before */
    int64_t strategy_bytes; /* of their descriptions */
};
extern const struct model goal_row_model;

struct strategy_row {
    struct uuid goal_id;
    struct str description, status;
};
extern const struct model strategy_row_model;

struct kpi_row {
    struct uuid id;
    struct str name, unit, direction;
    double target, baseline;
    int64_t readings_total;
    struct str interpolation_method; /* of its plan, which begins there: */
    double start_value;
    struct timestamp start_day;
};
extern const struct model kpi_row_model;

struct kpi_name_row {
    struct uuid id;
    struct str name, unit, owner_name;
};
extern const struct model kpi_name_row_model;

struct goal_late_row {
    struct uuid goal_id;
    int64_t late; /* actions past their due dates */
};
extern const struct model goal_late_row_model;

struct action_counts_row {
    int64_t open, overdue, completed, opened;
};
extern const struct model action_counts_row_model;

struct issue_counts_row {
    int64_t open, critical, closed, opened;
};
extern const struct model issue_counts_row_model;

struct kpi_goal_row { /* a link as its KPI shows it */
    struct uuid kpi_id;
    double threshold, target_value;
    struct str title; /* of the goal; absent when it was deleted */
};
extern const struct model kpi_goal_row_model;

struct reading_row {
    struct uuid kpi_id;
    struct month period;
    double value;
    bool is_estimate;
};
extern const struct model reading_row_model;

/* Appends score, stats and alignment with their keys; answers how many. */
size_t report_pack_figures(struct arena *arena, const struct figures *figures, struct buffer *out);

#endif
