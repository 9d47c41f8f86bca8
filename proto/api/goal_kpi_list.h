/* GET /goals/{goalId}/kpis: a goal's KPIs, short. The same at /measures, in other words. */
#ifndef TRACTION_GOAL_KPI_LIST_H
#define TRACTION_GOAL_KPI_LIST_H

#include "kpis.h"
#include "link_status.h"
#include "plan_around.h"

struct goal_kpi_item {
    struct uuid link_id, kpi_id;
    struct str name, unit;
    enum kpi_direction direction;
    enum kpi_type type;
    bool is_primary;
    double threshold_pct;
    double current_value;
    struct timestamp current_value_date;
    double target_value, progress;
    enum link_status progress_status; /* absent while the goal's dates cannot be asked for */
    bool is_shared;                   /* marked so, or linked to two goals or more */
    int64_t shared_goal_count, order_index;
    struct timestamp linked_at;
    double risk_threshold, baseline_value; /* for progress and status, as the next */
    double own_target_value;               /* of the link; NaN: it follows the KPI's plan */
    struct plan_around around;
};
extern const struct model goal_kpi_item_model;

struct goal_kpi_list {
    struct uuid goal_id;
    struct str goal_name; /* absent while it cannot be asked for */
    struct list kpis;     /* struct goal_kpi_item, in the order of linking */
    int64_t total_kpis;
    bool has_primary;
    struct packed primary_kpi; /* {kpiId, measureId, name} */
};
extern const struct model goal_kpi_list_model;
/* The same as goal_measure_list. */
extern const struct model goal_measure_list_model;

#endif
