/* The services behind the gateway: a client for each, and how many calls may wait for them. */
#ifndef TRACTION_UPSTREAM_H
#define TRACTION_UPSTREAM_H

#include "bus_client.h"
#include "operation.h"
#include "shares.h"
#include "tenant_lines.h"

struct upstream {
    struct bus_client *services[SERVICE_COUNT]; /* none for SERVICE_GATEWAY */
    int64_t request_timeout_ms;
    size_t in_flight;
    struct shares *all, *of_services[SERVICE_COUNT]; /* what is forwarded, by tenant */
    struct tenant_lines *lines[SERVICE_COUNT];       /* of it what is not only to be */
    uint64_t full, limited; /* calls refused: no room for anybody, or beyond their tenant's share */
    bool closing;           /* the clients are going away: nothing is sent any more */
};

/* By the configuration. */
struct upstream *upstream_new(struct loop *loop);
/* Ends the calls under way; from then on nothing is sent. */
void upstream_close(struct upstream *upstream);
void upstream_destroy(struct upstream **upstream); /* closed before */

/* A call's place among those that are forwarded; zero: none. */
struct upstream_place {
    struct share *all, *of_service;
    struct line_place line;
};

/* A place in the gateway for one more call of that tenant, if there is any. */
enum share_verdict upstream_enter(struct upstream *upstream, struct str tenant,
                                  struct upstream_place *place);
/* True when it is the call's turn among those of its tenant; else run(argument) is called when it
 * is. */
bool upstream_await(struct upstream *upstream, enum service service, struct str tenant,
                    struct upstream_place *place, void (*run)(void *argument), void *argument);
/* Then a place at the service, if there is any. */
enum share_verdict upstream_begin(struct upstream *upstream, enum service service,
                                  struct str tenant, struct upstream_place *place);
/* Gives back all of it, and may run others that wait. */
void upstream_leave(struct upstream *upstream, enum service service, struct upstream_place *place);
size_t upstream_waiting(const struct upstream *upstream); /* calls that may not be sent yet */

#endif
