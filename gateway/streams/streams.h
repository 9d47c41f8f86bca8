/* Server-sent events: streams of what svc-realtime publishes. Each tenant with open streams has a
 * channel, which follows the tenant's stream in svc-realtime; each open stream has its own socket,
 * outside libmicrohttpd, because that walks all suspended connections at every resume. */
#ifndef TRACTION_STREAMS_H
#define TRACTION_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway.h"

/* Open files that are neither connections nor streams. */
enum { SPARE_FILES = 512 };

struct streams;

struct streams *streams_new(struct gateway *gateway, const char *realtime_endpoints);
/* Closes all streams. After the bus clients have ended their calls, before the listener goes. */
void streams_destroy(struct streams **streams);

/* Serves a call of REPLY_STREAM: leads to a refusal in JSON, or to a stream that takes the call's
 * socket over. */
void streams_open(struct call *call);

/* The stream id from which a client can resume that reads now: "<epoch>-<number>" in call->cursor.
 * False: not known yet, `next(call)` is called soon, with the cursor or without one. While
 * svc-realtime is unavailable it stays absent, without waiting. */
bool streams_cursor(struct call *call, void (*next)(void *call));

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

#endif
