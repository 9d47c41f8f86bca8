/* The handlers of svc-kpis: one function per operation, bound to its name in main.c. */
#ifndef TRACTION_KPI_HANDLERS_H
#define TRACTION_KPI_HANDLERS_H

#include "op.h"
#include "service.h"

/* kpi_read.c */
void kpi_by_id_get(struct op *op);
void shared_kpis_get(struct op *op);

/* kpi_summary.c */
void kpi_summary_get(struct op *op);
void measure_summary_get(struct op *op);

/* kpi_write.c */
void shared_kpi_create(struct op *op);
void shared_kpi_update(struct op *op);
void shared_kpi_delete(struct op *op);

/* readings.c */
void kpi_readings_get(struct op *op);
void kpi_reading_create(struct op *op);

/* plan_read.c */
void kpi_milestones_get(struct op *op);
void kpi_targets_get(struct op *op);
void kpi_target_get(struct op *op);
void kpi_plan_get(struct op *op);

/* plan_write.c */
void kpi_milestones_update(struct op *op);
void kpi_targets_update(struct op *op);

/* target_write.c */
void kpi_target_create(struct op *op);
void kpi_target_update(struct op *op);
void kpi_target_delete(struct op *op);

/* plan_adjust.c, plan_adjustments.c */
void kpi_plan_adjust(struct op *op);
void kpi_plan_adjustments_get(struct op *op);

/* plan_impact.c */
void cross_goal_impact_get(struct op *op);

/* measurement_read.c */
void kpi_actuals_get(struct op *op);
void measure_actuals_get(struct op *op);
void kpi_actual_get(struct op *op);

/* kpi_series.c */
void kpi_all_series_get(struct op *op);
void kpi_planning_get(struct op *op);

/* measurement_write.c */
void kpi_actual_create(struct op *op);
void kpi_value_set(struct op *op);

/* measurement_change.c */
void kpi_actual_override(struct op *op);
void kpi_replan_trigger(struct op *op);
void kpi_actual_delete(struct op *op);

/* goal_planning.c */
void goal_kpi_planning_get(struct op *op);

/* replan_rule.c */
void replan_rule_get(struct op *op);
void replan_rule_put(struct op *op);

/* links.c */
void kpi_attach(struct op *op);
void kpi_threshold_update(struct op *op);
void kpi_linkage_get(struct op *op);

/* link_primary.c */
void primary_kpi_set(struct op *op);
void kpi_detach(struct op *op);

/* goal_kpi_list.c */
void goal_kpis_get(struct op *op);
void goal_measures_get(struct op *op);

/* available_kpis.c */
void available_kpis_get(struct op *op);
void available_measures_get(struct op *op);
void available_kpis_of_goal_get(struct op *op);
void available_measures_of_goal_get(struct op *op);

/* link_rows.c */
struct goal_kpi;
/* The data of a link's events, packed. */
struct str link_told(struct op *op, struct goal_kpi *link);

/* kpi_internal.c: asked by other services; never calls out */
void kpis_of_goals(struct op *op);
void readings_due(struct op *op);

/* reading_record.c: asked by svc-operations */
void kpi_reading_record(struct op *op);
void kpi_check(struct op *op);

/* goal_events.c: events of svc-goals */
void goal_event_apply(struct op *op, struct consumed_event *event);

/* snapshot.c: for consumers that need more than the log has */
void tenants_after(struct op *op);
void entities_after(struct op *op);

#endif
