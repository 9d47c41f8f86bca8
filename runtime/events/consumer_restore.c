/* Applies the entities of a snapshot as events are applied, without moving the place: that is moved
 * when all of them are there. Each transaction nevertheless locks the row of `consumed` and finds
 * the place as it was, so that a replica whose entities are older than what another one has applied
 * since cannot write them. */
#include "consumer_snapshot.h"
#include "fiber.h"
#include "timestamp.h"

enum { PARKED_ENTITIES = 100 /* that cannot be applied, before the consumer gives up */ };

enum attempt { ATTEMPT_APPLIED, ATTEMPT_REFUSED, ATTEMPT_OVER };

static bool try_once(struct consumer *consumer, struct apply_batch *batch, struct db_fault *fault)
{
    struct session *session = consumer_begin(consumer);
    bool good;

    batch->after = consumer->stored;
    batch->refused = false;
    consumer_mark_ends(batch);
    good = consumer_run_batch(consumer, session, batch);
    *fault = *session_fault(session); /* its texts are in the arena */
    session_end(&session);
    if (good && consumer->config.applied)
        consumer->config.applied(consumer->config.argument, batch->events, batch->count);
    return good;
}

/* Until it is applied, the fault is due to an entity, or the snapshot is over. */
static enum attempt attempt(struct snapshot *snapshot, struct apply_batch *batch,
                            struct db_fault *fault)
{
    struct consumer *consumer = snapshot->consumer;
    int64_t retry_us = 0;
    int faults = 0;

    while (!try_once(consumer, batch, fault)) {
        snapshot->over = consumer_lost_race(fault) || consumer->ending;
        if (snapshot->over)
            return ATTEMPT_OVER;
        if (consumer_is_of_its_events(batch, fault) &&
            (batch->count > 1 || batch->refused || ++faults == FAULTS_MAX))
            return ATTEMPT_REFUSED;
        fiber_sleep((consumer_pause(&retry_us) - monotonic_us()) / 1000 + 1);
    }
    snapshot->entities += (int64_t)batch->count;
    return ATTEMPT_APPLIED;
}

/* It waits like an event that cannot be applied, with a number below those of all that follow, so
 * what follows of its tenant waits behind it. */
static void park(struct snapshot *snapshot, const struct apply_batch *failed,
                 const struct db_fault *fault)
{
    struct consumer *consumer = snapshot->consumer;
    struct consumed_event kept = failed->events[0];
    struct buffer packed = buffer_in(consumer->arena, kept.event.data.size + 512);
    struct packed payload;
    struct apply_batch batch = {
        .after = consumer->stored, .kept = &kept, .kept_payloads = &payload, .kept_count = 1};
    char error[ERROR_SIZE];

    consumer_describe(error, failed, fault);
    kept.sequence = snapshot->place - snapshot->parked;
    if (++snapshot->parked > PARKED_ENTITIES || kept.sequence < 1) {
        consumer_stop(consumer, "too many entities of its snapshot cannot be applied: %s", error);
        snapshot->over = true;
        return;
    }
    event_pack(&packed, &kept.event);
    payload.bytes = buffer_str(&packed);
    consumer_poison(consumer, kept.sequence, error);
    struct session *session = consumer_begin(consumer);
    snapshot->over = !consumer_run_batch(consumer, session, &batch);
    session_end(&session);
    if (!snapshot->over)
        parked_added(consumer, &batch);
    consumer->poison = (struct poison){.sequence = 0};
}

void snapshot_apply(struct snapshot *snapshot, struct consumed_event *events, size_t count)
{
    struct apply_batch all = {.events = events, .count = count, .capacity = count};
    struct db_fault fault;

    if (count == 0 || attempt(snapshot, &all, &fault) != ATTEMPT_REFUSED)
        return;
    for (size_t i = 0; i < count && !snapshot->over; i++) {
        struct apply_batch one = {.events = &events[i], .count = 1, .capacity = 1};
        if (attempt(snapshot, &one, &fault) == ATTEMPT_REFUSED)
            park(snapshot, &one, &fault);
    }
}
