/* Applies the events in the reorder buffer, a batch in one transaction: first the update of
 * `consumed`, whose row lock blocks the other replicas until the end, then each event with its
 * tenant. It must not change the reorder buffer before the commit. */
#include "consumer_state.h"
#include "events_queries.h"
#include "fiber.h"
#include "log.h"
#include "timestamp.h"

struct consumed_sequence {
    struct str source;
    int64_t sequence;
    int64_t before, after; /* of a step */
    int64_t parked_changes;
};
static const struct field consumed_sequence_fields[] = {
    COLUMN(consumed_sequence, source),
    FIELD_AS(consumed_sequence, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(consumed_sequence, before),
    COLUMN(consumed_sequence, after),
    COLUMN(consumed_sequence, parked_changes),
};
const struct model consumed_sequence_model =
    MODEL("ConsumedSequence", consumed_sequence, consumed_sequence_fields);

/* --- The stored place --- */

void consumer_load(struct consumer *consumer)
{
    arena_reset(consumer->arena);
    struct session *session = consumer_begin(consumer);
    struct consumed_sequence sequence = {.source = str_of(consumer->config.source)};
    struct list heads = {NULL, 0};
    bool found = false;
    int64_t before = consumer->stored;

    session_queue(session, CONSUMED_ADD, AS(consumed_sequence, &sequence));
    session_queue_row(session, CONSUMED_READ, AS(consumed_sequence, &sequence),
                      AS(consumed_sequence, &sequence), &found);
    parked_ask(consumer, session, &heads); /* behind the place: never older than it */
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    if (kind != DB_OK || !found) {
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
        return;
    }
    consumer->loaded = true;
    consumer->stored = sequence.sequence;
    consumer->parked_changes = sequence.parked_changes;
    parked_loaded(consumer, &heads);
    consumer_check_begin(consumer);
    reorder_move(consumer->reorder, sequence.sequence);
    if (sequence.sequence < before) /* somebody wants everything applied again */
        consumer->head = sequence.sequence;
    if (consumer->ready_us > 0 && sequence.sequence > before)
        consumer->ready_us = monotonic_us();
    consumer_changed(consumer);
}

/* --- A batch --- */

static bool batch_keeps(const struct apply_batch *batch, struct str tenant)
{
    for (size_t i = 0; i < batch->kept_count; i++)
        if (str_equal(batch->kept[i].event.tenant, tenant))
            return true;
    return false;
}

/* Only for a newer release so many may wait and no more: an event that fails holds up its tenant
 * however many follow. */
static bool may_park(const struct consumer *consumer, const struct apply_batch *batch,
                     const struct event *event)
{
    const struct parked_tenant *parked = parked_find(consumer, event->tenant);
    int64_t tenants;

    if (parked ? !parked->blocked : !consumer_must_wait(consumer, event))
        return true;
    return parked_events(consumer, PARKED_RELEASE, &tenants) + (int64_t)batch->kept_count <
           consumer->config.parked_max;
}

static bool has_to_wait(const struct consumer *consumer, const struct apply_batch *batch,
                        const struct consumed_event *event)
{
    struct str tenant = event->event.tenant;

    return event->refusal.size > 0 || parked_find(consumer, tenant) || batch_keeps(batch, tenant) ||
           consumer_must_wait(consumer, &event->event) ||
           consumer_is_poison(consumer, event->sequence);
}

/* One more event, to be applied or parked. False when it ends the batch before itself. The reorder
 * buffer may move while a statement is waited for, so the batch has copies. */
static bool add(struct consumer *consumer, struct apply_batch *batch, int64_t sequence,
                const struct reordered_event *waiting)
{
    struct str payload = arena_copy(consumer->arena, waiting->payload);
    struct consumed_event event = {.sequence = sequence};

    if (!event_unpack(consumer->arena, payload, &event.event))
        event = consumer_unreadable(sequence, arena_copy(consumer->arena, waiting->tenant));
    batch->nobodys = event.event.tenant.size == 0;
    if (batch->nobodys)
        return false;
    if (!has_to_wait(consumer, batch, &event)) {
        batch->events[batch->count++] = event;
        return true;
    }
    batch->full = !may_park(consumer, batch, &event.event);
    if (batch->full)
        return false;
    batch->kept_payloads[batch->kept_count].bytes = payload;
    batch->kept[batch->kept_count++] = event;
    return true;
}

/* So many events of interest, with the places between them; less when one ends it. */
static void gather(struct consumer *consumer, struct apply_batch *batch)
{
    int64_t end = reorder_end(consumer->reorder);

    *batch = (struct apply_batch){.after = consumer->stored, .capacity = consumer->batch_max};
    batch->events = arena_array(consumer->arena, batch->capacity, sizeof *batch->events);
    batch->kept = arena_array(consumer->arena, batch->capacity, sizeof *batch->kept);
    batch->kept_payloads =
        arena_array(consumer->arena, batch->capacity, sizeof *batch->kept_payloads);
    for (int64_t sequence = consumer->stored + 1; sequence <= end; sequence++) {
        const struct reordered_event *waiting = reorder_at(consumer->reorder, sequence);
        if (waiting->wanted && batch->count + batch->kept_count == batch->capacity)
            return;
        if (waiting->wanted && !add(consumer, batch, sequence, waiting))
            return;
        batch->after = sequence;
    }
}

void consumer_mark_ends(struct apply_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct str tenant = batch->events[i].event.tenant;
        size_t later = i + 1;

        while (later < batch->count && !str_equal(batch->events[later].event.tenant, tenant))
            later++;
        batch->events[i].last = later == batch->count;
    }
}

static bool apply_events(struct consumer *consumer, struct session *session,
                         struct apply_batch *batch)
{
    const struct consumer_config *config = &consumer->config;

    if (config->begin && batch->count > 0)
        config->begin(config->argument, session, consumer->arena, batch->events, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        struct consumed_event *event = &batch->events[i];
        session_set_context(
            session,
            &(struct session_context){event->event.tenant, event->event.user_id, event->event.at});
        if (!config->apply(config->argument, session, consumer->arena, event)) {
            batch->refused = session_fault(session)->kind == DB_OK;
            return false;
        }
    }
    return true;
}

bool consumer_run_batch(struct consumer *consumer, struct session *session,
                        struct apply_batch *batch)
{
    struct consumed_sequence step = {
        .source = str_of(consumer->config.source),
        .before = consumer->stored,
        .after = batch->after,
        .parked_changes = consumer->parked_changes,
    };
    int64_t moved = 0;

    session_queue_count(session, CONSUMED_MOVE, AS(consumed_sequence, &step), &moved);
    parked_add(consumer, session, batch);
    if (batch->parked && !parked_take(consumer, session, batch))
        return false;
    if (!apply_events(consumer, session, batch))
        return false;
    if (session_commit(session) != DB_OK)
        return false;
    if (moved != 1) /* its row cannot be deleted by the service's role */
        consumer_stop(consumer, "the place up to which they are applied is gone");
    return true;
}

/* The size of the next one: half as much until the event is found that made one fail. */
static void batch_next(struct consumer *consumer, const struct apply_batch *batch)
{
    if (consumer->poison.sure || batch->after >= consumer->search_end)
        consumer->search_end = 0;
    if (consumer->search_end == 0)
        consumer->batch_max = batch_grown(consumer->batch_max);
    else if (consumer->batch_max > 1)
        consumer->batch_max /= 2;
}

static void succeeded(struct consumer *consumer, struct apply_batch *batch)
{
    const struct consumer_config *config = &consumer->config;

    consumer->stored = batch->after;
    parked_added(consumer, batch);
    parked_taken(consumer, batch);
    consumer->parked_turn = !batch->parked;
    consumer->counts.batches++;
    consumer->counts.applied += batch->count;
    consumer->apply_retry_us = 0;
    if (!batch->parked)
        batch_next(consumer, batch);
    consumer->poison = (struct poison){.sequence = 0};
    if (batch->count > 0)
        consumer->last_at = batch->events[batch->count - 1].event.at;
    reorder_move(consumer->reorder, batch->after);
    if (reorder_end(consumer->reorder) > consumer->stored)
        consumer->ready_us = monotonic_us();
    if (config->applied && batch->count > 0)
        config->applied(config->argument, batch->events, batch->count);
}

/* True when the other replica has moved on meanwhile; when it has not, this one takes over. */
static bool other_is_faster(struct consumer *consumer)
{
    int64_t before = consumer->stored;

    consumer_load(consumer);
    consumer->follows = consumer->stored != before;
    return consumer->follows;
}

static bool may_begin(struct consumer *consumer, struct apply_batch *batch)
{
    const struct consumer_config *config = &consumer->config;
    enum before_outcome outcome = BEFORE_DONE;

    if (config->before && batch->count > 0)
        outcome = config->before(config->argument, consumer->arena, batch->events, batch->count);
    if (outcome == BEFORE_REFUSED) {
        batch->refused = true;
        batch->events[0].refusal = STR("another service refused what comes before; see the log");
        consumer_failed(consumer, batch, &(struct db_fault){DB_OK, "", ""});
    } else if (outcome == BEFORE_LATER && batch->parked) {
        batch->parked->due_us = monotonic_us() + PARKED_RETRY_MIN_MS * INT64_C(1000);
        consumer->counts.failures++;
    } else if (outcome == BEFORE_LATER) {
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
        consumer->counts.failures++;
    }
    return outcome == BEFORE_DONE;
}

void consumer_commit(struct consumer *consumer, struct apply_batch *batch)
{
    if (!may_begin(consumer, batch))
        return;
    struct session *session = consumer_begin(consumer);
    bool good = consumer_run_batch(consumer, session, batch);
    struct db_fault fault = *session_fault(session); /* its texts are in the arena */
    session_end(&session);
    if (good)
        succeeded(consumer, batch);
    else
        consumer_failed(consumer, batch, &fault);
    consumer_changed(consumer);
}

/* The event behind the place has to be parked, and cannot be. */
static void cannot_park(struct consumer *consumer)
{
    int64_t tenants, events = parked_events(consumer, PARKED_RELEASE, &tenants);

    consumer_stop(consumer,
                  "the one at %lld has to wait for a newer release of %s, and no more may wait "
                  "than the %lld that do; upgrade it first",
                  (long long)consumer->stored + 1, consumer->config.program, (long long)events);
}

void consumer_apply(struct consumer *consumer)
{
    struct apply_batch batch;

    if (consumer->follows && other_is_faster(consumer))
        return;
    arena_reset(consumer->arena);
    gather(consumer, &batch);
    consumer_mark_ends(&batch);
    if (batch.after > consumer->stored)
        consumer_commit(consumer, &batch);
    else if (batch.full)
        cannot_park(consumer);
    else if (batch.nobodys)
        consumer_stop(consumer, "the one at %lld cannot be read, nor whose it is",
                      (long long)batch.after + 1);
}
