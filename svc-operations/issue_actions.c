/* What an issue's actions say of it. */
#include "issue_actions.h"

#include "bounded_rows.h"
#include "issue_moves.h"
#include "issue_rules.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

static const struct field action_counts_fields[] = {
    COLUMN(action_counts, total),
    COLUMN(action_counts, completed),
    COLUMN(action_counts, open),
    COLUMN(action_counts, overdue),
};
const struct model action_counts_model = MODEL("ActionCounts", action_counts, action_counts_fields);

bool issue_count_actions(struct op *op, struct uuid issue, struct action_counts *counts)
{
    struct row_id key = {issue};
    bool found;

    return sql_find(op, ISSUE_ACTION_COUNTS, AS(row_id, &key), AS(action_counts, counts), &found);
}

struct str issue_open_sentence(struct arena *arena, const struct action_counts *counts)
{
    return arena_printf(arena, "%lld of %lld action%s still open", (long long)counts->open,
                        (long long)counts->total,
                        counts->open == 1 ? (counts->total == 1 ? " is" : "s is") : "s are");
}

/* The issue of the path, and what its actions say of it, of one moment. False after a fault. */
static bool read_counts(struct op *op, struct issue *issue, struct action_counts *counts,
                        struct list *open)
{
    struct row_id key;
    bool found = false, counted;

    if (!op_path_uuid(op, "issueId", &key.id))
        return false;
    model_clear(AS(issue, issue));
    sql_queue_row(op, ISSUE_BY_ID, AS(row_id, &key), AS(issue, issue), &found);
    sql_queue_row(op, ISSUE_ACTION_COUNTS, AS(row_id, &key), AS(action_counts, counts), &counted);
    if (open)
        sql_queue_rows(op, ISSUE_OPEN_ACTIONS, AS(row_id, &key), &open_action_model, open);
    if (!sql_wait(op) || (!found && !op_fail(op, STATUS_ISSUE_NOT_FOUND)))
        return false;
    issue_complete(issue, 1);
    return true;
}

/* GET /api/operations/issues/{issueId}/closure-eligibility */
void closure_eligibility_get(struct op *op)
{
    struct issue issue;
    struct action_counts counts;
    struct list open = {NULL, 0};

    if (!read_counts(op, &issue, &counts, &open))
        return;
    struct str reason = issue_open_sentence(op->arena, &counts);
    struct closure_eligibility answer = {
        .can_close = counts.open == 0,
        .completed_actions = counts.completed,
        .total_actions = counts.total,
        .open_actions = open,
        .reasons = {&reason, counts.open > 0},
    };
    op_reply(op, AS(closure_eligibility, &answer), -1);
}

/* GET /api/operations/issues/{issueId}/status */
void issue_status_get(struct op *op)
{
    struct issue issue;
    struct action_counts counts;

    if (!read_counts(op, &issue, &counts, NULL))
        return;
    struct issue_state answer = {
        .issue_id = issue.id,
        .status = issue.status,
        .can_close = counts.open == 0,
        .completed_actions = counts.completed,
        .total_actions = counts.total,
        .overdue_actions = counts.overdue,
        .resolved_at = issue.resolved_at,
    };
    op_reply(op, AS(issue_state, &answer), -1);
}

/* --- The actions themselves --- */

struct actions_of_issue {
    struct uuid id; /* the issue's */
    struct row_limits limits;
};
static const struct field actions_of_issue_fields[] = {
    COLUMN(actions_of_issue, id),
    ROW_LIMITS_COLUMNS(actions_of_issue),
};
static const struct model actions_of_issue_model =
    MODEL("ActionsOfIssue", actions_of_issue, actions_of_issue_fields);

static int64_t bytes_of(const void *row)
{
    return ((const struct action *)row)->bytes;
}

/* GET /api/operations/issues/{issueId}/related-actions: newest first. */
void related_actions_get(struct op *op)
{
    struct actions_of_issue key;
    struct row_id issue, row;
    struct bounded_rows read = {.counted = ACTIONS_OF_ISSUE,
                                .input = AS(actions_of_issue, &key),
                                .limits = &key.limits,
                                .model = &action_model,
                                .bytes = bytes_of};
    bool found = false, fit;

    if (!op_path_uuid(op, "issueId", &key.id))
        return;
    issue.id = key.id;
    sql_queue_row(op, ISSUE_EXISTS, AS(row_id, &issue), AS(row_id, &row), &found);
    bounded_rows_queue(op, &read);
    if (!sql_wait(op) || (!found && !op_fail(op, STATUS_ISSUE_NOT_FOUND)) ||
        !bounded_rows_complete(op, &read, &fit))
        return;
    if (fit)
        op_reply_list(op, &action_model, read.rows, NULL, 0);
    else if (!op_too_large(op, "issueId"))
        op_valid(op);
}
