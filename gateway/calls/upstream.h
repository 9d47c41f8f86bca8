/* The services behind the gateway: a client for each, and how many calls may wait for them. */
#ifndef TRACTION_UPSTREAM_H
#define TRACTION_UPSTREAM_H

#include "bus_client.h"
#include "operation.h"

struct upstream {
    struct bus_client *services[SERVICE_COUNT]; /* none for SERVICE_GATEWAY */
    int64_t request_timeout_ms;
    size_t in_flight, in_flight_max;
    size_t queue_length; /* calls of one service in flight at most */
    bool closing;        /* the clients are going away: nothing is sent any more */
};

/* By the configuration. */
struct upstream *upstream_new(struct loop *loop);
/* Ends the calls under way; from then on nothing is sent. */
void upstream_close(struct upstream *upstream);
void upstream_destroy(struct upstream **upstream); /* closed before */

/* Whether one more call of that service would be too many. */
bool upstream_is_full(const struct upstream *upstream, enum service service);

#endif
