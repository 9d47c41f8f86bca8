/* A snapshot that a consumer takes. Shared by consumer_snapshot.c and consumer_restore.c. */
#ifndef TRACTION_CONSUMER_SNAPSHOT_H
#define TRACTION_CONSUMER_SNAPSHOT_H

#include "consumer_state.h"

struct snapshot {
    struct consumer *consumer;
    struct arena *tenants; /* of a page of them */
    int64_t place;         /* where the log goes on */
    int64_t parked;        /* entities that cannot be applied */
    int64_t tenant_count, entities;
    int64_t said_us;
    unsigned left_out; /* of the added kinds: bits of those that the source does not know */
    bool over; /* ended: the process ends, the consumer has stopped, or another replica is faster */
};

/* consumer_restore.c: applies entities of one tenant in a transaction; what cannot be applied
 * waits in parked_events. In the consumer's arena. */
void snapshot_apply(struct snapshot *snapshot, struct consumed_event *events, size_t count);

#endif
