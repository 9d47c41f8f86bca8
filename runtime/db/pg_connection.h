/* One libpq connection in pipeline mode, and what the server owes on it. Every message that is sent
 * expects an answer, and the connection keeps them in order. */
#ifndef TRACTION_PG_CONNECTION_H
#define TRACTION_PG_CONNECTION_H

#include <libpq-fe.h>

#include "database_state.h"
#include "query.h"

struct session;
struct pipeline_batch;

enum answer_kind {
    ANSWER_PREPARE,  /* Parse: `statement` exists on this connection */
    ANSWER_DESCRIBE, /* the types of `statement` */
    ANSWER_PLAIN,    /* tenant, BEGIN, ROLLBACK */
    ANSWER_QUERY,    /* result of `query` */
    ANSWER_COMMIT,   /* COMMIT itself */
    ANSWER_SYNC,
};

struct expected_answer {
    enum answer_kind kind;
    struct pipeline_batch *batch; /* NULL when it belongs to none */
    struct db_query *query;       /* in the arena of the batch's session */
    struct statement *statement;
    int64_t deadline_us;
};

enum connection_state {
    CONNECTION_CLOSED,
    CONNECTION_CONNECTING,
    CONNECTION_DESCRIBING,
    CONNECTION_OPEN
};

struct db_connection {
    struct database *database;
    enum pool_kind kind;
    bool writer;
    enum connection_state state;
    PGconn *pg;
    struct loop_fd *watch;
    bool *prepared;                  /* by the statement's place in the pool's list */
    struct expected_answer *answers; /* a ring */
    size_t answer_first, answer_count, answer_capacity;
    bool answer_read;       /* the first answer's result was read, its terminator not yet */
    bool closing_notice;    /* the server said at the first answer that it ends the connection */
    bool broken;            /* to be given up at the next safe moment */
    bool unsent;            /* the kernel did not take everything yet */
    bool settling;          /* connected, and told the settings of its session */
    char reason[160];       /* why it is broken */
    size_t groups, batches; /* readers: owed Syncs, and batches in them */
    struct session *owner;  /* writers: NULL when free, or while an ended session settles */
    int64_t since_us;       /* began to connect, or became idle */
    int64_t answered_us;    /* readers: when the last batch was answered */
};

/* What becomes of a connection, for those above. */
struct connection_events {
    void (*up)(struct db_connection *connection); /* it is in pipeline mode */
    void (*answer)(struct db_connection *connection, const struct expected_answer *answer,
                   PGresult *result);
    /* An error instead of a Sync: the transaction could not be committed. The Sync still comes. */
    void (*error)(struct db_connection *connection, const struct expected_answer *answer,
                  const PGresult *result);
    void (*lost)(
        struct db_connection *connection); /* it could not be opened or died; `reason` says why */
};

enum {
    CONNECTION_SETTLE_MS = 10000
}; /* deadline of what nobody waits for: rollbacks, the first look */

void connection_open(struct db_connection *connection);
void connection_close(struct db_connection *connection);
/* Each sends a message and notes what it expects. Trouble breaks the connection, which is given up
 * later: until then sending is harmless. */
void connection_prepare(struct db_connection *connection, struct statement *statement,
                        int64_t deadline_us);
void connection_describe(struct db_connection *connection, struct statement *statement,
                         int64_t deadline_us);
void connection_query(struct db_connection *connection, const struct db_query *query,
                      struct expected_answer answer);
void connection_sync(struct db_connection *connection, struct expected_answer answer);
void connection_flush(struct db_connection *connection);
void connection_break(struct db_connection *connection, const char *reason);
bool connection_quiet(const struct db_connection *connection); /* is owed nothing */
/* Takes the first answer that is owed out of the ring. */
struct expected_answer connection_pop(struct db_connection *connection);

#endif
