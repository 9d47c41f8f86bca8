/* The database of a process, as the files of runtime/db share it; others see db.h. Each file uses
 * those below it only:
 *
 *   database.c  start, end, turns of the loop    session.c   asks and waits
 *   pool.c      opens, loses and hands out connections
 *   batch_answer.c  takes what comes back         batch.c      lays out what is sent
 *   session_state.c  faults of a session         pg_connection.c   one libpq connection in pipeline
 * mode statement_check.c  statements and structs    pg_plan.c   types of statements pg_fault.c
 * errors of the database           pg_encode.c, pg_decode.c  values          servers.c   which
 * server
 *
 * Apart, and blocking: migrate.c, role.c. */
#ifndef TRACTION_DATABASE_STATE_H
#define TRACTION_DATABASE_STATE_H

#include "db.h"

struct db_connection;
struct connection_events;
struct fair_queue;
struct pipeline_batch;
struct servers;

enum { STATEMENT_LISTS = sizeof(((struct database_config *)0)->statements) / sizeof(void *) };

/* Kinds of connections, in the order in which the pool has them. The first two are also the classes
 * of the readers' queue. */
enum pool_kind { POOL_READERS, POOL_LONG_READERS, POOL_WRITERS, POOL_KINDS };

/* The pool's own statements come first in its list. A request's transaction begins with its tenant
 * and the time that is left for each of its statements. */
enum own_statement { OWN_TENANT, OWN_REQUEST, OWN_BEGIN, OWN_COMMIT, OWN_ROLLBACK, OWN_COUNT };
extern struct statement own_statements[OWN_COUNT];

struct database {
    struct loop *loop;
    const char *process, *settings;
    char *url;
    struct servers *servers; /* that the URL names */
    bool wants_writable;     /* the URL says target_session_attrs=read-write */
    int64_t request_timeout_ms;
    bool (*invalidate)(void *argument, struct arena *arena, const struct texts *changed);
    void *argument;
    struct statement **statements; /* own ones first; a statement's plan knows its place */
    size_t statement_count;
    bool described;
    struct db_connection *connections; /* by kind */
    const struct connection_events *connection_events;
    size_t sizes[POOL_KINDS], size;
    struct loop_timer *tick, *retry;
    int64_t retry_ms;           /* back-off of the next failure */
    bool failing;               /* the last attempt to connect failed; another is to come */
    bool pausing;               /* no attempt is made before `retry` is due */
    size_t broken;              /* connections to be given up */
    bool heard;                 /* the server has answered something since the last tick */
    unsigned silent_ticks;      /* in a row, in which it owed answers and gave none */
    char state[256];            /* for people */
    struct fair_queue *batches; /* of readers, waiting and sent; a class for each of their kinds */
    bool gathered;              /* it grew since the last look */
    struct fair_queue *writing; /* sessions that wait for a writer or have one */
    struct pipeline_batch *spare;
    size_t sessions;
    bool closing;
    struct database_counts counts;
};

#endif
