/* The pool of connections: opens them as they are needed and again when they die, and hands writers
 * out tenant by tenant, by the time that they are kept (fair_queue.h). It must not block. */
#include "pool.h"

#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "batch_answer.h"
#include "log.h"
#include "owner.h"
#include "servers.h"
#include "timestamp.h"

enum {
    CONNECTING_MAX = 4, /* attempts under way at once */
    WAITING_MAX = 4096, /* sessions that wait for a connection */
};

static struct db_connection *connections(const struct database *database, enum pool_kind kind)
{
    size_t before = 0;
    for (size_t i = 0; i < (size_t)kind; i++)
        before += database->sizes[i];
    return database->connections + before;
}

size_t pool_count(const struct database *database, enum pool_kind kind, enum connection_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < database->sizes[kind]; i++)
        count += connections(database, kind)[i].state == state;
    return count;
}

static size_t count_all(const struct database *database, enum connection_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < database->size; i++)
        count += database->connections[i].state == state;
    return count;
}

static void set_state(struct database *database, const char *state)
{
    snprintf(database->state, sizeof database->state, "%s", state);
}

/* --- Opening --- */

bool pool_may_connect(const struct database *database, enum pool_kind kind)
{
    return !database->closing &&
           (!database->failing || pool_count(database, kind, CONNECTION_OPEN) > 0);
}

static bool pool_open(struct database *database, enum pool_kind kind)
{
    for (size_t i = 0; i < database->sizes[kind]; i++) {
        struct db_connection *connection = &connections(database, kind)[i];
        if (connection->state == CONNECTION_CLOSED) {
            connection_open(connection);
            return true;
        }
    }
    return false;
}

void pool_grow(struct database *database, enum pool_kind kind)
{
    size_t connecting = pool_count(database, kind, CONNECTION_CONNECTING);
    size_t wanted = kind == POOL_WRITERS ? database->counts.writers_waiting : 1;
    if (!database->closing && !database->pausing && connecting < CONNECTING_MAX &&
        connecting < wanted)
        pool_open(database, kind);
}

/* At least one connection of each kind, always; those for long reads only while there are some. */
void pool_keep(struct database *database)
{
    for (enum pool_kind kind = POOL_READERS; kind < POOL_KINDS; kind++) {
        bool wanted = kind != POOL_LONG_READERS || fair_waiting(database->batches, kind) > 0;
        if (wanted && pool_count(database, kind, CONNECTION_CLOSED) == database->sizes[kind])
            pool_open(database, kind);
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
    fair_start(connection->database->writing, &session->place);
    connection->owner = session;
    session->connection = connection;
    session->since_us = monotonic_us();
    connection->database->counts.writers_busy++;
}

bool pool_take(struct database *database, struct session *session)
{
    bool first = fair_waiting(database->writing, 0) == 0;
    for (size_t i = 0; i < database->sizes[POOL_WRITERS] && first; i++) {
        struct db_connection *connection = &connections(database, POOL_WRITERS)[i];
        if (connection->state == CONNECTION_OPEN && !connection->broken && !connection->owner &&
            connection_quiet(connection) && PQtransactionStatus(connection->pg) == PQTRANS_IDLE) {
            fair_add(database->writing, 0, &session->place, session->first_tenant);
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
    fair_add(database->writing, 0, &session->place, session->first_tenant);
    session->waits = true;
    database->counts.writers_waiting++;
    pool_grow(database, POOL_WRITERS);
    return true;
}

void pool_wait_no_more(struct database *database, struct session *session)
{
    fair_remove(database->writing, &session->place);
    session->waits = false;
    database->counts.writers_waiting--;
}

static struct session *next_waiting(struct database *database)
{
    struct fair_item *item = fair_next(database->writing, 0, SIZE_MAX);

    return item ? OWNER_OF(item, struct session, place) : NULL;
}

/* It has lost its connection, or needs it no longer. */
static void let_go(struct db_connection *connection)
{
    struct session *session = connection->owner;

    fair_done(connection->database->writing, &session->place, monotonic_us() - session->since_us);
    session->connection = NULL;
    connection->owner = NULL;
    connection->database->counts.writers_busy--;
}

/* Only the server knows whether the last session left a transaction open. */
static void pool_connection_quiet(struct db_connection *connection)
{
    struct database *database = connection->database;
    struct session *session = next_waiting(database);
    PGTransactionStatusType status = PQtransactionStatus(connection->pg);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
        batch_roll_back(connection);
    } else if (status != PQTRANS_IDLE) {
        connection_break(connection, "the connection is in an unknown state");
    } else if (session) {
        session->waits = false;
        database->counts.writers_waiting--;
        hand_out(connection, session);
        fiber_wake(session->fiber);
    } else {
        connection->since_us = monotonic_us();
    }
}

void pool_give_back(struct db_connection *connection)
{
    let_go(connection);
    if (connection_quiet(connection) && !connection->broken)
        pool_connection_quiet(connection);
}

/* --- Losing --- */

static void fail_waiting(struct database *database)
{
    struct session *session;
    while ((session = next_waiting(database)) != NULL) {
        pool_wait_no_more(database, session);
        session_fail(session, DB_UNAVAILABLE, "", "");
        fiber_wake(session->fiber);
    }
}

bool database_ready(const struct database *database)
{
    return database->described && pool_count(database, POOL_READERS, CONNECTION_OPEN) > 0 &&
           pool_count(database, POOL_WRITERS, CONNECTION_OPEN) > 0;
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
        let_go(connection);
    }
    connection_close(connection);
    database->counts.reconnects += opened;
    if (!opened) {
        int64_t most_ms = servers_several(database->servers) ? RETRY_SEVERAL_MS : RETRY_MAX_MS;
        database->failing = true;
        database->retry_ms = database->retry_ms * 2 < most_ms ? database->retry_ms * 2 : most_ms;
    }
    if (!database->closing && !database->pausing)
        pause_opening(database);
    if (!database_ready(database))
        set_state(database, reason);
    for (enum pool_kind kind = POOL_READERS; kind < POOL_WRITERS; kind++)
        if (!pool_may_connect(database, kind))
            batches_fail(database, kind);
    if (!pool_may_connect(database, POOL_WRITERS))
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
    servers_begin_with(database->servers, connection->pg);
    if (connection->writer)
        pool_connection_quiet(connection);
}

/* The first connection that comes up has the server check every statement. */
static void pool_connection_up(struct db_connection *connection)
{
    struct database *database = connection->database;
    if (database->described || count_all(database, CONNECTION_DESCRIBING) > 0) {
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
