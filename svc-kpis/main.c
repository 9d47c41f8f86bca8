/* svc-kpis: the catalogue of KPIs, their readings and their links to goals. */
#include "event_types.h"
#include "kpi_handlers.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    HANDLER("getSharedKPIs", shared_kpis_get),
    HANDLER("createSharedKPI", shared_kpi_create),
    HANDLER("getKPISummary", kpi_summary_get),
    HANDLER("getMeasureSummary", measure_summary_get),
    HANDLER("getKPIById", kpi_by_id_get),
    HANDLER("updateSharedKPI", shared_kpi_update),
    HANDLER("deleteSharedKPI", shared_kpi_delete),
    HANDLER("getKPIReadings", kpi_readings_get),
    HANDLER("createKPIReading", kpi_reading_create),
    HANDLER("getKPIMilestones", kpi_milestones_get),
    HANDLER("updateKPIMilestones", kpi_milestones_update),
    HANDLER("getKPIPlan", kpi_plan_get),
    HANDLER("getKPITargets", kpi_targets_get),
    HANDLER("createKPITarget", kpi_target_create),
    HANDLER("updateKPITargets", kpi_targets_update),
    HANDLER("getKPITarget", kpi_target_get),
    HANDLER("updateKPITarget", kpi_target_update),
    HANDLER("deleteKPITarget", kpi_target_delete),
    HANDLER("adjustKPIPlan", kpi_plan_adjust),
    HANDLER("getKPIPlanAdjustments", kpi_plan_adjustments_get),
    HANDLER("getCrossGoalImpact", cross_goal_impact_get),
    HANDLER("getKPIActuals", kpi_actuals_get),
    HANDLER("getMeasureActuals", measure_actuals_get),
    HANDLER("createKPIActual", kpi_actual_create),
    HANDLER("getKPIActual", kpi_actual_get),
    HANDLER("overrideKPIActual", kpi_actual_override),
    HANDLER("triggerKPIReplan", kpi_replan_trigger),
    HANDLER("deleteKPIActual", kpi_actual_delete),
    HANDLER("getKPIAllSeries", kpi_all_series_get),
    HANDLER("getKPIPlanning", kpi_planning_get),
    HANDLER("setKPIValue", kpi_value_set),
    HANDLER("getGoalKPIPlanning", goal_kpi_planning_get),
    HANDLER("getReplanRule", replan_rule_get),
    HANDLER("putReplanRule", replan_rule_put),
    HANDLER("getGoalKPIs", goal_kpis_get),
    HANDLER("getGoalMeasures", goal_measures_get),
    HANDLER("getAvailableKPIs", available_kpis_get),
    HANDLER("getAvailableMeasures", available_measures_get),
    HANDLER("getAvailableKPIsOfGoal", available_kpis_of_goal_get),
    HANDLER("getAvailableMeasuresOfGoal", available_measures_of_goal_get),
    HANDLER("attachKPI", kpi_attach),
    HANDLER("detachKPI", kpi_detach),
    HANDLER("updateKPIThreshold", kpi_threshold_update),
    HANDLER("setPrimaryKPI", primary_kpi_set),
    HANDLER("getKPILinkage", kpi_linkage_get),
    HANDLER("kpisOfGoals", kpis_of_goals),
    HANDLER("readingsDue", readings_due),
    HANDLER("recordKPIReading", kpi_reading_record),
    HANDLER("checkKPI", kpi_check),
    HANDLER("registerHolder", holder_register),
    HANDLER("renewLease", lease_renew),
    HANDLER("tenantsAfter", tenants_after),
    HANDLER("entitiesAfter", entities_after),
    {.operation = NULL},
};

static const struct constraint_fault constraints[] = {
    {"kpis_name", STATUS_DUPLICATE_NAME, NULL, "There is a KPI of this name already"},
    {NULL, STATUS_OK, NULL, NULL},
};

static const enum service calls[] = {SERVICE_GOALS, SERVICE_GATEWAY};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_GOALS,
     .types = (const char *const[]){EVENT_GOAL_DELETED, EVENT_STRATEGY_UPDATED,
                                    EVENT_STRATEGY_DELETED, EVENT_PERSON_UPDATED, NULL},
     .kinds = (const char *const[]){"deletedGoals", "strategies", "deletedStrategies", NULL},
     .added_kinds = (const char *const[]){"people", NULL},
     .apply = goal_event_apply},
    {.source = SERVICE_GATEWAY},
};

/* Goals show links and KPIs, which svc-goals keeps. */
static const struct lease_spec leases = {.invalidated = NULL};

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_KPIS,
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .constraints = constraints,
        .calls = calls,
        .consumes = consumes,
        .leases = &leases,
    };
    return service_main(&program, argc, argv);
}
