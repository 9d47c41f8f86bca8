/* The verbs of an action: its status, its completion and what follows from it, its links, and what
 * it has brought to KPIs. */
#include "service_rig.h"

static const char *const unknown = "019caa84-0000-7000-8000-000000000000";

static const char *made(const char *operation, const char *body)
{
    const struct rig_answer *answer = ask(operation, NULL, body);

    ck_answer(answer, 201);
    return text_at(answer, "data.id");
}

static const char *action_path(const char *id)
{
    return format("{'actionId': '%s'}", id);
}

static const char *issue_path(const char *id)
{
    return format("{'issueId': '%s'}", id);
}

static const char *action_of(const char *issue, const char *status)
{
    return made("createAction",
                format("{'title': 'a', 'status': '%s', 'connections': {'issueIds': ['%s']}}",
                       status, issue));
}

START_TEST(takes_any_status)
{
    const char *id = made("createAction", "{'title': 'a'}");
    const struct rig_answer *answer =
        ask("changeActionStatus", action_path(id),
            "{'status': 'completed', 'reason': 'done', 'actualHours': 35}");

    ck_at(answer, "data.status", "'completed'");
    ck_at(answer, "data.progress", "100.0");
    ck_at(answer, "data.actualHours", "35.0");
    ck_at(answer, "data.statusReason", "'done'");
    ck_assert_str_eq(text_at(answer, "data.completedAt"), text_at(answer, "data.updatedAt"));
    ck_at(event_of_type("action.updated"), "changes.status", "['not_started','completed']");
    ck_at(event_of_type("action.completed"), "data.id", format("'%s'", id));
    answer = ask("changeActionStatus", action_path(id), "{'status': 'In Progress'}");
    ck_at(answer, "data.status", "'in_progress'");
    ck_at(answer, "data.completedAt", "null");
    ck_at(answer, "data.statusReason", "'done'");
    ck_at(answer, "data.actualHours", "35.0");
    ck_at(ask("changeActionStatus", action_path(id), "{'status': 'cancelled'}"), "data.status",
          "'cancelled'");
    ck_invalid(ask("changeActionStatus", action_path(id), "{'status': 'finished'}"), "status");
    ck_invalid(ask("changeActionStatus", action_path(id), "{'reason': 'x'}"), "status");
    ck_invalid(
        ask("changeActionStatus", action_path(id), "{'status': 'blocked', 'actualHours': -1}"),
        "actualHours");
    ck_refused(ask("changeActionStatus", action_path(unknown), "{'status': 'blocked'}"), 404,
               "ACTION_NOT_FOUND");
    caller.if_version = 1;
    ck_refused(ask("changeActionStatus", action_path(id), "{'status': 'blocked'}"), 412,
               "PRECONDITION_FAILED");
    ck_at(ask("getActionById", action_path(id), NULL), "version", "4");
}
END_TEST

START_TEST(patching_is_putting)
{
    const char *id = made("createAction", "{'title': 'a', 'description': 'd'}");
    const struct rig_answer *answer = ask("patchAction", action_path(id), "{'title': 'b'}");

    ck_at(answer, "data.title", "'b'");
    ck_at(answer, "data.description", "'d'");
    ck_at(event_of_type("action.updated"), "changes.title", "['a','b']");
    ck_at(ask("patchAction", action_path(id), "{'description': null}"), "data.description", "null");
    ck_invalid(ask("patchAction", action_path(id), "{'title': null}"), "title");
    ck_refused(ask("patchAction", action_path(unknown), "{'title': 'b'}"), 404, "ACTION_NOT_FOUND");
}
END_TEST

START_TEST(names_who_it_is_given_to)
{
    const char *id = made("createAction", "{'title': 'a'}");

    ck_answer(ask("learnPerson", NULL, "{'userId': 'ann', 'name': 'Ann One', 'issuedAt': 10}"),
              200);
    const struct rig_answer *answer =
        ask("patchAction", action_path(id), "{'assignedPersonId': 'ann'}");
    ck_at(answer, "data.assignedPersonName", "'Ann One'");
    ck_at(ask("patchAction", action_path(id), "{'title': 'b'}"), "data.assignedPersonName",
          "'Ann One'");
    ck_at(ask("patchAction", action_path(id), "{'assignedPersonId': 'unknown'}"),
          "data.assignedPersonName", "null");
}
END_TEST

START_TEST(completion_tells_which_issues_can_be_closed)
{
    const char *alone = made("createIssue", "{'title': 'alone'}");
    const char *shared = made("createIssue", "{'title': 'shared'}");
    const char *closed = made("createIssue", "{'title': 'closed', 'status': 'Duplicate'}");
    const char *id = made("createAction", format("{'title': 'a', 'connections': {'issueIds': "
                                                 "['%s', '%s', '%s']}}",
                                                 alone, shared, closed));
    const char *other = action_of(shared, "blocked");
    const struct rig_answer *answer =
        ask("completeAction", action_path(id),
            "{'actualHours': 2, 'notes': 'nine of ten', 'outcome': 'they have agreed'}");

    ck_at(answer, "data.status", "'completed'");
    ck_at(answer, "data.progress", "100.0");
    ck_at(answer, "data.actualHours", "2.0");
    ck_at(answer, "data.statusReason", "'they have agreed\\nnine of ten'");
    ck_at(answer, "data.kpiUpdatePrompt", "false");
    ck_at(answer, "data.closableIssues", format("[{'id':'%s','title':'alone'}]", alone));
    ck_at(ask("getActionById", action_path(id), NULL), "version", "2");
    ck_at(event_of_type("action.completed"), "data.closableIssues", "absent");
    ck_at(ask("getIssueById", issue_path(alone), NULL), "data.status.name", "'Open'");
    answer = ask("completeAction", action_path(other), NULL);
    ck_at(answer, "data.closableIssues", format("[{'id':'%s','title':'shared'}]", shared));
    /* It kept no issue open before, so it has freed none. */
    ck_at(ask("completeAction", action_path(other), "{}"), "data.closableIssues", "[]");
    ck_at(ask("completeAction", action_path(made("createAction", "{'title': 'a'}")), NULL),
          "data.closableIssues", "[]");
    ck_invalid(ask("completeAction", action_path(id), "{'actualHours': 'two'}"), "actualHours");
    ck_refused(ask("completeAction", action_path(unknown), NULL), 404, "ACTION_NOT_FOUND");
    char half[1100];
    memset(half, 'x', sizeof half);
    half[sizeof half - 1] = '\0';
    ck_invalid(ask("completeAction", action_path(id),
                   format("{'notes': '%s', 'outcome': '%s'}", half, half)),
               "notes");
}
END_TEST

START_TEST(an_issue_in_an_own_closed_status_is_not_offered)
{
    ck_answer(ask("createIssueStatus", NULL, "{'name': 'Gone', 'category': 'closed'}"), 201);
    const char *gone = made("createIssue", "{'title': 'gone', 'status': 'Gone'}");

    ck_at(ask("completeAction", action_path(action_of(gone, "blocked")), NULL),
          "data.closableIssues", "[]");
    ck_answer(ask("createIssueStatus", NULL, "{'name': 'Closed soon', 'category': 'active'}"), 201);
    const char *soon = made("createIssue", "{'title': 'soon', 'status': 'Closed soon'}");
    ck_at(ask("completeAction", action_path(action_of(soon, "blocked")), NULL),
          "data.closableIssues[0].title", "'soon'");
}
END_TEST

START_TEST(without_goals_no_reading_is_due)
{
    const char *id = made("createAction", "{'title': 'a'}");

    ck_at(ask("getKPIUpdatePrompt", action_path(id), NULL), "data", "false");
    ck_refused(ask("getKPIUpdatePrompt", action_path(unknown), NULL), 404, "ACTION_NOT_FOUND");
}
END_TEST

START_TEST(replaces_its_issues)
{
    const char *one = made("createIssue", "{'title': 'one'}");
    const char *two = made("createIssue", "{'title': 'two'}");
    const char *id = made("createAction", "{'title': 'a'}");
    const struct rig_answer *answer =
        ask("linkActionToIssues", action_path(id), format("{'issueIds': ['%s', '%s']}", two, one));

    ck_at(answer, "data.connections.issueIds", format("['%s','%s']", two, one));
    ck_at(ask("getIssueById", issue_path(one), NULL), "data.connections.actionIds",
          format("['%s']", id));
    ck_at(event_of_type("action.updated"), "changes.connections[1].issueIds",
          format("['%s','%s']", two, one));
    ck_invalid(ask("linkActionToIssues", action_path(id),
                   format("{'issueIds': ['%s', '%s']}", one, unknown)),
               "issueIds[1]");
    ck_invalid(ask("linkActionToIssues", action_path(id), "{}"), "issueIds");
    ck_at(ask("setActionConnections", action_path(id), "{}"), "data.connections.issueIds",
          format("['%s','%s']", two, one));
    ck_at(ask("setActionConnections", action_path(id),
              format("{'issue_ids': ['%s'], 'goalIds': []}", one)),
          "data.connections.issueIds", format("['%s']", one));
    ck_invalid(
        ask("setActionConnections", action_path(id), format("{'issueIds': ['%s']}", unknown)),
        "issueIds[0]");
    ck_at(ask("linkActionToIssues", action_path(id), "{'issueIds': []}"),
          "data.connections.issueIds", "[]");
    ck_at(ask("getIssueById", issue_path(one), NULL), "data.connections.actionIds", "[]");
    ck_refused(ask("linkActionToIssues", action_path(unknown), "{'issueIds': []}"), 404,
               "ACTION_NOT_FOUND");
    ck_refused(ask("setActionConnections", action_path(unknown), "{}"), 404, "ACTION_NOT_FOUND");
}
END_TEST

START_TEST(shows_what_it_is_linked_to)
{
    const char *one = made("createIssue", "{'title': 'one'}");
    const char *two = made("createIssue", "{'title': 'two'}");
    const char *id = made("createAction", "{'title': 'a'}");

    ck_at(ask("getActionRelationships", action_path(id), NULL), "data",
          "{'goals':[],'strategies':[],'issues':[]}");
    ck_answer(
        ask("linkActionToIssues", action_path(id), format("{'issueIds': ['%s', '%s']}", two, one)),
        200);
    const struct rig_answer *answer = ask("getActionRelationships", action_path(id), NULL);
    ck_at(answer, "data.issues[0].id", format("'%s'", two));
    ck_at(answer, "data.issues[0].status.name", "'Open'");
    ck_at(answer, "data.issues[1].title", "'one'");
    ck_at(answer, "data.issues[2]", "absent");
    ck_refused(ask("getActionRelationships", action_path(unknown), NULL), 404, "ACTION_NOT_FOUND");
}
END_TEST

/* As kpi_updates.c keeps it. */
static void kept(const char *action, const char *kpi, const char *horizon, int number)
{
    sql_value(format("INSERT INTO operations.kpi_updates VALUES ('%s', gen_random_uuid(), '%s', "
                     "'%s', %s, %d, now(), 'n%d', 'u', now() + interval '%d s', '\\x80') "
                     "RETURNING 1",
                     caller.tenant, action, kpi, horizon, number, number, number));
}

START_TEST(lists_what_was_brought_to_kpis)
{
    static const char *const kpi = "019caa84-0000-7000-8000-000000000001",
                             *const other = "019caa84-0000-7000-8000-000000000002";
    const char *one = made("createAction", "{'title': 'one'}");
    const char *two = made("createAction", "{'title': 'two'}");

    kept(one, kpi, "'h1'", 1);
    kept(two, kpi, "NULL", 2);
    kept(one, other, "'h2'", 3);
    const char *of_kpi = format("{'kpiId': ['%s']}", kpi);
    ck_assert_str_eq(listed("getKPIUpdates", of_kpi, "notes"), "n2,n1 2");
    ck_assert_str_eq(listed("getKPIUpdates", format("{'measureId': ['%s']}", other), "notes"),
                     "n3 1");
    ck_assert_str_eq(listed("getKPIUpdates", format("{'actionId': ['%s']}", one), "notes"),
                     "n3,n1 2");
    ck_assert_str_eq(
        listed("getKPIUpdates", format("{'actionId': ['%s'], 'horizonId': ['h1']}", one), "notes"),
        "n1 1");
    ck_assert_str_eq(listed("getKPIUpdates",
                            format("{'actionId': ['%s'], 'kpiId': ['%s']}", two, other), "notes"),
                     " 0");
    ck_assert_str_eq(listed("getKPIUpdates",
                            format("{'kpiId': ['%s'], 'size': ['1'], 'page': ['2']}", kpi),
                            "notes"),
                     "n1 2");
    ck_at(ask_all("getKPIUpdates", NULL, of_kpi, NULL), "data[1].horizonId", "'h1'");
    ck_at(ask_all("getKPIUpdates", NULL, of_kpi, NULL), "data[1].recordedBy", "'u'");
    ck_invalid(ask_all("getKPIUpdates", NULL, "{'horizonId': ['h1']}", NULL), "kpiId");
    rig_new_tenant();
    ck_assert_str_eq(listed("getKPIUpdates", of_kpi, "notes"), " 0");
}
END_TEST

START_TEST(an_update_needs_its_action)
{
    const char *body = format("{'kpiId': '%s', 'newValue': 1}", unknown);

    ck_refused(ask("updateKPIFromAction", action_path(unknown), body), 404, "ACTION_NOT_FOUND");
    ck_refused(ask("addActionKPIUpdate", action_path(unknown), body), 404, "ACTION_NOT_FOUND");
    const char *id = made("createAction", "{'title': 'a'}");
    ck_invalid(ask("updateKPIFromAction", action_path(id), "{'newValue': 1}"), "sharedKpiId");
    ck_invalid(ask("addActionKPIUpdate", action_path(id), format("{'kpiId': '%s'}", unknown)),
               "newValue");
    /* svc-kpis is not there. */
    ck_refused(ask("updateKPIFromAction", action_path(id), body), 503, "SERVICE_UNAVAILABLE");
}
END_TEST

/* An action is completed by several at once: one of them is told what it has freed. */
START_TEST(one_of_two_completions_is_told)
{
    for (int round = 0; round < 4; round++) {
        const char *issue = made("createIssue", "{'title': 'i'}");
        const char *id = action_of(issue, "in_progress");
        const struct rig_answer **answers = ask_at_once(5, "completeAction", action_path(id), NULL);
        size_t told = 0;
        ck_assert_uint_eq(count_http(answers, 5, 200), 5);
        for (size_t i = 0; i < 5; i++)
            told += strcmp(at(answers[i], "data.closableIssues"), "[]") != 0;
        ck_assert_uint_eq(told, 1);
    }
}
END_TEST

SERVICE_SUITE_MAIN("operations actions", takes_any_status, patching_is_putting,
                   names_who_it_is_given_to, completion_tells_which_issues_can_be_closed,
                   an_issue_in_an_own_closed_status_is_not_offered, without_goals_no_reading_is_due,
                   replaces_its_issues, shows_what_it_is_linked_to, lists_what_was_brought_to_kpis,
                   an_update_needs_its_action, one_of_two_completions_is_told)
