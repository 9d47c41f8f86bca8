/* The rules of actions: defaults, dates, and that what is completed is complete. */
#include "action_rules.h"

#include <math.h>

void action_defaults(struct action *action)
{
    if (!action->priority)
        action->priority = LEVEL_MEDIUM;
    if (!action->status)
        action->status = ACTION_NOT_STARTED;
    if (isnan(action->progress))
        action->progress = 0;
}

void action_settle(struct action *action, const struct action *before, struct timestamp now)
{
    if (timestamp_is_none(action->date_entered))
        action->date_entered = now;
    if (action->status != ACTION_COMPLETED) {
        action->completed_at = TIMESTAMP_NONE;
        return;
    }
    action->progress = 100;
    if (!before || before->status != ACTION_COMPLETED)
        action->completed_at = now;
}

void action_check(struct op *op, const struct action *action)
{
    bool due_first = timestamp_day_before(action->due_date, action->start_date);

    if (due_first && (op_named(op, "dueDate") || !op_named(op, "startDate")))
        op_invalid(op, "dueDate", "must not be before the start date");
    else if (due_first)
        op_invalid(op, "startDate", "must not be after the due date");
}
