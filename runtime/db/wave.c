/* Waves on their way out: the readers' queue, and how waves are laid out on a link. What comes back
 * is the business of wave_answer.c. */
#include "wave.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "timestamp.h"

enum {
    GROUPS_MOST = 3, /* Syncs that a reader is owed before it gets no more */
    GROUP_LEAST = 4, /* waves that share a Sync before another reader is used */
    GROUP_MOST = 16, /* waves that share a Sync: a slow one delays those behind it */
};

/* --- Their memory --- */

struct wave *wave_new(struct session *session, bool opens, bool ends)
{
    struct database *database = session->database;
    struct wave *wave = database->spare;
    if (wave)
        database->spare = wave->next;
    else
        wave = xmalloc(sizeof *wave);
    *wave = (struct wave){.session = session,
                          .queries = session->asked,
                          .tenant = session->first_tenant,
                          .deadline_us = session->deadline_us,
                          .opens = opens,
                          .ends = ends};
    return wave;
}

static void wave_free(struct database *database, struct wave *wave)
{
    wave->next = database->spare;
    database->spare = wave;
}

void waves_destroy(struct database *database)
{
    assert(database->queue_count == 0);
    while (database->spare) {
        struct wave *wave = database->spare;
        database->spare = wave->next;
        free(wave);
    }
}

/* --- The readers' queue --- */

void wave_queue(struct database *database, struct wave *wave, bool first)
{
    wave->next = first ? database->queue : NULL;
    if (first)
        database->queue = wave;
    else
        *database->queue_end = wave;
    if (!wave->next)
        database->queue_end = &wave->next;
    database->queue_count++;
    database->gathered = true;
}

static struct wave *unqueue_first(struct database *database)
{
    struct wave *wave = database->queue;
    database->queue = wave->next;
    if (!database->queue)
        database->queue_end = &database->queue;
    database->queue_count--;
    return wave;
}

void wave_abandon(struct database *database, struct wave *wave)
{
    wave->session = NULL;
    wave->queries = NULL;
    if (wave->answers_left > 0)
        return; /* freed with its last answer */
    struct wave **at = &database->queue;
    while (*at != wave)
        at = &(*at)->next;
    *at = wave->next;
    if (!wave->next)
        database->queue_end = at;
    database->queue_count--;
    wave_free(database, wave);
}

void wave_done(struct database *database, struct wave *wave)
{
    struct session *session = wave->session;
    if (session) {
        session->wave = NULL;
        fiber_wake(session->fiber);
    }
    wave_free(database, wave);
}

void waves_fail(struct database *database)
{
    while (database->queue) {
        struct wave *wave = unqueue_first(database);
        session_fail(wave->session, DB_UNAVAILABLE, "", "");
        wave_done(database, wave);
    }
}

/* --- Sending --- */

/* Statements that this server process has not seen yet, each parsed once, in a group of their own:
 * an error of somebody's query must not make the server skip them. */
static bool prepare_missing(struct link *link, const struct wave *wave)
{
    bool sent = false;
    for (const struct query *query = wave->queries; query; query = query->next) {
        if (!link->prepared[query->statement->plan->place]) {
            link_prepare(link, query->statement, wave->deadline_us);
            sent = true;
        }
    }
    return sent;
}

static bool prepare_own(struct link *link, enum own_statement own, int64_t deadline_us)
{
    if (link->prepared[own_statements[own].plan->place])
        return false;
    link_prepare(link, &own_statements[own], deadline_us);
    return true;
}

static void prepare_end(struct link *link, int64_t deadline_us)
{
    link_sync(link, (struct answer){.deadline_us = deadline_us});
    link->groups++;
}

static void send_own(struct link *link, struct wave *wave, enum own_statement own,
                     enum answer_kind kind, struct str parameter)
{
    const char *value = parameter.data ? parameter.data : "";
    int size = (int)parameter.size;
    struct query query = {.statement = &own_statements[own], .values = &value, .sizes = &size};
    link_query(link, &query,
               (struct answer){.kind = kind,
                               .wave = wave,
                               .statement = query.statement,
                               .deadline_us = wave->deadline_us});
    wave->answers_left++;
}

static void send_queries(struct link *link, struct wave *wave)
{
    for (struct query *query = wave->queries; query; query = query->next) {
        link_query(link, query,
                   (struct answer){.kind = ANSWER_QUERY,
                                   .wave = wave,
                                   .query = query,
                                   .statement = query->statement,
                                   .deadline_us = wave->deadline_us});
        wave->answers_left++;
    }
    link->database->counts.waves++;
}

/* Up to `most` waves as one transaction. A tenant that is set already is not set again. */
static void send_group(struct link *link, size_t most)
{
    struct database *database = link->database;
    int64_t deadline_us = database->queue->deadline_us;
    bool prepared = prepare_own(link, OWN_TENANT, deadline_us);
    size_t count = 0;
    for (struct wave *wave = database->queue; wave && count < most; wave = wave->next) {
        if (wave->alone && count > 0)
            break;
        prepared = prepare_missing(link, wave) || prepared;
        count++;
        if (wave->alone)
            break;
    }
    if (prepared)
        prepare_end(link, deadline_us);
    struct answer sync = {0};
    struct str tenant = STR(""); /* a transaction begins without one */
    for (size_t i = 0; i < count; i++) {
        struct wave *wave = unqueue_first(database);
        struct str wanted = wave->tenant.data ? wave->tenant : STR("");
        if (!str_equal(tenant, wanted))
            send_own(link, wave, OWN_TENANT, ANSWER_PLAIN, wanted);
        tenant = wanted;
        send_queries(link, wave);
        if (wave->deadline_us > sync.deadline_us)
            sync.deadline_us = wave->deadline_us;
    }
    link_sync(link, sync);
    link->groups++;
    link->waves += count;
    link_flush(link);
}

static struct link *least_loaded(struct database *database)
{
    struct link *best = NULL;
    for (size_t i = 0; i < database->readers; i++) {
        struct link *link = &database->links[i];
        if (link->state != LINK_OPEN || link->broken || link->groups >= GROUPS_MOST)
            continue;
        if (!best || link->groups < best->groups ||
            (link->groups == best->groups && link->waves < best->waves))
            best = link;
    }
    return best;
}

bool waves_send(struct database *database)
{
    size_t open = 0;
    bool busy = false;
    for (size_t i = 0; i < database->readers; i++)
        open += database->links[i].state == LINK_OPEN;
    struct link *link;
    while (database->queue && (link = least_loaded(database))) {
        busy = busy || link->groups > 0;
        size_t share = (database->queue_count + open - 1) / open;
        share = share < GROUP_LEAST ? GROUP_LEAST : share > GROUP_MOST ? GROUP_MOST : share;
        send_group(link, share);
    }
    return busy || database->queue;
}

/* A transaction of one wave is the implicit one that its Sync commits. One of several begins and
 * ends explicitly, with a Sync after each wave: so the server's own timeout ends it when this
 * process is stopped in between. */
void wave_send_writer(struct link *link, struct wave *wave)
{
    bool begins = wave->opens && !wave->ends, commits = wave->ends && !wave->opens;
    int64_t deadline_us = wave->deadline_us;
    bool prepared = wave->opens && prepare_own(link, OWN_TENANT, deadline_us);
    prepared = (begins && prepare_own(link, OWN_BEGIN, deadline_us)) || prepared;
    prepared = (commits && prepare_own(link, OWN_COMMIT, deadline_us)) || prepared;
    if (prepare_missing(link, wave) || prepared)
        prepare_end(link, deadline_us);
    if (begins)
        send_own(link, wave, OWN_BEGIN, ANSWER_PLAIN, STR_NONE);
    if (wave->opens && wave->tenant.size > 0) /* a transaction begins without one */
        send_own(link, wave, OWN_TENANT, ANSWER_PLAIN, wave->tenant);
    send_queries(link, wave);
    if (commits)
        send_own(link, wave, OWN_COMMIT, ANSWER_COMMIT, STR_NONE);
    link_sync(link, (struct answer){.wave = wave, .deadline_us = wave->deadline_us});
    wave->answers_left++;
    link_flush(link);
}

void wave_roll_back(struct link *link)
{
    struct answer answer = {.kind = ANSWER_PLAIN,
                            .deadline_us = monotonic_us() + LINK_SETTLE_MS * INT64_C(1000)};
    struct query query = {.statement = &own_statements[OWN_ROLLBACK]};
    if (prepare_own(link, OWN_ROLLBACK, answer.deadline_us))
        prepare_end(link, answer.deadline_us);
    link_query(link, &query, answer);
    link_sync(link, answer);
    link_flush(link);
    link->database->counts.rollbacks++;
}
