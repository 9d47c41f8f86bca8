/* A session, as the files of runtime/db share it. A session that has failed is of no more use. */
#ifndef TRACTION_SESSION_STATE_H
#define TRACTION_SESSION_STATE_H

#include "database_state.h"
#include "fair_queue.h"
#include "query.h"

struct db_connection;
struct pipeline_batch;

struct session {
    struct database *database;
    struct arena *arena;
    bool writes;
    struct session_context context;
    struct str first_tenant; /* that the transaction begins with; context's may change */
    int64_t deadline_us;
    struct db_fault fault;
    struct db_query *queued, **queued_end;
    struct db_query *sent, **sent_end; /* by the last wait */
    size_t bound, taken;               /* bytes of results; bound 0: there is none */
    bool held_back;                    /* they were more: no more are taken */
    const bool *abandoned;             /* may be NULL */
    struct pipeline_batch *batch;      /* being waited for */
    struct fiber *fiber;               /* that waits */
    struct db_connection
        *connection;        /* writers: from the first wait until the end of the transaction */
    bool begun;             /* BEGIN was sent */
    struct fair_item place; /* writers: among those that wait for a connection or have one */
    int64_t since_us;       /* when it got it */
    int64_t sent_us;        /* when what it waits for was sent; 0: it was not yet */
    bool waits;
    struct texts changed; /* as of database_config.invalidate; `items` has changed_room places */
    size_t changed_room;
};

/* Keeps the first fault. */
void session_fail(struct session *session, enum db_fault_kind kind, const char *sqlstate,
                  const char *constraint);

/* Notes what the transaction has changed: "<tenant>\n<id>", which is copied. */
void session_changed(struct session *session, struct str changed);

#endif
