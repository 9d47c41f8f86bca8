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
    size_t answers_left;         /* owed by the server; 0 while queued */
    bool opens;                  /* writers: first of its transaction */
    bool ends;                   /* writers: last of its transaction: commits */
    bool aborted;                /* readers: a neighbour's error took it along */
    bool alone;                  /* shares its Sync with nobody; set after it was aborted once */
    bool repeated;               /* was sent before on a connection that died */
    struct pipeline_batch *next; /* in the queue, or among those to be used again */
};

struct pipeline_batch *batch_new(struct session *session, bool opens, bool ends);
void batch_queue(struct database *database, struct pipeline_batch *batch, bool first);
/* Nobody waits for it any more. */
void batch_cancel(struct database *database, struct pipeline_batch *batch);
/* Its session goes on, and its memory may be used again. */
void batch_done(struct database *database, struct pipeline_batch *batch);
/* Sends what is queued, as far as readers take it. True when another reader would be of use. */
bool batches_send(struct database *database);
void batch_send_writer(struct db_connection *connection, struct pipeline_batch *batch);
/* ROLLBACK of a session that ended without commit. */
void batch_roll_back(struct db_connection *connection);
/* Fails every queued batch. */
void batches_fail(struct database *database);
/* Keeps no memory. */
void batches_destroy(struct database *database);

#endif
