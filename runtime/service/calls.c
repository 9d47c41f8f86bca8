/* Calling other services from inside a handler. Calls must not form a cycle that waits for itself:
 * where services call each other they call leaf operations only, and those call no service. */
#include <assert.h>

#include "bus_acl.h"
#include "fiber.h"
#include "op_state.h"
#include "timestamp.h"

/* In the op's arena, which outlives the call; the handler's struct op_call may not, when it fails
 * early, so it is filled in by op_call_wait only. */
struct op_call_state {
    struct op *op;
    const struct operation *operation;
    struct request request;
    bool done, reached;
    struct reply reply;
    const struct value *data;
    struct fiber *waiter; /* parked for this call; NULL while nobody is */
    struct op_call_state *before;
};

static const struct value nothing = {.type = VALUE_ABSENT};

/* svc-goals and svc-kpis call each other, so only leaf operations may be called. */
static bool may_be_asked(const struct op *op, const struct operation *callee)
{
    bool asked_back = callee->service == SERVICE_GOALS || callee->service == SERVICE_KPIS;
    enum service own = op->process->program->service;
    bool both = asked_back && (own == SERVICE_GOALS || own == SERVICE_KPIS);

    /* Over TCP it would be refused; here it is seen over unix sockets, too. */
    assert(!(callee->flags & OPERATION_INTERNAL) || acl_may_call(own, callee, callee->service));
    return !(op->operation->flags & OPERATION_NO_CALLS) &&
           (!both || (callee->flags & OPERATION_NO_CALLS)) && callee->service != own &&
           callee->service != SERVICE_EVERY;
}

/* "<ours>/<operation>"; the same operation again gets a number, the same one in every attempt. */
static struct str command_of(const struct op *op, const struct operation *callee)
{
    int64_t number = 1;

    for (const struct op_call_state *s = op->state->calls; s; s = s->before)
        number += s->operation == callee;
    if (number == 1)
        return arena_printf(op->arena, STR_FMT "/%s", STR_ARG(op->request->command), callee->name);
    return arena_printf(op->arena, STR_FMT "/%s/%lld", STR_ARG(op->request->command), callee->name,
                        (long long)number);
}

static void fill_request(struct op *op, struct op_call_state *state, struct str body,
                         int64_t budget_ms)
{
    const struct request *ours = op->request;
    const struct operation *callee = state->operation;
    int64_t left_ms = (op->state->pending->deadline_us - monotonic_us()) / 1000;

    state->request = *ours; /* who, for whom, limits */
    state->request.traceparent = op->state->log.traceparent;
    state->request.operation = str_of(callee->name);
    state->request.remaining_ms = budget_ms > 0 && budget_ms < left_ms ? budget_ms : left_ms;
    state->request.path = STR("");
    state->request.if_version = -1;
    state->request.if_others = state->request.path_values = state->request.query = STR_NONE;
    state->request.body = body;
    if ((callee->flags & OPERATION_WRITES) && !(callee->flags & OPERATION_REPEATABLE) &&
        ours->command.data) {
        assert(op->operation->flags & OPERATION_WRITES);
        state->request.command = command_of(op, callee);
    } else {
        state->request.command = STR_NONE;
        state->request.command_source = COMMAND_NONE;
    }
}

static struct reply copy_of(struct arena *arena, const struct reply *reply)
{
    struct reply copy = *reply;

    copy.code = arena_copy(arena, reply->code);
    copy.message = arena_copy(arena, reply->message);
    copy.errors = arena_copy(arena, reply->errors);
    copy.data = arena_copy(arena, reply->data);
    copy.page = arena_copy(arena, reply->page);
    copy.location = arena_copy(arena, reply->location);
    copy.degraded = arena_copy(arena, reply->degraded);
    copy.extra = arena_copy(arena, reply->extra);
    return copy;
}

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct op_call_state *state = argument;
    struct arena *arena = state->op->arena;

    state->done = true;
    state->op->state->fatal |= outcome == BUS_REPLIED && reply->fatal;
    /* A service that refuses for lack of room or time counts as not reached. */
    if (outcome == BUS_REPLIED && reply->http != status_http(STATUS_SERVICE_UNAVAILABLE) &&
        reply->http != status_http(STATUS_UPSTREAM_TIMEOUT)) {
        struct value *data = arena_alloc(arena, sizeof *data);
        state->reached = true;
        state->reply = copy_of(arena, reply);
        if (state->reply.data.data && unpack(arena, state->reply.data, data))
            state->data = data;
    }
    if (state->waiter)
        fiber_wake(state->waiter);
}

void op_call_start(struct op *op, struct op_call *call, const char *operation, struct str body,
                   int64_t budget_ms)
{
    struct op_call_state *state = arena_alloc(op->arena, sizeof *state);

    state->op = op;
    state->operation = operation_find(str_of(operation));
    state->data = &nothing;
    assert(state->operation && may_be_asked(op, state->operation));
    *call = (struct op_call){
        .operation = state->operation, .body = body, .data = &nothing, .state = state};
    fill_request(op, state, body, budget_ms);
    state->before = op->state->calls;
    op->state->calls = state;
    if (state->request.remaining_ms <= 0)
        state->done = true; /* nobody waits any more */
    else
        bus_call(service_client(op->process, state->operation->service), &state->request, answered,
                 state);
}

static void wait_for(struct op_call_state *state)
{
    if (state->done)
        return;
    int64_t began_us = monotonic_us();
    while (!state->done) {
        state->waiter = fiber_self();
        fiber_park();
    }
    state->waiter = NULL;
    state->op->state->timing.calls_us += monotonic_us() - began_us;
}

void op_call_wait(struct op *op, struct op_call *call)
{
    struct op_call_state *state = call->state;

    assert(state->op == op);
    wait_for(state);
    call->done = true;
    call->reached = state->reached;
    call->reply = state->reply;
    call->data = state->data;
}

void op_calls_finish(struct op *op)
{
    for (struct op_call_state *state = op->state->calls; state; state = state->before)
        wait_for(state);
}

/* --- The call that has to be made before the answer is sent --- */

enum { FOLLOW_UP_MS = 4000 };

void op_call_after(struct op *op, const char *operation, struct str body)
{
    struct buffer out = buffer_in(op->arena, body.size + 64);

    assert(operation_find(str_of(operation))->flags & OPERATION_REPEATABLE);
    pack_map(&out, 2);
    pack_key(&out, "operation");
    pack_text(&out, str_of(operation));
    pack_key(&out, "body");
    pack_raw(&out, body);
    op->state->reply.follow_up = buffer_str(&out);
}

void op_follow_up(struct op *op)
{
    struct str packed = op->state->reply.follow_up;
    struct value map;
    struct op_call call;

    op->state->reply.follow_up = STR_NONE;
    if (!packed.data || op_failed(op))
        return;
    assert(!op->session);
    unpack(op->arena, packed, &map); /* our own */
    op->state->calls = NULL;
    op_call_start(op, &call, arena_copy(op->arena, value_text(value_get(&map, "operation"))).data,
                  value_get(&map, "body")->raw, FOLLOW_UP_MS);
    op_call_wait(op, &call);
    if (call.reached && reply_is_done_or_unknown(&call.reply))
        return;
    op_reset(op);
    op_fail_because(op, STATUS_UPSTREAM_TIMEOUT,
                    "It is recorded, but does not show everywhere yet; repeat the request");
}
