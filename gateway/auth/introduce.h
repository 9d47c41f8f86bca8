/* Caller sync: people are managed by another system, so the services get their names from tokens.
 * The first request of a newer token waits until the name was sent to every service, so that its
 * answer already shows it. */
#ifndef TRACTION_INTRODUCE_H
#define TRACTION_INTRODUCE_H

#include <stdbool.h>

#include "auth.h"
#include "bus_client.h"
#include "operation.h"

struct introducer;

/* A request that waits; lives until `done`. */
struct introduction {
    void (*done)(void *argument);
    void *argument;
    struct introduction *next;
};

/* `services`: a client for each but the gateway itself; outlives. */
struct introducer *introducer_new(struct bus_client *const *services);
/* After the bus clients have ended their calls. */
void introducer_destroy(struct introducer **introducer);

enum introduced {
    INTRODUCED_ALL,   /* go on; not needed again for this token before a renaming */
    INTRODUCED_SOME,  /* go on; a later request sends the name to the others again */
    INTRODUCED_LATER, /* wait->done is called within half a second */
};
/* From 1 on; one more whenever somebody known gets another name. A token needs no introduction when
 * nobody was renamed since its last one: of two tokens that were issued at the same time and say
 * different names, the one that was used last counts. */
uint64_t introducer_renamings(const struct introducer *introducer);

/* Before a request for `service` goes on. The identity has a name. */
enum introduced introduce(struct introducer *introducer, const struct identity *identity,
                          enum service service, struct str request_id, struct introduction *wait);

#endif
