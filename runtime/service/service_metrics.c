/* The metrics of a service, besides those of every process. */
#include "event_path.h"

#include <stdio.h>

#include "bus_refusals.h"
#include "peers.h"

static void collect_bus(const struct process *process, struct metrics *metrics)
{
    if (!process->server)
        return;
    struct bus_server_counts counts = bus_server_counts(process->server);
    metrics_counter(metrics, "traction_bus_requests_total", "Requests that arrived.", NULL,
                    (double)counts.requests);
    metrics_counter(metrics, "traction_bus_refused_total",
                    "Requests refused because the queue was full.", NULL, (double)counts.refused);
    metrics_counter(metrics, "traction_bus_limited_total",
                    "Requests refused because their tenant held more than its share of the queue.",
                    NULL, (double)counts.limited);
    metrics_counter(metrics, "traction_bus_expired_total",
                    "Requests that arrived after their deadline.", NULL, (double)counts.expired);
    metrics_counter(metrics, "traction_bus_malformed_total",
                    "Messages that were not valid requests.", NULL, (double)counts.malformed);
    for (int reason = 0; reason < BUS_REFUSAL_COUNT; reason++) {
        char label[40];
        snprintf(label, sizeof label, "reason=\"%s\"", bus_refusal_names[reason]);
        metrics_counter(metrics, "traction_bus_refused_peers_total",
                        "Peers refused for their keys, and refused calls.", label,
                        (double)bus_refusals((enum bus_refusal)reason));
    }
    metrics_counter(metrics, "traction_bus_cancelled_total",
                    "Requests whose caller disconnected before the answer.", NULL,
                    (double)counts.cancelled);
    metrics_gauge(metrics, "traction_requests_in_flight", "Requests held.", NULL,
                  (double)bus_server_pending(process->server));
}

static void collect_database(const struct process *process, struct metrics *metrics)
{
    if (!process->database)
        return;
    struct database_counts counts = database_counts(process->database);
    const struct {
        const char *name, *help;
        uint64_t value;
    } counters[] = {
        {"traction_database_waves_total", "Round trips to the database.", counts.batches},
        {"traction_database_statements_total", "Statements sent.", counts.statements},
        {"traction_database_commits_total", "Transactions committed.", counts.commits},
        {"traction_database_rollbacks_total", "Transactions rolled back.", counts.rollbacks},
        {"traction_database_faults_total", "Sessions that failed.", counts.faults},
        {"traction_database_reconnects_total", "Reconnections.", counts.reconnects},
    };
    const struct {
        const char *name, *help;
        size_t value;
    } gauges[] = {
        {"traction_database_readers_open", "Connections for reads.", counts.readers_open},
        {"traction_database_writers_open", "Connections for writes.", counts.writers_open},
        {"traction_database_writers_busy", "Writing transactions in progress.",
         counts.writers_busy},
        {"traction_database_writers_waiting", "Transactions that wait for a connection.",
         counts.writers_waiting},
    };

    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        metrics_counter(metrics, counters[i].name, counters[i].help, NULL,
                        (double)counters[i].value);
    for (size_t i = 0; i < sizeof gauges / sizeof *gauges; i++)
        metrics_gauge(metrics, gauges[i].name, gauges[i].help, NULL, (double)gauges[i].value);
    metrics_gauge(metrics, "traction_database_ready", "1 when the database is connected.", NULL,
                  database_ready(process->database) ? 1 : 0);
}

static void collect_calls(const struct process *process, struct metrics *metrics)
{
    static const struct peer_metrics names = {
        .calls = "traction_calls_total",
        .retries = "traction_call_retries_total",
        .in_flight = "traction_calls_in_flight",
    };

    for (int service = 0; service < SERVICE_COUNT; service++)
        if (process->clients[service])
            peer_collect((enum service)service, process->clients[service], &names, metrics);
}

void process_collect(void *argument, struct metrics *metrics)
{
    const struct process *process = argument;

    routes_collect(process->routes, metrics);
    dispatch_collect(process->dispatch, metrics);
    collect_bus(process, metrics);
    collect_database(process, metrics);
    events_collect(process, metrics);
    collect_calls(process, metrics);
    leases_collect(process, metrics);
    if (process->program->collect)
        process->program->collect(metrics);
}
