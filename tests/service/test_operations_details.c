/* What actions and issues keep besides what the specification's first version knows, and how they
 * are found by it. */
#include "service_rig.h"

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

static void check_lists(const char *operation, const char *const (*expected)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = listed(operation, expected[i][0], "title");
        ck_assert_msg(!strcmp(found, expected[i][1]), "%s gives %s", expected[i][0], found);
    }
}
#define CHECK_LISTS(operation, expected) \
    check_lists((operation), (expected), sizeof(expected) / sizeof *(expected))

START_TEST(keeps_an_actions_details)
{
    const char *id =
        made("createAction", "{'title': 'a', 'estimated_hours': 40, 'actualHours': 0.5, 'tags': "
                             "[' x ', 'y'], 'dateEntered': '2025-03-01', 'statusReason': 'why'}");
    const struct rig_answer *action = ask("updateAction", action_path(id), "{'title': 'b'}");

    ck_at(action, "data.estimatedHours", "40.0");
    ck_at(action, "data.actualHours", "0.5");
    ck_at(action, "data.tags", "['x','y']");
    ck_at(action, "data.dateEntered", "'2025-03-01T00:00:00.000Z'");
    ck_at(action, "data.statusReason", "'why'");
    ck_at(ask("getActionById", action_path(id), NULL), "data.tags", "['x','y']");
    ck_at(event_of_type("action.updated"), "data.estimatedHours", "40.0");
    action = ask("updateAction", action_path(id),
                 "{'estimatedHours': null, 'tags': null, 'statusReason': null}");
    ck_at(action, "data.estimatedHours", "null");
    ck_at(action, "data.tags", "[]");
    ck_at(action, "data.statusReason", "null");
    ck_invalid(ask("updateAction", action_path(id), "{'dateEntered': null}"), "dateEntered");
    ck_at(event_of_type("action.updated"), "changes.estimatedHours", "[40.0,null]");
}
END_TEST

START_TEST(refuses_what_is_beyond_an_actions_bounds)
{
    const struct rig_answer *refused =
        ask("createAction", NULL,
            "{'title': 'a', 'estimatedHours': 100000.5, 'actualHours': -1, 'tags': ['']}");

    ck_invalid(refused, "estimatedHours");
    ck_invalid(refused, "actualHours");
    ck_invalid(refused, "tags[0]");
    ck_invalid(ask("createAction", NULL,
                   "{'title': 'a', 'tags': ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', "
                   "'11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21']}"),
               "tags");
}
END_TEST

START_TEST(keeps_an_issues_details)
{
    const char *id =
        made("createIssue", "{'title': 'i', 'environment': 'e', 'steps_to_reproduce': 's', "
                            "'expectedBehavior': 'x', 'actualBehavior': 'a', 'statusReason': 'r', "
                            "'dateReported': '2025-03-01T10:00:00Z', 'resolvedAt': '2025-03-02'}");
    const struct rig_answer *issue = ask("updateIssue", issue_path(id), "{'title': 'j'}");

    ck_at(issue, "data.environment", "'e'");
    ck_at(issue, "data.stepsToReproduce", "'s'");
    ck_at(issue, "data.expectedBehavior", "'x'");
    ck_at(issue, "data.actualBehavior", "'a'");
    ck_at(issue, "data.statusReason", "'r'");
    ck_at(issue, "data.dateReported", "'2025-03-01T10:00:00.000Z'");
    ck_at(issue, "data.resolvedAt", "null");
    ck_at(ask("getIssueById", issue_path(id), NULL), "data.environment", "'e'");
    issue = ask("createIssue", NULL, "{'title': 'k', 'dateReported': ''}");
    ck_assert_str_eq(at(issue, "data.dateReported"), at(issue, "data.createdAt"));
}
END_TEST

/* By whatever status of that category, a tenant's own too; another closed one changes nothing. */
START_TEST(an_issue_is_resolved_while_it_is_closed)
{
    const char *own = made("createIssueStatus", "{'name': 'Gone', 'category': 'closed'}");
    const char *id = made("createIssue", "{'title': 'i'}");
    const struct rig_answer *issue =
        ask("updateIssue", issue_path(id), format("{'statusId': '%s'}", own));
    const char *since = text_at(issue, "data.resolvedAt");

    ck_assert_str_eq(since, text_at(issue, "data.updatedAt"));
    ck_at(event_of_type("issue.updated"), "data.resolvedAt", format("'%s'", since));
    issue = ask("updateIssue", issue_path(id), "{'status': 'Duplicate'}");
    ck_at(issue, "data.resolvedAt", format("'%s'", since));
    ck_at(ask("updateIssue", issue_path(id), "{'status': 'In Progress'}"), "data.resolvedAt",
          "null");
    issue = ask("createIssue", NULL, "{'title': 'done', 'status': 'Closed'}");
    ck_assert_str_eq(text_at(issue, "data.resolvedAt"), text_at(issue, "data.createdAt"));
}
END_TEST

/* A program of release 3.0 knows neither column. */
START_TEST(takes_what_an_older_program_has_written)
{
    const char *issue = made("createIssue", "{'title': 'i', 'status': 'Closed'}");
    const char *action = made("createAction", "{'title': 'a'}");
    const struct rig_answer *answer;

    sql_value(format("UPDATE operations.issues SET resolved_at = NULL, date_reported = NULL, "
                     "updated_at = created_at + interval '1 day' WHERE id = '%s'",
                     issue));
    sql_value(format("UPDATE operations.actions SET date_entered = NULL WHERE id = '%s'", action));
    answer = ask("getIssueById", issue_path(issue), NULL);
    ck_assert_str_eq(at(answer, "data.resolvedAt"), at(answer, "data.updatedAt"));
    ck_assert_str_eq(at(answer, "data.dateReported"), at(answer, "data.createdAt"));
    const char *resolved_at = at(answer, "data.resolvedAt");
    ck_at(ask("updateIssue", issue_path(issue), "{'title': 'j'}"), "data.resolvedAt", resolved_at);
    answer = ask("getActionById", action_path(action), NULL);
    ck_assert_str_eq(at(answer, "data.dateEntered"), at(answer, "data.createdAt"));
    sql_value(format("UPDATE operations.issues SET status_config_id = "
                     "'01941f29-7c00-7000-8000-000000000201' WHERE id = '%s'",
                     issue));
    ck_at(ask("getIssueById", issue_path(issue), NULL), "data.resolvedAt", "null");
}
END_TEST

START_TEST(actions_are_searched)
{
    static const char *const expected[][2] = {
        {"{'search': ['STRASSE']}", "b,Straße 2"},
        {"{'search': ['strasse'], 'sort': ['title']}", "b,Straße 2"},
        {"{'search': ['stra'], 'tags': ['Hauptstraße']}", "b 1"},
        {"{'search': ['aß']}", "b,Straße 2"},
        {"{'search': ['100%']}", "c 1"},
        {"{'search': ['0_']}", " 0"},
        {"{'search': ['b'], 'status': ['completed']}", " 0"},
        {"{'search': ['strasse'], 'size': ['1'], 'page': ['2'], 'sort': ['title']}", "Straße 2"},
        {"{'search': ['strasse'], 'page': ['9']}", " 2"},
        {"{'search': ['strasse'], 'offset': ['1'], 'limit': ['5']}", "Straße 2"},
        {"{'search': ['straßeb']}", " 0"},
    };

    made("createAction", "{'title': 'Straße'}");
    made("createAction", "{'title': 'b', 'tags': ['x', 'Hauptstraße']}");
    made("createAction", "{'title': 'c', 'description': 'to 100% of it'}");
    CHECK_LISTS("getActions", expected);
}
END_TEST

START_TEST(actions_by_tags_and_entry)
{
    static const char *const expected[][2] = {
        {"{'tags': ['x']}", "c,a 2"},
        {"{'tags': ['z,y']}", "c,b 2"},
        {"{'tags': ['X']}", " 0"},
        {"{'tags': ['x'], 'priority': ['high']}", "c 1"},
        {"{'sort': ['dateEntered']}", "b,c,a 3"},
        {"{'sort': ['-date_entered'], 'limit': ['2']}", "a,c 3"},
        {"{'sort': ['dateEntered'], 'tags': ['x'], 'order': ['desc']}", "a,c 2"},
        {"{'sort': ['dateEntered'], 'search': ['b']}", "b 1"},
    };

    made("createAction", "{'title': 'a', 'tags': ['x'], 'dateEntered': '2025-03-03'}");
    made("createAction", "{'title': 'b', 'tags': ['y'], 'dateEntered': '2025-03-01'}");
    made("createAction", "{'title': 'c', 'tags': ['x', 'y'], 'dateEntered': '2025-03-02', "
                         "'priority': 'high'}");
    CHECK_LISTS("getActions", expected);
}
END_TEST

START_TEST(issues_by_the_day_of_report)
{
    static const char *const expected[][2] = {
        {"{'startDate': ['2025-03-02']}", "d,c,b 3"},
        {"{'endDate': ['2025-03-02']}", "b,a 2"},
        {"{'start_date': ['2025-03-01'], 'end_date': ['2025-03-01']}", "a 1"},
        {"{'startDate': ['2025-03-02'], 'search': ['b']}", "b 1"},
        {"{'startDate': ['2025-03-01'], 'endDate': ['2025-03-03'], 'sort': ['title']}", "a,b,c 3"},
    };

    made("createIssue", "{'title': 'a', 'dateReported': '2025-03-01T23:59:59.999Z'}");
    made("createIssue", "{'title': 'b', 'dateReported': '2025-03-02'}");
    made("createIssue", "{'title': 'c', 'dateReported': '2025-03-03'}");
    made("createIssue", "{'title': 'd'}");
    CHECK_LISTS("getIssues", expected);
    ck_invalid(ask_all("getIssues", NULL,
                       "{'startDate': ['2025-03-02'], 'endDate': ['2025-03-01']}", NULL),
               "endDate");
}
END_TEST

SERVICE_SUITE_MAIN("operations' details", keeps_an_actions_details,
                   refuses_what_is_beyond_an_actions_bounds, keeps_an_issues_details,
                   an_issue_is_resolved_while_it_is_closed, takes_what_an_older_program_has_written,
                   actions_are_searched, actions_by_tags_and_entry, issues_by_the_day_of_report)
