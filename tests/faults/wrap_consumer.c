/* Faults of consuming.
 *
 * Places: "consumer before apply" (an event was heard), "consumer in apply", "consumer before
 * commit", "consumer after commit". Mistakes: "no-catch-up" asks for nothing and passes over what
 * is missing; "applied-before-commit" reports events as applied before the commit. */
#include <assert.h>

#include "consumer_state.h"
#include "event_log.h"
#include "events_queries.h"
#include "faults.h"
#include "fiber.h"
#include "timestamp.h"

enum { CONSUMERS_MAX = 8 };

/* A consumer's own callbacks, and the batch that it is applying. */
struct observed {
    struct consumer_config config;
    struct session *session; /* of the batch */
    const struct consumed_event *events;
    size_t count;
};

static struct observed observed[CONSUMERS_MAX];
static size_t observed_count;

struct consumer *__real_consumer_new(const struct consumer_config *config);
struct consumer *__wrap_consumer_new(const struct consumer_config *config);
void __real_consumer_take_message(struct consumer *consumer, struct str body);
void __wrap_consumer_take_message(struct consumer *consumer, struct str body);
void __real_consumer_ask(struct consumer *consumer);
void __wrap_consumer_ask(struct consumer *consumer);
void __real_session_queue_count(struct session *session, struct statement *statement,
                                struct bound input, int64_t *count);
void __wrap_session_queue_count(struct session *session, struct statement *statement,
                                struct bound input, int64_t *count);

/* --- News and pages --- */

void __wrap_consumer_take_message(struct consumer *consumer, struct str body)
{
    struct str payload;
    int64_t sequence;

    if (consumer->loaded && event_message_unpack(body, &sequence, &payload)) {
        fault_point("consumer before apply");
        for (int64_t end;
             fault_planted("no-catch-up") && (end = reorder_end(consumer->reorder)) < sequence - 1;)
            reorder_put(consumer->reorder, end + 1, STR_NONE, false, TIMESTAMP_NONE, STR_NONE);
    }
    __real_consumer_take_message(consumer, body);
}

void __wrap_consumer_ask(struct consumer *consumer)
{
    if (!fault_planted("no-catch-up")) {
        __real_consumer_ask(consumer);
        return;
    }
    consumer->last_message_us = monotonic_us();
    consumer->counts.pages++;
    consumer->ask_retry_us = 0;
    consumer_changed(consumer);
}

/* --- Batches --- */

static void before(struct session *session, void *argument)
{
    const struct observed *own = argument;

    if (fault_planted("applied-before-commit") && session_wait(session) == DB_OK) {
        if (own && own->config.applied && own->count > 0)
            own->config.applied(own->config.argument, own->events, own->count);
        fiber_sleep(100);
    }
    if (fault_is_ahead("consumer before commit") && session_wait(session) == DB_OK)
        fault_point("consumer before commit");
}

static int after(struct session *session, int outcome, void *argument)
{
    (void)session;
    (void)argument;
    if (outcome == DB_OK)
        fault_point("consumer after commit");
    return outcome;
}

static bool apply(void *argument, struct session *session, struct arena *arena,
                  struct consumed_event *event)
{
    struct observed *own = argument;

    if (own->session != session) {
        own->session = session;
        own->events = event; /* the others of the batch lie behind it */
        own->count = 0;
        fault_on_commit(session, &(struct fault_commit){before, after, own});
    }
    if (!own->config.apply(own->config.argument, session, arena, event))
        return false;
    own->count++;
    if (fault_is_ahead("consumer in apply") && session_wait(session) == DB_OK)
        fault_point("consumer in apply");
    return true;
}

static enum before_outcome prepare(void *argument, struct arena *arena,
                                   const struct consumed_event *events, size_t count)
{
    const struct observed *own = argument;

    return own->config.before(own->config.argument, arena, events, count);
}

static void begin(void *argument, struct session *session, struct arena *arena,
                  const struct consumed_event *events, size_t count)
{
    const struct observed *own = argument;

    own->config.begin(own->config.argument, session, arena, events, count);
}

static void applied(void *argument, const struct consumed_event *events, size_t count)
{
    const struct observed *own = argument;

    if (!fault_planted("applied-before-commit"))
        own->config.applied(own->config.argument, events, count);
}

struct consumer *__wrap_consumer_new(const struct consumer_config *config)
{
    struct consumer_config wrapped = *config;

    assert(observed_count < CONSUMERS_MAX);
    struct observed *own = &observed[observed_count++];
    own->config = *config;
    wrapped.apply = apply;
    wrapped.before = config->before ? prepare : NULL;
    wrapped.begin = config->begin ? begin : NULL;
    wrapped.applied = config->applied ? applied : NULL;
    wrapped.argument = own;
    return __real_consumer_new(&wrapped);
}

/* The first statement of a batch, which may be of no event of interest. */
void __wrap_session_queue_count(struct session *session, struct statement *statement,
                                struct bound input, int64_t *count)
{
    __real_session_queue_count(session, statement, input, count);
    if (statement != CONSUMED_MOVE)
        return;
    for (size_t i = 0; i < observed_count; i++)
        if (observed[i].session == session) /* it was another one at the same address */
            observed[i].session = NULL;
    fault_on_commit(session, &(struct fault_commit){before, after, NULL});
}
