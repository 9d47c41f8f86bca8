/* The pool: opens links as they are needed and again when they die, hands writers out in the order
 * they were asked for, closes what is idle, and gives up what is overdue. It must not block. */
#include "db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pool.h"
#include "timestamp.h"

static size_t most(const struct database *database, bool writer)
{
    return writer ? database->writers : database->readers;
}

static struct link *links(const struct database *database, bool writer)
{
    return database->links + (writer ? database->readers : 0);
}

static size_t count_links(const struct database *database, bool writer, enum link_state state)
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
           (!database->failing || count_links(database, writer, LINK_OPEN) > 0);
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
    size_t connecting = count_links(database, writer, LINK_CONNECTING);
    size_t wanted = writer ? database->counts.writers_waiting : 1;
    if (!database->closing && !database->pausing && connecting < CONNECTING_MOST &&
        connecting < wanted)
        pool_open(database, writer);
}

/* At least one link of each kind, always. */
static void pool_keep(struct database *database)
{
    for (int kind = 0; kind < 2; kind++) {
        bool writer = kind == 1;
        if (count_links(database, writer, LINK_CLOSED) == most(database, writer))
            pool_open(database, writer);
    }
}

static void pause_opening(struct database *database)
{
    loop_timer_set(database->retry, database->retry_ms, 0);
    database->pausing = true;
}

static void on_retry(void *argument)
{
    struct database *database = argument;
    database->pausing = false;
    pool_keep(database);
    if (database->waiting)
        pool_grow(database, true);
}

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
void pool_link_up(struct link *link)
{
    struct database *database = link->database;
    bool busy = count_links(database, false, LINK_DESCRIBING) > 0 ||
                count_links(database, true, LINK_DESCRIBING) > 0;
    if (database->described || busy) {
        link_ready(link);
        return;
    }
    link->state = LINK_DESCRIBING;
    for (size_t i = 0; i < database->statement_count; i++) {
        link_prepare(link, database->statements[i]);
        link_describe(link, database->statements[i]);
    }
    link_sync(link, (struct answer){.deadline_us = monotonic_us() + LINK_SETTLE_MS * 1000});
    link_flush(link);
}

void pool_link_described(struct link *link)
{
    link->database->described = true;
    link_ready(link);
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

void pool_give_back(struct link *link)
{
    link->owner = NULL;
    link->database->counts.writers_busy--;
    if (link_quiet(link) && !link->broken)
        pool_link_quiet(link);
}

/* Only the server knows whether the last session left a transaction open. */
void pool_link_quiet(struct link *link)
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

/* A server that does not answer long after somebody's deadline is taken for frozen: its process may
 * be stopped, and nothing would ever come. */
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
                   count_links(database, link->writer, LINK_OPEN) > kept) {
            link_close(link);
        }
    }
}

/* --- The turn --- */

/* Waves go out once the turn brings no more of them, so that they share a Sync. */
static bool before_wait(void *argument)
{
    struct database *database = argument;
    if (database->gathered) {
        database->gathered = false;
        return true;
    }
    if (database->queue)
        waves_send(database);
    if (database->broken == 0)
        return false;
    for (size_t i = 0; i < database->readers + database->writers; i++) {
        if (database->links[i].broken)
            pool_link_lost(&database->links[i]);
    }
    return true;
}

/* --- Life --- */

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        abort();
    return memory;
}

static void add_statement(struct database *database, struct statement *statement)
{
    assert(!statement->plan); /* named twice, or another pool is open */
    statement->plan = plan_new(database->statement_count);
    database->statements[database->statement_count++] = statement;
}

static void gather_statements(struct database *database, const struct database_config *config)
{
    size_t count = OWN_COUNT;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; config->statements[i] && config->statements[i][k]; k++)
            count++;
    }
    database->statements = allocate(count, sizeof(struct statement *));
    for (size_t i = 0; i < OWN_COUNT; i++)
        add_statement(database, &own_statements[i]);
    for (size_t i = 0; i < 2; i++) {
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
            database->url_options = strdup(part->val);
    }
    PQconninfoFree(parts);
    database->url = strdup(url);
    if (!database->url)
        abort();
}

struct database *database_new(struct loop *loop, const struct database_config *config)
{
    assert(config->readers > 0 && config->writers > 0);
    struct database *database = allocate(1, sizeof *database);
    database->loop = loop;
    database->process = config->process;
    take_url(database, config->url);
    database->request_timeout_ms =
        config->request_timeout_ms > 0 ? config->request_timeout_ms : 10000;
    database->readers = config->readers;
    database->writers = config->writers;
    database->retry_ms = RETRY_LEAST_MS;
    database->queue_end = &database->queue;
    database->waiting_end = &database->waiting;
    set_state(database, "connecting");
    gather_statements(database, config);
    database->links = allocate(config->readers + config->writers, sizeof(struct link));
    for (size_t i = 0; i < config->readers + config->writers; i++)
        database->links[i] = (struct link){
            .database = database,
            .writer = i >= config->readers,
            .prepared = allocate(database->statement_count, sizeof(bool)),
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

bool database_ready(const struct database *database)
{
    return database->described && count_links(database, false, LINK_OPEN) > 0 &&
           count_links(database, true, LINK_OPEN) > 0;
}

const char *database_state(const struct database *database)
{
    return database_ready(database) ? "ready" : database->state;
}

struct database_counts database_counts(const struct database *database)
{
    struct database_counts counts = database->counts;
    counts.readers_open = count_links(database, false, LINK_OPEN);
    counts.writers_open = count_links(database, true, LINK_OPEN);
    return counts;
}
