/* svc-operations alone: actions and issues, what their events say, and what is refused because the
 * services it asks are not there. */
#include "service_rig.h"

static const char *action_path(const char *id)
{
    return format("{'actionId': '%s'}", id);
}

static const char *issue_path(const char *id)
{
    return format("{'issueId': '%s'}", id);
}

static const char *an_id = "0194692f-7f00-7c3a-9b1e-5d2f00000001";

START_TEST(tells_of_actions)
{
    const struct rig_answer *action = ask("createAction", NULL, "{'title': 'Call'}");

    ck_answer(action, 201);
    ck_at(action, "version", "1");
    const char *id = text_at(action, "data.id");
    ck_assert_str_eq(text_at(action, "location"), format("/api/operations/actions/%s", id));
    ck_answer(ask("updateAction", action_path(id), "{'progress': 50}"), 200);
    ck_assert_str_eq(event_types(), "action.created action.updated");
    ck_at(event_of_type("action.updated"), "data.progress", "50.0");
    ck_answer(ask("updateAction", action_path(id), "{'status': 'completed'}"), 200);
    ck_assert_str_eq(event_types(),
                     "action.created action.updated action.updated action.completed");
    ck_at(event_of_type("action.completed"), "data.progress", "100.0");
    ck_answer(ask("updateAction", action_path(id), "{'title': 'Still completed'}"), 200);
    ck_answer(ask("clearActionRelationships", action_path(id), NULL), 200);
    ck_answer(ask("deleteAction", action_path(id), NULL), 200);
    ck_assert_str_eq(event_types(), "action.created action.updated action.updated action.completed "
                                    "action.updated action.updated action.deleted");
    ck_refused(ask("getActionById", action_path(id), NULL), 404, "ACTION_NOT_FOUND");
}
END_TEST

START_TEST(tells_of_actions_that_begin_completed)
{
    ck_answer(ask("createAction", NULL, "{'title': 'a', 'status': 'completed'}"), 201);
    ck_assert_str_eq(event_types(), "action.created action.completed");
}
END_TEST

START_TEST(tells_of_issues)
{
    const struct rig_answer *issue = ask("createIssue", NULL, "{'title': 'Late', 'priority': 4}");

    ck_answer(issue, 201);
    const char *id = text_at(issue, "data.id");
    ck_at(event_of_type("issue.created"), "data.status.category", "'open'");
    ck_at(event_of_type("issue.created"), "data.priority", "'critical'");
    ck_answer(ask("updateIssue", issue_path(id), "{'businessImpact': 'low'}"), 200);
    ck_at(event_of_type("issue.updated"), "data.impact", "'low'");
    ck_answer(ask("deleteIssue", issue_path(id), NULL), 200);
    ck_assert_str_eq(event_types(), "issue.created issue.updated issue.deleted");
}
END_TEST

START_TEST(tells_of_configuration)
{
    const struct rig_answer *type =
        ask("createIssueType", NULL, "{'name': 'a', 'isDefault': true}");
    const char *path = format("{'typeId': '%s'}", text_at(type, "data.id"));

    ck_answer(ask("deleteIssueType", path, NULL), 200);
    ck_refused(ask("deleteIssueType", path, NULL), 404, "ISSUE_TYPE_NOT_FOUND");
    ck_answer(ask("activateIssueType", path, NULL), 200);
    const struct rig_answer *types = ask("getIssueTypes", NULL, NULL);
    const char *system = format("{'typeId': '%s'}", text_at(types, "data[3].id"));
    ck_answer(ask("updateIssueType", system, "{'isDefault': true}"), 200);
    /* With each change of the default the type that was it, or is it again, changes too. */
    ck_assert_str_eq(event_types(), "issue_type.created issue_type.updated issue_type.deleted "
                                    "issue_type.updated issue_type.activated issue_type.updated "
                                    "issue_type.updated");
    ck_at(event_of_type("issue_type.updated"), "data.name", "'General'");
    ck_at(event_of_type("issue_type.updated"), "data.isDefault", "false");
    const char *status =
        text_at(ask("createIssueStatus", NULL, "{'name': 'a', 'category': 'open'}"), "data.id");
    ck_answer(ask("deleteIssueStatus", format("{'statusId': '%s'}", status), NULL), 200);
    ck_refused(ask("deleteIssueStatus", format("{'statusId': '%s'}", status), NULL), 404,
               "ISSUE_STATUS_NOT_FOUND");
    rig_new_tenant();
    const char *review = text_at(ask("getIssueStatuses", NULL, NULL), "data[3].id");
    ck_answer(ask("reorderIssueStatuses", NULL,
                  format("{'category': 'active', 'statusIds': ['%s']}", review)),
              200);
    ck_assert_str_eq(event_types(), "issue_status.reordered");
    const struct rig_answer *event = event_of_type("issue_status.reordered");
    ck_at(event, "data.statuses[0].name", "'In Review'");
    ck_at(event, "data.statuses[1].order", "2");
}
END_TEST

START_TEST(writes_nothing_when_others_cannot_be_asked)
{
    const char *linked = format("{'title': 'a', 'connections': {'goalIds': ['%s']}}", an_id);
    const char *id = text_at(ask("createAction", NULL, "{'title': 'a'}"), "data.id");

    ck_refused(ask("createAction", NULL, linked), 503, "SERVICE_UNAVAILABLE");
    ck_refused(ask("createIssue", NULL, linked), 503, "SERVICE_UNAVAILABLE");
    ck_refused(ask("updateAction", action_path(id), linked), 503, "SERVICE_UNAVAILABLE");
    ck_refused(ask("linkActionToGoals", action_path(id), format("{'goalIds': ['%s']}", an_id)), 503,
               "SERVICE_UNAVAILABLE");
    ck_refused(ask("syncKPIUpdate", NULL,
                   format("{'actionId': '%s', 'kpiId': '%s', 'newValue': 1, 'updateDate': "
                          "'2025-01-01'}",
                          id, an_id)),
               503, "SERVICE_UNAVAILABLE");
    ck_refused(ask("getGoalKPIRelationships", NULL, format("{'goalIds': ['%s']}", an_id)), 503,
               "SERVICE_UNAVAILABLE");
    ck_assert_str_eq(event_types(), "action.created");
    /* What needs nobody works. */
    ck_answer(ask("linkActionToGoals", action_path(id), "{'goalIds': []}"), 200);
    ck_at(ask("getActionGoalRelationships", NULL, format("{'actionIds': ['%s']}", id)), "data",
          format("{'%s':[]}", id));
}
END_TEST

START_TEST(links_both_ends)
{
    const char *action = text_at(ask("createAction", NULL, "{'title': 'a'}"), "data.id");
    const struct rig_answer *issue =
        ask("createIssue", NULL,
            format("{'title': 'i', 'connections': {'actionIds': ['%s', '%s']}}", action, action));

    ck_answer(issue, 201);
    ck_at(issue, "data.connections.actionIds", format("['%s']", action));
    ck_at(ask("getActionById", action_path(action), NULL), "data.connections.issueIds",
          format("['%s']", text_at(issue, "data.id")));
    ck_invalid(ask("createIssue", NULL,
                   format("{'title': 'i', 'connections': {'actionIds': ['%s']}}", an_id)),
               "connections.actionIds[0]");
}
END_TEST

START_TEST(does_a_command_once)
{
    rig_new_tenant();
    caller.command = "command-1";
    const struct rig_answer *first = ask("createIssueType", NULL, "{'name': 'Once'}");
    caller.command = "command-1";
    const struct rig_answer *again = ask("createIssueType", NULL, "{'name': 'Once'}");

    ck_answer(first, 201);
    ck_answer(again, 201);
    ck_assert_str_eq(at(again, "data"), at(first, "data"));
    ck_assert_str_eq(event_types(), "issue_type.created");
}
END_TEST

START_TEST(takes_a_name_once)
{
    const struct rig_answer **answers =
        ask_at_once(20, "createIssueStatus", NULL, "{'name': 'Race', 'category': 'open'}");

    ck_assert_uint_eq(count_http(answers, 20, 201), 1);
    ck_assert_uint_eq(count_http(answers, 20, 409), 19);
    ck_refused(ask("createIssueStatus", NULL, "{'name': 'race', 'category': 'closed'}"), 409,
               "DUPLICATE_NAME");
    rig_new_tenant();
    ck_answer(ask("createIssueStatus", NULL, "{'name': 'Race', 'category': 'open'}"), 201);
}
END_TEST

SERVICE_SUITE_MAIN("operations", tells_of_actions, tells_of_actions_that_begin_completed,
                   tells_of_issues, tells_of_configuration,
                   writes_nothing_when_others_cannot_be_asked, links_both_ends, does_a_command_once,
                   takes_a_name_once)
