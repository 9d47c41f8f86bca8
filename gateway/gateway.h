/* Shared by the parts of the gateway: the gateway itself and one call that it serves. */
#ifndef TRACTION_GATEWAY_H
#define TRACTION_GATEWAY_H

#include "auth.h"
#include "bus_client.h"
#include "cors.h"
#include "docs.h"
#include "health.h"
#include "http.h"
#include "introduce.h"
#include "json.h"
#include "log.h"
#include "meter.h"
#include "operation.h"
#include "rate.h"
#include "refusals.h"
#include "router.h"
#include "status.h"
#include "uri.h"

/* Everything is made once, by gateway_new. */
struct gateway {
    struct loop *loop;
    struct http *http;
    struct networks *trusted; /* proxies */
    struct router *router;
    struct auth *auth;
    struct cors *cors;
    struct rate *rate; /* NULL: unlimited */
    struct introducer *introducer;
    struct health *health;
    struct docs *docs;
    struct streams *streams;
    struct meter *meter;
    struct refusals *refusals;
    struct json *json;
    struct bus_client *services[SERVICE_COUNT]; /* none for SERVICE_GATEWAY */
    int64_t request_timeout_ms;
    size_t in_flight, in_flight_most;
    size_t queue_length; /* calls of one service in flight at most */
    bool draining;       /* told to stop: not ready any more */
    bool closing;        /* the bus is going away: nothing is forwarded any more */
};

/* One request on its way through. Lives in its exchange's arena. */
struct call {
    struct gateway *gateway;
    struct exchange *exchange;
    struct arena *arena;
    int64_t began_us;
    struct log_context log;
    struct route route;
    struct str origin;        /* the allowed browser origin that asks; absent when none */
    struct str token;         /* never to be logged */
    struct identity identity; /* a copy, whose texts live in the arena; zero when nobody is known */
    struct query query;
    enum status refusal;     /* found at the head: answered when the request is complete */
    int refusal_http;        /* instead of the status's own; 0: that one */
    struct str refusal_text; /* absent: the status's sentence */
    int retry_after_s;       /* of a refusal with 429 or 503 */
    struct introduction introduction;
    struct str cursor; /* of the tenant's stream, from before the read; absent: none */
    bool cursor_asked;
    struct opening *opening; /* of a stream (stream_open.c); NULL: another call */
    struct request request;  /* what goes over the bus */
    int64_t sent_us;         /* when it went */
    bool abandoned;          /* by its client: nobody waits for the answer */
};

/* Answers only the head: it opens nothing, makes nothing and counts against no limit. */
static inline bool call_is_head(const struct call *call)
{
    return str_equal(call->exchange->head.method, STR("HEAD"));
}

/* Reads the configuration and makes everything; NULL with a log line when something is unusable. */
struct gateway *gateway_new(struct loop *loop);
/* Calls under way are answered 503. */
void gateway_destroy(struct gateway **gateway);

/* The steps of a call, as http.h has them. */
bool serve_head(void *gateway, struct exchange *exchange);
void serve_arrived(void *gateway, struct exchange *exchange);
void serve_gone(void *gateway, struct exchange *exchange);

#endif
