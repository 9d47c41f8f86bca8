/* The verbs that move an issue through its life. What they are given as a reason is kept in
 * statusReason until another one is given. */
#include "issue_moves.h"

#include <math.h>

#include "issue_change.h"
#include "operations_handlers.h"
#include "system_config.h"

static void move(struct op *op, bool (*propose)(struct op *op, const struct issue *before,
                                                struct issue *issue, const struct issue_move *move))
{
    struct issue_move body = {.actual_hours = NAN}; /* what the verb's table lacks stays absent */

    if (op_body(op, (struct bound){op->operation->body, &body}))
        issue_change(op, &(struct issue_change){propose, &body});
}

static bool refuse(struct op *op, const char *verb, const struct issue *before)
{
    return op_fail_because(op, STATUS_INVALID_STATUS_TRANSITION,
                           "Cannot %s issue in " STR_FMT " status", verb,
                           STR_ARG(before->status.name));
}

static bool is_closed(const struct issue *issue)
{
    return issue->status.category == CATEGORY_CLOSED;
}

/* What the verb says besides the status; the rest stays. */
static void take(const struct issue_move *move, struct issue *issue)
{
    if (move->reason.size > 0)
        issue->status_reason = move->reason;
    if (move->resolution_notes.size > 0)
        issue->resolution_notes = move->resolution_notes;
    if (move->root_cause_analysis.bytes.data)
        issue->root_cause_analysis = move->root_cause_analysis;
    if (!isnan(move->actual_hours))
        issue->actual_hours = move->actual_hours;
}

static bool start(struct op *op, const struct issue *before, struct issue *issue,
                  const struct issue_move *move)
{
    if (is_closed(before))
        return refuse(op, "start", before);
    issue->status_config_id = system_status_of(SYSTEM_IN_PROGRESS);
    take(move, issue);
    return true;
}

/* PUT /api/operations/issues/{issueId}/start */
void issue_start(struct op *op)
{
    move(op, start);
}

static bool resolve(struct op *op, const struct issue *before, struct issue *issue,
                    const struct issue_move *move)
{
    struct uuid resolved = system_status_of(SYSTEM_RESOLVED);

    if (is_closed(before) && !uuid_equal(before->status_config_id, resolved))
        return refuse(op, "resolve", before);
    issue->status_config_id = resolved;
    take(move, issue);
    return true;
}

/* PUT /api/operations/issues/{issueId}/resolve */
void issue_resolve(struct op *op)
{
    move(op, resolve);
}

static bool reopen(struct op *op, const struct issue *before, struct issue *issue,
                   const struct issue_move *move)
{
    if (!is_closed(before))
        return refuse(op, "reopen", before);
    issue->status_config_id = system_status_open();
    take(move, issue);
    return true;
}

/* PUT /api/operations/issues/{issueId}/reopen */
void issue_reopen(struct op *op)
{
    move(op, reopen);
}

static bool change_status(struct op *op, const struct issue *before, struct issue *issue,
                          const struct issue_move *move)
{
    (void)before;
    issue->status_config_id = move->status_config_id;
    take(move, issue);
    return !op_failed(op);
}

/* PUT /api/operations/issues/{issueId}/status */
void issue_status_change(struct op *op)
{
    move(op, change_status);
}

static bool assign(struct op *op, const struct issue *before, struct issue *issue,
                   const struct issue_move *move)
{
    (void)before;
    if (!op_named(op, "assignedPersonId"))
        op_invalid(op, "assignedPersonId", "is required");
    issue->assigned_person_id = move->assigned_person_id;
    take(move, issue);
    return op_valid(op);
}

/* PUT /api/operations/issues/{issueId}/assign */
void issue_assign(struct op *op)
{
    move(op, assign);
}
