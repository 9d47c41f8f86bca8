/* What goals have to do with plans of KPIs: which goals a KPI's plan counts for, and where the
 * plans of a goal's KPIs are. */
#ifndef TRACTION_PLAN_VIEWS_H
#define TRACTION_PLAN_VIEWS_H

#include "kpis.h"
#include "measurements.h"
#include "plan_around.h"

/* How much a goal depends on a KPI. */
enum impact_level {
    IMPACT_HIGH = 1, /* it is the goal's primary or only one */
    IMPACT_MEDIUM,   /* one of two or three */
    IMPACT_LOW,
};

struct goal_impact {
    struct uuid goal_id;
    struct str goal_title; /* absent while it cannot be asked for */
    enum impact_level level;
    double threshold, alignment; /* percent: the link's threshold and progress */
    /* For those: */
    enum kpi_direction direction;
    double baseline_value, current_value, target_value;
    bool is_primary;
    int64_t goal_kpis; /* links of the goal */
};
extern const struct model goal_impact_model;

/* GET .../cross-goal-impact */
struct cross_goal_impact {
    struct uuid kpi_id;
    struct str kpi_name;
    struct list goals; /* struct goal_impact, oldest link first */
    int64_t total;
};
extern const struct model cross_goal_impact_model;

/* Goals that are named of one KPI: those of the oldest links. */
enum { PLANNING_GOALS_MAX = 50 };

struct named_goal {
    struct uuid id;
    struct str name; /* absent while it cannot be asked for */
};
extern const struct model named_goal_model;

/* GET /goals/{goalId}/kpi-planning */
struct goal_planning_item {
    struct uuid link_id, kpi_id;
    struct str name, unit;
    enum kpi_direction direction;
    struct str person_id, person_name; /* the KPI's owner */
    struct uuid strategy_id;
    bool is_primary;
    double current_value;
    struct timestamp current_day;
    int64_t milestone_count;
    struct packed next_milestone; /* a TargetPoint: the first one behind today */
    struct packed latest_actual;  /* a PlanningActual: the measurement that counts */
    struct planning_variance {
        double expected, variance, percentage;
    } variance; /* of that */
    bool is_shared;
    struct list shared_goals; /* struct named_goal; none below two */
    /* What those are made of: */
    struct planning_actual {
        struct uuid id;
        struct timestamp day;
        double value;
        enum measurement_subtype subtype;
        double expected, variance, variance_percentage;
    } actual;
    struct plan_around around;
    int64_t goal_count;
};
struct goal_planning {
    struct planned_goal {
        struct uuid id;
        struct str title, intent; /* absent while they cannot be asked for */
    } goal;
    struct list kpis; /* struct goal_planning_item, in the order of linking */
};
extern const struct model goal_planning_item_model, planning_actual_model, goal_planning_model;

#endif
