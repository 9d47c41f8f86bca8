/* The clients of the bus, made from the configuration and taken down together. */
#include "upstream.h"

#include <stdlib.h>

#include "config.h"
#include "memory.h"
#include "peers.h"

struct upstream *upstream_new(struct loop *loop)
{
    struct upstream *upstream = xcalloc(1, sizeof *upstream);
    char text[PEER_ENDPOINT_SIZE];

    upstream->request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS);
    upstream->in_flight_max = (size_t)config_int(CONFIG_MAX_IN_FLIGHT);
    upstream->queue_length = (size_t)config_int(CONFIG_QUEUE_LENGTH);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        /* Calls of learnPerson and ping come in addition to those that are forwarded. */
        upstream->services[service] = bus_client_new(loop, service_names[service],
                                                     peer_endpoints((enum service)service, text),
                                                     upstream->in_flight_max * 2, 0);
    return upstream;
}

void upstream_close(struct upstream *upstream)
{
    upstream->closing = true;
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        bus_client_destroy(&upstream->services[service]);
}

void upstream_destroy(struct upstream **upstream)
{
    free(*upstream);
    *upstream = NULL;
}

bool upstream_is_full(const struct upstream *upstream, enum service service)
{
    return upstream->in_flight >= upstream->in_flight_max ||
           bus_client_in_flight(upstream->services[service]) >= upstream->queue_length;
}
