/* Measurements: what a KPI was on some days, and how far that is from what its plan expects. Of a
 * month's measurements one counts and is the month's reading (docs/kpis.md). */
#ifndef TRACTION_MEASUREMENTS_H
#define TRACTION_MEASUREMENTS_H

#include "kpis.h"

enum { MEASUREMENT_YEARS_MAX = 100 /* back from today */, MEASUREMENTS_PAGE_MAX = 500 };

enum measurement_subtype { MEASURED = 1, ESTIMATE };
/* How it was recorded against the plan. */
enum performance_status {
    PERFORMANCE_ACHIEVED = 1, /* reaches the value of the next target point, or its day's */
    PERFORMANCE_ON_TRACK,     /* as expected, better, or worse within the threshold of the rule */
    PERFORMANCE_AT_RISK,      /* within twice the threshold */
    PERFORMANCE_OFF_TRACK,
};
/* What a body says is to be done when a measurement is far from the plan. */
enum adjustment_wish {
    ADJUST_BY_RULE,  /* not said: as the KPI's rule says */
    ADJUST_NONE,     /* neither adjust nor suggest */
    ADJUST_MANUALLY, /* suggest whenever the threshold is exceeded */
    ADJUST_AT_ONCE,  /* adjust when re-planning is triggered */
};

struct measurement {
    struct uuid id, kpi_id;
    struct timestamp day;             /* one of a KPI, day and subtype */
    struct month period;              /* of the day */
    enum measurement_subtype subtype; /* a measured one counts before an estimate */
    double value;                     /* as it was recorded */
    double adjusted_value;            /* counts instead of value when it was overridden */
    struct str override_comment;
    enum reading_source source;
    struct str source_name; /* what the source is called, when it is none of these */
    struct str source_id;
    struct str rationale;
    struct timestamp period_start; /* a day */
    bool is_posted;                /* as its month's reading, by which it is edited */
    bool is_flagged;               /* somebody has said that it triggers re-planning */
    bool plan_adjusted;            /* the plan was adjusted because of it */
    RECORD_MEMBERS;

    double actual; /* what counts of the two values */

    /* Computed when it is read, by measurements_judge; NaN and absent without expectation. */
    double original_value; /* what was recorded, when it was overridden */
    bool is_overridden;
    double expected, variance, variance_percentage;
    struct packed is_favourable; /* a bool */
    bool exceeded;               /* the threshold of the rule */
    bool triggers;               /* re-planning */
    enum performance_status performance;
    unsigned category; /* "Actual" */
};
extern const struct enum_names measurement_subtype_names, performance_status_names;
extern const struct model measurement_model;
/* Of its two values. */
double measurement_counts(const struct measurement *measurement);

struct measurement_query {
    struct paging paging;
    struct timestamp start_date, end_date; /* days, inclusive */
    enum measurement_subtype subtype;
};
extern const struct model measurement_query_model;

struct measurement_input {
    struct timestamp day;
    double value;
    enum measurement_subtype subtype; /* default: MEASURED */
    struct str source;                /* a word of reading_source, or what it is called */
    struct str source_name;
    struct str source_id, rationale;
    struct timestamp period_start; /* a day */
    enum adjustment_wish wish;
};
extern const struct model measurement_input_model;

struct measurement_override {
    double new_value;
    struct str comment;
};
extern const struct model measurement_override_model;

struct measurement_flag { /* replan-trigger */
    bool exceeded;
    bool plan_adjusted;
};
extern const struct model measurement_flag_model;

/* Answer of recording. */
struct measurement_recorded {
    struct measurement actual;
    struct measured_variance {
        double expected, variance, percentage;
    } variance;
    struct packed adjustment;  /* of the plan, that was made because of it; absent: none */
    struct packed suggestions; /* an array */
};
extern const struct model measurement_recorded_model;

/* Measurements at the addresses that say measures or links. */
struct measurement_list {
    struct uuid kpi_id;
    struct list actuals; /* struct measurement, newest day first */
    int64_t total;
};
extern const struct model measurement_list_model;

/* PUT /kpis/{id}/value */
struct kpi_value_input {
    double value;
    struct timestamp day;
    struct str notes;
};
struct kpi_value_set {
    struct uuid id; /* the KPI */
    double current_value;
    struct timestamp current_value_date, updated_at;
};
extern const struct model kpi_value_input_model, kpi_value_set_model;

#endif
