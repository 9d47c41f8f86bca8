/* Applies the events of one source, each exactly once and in the order of its log.
 *
 * The sequence number of the last applied event is stored in the table `consumed`, in the
 * transaction that applies. Published messages are only the fast path: at the start, when a number
 * is missing, and after two seconds without a message the source is asked for the events after the
 * last one (operation eventsSince). All replicas of a service do so; of two that apply the same
 * events, one commits and the other finds that the stored number has changed.
 *
 * Two kinds of events wait in the table parked_events, with all that follows of their tenants,
 * while other tenants' events go on. One that cannot be read, that `apply` refuses, or whose
 * transaction fails by itself, is tried again after growing pauses. One whose type this program
 * does not know, because it is of an older release, although it must (event.h), waits for a newer
 * release. Other events of unknown types are skipped, which the log says once for each type.
 *
 * The source is told what is applied (operation tellConsumed), since it keeps what is not.
 *
 * When the source's log does not go back to the place that is stored, the consumer begins anew from
 * a snapshot (consumer_snapshot.c).
 *
 * After any other fault of the database it retries without limit. An event that cannot be read, and
 * of which the log does not say whose it is, stops the consumer: no event is skipped silently. */
#ifndef TRACTION_CONSUMER_H
#define TRACTION_CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include "bus_client.h"
#include "db.h"
#include "event.h"
#include "loop.h"

struct consumer;

enum { PARKED_MAX = 10000 };

struct consumed_event {
    int64_t sequence; /* in the source's log */
    struct event event;
    bool last;          /* of its tenant in this transaction */
    void *note;         /* from `apply` for `applied`; in the arena that apply was given */
    struct str refusal; /* from an `apply` that refuses: why, for operators; likewise */
};

enum before_outcome {
    BEFORE_DONE,
    BEFORE_LATER,   /* not yet: it is called again after a pause */
    BEFORE_REFUSED, /* never, as far as can be seen */
};

struct consumer_config {
    struct loop *loop;
    struct database *database;
    struct bus_client *client; /* of the source */
    const char *source;        /* "svc-goals"; the key in `consumed` */
    const char *service;       /* the same without the suffix of a second consumer */
    const char *endpoints;     /* where the source takes requests */
    const char *program;       /* who this is, "svc-kpis", for what it must understand */
    bool silent; /* the source is not told what is applied: another consumer of the program tells */
    bool (*knows)(struct str type); /* whether this program knows the type; NULL: each */
    /* Kinds of entities that a snapshot of the source has for this consumer, in the order in which
     * they are applied; NULL-terminated. NULL: it keeps no state of the source. */
    const char *const *kinds;
    /* Kinds that the source has since a later release than the first ones, applied after them. From
     * a source that does not know one it begins without: events bring it. NULL: there are none. */
    const char *const *added_kinds;
    bool rebuilds;      /* what was deleted while the log was lost would stay: only when nothing was
                           applied yet it may begin from a snapshot by itself */
    bool anew;          /* begins from a snapshot although the log may be whole, at the place of the
                           program's consumer without suffix, and waits then for consumer_release */
    int64_t parked_max; /* events that may wait for a newer release; one more stops the consumer.
                           PARKED_MAX, or 0 */
    const char *const *types; /* beginnings of types of interest, NULL-terminated; NULL: all */
    /* In a fiber, in the transaction, with the event's tenant, user and time as context. It must
     * have no effects outside the transaction, since that may be rolled back and run again. False:
     * refused, or the session has a fault. The arena lives until `applied` has returned. */
    bool (*apply)(void *argument, struct session *session, struct arena *arena,
                  struct consumed_event *event);
    /* In the transaction, before the first of its events, in no tenant's name: locks what all of
     * them need. Its faults are the session's. May be NULL. */
    void (*begin)(void *argument, struct session *session, struct arena *arena,
                  const struct consumed_event *events, size_t count);
    /* In a fiber, before the transaction that applies them; no connection or lock is held
     * meanwhile. May be NULL. */
    enum before_outcome (*before)(void *argument, struct arena *arena,
                                  const struct consumed_event *events, size_t count);
    /* After the commit, in the replica that made it; not guaranteed, since the process may die in
     * between. May be NULL. */
    void (*applied)(void *argument, const struct consumed_event *events, size_t count);
    /* In the transaction that leaves out events which the log has no more, of a consumer without
     * kinds. May be NULL. */
    void (*lost)(void *argument, struct session *session);
    void *argument;
};

/* Begins at once. `config` and what it points to outlive the consumer. */
struct consumer *consumer_new(const struct consumer_config *config);
/* Starts nothing new; a batch that has begun is finished. */
void consumer_end(struct consumer *consumer);
/* Nothing may run in its fiber any more. */
void consumer_destroy(struct consumer **consumer);

/* With `anew`: whether the snapshot is applied; and goes on by the log. */
bool consumer_is_held(const struct consumer *consumer);
void consumer_release(struct consumer *consumer);

/* Why it has stopped, one sentence; NULL while it has not. */
const char *consumer_stopped(const struct consumer *consumer);

/* Whether the fault of a transaction that applied events is that another replica has applied them.
 */
bool consumer_lost_race(const struct db_fault *fault);

/* Why a tenant's events wait. */
enum parked_reason {
    PARKED_RELEASE,     /* for a newer release of this program */
    PARKED_FAILED,      /* the first cannot be applied */
    PARKED_CATCHING_UP, /* for those before them, which are being applied */
    PARKED_REASONS,
};

struct consumer_counts {
    int64_t sequence, head;           /* stored, and the highest that is known to exist */
    double behind_seconds;            /* age of the next event to apply; 0 when there is none */
    uint64_t applied;                 /* events of interest, by this replica */
    uint64_t batches, lost, failures; /* transactions: committed, won by another replica, failed */
    uint64_t gaps, pages;             /* gaps in the messages, and replies of eventsSince */
    uint64_t snapshots;               /* that it has begun from */
    uint64_t unknown;                 /* events that came of types that are not known */
    int64_t parked_tenants[PARKED_REASONS], parked_events[PARKED_REASONS];
};
struct consumer_counts consumer_counts(const struct consumer *consumer);

#endif
