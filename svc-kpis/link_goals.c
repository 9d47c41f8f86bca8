/* Calls of svc-goals. Only its leaf operations, because it calls this service, too. */
#include "link_goals.h"

#include "goals.h"

static void ask(struct op *op, struct op_call *call, const char *operation, struct uuids goals,
                struct uuids strategies)
{
    struct goal_refs refs;
    struct buffer body =
        buffer_in(op->arena, 64 + (goals.count + strategies.count) * (UUID_TEXT_SIZE + 2));

    model_clear(AS(goal_refs, &refs));
    refs.goal_ids = goals;
    refs.strategy_ids = strategies;
    model_pack(AS(goal_refs, &refs), &body);
    op_call_start(op, call, operation, buffer_str(&body), 0);
}

static bool answered(struct op *op, struct op_call *call)
{
    op_call_wait(op, call);
    return call->reached && call->reply.http == status_http(STATUS_OK);
}

enum goal_answer goal_wait(struct op *op, struct op_call *call)
{
    if (!answered(op, call))
        return GOAL_UNASKED;
    return value_get(call->data, "goalIds")->count > 0 ? GOAL_THERE : GOAL_UNKNOWN;
}

void goal_ask(struct op *op, struct op_call *call, struct uuid goal)
{
    ask(op, call, "checkGoals", (struct uuids){&goal, 1}, (struct uuids){NULL, 0});
}

enum goal_answer goal_strategy(struct op *op, struct uuid goal, struct uuid strategy,
                               struct strategy_name *found)
{
    struct op_call call;
    struct goal_names names;
    struct field_errors errors;

    model_clear(AS(strategy_name, found));
    if (uuid_is_none(strategy)) {
        goal_ask(op, &call, goal);
        return goal_wait(op, &call);
    }
    ask(op, &call, "nameGoals", (struct uuids){&goal, 1}, (struct uuids){&strategy, 1});
    field_errors_init(&errors, op->arena);
    model_clear(AS(goal_names, &names));
    if (!answered(op, &call) ||
        !model_decode(AS(goal_names, &names), call.data, DECODE_CREATE, &errors, NULL))
        return GOAL_UNASKED;
    const struct strategy_name *named = names.strategies.items;
    if (names.strategies.count > 0 && uuid_equal(named->goal_id, goal))
        *found = *named;
    return names.goals.count > 0 ? GOAL_THERE : GOAL_UNKNOWN;
}

bool goals_exist(struct op *op, struct uuids goals, bool *any)
{
    struct op_call call;

    ask(op, &call, "checkGoals", goals, (struct uuids){NULL, 0});
    enum goal_answer there = goal_wait(op, &call);
    *any = there == GOAL_THERE;
    return there != GOAL_UNASKED;
}
