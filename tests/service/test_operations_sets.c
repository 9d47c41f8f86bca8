/* What makes several of an issue or takes several issues: conversion into actions, order,
 * statistics. */
#include "service_rig.h"

static const char *const unknown = "019caa84-0000-7000-8000-000000000000";
static const char *const goal = "019caa84-0000-7000-8000-00000000000a",
                         *const strategy = "019caa84-0000-7000-8000-00000000000b";

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

static const char *issue(const char *title)
{
    return made("createIssue", format("{'title': '%s'}", title));
}

/* As links of svc-goals' things are, which is not there to be asked. */
static void link_to_goals(const char *table, const char *id)
{
    sql_value(format("INSERT INTO operations.%s_goals VALUES ('%s', '%s', 1, '%s') RETURNING 1",
                     table, caller.tenant, id, goal));
    sql_value(format("INSERT INTO operations.%s_strategies VALUES ('%s', '%s', 1, '%s') "
                     "RETURNING 1",
                     table, caller.tenant, id, strategy));
}

static int64_t actions_now(void)
{
    return atoll(sql_value(format("SELECT count(*)::text FROM operations.actions "
                                  "WHERE tenant_id = '%s'",
                                  caller.tenant)));
}

START_TEST(converts_with_what_the_issue_has)
{
    const char *id = made("createIssue", "{'title': 'i', 'dueDate': '2026-12-20', 'priority': "
                                         "'critical'}");
    link_to_goals("issue", id);
    const char *old = made("createAction", format("{'title': 'old', 'connections': {'issueIds': "
                                                  "['%s']}}",
                                                  id));
    sql_value(format("INSERT INTO operations.people (tenant_id, user_id, name, issued_at) VALUES "
                     "('%s', 'user-1', 'Ann One', now()) RETURNING 1",
                     caller.tenant));
    const char *status = text_at(
        ask("createIssueStatus", NULL, "{'name': 'Next', 'category': 'active'}"), "data.id");
    const struct rig_answer *answer = ask(
        "convertIssueToActions", issue_path(id),
        format("{'actions': [{'title': ' one '}, {'title': 'two', 'priority': 'high', 'dueDate': "
               "'2027-01-02', 'description': 'd', 'assignedPersonId': 'user-1', "
               "'estimatedHours': 3, 'tags': ['t'], 'startDate': '2027-01-01'}, {'title': "
               "'three', 'startDate': '2026-12-21'}], 'newStatusId': '%s'}",
               status));

    ck_answer(answer, 201);
    const char *first = text_at(answer, "data.actionIds[0]");
    const char *second = text_at(answer, "data.actionIds[1]");
    const char *links =
        format("{'goalIds':['%s'],'strategyIds':['%s'],'issueIds':['%s']}", goal, strategy, id);
    ck_at(answer, "data.actions[0].id", format("'%s'", first));
    ck_at(answer, "data.actions[0].title", "'one'");
    ck_at(answer, "data.actions[0].priority", "'critical'");
    ck_at(answer, "data.actions[0].dueDate", "'2026-12-20T00:00:00.000Z'");
    ck_at(answer, "data.actions[0].status", "'not_started'");
    ck_at(answer, "data.actions[0].connections", links);
    ck_at(answer, "data.actions[1].priority", "'high'");
    ck_at(answer, "data.actions[1].dueDate", "'2027-01-02T00:00:00.000Z'");
    ck_at(answer, "data.actions[1].assignedPersonName", "'Ann One'");
    ck_at(answer, "data.actions[1].estimatedHours", "3.0");
    ck_at(answer, "data.actions[1].tags", "['t']");
    ck_at(answer, "data.actions[2].dueDate", "null"); /* it starts behind the issue's */
    ck_at(answer, "data.issue.status.name", "'Next'");
    ck_at(
        answer, "data.issue.connections.actionIds",
        format("['%s','%s','%s','%s']", old, first, second, text_at(answer, "data.actionIds[2]")));
    for (int i = 0; i < 3; i++) {
        const char *action = text_at(answer, format("data.actionIds[%d]", i));
        const struct rig_answer *read =
            ask("getActionById", format("{'actionId': '%s'}", action), NULL);
        ck_assert_str_eq(at(read, "data"), at(answer, format("data.actions[%d]", i)));
        ck_at(read, "version", "1");
    }
    const struct rig_answer *read = ask("getIssueById", issue_path(id), NULL);
    ck_assert_str_eq(at(read, "data"), at(answer, "data.issue"));
    ck_assert_ptr_nonnull(strstr(event_types(), "action.created action.created action.created "
                                                "issue.updated"));
    ck_at(event_of_type("issue.updated"), "changes.status[1].name", "'Next'");
    ck_at(event_of_type("issue.updated"), "changes.connections[0].actionIds",
          format("['%s']", old));
    ck_at(event_of_type("action.created"), "data.connections.issueIds", format("['%s']", id));
}
END_TEST

START_TEST(without_a_priority_it_is_medium_and_templates_do)
{
    const struct rig_answer *answer = ask("convertIssueToActions", issue_path(issue("i")),
                                          "{'actionTemplates': [{'title': 'one'}]}");

    ck_answer(answer, 201);
    ck_at(answer, "data.actions[0].priority", "'medium'");
    ck_at(answer, "data.actions[0].dueDate", "null");
    ck_at(answer, "data.issue.status.name", "'Open'");
    ck_at(answer, "location", "null");
}
END_TEST

START_TEST(refuses_all_or_none)
{
    const char *id = issue("i");
    const char *gone = text_at(
        ask("createIssueStatus", NULL, "{'name': 'Gone', 'category': 'active'}"), "data.id");

    ck_answer(ask("deleteIssueStatus", format("{'statusId': '%s'}", gone), NULL), 200);
    ck_invalid(ask("convertIssueToActions", issue_path(id),
                   "{'actions': [{'title': 'one'}, {'title': ' '}]}"),
               "actions[1].title");
    ck_invalid(ask("convertIssueToActions", issue_path(id),
                   "{'actions': [{'title': 'one'}, {'title': 'two', 'startDate': '2026-02-02', "
                   "'dueDate': '2026-02-01'}]}"),
               "actions[1].dueDate");
    ck_invalid(ask("convertIssueToActions", issue_path(id), "{'actions': []}"), "actions");
    ck_invalid(ask("convertIssueToActions", issue_path(id), "{}"), "actions");
    ck_invalid(ask("convertIssueToActions", issue_path(id),
                   format("{'actions': [{'title': 'one'}], 'newStatusId': '%s'}", unknown)),
               "newStatusId");
    ck_invalid(ask("convertIssueToActions", issue_path(id),
                   format("{'actions': [{'title': 'one'}], 'newStatusId': '%s'}", gone)),
               "newStatusId");
    const char *many = "{'title': 'a'}";
    for (int i = 0; i < 50; i++)
        many = format("%s, {'title': 'a'}", many);
    ck_invalid(ask("convertIssueToActions", issue_path(id), format("{'actions': [%s]}", many)),
               "actions");
    ck_refused(ask("convertIssueToActions", issue_path(unknown), "{'actions': [{'title': 'a'}]}"),
               404, "ISSUE_NOT_FOUND");
    ck_assert_int_eq(actions_now(), 0);
    ck_at(ask("getIssueById", issue_path(id), NULL), "version", "1");
}
END_TEST

START_TEST(the_limit_counts_all_of_them)
{
    const char *id = issue("i");

    caller.limits[LIMIT_ACTIONS] = 3;
    ck_answer(ask("createAction", NULL, "{'title': 'a'}"), 201);
    ck_refused(ask("convertIssueToActions", issue_path(id),
                   "{'actions': [{'title': 'a'}, {'title': 'b'}, {'title': 'c'}]}"),
               403, "ACTION_LIMIT_REACHED");
    ck_assert_int_eq(actions_now(), 1);
    ck_at(ask("getIssueById", issue_path(id), NULL), "data.connections.actionIds", "[]");
    ck_answer(ask("convertIssueToActions", issue_path(id),
                  "{'actions': [{'title': 'a'}, {'title': 'b'}]}"),
              201);
    ck_refused(ask("convertIssueToActions", issue_path(id), "{'actions': [{'title': 'a'}]}"), 403,
               "ACTION_LIMIT_REACHED");
    ck_assert_int_eq(actions_now(), 3);
}
END_TEST

START_TEST(the_same_command_converts_once)
{
    const char *id = issue("i");
    const struct rig_answer *first, *second;

    caller.command = "convert-once";
    first = ask("convertIssueToActions", issue_path(id), "{'actions': [{'title': 'a'}]}");
    caller.command = "convert-once";
    second = ask("convertIssueToActions", issue_path(id), "{'actions': [{'title': 'a'}]}");
    ck_answer(first, 201);
    ck_assert_str_eq(at(first, "data"), at(second, "data"));
    ck_assert_int_eq(actions_now(), 1);
    /* Others at once are all done, one after the other. */
    const struct rig_answer **answers =
        ask_at_once(5, "convertIssueToActions", issue_path(id), "{'actions': [{'title': 'a'}]}");
    ck_assert_uint_eq(count_http(answers, 5, 201), 5);
    ck_assert_int_eq(actions_now(), 6);
    ck_at(ask("getIssueById", issue_path(id), NULL), "version", "7");
    ck_assert_str_ne(at(ask("getIssueById", issue_path(id), NULL), "data.connections.actionIds[5]"),
                     "absent");
}
END_TEST

START_TEST(an_issue_has_room_for_500_actions)
{
    const char *id = issue("i");

    sql_value(
        format("WITH made AS (INSERT INTO operations.actions (tenant_id, id, title, priority, "
               "status, progress, version, created_at, updated_at, created_by, updated_by) "
               "SELECT '%s', gen_random_uuid(), 'a', 'low', 'blocked', 0, 1, now(), now(), "
               "'u', 'u' FROM generate_series(1, 499) RETURNING id), linked AS (INSERT INTO "
               "operations.action_issues (tenant_id, action_id, issue_id) SELECT '%s', id, "
               "'%s' FROM made RETURNING 1) SELECT count(*)::text FROM linked",
               caller.tenant, caller.tenant, id));
    ck_invalid(ask("convertIssueToActions", issue_path(id),
                   "{'actions': [{'title': 'a'}, {'title': 'b'}]}"),
               "actions");
    ck_answer(ask("convertIssueToActions", issue_path(id), "{'actions': [{'title': 'a'}]}"), 201);
}
END_TEST

START_TEST(creates_an_action_with_its_context)
{
    const char *id = issue("i");
    const struct rig_answer *answer =
        ask("createActionWithContext", NULL,
            format("{'title': 'a', 'description': 'd', 'goalIds': [], 'issue_ids': ['%s'], "
                   "'priority': 'high'}",
                   id));

    ck_answer(answer, 201);
    ck_at(answer, "data.connections.issueIds", format("['%s']", id));
    ck_at(answer, "data.priority", "'high'");
    ck_at(answer, "data.description", "'d'");
    ck_at(answer, "location", format("'/api/operations/actions/%s'", text_at(answer, "data.id")));
    ck_invalid(ask("createActionWithContext", NULL,
                   format("{'title': 'a', 'issueIds': ['%s', '%s']}", id, unknown)),
               "issueIds[1]");
    ck_invalid(ask("createActionWithContext", NULL, "{'goalIds': []}"), "title");
    caller.limits[LIMIT_ACTIONS] = 1;
    ck_refused(ask("createActionWithContext", NULL, "{'title': 'a'}"), 403, "ACTION_LIMIT_REACHED");
}
END_TEST

START_TEST(creates_an_issue_from_an_action)
{
    const char *action = made("createAction", "{'title': 'Call them'}");
    link_to_goals("action", action);
    const struct rig_answer *answer = ask(
        "createIssueFromAction", NULL,
        format("{'actionId': '%s', 'priority': 4, 'type': 'Personnel', 'tags': ['t']}", action));

    ck_answer(answer, 201);
    ck_at(answer, "data.title", "'Call them'");
    ck_at(answer, "data.priority", "'critical'");
    ck_at(answer, "data.type.name", "'Personnel'");
    ck_at(answer, "data.status.name", "'Open'");
    ck_at(answer, "data.reporterId", "'user-1'");
    ck_at(answer, "data.tags", "['t']");
    ck_at(answer, "data.connections",
          format("{'goalIds':['%s'],'strategyIds':['%s'],'actionIds':['%s']}", goal, strategy,
                 action));
    ck_at(ask("getActionById", format("{'actionId': '%s'}", action), NULL),
          "data.connections.issueIds", format("['%s']", text_at(answer, "data.id")));
    ck_at(event_of_type("action.updated"), "data.causedBy",
          format("'%s'", text_at(answer, "data.id")));
    ck_at(ask("createIssueFromAction", NULL,
              format("{'actionId': '%s', 'title': 'Nobody answers'}", action)),
          "data.title", "'Nobody answers'");
    ck_invalid(ask("createIssueFromAction", NULL, format("{'actionId': '%s'}", unknown)),
               "actionId");
    ck_invalid(ask("createIssueFromAction", NULL, "{'title': 'x'}"), "actionId");
    ck_invalid(ask("createIssueFromAction", NULL,
                   format("{'actionId': '%s', 'status': 'Nowhere'}", action)),
               "status");
    rig_new_tenant();
    ck_invalid(ask("createIssueFromAction", NULL, format("{'actionId': '%s'}", action)),
               "actionId");
}
END_TEST

START_TEST(reorders_from_zero)
{
    const char *a = issue("a"), *b = issue("b"), *c = issue("c"), *rest = issue("rest");
    const struct rig_answer *answer =
        ask("reorderIssues", NULL, format("{'issueIds': ['%s', '%s', '%s']}", c, a, b));

    ck_at(answer, "data.issues[0].id", format("'%s'", c));
    ck_at(answer, "data.issues[0].displayOrder", "0");
    ck_at(answer, "data.issues[2].id", format("'%s'", b));
    ck_at(answer, "data.issues[2].displayOrder", "2");
    ck_at(answer, "data.issues[3]", "absent");
    ck_at(answer, "data.total", "3");
    ck_at(answer, "data.page", "1");
    ck_at(answer, "data.limit", "3");
    ck_at(answer, "data.totalPages", "1");
    ck_at(ask("getIssueById", issue_path(rest), NULL), "data.displayOrder", "null");
    ck_at(event_of_type("issue.reordered"), "data.issueIds", format("['%s','%s','%s']", c, a, b));
    ck_at(event_of_type("issue.reordered"), "data.moved", "3");
    ck_at(ask("getIssueById", issue_path(a), NULL), "version", "2");
    const char *types = event_types();
    ck_answer(ask("reorderIssues", NULL, format("{'issueIds': ['%s', '%s', '%s']}", c, a, b)), 200);
    ck_assert_str_eq(event_types(), types);
    answer = ask("reorderIssues", NULL, format("{'issueIds': ['%s', '%s']}", c, b));
    ck_at(answer, "data.issues[1].displayOrder", "1");
    ck_at(answer, "data.issues[1].updatedBy", "'user-1'");
    ck_at(event_of_type("issue.reordered"), "data.issueIds", format("['%s','%s']", c, b));
    ck_at(event_of_type("issue.reordered"), "data.moved", "1");
    ck_assert_str_eq(event_types(), format("%s issue.reordered", types));
    ck_at(ask("getIssueById", issue_path(c), NULL), "version", "2");
    ck_at(ask("getIssueById", issue_path(b), NULL), "version", "3");
    ck_invalid(
        ask("reorderIssues", NULL, format("{'issueIds': ['%s', '%s', '%s', '%s']}", a, b, c, a)),
        "issueIds[3]");
    ck_invalid(ask("reorderIssues", NULL, format("{'issueIds': ['%s', '%s']}", a, unknown)),
               "issueIds[1]");
    ck_invalid(ask("reorderIssues", NULL, "{'issueIds': []}"), "issueIds");
    ck_invalid(ask("reorderIssues", NULL, "{}"), "issueIds");
    ck_answer(ask("deleteIssue", issue_path(a), NULL), 200);
    ck_invalid(ask("reorderIssues", NULL, format("{'issueIds': ['%s']}", a)), "issueIds[0]");
    rig_new_tenant();
    ck_invalid(ask("reorderIssues", NULL, format("{'issueIds': ['%s']}", b)), "issueIds[0]");
}
END_TEST

START_TEST(what_is_too_much_is_not_reordered)
{
    const char *id = issue("i");

    sql_value(format("UPDATE operations.issues SET description = repeat('x', 5000000) "
                     "WHERE tenant_id = '%s' RETURNING 1",
                     caller.tenant));
    ck_invalid(ask("reorderIssues", NULL, format("{'issueIds': ['%s']}", id)), "issueIds");
}
END_TEST

START_TEST(counts_issues)
{
    static const char *const statuses[] = {"Open",     "Backlog",  "Mine",     "In Progress",
                                           "Blocked",  "On Hold",  "Resolved", "Resolved",
                                           "Resolved", "Duplicate"};
    const struct rig_answer *stats = ask("getIssueStats", NULL, NULL);

    ck_at(stats, "data.totalIssues", "0");
    ck_at(stats, "data.resolutionRate", "0.0");
    ck_at(stats, "data.timelineStats.averageResolutionTimeHours", "0.0");
    ck_at(stats, "data.typeStats.General", "0");
    ck_answer(ask("createIssueStatus", NULL, "{'name': 'Mine', 'category': 'open'}"), 201);
    const char *type = made("createIssueType", "{'name': 'Own'}");
    for (size_t i = 0; i < 10; i++)
        ck_answer(ask("createIssue", NULL,
                      format("{'title': 'i', 'status': '%s', 'type': '%s', 'dueDate': "
                             "'2020-01-01'%s}",
                             statuses[i], i < 2 ? "Own" : "General",
                             i == 0 || i == 9 ? ", 'impact': 'critical'"
                             : i == 1         ? ", 'impact': 'low'"
                                              : "")),
                  201);
    stats = ask("getIssueStats", NULL, NULL);
    ck_at(stats, "data.totalIssues", "10");
    ck_at(stats, "data.openIssues", "3");
    ck_at(stats, "data.inProgressIssues", "2");
    ck_at(stats, "data.onHoldIssues", "1");
    ck_at(stats, "data.resolvedIssues", "3");
    ck_at(stats, "data.closedIssues", "1");
    ck_at(stats, "data.resolutionRate", "0.40000000000000002");
    ck_at(stats, "data.overdueIssues", "6");
    ck_at(stats, "data.criticalIssues", "1");
    ck_at(stats, "data.impactStats", "{'low':1,'medium':0,'high':0,'critical':2,'none':7}");
    ck_at(stats, "data.typeStats.Own", "2");
    ck_at(stats, "data.typeStats.General", "8");
    ck_assert_ptr_nonnull(strstr(at(stats, "data.byType"),
                                 format("{'typeConfigId':'%s','name':'Own','count':2}", type)));
    ck_at(stats, "data.timelineStats.issuesCreatedThisWeek", "10");
    ck_at(stats, "data.timelineStats.issuesResolvedThisWeek", "4");
    ck_at(stats, "data.timelineStats.issuesCreatedThisMonth", "10");
    ck_at(stats, "data.timelineStats.issuesResolvedThisMonth", "4");
}
END_TEST

/* At what was closed when; the beginning of a week or month belongs to it. */
START_TEST(counts_by_the_calendar)
{
    static const char *const closed = "{'title': 'i', 'status': 'Closed', 'dueDate': '2020-01-01'}";

    for (int i = 0; i < 4; i++)
        ck_answer(ask("createIssue", NULL, closed), 201);
    sql_value(format(
        "WITH days AS (SELECT date_trunc('week', now(), 'UTC') AS week, date_trunc('month', now(), "
        "'UTC') AS month), numbered AS (SELECT id, row_number() OVER () AS n FROM "
        "operations.issues WHERE tenant_id = '%s') UPDATE operations.issues i SET resolved_at = "
        "CASE n WHEN 1 THEN week WHEN 2 THEN week - interval '1 ms' WHEN 3 THEN month ELSE month - "
        "interval '1 ms' END, created_at = CASE n WHEN 1 THEN week WHEN 2 THEN week - interval "
        "'1 ms' WHEN 3 THEN month ELSE month - interval '1 ms' END - interval '36 hours 30 "
        "minutes' "
        "FROM numbered, days WHERE i.id = numbered.id AND tenant_id = '%s' RETURNING 1",
        caller.tenant, caller.tenant));
    const char *week = sql_value(format("SELECT count(*)::text FROM operations.issues WHERE "
                                        "tenant_id = '%s' AND resolved_at >= date_trunc('week', "
                                        "now(), 'UTC')",
                                        caller.tenant));
    const struct rig_answer *stats = ask("getIssueStats", NULL, NULL);
    ck_at(stats, "data.timelineStats.issuesResolvedThisWeek", week);
    ck_at(stats, "data.timelineStats.averageResolutionTimeHours", "36.5");
    ck_at(stats, "data.overdueIssues", "0");
    ck_at(stats, "data.resolutionRate", "1.0");
}
END_TEST

/* One of them moves the issues, the others find them there. */
START_TEST(a_reorder_of_many_at_once)
{
    const char *a = issue("a"), *b = issue("b");
    const char *body = format("{'issueIds': ['%s', '%s']}", b, a);
    const struct rig_answer **answers = ask_at_once(6, "reorderIssues", NULL, body);

    ck_assert_uint_eq(count_http(answers, 6, 200), 6);
    ck_at(ask("getIssueById", issue_path(a), NULL), "data.displayOrder", "1");
    ck_at(ask("getIssueById", issue_path(a), NULL), "version", "2");
    ck_at(ask("getIssueById", issue_path(b), NULL), "data.displayOrder", "0");
}
END_TEST

SERVICE_SUITE_MAIN("operations sets", converts_with_what_the_issue_has,
                   without_a_priority_it_is_medium_and_templates_do, refuses_all_or_none,
                   the_limit_counts_all_of_them, the_same_command_converts_once,
                   an_issue_has_room_for_500_actions, creates_an_action_with_its_context,
                   creates_an_issue_from_an_action, reorders_from_zero,
                   what_is_too_much_is_not_reordered, counts_issues, counts_by_the_calendar,
                   a_reorder_of_many_at_once)
