/* The clients of the bus, made from the configuration and taken down together. */
#include "upstream.h"

#include <stdlib.h>

#include "bus.h"
#include "config.h"
#include "memory.h"

const char *upstream_endpoints(enum service service, char *fallback)
{
    const char *endpoints = config_cstr(service_endpoint_keys[service]);

    return endpoints ? endpoints
                     : bus_default_endpoint(config_cstr(CONFIG_BUS_DIR), service_names[service],
                                            fallback, UPSTREAM_ENDPOINT_MOST);
}

struct upstream *upstream_new(struct loop *loop)
{
    struct upstream *upstream = xcalloc(1, sizeof *upstream);
    char fallback[UPSTREAM_ENDPOINT_MOST];

    upstream->request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS);
    upstream->in_flight_most = (size_t)config_int(CONFIG_MAX_IN_FLIGHT);
    upstream->queue_length = (size_t)config_int(CONFIG_QUEUE_LENGTH);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        /* Calls of learnPerson and ping come in addition to those that are forwarded. */
        upstream->services[service] = bus_client_new(
            loop, service_names[service], upstream_endpoints((enum service)service, fallback),
            upstream->in_flight_most * 2, 0);
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
    return upstream->in_flight >= upstream->in_flight_most ||
           bus_client_in_flight(upstream->services[service]) >= upstream->queue_length;
}
