/* What one session sends before it waits. It belongs to the database and not to the session's
 * arena, because it stays until its last answer even when the session gave up. */
#ifndef TRACTION_BATCH_H
#define TRACTION_BATCH_H

#include "pg_connection.h"
#include "session_state.h"

struct pipeline_batch {
    struct session *session; /* NULL: cancelled, and its queries are freed */
    struct db_query *queries;
    struct str tenant;
    int64_t deadline_us;
    size_t answers_left;    /* owed by the server; 0 while queued */
    bool opens;             /* writers: first of its transaction */
    bool ends;              /* writers: last of its transaction: commits */
    bool aborted;           /* readers: a neighbour's error took it along */
    bool alone;             /* shares its Sync with nobody; set after it was aborted once */
    bool repeated;          /* was sent before on a connection that died */
    enum pool_kind kind;    /* readers: of the connections that it is for */
    struct fair_item place; /* readers: in the queue, until it was answered */
    int64_t sent_us;
    struct pipeline_batch *next; /* in its group, or among those to be used again */
};

struct pipeline_batch *batch_new(struct session *session, bool opens, bool ends);
void batch_queue(struct database *database, struct pipeline_batch *batch);
/* A reader's batch that was sent is answered or lost: its tenant is charged the connection's time.
 */
void batch_leave(struct db_connection *connection, struct pipeline_batch *batch);
/* Nobody waits for it any more. */
void batch_cancel(struct database *database, struct pipeline_batch *batch);
/* Its session goes on, and its memory may be used again. */
void batch_done(struct database *database, struct pipeline_batch *batch);
/* Sends what is queued for readers of that kind, as far as they take it. True when another one
 * would be of use. */
bool batches_send(struct database *database, enum pool_kind kind);
void batch_send_writer(struct db_connection *connection, struct pipeline_batch *batch);
/* ROLLBACK of a session that ended without commit. */
void batch_roll_back(struct db_connection *connection);
/* Fails every queued batch of that kind. */
void batches_fail(struct database *database, enum pool_kind kind);
/* Keeps no memory. */
void batches_destroy(struct database *database);

#endif
