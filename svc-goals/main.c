/* svc-goals: goals, their strategies and their activity feed. */
#include "goal_handlers.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    {"getGoals", goal_list},
    {"createGoal", goal_create},
    {"getGoalById", goal_get},
    {"updateGoal", goal_update},
    {"deleteGoal", goal_delete},
    {"activateGoal", goal_activate},
    {"pauseGoal", goal_pause},
    {"closeGoal", goal_close},
    {"getStrategies", strategy_list},
    {"createStrategy", strategy_create},
    {"reorderStrategies", strategies_reorder},
    {"getStrategyById", strategy_get},
    {"updateStrategy", strategy_update},
    {"deleteStrategy", strategy_delete},
    {"getGoalActivity", activity_list},
    {"createGoalActivity", activity_create},
    {"addGoalNote", note_add},
    {"checkGoals", goals_check},
    {"findGoals", goals_find},
    {"addReadingEntries", reading_entries_add},
    {NULL, NULL},
};

static const enum service calls[] = {SERVICE_KPIS, SERVICE_GATEWAY};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_KPIS,
     .types = (const char *const[]){"kpi.reading.created", NULL},
     .apply = reading_told},
    {.source = SERVICE_GATEWAY},
};

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_GOALS,
        .schema = "goals",
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .calls = calls,
        .consumes = consumes,
    };
    return service_main(&program, argc, argv);
}
