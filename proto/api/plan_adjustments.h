/* Adjusting a plan to what was measured: what is asked for, what comes of it, and what stays as
 * history. docs/kpis.md defines it. */
#ifndef TRACTION_PLAN_ADJUSTMENTS_H
#define TRACTION_PLAN_ADJUSTMENTS_H

#include "kpis.h"
#include "replan_rules.h"
#include "row_limits.h"
#include "target_points.h"

enum { PLAN_ANCHORS_MAX = 4000 /* of one KPI */ };

/* Where a plan was adjusted: what had been expected there, and where its path goes on. */
struct plan_anchor {
    struct uuid kpi_id;
    struct timestamp day;
    double left_value, right_value;
    bool straight; /* as in struct plan_point */
    RECORD_MEMBERS;
};
extern const struct model plan_anchor_model;

/* What a body asks for. */
struct adjust_input {
    enum adjust_strategy strategy;
    struct uuid based_on;           /* the measurement; absent: the newest that counts */
    struct packed custom;           /* target_input each, read one by one */
    struct str rationale, notes;    /* for people */
    struct timestamp effective_day; /* absent: the measurement's, or else today */
    bool preview;                   /* computes, and stores nothing */
};
extern const struct model adjust_input_model;

enum adjust_trigger { TRIGGER_VARIANCE = 1, TRIGGER_RULE, TRIGGER_MANUAL };
enum adjustment_type { ADJUSTMENT_MILESTONES = 1 };

struct plan_adjustment {
    struct uuid id, kpi_id; /* a preview's id is that of nothing */
    struct timestamp effective_day;
    enum adjustment_type type;
    enum adjust_strategy strategy;
    enum adjust_trigger trigger;
    struct uuid based_on;                              /* the measurement; absent: none was named */
    double variance_percentage;                        /* there, before; NaN where 0 was expected */
    struct packed previous_milestones, new_milestones; /* target_point each: all of the plan */
    struct uuids affected_milestones;                  /* changed or added */
    struct uuids affected_goals;                       /* linked to the KPI */
    int64_t recalculated_periods;                      /* months */
    struct str rationale, notes;
    struct timestamp created_at;
    struct str created_by;
};
extern const struct model plan_adjustment_model;

/* What POST .../adjust answers. */
struct plan_adjusted {
    struct plan_adjustment adjustment;
    struct list milestones; /* struct target_point: those behind the day */
    struct list periods;    /* struct plan_period_shown: months that are not what they were */
};
extern const struct model plan_adjusted_model;

struct adjustments_query {
    struct paging paging;
    struct uuid kpi_id;
    struct row_limits limits;
};
extern const struct model adjustments_query_model;

/* The data of kpi.plan.adjusted; the points have events of their own. The anchors behind the day of
 * the anchor are no more. The feed of each of the goals gets an entry of type system, whose id is
 * in the same place of activity_ids. */
struct plan_adjusted_event {
    struct reading_event_kpi kpi;
    struct plan_adjustment adjustment; /* without milestones */
    struct plan_anchor anchor;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
extern const struct model plan_adjusted_event_model;

/* The data of kpi.replan.suggested: a measurement is so far from the plan that the plan is to be
 * adjusted. As of kpi.plan.adjusted, the feeds of the goals get an entry each. */
struct replan_suggested_event {
    struct uuid kpi_id, actual_id;
    double variance_percentage;
    struct texts recipients; /* ids of people */
    struct reading_event_kpi kpi;
    struct uuids goal_ids, activity_ids;
    struct str title, text;
};
extern const struct model replan_suggested_event_model;

/* The data of kpi.plan.replaced: the plan has no anchors any more. */
struct plan_replaced_event {
    struct uuid kpi_id;
};
extern const struct model plan_replaced_event_model;

#endif
