/* One libpq connection in pipeline mode, driven by the loop: connecting, sending, and taking
 * answers in the order they were asked for. It must not block and must not decide what an answer
 * means: that is batch.c. A broken connection is given up by the pool at a safe moment, never from
 * inside a call that still uses it. */
#include "pg_connection.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"
#include "servers.h"
#include "session_state.h"
#include "timestamp.h"

enum { PARAMETERS_MAX = 200 };

#define INVALIDATED "TR001" /* SQLSTATE of the notices of invalidate() */

/* Of a trigger: what the transaction of the connection's owner has changed. Everything else that
 * the server remarks is of no interest. */
static void take_notice(void *argument, const PGresult *notice)
{
    const struct db_connection *connection = argument;
    const char *sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

    if (connection->owner && sqlstate && strcmp(sqlstate, INVALIDATED) == 0)
        session_changed(connection->owner,
                        str_of(PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY)));
}

void connection_break(struct db_connection *connection, const char *reason)
{
    if (connection->broken)
        return;
    connection->broken = true;
    loop_fd_destroy(&connection->watch);
    connection->database->broken++;
    snprintf(connection->reason, sizeof connection->reason, "%.*s", (int)strcspn(reason, "\n"),
             reason);
}

/* --- What the server owes --- */

bool connection_quiet(const struct db_connection *connection)
{
    return connection->answer_count == 0;
}

static void push(struct db_connection *connection, struct expected_answer answer)
{
    if (connection->answer_count == connection->answer_capacity) {
        size_t capacity = connection->answer_capacity > 0 ? 2 * connection->answer_capacity : 64;
        struct expected_answer *ring = xcalloc(capacity, sizeof *ring);
        for (size_t i = 0; i < connection->answer_count; i++)
            ring[i] =
                connection->answers[(connection->answer_first + i) % connection->answer_capacity];
        free(connection->answers);
        connection->answers = ring;
        connection->answer_first = 0;
        connection->answer_capacity = capacity;
    }
    connection->answers[(connection->answer_first + connection->answer_count++) %
                        connection->answer_capacity] = answer;
}

struct expected_answer connection_pop(struct db_connection *connection)
{
    assert(connection->answer_count > 0);
    struct expected_answer answer = connection->answers[connection->answer_first];
    connection->answer_first = (connection->answer_first + 1) % connection->answer_capacity;
    connection->answer_count--;
    return answer;
}

/* Takes every answer that has arrived. Each but Sync is followed by a NULL. */
static void take_answers(struct db_connection *connection)
{
    while (!connection->broken && (connection->answer_count > 0 || connection->answer_read) &&
           !PQisBusy(connection->pg)) {
        PGresult *result = PQgetResult(connection->pg);
        connection->database->heard = true;
        if (!result) {
            if (!connection->answer_read)
                connection_break(connection, "the connection answers out of order");
            connection->answer_read = false;
            continue;
        }
        ExecStatusType status = PQresultStatus(result);
        bool error = status == PGRES_FATAL_ERROR;
        const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
        if (error && (!sqlstate || !severity || strcmp(severity, "ERROR") != 0)) {
            connection->closing_notice = sqlstate != NULL;
            connection_break(connection, PQresultErrorMessage(result));
        } else if (connection->answer_read || connection->answer_count == 0) {
            connection_break(connection, "the connection answers too much");
        } else if (error && connection->answers[connection->answer_first].kind == ANSWER_SYNC) {
            connection->answer_read = true; /* the Sync itself still comes */
            connection->database->connection_events->error(
                connection, &connection->answers[connection->answer_first], result);
        } else {
            struct expected_answer answer = connection_pop(connection);
            connection->answer_read = answer.kind != ANSWER_SYNC;
            if ((status == PGRES_PIPELINE_SYNC) != (answer.kind == ANSWER_SYNC))
                connection_break(connection, "the connection answers out of step");
            connection->database->connection_events->answer(connection, &answer, result);
        }
        PQclear(result);
    }
}

/* --- Traffic --- */

/* libpq closes the socket of a dead connection by itself, in whatever call finds it dead. From then
 * on its number may be the next connection's, so it must not be watched any more. */
static bool socket_gone(const struct db_connection *connection)
{
    return PQsocket(connection->pg) < 0;
}

/* After a message was queued; libpq may have sent some of it. */
static void expect_sent(struct db_connection *connection, int sent)
{
    if (!sent || socket_gone(connection))
        connection_break(connection, PQerrorMessage(connection->pg));
}

static void on_ready(void *argument, int events);

static void watch_anew(struct db_connection *connection, int events)
{
    loop_fd_destroy(&connection->watch);
    connection->watch = loop_fd_new(connection->database->loop, PQsocket(connection->pg), events,
                                    on_ready, connection);
}

void connection_flush(struct db_connection *connection)
{
    if (connection->broken)
        return;
    int left = PQflush(connection->pg);
    connection->unsent = left > 0;
    if (left < 0 || socket_gone(connection))
        connection_break(connection, PQerrorMessage(connection->pg));
    else
        loop_fd_watch(connection->watch, LOOP_READ | (connection->unsent ? LOOP_WRITE : 0));
}

static void traffic(struct db_connection *connection, int events)
{
    bool alive = !(events & LOOP_READ) || PQconsumeInput(connection->pg);
    if (socket_gone(connection))
        loop_fd_destroy(&connection->watch); /* what has arrived is still taken */
    take_answers(connection);
    if (!alive || PQstatus(connection->pg) == CONNECTION_BAD)
        connection_break(connection, PQerrorMessage(connection->pg));
    if (connection->unsent)
        connection_flush(connection);
}

/* --- Connecting --- */

/* Settings of the session: generic plans, because they are made once; no JIT, because it costs more
 * than any of our statements; no sequential scans where an index serves, because a plan is often
 * made while the tables are still small, and stays. Statements, because a pooler takes no options
 * at the start. */
static void send_settings(struct db_connection *connection)
{
    const struct database *database = connection->database;
    char sql[1024];
    int size = snprintf(
        sql, sizeof sql,
        "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off;"
        "SET random_page_cost = 1.1; SET statement_timeout = %lld; SET lock_timeout = 2000;"
        "SET idle_in_transaction_session_timeout = 30000; SET timezone = UTC;"
        "%s%s%s",
        (long long)database->request_timeout_ms,
        connection->writer ? "" : "SET default_transaction_read_only = on;",
        database->invalidate ? "SET app.invalidates = on; SET client_min_messages = notice;" : "",
        database->settings ? database->settings : "");

    assert((size_t)size < sizeof sql);
    connection->settling = true;
    if (PQsetnonblocking(connection->pg, 1) || !PQsendQuery(connection->pg, sql))
        connection_break(connection, PQerrorMessage(connection->pg));
    else
        connection_flush(connection);
}

static void settle_step(struct db_connection *connection)
{
    PGresult *result = NULL;

    if (!PQconsumeInput(connection->pg))
        connection_break(connection, PQerrorMessage(connection->pg));
    else if (connection->unsent)
        connection_flush(connection);
    while (!connection->broken && !PQisBusy(connection->pg) &&
           (result = PQgetResult(connection->pg))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            connection_break(connection, PQresultErrorMessage(result));
        PQclear(result);
    }
    if (connection->broken || PQisBusy(connection->pg))
        return;
    connection->settling = false;
    if (PQenterPipelineMode(connection->pg))
        connection->database->connection_events->up(connection);
    else
        connection_break(connection, PQerrorMessage(connection->pg));
}

static void connect_step(struct db_connection *connection)
{
    switch (PQconnectPoll(connection->pg)) {
    case PGRES_POLLING_READING:
        watch_anew(connection, LOOP_READ); /* the socket may be another one after every step */
        return;
    case PGRES_POLLING_WRITING:
        watch_anew(connection, LOOP_WRITE);
        return;
    case PGRES_POLLING_OK:
        watch_anew(connection, LOOP_READ);
        PQsetNoticeReceiver(connection->pg, take_notice, connection);
        send_settings(connection);
        return;
    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
        break;
    }
    connection_break(connection, PQerrorMessage(connection->pg));
}

static void on_ready(void *argument, int events)
{
    struct db_connection *connection = argument;
    if (connection->broken)
        return;
    if (connection->settling)
        settle_step(connection);
    else if (connection->state == CONNECTION_CONNECTING)
        connect_step(connection);
    else
        traffic(connection, events);
    if (connection->broken)
        connection->database->connection_events->lost(connection);
}

void connection_open(struct db_connection *connection)
{
    assert(connection->state == CONNECTION_CLOSED && !connection->pg);
    struct database *database = connection->database;
    struct server_order order = servers_order(database->servers);
    /* Readers are read-only themselves, so none would ever be what the URL asks for. */
    const char *target = database->wants_writable && !connection->writer ? "primary" : NULL;
    /* What comes before dbname is a default that the URL may change, what follows it is not. */
    const char *const names[] = {
        "tcp_user_timeout",     "keepalives_idle",  "dbname",          "host", "hostaddr", "port",
        "target_session_attrs", "application_name", "client_encoding", NULL};
    const char *const values[] = {"10000",    "30",   database->url,     order.host, order.hostaddr,
                                  order.port, target, database->process, "UTF8",     NULL};
    connection->state = CONNECTION_CONNECTING;
    connection->since_us = monotonic_us();
    connection->pg = PQconnectStartParams(names, values, 1);
    if (!connection->pg)
        abort();
    if (PQstatus(connection->pg) == CONNECTION_BAD)
        connection_break(connection, PQerrorMessage(connection->pg));
    else
        watch_anew(connection, LOOP_WRITE);
}

void connection_close(struct db_connection *connection)
{
    assert(connection_quiet(connection));
    loop_fd_destroy(&connection->watch);
    PQfinish(connection->pg);
    free(connection->answers);
    if (connection->broken)
        connection->database->broken--;
    memset(connection->prepared, 0,
           connection->database->statement_count * sizeof *connection->prepared);
    *connection = (struct db_connection){.database = connection->database,
                                         .kind = connection->kind,
                                         .writer = connection->writer,
                                         .prepared = connection->prepared};
}

/* --- Messages --- */

void connection_prepare(struct db_connection *connection, struct statement *statement,
                        int64_t deadline_us)
{
    expect_sent(connection,
                PQsendPrepare(connection->pg, statement->name, statement->text, 0, NULL));
    connection->prepared[statement->plan->index] = true;
    push(connection, (struct expected_answer){.kind = ANSWER_PREPARE,
                                              .statement = statement,
                                              .deadline_us = deadline_us});
}

void connection_describe(struct db_connection *connection, struct statement *statement,
                         int64_t deadline_us)
{
    expect_sent(connection, PQsendDescribePrepared(connection->pg, statement->name));
    push(connection, (struct expected_answer){.kind = ANSWER_DESCRIBE,
                                              .statement = statement,
                                              .deadline_us = deadline_us});
}

void connection_query(struct db_connection *connection, const struct db_query *query,
                      struct expected_answer answer)
{
    static int binary[PARAMETERS_MAX];
    for (size_t i = 0; binary[0] == 0 && i < PARAMETERS_MAX; i++)
        binary[PARAMETERS_MAX - 1 - i] = 1;
    size_t count = query->statement->parameter_count;
    assert(count <= PARAMETERS_MAX);
    expect_sent(connection, PQsendQueryPrepared(connection->pg, query->statement->name, (int)count,
                                                query->values, query->sizes, binary, 1));
    connection->database->counts.statements++;
    push(connection, answer);
}

void connection_sync(struct db_connection *connection, struct expected_answer answer)
{
    answer.kind = ANSWER_SYNC;
    expect_sent(connection, PQpipelineSync(connection->pg));
    push(connection, answer);
}
