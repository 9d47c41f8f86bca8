/* The other services as the gateway and each service see them: where they are, and what /metrics
 * says of calling them. */
#ifndef TRACTION_PEERS_H
#define TRACTION_PEERS_H

#include "admin.h"
#include "bus_client.h"
#include "services.h"

enum { PEER_ENDPOINT_SIZE = 256 };

/* Where a service takes requests, as configured or by default; `text` has PEER_ENDPOINT_SIZE bytes
 * for the latter. */
const char *peer_endpoints(enum service service, char *text);

/* The names differ between gateway and services, because there were two before this. */
struct peer_metrics {
    const char *calls, *retries, *in_flight;
    const char *connected; /* NULL: not told */
};
void peer_collect(enum service service, const struct bus_client *client,
                  const struct peer_metrics *names, struct metrics *metrics);

#endif
