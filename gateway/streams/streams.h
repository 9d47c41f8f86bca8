/* Server-sent events: streams of what svc-realtime publishes. Each tenant with open streams has a
 * channel, which follows the tenant's stream in svc-realtime; each open stream has its own socket,
 * outside libmicrohttpd, because that walks all suspended connections at every resume. */
#ifndef TRACTION_STREAMS_H
#define TRACTION_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "own_handlers.h"

/* Open files that are neither connections nor streams. */
enum { SPARE_FILES = 512 };

struct streams;

/* Follows svc-realtime; `shared` outlives. */
struct streams *streams_new(struct loop *loop, const struct call_shared *shared);
/* Closes all streams. After the bus clients have ended their calls, before the listener goes. */
void streams_destroy(struct streams **streams);

/* Of the operations of REPLY_STREAM: each leads to a refusal in JSON, or to a stream that takes the
 * call's socket over. Their module is a struct streams. */
extern const struct own_handler streams_handlers[];

/* The id from which a client of that tenant can go on that reads something now:
 * "<epoch>-<number>", NUL-terminated; absent when it is not known. */
struct str streams_cursor(struct streams *streams, struct arena *arena, struct str tenant);
/* Whether waiting for a cursor may lead to one; then next(argument) is called soon, at the latest
 * when svc-realtime has not answered. */
bool streams_await_cursor(struct streams *streams, struct arena *arena, struct str tenant,
                          void (*next)(void *argument), void *argument);

/* Tells every client to reconnect after a short, different pause, and closes all streams: for good,
 * or because a key was revoked and all have to authenticate again. */
void streams_drain(struct streams *streams);
void streams_renew(struct streams *streams);

struct streams_counts {
    size_t open, channels;
    size_t pending;                                /* bytes that clients have not taken */
    uint64_t opened, sent, evicted, replays, gaps; /* sent: events written to clients */
};
struct streams_counts streams_counts(const struct streams *streams);

struct tenant_streams {
    struct str tenant; /* until the streams change */
    size_t open;
};
/* Of at most `max` tenants that have some. Answers how many. */
size_t streams_of_tenants(const struct streams *streams, struct tenant_streams *tenants,
                          size_t max);

#endif
