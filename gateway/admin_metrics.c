/* The gateway's own metrics, and its readiness for the admin listener. */
#include "admin_metrics.h"

#include "config.h"
#include "peers.h"
#include "timestamp.h"

static const char *missing(void *argument)
{
    struct gateway *gateway = argument;

    return health_missing(gateway->health);
}

static void collect_bus(const struct gateway *gateway, struct metrics *metrics)
{
    static const struct peer_metrics names = {
        .calls = "traction_bus_calls_total",
        .retries = "traction_bus_retries_total",
        .in_flight = "traction_bus_in_flight",
        .connected = "traction_bus_connected",
    };

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        peer_collect((enum service)service, gateway->shared.upstream->services[service], &names,
                     metrics);
}

static void collect_streams(const struct gateway *gateway, struct metrics *metrics)
{
    struct streams_counts counts = streams_counts(gateway->streams);

    metrics_gauge(metrics, "traction_streams", "Open streams.", "", (double)counts.open);
    metrics_gauge(metrics, "traction_stream_pending_bytes", "Bytes buffered for slow clients.", "",
                  (double)counts.pending);
    metrics_gauge(metrics, "traction_stream_channels", "Tenants whose events are followed.", "",
                  (double)counts.channels);
    metrics_counter(metrics, "traction_streams_opened_total", "Streams opened.", "",
                    (double)counts.opened);
    metrics_counter(metrics, "traction_stream_events_total", "Events written to clients.", "",
                    (double)counts.sent);
    metrics_counter(metrics, "traction_streams_evicted_total",
                    "Streams closed because their client did not read.", "",
                    (double)counts.evicted);
    metrics_counter(metrics, "traction_stream_replays_total",
                    "Streams that began with entries their client had missed.", "",
                    (double)counts.replays);
    metrics_counter(metrics, "traction_stream_gaps_total", "Gaps seen in published events.", "",
                    (double)counts.gaps);
}

static void collect_limits(const struct gateway *gateway, struct metrics *metrics)
{
    const struct upstream *upstream = gateway->shared.upstream;
    const struct held_refusals held = held_refusals(gateway->shared.held);
    const struct {
        const char *label;
        uint64_t value;
    } refused[] = {
        {"reason=\"user_rate\"", rate_refused(gateway->rate, RATE_USER)},
        {"reason=\"tenant_rate\"", rate_refused(gateway->rate, RATE_TENANT)},
        {"reason=\"tenant_in_flight\"", upstream->limited},
        {"reason=\"full\"", upstream->full},
        {"reason=\"tenant_held\"", held.share},
        {"reason=\"held_full\"", held.full},
    };

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        metrics_counter(metrics, "traction_limited_total",
                        "Requests refused for their user's or tenant's limit (429), or because "
                        "there was no room for anybody's (503).",
                        refused[i].label, (double)refused[i].value);
}

static void collect(void *argument, struct metrics *metrics)
{
    struct gateway *gateway = argument;
    struct auth_counts tokens = auth_counts(gateway->auth, monotonic_us());

    call_metrics_collect(gateway->shared.call_metrics, metrics);
    metrics_gauge(metrics, "traction_http_connections", "Open HTTP connections.", "",
                  (double)http_connections(gateway->http));
    metrics_gauge(metrics, "traction_http_exchanges", "Requests being read, served or answered.",
                  "", (double)http_open_exchanges(gateway->http));
    metrics_gauge(metrics, "traction_forwarded_in_flight", "Requests that wait for a service.", "",
                  (double)gateway->shared.upstream->in_flight);
    metrics_gauge(
        metrics, "traction_forwarded_waiting",
        "Those of them that wait here, because enough of their tenant are at the service.", "",
        (double)upstream_waiting(gateway->shared.upstream));
    collect_limits(gateway, metrics);
    metrics_gauge(metrics, "traction_held_bytes",
                  "Bytes of larger bodies and answers that are held for clients.", "",
                  (double)held_bytes(gateway->shared.held));
    metrics_gauge(metrics, "traction_held_max_bytes",
                  "Bytes of larger bodies and answers that may be held.", "",
                  (double)config_int(CONFIG_HELD_BYTES));
    collect_streams(gateway, metrics);
    metrics_gauge(metrics, "traction_draining", "1 when it was told to stop.", "",
                  gateway->draining ? 1 : 0);
    collect_bus(gateway, metrics);
    metrics_counter(metrics, "traction_token_checks_total", "Tokens checked.", "result=\"cached\"",
                    (double)tokens.hits);
    metrics_counter(metrics, "traction_token_checks_total", "Tokens checked.",
                    "result=\"verified\"", (double)tokens.misses);
    metrics_counter(metrics, "traction_token_refusals_total", "Tokens refused.", "",
                    (double)tokens.refused);
    metrics_gauge(metrics, "traction_tokens_cached", "Verified tokens in the cache.", "",
                  (double)tokens.cached);
    metrics_gauge(metrics, "traction_jwks_unread_seconds",
                  "Seconds since the public keys could last be read; its keys expire at 3600.", "",
                  (double)tokens.keys_unread_us / 1e6);
}

static void collect_tenants(void *argument, struct metrics *metrics)
{
    const struct gateway *gateway = argument;
    struct tenant_streams tenants[TENANT_COUNTS_MAX];
    size_t count = streams_of_tenants(gateway->streams, tenants, TENANT_COUNTS_MAX);
    char label[TENANT_LABEL_SIZE];

    tenant_counts_collect(gateway->shared.tenant_counts, metrics);
    for (size_t i = 0; i < count; i++) {
        tenant_label(tenants[i].tenant, label);
        metrics_gauge(metrics, "traction_tenant_streams", "Open streams of some tenants.", label,
                      (double)tenants[i].open);
    }
}

struct admin *admin_metrics_open(struct gateway *gateway)
{
    struct admin_config config = {
        .host = config_cstr(CONFIG_ADMIN_HOST),
        .port = (uint16_t)config_int(CONFIG_ADMIN_PORT),
        .missing = missing,
        .collect = collect,
        .collect_tenants = collect_tenants,
        .argument = gateway,
    };

    return admin_new(gateway->loop, &config);
}
