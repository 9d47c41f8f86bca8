/* svc-operations: actions, issues, their types and statuses, and what they are linked to. */
#include "operations_handlers.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    {"getActions", action_list},
    {"createAction", action_create},
    {"getActionById", action_get},
    {"updateAction", action_update},
    {"deleteAction", action_delete},
    {"getIssues", issue_list},
    {"createIssue", issue_create},
    {"getIssueById", issue_get},
    {"updateIssue", issue_update},
    {"deleteIssue", issue_delete},
    {"getIssueTypes", issue_type_list},
    {"createIssueType", issue_type_create},
    {"getIssueTypeById", issue_type_get},
    {"updateIssueType", issue_type_update},
    {"deleteIssueType", issue_type_delete},
    {"activateIssueType", issue_type_activate},
    {"getIssueStatuses", issue_status_list},
    {"createIssueStatus", issue_status_create},
    {"reorderIssueStatuses", issue_statuses_reorder},
    {"getIssueStatusById", issue_status_get},
    {"updateIssueStatus", issue_status_update},
    {"deleteIssueStatus", issue_status_delete},
    {"activateIssueStatus", issue_status_activate},
    {"linkActionToGoals", action_link_goals},
    {"linkActionToStrategies", action_link_strategies},
    {"clearActionRelationships", action_unlink_all},
    {"syncKPIUpdate", kpi_update_create},
    {"getActionGoalRelationships", goals_of_actions},
    {"getActionStrategyRelationships", strategies_of_actions},
    {"getGoalKPIRelationships", kpis_of_goals},
    {NULL, NULL},
};

#define TYPE_TAKEN STATUS_DUPLICATE_NAME, NULL, "There is an issue type of this name already"
#define STATUS_TAKEN STATUS_DUPLICATE_NAME, NULL, "There is an issue status of this name already"

static const struct constraint_fault constraints[] = {
    {"issue_types_name", TYPE_TAKEN},      {"issue_types_system_name", TYPE_TAKEN},
    {"issue_statuses_name", STATUS_TAKEN}, {"issue_statuses_system_name", STATUS_TAKEN},
    {NULL, STATUS_OK, NULL, NULL},
};

static const enum service calls[] = {SERVICE_GOALS, SERVICE_KPIS, SERVICE_GATEWAY};

static const struct consumer_spec consumes[] = {
    {.source = SERVICE_GOALS,
     .types = (const char *const[]){"goal.deleted", "strategy.deleted", NULL},
     .apply = targets_gone},
    {.source = SERVICE_GATEWAY},
};

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_OPERATIONS,
        .schema = "operations",
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .constraints = constraints,
        .calls = calls,
        .consumes = consumes,
    };
    return service_main(&program, argc, argv);
}
