/* The gateway: all its parts. */
#ifndef TRACTION_GATEWAY_H
#define TRACTION_GATEWAY_H

#include "call.h"
#include "docs.h"
#include "health.h"
#include "own_handlers.h"
#include "rate.h"
#include "streams.h"

/* Everything is made once, by gateway_new. */
struct gateway {
    struct loop *loop;
    struct call_shared shared;
    struct slow_log slow; /* of all calls */
    struct http *http;
    struct networks *trusted; /* proxies */
    struct router *router;
    struct auth *auth;
    struct cors *cors;
    struct rate *rate;
    struct caller_sync *caller_sync;
    struct health *health;
    struct console *console;
    struct docs *docs;
    struct streams *streams;
    struct own_handlers *own;
    bool draining; /* told to stop: not ready any more */
};

/* The identity provider whose keys count, as configured; without address and discovery: none. */
struct key_source_config gateway_provider(void);

/* Reads the configuration and makes everything; NULL with a log line when something is unusable. */
struct gateway *gateway_new(struct loop *loop);
/* Calls under way are answered 503. */
void gateway_destroy(struct gateway **gateway);

#endif
