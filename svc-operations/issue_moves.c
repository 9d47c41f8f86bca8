/* The verbs that move an issue through its life. What they are given as a reason is kept in
 * statusReason until another one is given. */
#include "issue_moves.h"

#include <math.h>

#include "issue_actions.h"
#include "issue_change.h"
#include "operations_handlers.h"
#include "system_config.h"

/* `change` without its body, which is read here. */
static void move_by(struct op *op, struct issue_change change)
{
    struct issue_move body = {.actual_hours = NAN}; /* what the verb's table lacks stays absent */

    change.move = &body;
    if (op_body(op, (struct bound){op->operation->body, &body}))
        issue_change(op, &change);
}

static void move(struct op *op, bool (*propose)(struct op *op, const struct issue *before,
                                                struct issue *issue, const struct issue_move *move))
{
    move_by(op, (struct issue_change){.propose = propose});
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

static bool is_system(const struct issue *issue, enum system_status status)
{
    return uuid_equal(issue->status_config_id, system_status_of(status));
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
    if (is_closed(before) && !is_system(before, SYSTEM_RESOLVED))
        return refuse(op, "resolve", before);
    issue->status_config_id = system_status_of(SYSTEM_RESOLVED);
    take(move, issue);
    return true;
}

/* PUT /api/operations/issues/{issueId}/resolve */
void issue_resolve(struct op *op)
{
    move(op, resolve);
}

static bool conclude(struct op *op, const struct issue *before, struct issue *issue,
                     const struct issue_move *move)
{
    (void)before;
    issue->status_config_id = system_status_of(SYSTEM_CLOSED);
    take(move, issue);
    return !op_failed(op);
}

static bool is_closed_already(const struct issue *before, const struct issue *issue)
{
    (void)issue;
    return is_system(before, SYSTEM_CLOSED);
}

/* Actions that are linked meanwhile wait for the issue's lock, so they are linked to a closed one.
 */
static bool may_close(struct op *op, const struct issue *issue, const struct issue_move *move)
{
    struct action_counts counts;

    if (move->force)
        return true;
    if (!issue_count_actions(op, issue->id, &counts))
        return false;
    return counts.open == 0 || op_fail_because(op, STATUS_DEPENDENCY_EXISTS, STR_FMT,
                                               STR_ARG(issue_open_sentence(op->arena, &counts)));
}

static void close_unless_open(struct op *op)
{
    move_by(op, (struct issue_change){
                    .propose = conclude, .keeps = is_closed_already, .permit = may_close});
}

/* POST /api/operations/issues/{issueId}/close */
void issue_close(struct op *op)
{
    close_unless_open(op);
}

/* PUT /api/operations/issues/{issueId}/close */
void issue_close_put(struct op *op)
{
    close_unless_open(op);
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
