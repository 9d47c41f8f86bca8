/* What one session sends before it waits. It belongs to the database and not to the session's
 * arena, because it stays until its last answer even when the session gave up. */
#ifndef TRACTION_WAVE_H
#define TRACTION_WAVE_H

#include "pg_link.h"
#include "session_state.h"

struct wave {
    struct session *session; /* NULL: cancelled, and its queries are freed */
    struct query *queries;
    struct str tenant;
    int64_t deadline_us;
    size_t answers_left; /* owed by the server; 0 while queued */
    bool opens;          /* writers: first of its transaction */
    bool ends;           /* writers: last of its transaction: commits */
    bool aborted;        /* readers: a neighbour's error took it along */
    bool alone;          /* shares its Sync with nobody; set after it was aborted once */
    bool repeated;       /* was sent before on a link that died */
    struct wave *next;   /* in the queue, or among those to be used again */
};

struct wave *wave_new(struct session *session, bool opens, bool ends);
void wave_queue(struct database *database, struct wave *wave, bool first);
/* Nobody waits for it any more. */
void wave_abandon(struct database *database, struct wave *wave);
/* Its session goes on, and its memory may be used again. */
void wave_done(struct database *database, struct wave *wave);
/* Sends what is queued, as far as readers take it. True when another reader would be of use. */
bool waves_send(struct database *database);
void wave_send_writer(struct link *link, struct wave *wave);
/* ROLLBACK of a session that ended without commit. */
void wave_roll_back(struct link *link);
/* Fails every queued wave. */
void waves_fail(struct database *database);
/* Keeps no memory. */
void waves_destroy(struct database *database);

#endif
