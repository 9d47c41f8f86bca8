/* KPIs: the catalogue, readings by month, and links to goals (struct goal_kpi is in goals.h). */
#ifndef TRACTION_KPIS_H
#define TRACTION_KPIS_H

#include "goals.h"
#include "model.h"
#include "paging.h"
#include "record.h"
#include "row_limits.h"

enum kpi_type { KPI_QUANTITATIVE = 1, KPI_QUALITATIVE, KPI_BINARY };
enum aggregation_type {
    AGGREGATION_SUM = 1,
    AGGREGATION_AVERAGE,
    AGGREGATION_MIN,
    AGGREGATION_MAX,
    AGGREGATION_LATEST,
    AGGREGATION_COUNT,
    AGGREGATION_POINT_IN_TIME,
};
enum aggregation_period {
    PERIOD_NONE = 1,
    PERIOD_DAILY,
    PERIOD_WEEKLY,
    PERIOD_MONTHLY,
    PERIOD_QUARTERLY,
    PERIOD_YEARLY,
};
enum interpolation { INTERPOLATION_LINEAR = 1, INTERPOLATION_EXPONENTIAL, INTERPOLATION_STEP };

struct kpi {
    struct uuid id;
    struct str name; /* unique per tenant without regard to case, among undeleted ones */
    struct str description, category, unit;
    enum kpi_direction direction;
    struct str formula; /* text for people; never evaluated */
    bool is_shared;
    struct str owner_id;
    struct str owner_name; /* joined from people */
    double baseline_value, target_value;
    struct str catalog_id; /* the entry of the catalogue that it was made from; older KPIs may have
                              other texts here */
    enum kpi_type type;
    enum aggregation_type aggregation_type;
    enum aggregation_period aggregation_period;
    int64_t aggregation_period_count;
    unsigned value_type; /* kept for clients */
    struct str measurement_frequency, data_source;
    enum interpolation interpolation_method;
    struct timestamp baseline_date; /* a day */
    double current_value;           /* what counts of the newest reading; in a body a measurement */
    struct timestamp current_value_date; /* its day */
    int64_t linked_goal_count; /* links, deleted goals' until their event has come included */
    bool is_deleted;           /* false: deleted ones are not answered */
    struct timestamp deleted_at;
    RECORD_MEMBERS;
    LISTED_MEMBERS
};
extern const struct enum_names kpi_type_names, value_type_names, aggregation_type_names,
    aggregation_period_names, interpolation_names;
extern const struct model kpi_model;

struct kpi_query {
    struct paging paging;
    struct str search, category, owner_id;
    struct uuid goal_id;     /* linked to it */
    struct uuid strategy_id; /* linked to its goal for it */
    struct texts direction;  /* words of kpi_direction */
    struct texts type;       /* words of kpi_type */
    enum choice catalog_only, custom_only;
    enum choice include_shared; /* false: only KPIs that are linked to one goal at most */
    struct str sort_field;      /* for SQL: one of kpi_sort_fields */
    bool descending;            /* for SQL */
};
extern const char *const kpi_sort_fields[]; /* JSON names, ends with NULL */
extern const struct model kpi_query_model;

enum reading_source { READING_MANUAL = 1, READING_ACTION, READING_INTEGRATION };
extern const struct enum_names reading_source_names;

struct reading {
    struct uuid id;
    struct uuid kpi_id;
    struct month period; /* one reading per KPI and period */
    double value;
    double adjusted_value; /* counts instead of value when given */
    struct str reason;
    enum reading_source source;
    struct str source_id; /* the action's id, or what an integration calls it */
    struct timestamp day; /* that it counts for */
    bool is_estimate;     /* what counts was estimated */
    RECORD_MEMBERS;       /* how often the period was recorded, from 1 */
};
extern const struct model reading_model;
/* Of its two values. */
double reading_counts(const struct reading *reading);

struct reading_query {
    struct paging paging;
    struct str start_date, end_date; /* YYYY-MM or a date or an instant; inclusive by month */
};
extern const struct model reading_query_model;

struct kpi_value {
    double value; /* that counts */
    struct timestamp recorded_at;
};

struct linked_goal {
    struct uuid goal_id, link_id;
    struct str goal_name; /* absent while svc-goals cannot be asked */
    bool is_primary;
    struct timestamp linked_at;
};

/* GET /kpis/{id}, and what POST and PUT answer, so that their ETags are those of the next GET. */
struct kpi_detail {
    struct kpi kpi;
    struct list readings;     /* the newest 24, newest first */
    struct list history;      /* struct kpi_value: of the newest 12 of these */
    struct list linked_goals; /* struct linked_goal, oldest link first */
};
extern const struct model kpi_value_model, linked_goal_model, kpi_detail_model;

enum { LINK_THRESHOLD_DEFAULT = 80, LINK_RISK_THRESHOLD_DEFAULT = 50 };

struct kpi_link_input {
    struct uuid kpi_id;
    double threshold_pct;                /* 0 to 100; default: LINK_THRESHOLD_DEFAULT */
    double risk_threshold_pct;           /* default: LINK_RISK_THRESHOLD_DEFAULT, or the threshold
                                            where that is less */
    double baseline_value, target_value; /* default: the KPI's */
    struct uuid strategy_id;             /* one of the goal's */
    bool is_primary;                     /* makes it the goal's primary KPI */
};
extern const struct model kpi_link_input_model;

struct kpi_unlink_input {
    struct uuid kpi_id;             /* the KPI's id or the link's */
    struct uuid new_primary_kpi_id; /* likewise; absent: the oldest that remains, when the primary
                                       one is unlinked */
};
extern const struct model kpi_unlink_input_model;

struct kpi_unlinked {
    struct uuid goal_id, shared_kpi_id;
    struct uuid new_primary_kpi_id; /* absent when the goal's primary KPI is what it was, or none
                                       remains */
    int64_t remaining_kpi_count;
};
extern const struct model kpi_unlinked_model;

struct kpi_primary { /* :setPrimary */
    struct uuid goal_id, previous_primary_kpi_id, new_primary_kpi_id;
    struct timestamp updated_at;
};
extern const struct model kpi_primary_model;

struct kpi_threshold_input {
    double threshold_pct, risk_threshold_pct;
    struct uuid strategy_id;
};
extern const struct model kpi_threshold_input_model;

/* --- Between services --- */

enum { GOAL_KPIS_MAX = 100, KPI_GOALS_MAX = 1000, KPIS_OF_GOALS_MAX = 500 };

/* kpisOfGoals; answered {kpis: [...], progress: [...]} in the order that was asked: of each goal
 * its links as bytes, which are a packed array of GoalKPI, and the mean progress of those that have
 * a target, null when none has. */
struct kpis_of_goals {
    struct uuids goal_ids;
    struct row_limits limits;
};
extern const struct model kpis_of_goals_model;

/* readingsDue: whether one of these goals has a KPI without a reading for that month. */
struct readings_due_query {
    struct uuids goal_ids;
    struct month period;
};
extern const struct model readings_due_query_model;

struct readings_due_answer {
    bool due;
};
extern const struct model readings_due_answer_model;

/* recordKPIReading: what an action brings. */
struct reading_record {
    struct uuid shared_kpi_id; /* the KPI */
    struct uuid kpi_id;        /* the KPI's id or a link's; alone it suffices */
    struct month period;
    double value, adjusted_value;
    struct str reason;
    struct uuid source_id; /* the action */
};
extern const struct model reading_record_model;

/* checkKPI: refused as a record would be that names the KPI so; else nothing is answered. */
struct kpi_named {
    struct uuid shared_kpi_id, kpi_id; /* as in a record */
};
extern const struct model kpi_named_model;

/* Answer of recordKPIReading: 201, or 200 when the month had a reading already. */
struct reading_recorded {
    struct uuid kpi_id; /* the KPI's, whichever was named */
    struct reading reading;
};
extern const struct model reading_recorded_model;

/* The data of kpi.reading.created, also when another measurement counts for the month. The feed of
 * each of the goals gets an entry of type system, whose id is in the same place of activity_ids;
 * the streams show this event instead of it. */
struct reading_event {
    struct reading reading;
    struct reading_event_kpi {
        struct uuid id;
        struct str name, unit;
        enum kpi_direction direction;
    } kpi;
    struct timestamp day; /* the reading's */
    bool is_estimate;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
extern const struct model reading_event_model, reading_event_kpi_model;

/* The data of kpi.reading.removed: the month has no reading any more, because its last measurement
 * was deleted. */
struct reading_removed {
    struct reading reading; /* as it was */
    struct reading_event_kpi kpi;
    struct uuids goal_ids;
};
extern const struct model reading_removed_model;

#endif
