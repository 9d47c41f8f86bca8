/* One libpq connection in pipeline mode, and what the server owes on it. Every message that is sent
 * expects an answer, and the connection keeps them in order. */
#ifndef TRACTION_PG_LINK_H
#define TRACTION_PG_LINK_H

#include <libpq-fe.h>

#include "database_state.h"
#include "query.h"

struct session;
struct wave;

enum answer_kind {
    ANSWER_PREPARE,  /* Parse: `statement` exists on this link */
    ANSWER_DESCRIBE, /* the types of `statement` */
    ANSWER_PLAIN,    /* tenant, BEGIN, ROLLBACK */
    ANSWER_QUERY,    /* result of `query` */
    ANSWER_COMMIT,   /* COMMIT itself */
    ANSWER_SYNC,
};

struct answer {
    enum answer_kind kind;
    struct wave *wave;   /* NULL when it belongs to none */
    struct query *query; /* in the arena of the wave's session */
    struct statement *statement;
    int64_t deadline_us;
};

enum link_state { LINK_CLOSED, LINK_CONNECTING, LINK_DESCRIBING, LINK_OPEN };

struct link {
    struct database *database;
    bool writer;
    enum link_state state;
    PGconn *pg;
    struct loop_fd *watch;
    bool *prepared;         /* by the statement's place in the pool's list */
    struct answer *answers; /* a ring */
    size_t answer_first, answer_count, answer_capacity;
    bool answer_read;      /* the first answer's result was read, its terminator not yet */
    bool told;             /* the server said at the first answer that it ends the connection */
    bool broken;           /* to be given up at the next safe moment */
    bool unsent;           /* the kernel did not take everything yet */
    char reason[160];      /* why it is broken */
    size_t groups, waves;  /* readers: owed Syncs, and waves in them */
    struct session *owner; /* writers: NULL when free, or while an ended session settles */
    int64_t since_us;      /* began to connect, or became idle */
};

/* What becomes of a link, for those above. */
struct link_events {
    void (*up)(struct link *link); /* it is in pipeline mode */
    void (*answer)(struct link *link, const struct answer *answer, PGresult *result);
    /* An error instead of a Sync: the transaction could not be committed. The Sync still comes. */
    void (*error)(struct link *link, const struct answer *answer, const PGresult *result);
    void (*lost)(struct link *link); /* it could not be opened or died; `reason` says why */
};

enum { LINK_SETTLE_MS = 10000 }; /* deadline of what nobody waits for: rollbacks, the first look */

void link_open(struct link *link);
void link_close(struct link *link);
/* Each sends a message and notes what it expects. Trouble breaks the link, which is given up later:
 * until then sending is harmless. */
void link_prepare(struct link *link, struct statement *statement, int64_t deadline_us);
void link_describe(struct link *link, struct statement *statement, int64_t deadline_us);
void link_query(struct link *link, const struct query *query, struct answer answer);
void link_sync(struct link *link, struct answer answer);
void link_flush(struct link *link);
void link_break(struct link *link, const char *reason);
bool link_quiet(const struct link *link); /* is owed nothing */
/* Takes the first answer that is owed out of the ring. */
struct answer link_pop(struct link *link);

#endif
