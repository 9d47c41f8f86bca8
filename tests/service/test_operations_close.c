/* Closing an issue: what its actions let one do, and what is told of it besides its status. */
#include "service_rig.h"

static const char *const unknown = "019caa84-0000-7000-8000-000000000000";

static const char *made(const char *operation, const char *body)
{
    const struct rig_answer *answer = ask(operation, NULL, body);

    ck_answer(answer, 201);
    return text_at(answer, "data.id");
}

static const char *issue_path(const char *id)
{
    return format("{'issueId': '%s'}", id);
}

/* An action of the issue. */
static const char *action_of(const char *issue, const char *status)
{
    return made("createAction",
                format("{'title': '%s', 'status': '%s', 'connections': {'issueIds': ['%s']}}",
                       status, status, issue));
}

static const char *issue(void)
{
    return made("createIssue", "{'title': 'i'}");
}

START_TEST(closes_what_has_no_open_action)
{
    static const char *const open[] = {"not_started", "in_progress", "blocked"};
    static const char *const over[] = {"completed", "cancelled"};

    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        const char *id = issue();
        action_of(id, open[i]);
        const char *types = event_types();
        const struct rig_answer *refused = ask("closeIssue", issue_path(id), "{'reason': 'r'}");
        ck_refused(refused, 409, "DEPENDENCY_EXISTS");
        ck_at(refused, "message", "'1 of 1 action is still open'");
        ck_assert_str_eq(event_types(), types);
        ck_at(ask("getIssueById", issue_path(id), NULL), "data.status.name", "'Open'");
    }
    for (size_t i = 0; i < sizeof over / sizeof *over; i++) {
        const char *id = issue();
        action_of(id, over[i]);
        ck_at(ask("closeIssue", issue_path(id), NULL), "data.status.name", "'Closed'");
    }
    const char *id = issue();
    const struct rig_answer *closed =
        ask("putIssueClose", issue_path(id), "{'reason': ' over ', 'force': false}");
    ck_at(closed, "data.status.name", "'Closed'");
    ck_at(closed, "data.statusReason", "'over'");
    ck_assert_str_eq(text_at(closed, "data.resolvedAt"), text_at(closed, "data.updatedAt"));
    ck_at(event_of_type("issue.updated"), "changes.status[1].name", "'Closed'");
    ck_at(event_of_type("issue.updated"), "changes.statusReason", "[null,'over']");
    ck_refused(ask("closeIssue", issue_path(unknown), NULL), 404, "ISSUE_NOT_FOUND");
    ck_invalid(ask("closeIssue", issue_path(issue()), "{'force': 'yes'}"), "force");
}
END_TEST

START_TEST(force_closes_anyway)
{
    const char *id = issue();

    action_of(id, "in_progress");
    action_of(id, "blocked");
    action_of(id, "completed");
    ck_at(ask("putIssueClose", issue_path(id), "{}"), "message", "'2 of 3 actions are still open'");
    ck_at(ask("closeIssue", issue_path(id), "{'force': true}"), "data.status.name", "'Closed'");
    id = issue();
    action_of(id, "in_progress");
    action_of(id, "completed");
    ck_at(ask("closeIssue", issue_path(id), "{}"), "message", "'1 of 2 actions is still open'");
}
END_TEST

START_TEST(closing_again_changes_nothing)
{
    const char *id = issue();
    const struct rig_answer *closed = ask("closeIssue", issue_path(id), "{'reason': 'once'}");
    const char *types = event_types();

    const struct rig_answer *again = ask("closeIssue", issue_path(id), "{'reason': 'twice'}");
    ck_answer(again, 200);
    ck_assert_str_eq(at(again, "data"), at(closed, "data"));
    ck_at(again, "version", "2");
    ck_assert_str_eq(event_types(), types);
    /* Resolved is another status, which since when it is closed stays. */
    id = issue();
    const struct rig_answer *resolved =
        ask("resolveIssue", issue_path(id), "{'resolutionNotes': 'n'}");
    closed = ask("closeIssue", issue_path(id), NULL);
    ck_at(closed, "data.status.name", "'Closed'");
    ck_at(closed, "data.resolvedAt", format("'%s'", text_at(resolved, "data.resolvedAt")));
}
END_TEST

START_TEST(tells_whether_it_can_be_closed)
{
    const char *id = issue();
    const struct rig_answer *answer = ask("getClosureEligibility", issue_path(id), NULL);

    ck_at(answer, "data",
          "{'canClose':true,'completedActions':0,'totalActions':0,'openActions':[],'reasons':[]}");
    action_of(id, "completed");
    action_of(id, "cancelled");
    const char *open = action_of(id, "blocked");
    answer = ask("getClosureEligibility", issue_path(id), NULL);
    ck_at(answer, "data.canClose", "false");
    ck_at(answer, "data.completedActions", "1");
    ck_at(answer, "data.totalActions", "3");
    ck_at(answer, "data.openActions",
          format("[{'id':'%s','title':'blocked','status':'blocked'}]", open));
    ck_at(answer, "data.reasons", "['1 of 3 actions is still open']");
    ck_answer(ask("deleteAction", format("{'actionId': '%s'}", open), NULL), 200);
    answer = ask("getClosureEligibility", issue_path(id), NULL);
    ck_at(answer, "data.canClose", "true");
    ck_at(answer, "data.totalActions", "2");
    ck_refused(ask("getClosureEligibility", issue_path(unknown), NULL), 404, "ISSUE_NOT_FOUND");
    rig_new_tenant();
    ck_refused(ask("getClosureEligibility", issue_path(id), NULL), 404, "ISSUE_NOT_FOUND");
}
END_TEST

START_TEST(tells_the_status)
{
    const char *id = issue();
    const char *today = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')");
    const char *yesterday =
        sql_value("SELECT to_char(now() AT TIME ZONE 'UTC' - interval '1 day', 'YYYY-MM-DD')");

    ck_answer(ask("createAction", NULL,
                  format("{'title': 'due today', 'dueDate': '%s', 'connections': {'issueIds': "
                         "['%s']}}",
                         today, id)),
              201);
    ck_answer(ask("createAction", NULL,
                  format("{'title': 'late', 'dueDate': '%s', 'connections': {'issueIds': ['%s']}}",
                         yesterday, id)),
              201);
    ck_answer(ask("createAction", NULL,
                  format("{'title': 'late but done', 'status': 'completed', 'dueDate': '%s', "
                         "'connections': {'issueIds': ['%s']}}",
                         yesterday, id)),
              201);
    const struct rig_answer *answer = ask("getIssueStatus", issue_path(id), NULL);
    ck_at(answer, "data.issueId", format("'%s'", id));
    ck_at(answer, "data.status.name", "'Open'");
    ck_at(answer, "data.canClose", "false");
    ck_at(answer, "data.completedActions", "1");
    ck_at(answer, "data.totalActions", "3");
    ck_at(answer, "data.overdueActions", "1");
    ck_at(answer, "data.resolvedAt", "null");
    const struct rig_answer *closed = ask("closeIssue", issue_path(id), "{'force': true}");
    answer = ask("getIssueStatus", issue_path(id), NULL);
    ck_at(answer, "data.status.category", "'closed'");
    ck_at(answer, "data.resolvedAt", format("'%s'", text_at(closed, "data.resolvedAt")));
    ck_refused(ask("getIssueStatus", issue_path(unknown), NULL), 404, "ISSUE_NOT_FOUND");
}
END_TEST

START_TEST(lists_its_actions_newest_first)
{
    const char *id = issue();
    const char *first = action_of(id, "completed"), *second = action_of(id, "blocked");

    made("createAction", "{'title': 'of nothing'}");
    const struct rig_answer *answer = ask("getRelatedActions", issue_path(id), NULL);
    ck_at(answer, "data[0].id", format("'%s'", second));
    ck_at(answer, "data[0].connections.issueIds", format("['%s']", id));
    ck_at(answer, "data[1].id", format("'%s'", first));
    ck_at(answer, "data[2]", "absent");
    ck_at(ask("getRelatedActions", issue_path(issue()), NULL), "data", "[]");
    ck_refused(ask("getRelatedActions", issue_path(unknown), NULL), 404, "ISSUE_NOT_FOUND");
}
END_TEST

/* All who close at once succeed, and one of them has done it. */
START_TEST(of_many_that_close_at_once_one_does)
{
    for (int round = 0; round < 5; round++) {
        const char *id = issue();
        const struct rig_answer **answers = ask_at_once(4, "closeIssue", issue_path(id), "{}");
        ck_assert_uint_eq(count_http(answers, 4, 200), 4);
        ck_at(ask("getIssueById", issue_path(id), NULL), "version", "2");
    }
}
END_TEST

START_TEST(keeps_the_analysis)
{
    const char *id = issue();
    const struct rig_answer *answer =
        ask("addRootCause", issue_path(id),
            format("{'issueId': '%s', 'method': 'swot', 'analysis': {'strengths': ['a', 'b'], "
                   "'more': 1}}",
                   id));

    ck_at(answer, "data.rootCauseAnalysis",
          "{'method':'swot','findings':{'strengths':['a','b'],'more':1}}");
    ck_at(event_of_type("issue.updated"), "changes.rootCauseAnalysis[0]", "null");
    ck_at(event_of_type("issue.updated"), "changes.rootCauseAnalysis[1].method", "'swot'");
    answer =
        ask("addRootCause", issue_path(id), "{'method': 'Five Whys', 'findings': {'why': []}}");
    ck_at(answer, "data.rootCauseAnalysis", "{'method':'five_whys','findings':{'why':[]}}");
    ck_at(ask("addRootCause", issue_path(id), "{'method': 'pareto', 'findings': {'threats': 1}}"),
          "data.rootCauseAnalysis.findings.threats", "1");
    ck_at(ask("addRootCause", issue_path(id), "{'method': 'fishbone', 'findings': {}}"),
          "data.rootCauseAnalysis.method", "'fishbone'");
    ck_invalid(ask("addRootCause", issue_path(id), "{'method': 'guess', 'analysis': {}}"),
               "method");
    ck_invalid(ask("addRootCause", issue_path(id), "{'method': 'swot'}"), "analysis");
    ck_invalid(ask("addRootCause", issue_path(id), "{'method': 'swot', 'analysis': 'text'}"),
               "analysis");
    ck_invalid(
        ask("addRootCause", issue_path(id), "{'method': 'swot', 'findings': {'threats': 'one'}}"),
        "findings.threats");
    ck_invalid(ask("addRootCause", issue_path(id),
                   "{'method': 'swot', 'analysis': {'weaknesses': ['one', 2]}}"),
               "analysis.weaknesses");
    ck_invalid(ask("addRootCause", issue_path(id),
                   format("{'issueId': '%s', 'method': 'pareto', 'analysis': {}}", unknown)),
               "issueId");
    char large[17000];
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = '\0';
    ck_invalid(ask("addRootCause", issue_path(id),
                   format("{'method': 'pareto', 'analysis': {'a': '%s'}}", large)),
               "analysis");
    ck_at(ask("getIssueById", issue_path(id), NULL), "data.rootCauseAnalysis.method", "'fishbone'");
}
END_TEST

START_TEST(adds_and_removes_tags)
{
    const char *id = made("createIssue", "{'title': 'i', 'tags': ['a', 'b']}");
    const struct rig_answer *answer =
        ask("addIssueTags", issue_path(id), "{'tags': ['b', 'B', ' c ', 'c']}");

    ck_at(answer, "data.tags", "['a','b','B','c']");
    ck_at(event_of_type("issue.updated"), "changes.tags", "[['a','b'],['a','b','B','c']]");
    ck_at(answer, "version", "2");
    ck_at(ask("addIssueTags", issue_path(id), "{'tags': ['a']}"), "version", "2");
    answer = ask("removeIssueTags", issue_path(id), "{'tags': ['a', 'unknown', 'b']}");
    ck_at(answer, "data.tags", "['B','c']");
    answer = ask_all("removeIssueTags", issue_path(id), "{'tags': ['B,x']}", NULL);
    ck_at(answer, "data.tags", "['c']");
    ck_at(ask("removeIssueTags", issue_path(id), "{'tags': ['C']}"), "data.tags", "['c']");
    ck_invalid(ask("addIssueTags", issue_path(id), "{'tags': []}"), "tags");
    ck_invalid(ask("addIssueTags", issue_path(id), "{}"), "tags");
    ck_invalid(ask("addIssueTags", issue_path(id), "{'tags': [' ']}"), "tags[0]");
    ck_invalid(ask("removeIssueTags", issue_path(id), "{'tags': []}"), "tags");
    ck_invalid(ask("removeIssueTags", issue_path(id), NULL), "tags");
    ck_answer(ask("addIssueTags", issue_path(id),
                  "{'tags': ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', "
                  "'14', '15', '16', '17', '18', '19']}"),
              200);
    ck_invalid(ask("addIssueTags", issue_path(id), "{'tags': ['20']}"), "tags");
    ck_at(ask("addIssueTags", issue_path(id), "{'tags': ['19']}"), "data.tags[19]", "'19'");
    ck_refused(ask("addIssueTags", issue_path(unknown), "{'tags': ['x']}"), 404, "ISSUE_NOT_FOUND");
    ck_refused(ask("removeIssueTags", issue_path(unknown), "{'tags': ['x']}"), 404,
               "ISSUE_NOT_FOUND");
}
END_TEST

START_TEST(tags_that_are_added_at_once_all_stay)
{
    const char *id = issue();

    caller.command = NULL;
    const struct rig_answer **answers =
        ask_at_once(6, "addIssueTags", issue_path(id), "{'tags': ['same']}");
    ck_assert_uint_eq(count_http(answers, 6, 200), 6);
    ck_at(ask("getIssueById", issue_path(id), NULL), "data.tags", "['same']");
    ck_at(ask("getIssueById", issue_path(id), NULL), "version", "2");
}
END_TEST

START_TEST(links_actions_from_the_issue)
{
    const char *id = issue();
    const char *one = made("createAction", "{'title': 'one'}");
    const char *two = made("createAction", "{'title': 'two'}");
    const struct rig_answer *answer =
        ask("linkIssueToActions", issue_path(id),
            format("{'actionIds': ['%s', '%s', '%s']}", two, one, two));

    ck_at(answer, "data.connections.actionIds", format("['%s','%s']", two, one));
    ck_at(ask("getActionById", format("{'actionId': '%s'}", one), NULL),
          "data.connections.issueIds", format("['%s']", id));
    ck_at(event_of_type("action.updated"), "data.causedBy", format("'%s'", id));
    ck_invalid(ask("linkIssueToActions", issue_path(id),
                   format("{'actionIds': ['%s', '%s']}", one, unknown)),
               "actionIds[1]");
    ck_invalid(ask("linkIssueToActions", issue_path(id), "{}"), "actionIds");
    ck_invalid(ask("linkIssueToGoals", issue_path(id), "{}"), "goalIds");
    ck_invalid(ask("linkIssueToStrategies", issue_path(id), "{'strategyIds': ['x']}"),
               "strategyIds[0]");
    answer = ask("linkIssueToActions", issue_path(id), "{'actionIds': []}");
    ck_at(answer, "data.connections.actionIds", "[]");
    ck_at(ask("getActionById", format("{'actionId': '%s'}", one), NULL),
          "data.connections.issueIds", "[]");
    ck_answer(ask("linkIssueToActions", issue_path(id), format("{'actionIds': ['%s']}", one)), 200);
    ck_at(ask("clearIssueRelationships", issue_path(id), NULL), "data.connections",
          "{'goalIds':[],'strategyIds':[],'actionIds':[]}");
    ck_at(ask("getActionById", format("{'actionId': '%s'}", one), NULL),
          "data.connections.issueIds", "[]");
    ck_at(event_of_type("issue.updated"), "changes.connections[1].actionIds", "[]");
    ck_refused(ask("clearIssueRelationships", issue_path(unknown), NULL), 404, "ISSUE_NOT_FOUND");
    ck_refused(ask("linkIssueToActions", issue_path(unknown), "{'actionIds': []}"), 404,
               "ISSUE_NOT_FOUND");
}
END_TEST

SERVICE_SUITE_MAIN("operations close", closes_what_has_no_open_action, force_closes_anyway,
                   closing_again_changes_nothing, tells_whether_it_can_be_closed, tells_the_status,
                   lists_its_actions_newest_first, of_many_that_close_at_once_one_does,
                   keeps_the_analysis, adds_and_removes_tags, tags_that_are_added_at_once_all_stay,
                   links_actions_from_the_issue)
