/* Applies what has waited for this release of the program, one event in a transaction. */
#include "consumer_state.h"

/* False when the table has to be read again. */
static bool read_event(struct consumer *consumer, struct consumed_event *event)
{
    const struct parked_tenant *parked = parked_ready(consumer);
    struct str tenant = arena_printf(consumer->arena, "%s", parked->tenant);
    int64_t sequence = parked->sequence;
    struct list found = {NULL, 0};
    struct session *session = consumer_begin(consumer);

    parked_ask_event(consumer, session, tenant, sequence, &found);
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    if (kind != DB_OK)
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
    if (kind != DB_OK || found.count == 0)
        return false;
    const struct packed_payload *payload = found.items;
    *event = (struct consumed_event){.sequence = sequence, .first = true, .last = true};
    if (!event_unpack(consumer->arena, payload->payload.bytes, &event->event))
        consumer_stop(consumer, "the parked one at %lld cannot be read", (long long)sequence);
    return !consumer->stopped[0];
}

void consumer_unpark(struct consumer *consumer)
{
    struct consumed_event event;
    struct apply_batch batch = {
        .after = consumer->stored, .events = &event, .count = 1, .capacity = 1, .parked = true};

    arena_reset(consumer->arena);
    consumer->parked_turn = false;
    if (read_event(consumer, &event))
        consumer_commit(consumer, &batch);
    else
        consumer->reload = true;
}
