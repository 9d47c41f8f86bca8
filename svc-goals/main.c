/* svc-goals: goals, their strategies and their activity feed. */
#include "config.h"
#include "event_types.h"
#include "goal_cache.h"
#include "goal_handlers.h"
#include "leases.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    HANDLER("getGoals", goals_get),
    HANDLER("createGoal", goal_create),
    HANDLER("getGoalById", goal_by_id_get),
    HANDLER("updateGoal", goal_update),
    HANDLER("deleteGoal", goal_delete),
    HANDLER("activateGoal", goal_activate),
    HANDLER("pauseGoal", goal_pause),
    HANDLER("closeGoal", goal_close),
    HANDLER("getStrategies", strategies_get),
    HANDLER("createStrategy", strategy_create),
    HANDLER("reorderStrategies", strategies_reorder),
    HANDLER("getStrategyById", strategy_by_id_get),
    HANDLER("updateStrategy", strategy_update),
    HANDLER("deleteStrategy", strategy_delete),
    HANDLER("listStrategies", strategies_list),
    HANDLER("findStrategy", strategy_find),
    HANDLER("getGoalActivity", goal_activity_get),
    HANDLER("createGoalActivity", goal_activity_create),
    HANDLER("addGoalNote", goal_note_add),
    HANDLER("checkGoals", goals_check),
    HANDLER("findGoals", goals_find),
    HANDLER("nameGoals", goals_name),
    HANDLER("addReadingEntries", reading_entries_add),
    HANDLER("getPeople", people_get),
    HANDLER("getAssignablePeople", assignable_people_get),
    HANDLER("getPersonById", person_by_id_get),
    HANDLER("updatePerson", person_update),
    HANDLER("invalidateGoals", goals_invalidate),
    HANDLER("tenantsAfter", tenants_after),
    HANDLER("entitiesAfter", entities_after),
    {.operation = NULL},
};

static const enum service calls[] = {SERVICE_KPIS, SERVICE_GATEWAY};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_KPIS,
     .types = (const char *const[]){EVENT_KPI_READING_CREATED, EVENT_KPI_PLAN_ADJUSTED,
                                    EVENT_KPI_REPLAN_SUGGESTED, NULL},
     .apply = kpi_event_apply},
    {.source = SERVICE_OPERATIONS,
     .types = (const char *const[]){EVENT_ACTION_CREATED, EVENT_ACTION_UPDATED,
                                    EVENT_ACTION_DELETED, NULL},
     .kinds = (const char *const[]){"actions", NULL},
     .added_kinds = (const char *const[]){"deletedActions", NULL},
     .apply = action_project},
    {.source = SERVICE_GATEWAY},
};

static const struct lease_spec leases = {.invalidated = goal_cache_invalidate,
                                         .also = SERVICE_KPIS};

static bool start(struct process *process)
{
    (void)process;
    goal_cache_open((size_t)config_int(CONFIG_GOAL_CACHE_BYTES));
    return true;
}

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_GOALS,
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .calls = calls,
        .consumes = consumes,
        .leases = &leases,
        .collect = goal_cache_collect,
        .start = start,
    };
    return service_main(&program, argc, argv);
}
