/* Asks the source in the consumer's fiber, which waits for the answer. */
#include "consumer_state.h"
#include "fiber.h"
#include "pack.h"

struct source_call {
    struct fiber *fiber;
    struct arena *arena;
    bool done;
    int http;
    struct value *data;
};

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct source_call *call = argument;

    call->done = true;
    if (outcome == BUS_REPLIED && reply->http == 200)
        call->data = arena_alloc(call->arena, sizeof *call->data);
    if (outcome == BUS_REPLIED &&
        (!call->data || unpack(call->arena, arena_copy(call->arena, reply->data), call->data)))
        call->http = reply->http;
    fiber_wake(call->fiber);
}

int consumer_call(struct consumer *consumer, struct arena *arena, const struct question *question,
                  const struct value **data)
{
    struct source_call call = {.fiber = fiber_self(), .arena = arena};
    struct request request = request_for(str_of(question->operation));

    request.tenant = question->tenant;
    request.remaining_ms = question->timeout_ms;
    request.body = question->body;
    bus_call(consumer->config.client, &request, answered, &call);
    while (!call.done)
        fiber_park();
    *data = call.data;
    return call.http;
}
