/* What the lists of svc-operations are filtered and sorted by. Links to goals are tested over HTTP:
 * they need svc-goals. */
#include "service_rig.h"

static const char *add_issue(const char *title, const char *more)
{
    const struct rig_answer *issue =
        ask("createIssue", NULL, format("{'title': '%s'%s}", title, more));

    ck_answer(issue, 201);
    return text_at(issue, "data.id");
}

static void check_issues(const char *const (*expected)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = listed("getIssues", expected[i][0], "title");
        ck_assert_msg(!strcmp(found, expected[i][1]), "%s gives %s", expected[i][0], found);
    }
}
#define CHECK_ISSUES(expected) check_issues((expected), sizeof(expected) / sizeof *(expected))

START_TEST(issues_by_category_and_tags)
{
    static const char *const expected[][2] = {
        {"{'statusCategory': ['open']}", "d,a 2"},
        {"{'status_category': ['Active,closed']}", "c,b 2"},
        {"{'statusCategory': ['closed'], 'status': ['open']}", " 0"},
        {"{'statusCategory': ['open'], 'limit': ['1'], 'offset': ['1']}", "a 2"},
        {"{'statusCategory': ['open'], 'search': ['a']}", "a 1"},
        {"{'tags': ['x']}", "c,a 2"},
        {"{'tags': ['z,y']}", "c,b 2"},
        {"{'tags': ['x'], 'statusCategory': ['open']}", "a 1"},
        {"{'tags': ['X']}", " 0"},
        {"{'tags': ['x'], 'search': ['C']}", "c 1"},
        {"{'tags': ['y'], 'search': ['a']}", " 0"},
    };
    const struct rig_answer *own =
        ask("createIssueStatus", NULL, "{'name': 'Asking', 'category': 'open'}");

    ck_answer(own, 201);
    add_issue("a", ", 'tags': ['x']");
    add_issue("b", ", 'tags': ['y'], 'status': 'In Progress'");
    add_issue("c", ", 'tags': ['x', 'y'], 'status': 'Resolved'");
    add_issue("d", format(", 'statusId': '%s'", text_at(own, "data.id")));
    CHECK_ISSUES(expected);
    ck_invalid(ask_all("getIssues", NULL, "{'statusCategory': ['opened']}", NULL),
               "statusCategory");
}
END_TEST

/* A status is meant by its id, its exact name, a category, or another spelling of one name. */
START_TEST(issues_by_statuses)
{
    ck_answer(ask("createIssueStatus", NULL, "{'name': 'Stuck, really', 'category': 'active'}"),
              201);
    add_issue("a", "");
    add_issue("b", ", 'status': 'In Progress'");
    add_issue("c", ", 'status': 'Stuck, really'");
    add_issue("d", ", 'status': 'Resolved'");
    static const char *const expected[][2] = {
        {"{'status': ['in_progress']}", "b 1"},
        {"{'status': ['IN-PROGRESS,resolved']}", "d,b 2"},
        {"{'status': ['Stuck, really']}", "c 1"},
        {"{'status': ['stuck, REALLY']}", "c 1"},
        {"{'status': ['open,In Progress']}", "b,a 2"},
        {"{'status': ['ACTIVE']}", "c,b 2"},
    };
    CHECK_ISSUES(expected);
    ck_invalid(ask_all("getIssues", NULL, "{'status': ['in progress,none']}", NULL), "status");
}
END_TEST

static const char *default_types(void)
{
    const struct rig_answer *list = ask("getIssueTypes", NULL, NULL);
    const char *names = "";

    ck_answer(list, 200);
    for (int i = 0; strcmp(at(list, format("data[%d]", i)), "absent") != 0; i++)
        if (!strcmp(at(list, format("data[%d].isDefault", i)), "true"))
            names = format("%s %s", names, text_at(list, format("data[%d].name", i)));
    return names;
}

START_TEST(one_type_is_the_default)
{
    rig_new_tenant();
    const char *first = default_types();
    ck_assert_str_ne(first, "");
    ck_answer(ask("createIssueType", NULL, "{'name': 'Own', 'isDefault': true}"), 201);
    ck_assert_str_eq(default_types(), " Own");
    ck_answer(ask("createIssueType", NULL, "{'name': 'Other'}"), 201);
    ck_assert_str_eq(default_types(), " Own");
    rig_new_tenant();
    ck_assert_str_eq(default_types(), first);
}
END_TEST

START_TEST(issues_by_days)
{
    static const char *const expected[][2] = {
        {"{'dueAfter': ['2025-03-02']}", "c,b 2"},
        {"{'dueBefore': ['2025-03-02']}", "b,a 2"},
        {"{'due_after': ['2025-03-01'], 'due_before': ['2025-03-01']}", "a 1"},
        {"{'dueAfter': ['2025-03-02T08:00:00Z']}", "c 1"},
        {"{'createdBefore': ['2025-03-02']}", " 0"},
        {"{'createdAfter': ['2025-03-02'], 'sort': ['title']}", "a,b,c,d 4"},
        {"{'dueAfter': ['2025-03-02'], 'search': ['b']}", "b 1"},
    };

    add_issue("a", ", 'dueDate': '2025-03-01T23:59:59.999Z'");
    add_issue("b", ", 'dueDate': '2025-03-02'");
    add_issue("c", ", 'dueDate': '2025-03-03'");
    add_issue("d", "");
    CHECK_ISSUES(expected);
    ck_invalid(ask_all("getIssues", NULL,
                       "{'createdAfter': ['2025-03-02'], 'createdBefore': ['2025-03-01']}", NULL),
               "createdBefore");
    ck_invalid(ask_all("getIssues", NULL,
                       "{'due_after': ['2025-03-02'], 'due_before': ['2025-03-01']}", NULL),
               "due_before");
    ck_invalid(ask_all("getIssues", NULL, "{'dueAfter': ['soon']}", NULL), "dueAfter");
}
END_TEST

START_TEST(issues_by_actions)
{
    const struct rig_answer *action = ask("createAction", NULL, "{'title': 'do'}");
    const char *id = text_at(action, "data.id");

    add_issue("a", format(", 'connections': {'actionIds': ['%s']}", id));
    add_issue("b", "");
    ck_assert_str_eq(listed("getIssues", format("{'actionIds': ['%s']}", id), "title"), "a 1");
    ck_assert_str_eq(listed("getIssues", "{'actionIds': ['none']}", "title"), " 0");
    ck_assert_str_eq(listed("getIssues",
                            format("{'action_ids': ['none,%s'], 'goalIds': ['none']}", id),
                            "title"),
                     " 0");
}
END_TEST

/* A status stands where its category and then its place is; a type where its place is. */
START_TEST(issues_in_the_order_of_statuses_and_types)
{
    static const char *const expected[][2] = {
        {"{'sort': ['status']}", "open,second,active,hold,done 5"},
        {"{'sort': ['status'], 'order': ['desc']}", "done,hold,active,second,open 5"},
        {"{'sort': ['status'], 'search': ['o']}", "open,second,hold,done 4"},
        {"{'sort': ['status'], 'limit': ['2'], 'offset': ['1']}", "second,active 5"},
        {"{'sort': ['-type'], 'limit': ['2']}", "done,second 5"},
        {"{'sort': ['type'], 'limit': ['1']}", "hold 5"},
    };

    add_issue("hold", ", 'status': 'On Hold', 'type': 'Personnel'");
    add_issue("done", ", 'status': 'Closed', 'type': 'General'");
    add_issue("active", ", 'status': 'Blocked', 'type': 'Process'");
    add_issue("second", ", 'status': 'Backlog', 'type': 'Technical'");
    add_issue("open", ", 'status': 'Open', 'type': 'Financial'");
    CHECK_ISSUES(expected);
    ck_invalid(ask_all("getIssues", NULL, "{'sort': ['category']}", NULL), "sort");
}
END_TEST

SERVICE_SUITE_MAIN("operations' lists", issues_by_category_and_tags, issues_by_statuses,
                   one_type_is_the_default, issues_by_days, issues_by_actions,
                   issues_in_the_order_of_statuses_and_types)
