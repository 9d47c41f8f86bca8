/* What the files of runtime/db share: the pool, its connections (links), and the waves that travel
 * on them. Private to runtime/db.
 *
 *   session.c  asks and waits             db.c           start, end, and each turn of the loop
 *   pool.c     opens, loses, hands out    pg_link.c      one libpq connection in pipeline mode
 *   wave.c     lays out what is sent      wave_answer.c  takes what comes back
 *   pg_plan.c  types of statements        pg_fault.c     errors of the database
 *   pg_encode.c, pg_decode.c  values      migrate.c      (apart: blocking)
 *
 * A wave is what one session sends before it waits. Every message sent expects an answer; the link
 * keeps them in order. A wave belongs to the pool and not to the session's arena, because it stays
 * until its last answer even when the session gave up. */
#ifndef TRACTION_POOL_H
#define TRACTION_POOL_H

#include <libpq-fe.h>

#include "db.h"
#include "pg_plan.h"

enum {
    LINK_CONNECT_MS = 5000, /* time a connection may take to come up */
    LINK_OVERDUE_MS = 5000, /* a server this long beyond a deadline is taken for frozen */
    LINK_IDLE_MS = 60000,   /* surplus connections are closed after that */
    LINK_TICK_MS = 1000,    /* how often these times are looked at */
    LINK_SETTLE_MS = 10000, /* deadline of what nobody waits for: rollbacks, the first look */
    RETRY_LEAST_MS = 50,    /* between attempts to connect, doubled up to the most */
    RETRY_MOST_MS = 2000,
    READERS_KEPT = 1, /* open links that are kept although idle */
    WRITERS_KEPT = 2,
    CONNECTING_MOST = 4, /* attempts under way at once */
    GROUPS_MOST = 3,     /* Syncs that a reader is owed before it gets no more */
    GROUP_LEAST = 4,     /* waves that share a Sync before another reader is used */
    GROUP_MOST = 16,     /* waves that share a Sync: a slow one delays those behind it */
    WAITING_MOST = 4096, /* sessions that wait for a link */
    STATEMENT_LISTS = sizeof(((struct database_config *)0)->statements) / sizeof(void *),
};

/* The pool's own statements come first in its list. */
enum own_statement { OWN_TENANT, OWN_BEGIN, OWN_COMMIT, OWN_ROLLBACK, OWN_COUNT };
extern struct statement own_statements[OWN_COUNT];

/* One statement of a wave with its encoded parameters; in the session's arena. */
struct query {
    struct statement *statement;
    const char *const *values;
    const int *sizes;
    enum { TAKE_NOTHING, TAKE_ROW, TAKE_ROWS, TAKE_COUNT } take;
    struct bound output;        /* TAKE_ROW; TAKE_ROWS: its model only */
    bool *found;                /* TAKE_ROW */
    struct list *list;          /* TAKE_ROWS */
    int64_t *affected;          /* TAKE_COUNT */
    const struct row_plan *row; /* TAKE_ROW, TAKE_ROWS */
    struct query *next;
};

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

struct database {
    struct loop *loop;
    const char *process, *settings;
    char *url, *url_options; /* the options that the URL itself brings; may be NULL */
    int64_t request_timeout_ms;
    struct statement **statements; /* own ones first; a statement's plan knows its place */
    size_t statement_count;
    bool described;
    struct link *links; /* readers, then writers */
    size_t readers, writers;
    struct loop_timer *tick, *retry;
    int64_t retry_ms;                /* back-off of the next failure */
    bool failing;                    /* the last attempt to connect failed */
    bool pausing;                    /* no attempt is made before `retry` is due */
    size_t broken;                   /* links to be given up */
    char state[256];                 /* for people */
    struct wave *queue, **queue_end; /* readers' waves that wait for a link */
    size_t queue_count;
    bool gathered;                          /* the queue grew since the last look */
    struct session *waiting, **waiting_end; /* writing sessions that wait for a link */
    struct wave *spare;
    size_t sessions;
    bool closing;
    struct database_counts counts;
};

struct session {
    struct database *database;
    struct arena *arena;
    bool writes;
    struct session_context context;
    struct str first_tenant; /* that the transaction begins with; context's may change */
    int64_t deadline_us;
    struct db_fault fault;
    struct query *asked, **asked_end;
    struct wave *wave;    /* being waited for */
    struct fiber *fiber;  /* that waits */
    struct link *link;    /* writers: from the first wait until the end of the transaction */
    bool begun;           /* BEGIN was sent */
    struct session *next; /* in `waiting` */
    bool waits;
};

/* pool.c */
size_t pool_count(const struct database *database, bool writer, enum link_state state);
/* At least one link of each kind is open or opening. */
void pool_keep(struct database *database);
/* True when a link of that kind is open or may soon be. */
bool pool_hopeful(const struct database *database, bool writer);
void pool_grow(struct database *database, bool writer);
/* A free writer becomes the session's; false when there is none. */
bool pool_take(struct database *database, struct session *session);
/* False when too many wait already. */
bool pool_wait(struct database *database, struct session *session);
void pool_wait_no_more(struct database *database, struct session *session);
/* The session no longer needs its writer; the next waiting one gets it once it has settled. */
void pool_give_back(struct link *link);
/* The link is in pipeline mode. */
void pool_link_up(struct link *link);
void pool_link_described(struct link *link);
/* A writer has been answered everything. */
void pool_link_quiet(struct link *link);
/* The link could not be opened or died; `reason` is a sentence for people. */
void pool_link_lost(struct link *link);

/* pg_link.c */
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

/* wave.c */
struct wave *wave_new(struct session *session, bool opens, bool ends);
void wave_queue(struct database *database, struct wave *wave, bool first);
/* Nobody waits for it any more. */
void wave_abandon(struct database *database, struct wave *wave);
/* Its session goes on, and its memory may be used again. */
void wave_done(struct database *database, struct wave *wave);
void waves_send(struct database *database);
void wave_send_writer(struct link *link, struct wave *wave);
/* ROLLBACK of a session that ended without commit. */
void wave_roll_back(struct link *link);
/* Fails every queued wave. */
void waves_fail(struct database *database);
/* Keeps no memory. */
void waves_destroy(struct database *database);

/* wave_answer.c */
void wave_answer(struct link *link, const struct answer *answer, PGresult *result);
/* An error instead of a Sync: the transaction could not be committed. */
void wave_error(struct link *link, const struct answer *answer, const PGresult *result);
/* Everything the link owed will never come. */
void waves_lost(struct link *link);

/* session.c */
void session_fail(struct session *session, enum db_fault_kind kind, const char *sqlstate,
                  const char *constraint);

#endif
