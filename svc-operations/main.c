/* svc-operations: actions, issues, their types and statuses, and what they are linked to. */
#include "event_types.h"
#include "operations_handlers.h"
#include "queries.h"
#include "service.h"

static const struct handler handlers[] = {
    HANDLER("getActions", actions_get),
    HANDLER("createAction", action_create),
    HANDLER("createActionWithContext", action_with_context_create),
    HANDLER("getActionById", action_by_id_get),
    HANDLER("updateAction", action_update),
    HANDLER("patchAction", action_patch),
    HANDLER("deleteAction", action_delete),
    HANDLER("changeActionStatus", action_status_change),
    HANDLER("completeAction", action_complete),
    HANDLER("getKPIUpdatePrompt", kpi_update_prompt_get),
    HANDLER("getIssues", issues_get),
    HANDLER("createIssue", issue_create),
    HANDLER("createIssueFromAction", issue_from_action_create),
    HANDLER("convertIssueToActions", issue_to_actions_convert),
    HANDLER("reorderIssues", issues_reorder),
    HANDLER("getIssueStats", issue_stats_get),
    HANDLER("getIssueById", issue_by_id_get),
    HANDLER("updateIssue", issue_update),
    HANDLER("deleteIssue", issue_delete),
    HANDLER("startIssue", issue_start),
    HANDLER("resolveIssue", issue_resolve),
    HANDLER("closeIssue", issue_close),
    HANDLER("putIssueClose", issue_close_put),
    HANDLER("reopenIssue", issue_reopen),
    HANDLER("getIssueStatus", issue_status_get),
    HANDLER("getClosureEligibility", closure_eligibility_get),
    HANDLER("getRelatedActions", related_actions_get),
    HANDLER("addRootCause", root_cause_add),
    HANDLER("addIssueTags", issue_tags_add),
    HANDLER("removeIssueTags", issue_tags_remove),
    HANDLER("changeIssueStatus", issue_status_change),
    HANDLER("assignIssue", issue_assign),
    HANDLER("getIssueTypes", issue_types_get),
    HANDLER("createIssueType", issue_type_create),
    HANDLER("getIssueTypeById", issue_type_by_id_get),
    HANDLER("updateIssueType", issue_type_update),
    HANDLER("deleteIssueType", issue_type_delete),
    HANDLER("activateIssueType", issue_type_activate),
    HANDLER("getIssueStatuses", issue_statuses_get),
    HANDLER("createIssueStatus", issue_status_create),
    HANDLER("reorderIssueStatuses", issue_statuses_reorder),
    HANDLER("getIssueStatusById", issue_status_by_id_get),
    HANDLER("updateIssueStatus", issue_status_update),
    HANDLER("deleteIssueStatus", issue_status_delete),
    HANDLER("activateIssueStatus", issue_status_activate),
    HANDLER("linkActionToGoals", action_to_goals_link),
    HANDLER("linkActionToStrategies", action_to_strategies_link),
    HANDLER("linkActionToIssues", action_to_issues_link),
    HANDLER("setActionConnections", action_connections_set),
    HANDLER("clearActionRelationships", action_relationships_clear),
    HANDLER("linkIssueToGoals", issue_to_goals_link),
    HANDLER("linkIssueToStrategies", issue_to_strategies_link),
    HANDLER("linkIssueToActions", issue_to_actions_link),
    HANDLER("clearIssueRelationships", issue_relationships_clear),
    HANDLER("syncKPIUpdate", kpi_update_sync),
    HANDLER("getKPIUpdates", kpi_updates_get),
    HANDLER("updateKPIFromAction", kpi_from_action_update),
    HANDLER("addActionKPIUpdate", action_kpi_update_add),
    HANDLER("getActionRelationships", action_relationships_get),
    HANDLER("getActionGoalRelationships", action_goal_relationships_get),
    HANDLER("getActionStrategyRelationships", action_strategy_relationships_get),
    HANDLER("getGoalKPIRelationships", goal_kpi_relationships_get),
    HANDLER("tenantsAfter", tenants_after),
    HANDLER("entitiesAfter", entities_after),
    {.operation = NULL},
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
     .types = (const char *const[]){EVENT_GOAL_DELETED, EVENT_STRATEGY_DELETED,
                                    EVENT_PERSON_UPDATED, NULL},
     .kinds = (const char *const[]){"deletedGoals", "deletedStrategies", NULL},
     .added_kinds = (const char *const[]){"people", NULL},
     .apply = goal_event_apply},
    {.source = SERVICE_GATEWAY},
};

int main(int argc, char **argv)
{
    static const struct service_program program = {
        .service = SERVICE_OPERATIONS,
        .handlers = handlers,
        .statements = service_statements,
        .migrations = service_migrations,
        .constraints = constraints,
        .calls = calls,
        .consumes = consumes,
    };
    return service_main(&program, argc, argv);
}
