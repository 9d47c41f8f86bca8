/* The pool of links: opens them as they are needed and again when they die, and hands writers out
 * in the order they were asked for. It must not block. */
#include "pool.h"

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "timestamp.h"
#include "wave.h"
#include "wave_answer.h"

enum {
    CONNECTING_MOST = 4, /* attempts under way at once */
    WAITING_MOST = 4096, /* sessions that wait for a link */
};

static size_t most(const struct database *database, bool writer)
{
    return writer ? database->writers : database->readers;
}

static struct link *links(const struct database *database, bool writer)
{
    return database->links + (writer ? database->readers : 0);
}

size_t pool_count(const struct database *database, bool writer, enum link_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < most(database, writer); i++)
        count += links(database, writer)[i].state == state;
    return count;
}

static void set_state(struct database *database, const char *state)
{
    snprintf(database->state, sizeof database->state, "%s", state);
}

/* --- Opening --- */

bool pool_hopeful(const struct database *database, bool writer)
{
    return !database->closing &&
           (!database->failing || pool_count(database, writer, LINK_OPEN) > 0);
}

static bool pool_open(struct database *database, bool writer)
{
    for (size_t i = 0; i < most(database, writer); i++) {
        struct link *link = &links(database, writer)[i];
        if (link->state == LINK_CLOSED) {
            link_open(link);
            return true;
        }
    }
    return false;
}

void pool_grow(struct database *database, bool writer)
{
    size_t connecting = pool_count(database, writer, LINK_CONNECTING);
    size_t wanted = writer ? database->counts.writers_waiting : 1;
    if (!database->closing && !database->pausing && connecting < CONNECTING_MOST &&
        connecting < wanted)
        pool_open(database, writer);
}

/* At least one link of each kind, always. */
void pool_keep(struct database *database)
{
    for (int kind = 0; kind < 2; kind++) {
        bool writer = kind == 1;
        if (pool_count(database, writer, LINK_CLOSED) == most(database, writer))
            pool_open(database, writer);
    }
}

static void pause_opening(struct database *database)
{
    loop_timer_set(database->retry, database->retry_ms, 0);
    database->pausing = true;
}

/* --- Writers --- */

static void hand_out(struct link *link, struct session *session)
{
    link->owner = session;
    session->link = link;
    link->database->counts.writers_busy++;
}

bool pool_take(struct database *database, struct session *session)
{
    for (size_t i = 0; i < database->writers && !database->waiting; i++) {
        struct link *link = &links(database, true)[i];
        if (link->state == LINK_OPEN && !link->broken && !link->owner && link_quiet(link) &&
            PQtransactionStatus(link->pg) == PQTRANS_IDLE) {
            hand_out(link, session);
            return true;
        }
    }
    return false;
}

bool pool_wait(struct database *database, struct session *session)
{
    if (database->counts.writers_waiting >= WAITING_MOST)
        return false;
    session->next = NULL;
    session->waits = true;
    *database->waiting_end = session;
    database->waiting_end = &session->next;
    database->counts.writers_waiting++;
    pool_grow(database, true);
    return true;
}

void pool_wait_no_more(struct database *database, struct session *session)
{
    struct session **at = &database->waiting;
    while (*at != session)
        at = &(*at)->next;
    *at = session->next;
    if (!session->next)
        database->waiting_end = at;
    session->waits = false;
    database->counts.writers_waiting--;
}

/* Only the server knows whether the last session left a transaction open. */
static void pool_link_quiet(struct link *link)
{
    struct database *database = link->database;
    PGTransactionStatusType status = PQtransactionStatus(link->pg);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
        wave_roll_back(link);
    } else if (status != PQTRANS_IDLE) {
        link_break(link, "the connection is in an unknown state");
    } else if (database->waiting) {
        struct session *session = database->waiting;
        pool_wait_no_more(database, session);
        hand_out(link, session);
        fiber_wake(session->fiber);
    } else {
        link->since_us = monotonic_us();
    }
}

void pool_give_back(struct link *link)
{
    link->owner = NULL;
    link->database->counts.writers_busy--;
    if (link_quiet(link) && !link->broken)
        pool_link_quiet(link);
}

/* --- Losing --- */

static void fail_waiting(struct database *database)
{
    while (database->waiting) {
        struct session *session = database->waiting;
        pool_wait_no_more(database, session);
        session_fail(session, DB_UNAVAILABLE, "", "");
        fiber_wake(session->fiber);
    }
}

bool database_ready(const struct database *database)
{
    return database->described && pool_count(database, false, LINK_OPEN) > 0 &&
           pool_count(database, true, LINK_OPEN) > 0;
}

void pool_link_lost(struct link *link)
{
    struct database *database = link->database;
    bool opened = link->state == LINK_OPEN;
    char reason[sizeof link->reason];
    memcpy(reason, link->reason, sizeof reason);
    log_warning(opened ? "a database connection was lost" : "cannot connect to the database",
                LOG_CSTR("reason", reason), LOG_CSTR("kind", link->writer ? "writer" : "reader"));
    waves_lost(link);
    if (link->owner) { /* between two waves, or just failed above */
        if (link->owner->begun)
            session_fail(link->owner, DB_UNAVAILABLE, "", "");
        link->owner->link = NULL;
        database->counts.writers_busy--;
    }
    link_close(link);
    database->counts.reconnects += opened;
    if (!opened) {
        database->failing = true;
        database->retry_ms =
            database->retry_ms * 2 < RETRY_MOST_MS ? database->retry_ms * 2 : RETRY_MOST_MS;
    }
    if (!database->closing && !database->pausing)
        pause_opening(database);
    if (!database_ready(database))
        set_state(database, reason);
    if (!pool_hopeful(database, false))
        waves_fail(database);
    if (!pool_hopeful(database, true))
        fail_waiting(database);
}

/* --- What links tell --- */

static void link_ready(struct link *link)
{
    struct database *database = link->database;
    link->state = LINK_OPEN;
    link->since_us = monotonic_us();
    database->failing = false;
    database->retry_ms = RETRY_LEAST_MS;
    if (link->writer)
        pool_link_quiet(link);
}

/* The first link that comes up has the server check every statement. */
static void pool_link_up(struct link *link)
{
    struct database *database = link->database;
    bool busy = pool_count(database, false, LINK_DESCRIBING) > 0 ||
                pool_count(database, true, LINK_DESCRIBING) > 0;
    if (database->described || busy) {
        link_ready(link);
        return;
    }
    int64_t deadline_us = monotonic_us() + LINK_SETTLE_MS * INT64_C(1000);
    link->state = LINK_DESCRIBING;
    for (size_t i = 0; i < database->statement_count; i++) {
        link_prepare(link, database->statements[i], deadline_us);
        link_describe(link, database->statements[i], deadline_us);
    }
    link_sync(link, (struct answer){.deadline_us = deadline_us});
    link_flush(link);
}

static void pool_link_described(struct link *link)
{
    link->database->described = true;
    link_ready(link);
}

static void pool_answer(struct link *link, const struct answer *answer, PGresult *result)
{
    wave_answer(link, answer, result);
    if (answer->kind != ANSWER_SYNC || !link_quiet(link) || link->broken)
        return;
    link->since_us = monotonic_us();
    if (link->state == LINK_DESCRIBING)
        pool_link_described(link);
    else if (link->writer && !link->owner)
        pool_link_quiet(link);
}

const struct link_events pool_link_events = {
    .up = pool_link_up, .answer = pool_answer, .error = wave_error, .lost = pool_link_lost};
