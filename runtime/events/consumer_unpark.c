/* Applies what has waited, one tenant's events in a transaction. */
#include "consumer_state.h"

#include "timestamp.h"

/* Up to the first that has to wait for a newer release, or that cannot be read, of which only the
 * refusal is there then. */
static void take_rows(struct consumer *consumer, struct apply_batch *batch, struct str tenant,
                      const struct list *found)
{
    const struct parked_row *row = found->items;

    batch->events = arena_array(consumer->arena, found->count, sizeof *batch->events);
    for (size_t i = 0; i < found->count; i++) {
        struct consumed_event *event = &batch->events[batch->count];
        *event = (struct consumed_event){.sequence = row[i].sequence};
        if (!event_unpack(consumer->arena, row[i].payload.bytes, &event->event))
            *event = consumer_unreadable(row[i].sequence, tenant);
        if (event->refusal.size > 0 || consumer_must_wait(consumer, &event->event))
            break;
        batch->count++;
    }
    consumer_mark_ends(batch);
}

/* Answers whether there is something to apply; else the table has to be read again, unless another
 * replica has tried it and failed, or it cannot be asked. */
static bool read_events(struct consumer *consumer, struct apply_batch *batch)
{
    struct parked_tenant *parked = batch->parked;
    struct str tenant = arena_printf(consumer->arena, "%s", parked->tenant);
    struct list found = {NULL, 0};
    struct session *session = consumer_begin(consumer);

    parked_ask_events(consumer, session, tenant, (int64_t)parked->batch_max, &found);
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    if (kind != DB_OK) {
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
        return false;
    }
    const struct parked_row *first = found.items;
    if (found.count > 0 && first->wait_ms > 0) {
        parked->attempts = first->attempts;
        parked->due_us = monotonic_us() + first->wait_ms * 1000;
        return false;
    }
    take_rows(consumer, batch, tenant, &found);
    consumer->reload = batch->count == 0;
    if (found.count > 0)
        parked->attempts = first->attempts;
    if (found.count > 0 && batch->events[0].refusal.size > 0)
        parked_failed(consumer, batch, batch->events[0].refusal);
    return batch->count > 0;
}

void consumer_unpark(struct consumer *consumer)
{
    struct apply_batch batch = {.after = consumer->stored, .parked = parked_next(consumer)};

    arena_reset(consumer->arena);
    consumer->parked_turn = false;
    if (read_events(consumer, &batch))
        consumer_commit(consumer, &batch);
}
