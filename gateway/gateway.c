/* Creates the gateway's parts from the configuration, and destroys them in order. */
#include "gateway.h"

#include <assert.h>
#include <stdlib.h>

#include "bus.h"
#include "config.h"
#include "json_in.h"
#include "streams.h"

enum { TOKENS_MOST = 10000, ENDPOINT_MOST = 200 };

static const enum config_key limit_keys[LIMIT_COUNT] = {
    [LIMIT_GOALS] = CONFIG_LIMIT_GOALS,
    [LIMIT_KPIS] = CONFIG_LIMIT_KPIS,
    [LIMIT_ACTIONS] = CONFIG_LIMIT_ACTIONS,
    [LIMIT_STRATEGIES] = CONFIG_LIMIT_STRATEGIES,
    [LIMIT_ATTACHMENTS] = CONFIG_LIMIT_ATTACHMENTS,
    [LIMIT_REPORTS] = CONFIG_LIMIT_REPORTS,
};

static struct auth *make_auth(void)
{
    struct auth_config config = {
        .secret = config_text(CONFIG_JWT_SECRET),
        .previous = config_text(CONFIG_JWT_SECRET_PREVIOUS),
        .jwks_path = config_cstr(CONFIG_JWT_JWKS_FILE),
        .issuer = config_text(CONFIG_JWT_ISSUER),
        .audience = config_text(CONFIG_JWT_AUDIENCE),
        .cached_most = TOKENS_MOST,
    };

    for (size_t i = 0; i < LIMIT_COUNT; i++)
        config.limits[i] = config_int(limit_keys[i]);
    return auth_new(&config);
}

/* Where a service is; `fallback` has ENDPOINT_MOST bytes. */
static const char *service_endpoints(enum service service, char *fallback)
{
    const char *endpoints = config_cstr(service_endpoint_keys[service]);

    return endpoints ? endpoints
                     : bus_default_endpoint(config_cstr(CONFIG_BUS_DIR), service_names[service],
                                            fallback, ENDPOINT_MOST);
}

static void connect_services(struct gateway *gateway)
{
    char fallback[ENDPOINT_MOST];

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        const char *name = service_names[service];
        const char *endpoints = service_endpoints((enum service)service, fallback);
        /* The introductions and pings come on top of what is forwarded. */
        gateway->services[service] =
            bus_client_new(gateway->loop, name, endpoints, gateway->in_flight_most * 2, 0);
    }
}

static struct streams *make_streams(struct gateway *gateway)
{
    char fallback[ENDPOINT_MOST];

    return streams_new(gateway, service_endpoints(SERVICE_REALTIME, fallback));
}

/* --- The log's context is the call's while it is worked on --- */

static bool on_head(void *argument, struct exchange *exchange)
{
    bool wanted = serve_head(argument, exchange);

    log_use(NULL);
    return wanted;
}

static void on_arrived(void *argument, struct exchange *exchange)
{
    const struct call *call = exchange->user;

    if (call)
        log_use(&call->log);
    serve_arrived(argument, exchange);
    log_use(NULL);
}

static struct http *make_http(struct gateway *gateway)
{
    struct http_config config = {
        .host = config_cstr(CONFIG_HOST),
        .port = (uint16_t)config_int(CONFIG_PORT),
        .connections_most = (size_t)config_int(CONFIG_MAX_CONNECTIONS),
        .trusted = gateway->trusted,
        .body_most = (size_t)config_int(CONFIG_MAX_BODY),
        .header_ms = config_int(CONFIG_HEADER_TIMEOUT_MS),
        .body_ms = config_int(CONFIG_BODY_TIMEOUT_MS),
        .idle_ms = config_int(CONFIG_IDLE_TIMEOUT_MS),
        .head = on_head,
        .arrived = on_arrived,
        .gone = serve_gone,
        .argument = gateway,
    };

    return http_new(gateway->loop, &config);
}

struct gateway *gateway_new(struct loop *loop)
{
    struct gateway *gateway = calloc(1, sizeof *gateway);
    struct str bad;

    if (!gateway)
        abort();
    json_in_open();
    gateway->loop = loop;
    gateway->request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS);
    gateway->in_flight_most = (size_t)config_int(CONFIG_MAX_IN_FLIGHT);
    gateway->queue_length = (size_t)config_int(CONFIG_QUEUE_LENGTH);
    gateway->json = json_new();
    gateway->router = router_new(config_text(CONFIG_BASE_PATH));
    gateway->cors = cors_new(config_text(CONFIG_CORS_ORIGINS));
    gateway->meter = meter_new();
    gateway->refusals = refusals_new(loop);
    if (config_int(CONFIG_RATE_LIMIT) > 0)
        gateway->rate = rate_new(config_int(CONFIG_RATE_LIMIT));
    gateway->trusted = networks_new(config_text(CONFIG_TRUSTED_PROXIES), &bad);
    assert(gateway->trusted); /* looked at with the configuration */
    connect_services(gateway);
    gateway->streams = make_streams(gateway);
    gateway->introducer = introducer_new(gateway->services);
    gateway->health = health_new(gateway);
    gateway->docs = docs_new(config_cstr(CONFIG_DOCS_DIR), config_text(CONFIG_BASE_PATH));
    gateway->auth = make_auth();
    gateway->http = gateway->auth ? make_http(gateway) : NULL;
    if (!gateway->http)
        gateway_destroy(&gateway);
    return gateway;
}

void gateway_destroy(struct gateway **gateway)
{
    struct gateway *old = *gateway;

    if (!old)
        return;
    old->closing = true;
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        bus_client_destroy(&old->services[service]); /* answers what is under way */
    streams_destroy(&old->streams);
    http_destroy(&old->http);
    networks_destroy(&old->trusted);
    health_destroy(&old->health);
    docs_destroy(&old->docs);
    introducer_destroy(&old->introducer);
    auth_destroy(&old->auth);
    rate_destroy(&old->rate);
    refusals_destroy(&old->refusals);
    meter_destroy(&old->meter);
    cors_destroy(&old->cors);
    router_destroy(&old->router);
    json_destroy(&old->json);
    free(old);
    *gateway = NULL;
}
