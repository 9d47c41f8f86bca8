/* Creates the gateway's parts from the configuration, and destroys them in order. */
#include "gateway.h"

#include <assert.h>
#include <stdlib.h>

#include "config.h"
#include "json_in.h"
#include "memory.h"
#include "serve.h"

enum {
    TOKENS_MAX = 10000,
    TENANT_RATE = 10, /* unless configured: as many times a user's requests per minute */
};

struct key_source_config gateway_provider(void)
{
    return (struct key_source_config){
        .url = config_cstr(CONFIG_JWT_JWKS_URL),
        .discovery = str_equal(config_text(CONFIG_JWT_DISCOVERY), STR("on")),
        .issuer = config_text(CONFIG_JWT_ISSUER),
        .hosts = config_text(CONFIG_JWT_KEY_HOSTS),
        .ca_file = config_cstr(CONFIG_JWT_CA_FILE),
        .plain = str_equal(config_text(CONFIG_JWT_PLAIN_HTTP), STR("on")),
    };
}

static struct auth *make_auth(struct loop *loop)
{
    struct key_source_config provider = gateway_provider();
    struct auth_config config = {
        .loop = provider.url || provider.discovery ? loop : NULL,
        .provider = provider,
        .secret = config_text(CONFIG_JWT_SECRET),
        .previous = config_text(CONFIG_JWT_SECRET_PREVIOUS),
        .jwks_path = config_cstr(CONFIG_JWT_JWKS_FILE),
        .issuer = config_text(CONFIG_JWT_ISSUER),
        .audience = config_text(CONFIG_JWT_AUDIENCE),
        .cached_max = TOKENS_MAX,
    };

    for (size_t i = 0; i < LIMIT_COUNT; i++)
        config.limits[i] = config_int(limit_rows[i].setting);
    return auth_new(&config);
}

static struct http *make_http(struct gateway *gateway)
{
    struct http_config config = {
        .host = config_cstr(CONFIG_HOST),
        .port = (uint16_t)config_int(CONFIG_PORT),
        .connections_max = (size_t)config_int(CONFIG_MAX_CONNECTIONS),
        .trusted = gateway->trusted,
        .body_max = (size_t)config_int(CONFIG_MAX_BODY),
        .header_ms = config_int(CONFIG_HEADER_TIMEOUT_MS),
        .body_ms = config_int(CONFIG_BODY_TIMEOUT_MS),
        .idle_ms = config_int(CONFIG_IDLE_TIMEOUT_MS),
        .head = serve_head,
        .arrived = serve_arrived,
        .cancelled = serve_cancelled,
        .ended = serve_ended,
        .argument = gateway,
    };

    return http_new(gateway->loop, &config);
}

static struct own_handlers *make_own_handlers(struct gateway *gateway)
{
    struct own_handlers *own = own_handlers_new();

    own_handlers_add(own, health_handlers, gateway->health);
    own_handlers_add(own, docs_handlers, gateway->docs);
    own_handlers_add(own, console_handlers, gateway->console);
    own_handlers_add(own, streams_handlers, gateway->streams);
    return own;
}

static struct rate *make_rate(void)
{
    int64_t per_user = config_int(CONFIG_RATE_LIMIT);
    int64_t per_tenant = config_int(CONFIG_RATE_LIMIT_TENANT);

    return rate_new(per_user, per_tenant < 0 ? per_user * TENANT_RATE : per_tenant);
}

static struct console *make_console(void)
{
    const struct console_provider provider = {
        .authority = config_text(CONFIG_CONSOLE_AUTHORITY),
        .client_id = config_text(CONFIG_CONSOLE_CLIENT_ID),
        .scope = config_text(CONFIG_CONSOLE_SCOPE),
    };

    return console_new(config_cstr(CONFIG_CONSOLE_DIR), &provider);
}

struct gateway *gateway_new(struct loop *loop)
{
    struct gateway *gateway = xcalloc(1, sizeof *gateway);
    struct str bad;

    json_in_open();
    gateway->loop = loop;
    gateway->slow = slow_log_new();
    gateway->shared = (struct call_shared){
        .upstream = upstream_new(loop),
        .call_metrics = call_metrics_new(),
        .tenant_counts = tenant_counts_new(),
        .refusals = refusals_new(loop),
        .json = json_new(),
        .held = held_new((size_t)config_int(CONFIG_HELD_BYTES)),
        .bulk = bulk_queue_new(loop),
        .slow = &gateway->slow,
        .values_max = (size_t)config_int(CONFIG_MAX_BODY_VALUES),
        .answer_max = (size_t)config_int(CONFIG_MAX_ANSWER),
    };
    gateway->router = router_new(config_text(CONFIG_BASE_PATH));
    gateway->cors = cors_new(config_text(CONFIG_CORS_ORIGINS));
    gateway->rate = make_rate();
    gateway->trusted = networks_new(config_text(CONFIG_TRUSTED_PROXIES), &bad);
    assert(gateway->trusted); /* looked at with the configuration */
    gateway->streams = streams_new(loop, &gateway->shared);
    gateway->caller_sync = caller_sync_new(gateway->shared.upstream->services);
    gateway->health = health_new(gateway);
    gateway->console = make_console();
    gateway->docs =
        docs_new(config_cstr(CONFIG_DOCS_DIR), config_text(CONFIG_BASE_PATH), gateway->console);
    gateway->own = make_own_handlers(gateway);
    gateway->auth = make_auth(loop);
    if (gateway->auth && own_handlers_complete(gateway->own))
        gateway->http = make_http(gateway);
    if (!gateway->http)
        gateway_destroy(&gateway);
    return gateway;
}

void gateway_destroy(struct gateway **gateway)
{
    struct gateway *old = *gateway;

    if (!old)
        return;
    upstream_close(old->shared.upstream); /* answers what is under way */
    if (old->auth)
        auth_close(old->auth);
    bulk_finish(old->shared.bulk);
    streams_destroy(&old->streams);
    http_destroy(&old->http);
    networks_destroy(&old->trusted);
    health_destroy(&old->health);
    docs_destroy(&old->docs);
    console_destroy(&old->console);
    own_handlers_destroy(&old->own);
    caller_sync_destroy(&old->caller_sync);
    auth_destroy(&old->auth);
    rate_destroy(&old->rate);
    bulk_queue_destroy(&old->shared.bulk);
    cors_destroy(&old->cors);
    router_destroy(&old->router);
    refusals_destroy(&old->shared.refusals);
    call_metrics_destroy(&old->shared.call_metrics);
    tenant_counts_destroy(&old->shared.tenant_counts);
    json_destroy(&old->shared.json);
    held_destroy(&old->shared.held);
    upstream_destroy(&old->shared.upstream);
    free(old);
    *gateway = NULL;
}
