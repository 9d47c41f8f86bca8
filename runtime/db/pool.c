/* The pool of connections: opens them as they are needed and again when they die, and hands writers
 * out in the order they were asked for. It must not block. */
#include "pool.h"

#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "batch_answer.h"
#include "log.h"
#include "timestamp.h"

enum {
    CONNECTING_MAX = 4, /* attempts under way at once */
    WAITING_MAX = 4096, /* sessions that wait for a connection */
};

static size_t max(const struct database *database, bool writer)
{
    return writer ? database->writers : database->readers;
}

static struct db_connection *connections(const struct database *database, bool writer)
{
    return database->connections + (writer ? database->readers : 0);
}

size_t pool_count(const struct database *database, bool writer, enum connection_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < max(database, writer); i++)
        count += connections(database, writer)[i].state == state;
    return count;
}

static void set_state(struct database *database, const char *state)
{
    snprintf(database->state, sizeof database->state, "%s", state);
}

/* --- Opening --- */

bool pool_may_connect(const struct database *database, bool writer)
{
    return !database->closing &&
           (!database->failing || pool_count(database, writer, CONNECTION_OPEN) > 0);
}

static bool pool_open(struct database *database, bool writer)
{
    for (size_t i = 0; i < max(database, writer); i++) {
        struct db_connection *connection = &connections(database, writer)[i];
        if (connection->state == CONNECTION_CLOSED) {
            connection_open(connection);
            return true;
        }
    }
    return false;
}

void pool_grow(struct database *database, bool writer)
{
    size_t connecting = pool_count(database, writer, CONNECTION_CONNECTING);
    size_t wanted = writer ? database->counts.writers_waiting : 1;
    if (!database->closing && !database->pausing && connecting < CONNECTING_MAX &&
        connecting < wanted)
        pool_open(database, writer);
}

/* At least one connection of each kind, always. */
void pool_keep(struct database *database)
{
    for (int kind = 0; kind < 2; kind++) {
        bool writer = kind == 1;
        if (pool_count(database, writer, CONNECTION_CLOSED) == max(database, writer))
            pool_open(database, writer);
    }
}

static void pause_opening(struct database *database)
{
    loop_timer_set(database->retry, database->retry_ms, 0);
    database->pausing = true;
}

/* --- Writers --- */

static void hand_out(struct db_connection *connection, struct session *session)
{
    connection->owner = session;
    session->connection = connection;
    connection->database->counts.writers_busy++;
}

bool pool_take(struct database *database, struct session *session)
{
    for (size_t i = 0; i < database->writers && !database->waiting; i++) {
        struct db_connection *connection = &connections(database, true)[i];
        if (connection->state == CONNECTION_OPEN && !connection->broken && !connection->owner &&
            connection_quiet(connection) && PQtransactionStatus(connection->pg) == PQTRANS_IDLE) {
            hand_out(connection, session);
            return true;
        }
    }
    return false;
}

bool pool_wait(struct database *database, struct session *session)
{
    if (database->counts.writers_waiting >= WAITING_MAX)
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
static void pool_connection_quiet(struct db_connection *connection)
{
    struct database *database = connection->database;
    PGTransactionStatusType status = PQtransactionStatus(connection->pg);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
        batch_roll_back(connection);
    } else if (status != PQTRANS_IDLE) {
        connection_break(connection, "the connection is in an unknown state");
    } else if (database->waiting) {
        struct session *session = database->waiting;
        pool_wait_no_more(database, session);
        hand_out(connection, session);
        fiber_wake(session->fiber);
    } else {
        connection->since_us = monotonic_us();
    }
}

void pool_give_back(struct db_connection *connection)
{
    connection->owner = NULL;
    connection->database->counts.writers_busy--;
    if (connection_quiet(connection) && !connection->broken)
        pool_connection_quiet(connection);
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
    return database->described && pool_count(database, false, CONNECTION_OPEN) > 0 &&
           pool_count(database, true, CONNECTION_OPEN) > 0;
}

void pool_connection_lost(struct db_connection *connection)
{
    struct database *database = connection->database;
    bool opened = connection->state == CONNECTION_OPEN;
    char reason[sizeof connection->reason];
    memcpy(reason, connection->reason, sizeof reason);
    log_warning(opened ? "a database connection was lost" : "cannot connect to the database",
                LOG_CSTR("reason", reason),
                LOG_CSTR("kind", connection->writer ? "writer" : "reader"));
    batches_lost(connection);
    if (connection->owner) { /* between two batches, or just failed above */
        if (connection->owner->begun)
            session_fail(connection->owner, DB_UNAVAILABLE, "", "");
        connection->owner->connection = NULL;
        database->counts.writers_busy--;
    }
    connection_close(connection);
    database->counts.reconnects += opened;
    if (!opened) {
        database->failing = true;
        database->retry_ms =
            database->retry_ms * 2 < RETRY_MAX_MS ? database->retry_ms * 2 : RETRY_MAX_MS;
    }
    if (!database->closing && !database->pausing)
        pause_opening(database);
    if (!database_ready(database))
        set_state(database, reason);
    if (!pool_may_connect(database, false))
        batches_fail(database);
    if (!pool_may_connect(database, true))
        fail_waiting(database);
}

/* --- What connections tell --- */

static void connection_ready(struct db_connection *connection)
{
    struct database *database = connection->database;
    connection->state = CONNECTION_OPEN;
    connection->since_us = monotonic_us();
    database->failing = false;
    database->retry_ms = RETRY_MIN_MS;
    if (connection->writer)
        pool_connection_quiet(connection);
}

/* The first connection that comes up has the server check every statement. */
static void pool_connection_up(struct db_connection *connection)
{
    struct database *database = connection->database;
    bool busy = pool_count(database, false, CONNECTION_DESCRIBING) > 0 ||
                pool_count(database, true, CONNECTION_DESCRIBING) > 0;
    if (database->described || busy) {
        connection_ready(connection);
        return;
    }
    int64_t deadline_us = monotonic_us() + CONNECTION_SETTLE_MS * INT64_C(1000);
    connection->state = CONNECTION_DESCRIBING;
    for (size_t i = 0; i < database->statement_count; i++) {
        connection_prepare(connection, database->statements[i], deadline_us);
        connection_describe(connection, database->statements[i], deadline_us);
    }
    connection_sync(connection, (struct expected_answer){.deadline_us = deadline_us});
    connection_flush(connection);
}

static void pool_connection_described(struct db_connection *connection)
{
    connection->database->described = true;
    connection_ready(connection);
}

static void pool_answer(struct db_connection *connection, const struct expected_answer *answer,
                        PGresult *result)
{
    batch_answer(connection, answer, result);
    if (answer->kind != ANSWER_SYNC || !connection_quiet(connection) || connection->broken)
        return;
    connection->since_us = monotonic_us();
    if (connection->state == CONNECTION_DESCRIBING)
        pool_connection_described(connection);
    else if (connection->writer && !connection->owner)
        pool_connection_quiet(connection);
}

const struct connection_events pool_connection_events = {.up = pool_connection_up,
                                                         .answer = pool_answer,
                                                         .error = batch_error,
                                                         .lost = pool_connection_lost};
