/* Target points: where a KPI should be on some days. They make its plan; docs/kpis.md defines what
 * is expected between them. */
#ifndef TRACTION_TARGET_POINTS_H
#define TRACTION_TARGET_POINTS_H

#include "kpis.h"
#include "plan_periods.h"

enum { TARGET_POINTS_MAX = 200, TARGET_YEARS_MAX = 100 /* from today, either way */ };

/* What has become of a target point, by the KPI's readings. */
enum target_status {
    TARGET_NOT_STARTED = 1, /* later than the next */
    TARGET_IN_PROGRESS,     /* the next one that is not reached */
    TARGET_ACHIEVED,        /* the value was reached on its day or before */
    TARGET_MISSED,          /* the day has passed without that */
};
/* Which of a point's three values is meant. */
enum target_subtype { TARGET_EXPECTED = 1, TARGET_OPTIMAL, TARGET_MINIMAL };
enum data_category { DATA_TARGET = 1 };

struct target_point {
    struct uuid id, kpi_id;
    struct timestamp day; /* one point per KPI and day */
    double value;
    double optimal_value, minimal_value; /* absent: none */
    struct timestamp period_start;       /* a day */
    struct str label, rationale;
    double confidence; /* 0 to 100, not interpreted */
    enum data_category category;
    enum target_status status;
    double best; /* of what counts on its day or before, in the KPI's direction; NaN: nothing.
                    Comes with the row; status is made of it */
    RECORD_MEMBERS;
};
extern const struct model target_point_model;

/* What a body says of a point. */
struct target_input {
    struct uuid id; /* of one that is there */
    struct timestamp day;
    double value, optimal_value, minimal_value;
    struct timestamp period_start;
    struct str label, rationale;
    double confidence;
    enum target_subtype subtype; /* what `value` is for */
};
extern const struct model target_input_model;

struct milestones_input {
    struct packed milestones; /* target_input each, read one by one: what is absent is kept */
    bool replace_all;
    enum interpolation interpolation_method;
};
struct targets_input {
    struct packed targets; /* likewise */
};
extern const struct model milestones_input_model, targets_input_model;

struct targets_query {
    enum target_subtype subtype; /* points that have that value */
};
extern const struct model targets_query_model;

struct plan_query {
    enum granularity granularity;
};
extern const struct model plan_query_model;

/* A period as answered. */
struct plan_period_shown {
    enum granularity type;
    struct timestamp first, last; /* days */
    double start_value, end_value, delta, growth;
    struct uuids points; /* that it was computed from */
};
extern const struct model plan_period_shown_model;

/* GET .../plan */
struct kpi_plan {
    struct plan_kpi {
        struct uuid id;
        struct str name, unit;
        enum kpi_direction direction;
        double current_value;
        struct timestamp current_date;
        enum interpolation interpolation_method;
    } kpi;
    struct list milestones; /* struct target_point, by day */
    struct list periods;    /* struct plan_period_shown */
    struct packed
        trajectory; /* {method, totalChange, averageMonthlyGrowth}; absent without points */
};
extern const struct model kpi_plan_model;

/* What PUT .../milestones answers. */
struct plan_changed {
    struct list milestones; /* all of them, by day */
    struct plan_overview {
        struct list monthly, quarterly, yearly; /* struct plan_period_shown */
    } periods;
    struct plan_impact {
        int64_t changed_milestones;     /* added, changed and removed ones */
        int64_t affected_periods;       /* months that end with another value than before */
        struct packed cross_goal_alert; /* {goalCount, goalIds, message}; absent below two goals */
    } impact;
};
extern const struct model plan_changed_model;

#endif
