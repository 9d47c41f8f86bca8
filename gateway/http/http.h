/* The HTTP listener: connections, their timers, request heads and bodies in, answers out. Only
 * http.c and http_exchange.c include libmicrohttpd. Knows no route and no JSON. */
#ifndef TRACTION_HTTP_H
#define TRACTION_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "head.h"
#include "loop.h"
#include "networks.h"

struct http;

enum { HTTP_FIELDS_MAX = 16 };

/* One request and its answer. Valid from `head` until the answer is sent; the arena lives as long.
 */
struct exchange {
    struct arena *arena;
    struct head head;
    struct str body;              /* whole, when it was wanted and not too large */
    bool too_large;               /* the body was larger than wanted; must be answered at once */
    void *user;                   /* the handler's own */
    struct exchange_state *state; /* private */
};

struct http_config {
    const char *host;
    uint16_t port; /* 0 picks a free one */
    size_t connections_max;
    const struct networks *trusted; /* whose connections are not counted as one client's */
    size_t body_max;
    int64_t header_ms, body_ms, idle_ms; /* time a client may take; header_ms also to take 16 KiB */
    /* The head has come. Answers whether the body is wanted; else it is read and thrown away. */
    bool (*head)(void *argument, struct exchange *exchange);
    /* All has come: leads to exactly one http_answer, inside this call or later. When head.fault or
     * too_large is set it must be inside; `head` was not called for a head with a fault. */
    void (*arrived)(void *argument, struct exchange *exchange);
    /* The client of an exchange that has arrived has gone away; it must be answered all the same,
     * inside this call or later. Looked at four times a second, so not said of quick ones. */
    void (*cancelled)(void *argument, struct exchange *exchange);
    /* The client has the answer, or is gone; the exchange is no more. NULL: nobody wants to know.
     */
    void (*ended)(void *argument, struct exchange *exchange);
    void *argument;
};

/* NULL with a log line when it cannot listen. */
struct http *http_new(struct loop *loop, const struct http_config *config);
/* Every exchange must be answered before. */
void http_destroy(struct http **http);

/* A field of the answer; both texts are NUL-terminated and live as long as the exchange. */
void http_field(struct exchange *exchange, const char *name, const char *value);
/* The connection is closed after this answer. */
void http_close_after(struct exchange *exchange);
/* The answer of a HEAD says no length, since nobody knows what GET's would be; the connection is
 * closed after it. */
void http_unmeasured(struct exchange *exchange);
/* The body lives in the exchange's arena, or for ever. */
void http_answer(struct exchange *exchange, int status, struct str body);

/* Instead of an answer: the client's socket, for the caller to answer on and to close; -1 when the
 * client is gone. The exchange ends when the loop turns. */
int http_take(struct exchange *exchange);

/* After a crash, from another thread, while the listener's stands still: sends `message`, a whole
 * HTTP answer, past everything else, unless another answer has begun. */
void http_answer_crashed(const struct exchange *exchange, struct str message);

/* Between the two nobody is heard: who connects waits. */
void http_hold(struct http *http);
void http_release(struct http *http);

/* Every further answer closes its connection. Clients may still connect. */
void http_drain(struct http *http);
/* Whether a connection from before http_drain is left: its client does not know yet, and may be
 * about to send a request on it. */
bool http_may_be_asked(const struct http *http);
/* Nobody can connect any more. Some time must pass until http_close, in which clients in the middle
 * of connecting become connected: a connection that is not accepted is reset by closing. */
void http_stop_connects(struct http *http);
/* Takes who has connected already, and closes the listening socket. */
void http_close(struct http *http);
size_t http_open_exchanges(const struct http *http);
size_t http_connections(const struct http *http);
uint16_t http_port(const struct http *http);

#endif
