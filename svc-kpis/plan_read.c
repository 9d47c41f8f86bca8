/* Reading target points, and what the plan that they make expects. */
#include <math.h>

#include "kpi_handlers.h"
#include "plan.h"

/* GET /kpis/{id}/milestones */
void kpi_milestones_get(struct op *op)
{
    struct plan plan;

    if (op_query(op, NOTHING) && plan_open(op, &plan, false))
        op_reply_list(op, &target_point_model, plan.points, NULL, 0);
}

static bool has_value(const struct target_point *point, enum target_subtype subtype)
{
    return subtype == TARGET_OPTIMAL   ? !isnan(point->optimal_value)
           : subtype == TARGET_MINIMAL ? !isnan(point->minimal_value)
                                       : true;
}

/* GET /kpis/{id}/targets */
void kpi_targets_get(struct op *op)
{
    struct targets_query query;
    struct plan plan;
    size_t count = 0;

    if (!op_query(op, AS(targets_query, &query)) || !plan_open(op, &plan, false))
        return;
    struct target_point *points = plan.points.items;
    for (size_t i = 0; i < plan.points.count; i++)
        if (has_value(&points[i], query.subtype))
            points[count++] = points[i];
    plan.points.count = count;
    op_reply_list(op, &target_point_model, plan.points, NULL, 0);
}

/* GET /kpis/{id}/targets/{targetId} */
void kpi_target_get(struct op *op)
{
    struct plan plan;
    struct target_point *point;

    if (!plan_open(op, &plan, false))
        return;
    point = plan_point_of_path(op, &plan);
    if (point)
        op_reply(op, AS(target_point, point), point->version);
}

/* GET /kpis/{id}/plan */
void kpi_plan_get(struct op *op)
{
    struct plan_query query;
    struct plan plan;
    struct kpi_plan shown;

    if (!op_query(op, AS(plan_query, &query)) || !plan_open(op, &plan, false))
        return;
    if (!query.granularity)
        query.granularity = GRANULARITY_MONTHLY;
    model_clear(AS(kpi_plan, &shown));
    shown.kpi = (struct plan_kpi){plan.kpi.id,
                                  plan.kpi.name,
                                  plan.kpi.unit,
                                  plan.kpi.direction,
                                  plan.kpi.current_value,
                                  plan.kpi.current_value_date,
                                  plan.kpi.interpolation_method};
    shown.milestones = plan.points;
    if (!plan_shown_periods(op, &plan, query.granularity, &shown.periods))
        op_invalid(op, "granularity", "would make more than %d periods", PLAN_PERIODS_MAX);
    if (!op_valid(op))
        return;
    shown.trajectory = plan_trajectory(op, &plan);
    op_reply(op, AS(kpi_plan, &shown), -1);
}
