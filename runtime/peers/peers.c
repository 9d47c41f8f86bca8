/* Addresses and metrics of other services. */
#include "peers.h"

#include <stdio.h>

#include "bus.h"
#include "config.h"

const char *peer_endpoints(enum service service, char *text)
{
    const char *configured = config_cstr(service_endpoint_keys[service]);

    return configured ? configured
                      : bus_default_endpoint(config_cstr(CONFIG_BUS_DIR), service_names[service],
                                             text, PEER_ENDPOINT_SIZE);
}

void peer_collect(enum service service, const struct bus_client *client,
                  const struct peer_metrics *names, struct metrics *metrics)
{
    struct bus_client_counts counts = bus_client_counts(client);
    const struct {
        const char *outcome;
        uint64_t count;
    } outcomes[] = {
        {"replied", counts.replies},  {"unavailable", counts.unavailable}, {"lost", counts.lost},
        {"timeout", counts.timeouts}, {"given_up", counts.cancelled},
    };
    char labels[80];

    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        snprintf(labels, sizeof labels, "service=\"%s\",outcome=\"%s\"", service_names[service],
                 outcomes[i].outcome);
        metrics_counter(metrics, names->calls, "Completed calls to services, by outcome.", labels,
                        (double)outcomes[i].count);
    }
    snprintf(labels, sizeof labels, "service=\"%s\"", service_names[service]);
    metrics_counter(metrics, names->retries, "Calls that were sent again.", labels,
                    (double)counts.retries);
    metrics_gauge(metrics, names->in_flight, "Calls that wait for a reply.", labels,
                  (double)bus_client_in_flight(client));
    if (names->connected)
        metrics_gauge(metrics, names->connected, "1 when a replica is connected.", labels,
                      bus_client_connected(client) ? 1 : 0);
    metrics_gauge(metrics, "traction_bus_replicas", "Replicas that can be called.", labels,
                  (double)bus_client_replicas(client));
}
