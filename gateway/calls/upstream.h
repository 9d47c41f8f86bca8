/* The services behind the gateway: a client for each, and how many calls may wait for them. */
#ifndef TRACTION_UPSTREAM_H
#define TRACTION_UPSTREAM_H

#include "bus_client.h"
#include "operation.h"
#include "shares.h"

struct upstream {
    struct bus_client *services[SERVICE_COUNT]; /* none for SERVICE_GATEWAY */
    int64_t request_timeout_ms;
    size_t in_flight;
    struct shares *all, *of_services[SERVICE_COUNT]; /* what is forwarded, by tenant */
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
};

/* A place for one more call of that tenant, if there is any. */
enum share_verdict upstream_enter(struct upstream *upstream, enum service service,
                                  struct str tenant, struct upstream_place *place);
void upstream_leave(struct upstream *upstream, enum service service, struct upstream_place *place);

#endif
