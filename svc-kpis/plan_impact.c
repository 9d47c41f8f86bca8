/* GET /kpis/{id}/cross-goal-impact: which goals a change of the plan concerns. */
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "link_goals.h"
#include "lookup.h"
#include "plan.h"
#include "plan_views.h"
#include "queries.h"

static enum impact_level level_of(const struct goal_impact *goal)
{
    if (goal->is_primary || goal->goal_kpis <= 1)
        return IMPACT_HIGH;
    return goal->goal_kpis <= 3 ? IMPACT_MEDIUM : IMPACT_LOW;
}

void cross_goal_impact_get(struct op *op)
{
    struct row_id key;
    struct kpi kpi;
    struct cross_goal_impact impact;
    bool found = false;

    model_clear(AS(cross_goal_impact, &impact));
    model_clear(AS(kpi, &kpi));
    if (!kpi_of_path(op, &key.id))
        return;
    sql_queue_row(op, KPI_BY_ID, AS(row_id, &key), AS(kpi, &kpi), &found);
    sql_queue_rows(op, IMPACTS_OF_KPI, AS(row_id, &key), &goal_impact_model, &impact.goals);
    if (!sql_wait(op))
        return;
    if (!found) {
        op_fail(op, STATUS_KPI_NOT_FOUND);
        return;
    }
    goals_name_rows(op, &impact.goals, sizeof(struct goal_impact),
                    offsetof(struct goal_impact, goal_title));
    impact.kpi_id = key.id;
    impact.kpi_name = kpi.name;
    impact.total = (int64_t)impact.goals.count;
    struct goal_impact *goals = impact.goals.items;
    for (size_t i = 0; i < impact.goals.count; i++) {
        goals[i].level = level_of(&goals[i]);
        goals[i].alignment = kpi_progress(goals[i].direction, goals[i].baseline_value,
                                          goals[i].target_value, goals[i].current_value);
    }
    op_reply(op, AS(cross_goal_impact, &impact), -1);
}
