/* `svc-analytics --rebuild`: rebuilds the projections from snapshots of the services and what their
 * logs have since then, while the service continues with the old ones. All of it is applied by the
 * same functions, on connections that write to another generation, with sequence numbers of their
 * own in `consumed`. Between snapshots and logs the feed, which no snapshot has, is copied from the
 * current generation. When the new one has caught up, the service's consumers are blocked for a
 * short time, the new generation becomes the current one, and they continue after its sequence
 * numbers. Then the old rows are deleted. */
#include <stdio.h>
#include <string.h>

#include "analytics_handlers.h"
#include "fiber.h"
#include "log.h"
#include "lookup.h"
#include "queries.h"

enum {
    LOOK_MS = 20,
    LIFE_MS = 10000,   /* between signs of life */
    HOLD_US = 1500000, /* less than the service waits for a lock */
    NEAR = 300,        /* events that are applied in a part of that */
    DEADLINE_US = 10000000,
    DROP_MAX = 5000,
    COPY_MAX = 5000,
    SERVED_MS = 10000, /* for the service to apply what the snapshots have */
    SUFFIX_SIZE = 24,
    TENANT_SIZE = 512, /* of a name: 128 characters */
};

struct generation {
    int64_t generation;
    struct texts sources;
    struct str suffix;
};
static const struct field generation_fields[] = {
    COLUMN(generation, generation),
    COLUMN(generation, sources),
    COLUMN(generation, suffix),
};
const struct model generation_model = MODEL("Generation", generation, generation_fields);

struct source_sequence {
    struct str source;
    int64_t sequence;
};
static const struct field source_sequence_fields[] = {
    COLUMN(source_sequence, source),
    FIELD_AS(source_sequence, sequence, "pos", .flags = FIELD_INTERNAL),
};
const struct model source_sequence_model = MODEL("Place", source_sequence, source_sequence_fields);

struct drop {
    int64_t max, count;
};
static const struct field drop_fields[] = {
    COLUMN(drop, max),
    COLUMN(drop, count),
};
const struct model drop_model = MODEL("Drop", drop, drop_fields);

struct feed_copy {
    struct str tenant_after, tenant;
    struct uuid id;
    int64_t max;
};
static const struct field feed_copy_fields[] = {
    COLUMN(feed_copy, tenant_after),
    COLUMN(feed_copy, tenant),
    COLUMN(feed_copy, id),
    COLUMN(feed_copy, max),
};
const struct model feed_copy_model = MODEL("FeedCopy", feed_copy, feed_copy_fields);

static const enum service sources[] = {SERVICE_GOALS, SERVICE_KPIS, SERVICE_OPERATIONS};
enum { SOURCES = sizeof sources / sizeof *sources };

struct building {
    struct process *process;
    struct arena *arena;
    struct generation row;
    struct str names[SOURCES]; /* of the service's places */
    char suffix[SUFFIX_SIZE];
    int64_t lived_us;
};

static const struct session_context nobody = {.tenant = {"", 0}, .user_id = {"", 0}};

static struct session *begin(struct building *b)
{
    struct session_context context = nobody;

    arena_reset(b->arena);
    context.now = timestamp_now();
    return session_begin(service_database(b->process), b->arena, true, &context,
                         monotonic_us() + DEADLINE_US);
}

/* Runs one statement that returns the generation when it is still ours. */
static bool change(struct building *b, struct statement *statement, struct generation *answer)
{
    struct session *session = begin(b);
    bool found = false;

    session_queue_row(session, statement, AS(generation, &b->row), AS(generation, answer), &found);
    bool good = session_commit(session) == DB_OK && found;
    session_end(&session);
    return good;
}

static bool reserve_generation(struct building *b)
{
    struct generation answer = {.generation = 0};

    if (!change(b, REBUILD_BEGIN, &answer)) {
        log_error("cannot begin", LOG_CSTR("reason", "another rebuild is under way"));
        return false;
    }
    b->row.generation = answer.generation;
    snprintf(b->suffix, sizeof b->suffix, "@%lld", (long long)answer.generation);
    b->row.suffix = str_of(b->suffix);
    for (size_t i = 0; i < SOURCES; i++)
        b->names[i] = str_of(service_names[sources[i]]);
    b->row.sources = (struct texts){b->names, SOURCES};
    b->lived_us = monotonic_us();
    return true;
}

static bool goes_on(struct building *b)
{
    struct generation answer;
    const char *trouble = service_replay_error(b->process);

    if (trouble || service_stopping(b->process)) {
        log_error("the rebuild is cancelled",
                  LOG_CSTR("reason", trouble ? trouble : "told to stop"));
        return false;
    }
    if (monotonic_us() - b->lived_us < LIFE_MS * INT64_C(1000))
        return true;
    b->lived_us = monotonic_us();
    for (size_t i = 0; i < SOURCES; i++) {
        struct consumer_counts counts = service_replayed(b->process, sources[i]);
        log_info("rebuilds", LOG_TEXT("source", b->names[i]),
                 LOG_INT("snapshots", (int64_t)counts.snapshots), LOG_INT("pos", counts.sequence),
                 LOG_INT("head", counts.head));
    }
    return change(b, REBUILD_LIVES, &answer);
}

/* Nearly everything in the logs is applied. All of it may never be while much is written: at any
 * moment some events of one of the sources are on their way. These are waited for while the service
 * is blocked. */
static bool is_near(const struct building *b)
{
    for (size_t i = 0; i < SOURCES; i++) {
        struct consumer_counts counts = service_replayed(b->process, sources[i]);
        if (counts.sequence + NEAR < counts.head)
            return false;
    }
    return true;
}

static int64_t sequence_of(const struct list *sequences, struct str source)
{
    const struct source_sequence *sequence = sequences->items;

    for (size_t i = 0; i < sequences->count; i++)
        if (str_equal(sequence[i].source, source))
            return sequence[i].sequence;
    return 0;
}

/* --- The feed --- */

static bool all_held(const struct building *b)
{
    for (size_t i = 0; i < SOURCES; i++)
        if (!service_replay_is_held(b->process, sources[i]))
            return false;
    return true;
}

/* Whether the service has applied all that the snapshots have. */
static bool has_served(struct building *b)
{
    struct session *session = begin(b);
    struct list sequences = {NULL, 0};

    session_queue_rows(session, REBUILD_SOURCES, AS(generation, &b->row), &source_sequence_model,
                       &sequences);
    bool good = session_wait(session) == DB_OK;
    session_end(&session);
    for (size_t i = 0; i < SOURCES && good; i++)
        good =
            sequence_of(&sequences, b->names[i]) >= service_replayed(b->process, sources[i]).head;
    return good;
}

/* So that it has made the entries of these changes: what is made of them here after the snapshot
 * would say "Changed" where it was "Completed". It does not run, or is behind: then so be it. */
static bool await_service(struct building *b)
{
    int64_t until_us = monotonic_us() + SERVED_MS * INT64_C(1000);

    while (!has_served(b)) {
        if (!goes_on(b))
            return false;
        if (monotonic_us() > until_us) {
            log_warning("the service has not applied what the snapshots have; it may be down",
                        LOG_INT("generation", b->row.generation));
            return true;
        }
        fiber_sleep(LOOK_MS);
    }
    return true;
}

/* One part; *more while there may be others. */
static bool copy_part(struct building *b, struct feed_copy *copy, char *last, size_t size,
                      bool *more)
{
    struct session *session = begin(b);

    session_queue_row(session, REBUILD_COPY_FEED, AS(feed_copy, copy), AS(feed_copy, copy), more);
    bool good = session_commit(session) == DB_OK;
    if (good && *more && copy->tenant.size < size) { /* the session's arena is reset */
        memcpy(last, copy->tenant.data, copy->tenant.size);
        copy->tenant_after = (struct str){last, copy->tenant.size};
    }
    session_end(&session);
    return good;
}

static bool copy_feed(struct building *b)
{
    char last[TENANT_SIZE];
    struct feed_copy copy = {.tenant_after = STR(""), .max = COPY_MAX};
    bool more = true;

    while (more) {
        copy.max = COPY_MAX;
        if (!copy_part(b, &copy, last, sizeof last, &more)) {
            log_error("the rebuild is cancelled", LOG_CSTR("reason", "the feed cannot be copied"));
            return false;
        }
        if (!goes_on(b))
            return false;
    }
    return true;
}

/* From the snapshots to where the logs are read. */
static bool restore(struct building *b)
{
    while (!all_held(b)) {
        if (!goes_on(b))
            return false;
        fiber_sleep(LOOK_MS);
    }
    if (!await_service(b) || !copy_feed(b))
        return false;
    service_replay_release(b->process);
    return true;
}

/* --- The end --- */

/* While the service is blocked: whether we have applied at least what it has, and what was in the
 * logs when that began. */
static bool has_passed(const struct building *b, const struct list *sequences)
{
    int64_t until_us = monotonic_us() + HOLD_US;
    int64_t wanted[SOURCES];

    for (size_t i = 0; i < SOURCES; i++) {
        int64_t served = sequence_of(sequences, b->names[i]);
        int64_t head = service_replayed(b->process, sources[i]).head;
        wanted[i] = served > head ? served : head;
    }
    for (size_t i = 0; i < SOURCES;) {
        if (service_replayed(b->process, sources[i]).sequence >= wanted[i])
            i++;
        else if (monotonic_us() > until_us)
            return false;
        else
            fiber_sleep(LOOK_MS);
    }
    return true;
}

/* False when it has to be tried again; *failed when that is of no use. */
static bool take_sequences(struct building *b, bool *failed)
{
    struct session *session = begin(b);
    struct generation answer;
    struct list sequences = {NULL, 0};
    bool found = false;

    session_queue_rows(session, REBUILD_SOURCES_FOR_UPDATE, AS(generation, &b->row),
                       &source_sequence_model, &sequences);
    if (session_wait(session) != DB_OK || !has_passed(b, &sequences)) {
        session_end(&session);
        return false;
    }
    service_replay_end(b->process);
    session_queue(session, REBUILD_DELETE_PARKED, AS(generation, &b->row));
    session_queue(session, REBUILD_KEEP_PARKED, AS(generation, &b->row));
    session_queue_row(session, REBUILD_SWITCH, AS(generation, &b->row), AS(generation, &answer),
                      &found);
    *failed = session_commit(session) != DB_OK || !found;
    session_end(&session);
    return !*failed;
}

/* Deletes sequence numbers, parked events and rows that are not used any more, also of interrupted
 * rebuilds. */
static void clean_up(struct building *b)
{
    struct drop drop = {.max = DROP_MAX, .count = 1};
    struct session *session = begin(b);
    bool found;

    session_queue(session, REBUILD_DELETE, NOTHING);
    session_commit(session);
    session_end(&session);
    while (drop.count > 0 && !service_stopping(b->process)) {
        session = begin(b);
        drop = (struct drop){.max = DROP_MAX};
        session_queue_row(session, GENERATIONS_DROP, AS(drop, &drop), AS(drop, &drop), &found);
        session_commit(session);
        session_end(&session);
    }
}

static bool build(struct building *b)
{
    bool failed = false;

    service_replay(b->process, b->suffix);
    if (!restore(b))
        return false;
    for (;;) {
        while (!is_near(b)) {
            if (!goes_on(b))
                return false;
            fiber_sleep(LOOK_MS);
        }
        if (take_sequences(b, &failed))
            return true;
        if (failed || !goes_on(b))
            return false;
    }
}

static void cancel_rebuild(struct building *b)
{
    struct generation answer;

    service_replay_end(b->process);
    change(b, REBUILD_CANCEL, &answer);
}

bool rebuild(struct process *process)
{
    struct building b = {.process = process, .arena = arena_new()};
    bool good = reserve_generation(&b);

    if (good) {
        log_info("rebuilds the projections", LOG_INT("generation", b.row.generation));
        good = build(&b);
        if (good)
            log_info("the new projections are in use", LOG_INT("generation", b.row.generation));
        else
            cancel_rebuild(&b);
        clean_up(&b);
    }
    arena_destroy(&b.arena);
    return good;
}
