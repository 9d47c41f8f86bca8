/* The health routes. Readiness pings every service, and through each its database; a round is
 * shared by all requests that arrive while it runs and for a quarter of a second after. */
#include "health.h"

#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "config.h"
#include "gateway.h"
#include "memory.h"
#include "timestamp.h"
#include "unpack.h"

enum { KEYS_LATE_US = 5000000, PING_MS = 1000, FRESH_US = 250000, TEXT_MAX = 120 };

/* What the last round found out about one service. */
struct finding {
    struct health *health;
    enum service service;
    struct request request;
    bool answers, database;
    int64_t asked_us, latency_us;
    const char *outcome; /* for who may be a stranger: nothing of what a service or database says */
};

struct waiting_call {
    struct call *call;
    const char *ready; /* the word for it */
    struct waiting_call *next;
};

struct health {
    const struct gateway *gateway;
    struct upstream *upstream;
    struct finding findings[SERVICE_COUNT];
    unsigned left;    /* pings of the running round */
    int64_t ended_us; /* of the last round; 0 before the first */
    struct waiting_call *waiting;
    struct arena *scratch;
    char missing[TEXT_MAX];
};

struct health *health_new(const struct gateway *gateway)
{
    struct health *health = xcalloc(1, sizeof *health);

    health->gateway = gateway;
    health->upstream = gateway->shared.upstream;
    health->scratch = arena_new();
    return health;
}

void health_destroy(struct health **health)
{
    if (!*health)
        return;
    arena_destroy(&(*health)->scratch);
    free(*health);
    *health = NULL;
}

static bool is_ready(const struct health *health)
{
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++)
        if (!health->findings[service].answers || !health->findings[service].database)
            return false;
    return !health->gateway->draining;
}

static void put(struct json *json, const char *key, struct str text)
{
    json_key(json, str_of(key));
    json_text(json, text);
}

static void put_check(struct json *json, const char *component, const char *part, bool healthy,
                      const char *description, int64_t latency_us)
{
    char name[TEXT_MAX];

    snprintf(name, sizeof name, "%s%s", component, part);
    json_object_begin(json);
    put(json, "component", str_of(name));
    put(json, "status", healthy ? STR("Healthy") : STR("Unhealthy"));
    put(json, "description", str_of(description));
    json_key(json, STR("latencyMs"));
    if (latency_us < 0)
        json_nothing(json);
    else
        json_double(json, (double)latency_us / 1000);
    json_object_end(json);
}

/* Only told: while the keys cannot be read, secrets still count, and every gateway would be out. */
static void put_keys(struct json *json, const struct auth *auth)
{
    struct auth_counts counts = auth_counts(auth, monotonic_us());
    bool read = counts.keys_unread_us < KEYS_LATE_US;

    if (counts.has_set)
        put_check(json, "token keys", "", read && counts.has_keys,
                  !counts.has_keys ? "there are none"
                  : read           ? "are read"
                                   : "cannot be read; the last ones count for an hour",
                  -1);
}

static void put_checks(struct json *json, const struct health *health)
{
    bool draining = health->gateway->draining;

    json_key(json, STR("checks"));
    json_array_begin(json);
    put_check(json, "gateway", "", !draining, draining ? "is stopping" : "answers", 0);
    put_keys(json, health->gateway->auth);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        const struct finding *found = &health->findings[service];
        const char *name = service_names[service];
        int64_t latency_us = found->answers ? found->latency_us : -1;
        put_check(json, name, "", found->answers, found->answers ? "answers" : found->outcome,
                  latency_us);
        put_check(json, name, " database", found->database,
                  found->database  ? "answers"
                  : found->answers ? "does not answer"
                                   : "unknown, because the service does not answer",
                  found->database ? latency_us : -1);
    }
    json_array_end(json);
}

static void answer(struct call *call, const char *status, bool ready, const struct health *checks)
{
    struct json *json = call->shared->json;
    struct buffer out = buffer_in(call->arena, 512);
    char now[TIMESTAMP_TEXT_SIZE];

    timestamp_format(timestamp_now(), now);
    json_start(json, &out);
    json_object_begin(json);
    json_key(json, STR("success"));
    json_bool(json, ready);
    json_key(json, STR("data"));
    json_object_begin(json);
    put(json, "status", str_of(status));
    put(json, "service", STR("traction"));
    put(json, "version", STR(TRACTION_VERSION));
    put(json, "timestamp", (struct str){now, sizeof now});
    put(json, "environment", config_text(CONFIG_ENVIRONMENT));
    if (checks)
        put_checks(json, checks);
    json_object_end(json);
    json_object_end(json);
    if (!ready)
        http_field(call->exchange, "Retry-After", "1");
    answer_json(call, ready ? 200 : 503, buffer_str(&out));
}

static void answer_round(struct call *call, const struct health *health, const char *ready)
{
    answer(call, is_ready(health) ? ready : "Unhealthy", is_ready(health), health);
}

static void end_round(struct health *health)
{
    struct waiting_call *waiting = health->waiting;

    health->waiting = NULL;
    health->ended_us = monotonic_us();
    /* Each lives in the arena of its call, which answering may end. */
    for (struct waiting_call *next; waiting; waiting = next) {
        next = waiting->next;
        answer_round(waiting->call, health, waiting->ready);
    }
    arena_reset(health->scratch);
}

static void on_ping(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    static const char *const outcomes[] = {
        [BUS_REPLIED] = "refuses requests",
        [BUS_UNAVAILABLE] = "is not connected",
        [BUS_LOST] = "went away",
        [BUS_TIMEOUT] = "does not answer in time",
        [BUS_CANCELLED] = "was not waited for",
    };
    struct finding *found = argument;
    struct health *health = found->health;
    struct value data;

    found->latency_us = monotonic_us() - found->asked_us;
    found->answers =
        outcome == BUS_REPLIED && reply->http == 200 && unpack(health->scratch, reply->data, &data);
    found->database = found->answers && value_bool(value_get(&data, "database"));
    found->outcome = outcomes[outcome];
    if (--health->left == 0)
        end_round(health);
}

static void start_round(struct health *health, const struct log_context *origin)
{
    int64_t now_us = monotonic_us();

    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        struct finding *found = &health->findings[service];
        *found = (struct finding){
            .health = health, .service = (enum service)service, .asked_us = now_us};
        found->request = request_for(STR("ping"));
        found->request.request_id = arena_copy(health->scratch, origin->request_id);
        found->request.traceparent = arena_copy(health->scratch, origin->traceparent);
        found->request.remaining_ms = PING_MS;
        health->left++;
        bus_call(health->upstream->services[service], &found->request, on_ping, found);
    }
}

/* Answers with the last round, or with the running or a new one when that is over. */
static void answer_checked(struct health *health, struct call *call, const char *ready)
{
    bool fresh = health->ended_us > 0 && monotonic_us() - health->ended_us < FRESH_US;

    if (health->upstream->closing || (health->left == 0 && fresh)) {
        answer_round(call, health, ready);
        return;
    }
    struct waiting_call *waiting = arena_alloc(call->arena, sizeof *waiting);
    *waiting = (struct waiting_call){call, ready, health->waiting};
    health->waiting = waiting;
    if (health->left == 0)
        start_round(health, &call->log);
}

static void get_health(void *module, struct call *call)
{
    (void)module;
    answer(call, "Healthy", true, NULL);
}

static void get_liveness(void *module, struct call *call)
{
    (void)module;
    answer(call, "Alive", true, NULL);
}

static void get_readiness(void *module, struct call *call)
{
    answer_checked(module, call, "Ready");
}

static void get_health_details(void *module, struct call *call)
{
    answer_checked(module, call, "Healthy");
}

const struct own_handler health_handlers[] = {
    {"getHealth", get_health},
    {"getLiveness", get_liveness},
    {"getReadiness", get_readiness},
    {"getHealthDetails", get_health_details},
    {NULL, NULL},
};

const char *health_missing(struct health *health)
{
    if (health->gateway->draining)
        return "the gateway is stopping";
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        if (bus_client_connected(health->upstream->services[service]))
            continue;
        snprintf(health->missing, sizeof health->missing, "%s is not connected",
                 service_names[service]);
        return health->missing;
    }
    return NULL;
}
