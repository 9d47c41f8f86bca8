/* The stages of draining, driven by a timer. */
#include "drain.h"

#include <stdlib.h>

#include "config.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum { TICK_MS = 50, QUIET_TICKS = 4 };

struct drain {
    struct gateway *gateway;
    struct loop_timer *tick;
    int64_t close_us; /* listens until then at the latest */
    int64_t stop_us;  /* when all ends at the latest */
    bool closing, closed;
    int quiet_ticks; /* in which nothing was under way */
};

/* The doors close a tick later. */
static void stop_connects(struct drain *drain)
{
    drain->closing = true;
    http_stop_connects(drain->gateway->http);
}

/* Streams end last, because their clients would reconnect to a gateway that still listens. */
static void close_doors(struct drain *drain)
{
    drain->closed = true;
    http_close(drain->gateway->http);
    streams_drain(drain->gateway->streams);
}

static void on_tick(void *argument)
{
    struct drain *drain = argument;
    struct gateway *gateway = drain->gateway;
    int64_t now_us = monotonic_us();

    if (!drain->closing) {
        if (now_us >= drain->close_us || !http_may_be_asked(gateway->http))
            stop_connects(drain);
        return;
    }
    if (!drain->closed)
        close_doors(drain);
    drain->quiet_ticks = http_open_exchanges(gateway->http) > 0 ? 0 : drain->quiet_ticks + 1;
    if (drain->quiet_ticks >= QUIET_TICKS || now_us >= drain->stop_us)
        loop_stop(gateway->loop);
}

struct drain *drain_new(struct gateway *gateway, bool patient)
{
    struct drain *drain = xcalloc(1, sizeof *drain);
    int64_t now_us = monotonic_us(), max_us = config_int(CONFIG_DRAIN_MS) * 1000;

    log_info("stopping", LOG_INT("openRequests", (int64_t)http_open_exchanges(gateway->http)),
             LOG_INT("connections", (int64_t)http_connections(gateway->http)));
    drain->gateway = gateway;
    drain->close_us = now_us + (patient ? max_us / 2 : 0);
    drain->stop_us = now_us + max_us;
    drain->tick = loop_timer_new(gateway->loop, TICK_MS, TICK_MS, on_tick, drain);
    gateway->draining = true;
    http_drain(gateway->http);
    if (!patient)
        stop_connects(drain);
    return drain;
}

void drain_destroy(struct drain **drain)
{
    if (!*drain)
        return;
    loop_timer_destroy(&(*drain)->tick);
    free(*drain);
    *drain = NULL;
}
