/* The database of a process: its start and end, its work in each turn of the loop, and by timer:
 * closing idle connections and those with overdue answers. It must not block. */
#include "db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database_state.h"
#include "log.h"
#include "memory.h"
#include "pool.h"
#include "statement_check.h"
#include "timestamp.h"
#include "wave.h"
#include "wave_answer.h"

enum {
    LINK_CONNECT_MS = 5000, /* time a connection may take to come up */
    LINK_OVERDUE_MS = 5000, /* a server this long beyond a deadline is taken for frozen */
    LINK_IDLE_MS = 60000,   /* surplus connections are closed after that */
    LINK_TICK_MS = 1000,    /* how often these times are looked at */
    READERS_KEPT = 1,       /* open links that are kept although idle */
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
static bool overdue(const struct link *link, int64_t now_us)
{
    if (link->state == LINK_CONNECTING)
        return now_us - link->since_us > LINK_CONNECT_MS * INT64_C(1000);
    return link->answer_count > 0 &&
           now_us - link->answers[link->answer_first].deadline_us > LINK_OVERDUE_MS * INT64_C(1000);
}

static void on_tick(void *argument)
{
    struct database *database = argument;
    int64_t now_us = monotonic_us();
    for (size_t i = 0; i < database->readers + database->writers; i++) {
        struct link *link = &database->links[i];
        size_t kept = link->writer ? WRITERS_KEPT : READERS_KEPT;
        if (link->state == LINK_CLOSED)
            continue;
        if (overdue(link, now_us)) {
            link_break(link, "the database does not answer");
            pool_link_lost(link);
        } else if (link->state == LINK_OPEN && link_quiet(link) && !link->owner &&
                   now_us - link->since_us > LINK_IDLE_MS * INT64_C(1000) &&
                   pool_count(database, link->writer, LINK_OPEN) > kept) {
            link_close(link);
        }
    }
}

/* --- The turn --- */

/* Waves are sent when the turn queues no more of them, so that they share a Sync. */
static bool before_wait(void *argument)
{
    struct database *database = argument;
    if (database->gathered) {
        database->gathered = false;
        return true;
    }
    if (database->queue && waves_send(database))
        pool_grow(database, false);
    if (database->broken == 0)
        return false;
    for (size_t i = 0; i < database->readers + database->writers; i++) {
        if (database->links[i].broken)
            pool_link_lost(&database->links[i]);
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
    database->link_events = &pool_link_events;
    database->process = config->process;
    database->settings = config->settings;
    take_url(database, config->url);
    database->request_timeout_ms =
        config->request_timeout_ms > 0 ? config->request_timeout_ms : 10000;
    database->readers = config->readers;
    database->writers = config->writers;
    database->retry_ms = RETRY_LEAST_MS;
    database->queue_end = &database->queue;
    database->waiting_end = &database->waiting;
    snprintf(database->state, sizeof database->state, "connecting");
    gather_statements(database, config);
    database->links = xcalloc(config->readers + config->writers, sizeof(struct link));
    for (size_t i = 0; i < config->readers + config->writers; i++)
        database->links[i] = (struct link){
            .database = database,
            .writer = i >= config->readers,
            .prepared = xcalloc(database->statement_count, sizeof(bool)),
        };
    database->tick = loop_timer_new(loop, LINK_TICK_MS, LINK_TICK_MS, on_tick, database);
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
        struct link *link = &database->links[i];
        if (link->state != LINK_CLOSED) {
            waves_lost(link); /* abandoned ones */
            link_close(link);
        }
        free(link->prepared);
    }
    waves_destroy(database);
    for (size_t i = 0; i < database->statement_count; i++)
        plan_free(&database->statements[i]->plan);
    loop_timer_destroy(&database->tick);
    loop_timer_destroy(&database->retry);
    free(database->statements);
    free(database->links);
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
    counts.readers_open = pool_count(database, false, LINK_OPEN);
    counts.writers_open = pool_count(database, true, LINK_OPEN);
    return counts;
}
