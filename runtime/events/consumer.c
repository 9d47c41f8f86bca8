/* The schedule of a consumer: one timer for the next time at which something is due, and one fiber,
 * which ends as soon as nothing is due. */
#include <assert.h>
#include <stdlib.h>

#include "consumer_state.h"
#include "fiber.h"
#include "memory.h"
#include "timestamp.h"

/* --- What is due --- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Events of interest are applied at once, but a replica that lost the last race first leaves the
 * other one time; events of no interest only advance the stored number, in larger steps. */
static int64_t apply_due_us(const struct consumer *consumer)
{
    int64_t passed = reorder_end(consumer->reorder) - consumer->stored;
    int64_t due_us;

    if (passed == 0)
        return INT64_MAX;
    if (reorder_wanted(consumer->reorder) == 0 && passed < PASS_MAX)
        due_us = consumer->ready_us + PASS_US;
    else
        due_us = consumer->follows ? consumer->ready_us + FOLLOW_US : 0;
    return later(due_us, consumer->apply_not_before_us);
}

/* Not while there is enough to apply: a replica that waits has no room for more. */
static int64_t ask_due_us(const struct consumer *consumer)
{
    int64_t due_us = consumer->last_message_us + SILENCE_US;

    if (reorder_end(consumer->reorder) - consumer->stored >= ENOUGH)
        return INT64_MAX;
    if (consumer->gap_us > 0)
        due_us = consumer->behind ? 0 : sooner(due_us, consumer->gap_us + GAP_US);
    return later(due_us, consumer->ask_not_before_us);
}

/* What the table `consumed` says, and parked_events: others may change it, and operators. */
static int64_t load_due_us(const struct consumer *consumer)
{
    if (!consumer->loaded || consumer->reload)
        return consumer->apply_not_before_us;
    if (consumer->parked_count == 0)
        return INT64_MAX;
    return later(consumer->parked_look_us, consumer->apply_not_before_us);
}

static int64_t unpark_due_us(const struct consumer *consumer)
{
    return later(parked_due_us(consumer), consumer->apply_not_before_us);
}

static int64_t due_us(const struct consumer *consumer)
{
    if (consumer->ending || consumer->stopped[0])
        return INT64_MAX;
    if (!consumer->loaded || consumer->reload)
        return load_due_us(consumer);
    if (consumer->snapshot)
        return consumer->apply_not_before_us;
    if (consumer->held)
        return INT64_MAX;
    return sooner(
        sooner(sooner(load_due_us(consumer), tell_due_us(consumer)), unpark_due_us(consumer)),
        sooner(apply_due_us(consumer), ask_due_us(consumer)));
}

/* One thing that is due. False when nothing is. */
static bool step(struct consumer *consumer)
{
    int64_t now_us = monotonic_us();

    if (due_us(consumer) > now_us)
        return false;
    if (load_due_us(consumer) <= now_us)
        consumer_load(consumer);
    else if (consumer->snapshot)
        consumer_snapshot(consumer);
    else if (tell_due_us(consumer) <= now_us)
        consumer_tell(consumer);
    else if (unpark_due_us(consumer) <= now_us &&
             (consumer->parked_turn || apply_due_us(consumer) > now_us))
        consumer_unpark(consumer);
    else if (apply_due_us(consumer) <= now_us)
        consumer_apply(consumer);
    else
        consumer_ask(consumer);
    return true;
}

/* --- The fiber and its timer --- */

static void start(struct consumer *consumer);

static void run(void *argument)
{
    struct consumer *consumer = argument;

    while (step(consumer))
        continue;
    consumer->running = false;
    start(consumer);
}

static void start(struct consumer *consumer)
{
    int64_t wait_us;

    if (consumer->running || due_us(consumer) == INT64_MAX)
        return;
    wait_us = due_us(consumer) - monotonic_us();
    if (wait_us <= 0)
        consumer->running = fiber_start(run, consumer);
    if (!consumer->running) /* or all fibers are in use */
        loop_timer_set(consumer->timer, wait_us > 0 ? wait_us / 1000 + 1 : 10, 0);
}

static void due(void *argument)
{
    start(argument);
}

static void on_message(void *argument, struct str topic, struct str body)
{
    (void)topic;
    consumer_take_message(argument, body);
    start(argument);
}

/* --- Life --- */

struct consumer *consumer_new(const struct consumer_config *config)
{
    struct consumer *consumer = xcalloc(1, sizeof *consumer);

    consumer->config = *config;
    consumer->reorder = reorder_new();
    consumer->arena = arena_new();
    consumer->scratch = arena_new();
    consumer->batch_max = BATCH_MAX;
    consumer->last_at = TIMESTAMP_NONE;
    consumer->timer = loop_timer_new(config->loop, 0, 0, due, consumer);
    /* Subscribes before it requests the first page, so that no message is missed in between. */
    consumer->subscriber =
        bus_subscriber_new(config->loop, config->service, config->endpoints, on_message, consumer);
    bus_subscribe_all(consumer->subscriber);
    return consumer;
}

void consumer_end(struct consumer *consumer)
{
    consumer->ending = true;
}

void consumer_destroy(struct consumer **consumer)
{
    struct consumer *old = *consumer;

    if (!old)
        return;
    *consumer = NULL;
    assert(!old->running);
    bus_subscriber_destroy(&old->subscriber);
    loop_timer_destroy(&old->timer);
    reorder_destroy(&old->reorder);
    parked_destroy(old);
    arena_destroy(&old->arena);
    arena_destroy(&old->scratch);
    free(old);
}

bool consumer_is_held(const struct consumer *consumer)
{
    return consumer->held;
}

void consumer_release(struct consumer *consumer)
{
    consumer->held = false;
    start(consumer);
}

const char *consumer_stopped(const struct consumer *consumer)
{
    return consumer->stopped[0] ? consumer->stopped : NULL;
}

struct consumer_counts consumer_counts(const struct consumer *consumer)
{
    struct consumer_counts counts = consumer->counts;
    const struct reordered_event *next = reorder_at(consumer->reorder, consumer->stored + 1);
    struct timestamp since = next ? next->at : consumer->last_at;

    counts.sequence = consumer->stored;
    counts.head = consumer->head;
    for (enum parked_reason reason = 0; reason < PARKED_REASONS; reason++)
        counts.parked_events[reason] =
            parked_events(consumer, reason, &counts.parked_tenants[reason]);
    if (counts.head > counts.sequence && !timestamp_is_none(since) && timestamp_now().us > since.us)
        counts.behind_seconds = (double)(timestamp_now().us - since.us) / 1e6;
    return counts;
}
