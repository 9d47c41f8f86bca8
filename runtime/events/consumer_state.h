/* Shared by the files of a consumer. Private to runtime/events.
 *
 *   consumer.c        the schedule
 *   consumer_call.c   asks the source
 *   consumer_ask.c    receives published messages and pages into the reorder buffer
 *   consumer_apply.c  applies the events in the reorder buffer, in transactions
 *   consumer_failed.c what a transaction that failed leads to
 *   consumer_park.c   stores what has to wait, and knows who waits
 *   consumer_unpark.c applies what has waited
 *   consumer_tell.c   tells the source what is applied
 *   consumer_snapshot.c begins anew where the log does not go back far enough
 *   consumer_restore.c  applies the entities of a snapshot
 *   consumer_state.c  common functions */
#ifndef TRACTION_CONSUMER_STATE_H
#define TRACTION_CONSUMER_STATE_H

#include "bus_subscriber.h"
#include "consumer.h"
#include "reorder_buffer.h"

enum {
    SILENCE_US = 2000000, /* the source is asked after so long without a message */
    GAP_US = 20000,    /* time for a gap to fill by itself: messages of replicas may be reordered */
    PASS_US = 1000000, /* numbers of events of no interest are stored after so long ... */
    PASS_MAX = 500,    /* ... or when there are so many */
    FOLLOW_US = 100000, /* time the other replica has before this one checks what it did */
    ENOUGH = 500,       /* events in the reorder buffer; no more are requested then */
    BATCH_MAX = 100,    /* events of one transaction */
    DEADLINE_US = 10000000,
    RETRY_MIN_US = 50000,
    RETRY_MAX_US = 5000000,
    FAULTS_MAX = 3,           /* that one event's transaction has before the event is parked */
    PARKED_LOOK_US = 1000000, /* while events wait, the table is read so often, ... */
    PARKED_LOOK_MAX_US = 10000000,
    PARKED_LOOK_EVENTS = 10000, /* ... later by as much for each so many, since they are counted */
    PARKED_RETRY_MIN_MS = 1000,
    PARKED_RETRY_MAX_MS = 300000,
};

enum { UNKNOWN_NAMED_MAX = 32, TYPE_SIZE = 64, ERROR_SIZE = 300 };

/* A tenant whose events wait, in parked_events. */
struct parked_tenant {
    char *tenant;
    int64_t sequence; /* its first event when the table was read */
    int64_t count;
    bool blocked;     /* the first is one which this program does not know and must */
    int64_t attempts; /* that failed to apply the first */
    int64_t due_us;   /* when it is tried again, unless it is blocked */
    size_t batch_max; /* 1 after a failure */
};

/* The event that is due to be parked because applying it fails. */
struct poison {
    int64_t sequence; /* 0: there is none */
    int faults;
    bool sure;
    char error[ERROR_SIZE];
};

/* What one transaction does. */
struct apply_batch {
    int64_t after; /* the place it ends with */
    struct consumed_event *events;
    size_t count, capacity;
    struct consumed_event *kept; /* not applied but parked; what follows of their tenants, too */
    struct packed *kept_payloads;
    size_t kept_count;
    struct parked_tenant *parked; /* its events come out of parked_events; NULL: they are new */
    bool raced;                   /* and were not there any more */
    bool nobodys;                 /* the event behind it cannot be read, nor its tenant */
    bool full;                    /* the event behind it would have to be parked, and cannot be */
    bool refused;                 /* by apply, without a fault of the session */
};

struct consumer {
    struct consumer_config config;
    struct bus_subscriber *subscriber;
    struct reorder_buffer *reorder;
    struct loop_timer *timer;
    struct arena *arena;   /* of the fiber: a batch, or a page */
    struct arena *scratch; /* of one look at an event */
    bool running;          /* the fiber */
    bool ending;
    char stopped[200]; /* the reason; empty: it has not */

    bool loaded;    /* `stored` is known, as it was the last time */
    int64_t stored; /* as far as this replica knows */
    int64_t first;  /* of the log, when it begins later than it was asked for; else 0 */
    bool snapshot;  /* is due: `stored` is before the log's beginning */
    bool begun;     /* from a snapshot */
    bool held;      /* after a snapshot, until consumer_release */
    int64_t head;
    bool follows; /* another replica was faster the last time */

    int64_t last_message_us;          /* the last message or page */
    int64_t gap_us;                   /* since when there is a gap; 0: there is none */
    int64_t ready_us;                 /* since when something can be applied; 0: nothing */
    int64_t told, tell_not_before_us; /* the place that the source knows; 0: nothing was told yet */
    bool behind;                      /* the last page was not the end of the log */
    int64_t ask_not_before_us;        /* after a request that failed */
    int64_t apply_not_before_us;      /* after a transaction that failed */
    int64_t ask_retry_us, apply_retry_us; /* the next pauses; 0: all is well */
    size_t batch_max;         /* smaller after a failure, to find the event that it is due to */
    int64_t search_end;       /* that event is not behind this place; 0: none is searched for */
    struct timestamp last_at; /* of the last applied event */
    struct poison poison;
    struct parked_tenant *parked;
    size_t parked_count;
    int64_t parked_changes; /* as stored with the place */
    int64_t parked_look_us; /* when `parked` is read anew while somebody waits, at the latest */
    bool reload;            /* that and the place are to be read anew at once */
    bool parked_turn;       /* parked events go before those in the reorder buffer */
    char unknown[UNKNOWN_NAMED_MAX][TYPE_SIZE]; /* types that the log has a line about */
    size_t unknown_count;
    struct consumer_counts counts;
};

/* --- consumer_state.c --- */

/* Stops it for good, with one line in the log. */
void consumer_stop(struct consumer *consumer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Doubles the pause and answers when it is over. */
int64_t consumer_pause(int64_t *retry_us);
/* The reorder buffer has changed: notes since when something is ready, and since when there is a
 * hole. */
void consumer_changed(struct consumer *consumer);
/* The size of a batch after one of so many that went well. */
size_t batch_grown(size_t max);
/* Whether the event at that place is to be parked because applying it fails. */
bool consumer_is_poison(const struct consumer *consumer, int64_t sequence);
/* What stands for an event that cannot be read: it is to be parked. */
struct consumed_event consumer_unreadable(int64_t sequence, struct str tenant);
/* A session without a tenant, in the fiber's arena. */
struct session *consumer_begin(struct consumer *consumer);

/* The log does not have what was asked for. */
void consumer_begins_later(struct consumer *consumer, int64_t first);
/* After loading: whether a snapshot is due, or the consumer has to stop. */
void consumer_check_begin(struct consumer *consumer);

/* --- consumer_call.c --- */

struct question {
    const char *operation;
    struct str tenant; /* STR_NONE: of all */
    struct str body;
    int64_t timeout_ms;
};
/* Waits for the source's answer. Its HTTP status, with 200 also `data`, in the arena; 0: there is
 * none that can be read. */
int consumer_call(struct consumer *consumer, struct arena *arena, const struct question *question,
                  const struct value **data);

/* --- consumer_ask.c --- */

void consumer_take_message(struct consumer *consumer, struct str body);
/* Asks for the page behind the reorder buffer's end and puts it there. In the fiber. */
void consumer_ask(struct consumer *consumer);

/* --- consumer_tell.c --- */

/* When the source is to be told; INT64_MAX: never. `stored` is known. */
int64_t tell_due_us(const struct consumer *consumer);
/* In the fiber. */
void consumer_tell(struct consumer *consumer);

/* --- consumer_apply.c: in the fiber --- */

void consumer_load(struct consumer *consumer);
void consumer_apply(struct consumer *consumer);
/* The batch's transaction; false when it has failed. */
bool consumer_run_batch(struct consumer *consumer, struct session *session,
                        struct apply_batch *batch);
/* Applies the batch in a transaction, and records the result. */
void consumer_commit(struct consumer *consumer, struct apply_batch *batch);

/* Notes which events are the last ones of their tenants. */
void consumer_mark_ends(struct apply_batch *batch);

/* --- consumer_snapshot.c --- */

/* In the fiber, while one is due. */
void consumer_snapshot(struct consumer *consumer);

/* --- consumer_failed.c --- */

/* Whether the fault is due to one of the batch's events; and why, of a batch of one. */
bool consumer_is_of_its_events(const struct apply_batch *batch, const struct db_fault *fault);
void consumer_describe(char error[ERROR_SIZE], const struct apply_batch *batch,
                       const struct db_fault *fault);
/* The event at that place cannot be applied. */
void consumer_poison(struct consumer *consumer, int64_t sequence, const char *error);

/* The batch's transaction failed, or what has to be done before it was refused. */
void consumer_failed(struct consumer *consumer, struct apply_batch *batch,
                     const struct db_fault *fault);

/* --- consumer_park.c --- */

bool consumer_knows(const struct consumer *consumer, struct str type);
/* Whether the event has to wait: this program must understand it and does not know its type. */
bool consumer_must_wait(const struct consumer *consumer, const struct event *event);
/* Logs each type once, and counts the event. */
void consumer_unknown(struct consumer *consumer, int64_t sequence, const struct event *event);
/* The tenant, when events of it wait, so that later ones have to wait behind them; or NULL. */
struct parked_tenant *parked_find(const struct consumer *consumer, struct str tenant);
/* How many wait for that reason, of how many tenants. */
int64_t parked_events(const struct consumer *consumer, enum parked_reason reason, int64_t *tenants);
/* When the next tenant's first event can be tried; INT64_MAX: none can. */
int64_t parked_due_us(const struct consumer *consumer);
/* That tenant; NULL when there is none. */
struct parked_tenant *parked_next(const struct consumer *consumer);

struct parked_row {
    struct str tenant_id, source;
    int64_t sequence;
    struct str type, must;
    struct packed payload;
    int64_t attempts;
    struct str error;
    int64_t wait_ms; /* until it is tried again */
    int64_t count;   /* of the tenant */
};
/* Asks for the first event of each tenant that waits; `heads` goes to parked_loaded. */
void parked_ask(struct consumer *consumer, struct session *session, struct list *heads);
void parked_loaded(struct consumer *consumer, const struct list *heads);
/* In the batch's transaction, before its context is a tenant's; and after its commit. */
void parked_add(struct consumer *consumer, struct session *session,
                const struct apply_batch *batch);
void parked_added(struct consumer *consumer, const struct apply_batch *batch);
/* False when another replica has taken them, or on a fault; and after the commit. */
bool parked_take(struct consumer *consumer, struct session *session, struct apply_batch *batch);
void parked_taken(struct consumer *consumer, const struct apply_batch *batch);
/* Asks for the tenant's first events, at most so many: struct parked_row. */
void parked_ask_events(struct consumer *consumer, struct session *session, struct str tenant,
                       int64_t max, struct list *found);
/* Stores that the tenant's first event, the batch's first and only one, failed once more. */
void parked_failed(struct consumer *consumer, const struct apply_batch *batch, struct str error);
void parked_destroy(struct consumer *consumer);

/* --- consumer_unpark.c: in the fiber, while there is a parked_next --- */

void consumer_unpark(struct consumer *consumer);

#endif
