/* PostgreSQL for a process of fibers: a few pipelined connections shared by reads, and connections
 * that writing sessions have for themselves until their Sync. Only runtime/db includes libpq.
 *
 * A session is one request's use of the database. Statements are queued (session_queue) and then
 * waited for; what is queued before one wait costs one round trip. A reading session's batch is
 * [tenant setting, statements]; it shares a Sync with the other batches of the same loop turn, and
 * is sent again, alone, when an error in another batch aborted it. A writing session is one
 * transaction. When session_commit is its only wait, that is the implicit transaction that the Sync
 * commits, and only the Sync's own result acknowledges it; otherwise it runs from BEGIN to COMMIT
 * with a Sync after each batch, so that the server's timeout ends it when this process is stopped
 * in between. Everything else (session_end without commit, a fault) rolls back.
 *
 * The tenant is set for every transaction (app.tenant) for row level security, and bound as
 * parameter :tenant for the explicit predicate; no input struct can replace it. */
#ifndef TRACTION_DB_H
#define TRACTION_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "fiber.h"
#include "loop.h"
#include "model.h"
#include "statement.h"

struct database;
struct session;

struct database_config {
    const char *url;            /* libpq connection string; never logged */
    const char *process;        /* application_name */
    const char *settings;       /* of every connection: "SET app.x = on"; may be NULL */
    size_t readers, writers;    /* the most connections of each kind; opened as needed */
    size_t long_readers;        /* for statements marked "-- long"; 0: they are like others */
    int64_t request_timeout_ms; /* longest time of one statement; 0 means 10 s */
    /* After the commit of a writing session that changed what is kept elsewhere, before
     * session_commit answers, in the session's fiber: `changed` are "<tenant>\n<id>" of what the
     * triggers named (runtime/service/migrations/0060_leases.sql), each once or several times.
     * False: it may still be answered as it was, so that session_commit fails with DB_LOST. May be
     * NULL. */
    bool (*invalidate)(void *argument, struct arena *arena, const struct texts *changed);
    void *argument;
    struct statement *const *statements[3]; /* NULL-terminated arrays; later ones may be NULL */
};

/* Connects in the background and keeps trying with back-off; statements are prepared and described
 * on connect. A statement that the database refuses ends the process with a clear line. */
struct database *database_new(struct loop *loop, const struct database_config *config);
/* Asserts that no session is open. The loop must not run afterwards. One database at a time. */
void database_destroy(struct database **database);
bool database_ready(const struct database *database);
/* Once it is ready: whether every statement keeps what queries.sql says of it (statement.h). Each
 * that does not is logged with the column. */
bool database_check(struct database *database);
/* Why it is not ready, for people ("connecting", "the server refused: ..."). */
const char *database_state(const struct database *database);

struct database_counts {
    uint64_t batches, statements, commits, rollbacks, faults, reconnects;
    size_t readers_open, writers_open, writers_busy, writers_waiting; /* now */
};
struct database_counts database_counts(const struct database *database);

/* Parameters that every statement may name besides those of its input struct. */
struct session_context {
    struct str tenant;    /* :tenant */
    struct str user_id;   /* :user_id */
    struct timestamp now; /* :now */
};
extern const struct model session_context_model;

enum db_fault_kind {
    DB_OK,
    DB_UNAVAILABLE, /* no connection, too many waiting, shutting down, disk full, read only */
    DB_TIMEOUT,     /* the deadline passed; the outcome of a commit is unknown */
    DB_LOST,        /* the connection died at commit: unknown whether it was carried out */
    DB_CONSTRAINT,  /* constraint says which */
    DB_RETRY,       /* serialization failure or deadlock: run the whole session again */
    DB_LOCKED,      /* lock_timeout */
    DB_BUG,         /* anything else; details are in the log */
};
struct db_fault {
    enum db_fault_kind kind;
    const char *sqlstate;   /* five characters, in the session's arena; "" when there is none */
    const char *constraint; /* name; "" when there is none */
};

/* `arena` outlives the session. A writing session waits for a free connection at its first wait. */
struct session *session_begin(struct database *database, struct arena *arena, bool writes,
                              const struct session_context *context, int64_t deadline_us);
/* Ends the session: rolls back what was not committed and gives the connection back. Sets the
 * caller's pointer to NULL. */
void session_end(struct session **session);

/* Of a writing session: changes tenant and user for the following statements of the same
 * transaction. Only for work for several tenants; a request has one context. What it points to
 * outlives the session. */
void session_set_context(struct session *session, const struct session_context *context);

/* Queue a statement. Parameters are taken from `input` (may be NOTHING) and the context now, so the
 * input may change afterwards. Rows are decoded into arena memory by column name; a column that the
 * model lacks, a missing column, or a type that does not fit asserts: it is a bug. Model fields
 * that the row lacks are left as they were cleared. */
void session_queue(struct session *session, struct statement *statement, struct bound input);
/* `*found` tells whether there was a row; `output` is written only then. More than one row is a
 * bug. */
void session_queue_row(struct session *session, struct statement *statement, struct bound input,
                       struct bound output, bool *found);
/* `list->items` becomes an array of model->size structs. */
void session_queue_rows(struct session *session, struct statement *statement, struct bound input,
                        const struct model *model, struct list *list);
/* As session_queue; `*affected` becomes the count of rows inserted, updated or deleted. */
void session_queue_count(struct session *session, struct statement *statement, struct bound input,
                         int64_t *affected);

/* Sends what is queued and parks the fiber until all results have arrived. After the first fault
 * the session cannot be used any more: the fault is kept and returned by all further calls. */
enum db_fault_kind session_wait(struct session *session);
/* session_wait, then COMMIT by Sync. */
enum db_fault_kind session_commit(struct session *session);
/* Of a writing session: as if a trigger had named that id of the session's tenant. */
void session_invalidate(struct session *session, struct str id);
/* Of a reading session: when what the next session_wait reads is more than so many bytes together,
 * it is dropped, and session_held_back is true. session_wait_again reads the same once more,
 * whatever its size. 0: no bound. */
void session_bound(struct session *session, size_t bytes);
bool session_held_back(const struct session *session);
enum db_fault_kind session_wait_again(struct session *session);
/* Whether what is queued has a statement that takes long. Once `*abandoned` is true nobody waits
 * for the results: whoever sets it wakes the fiber, and the wait ends with DB_TIMEOUT. What has not
 * been sent then never is; what has runs to its end or its timeout. */
bool session_takes_long(const struct session *session);
void session_abandon_when(struct session *session, const bool *abandoned);
const struct db_fault *session_fault(const struct session *session);

#endif
