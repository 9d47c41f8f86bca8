/* Calls of svc-goals. Only its leaf operations, because it calls this service, too. */
#include "link_goals.h"

#include "goals.h"

static void ask(struct op *op, struct op_call *call, struct uuids goals)
{
    struct goal_refs refs;
    struct buffer body = buffer_in(op->arena, 64 + goals.count * (UUID_TEXT_SIZE + 2));

    model_clear(AS(goal_refs, &refs));
    refs.goal_ids = goals;
    model_pack(AS(goal_refs, &refs), &body);
    op_call_start(op, call, "checkGoals", buffer_str(&body), 0);
}

enum goal_answer goal_wait(struct op *op, struct op_call *call)
{
    op_call_wait(op, call);
    if (!call->reached || call->reply.http != status_http(STATUS_OK))
        return GOAL_UNASKED;
    return value_get(call->data, "goalIds")->count > 0 ? GOAL_THERE : GOAL_UNKNOWN;
}

void goal_ask(struct op *op, struct op_call *call, struct uuid goal)
{
    ask(op, call, (struct uuids){&goal, 1});
}

bool goals_exist(struct op *op, struct uuids goals, bool *any)
{
    struct op_call call;

    ask(op, &call, goals);
    enum goal_answer there = goal_wait(op, &call);
    *any = there == GOAL_THERE;
    return there != GOAL_UNASKED;
}
