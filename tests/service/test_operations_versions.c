/* Versions in svc-operations move with every stored change of a resource, from whichever end it
 * came, and so does If-Match. */
#include "service_rig.h"

static const char *action_path(const char *id)
{
    return format("{'actionId': '%s'}", id);
}

static const char *issue_path(const char *id)
{
    return format("{'issueId': '%s'}", id);
}

static const char *type_path(const char *id)
{
    return format("{'typeId': '%s'}", id);
}

static const char *status_path(const char *id)
{
    return format("{'statusId': '%s'}", id);
}

static const char *made(const char *operation, const char *body)
{
    const struct rig_answer *answer = ask(operation, NULL, body);

    ck_answer(answer, 201);
    return text_at(answer, "data.id");
}

static int64_t version_of(const char *operation, const char *path)
{
    const struct rig_answer *answer = ask(operation, path, NULL);

    ck_answer(answer, 200);
    return atoll(at(answer, "version"));
}

static int64_t issue_version(const char *id)
{
    return version_of("getIssueById", issue_path(id));
}

static int64_t action_version(const char *id)
{
    return version_of("getActionById", action_path(id));
}

/* A whole issue written back by somebody who has not seen that it was linked. */
START_TEST(a_link_from_an_action_changes_the_issue)
{
    const char *issue = made("createIssue", "{'title': 'i'}");
    const struct rig_answer *seen = ask("getIssueById", issue_path(issue), NULL);

    caller.user = "user-2";
    const char *action = made("createAction", format("{'title': 'a', 'connections': {'issueIds': "
                                                     "['%s']}}",
                                                     issue));
    const struct rig_answer *now = ask("getIssueById", issue_path(issue), NULL);
    ck_at(now, "version", "2");
    ck_at(now, "data.updatedBy", "'user-2'");
    ck_at(now, "data.updatedAt",
          at(ask("getActionById", action_path(action), NULL), "data.updatedAt"));
    caller.if_version = 1;
    ck_refused(ask("updateIssue", issue_path(issue), at(seen, "data")), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    ck_refused(ask("deleteIssue", issue_path(issue), NULL), 412, "PRECONDITION_FAILED");
    ck_at(ask("getActionById", action_path(action), NULL), "data.connections.issueIds",
          format("['%s']", issue));
    caller.if_version = 2;
    ck_answer(ask("updateIssue", issue_path(issue), "{'title': 'j'}"), 200);
}
END_TEST

START_TEST(every_way_to_link_and_unlink_changes_both)
{
    const char *one = made("createIssue", "{'title': 'one'}");
    const char *two = made("createIssue", "{'title': 'two'}");
    const char *action = made("createAction", "{'title': 'a'}");
    const char *path = action_path(action);

    ck_answer(
        ask("updateAction", path, format("{'connections': {'issueIds': ['%s', '%s']}}", one, two)),
        200);
    ck_assert_int_eq(issue_version(one), 2);
    ck_assert_int_eq(issue_version(two), 2);
    ck_answer(ask("updateAction", path, format("{'connections': {'issueIds': ['%s']}}", two)), 200);
    ck_assert_int_eq(issue_version(one), 3); /* unlinked */
    ck_assert_int_eq(issue_version(two), 2); /* still linked */
    ck_answer(ask("clearActionRelationships", path, NULL), 200);
    ck_assert_int_eq(issue_version(one), 3);
    ck_assert_int_eq(issue_version(two), 3);
    ck_assert_int_eq(action_version(action), 4);
    ck_answer(ask("updateIssue", issue_path(one),
                  format("{'connections': {'actionIds': ['%s']}}", action)),
              200);
    ck_assert_int_eq(action_version(action), 5);
    ck_answer(ask("updateIssue", issue_path(one), "{'connections': {'actionIds': []}}"), 200);
    ck_assert_int_eq(action_version(action), 6);
    const char *three = made("createIssue", format("{'title': 'three', 'connections': "
                                                   "{'actionIds': ['%s', '%s']}}",
                                                   action, action));
    ck_assert_int_eq(action_version(action), 7);
    ck_answer(ask("deleteIssue", issue_path(three), NULL), 200);
    ck_assert_int_eq(action_version(action), 8);
    ck_answer(ask("updateAction", path, format("{'connections': {'issueIds': ['%s']}}", one)), 200);
    ck_answer(ask("deleteAction", path, NULL), 200);
    ck_assert_int_eq(issue_version(one), 7); /* 2, 3: from the action; 4, 5: by itself; 6, 7 */
}
END_TEST

START_TEST(what_stays_linked_does_not_change)
{
    const char *one = made("createIssue", "{'title': 'one'}");
    const char *two = made("createIssue", "{'title': 'two'}");
    const char *action = made("createAction", format("{'title': 'a', 'connections': {'issueIds': "
                                                     "['%s', '%s']}}",
                                                     one, two));

    ck_answer(ask("updateAction", action_path(action),
                  format("{'connections': {'issueIds': ['%s', '%s']}}", two, one)),
              200);
    ck_answer(ask("updateAction", action_path(action), "{'title': 'b'}"), 200);
    ck_assert_int_eq(issue_version(one), 2);
    ck_assert_int_eq(issue_version(two), 2);
}
END_TEST

START_TEST(the_other_end_has_its_event)
{
    const char *issue = made("createIssue", "{'title': 'i', 'priority': 'high'}");
    const char *action = made("createAction", format("{'title': 'a', 'connections': {'issueIds': "
                                                     "['%s']}}",
                                                     issue));

    ck_assert_str_eq(event_types(), "issue.created action.created issue.updated");
    const struct rig_answer *event = event_of_type("issue.updated");
    ck_at(event, "version", "2");
    ck_at(event, "data.id", format("'%s'", issue));
    ck_at(event, "data.priority", "'high'");
    ck_at(event, "data.status.name", "'Open'");
    ck_at(event, "data.connections.actionIds", format("['%s']", action));
    ck_at(event, "data.causedBy", format("'%s'", action));
    ck_answer(ask("deleteIssue", issue_path(issue), NULL), 200);
    event = event_of_type("action.updated");
    ck_at(event, "version", "2");
    ck_at(event, "data.connections.issueIds", "[]");
    ck_at(event, "data.causedBy", format("'%s'", issue));
    /* What an action or issue does itself has no such cause. */
    ck_answer(ask("updateAction", action_path(action), "{'title': 'b'}"), 200);
    ck_at(event_of_type("action.updated"), "data.causedBy", "absent");
}
END_TEST

/* Both ends at once, in either direction: nobody waits for ever, and what both say is the same. */
START_TEST(both_ends_may_change_at_once)
{
    enum { ENDS = 6 };
    const char *actions[ENDS], *issues[ENDS];
    const char *all = "";

    for (size_t i = 0; i < ENDS; i++) {
        actions[i] = made("createAction", "{'title': 'a'}");
        issues[i] = made("createIssue", "{'title': 'i'}");
        all = format("%s%s'%s'", all, i > 0 ? "," : "", actions[i]);
    }
    for (size_t i = 0; i < ENDS; i++) {
        const struct rig_answer **answers =
            ask_at_once(8, "updateIssue", issue_path(issues[i]),
                        format("{'connections': {'actionIds': [%s]}}", all));
        ck_assert_uint_eq(count_http(answers, 8, 200), 8);
    }
    for (size_t i = 0; i < ENDS; i++)
        ck_assert_int_eq(action_version(actions[i]), 1 + ENDS);
}
END_TEST

START_TEST(no_more_links_than_can_be_sent_back)
{
    rig_new_tenant();
    const char *issue = made("createIssue", "{'title': 'i'}");
    const char *action = made("createAction", "{'title': 'a'}");

    sql_value(
        format("WITH made AS (INSERT INTO operations.actions (tenant_id, id, title, priority, "
               "status, progress, version, created_at, updated_at, created_by, updated_by) "
               "SELECT '%s', gen_random_uuid(), 'x', 'low', 'blocked', 0, 1, now(), now(), "
               "'u', 'u' FROM generate_series(1, 500) RETURNING id) INSERT INTO "
               "operations.action_issues (tenant_id, action_id, issue_id) SELECT '%s', id, "
               "'%s' FROM made",
               caller.tenant, caller.tenant, issue));
    const struct rig_answer *full = ask("updateAction", action_path(action),
                                        format("{'connections': {'issue_ids': ['%s']}}", issue));
    ck_invalid(full, "connections.issue_ids[0]");
    ck_at(full, "errors/connections.issue_ids[0]",
          "'has 500 actions already, the most there may be'");
    const struct rig_answer *whole = ask("getIssueById", issue_path(issue), NULL);
    ck_answer(ask("updateIssue", issue_path(issue), at(whole, "data")), 200);
    ck_answer(ask("deleteIssue", issue_path(issue), NULL), 200);
    ck_at(ask_all("getActions", NULL, format("{'issueIds': ['%s']}", issue), NULL), "page.total",
          "0");
}
END_TEST

START_TEST(the_default_moves_the_versions_of_both_types)
{
    const struct rig_answer *types = ask("getIssueTypes", NULL, NULL);
    const char *legal = text_at(types, "data[3].id"), *general = text_at(types, "data[6].id");
    const char *own = made("createIssueType", "{'name': 'Own', 'isDefault': true}");

    ck_assert_int_eq(version_of("getIssueTypeById", type_path(general)), 2);
    ck_assert_str_eq(event_types(), "issue_type.created issue_type.updated");
    ck_at(event_of_type("issue_type.updated"), "data.isDefault", "false");
    caller.user = "user-2";
    const struct rig_answer *put = ask("updateIssueType", type_path(legal), "{'isDefault': true}");
    ck_answer(put, 200);
    ck_at(put, "version", "2");
    ck_at(put, "data.updatedAt", "null");
    ck_assert_int_eq(version_of("getIssueTypeById", type_path(legal)), 2);
    const struct rig_answer *lost = ask("getIssueTypeById", type_path(own), NULL);
    ck_at(lost, "version", "2");
    ck_at(lost, "data.updatedBy", "'user-2'");
    caller.if_version = 1;
    ck_refused(ask("updateIssueType", type_path(own), "{'name': 'x'}"), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    ck_refused(ask("updateIssueType", type_path(legal), "{'isDefault': false}"), 412,
               "PRECONDITION_FAILED");
    /* Said again it changes nothing. */
    ck_at(ask("updateIssueType", type_path(legal), "{'isDefault': true}"), "version", "2");
    ck_at(ask("updateIssueType", type_path(legal), "{'isDefault': false}"), "version", "3");
    ck_assert_int_eq(version_of("getIssueTypeById", type_path(general)), 3);
    ck_answer(ask("updateIssueType", type_path(own), "{'isDefault': true}"), 200);
    ck_assert_int_eq(version_of("getIssueTypeById", type_path(general)), 4);
    ck_answer(ask("deleteIssueType", type_path(own), NULL), 200);
    ck_assert_int_eq(version_of("getIssueTypeById", type_path(general)), 5);
    rig_new_tenant();
    ck_assert_int_eq(version_of("getIssueTypeById", type_path(general)), 1);
}
END_TEST

START_TEST(a_new_order_moves_versions)
{
    const struct rig_answer *statuses =
        ask_all("getIssueStatuses", NULL, "{'category': ['active']}", NULL);
    const char *progress = text_at(statuses, "data[0].id");
    const char *review = text_at(statuses, "data[1].id");
    const char *blocked = text_at(statuses, "data[2].id");
    const char *own = made("createIssueStatus", "{'name': 'Own', 'category': 'active'}");
    const char *body = format("{'category': 'active', 'statusIds': ['%s', '%s', '%s', '%s']}",
                              progress, own, review, blocked);

    ck_answer(ask("reorderIssueStatuses", NULL, body), 200);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(progress)), 1);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(own)), 2);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(review)), 2);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(blocked)), 2);
    ck_answer(ask("reorderIssueStatuses", NULL, body), 200);
    ck_answer(ask("reorderIssueStatuses", NULL,
                  format("{'category': 'active', 'statusIds': ['%s', '%s', '%s', '%s']}", progress,
                         own, blocked, review)),
              200);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(own)), 2);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(review)), 3);
    ck_assert_int_eq(version_of("getIssueStatusById", status_path(blocked)), 3);
    ck_at(ask("getIssueStatusById", status_path(review), NULL), "data.updatedAt", "null");
}
END_TEST

SERVICE_SUITE_MAIN("operations versions", a_link_from_an_action_changes_the_issue,
                   every_way_to_link_and_unlink_changes_both, what_stays_linked_does_not_change,
                   the_other_end_has_its_event, both_ends_may_change_at_once,
                   no_more_links_than_can_be_sent_back,
                   the_default_moves_the_versions_of_both_types, a_new_order_moves_versions)
