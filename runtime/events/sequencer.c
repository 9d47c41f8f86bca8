/* The sequencer: one short transaction per batch. It must not publish before the commit: an event
 * that was published but not committed would get another sequence number later.
 *
 * Why the order of the outbox's ids is correct: a transaction that changes an entity locks its row
 * before it adds to the outbox, so of two changes of one entity the later one takes its id after
 * the earlier one is committed. Independent changes may commit in another order than that of their
 * ids; the one that commits later is then moved by a later batch, since moved rows are deleted
 * instead of remembering the last id.
 *
 * Why deleted ids may be skipped: until VACUUM runs, finding the first row means walking over all
 * deleted ones. A transaction that adds to the outbox has written before, so it has a transaction
 * id, which for an outbox id below n is lower than that of the batch that moves id n. When all
 * those transactions have ended, no id up to n can appear any more, and the next batch may begin
 * after n. Once a second the outbox is nevertheless read from its beginning.
 *
 * Why one at a time: the numbers of a batch continue from the last one in the log, and other
 * transactions do not see a batch that is not yet committed. The lock ends with the transaction,
 * which is sent to the server as a whole: a replica that is stopped in between blocks no other. */
#include "sequencer.h"

#include <assert.h>
#include <stdlib.h>

#include "event_log.h"
#include "event_message.h"
#include "events_queries.h"
#include "fiber.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum {
    BATCH_MAX = 500,
    COALESCE_MS = 2, /* from one batch to the next, so that a busy service makes large ones */
    LOOK_MS = 1000,
    DEADLINE_MS = 5000,
    RETRY_MIN_MS = 50,
    RETRY_MAX_MS = 2000,
};

struct sequencer {
    struct loop *loop;
    struct database *database;
    struct bus_publisher *publisher;
    struct loop_timer *timer, *look_timer;
    struct arena *arena;
    bool running;         /* the fiber */
    bool armed;           /* the timer will start it */
    bool wanted, looking; /* what it is to do next */
    int64_t began_us;     /* the last batch */
    int64_t retry_ms;     /* 0: the last batch went well */
    int64_t gone;         /* ids in the outbox up to this one will not come any more */
    struct {
        int64_t id, moved_by; /* ids up to it will be gone when all before that one have ended */
    } going;                  /* id 0: none */
    struct sequencer_counts counts;
};

struct move {
    int64_t above, max;
};
static const struct field move_fields[] = {
    COLUMN(move, above),
    COLUMN(move, max),
};
static const struct model move_model = MODEL("Move", move, move_fields);

static const struct field moved_event_fields[] = {
    FIELD_AS(moved_event, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(moved_event, tenant_id),
    COLUMN(moved_event, payload),
    COLUMN(moved_event, last_id),
    COLUMN(moved_event, oldest_at_work),
    COLUMN(moved_event, own),
};
const struct model moved_event_model = MODEL("MovedEvent", moved_event, moved_event_fields);

static const struct session_context nobody = {.tenant = {"", 0}, .user_id = {"", 0}};

static struct session *begin(struct sequencer *sequencer, bool writes)
{
    arena_reset(sequencer->arena);
    return session_begin(sequencer->database, sequencer->arena, writes, &nobody,
                         monotonic_us() + DEADLINE_MS * INT64_C(1000));
}

/* --- A look --- */

static void note_waiting(struct sequencer *sequencer, struct timestamp since)
{
    int64_t us = timestamp_is_none(since) ? 0 : timestamp_now().us - since.us;

    sequencer->counts.waiting_seconds = us > 0 ? (double)us / 1e6 : 0;
}

static void look(struct sequencer *sequencer)
{
    struct session *session = begin(sequencer, false);
    struct event_log_state state;

    event_log_queue_state(session, sequencer->arena, &state);
    if (session_wait(session) == DB_OK) {
        if (state.head > sequencer->counts.head)
            sequencer->counts.head = state.head;
        note_waiting(sequencer, state.waiting_since);
        if (!timestamp_is_none(state.waiting_since)) {
            sequencer->wanted = true;
            sequencer->gone = 0;
        }
    }
    session_end(&session);
    sequencer->counts.looks++;
}

/* --- A batch --- */

static void failed(struct sequencer *sequencer, enum db_fault_kind kind)
{
    if (sequencer->retry_ms == 0)
        log_warning("events cannot be moved to the log; trying again",
                    LOG_INT("fault", (int64_t)kind));
    sequencer->counts.failures++;
    sequencer->retry_ms = sequencer->retry_ms ? sequencer->retry_ms * 2 : RETRY_MIN_MS;
    if (sequencer->retry_ms > RETRY_MAX_MS)
        sequencer->retry_ms = RETRY_MAX_MS;
    sequencer->wanted = true;
}

/* A full batch may have left rows with ids below its last one. */
static void note_gone(struct sequencer *sequencer, const struct moved_event *batch, bool full)
{
    if (sequencer->going.id > 0 && batch->oldest_at_work >= sequencer->going.moved_by && !full) {
        sequencer->gone = sequencer->going.id;
        sequencer->going.id = 0;
    }
    if (sequencer->going.id == 0) {
        sequencer->going.id = batch->last_id;
        sequencer->going.moved_by = batch->own;
    }
}

/* After a commit whose answer was lost nothing is published: consumers find it in the log. */
static void batch(struct sequencer *sequencer)
{
    struct session *session = begin(sequencer, true);
    struct move move = {sequencer->gone, BATCH_MAX};
    struct list moved;

    sequencer->began_us = monotonic_us();
    session_queue(session, EVENTS_ADVISORY_LOCK, NOTHING);
    session_queue_rows(session, EVENTS_MOVE, AS(move, &move), &moved_event_model, &moved);
    enum db_fault_kind kind = session_commit(session);
    session_end(&session);
    sequencer->counts.batches++;
    if (kind != DB_OK) {
        failed(sequencer, kind);
        return;
    }
    sequencer->retry_ms = 0;
    if (moved.count == 0)
        return;
    const struct moved_event *events = moved.items;
    note_gone(sequencer, &events[0], moved.count == BATCH_MAX);
    sequencer->counts.head = events[moved.count - 1].sequence;
    sequencer->counts.events += moved.count;
    event_messages_publish(sequencer->publisher, sequencer->arena, &moved);
    if (moved.count == BATCH_MAX) {
        sequencer->wanted = true;
        sequencer->began_us = 0; /* at once */
    }
}

/* --- When --- */

static void schedule(struct sequencer *sequencer);

static void run(void *argument)
{
    struct sequencer *sequencer = argument;

    if (sequencer->looking) {
        sequencer->looking = false;
        look(sequencer);
    }
    if (sequencer->wanted) {
        sequencer->wanted = false;
        batch(sequencer);
    }
    sequencer->running = false;
    schedule(sequencer);
}

static int64_t delay_ms(const struct sequencer *sequencer)
{
    int64_t passed_us = monotonic_us() - sequencer->began_us;

    if (sequencer->retry_ms > 0)
        return sequencer->looking ? 0 : sequencer->retry_ms;
    return passed_us >= COALESCE_MS * INT64_C(1000) ? 0 : COALESCE_MS - passed_us / 1000;
}

/* After an idle time the first notification starts a batch at once, so that a single change is
 * published without delay. */
static void schedule(struct sequencer *sequencer)
{
    if (sequencer->running || sequencer->armed || !(sequencer->wanted || sequencer->looking))
        return;
    int64_t delay = delay_ms(sequencer);
    if (delay == 0)
        sequencer->running = fiber_start(run, sequencer);
    if (sequencer->running)
        return;
    sequencer->armed = true; /* also when all fibers are in use */
    loop_timer_set(sequencer->timer, delay > 0 ? delay : COALESCE_MS, 0);
}

static void due(void *argument)
{
    struct sequencer *sequencer = argument;

    sequencer->armed = false;
    if (!sequencer->running && (sequencer->wanted || sequencer->looking) &&
        !(sequencer->running = fiber_start(run, sequencer)))
        schedule(sequencer);
}

static void look_due(void *argument)
{
    struct sequencer *sequencer = argument;

    sequencer->looking = true;
    schedule(sequencer);
}

void sequencer_notify(struct sequencer *sequencer)
{
    sequencer->wanted = true;
    schedule(sequencer);
}

/* --- Life --- */

struct sequencer *sequencer_new(struct loop *loop, struct database *database,
                                struct bus_publisher *publisher)
{
    struct sequencer *sequencer = xcalloc(1, sizeof *sequencer);

    sequencer->loop = loop;
    sequencer->database = database;
    sequencer->publisher = publisher;
    sequencer->arena = arena_new();
    sequencer->timer = loop_timer_new(loop, 0, 0, due, sequencer);
    sequencer->look_timer = loop_timer_new(loop, 0, LOOK_MS, look_due, sequencer);
    return sequencer;
}

void sequencer_destroy(struct sequencer **sequencer)
{
    struct sequencer *old = *sequencer;

    if (!old)
        return;
    *sequencer = NULL;
    assert(!old->running);
    loop_timer_destroy(&old->timer);
    loop_timer_destroy(&old->look_timer);
    arena_destroy(&old->arena);
    free(old);
}

struct sequencer_counts sequencer_counts(const struct sequencer *sequencer)
{
    return sequencer->counts;
}
