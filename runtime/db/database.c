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
#include "log.h"
#include "memory.h"
#include "pool.h"
#include "statement_check.h"
#include "timestamp.h"

enum {
    CONNECTION_CONNECT_MS = 5000, /* time a connection may take to come up */
    CONNECTION_OVERDUE_MS = 5000, /* a server this long beyond a deadline is taken for frozen */
    CONNECTION_IDLE_MS = 60000,   /* surplus connections are closed after that */
    CONNECTION_TICK_MS = 1000,    /* how often these times are looked at */
    READERS_KEPT = 1,             /* open connections that are kept although idle */
    WRITERS_KEPT = 2,
};

/* --- Time --- */

static void on_retry(void *argument)
{
    struct database *database = argument;
    database->pausing = false;
    pool_keep(database);
    if (database->waiting)
        pool_grow(database, true);
}

/* A server that does not answer until long after a deadline counts as frozen: its process may be
 * stopped, and no answer would ever come. */
static bool overdue(const struct db_connection *connection, int64_t now_us)
{
    if (connection->state == CONNECTION_CONNECTING)
        return now_us - connection->since_us > CONNECTION_CONNECT_MS * INT64_C(1000);
    return connection->answer_count > 0 &&
           now_us - connection->answers[connection->answer_first].deadline_us >
               CONNECTION_OVERDUE_MS * INT64_C(1000);
}

static void on_tick(void *argument)
{
    struct database *database = argument;
    int64_t now_us = monotonic_us();
    for (size_t i = 0; i < database->readers + database->writers; i++) {
        struct db_connection *connection = &database->connections[i];
        size_t kept = connection->writer ? WRITERS_KEPT : READERS_KEPT;
        if (connection->state == CONNECTION_CLOSED)
            continue;
        if (overdue(connection, now_us)) {
            connection_break(connection, "the database does not answer");
            pool_connection_lost(connection);
        } else if (connection->state == CONNECTION_OPEN && connection_quiet(connection) &&
                   !connection->owner &&
                   now_us - connection->since_us > CONNECTION_IDLE_MS * INT64_C(1000) &&
                   pool_count(database, connection->writer, CONNECTION_OPEN) > kept) {
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
    if (database->queue && batches_send(database))
        pool_grow(database, false);
    if (database->broken == 0)
        return false;
    for (size_t i = 0; i < database->readers + database->writers; i++) {
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

/* Checks the URL and keeps the options that it brings, to which ours are added. */
static void take_url(struct database *database, const char *url)
{
    PQconninfoOption *parts = PQconninfoParse(url, NULL);
    if (!parts) {
        log_error("the database URL is no connection string",
                  LOG_CSTR("process", database->process));
        exit(EXIT_FAILURE);
    }
    for (const PQconninfoOption *part = parts; part->keyword; part++) {
        if (strcmp(part->keyword, "options") == 0 && part->val)
            database->url_options = xstrdup(part->val);
    }
    PQconninfoFree(parts);
    database->url = xstrdup(url);
}

struct database *database_new(struct loop *loop, const struct database_config *config)
{
    assert(config->readers > 0 && config->writers > 0);
    struct database *database = xcalloc(1, sizeof *database);
    database->loop = loop;
    database->connection_events = &pool_connection_events;
    database->process = config->process;
    database->settings = config->settings;
    take_url(database, config->url);
    database->request_timeout_ms =
        config->request_timeout_ms > 0 ? config->request_timeout_ms : 10000;
    database->readers = config->readers;
    database->writers = config->writers;
    database->retry_ms = RETRY_MIN_MS;
    database->queue_end = &database->queue;
    database->waiting_end = &database->waiting;
    snprintf(database->state, sizeof database->state, "connecting");
    gather_statements(database, config);
    database->connections =
        xcalloc(config->readers + config->writers, sizeof(struct db_connection));
    for (size_t i = 0; i < config->readers + config->writers; i++)
        database->connections[i] = (struct db_connection){
            .database = database,
            .writer = i >= config->readers,
            .prepared = xcalloc(database->statement_count, sizeof(bool)),
        };
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
    for (size_t i = 0; i < database->readers + database->writers; i++) {
        struct db_connection *connection = &database->connections[i];
        if (connection->state != CONNECTION_CLOSED) {
            batches_lost(connection); /* abandoned ones */
            connection_close(connection);
        }
        free(connection->prepared);
    }
    batches_destroy(database);
    for (size_t i = 0; i < database->statement_count; i++)
        plan_free(&database->statements[i]->plan);
    loop_timer_destroy(&database->tick);
    loop_timer_destroy(&database->retry);
    free(database->statements);
    free(database->connections);
    free(database->url);
    free(database->url_options);
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
    counts.readers_open = pool_count(database, false, CONNECTION_OPEN);
    counts.writers_open = pool_count(database, true, CONNECTION_OPEN);
    return counts;
}
