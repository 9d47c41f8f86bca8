/* One libpq connection in pipeline mode, driven by the loop: connecting, sending, and taking
 * answers in the order they were asked for. It must not block and must not decide what an answer
 * means: that is wave.c. A broken link is given up by the pool at a safe moment, never from inside
 * a call that still uses it. */
#include "pg_link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum { PARAMETERS_MOST = 200 };

static void ignore_notice(void *argument, const char *message)
{
    (void)argument;
    (void)message;
}

void link_break(struct link *link, const char *reason)
{
    if (link->broken)
        return;
    link->broken = true;
    loop_fd_destroy(&link->watch);
    link->database->broken++;
    snprintf(link->reason, sizeof link->reason, "%.*s", (int)strcspn(reason, "\n"), reason);
}

/* --- What the server owes --- */

bool link_quiet(const struct link *link)
{
    return link->answer_count == 0;
}

static void push(struct link *link, struct answer answer)
{
    if (link->answer_count == link->answer_capacity) {
        size_t capacity = link->answer_capacity > 0 ? 2 * link->answer_capacity : 64;
        struct answer *ring = xcalloc(capacity, sizeof *ring);
        for (size_t i = 0; i < link->answer_count; i++)
            ring[i] = link->answers[(link->answer_first + i) % link->answer_capacity];
        free(link->answers);
        link->answers = ring;
        link->answer_first = 0;
        link->answer_capacity = capacity;
    }
    link->answers[(link->answer_first + link->answer_count++) % link->answer_capacity] = answer;
}

struct answer link_pop(struct link *link)
{
    assert(link->answer_count > 0);
    struct answer answer = link->answers[link->answer_first];
    link->answer_first = (link->answer_first + 1) % link->answer_capacity;
    link->answer_count--;
    return answer;
}

/* Takes every answer that has arrived. Each but Sync is followed by a NULL. */
static void take_answers(struct link *link)
{
    while (!link->broken && (link->answer_count > 0 || link->answer_read) && !PQisBusy(link->pg)) {
        PGresult *result = PQgetResult(link->pg);
        if (!result) {
            if (!link->answer_read)
                link_break(link, "the connection answers out of order");
            link->answer_read = false;
            continue;
        }
        ExecStatusType status = PQresultStatus(result);
        bool error = status == PGRES_FATAL_ERROR;
        const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
        if (error && (!sqlstate || !severity || strcmp(severity, "ERROR") != 0)) {
            link->told = sqlstate != NULL;
            link_break(link, PQresultErrorMessage(result));
        } else if (link->answer_read || link->answer_count == 0) {
            link_break(link, "the connection answers too much");
        } else if (error && link->answers[link->answer_first].kind == ANSWER_SYNC) {
            link->answer_read = true; /* the Sync itself still comes */
            link->database->link_events->error(link, &link->answers[link->answer_first], result);
        } else {
            struct answer answer = link_pop(link);
            link->answer_read = answer.kind != ANSWER_SYNC;
            if ((status == PGRES_PIPELINE_SYNC) != (answer.kind == ANSWER_SYNC))
                link_break(link, "the connection answers out of step");
            link->database->link_events->answer(link, &answer, result);
        }
        PQclear(result);
    }
}

/* --- Traffic --- */

/* libpq closes the socket of a dead connection by itself, in whatever call finds it dead. From then
 * on its number may be the next connection's, so it must not be watched any more. */
static bool socket_gone(const struct link *link)
{
    return PQsocket(link->pg) < 0;
}

/* After a message was queued; libpq may have sent some of it. */
static void expect_sent(struct link *link, int sent)
{
    if (!sent || socket_gone(link))
        link_break(link, PQerrorMessage(link->pg));
}

static void on_ready(void *argument, int events);

static void watch_anew(struct link *link, int events)
{
    loop_fd_destroy(&link->watch);
    link->watch = loop_fd_new(link->database->loop, PQsocket(link->pg), events, on_ready, link);
}

void link_flush(struct link *link)
{
    if (link->broken)
        return;
    int left = PQflush(link->pg);
    link->unsent = left > 0;
    if (left < 0 || socket_gone(link))
        link_break(link, PQerrorMessage(link->pg));
    else
        loop_fd_watch(link->watch, LOOP_READ | (link->unsent ? LOOP_WRITE : 0));
}

static void traffic(struct link *link, int events)
{
    bool alive = !(events & LOOP_READ) || PQconsumeInput(link->pg);
    if (socket_gone(link))
        loop_fd_destroy(&link->watch); /* what has arrived is still taken */
    take_answers(link);
    if (!alive || PQstatus(link->pg) == CONNECTION_BAD)
        link_break(link, PQerrorMessage(link->pg));
    if (link->unsent)
        link_flush(link);
}

/* --- Connecting --- */

static void connect_step(struct link *link)
{
    switch (PQconnectPoll(link->pg)) {
    case PGRES_POLLING_READING:
        watch_anew(link, LOOP_READ); /* the socket may be another one after every step */
        return;
    case PGRES_POLLING_WRITING:
        watch_anew(link, LOOP_WRITE);
        return;
    case PGRES_POLLING_OK:
        watch_anew(link, LOOP_READ);
        PQsetNoticeProcessor(link->pg, ignore_notice, NULL);
        if (PQsetnonblocking(link->pg, 1) || !PQenterPipelineMode(link->pg))
            link_break(link, PQerrorMessage(link->pg));
        else
            link->database->link_events->up(link);
        return;
    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
        break;
    }
    link_break(link, PQerrorMessage(link->pg));
}

static void on_ready(void *argument, int events)
{
    struct link *link = argument;
    if (link->broken)
        return;
    if (link->state == LINK_CONNECTING)
        connect_step(link);
    else
        traffic(link, events);
    if (link->broken)
        link->database->link_events->lost(link);
}

/* Settings of the session, after those that the URL brings. Generic plans, because they are made
 * once; no JIT, because it costs more than any of our statements; no sequential scans where an
 * index serves, because a plan is often made while the tables are still small, and stays. */
static void session_options(const struct link *link, char *options, size_t size)
{
    const struct database *database = link->database;
    snprintf(options, size,
             "%s -c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off"
             " -c random_page_cost=1.1 -c statement_timeout=%lld"
             " -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"
             " -c timezone=UTC%s %s",
             database->url_options ? database->url_options : "",
             (long long)database->request_timeout_ms,
             link->writer ? "" : " -c default_transaction_read_only=on",
             database->settings ? database->settings : "");
}

void link_open(struct link *link)
{
    assert(link->state == LINK_CLOSED && !link->pg);
    char options[1024];
    session_options(link, options, sizeof options);
    /* What comes before dbname is a default that the URL may change, what follows it is not. */
    const char *const names[] = {"tcp_user_timeout", "keepalives_idle", "dbname", "options",
                                 "application_name", "client_encoding", NULL};
    const char *const values[] = {
        "10000", "30", link->database->url, options, link->database->process, "UTF8", NULL};
    link->state = LINK_CONNECTING;
    link->since_us = monotonic_us();
    link->pg = PQconnectStartParams(names, values, 1);
    if (!link->pg)
        abort();
    if (PQstatus(link->pg) == CONNECTION_BAD)
        link_break(link, PQerrorMessage(link->pg));
    else
        watch_anew(link, LOOP_WRITE);
}

void link_close(struct link *link)
{
    assert(link_quiet(link));
    loop_fd_destroy(&link->watch);
    PQfinish(link->pg);
    free(link->answers);
    if (link->broken)
        link->database->broken--;
    memset(link->prepared, 0, link->database->statement_count * sizeof *link->prepared);
    *link = (struct link){
        .database = link->database, .writer = link->writer, .prepared = link->prepared};
}

/* --- Messages --- */

void link_prepare(struct link *link, struct statement *statement, int64_t deadline_us)
{
    expect_sent(link, PQsendPrepare(link->pg, statement->name, statement->text, 0, NULL));
    link->prepared[statement->plan->place] = true;
    push(link, (struct answer){
                   .kind = ANSWER_PREPARE, .statement = statement, .deadline_us = deadline_us});
}

void link_describe(struct link *link, struct statement *statement, int64_t deadline_us)
{
    expect_sent(link, PQsendDescribePrepared(link->pg, statement->name));
    push(link, (struct answer){
                   .kind = ANSWER_DESCRIBE, .statement = statement, .deadline_us = deadline_us});
}

void link_query(struct link *link, const struct query *query, struct answer answer)
{
    static int binary[PARAMETERS_MOST];
    for (size_t i = 0; binary[0] == 0 && i < PARAMETERS_MOST; i++)
        binary[PARAMETERS_MOST - 1 - i] = 1;
    size_t count = query->statement->parameter_count;
    assert(count <= PARAMETERS_MOST);
    expect_sent(link, PQsendQueryPrepared(link->pg, query->statement->name, (int)count,
                                          query->values, query->sizes, binary, 1));
    link->database->counts.statements++;
    push(link, answer);
}

void link_sync(struct link *link, struct answer answer)
{
    answer.kind = ANSWER_SYNC;
    expect_sent(link, PQpipelineSync(link->pg));
    push(link, answer);
}
