/* The company report's data, which svc-analytics passes to report-writer as one msgpack document.
 * The writer computes nothing that an endpoint also answers, so the numbers of both agree; it only
 * counts, orders and draws.
 *
 *   struct report report;
 *   model_clear(AS(report, &report));
 *   ... fill ...
 *   model_pack(AS(report, &report), &buffer);
 *
 * Lists come in the order in which they are to be shown. A list that the producer cut has its
 * `..._total` larger than its count, and the report says so ("first 2,000 of 10,000"); a total that
 * is absent means that the list is whole.
 *
 * While programs are replaced, the writer may be of a newer release than svc-analytics, which
 * starts whatever lies beside it. So fields are only added, and what came after release 1.0.0 is
 * optional: a document without it is the report of that release. A writer that is older ignores
 * what it does not know. */
#ifndef TRACTION_REPORT_H
#define TRACTION_REPORT_H

#include "analytics.h"
#include "goals.h"
#include "link_status.h"
#include "model.h"

/* The maximum number of items in a list. 2,000 goals and 500 KPIs with 20,000 readings have to be
 * shown completely; longer lists would not be read. */
enum {
    REPORT_GOALS_MAX = 5000,
    REPORT_KPIS_MAX = 2000,
    REPORT_READINGS_MAX = 600, /* of one KPI: the newest fifty years of months */
    REPORT_OVERDUE_MAX = 2000,
    REPORT_DONE_MAX = 500, /* completed actions, opened ones, and likewise issues */
    REPORT_ISSUES_MAX = 2000,
    REPORT_ACTIVITY_MAX = 2000,
    REPORT_DECISIONS_MAX = 100,
    REPORT_MOVES_MAX = 60,
    REPORT_OFF_PLAN_MAX = 100,
    REPORT_PEOPLE_MAX = 200,
    REPORT_POINTS_MAX = 400,             /* days */
    REPORT_GOALS_BYTES = 8 << 20,        /* about; after them no further goals are listed ... */
    REPORT_KPIS_BYTES = 4 << 20,         /* ... and no further KPIs: some 2,000 pages */
    REPORT_INPUT_MAX = 64 * 1024 * 1024, /* bytes of the whole document */
};

/* How many of one kind: "active" 12. The labels are shown to people with their first letter large
 * and underscores as spaces. */
struct report_count {
    struct str label;
    int64_t count;
};
extern const struct model report_count_model;

/* A rate of 0 to 100 that a component's score is the mean of; names as the score endpoint has them
 * ("completionRate"). */
struct report_metric {
    struct str name;
    double value;
};
extern const struct model report_metric_model;

struct report_component {
    double score;        /* 0 to 100 */
    double weight;       /* 0 to 1 */
    bool empty;          /* nothing in it: its weight is left out of the overall score */
    struct list metrics; /* struct report_metric */
};
extern const struct model report_component_model;

/* What GET /performance/score answers. */
struct report_score {
    double overall; /* 0 to 100 */
    enum trend trend;
    struct report_component goals, strategies, kpis, actions;
};
extern const struct model report_score_model;

/* What GET /goals/stats answers. */
struct report_stats {
    int64_t total_goals, active_goals, completed_goals;
    struct list goals_by_status;  /* struct report_count */
    struct list goals_by_horizon; /* struct report_count */
    double average_progress;      /* 0 to 100 */
};
extern const struct model report_stats_model;

/* What GET /team/alignment answers. */
struct report_alignment {
    double score; /* 0 to 100, and so are the three rates */
    enum trend trend;
    int64_t team_size, goals_with_multiple_owners, shared_kpis;
    double cross_goal_collaboration, strategy_alignment, kpi_sharing;
};
extern const struct model report_alignment_model;

struct report_strategy {
    struct str description;
    enum strategy_status status;
};
extern const struct model report_strategy_model;

/* A KPI as one of its goals shows it. Values are NaN where there are none. */
struct report_goal_kpi {
    struct str name, unit;
    enum link_status status;
    bool is_primary;
    double current, target;
    double expected; /* by now, by the plan or the straight way */
    double variance; /* percent of what is expected, positive above it */
    double progress; /* 0 to 100 */
};
extern const struct model report_goal_kpi_model;

struct report_goal {
    struct str title;
    struct str owner_name; /* the owner's id while the name is not known */
    enum goal_status status;
    enum horizon horizon;
    double progress; /* 0 to 100; NaN when unknown */
    struct timestamp due_date;
    struct timestamp ended_at; /* since when it is completed or cancelled, where that is known */
    enum link_status track;    /* of an active goal */
    int64_t late_actions;      /* of its own, past their due dates */
    struct list strategies;    /* struct report_strategy, in their order */
    struct list kpis;          /* struct report_goal_kpi */
};
extern const struct model report_goal_model;

struct report_reading {
    struct month period;
    double value;     /* the one that counts */
    bool is_estimate; /* it was not measured */
};
extern const struct model report_reading_model;

/* What a KPI's plan expects on the last day of a month, and what would be best and would just do;
 * those are NaN where the plan does not say. */
struct report_expected {
    struct month period;
    double expected, optimal, minimal;
};
extern const struct model report_expected_model;

struct report_kpi {
    struct str name, unit;
    enum kpi_direction direction;
    double target, baseline; /* NaN when there is none */
    double threshold;     /* percent of the way from baseline to target; the highest of its links */
    struct list readings; /* struct report_reading, oldest first, up to the period's end; the newest
                             ones when cut */
    int64_t readings_total;
    struct list plan;          /* struct report_expected, oldest first; none without a plan */
    struct texts goals;        /* titles of the goals it is linked to */
    enum link_status status;   /* the worst of its links to active goals; 0: has none */
    double expected, variance; /* of that link, as struct report_goal_kpi has them */
    bool off_plan;             /* among those that the command center lists */
};
extern const struct model report_kpi_model;

/* How a KPI changed in the period: its last value before it and its last value within. */
struct report_move {
    struct str name, unit;
    enum kpi_direction direction;
    double before, after;
    struct month before_period, after_period;
};
extern const struct model report_move_model;

struct report_action {
    struct str title;
    struct str assignee; /* the id while the name is not known; absent when nobody is assigned */
    struct timestamp due_date;
    struct str priority; /* "low", "medium", "high", "critical" */
    struct str status;
    struct str goal;                          /* the title of the first one that it serves */
    struct timestamp opened_at, completed_at; /* absent when unknown or not so */
};
extern const struct model report_action_model;

struct report_issue {
    struct str title;
    struct str type, status; /* names, as the tenant calls them */
    struct str priority, impact;
    struct str reporter;
    struct timestamp reported_at, closed_at, due_date;
};
extern const struct model report_issue_model;

struct report_entry { /* of the activity feed */
    struct timestamp at;
    struct str person;
    struct str text;
    struct str goal;  /* its title, or that of whatever the entry is about */
    struct str title; /* of a decision */
};
extern const struct model report_entry_model;

/* What a person has to do with: open goals and actions, and those of the period. */
struct report_person {
    struct str name; /* the id while the name is not known */
    int64_t goals, late_goals, actions, late_actions, completed_actions;
};
extern const struct model report_person_model;

/* The score as it was kept at the end of a day. */
struct report_point {
    struct timestamp day;
    double score, alignment;
};
extern const struct model report_point_model;

/* The state of a tenant's work as the command center counts it. */
struct report_state {
    int64_t active_goals, goals_on_track, goals_at_risk, goals_behind;
    int64_t kpis, kpis_on_track, kpis_at_risk, kpis_behind;
    int64_t open_actions, overdue_actions, open_issues, critical_issues;
};
extern const struct model report_state_model;

/* A KPI off its plan for a goal, as the command center lists it. */
struct report_off_plan {
    struct str name, unit, goal, owner;
    double current, expected, variance;
};
extern const struct model report_off_plan_model;

struct report {
    struct str tenant_id;
    struct str tenant_name;    /* absent: the id is shown */
    struct str logo;           /* path of a PNG file; absent: none */
    struct timestamp from, to; /* days, both inclusive */
    struct timestamp generated_at;
    struct timestamp as_of; /* when states hold: the period's end or, earlier, now */
    enum report_lang lang;
    enum report_paper paper;
    struct texts sections; /* words of report_section_names; none: all of them */
    bool without_charts, without_analytics;
    bool past; /* the period is over, so what is known of today only is left out */
    struct report_score score;
    double score_after, score_before; /* at the end of the period and before it; NaN: not kept */
    struct timestamp score_before_at; /* when that was */
    struct report_stats stats;
    struct report_alignment alignment;
    bool has_state;
    struct report_state state; /* where `has_state` */
    struct list off_plan;      /* struct report_off_plan, worst first */
    int64_t off_plan_total;
    struct list goals; /* struct report_goal */
    int64_t goals_total;
    struct list strategies_by_status; /* struct report_count */
    struct list kpis;                 /* struct report_kpi */
    int64_t kpis_total;
    struct list moves;             /* struct report_move, largest first */
    struct list actions_by_status; /* struct report_count */
    struct list overdue_actions;   /* struct report_action, longest overdue first */
    int64_t overdue_total;
    struct list completed_actions, opened_actions; /* in the period, newest first */
    int64_t completed_total, opened_total;
    struct list issues_by_category; /* struct report_count */
    struct list open_issues;        /* struct report_issue, critical ones first, then oldest */
    int64_t open_issues_total;
    struct list closed_issues, opened_issues; /* in the period, newest first */
    int64_t closed_issues_total, opened_issues_total;
    struct list decisions; /* struct report_entry of the period, newest first */
    int64_t decisions_total;
    struct list people;   /* struct report_person, those with most to do first */
    struct list points;   /* struct report_point, oldest first */
    struct list activity; /* struct report_entry of the period, newest first */
    int64_t activity_total;
};
extern const struct model report_model;

#endif
