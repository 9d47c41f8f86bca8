/* Caller sync: people are managed by another system, so the services get their names from tokens,
 * for the user and for the person that a token names besides.
 * The first request of a newer token waits until the name was sent to every service, so that its
 * answer already shows it. */
#ifndef TRACTION_CALLER_SYNC_H
#define TRACTION_CALLER_SYNC_H

#include <stdbool.h>

#include "auth.h"
#include "bus_client.h"
#include "log.h"
#include "operation.h"

struct caller_sync;

/* A request that waits; lives until `done`. */
struct caller_sync_wait {
    void (*done)(void *argument);
    void *argument;
    struct caller_sync_wait *next;
};

/* `services`: a client for each but the gateway itself; outlives. */
struct caller_sync *caller_sync_new(struct bus_client *const *services);
/* After the bus clients have ended their calls. */
void caller_sync_destroy(struct caller_sync **caller_sync);

enum caller_sync_result {
    CALLER_SYNC_DONE,    /* go on; not needed again for this token before a renaming */
    CALLER_SYNC_PARTIAL, /* go on; a later request sends the name to the others again */
    CALLER_SYNC_PENDING, /* wait->done is called within half a second */
};
/* From 1 on; one more whenever somebody known gets another name. A token needs no introduction when
 * nobody was renamed since its last one: of two tokens that were issued at the same time and say
 * different names, the one that was used last counts. */
uint64_t caller_sync_renamings(const struct caller_sync *caller_sync);

/* Before a request for `service` goes on, which `origin` is. The identity has a name. */
enum caller_sync_result caller_sync_begin(struct caller_sync *caller_sync,
                                          const struct identity *identity, enum service service,
                                          const struct log_context *origin,
                                          struct caller_sync_wait *wait);

#endif
