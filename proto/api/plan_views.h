/* What goals have to do with plans of KPIs: which goals a KPI's plan counts for. */
#ifndef TRACTION_PLAN_VIEWS_H
#define TRACTION_PLAN_VIEWS_H

#include "kpis.h"

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

#endif
