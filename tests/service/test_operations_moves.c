/* The verbs that move an issue through its life. */
#include "service_rig.h"

static const char *issue_with(const char *body)
{
    const struct rig_answer *answer = ask("createIssue", NULL, body);

    ck_answer(answer, 201);
    return format("{'issueId': '%s'}", text_at(answer, "data.id"));
}

static const char *issue_in(const char *status)
{
    return issue_with(format("{'title': 'i', 'status': '%s'}", status));
}

static void check_refused(const char *operation, const char *status, const char *body,
                          const char *sentence)
{
    const char *issue = issue_in(status);
    const struct rig_answer *refused = ask(operation, issue, body);

    ck_refused(refused, 400, "INVALID_STATUS_TRANSITION");
    ck_at(refused, "message", format("'%s'", sentence));
    ck_at(ask("getIssueById", issue, NULL), "data.status.name", format("'%s'", status));
}

START_TEST(starts_what_is_not_closed)
{
    static const char *const from[] = {"Open", "Backlog", "On Hold", "In Review"};

    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        ck_at(ask("startIssue", issue_in(from[i]), NULL), "data.status.name", "'In Progress'");
    const char *issue = issue_in("Open");
    const struct rig_answer *started = ask("startIssue", issue, "{'notes': ' at once '}");
    ck_at(started, "data.statusReason", "'at once'");
    ck_at(event_of_type("issue.updated"), "changes.statusReason", "[null,'at once']");
    ck_at(event_of_type("issue.updated"), "changes.status[0].name", "'Open'");
    ck_at(event_of_type("issue.updated"), "changes.status[1].name", "'In Progress'");
    ck_at(ask("startIssue", issue, "{}"), "data.statusReason", "'at once'");
    check_refused("startIssue", "Closed", NULL, "Cannot start issue in Closed status");
    check_refused("startIssue", "Resolved", NULL, "Cannot start issue in Resolved status");
    ck_refused(ask("startIssue", "{'issueId': '019caa84-0000-7000-8000-000000000000'}", NULL), 404,
               "ISSUE_NOT_FOUND");
}
END_TEST

START_TEST(resolves_and_changes_the_notes)
{
    const char *issue = issue_in("Blocked");
    const struct rig_answer *resolved =
        ask("resolveIssue", issue,
            "{'resolution_notes': 'so', 'actualHours': 2.5, 'rootCauseAnalysis': {'method': "
            "'swot', 'findings': {}}}");
    const char *since = text_at(resolved, "data.resolvedAt");

    ck_at(resolved, "data.status.name", "'Resolved'");
    ck_at(resolved, "data.actualHours", "2.5");
    ck_at(resolved, "data.rootCauseAnalysis.method", "'swot'");
    resolved = ask("resolveIssue", issue, "{'resolutionNotes': 'so and so'}");
    ck_at(resolved, "data.resolutionNotes", "'so and so'");
    ck_at(resolved, "data.actualHours", "2.5");
    ck_at(resolved, "data.resolvedAt", format("'%s'", since));
    ck_invalid(ask("resolveIssue", issue, "{}"), "resolutionNotes");
    ck_invalid(ask("resolveIssue", issue, "{'resolutionNotes': '  '}"), "resolutionNotes");
    ck_invalid(ask("resolveIssue", issue, "{'resolutionNotes': 'x', 'actualHours': -1}"),
               "actualHours");
    ck_invalid(ask("resolveIssue", issue,
                   "{'resolutionNotes': 'x', 'rootCauseAnalysis': {'method': 'guess'}}"),
               "rootCauseAnalysis.method");
    check_refused("resolveIssue", "Duplicate", "{'resolutionNotes': 'x'}",
                  "Cannot resolve issue in Duplicate status");
}
END_TEST

START_TEST(reopens_what_is_closed)
{
    const char *issue = issue_in("Duplicate");
    const struct rig_answer *opened;

    ck_invalid(ask("reopenIssue", issue, "{}"), "reason");
    opened = ask("reopenIssue", issue, "{'reason': 'it is another one'}");
    ck_at(opened, "data.status.name", "'Open'");
    ck_at(opened, "data.resolvedAt", "null");
    ck_at(opened, "data.statusReason", "'it is another one'");
    check_refused("reopenIssue", "Open", "{'reason': 'x'}", "Cannot reopen issue in Open status");
    check_refused("reopenIssue", "On Hold", "{'reason': 'x'}",
                  "Cannot reopen issue in On Hold status");
}
END_TEST

START_TEST(takes_any_active_status)
{
    const char *own = text_at(
        ask("createIssueStatus", NULL, "{'name': 'Gone', 'category': 'closed'}"), "data.id");
    const char *issue = issue_in("Open");
    const struct rig_answer *moved = ask(
        "changeIssueStatus", issue,
        format("{'statusId': '%s', 'reason': 'r', 'resolutionNotes': 'n', 'actualHours': 3}", own));

    ck_at(moved, "data.status.name", "'Gone'");
    ck_at(moved, "data.statusReason", "'r'");
    ck_at(moved, "data.resolutionNotes", "'n'");
    ck_at(moved, "data.actualHours", "3.0");
    ck_assert_str_eq(text_at(moved, "data.resolvedAt"), text_at(moved, "data.updatedAt"));
    ck_answer(ask("deleteIssueStatus", format("{'statusId': '%s'}", own), NULL), 409);
    ck_answer(ask("reopenIssue", issue, "{'reason': 'x'}"), 200);
    ck_answer(ask("deleteIssueStatus", format("{'statusId': '%s'}", own), NULL), 200);
    ck_invalid(ask("changeIssueStatus", issue, format("{'statusConfigId': '%s'}", own)),
               "statusConfigId");
    ck_invalid(ask("changeIssueStatus", issue,
                   "{'statusConfigId': '019caa84-0000-7000-8000-000000000000'}"),
               "statusConfigId");
    ck_invalid(ask("changeIssueStatus", issue, "{'reason': 'x'}"), "statusConfigId");
    ck_at(ask("getIssueById", issue, NULL), "data.status.name", "'Open'");
}
END_TEST

START_TEST(assigns_and_unassigns)
{
    const char *issue = issue_in("Open");
    const struct rig_answer *assigned =
        ask("assignIssue", issue, "{'assignedPersonId': 'p', 'reason': 'knows it'}");

    ck_at(assigned, "data.assignedPersonId", "'p'");
    ck_at(assigned, "data.statusReason", "'knows it'");
    ck_at(assigned, "data.status.name", "'Open'");
    ck_at(event_of_type("issue.updated"), "changes.assignedPersonId", "[null,'p']");
    ck_at(ask("assignIssue", issue, "{'assignedPersonId': ''}"), "data.assignedPersonId", "null");
    ck_at(ask("assignIssue", issue, "{'assigned_to': 'q'}"), "data.assignedPersonId", "'q'");
    ck_at(ask("assignIssue", issue, "{'assignedPersonId': null}"), "data.assignedPersonId", "null");
    ck_invalid(ask("assignIssue", issue, "{'reason': 'x'}"), "assignedPersonId");
}
END_TEST

static const char *said(const char *id, const char *name)
{
    return format("{'status': {'id': '%s', 'name': '%s'}}", id, name);
}

/* An object that was sent back may say both; they have to mean the same. */
START_TEST(id_and_name_of_a_status_agree)
{
    const char *issue = issue_in("Open");
    const char *open = text_at(ask("getIssueById", issue, NULL), "data.statusId");
    const char *review = text_at(ask("getIssueById", issue_in("In Review"), NULL), "data.statusId");

    ck_invalid(ask("updateIssue", issue, said(review, "Backlog")), "status.name");
    ck_at(ask("getIssueById", issue, NULL), "data.status.name", "'Open'");
    ck_at(ask("updateIssue", issue, said(review, "In Review")), "data.status.name", "'In Review'");
    ck_at(ask("updateIssue", issue, said(open, "What it was called")), "data.status.name",
          "'Open'");
    ck_invalid(ask("updateIssue", issue, "{'status': {'id': 'x'}}"), "status.id");
    ck_invalid(ask("updateIssue", issue, "{'status': {}}"), "status");
}
END_TEST

START_TEST(bounds_what_verbs_are_told)
{
    static const struct {
        const char *operation, *from, *field;
        int max;
        const char *more;
    } bounds[] = {
        {"startIssue", "Open", "notes", 2000, ""},
        {"closeIssue", "Open", "reason", 2000, ""},
        {"resolveIssue", "Open", "resolutionNotes", 5000, ""},
        {"assignIssue", "Open", "reason", 2000, ", 'assignedPersonId': 'p'"},
        {"changeIssueStatus", "Open", "reason", 2000,
         ", 'statusId': '01941f29-7c00-7000-8000-000000000203'"},
        {"reopenIssue", "Closed", "reason", 2000, ""},
    };

    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        const char *issue = issue_in(bounds[i].from);
        ck_answer(
            ask(bounds[i].operation, issue,
                format("{'%s': '%0*d'%s}", bounds[i].field, bounds[i].max, 0, bounds[i].more)),
            200);
        const struct rig_answer *refused =
            ask(bounds[i].operation, issue,
                format("{'%s': '%0*d'%s}", bounds[i].field, bounds[i].max + 1, 0, bounds[i].more));
        ck_answer(refused, 422);
        ck_assert_str_ne(at(refused, format("errors/%s", bounds[i].field)), "absent");
    }
}
END_TEST

START_TEST(one_of_two_that_race_is_refused)
{
    const char *issue = issue_in("Closed");
    const struct rig_answer **answers = ask_at_once(8, "reopenIssue", issue, "{'reason': 'again'}");

    ck_assert_uint_eq(count_http(answers, 8, 200), 1);
    ck_assert_uint_eq(count_http(answers, 8, 400), 7);
    caller.if_version = 1;
    ck_refused(ask("startIssue", issue, NULL), 412, "PRECONDITION_FAILED");
    caller.command = "moves-start";
    ck_at(ask("startIssue", issue, NULL), "data.status.name", "'In Progress'");
    const char *types = event_types();
    caller.command = "moves-start";
    ck_at(ask("startIssue", issue, NULL), "data.status.name", "'In Progress'");
    ck_assert_str_eq(event_types(), types);
}
END_TEST

SERVICE_SUITE_MAIN("operations moves", starts_what_is_not_closed, resolves_and_changes_the_notes,
                   reopens_what_is_closed, takes_any_active_status, assigns_and_unassigns,
                   id_and_name_of_a_status_agree, bounds_what_verbs_are_told,
                   one_of_two_that_race_is_refused)
