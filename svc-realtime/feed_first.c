/* A reading is streamed only after its entries are in the feeds of its goals: a client that has
 * seen the event must find the entry, and a client that reads a feed and then resumes the stream
 * after its previous head must not miss it in both. svc-goals writes the entries by the same event;
 * the call here makes sure that they exist. While svc-goals is down the events of svc-kpis wait. */
#include "bus_client.h"
#include "event.h"
#include "event_types.h"
#include "fiber.h"
#include "log.h"
#include "realtime.h"
#include "unpack.h"

enum { ASK_MS = 2000 };

struct feed_call {
    struct fiber *fiber;
    size_t open;                 /* questions without an answer */
    enum before_outcome outcome; /* the worst of them */
};

static enum before_outcome outcome_of(enum bus_outcome outcome, const struct reply *reply)
{
    if (outcome != BUS_REPLIED || reply->http == 429 || reply->http >= 500)
        return BEFORE_LATER;
    log_error("entries of a reading were refused", LOG_TEXT("code", reply->code));
    return BEFORE_REFUSED;
}

/* Nothing is final while something has only not been done yet. */
static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct feed_call *asking = argument;

    if (outcome != BUS_REPLIED || !reply_is_done_or_unknown(reply)) {
        enum before_outcome its = outcome_of(outcome, reply);
        if (asking->outcome != BEFORE_LATER)
            asking->outcome = its;
    }
    if (--asking->open == 0)
        fiber_wake(asking->fiber);
}

static bool is_of_goals(struct arena *arena, const struct event *event)
{
    struct value data;

    return str_equal(event->type, str_of(EVENT_KPI_READING_CREATED)) &&
           unpack(arena, event->data, &data) && value_get(&data, "goalIds")->count > 0;
}

static void ask(struct process *process, struct arena *arena, const struct event *event,
                struct feed_call *asking)
{
    struct request *request = arena_alloc(arena, sizeof *request);

    *request = request_for(STR("addReadingEntries"));
    request->request_id = event->request_id;
    request->tenant = event->tenant;
    request->user = event->user_id;
    request->remaining_ms = ASK_MS;
    request->body = event->data;
    asking->open++;
    bus_call(service_client(process, SERVICE_GOALS), request, answered, asking);
}

enum before_outcome feed_first(struct process *process, struct arena *arena,
                               const struct consumed_event *events, size_t count)
{
    struct feed_call asking = {.fiber = fiber_self(), .outcome = BEFORE_DONE};

    for (size_t i = 0; i < count; i++)
        if (is_of_goals(arena, &events[i].event))
            ask(process, arena, &events[i].event, &asking);
    while (asking.open > 0)
        fiber_park();
    return asking.outcome;
}
