/* The verbs that move an action through its life: its status, and its completion, which tells what
 * else is to be done then. */
#include <math.h>

#include "action_change.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"
#include "readings_due.h"
#include "system_config.h"

enum { REASON_MAX = 2000 };

static bool take(struct op *op, const struct action *before, struct action *action,
                 const struct action_move *move)
{
    (void)before;
    action->status = move->status;
    if (move->reason.size > 0)
        action->status_reason = move->reason;
    if (!isnan(move->actual_hours))
        action->actual_hours = move->actual_hours;
    return !op_failed(op);
}

/* PUT /api/operations/actions/{actionId}/status */
void action_status_change(struct op *op)
{
    struct action_move body;

    if (op_body(op, (struct bound){&action_status_change_model, &body}))
        action_change(op, &(struct action_change){.propose = take, .move = &body});
}

/* --- complete --- */

/* ISSUES_CLOSABLE: the issues of an action. */
struct closable_key {
    struct uuids ids, closed_ids; /* closed_ids: SYSTEM statuses, which have no rows */
};
static const struct field closable_key_fields[] = {
    COLUMN(closable_key, ids),
    COLUMN(closable_key, closed_ids),
};
static const struct model closable_key_model =
    MODEL("ClosableKey", closable_key, closable_key_fields);

/* Those of its issues that had an open action in it, and have none now. The change of the action is
 * in the statements before. */
static void answer_completed(struct op *op, const struct action_change *change,
                             const struct action *before, struct action *action)
{
    struct action_completed answer = {.action = *action};
    struct closable_key key = {action->connections.other_ids,
                               system_status_ids(op->arena, CATEGORY_CLOSED)};
    bool was_open = before->status != ACTION_COMPLETED && before->status != ACTION_CANCELLED;

    answer.kpi_update_prompt = readings_due_packed(op, change->due);
    if (!change->due->known)
        op_degraded(op, SERVICE_KPIS);
    if (was_open && key.ids.count > 0 &&
        !sql_rows(op, ISSUES_CLOSABLE, AS(closable_key, &key), &closable_issue_model,
                  &answer.closable_issues))
        return;
    op_reply(op, AS(action_completed, &answer), -1);
}

/* What has come of it, and the notes. */
static struct str reason_of(struct op *op, const struct action_move *body)
{
    if (body->outcome.size == 0)
        return body->reason;
    if (body->reason.size == 0)
        return body->outcome;
    struct str both = arena_printf(op->arena, STR_FMT "\n" STR_FMT, STR_ARG(body->outcome),
                                   STR_ARG(body->reason));
    if (utf8_length(both) > REASON_MAX)
        op_invalid(op, "notes", "and outcome must be less than %d characters together",
                   (int)REASON_MAX);
    return both;
}

/* POST /api/operations/actions/{actionId}/complete */
void action_complete(struct op *op)
{
    struct action_move body = {.actual_hours = NAN};

    if (!op_body(op, (struct bound){&action_complete_model, &body}))
        return;
    body.status = ACTION_COMPLETED;
    body.reason = reason_of(op, &body);
    struct readings_due due;
    if (op_valid(op))
        action_change(op,
                      &(struct action_change){
                          .propose = take, .move = &body, .due = &due, .answer = answer_completed});
}

/* GET /api/operations/actions/{actionId}/kpi-update-prompt */
void kpi_update_prompt_get(struct op *op)
{
    struct action action;
    struct row_id key;
    struct readings_due due;

    model_clear(AS(action, &action));
    if (!op_path_uuid(op, "actionId", &key.id) ||
        !sql_row(op, ACTION_BY_ID, AS(row_id, &key), AS(action, &action)))
        return;
    readings_due_ask(op, action.connections.goal_ids, &due);
    if (due.known)
        op_reply_packed(op, readings_due_packed(op, &due).bytes, -1);
    else
        op_fail(op, STATUS_SERVICE_UNAVAILABLE);
}
