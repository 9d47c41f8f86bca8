/* Tells the source up to where its events are applied, so that it knows which of them nobody needs
 * any more. Only what is stored is told: what a replica has in memory may be lost with it. */
#include "consumer_state.h"
#include "fiber.h"
#include "log.h"
#include "pack.h"
#include "timestamp.h"

enum {
    TELL_TIMEOUT_MS = 5000,
    TELL_MOVED_US = 10000000, /* after so long, when more is applied than was told last ... */
    TELL_US = 60000000,       /* ... or nothing is, so that the source knows that this is so */
};

struct tell_call {
    struct fiber *fiber;
    bool done, told;
    struct request request;
};

int64_t tell_due_us(const struct consumer *consumer)
{
    if (!consumer->config.program || consumer->config.silent)
        return INT64_MAX;
    if (consumer->tell_not_before_us == 0)
        return 0;
    return consumer->tell_not_before_us +
           (consumer->stored == consumer->told ? TELL_US - TELL_MOVED_US : 0);
}

/* A source of an older release does not know the operation; it keeps its whole log. */
static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct tell_call *call = argument;

    call->done = true;
    call->told = outcome == BUS_REPLIED && reply->http == 200;
    fiber_wake(call->fiber);
}

static void pack_told(struct consumer *consumer, struct tell_call *call)
{
    struct buffer body = buffer_in(consumer->arena, 64);

    pack_map(&body, 2);
    pack_key(&body, "program");
    pack_text(&body, str_of(consumer->config.program));
    pack_key(&body, "pos");
    pack_int(&body, consumer->stored);
    call->request = request_for(STR("tellConsumed")); /* of all tenants */
    call->request.remaining_ms = TELL_TIMEOUT_MS;
    call->request.body = buffer_str(&body);
}

void consumer_tell(struct consumer *consumer)
{
    int64_t stored = consumer->stored;

    arena_reset(consumer->arena);
    struct tell_call *call = arena_alloc(consumer->arena, sizeof *call);
    *call = (struct tell_call){.fiber = fiber_self()};
    pack_told(consumer, call);
    bus_call(consumer->config.client, &call->request, answered, call);
    while (!call->done)
        fiber_park();
    if (call->told)
        consumer->told = stored;
    consumer->tell_not_before_us = monotonic_us() + TELL_MOVED_US;
}
