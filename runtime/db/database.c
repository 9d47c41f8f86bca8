/* The database of a process: its start and end, its work in each turn of the loop, and by timer:
 * closing idle connections and those with overdue answers. It must not block. */
#include "db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "batch_answer.h"
#include "database_state.h"
#include "fair_queue.h"
#include "log.h"
#include "memory.h"
#include "pool.h"
#include "servers.h"
#include "statement_check.h"
#include "timestamp.h"

enum {
    CONNECTION_CONNECT_MS = 5000, /* time a connection may take to come up */
    CONNECTION_SERVER_MS = 2000,  /* the same when there are other servers to ask */
    CONNECTION_OVERDUE_MS = 5000, /* a server this long beyond a deadline is taken for frozen */
    CONNECTION_IDLE_MS = 60000,   /* surplus connections are closed after that */
    CONNECTION_TICK_MS = 1000,    /* how often these times are looked at */
    SILENT_TICKS = 4,             /* without any answer, until a server is taken for gone */
};

static const size_t kept[POOL_KINDS] = {1, 0, 2}; /* open connections that are kept although idle */

/* --- Time --- */

static bool is_connecting(const struct database *database)
{
    for (enum pool_kind kind = POOL_READERS; kind < POOL_KINDS; kind++)
        if (pool_count(database, kind, CONNECTION_CONNECTING) > 0)
            return true;
    return false;
}

static void on_retry(void *argument)
{
    struct database *database = argument;
    database->pausing = false;
    pool_keep(database);
    for (enum pool_kind kind = POOL_LONG_READERS; kind < POOL_KINDS; kind++)
        if (kind == POOL_WRITERS ? database->counts.writers_waiting > 0
                                 : fair_waiting(database->batches, kind) > 0)
            pool_grow(database, kind);
    /* When none is needed now, the next that is needed is tried. */
    if (!database->pausing && !is_connecting(database))
        database->failing = false;
}

/* A server that does not answer until long after a deadline counts as frozen: its process may be
 * stopped, and no answer would ever come. */
static bool overdue(const struct db_connection *connection, int64_t now_us)
{
    bool several = servers_several(connection->database->servers);
    int64_t connect_ms = several ? CONNECTION_SERVER_MS : CONNECTION_CONNECT_MS;

    if (connection->state == CONNECTION_CONNECTING)
        return now_us - connection->since_us > connect_ms * INT64_C(1000);
    return connection->answer_count > 0 &&
           now_us - connection->answers[connection->answer_first].deadline_us >
               CONNECTION_OVERDUE_MS * INT64_C(1000);
}

static void give_up(struct db_connection *connection)
{
    servers_begin_behind(connection->database->servers, connection->pg);
    connection_break(connection, "the database does not answer");
    pool_connection_lost(connection);
}

/* A Sync alone asks nothing but whether somebody is there. */
static void ping(struct db_connection *connection)
{
    connection_sync(connection, (struct expected_answer){.deadline_us = monotonic_us()});
    connection->groups++;
    connection_flush(connection);
}

/* A machine that is frozen or cut off ends no connection, and another one may be primary by the
 * time that it goes on: what it answers then is old. So all of its connections are given up
 * together, long before a failover, and not each when its own statement is overdue. Ticks are
 * counted, not time, since after a stop of this process answers may be there that it has not read.
 */
static void watch_server(struct database *database)
{
    struct db_connection *quiet = NULL;
    bool owes = false;

    for (size_t i = 0; i < database->size; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->state != CONNECTION_OPEN || connection->broken)
            continue;
        owes = owes || !connection_quiet(connection);
        if (!quiet && connection_quiet(connection) && !connection->owner)
            quiet = connection;
    }
    database->silent_ticks = owes && !database->heard ? database->silent_ticks + 1 : 0;
    database->heard = false;
    if (database->silent_ticks < SILENT_TICKS) {
        if (quiet)
            ping(quiet);
        return;
    }
    database->silent_ticks = 0;
    for (size_t i = 0; i < database->size; i++)
        if (database->connections[i].state == CONNECTION_OPEN)
            give_up(&database->connections[i]);
}

static void on_tick(void *argument)
{
    struct database *database = argument;
    int64_t now_us = monotonic_us();
    watch_server(database);
    for (size_t i = 0; i < database->size; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->state == CONNECTION_CLOSED)
            continue;
        if (overdue(connection, now_us)) {
            give_up(connection);
        } else if (connection->state == CONNECTION_OPEN && connection_quiet(connection) &&
                   !connection->owner &&
                   now_us - connection->since_us > CONNECTION_IDLE_MS * INT64_C(1000) &&
                   pool_count(database, connection->kind, CONNECTION_OPEN) >
                       kept[connection->kind]) {
            connection_close(connection);
        }
    }
}

/* --- The turn --- */

/* Batches are sent when the turn queues no more of them, so that they share a Sync. */
static bool before_wait(void *argument)
{
    struct database *database = argument;
    if (database->gathered) {
        database->gathered = false;
        return true;
    }
    for (enum pool_kind kind = POOL_READERS; kind < POOL_WRITERS; kind++)
        if (fair_waiting(database->batches, kind) > 0 && batches_send(database, kind))
            pool_grow(database, kind);
    if (database->broken == 0)
        return false;
    for (size_t i = 0; i < database->size; i++) {
        if (database->connections[i].broken)
            pool_connection_lost(&database->connections[i]);
    }
    return true;
}

/* --- Life --- */

static void add_statement(struct database *database, struct statement *statement)
{
    assert(!statement->plan); /* named twice, or another pool is open */
    statement->plan = plan_new(database->statement_count);
    database->statements[database->statement_count++] = statement;
}

static void gather_statements(struct database *database, const struct database_config *config)
{
    size_t count = OWN_COUNT;
    for (size_t i = 0; i < STATEMENT_LISTS; i++) {
        for (size_t k = 0; config->statements[i] && config->statements[i][k]; k++)
            count++;
    }
    database->statements = xcalloc(count, sizeof(struct statement *));
    for (size_t i = 0; i < OWN_COUNT; i++)
        add_statement(database, &own_statements[i]);
    for (size_t i = 0; i < STATEMENT_LISTS; i++) {
        for (size_t k = 0; config->statements[i] && config->statements[i][k]; k++)
            add_statement(database, config->statements[i][k]);
    }
}

/* Checks the URL and keeps its servers. */
static void take_url(struct database *database, const char *url)
{
    PQconninfoOption *parts = PQconninfoParse(url, NULL);
    if (!parts) {
        log_error("the database URL is no connection string",
                  LOG_CSTR("process", database->process));
        exit(EXIT_FAILURE);
    }
    for (const PQconninfoOption *part = parts; part->keyword; part++) {
        if (strcmp(part->keyword, "target_session_attrs") == 0 && part->val)
            database->wants_writable = strcmp(part->val, "read-write") == 0;
    }
    database->servers = servers_new(parts);
    PQconninfoFree(parts);
    database->url = xstrdup(url);
}

static void make_connections(struct database *database, const struct database_config *config)
{
    const size_t sizes[POOL_KINDS] = {config->readers, config->long_readers, config->writers};
    size_t at = 0;

    memcpy(database->sizes, sizes, sizeof sizes);
    database->size = config->readers + config->long_readers + config->writers;
    database->connections = xcalloc(database->size, sizeof(struct db_connection));
    for (enum pool_kind kind = POOL_READERS; kind < POOL_KINDS; kind++)
        for (size_t i = 0; i < sizes[kind]; i++)
            database->connections[at++] = (struct db_connection){
                .database = database,
                .kind = kind,
                .writer = kind == POOL_WRITERS,
                .prepared = xcalloc(database->statement_count, sizeof(bool)),
            };
    database->batches = fair_queue_new();
    database->writing = fair_queue_new();
    fair_queue_slots(database->batches, POOL_LONG_READERS, config->long_readers,
                     config->long_readers > 1 ? 1 : 0);
}

struct database *database_new(struct loop *loop, const struct database_config *config)
{
    assert(config->readers > 0 && config->writers > 0);
    struct database *database = xcalloc(1, sizeof *database);
    database->loop = loop;
    database->connection_events = &pool_connection_events;
    database->process = config->process;
    database->invalidate = config->invalidate;
    database->argument = config->argument;
    database->settings = config->settings;
    take_url(database, config->url);
    database->request_timeout_ms =
        config->request_timeout_ms > 0 ? config->request_timeout_ms : 10000;
    database->retry_ms = RETRY_MIN_MS;
    snprintf(database->state, sizeof database->state, "connecting");
    gather_statements(database, config);
    make_connections(database, config);
    database->tick =
        loop_timer_new(loop, CONNECTION_TICK_MS, CONNECTION_TICK_MS, on_tick, database);
    database->retry = loop_timer_new(loop, 0, 0, on_retry, database);
    database->pausing = true;
    loop_before_wait(loop, before_wait, database);
    return database;
}

void database_destroy(struct database **owner)
{
    struct database *database = *owner;
    *owner = NULL;
    if (!database)
        return;
    assert(database->sessions == 0);
    database->closing = true;
    for (size_t i = 0; i < database->size; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->state != CONNECTION_CLOSED) {
            batches_lost(connection); /* abandoned ones */
            connection_close(connection);
        }
        free(connection->prepared);
    }
    batches_destroy(database);
    fair_queue_destroy(&database->batches);
    fair_queue_destroy(&database->writing);
    for (size_t i = 0; i < database->statement_count; i++)
        plan_free(&database->statements[i]->plan);
    loop_timer_destroy(&database->tick);
    loop_timer_destroy(&database->retry);
    free(database->statements);
    free(database->connections);
    free(database->url);
    servers_destroy(&database->servers);
    free(database);
}

bool database_check(struct database *database)
{
    bool good = true;
    for (size_t i = OWN_COUNT; i < database->statement_count; i++)
        good = statement_check(database->statements[i]) && good;
    return good;
}

const char *database_state(const struct database *database)
{
    return database_ready(database) ? "ready" : database->state;
}

struct database_counts database_counts(const struct database *database)
{
    struct database_counts counts = database->counts;
    counts.readers_open = pool_count(database, POOL_READERS, CONNECTION_OPEN) +
                          pool_count(database, POOL_LONG_READERS, CONNECTION_OPEN);
    counts.writers_open = pool_count(database, POOL_WRITERS, CONNECTION_OPEN);
    return counts;
}
