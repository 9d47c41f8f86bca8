/* The transitions of a goal by verbs: activate, pause, close. Concurrent ones are serialised by the
 * row lock; the second sees the result of the first and may be refused. */
#include <string.h>

#include "activity_entry.h"
#include "goal_handlers.h"
#include "goal_kpis.h"
#include "goal_load.h"
#include "goal_rules.h"
#include "goals.h"
#include "queries.h"
#include "text.h"

/* A reason that is not empty becomes an entry of the feed: "Goal paused: {reason}". */
static bool add_reason_entry(struct op *op, const struct goal *before, enum goal_status to,
                             struct str reason)
{
    struct goal_entry_texts words = goal_entry_texts(before->status, to);
    struct person_name author;
    struct activity entry;

    if (!text_is_visible(reason))
        return true;
    queue_person(op, op->request->user, &author);
    if (!sql_wait(op))
        return false;
    model_clear(AS(activity, &entry));
    entry.goal_id = before->id;
    entry.type = ACTIVITY_SYSTEM;
    entry.title = str_of(words.title);
    entry.text = arena_printf(op->arena, "%s: " STR_FMT, words.text, STR_ARG(reason));
    entry.user_name = author.name;
    activity_add(op, &entry);
    return true;
}

static void move(struct op *op, struct uuid id, enum goal_status to, struct str reason)
{
    struct goal before, goal;
    struct goal_kpis kpis;

    goal_kpis_ask_one(op, &kpis, id);
    if (!goal_lock(op, id, &before))
        return;
    goal = before;
    if (to == GOAL_CANCELLED && before.status == GOAL_CANCELLED) {
        goals_complete(op, &kpis, &goal, 1);
        op_reply(op, AS(goal, &goal), goal.version);
        return;
    }
    if (!goal_may_become(&before, to)) {
        struct str refusal = goal_refusal(op->arena, &before, to);
        op_fail_because(op, STATUS_INVALID_STATUS_TRANSITION, STR_FMT, STR_ARG(refusal));
        return;
    }
    goal_become(&goal, to, op->now);
    record_change(&goal.record, op->now, op->request->user);
    sql_exec(op, GOAL_UPDATE, AS(goal, &goal));
    if (!add_reason_entry(op, &before, to, reason))
        return;
    goals_complete(op, &kpis, &goal, 1);
    op_event_changed(op, goal_event(to), goal.id, goal.version, goal_told(&before),
                     goal_told(&goal));
    op_reply(op, AS(goal, &goal), goal.version);
}

static void move_with_reason(struct op *op, enum goal_status to)
{
    struct uuid id;
    struct goal_reason body;

    if (op_path_uuid(op, "id", &id) && op_body(op, AS(goal_reason, &body)))
        move(op, id, to, body.reason);
}

/* POST /goals/{id}:activate */
void goal_activate(struct op *op)
{
    move_with_reason(op, GOAL_ACTIVE);
}

/* POST /goals/{id}:pause */
void goal_pause(struct op *op)
{
    move_with_reason(op, GOAL_PAUSED);
}

/* "completed" or "cancelled", spelled exactly so; 0 for anything else, of any type. */
static enum goal_status final_status(struct op *op, struct packed sent)
{
    struct value value;

    if (!sent.bytes.data || !unpack(op->arena, sent.bytes, &value))
        return 0;
    if (str_equal(value_text(&value), STR("completed")))
        return GOAL_COMPLETED;
    return str_equal(value_text(&value), STR("cancelled")) ? GOAL_CANCELLED : 0;
}

/* POST /goals/{id}:close */
void goal_close(struct op *op)
{
    struct uuid id;
    struct goal_close body;

    if (!op_path_uuid(op, "id", &id) || !op_body(op, AS(goal_close, &body)))
        return;
    enum goal_status to = final_status(op, body.final_status);
    if (!to) {
        op_fail(op, STATUS_INVALID_FINAL_STATUS);
        return;
    }
    move(op, id, to, body.reason);
}
