/* The ROUTER end: receives, refuses what is too much, keeps what is held, gathers the replies of a
 * turn and sends them before the loop waits. It must not look at operations or bodies. */
#include "bus_server.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "bus.h"
#include "bus_frame.h"
#include "log.h"
#include "timestamp.h"

enum {
    SPARE_MOST = 256,                /* unused requests kept with their arenas */
    REMAINING_MOST_MS = 3600 * 1000, /* a peer that claims more is cut to it */
    LINGER_MS = 500,                 /* for replies under way when the server ends */
    BACKLOG = 256,
};

/* A request with the message it points into. Both messages are always initialised. */
struct held {
    struct bus_request request; /* first, so that one is the other */
    zmq_msg_t identity;
    zmq_msg_t frame;   /* the request; once it is answered, the reply */
    bool counted;      /* in held_count */
    struct held *next; /* in the outbox or among the spares */
};

struct bus_server {
    void *socket; /* NULL after bus_server_destroy while requests are still held */
    struct bus_watch *watch;
    struct loop *loop;
    bus_request_fn *arrived;
    void *argument;
    size_t most, held_count;
    bool draining;
    struct held *outbox, **outbox_end;
    struct held *spares;
    size_t spare_count;
    struct bus_frame frame;
    struct bus_server_counts counts;
};

static struct held *take_spare(struct bus_server *server)
{
    struct held *held = server->spares;

    if (held) {
        server->spares = held->next;
        server->spare_count--;
        return held;
    }
    held = calloc(1, sizeof *held);
    if (!held)
        abort();
    held->request.server = server;
    held->request.arena = arena_new();
    zmq_msg_init(&held->identity);
    zmq_msg_init(&held->frame);
    return held;
}

static void free_held(struct held *held)
{
    zmq_msg_close(&held->identity);
    zmq_msg_close(&held->frame);
    arena_destroy(&held->request.arena);
    free(held);
}

static void put_back(struct bus_server *server, struct held *held)
{
    if (!server->socket || server->spare_count >= SPARE_MOST) {
        free_held(held);
        return;
    }
    zmq_msg_close(&held->identity);
    zmq_msg_close(&held->frame);
    zmq_msg_init(&held->identity);
    zmq_msg_init(&held->frame);
    arena_reset(held->request.arena);
    held->next = server->spares;
    server->spares = held;
    server->spare_count++;
}

static void free_when_unused(struct bus_server *server)
{
    if (!server->socket && server->held_count == 0)
        free(server);
}

/* The request is out of the holder's hands. */
static void uncount(struct held *held)
{
    if (held->counted)
        held->request.server->held_count--;
    held->counted = false;
}

static void pack_too_large(struct bus_server *server, const struct request *request)
{
    struct reply failure = reply_failure(STATUS_INTERNAL_ERROR, STR_NONE);

    log_error("an answer is too large for the bus", LOG_TEXT("operation", request->operation),
              LOG_INT("size", (int64_t)server->frame.buffer.size));
    failure.correlation = request->correlation;
    reply_pack(bus_frame_start(&server->frame), &failure);
}

void bus_reply(struct bus_request *request, const struct reply *reply)
{
    struct held *held = (struct held *)request;
    struct bus_server *server = request->server;
    struct reply sent = *reply;

    if (!server->socket) {
        bus_drop(request);
        return;
    }
    sent.correlation = request->request.correlation;
    reply_pack(bus_frame_start(&server->frame), &sent); /* it may point into the request */
    if (server->frame.buffer.size > BUS_MESSAGE_MOST)
        pack_too_large(server, &request->request);
    zmq_msg_close(&held->frame);
    bus_frame_take(&server->frame, &held->frame);
    uncount(held);
    held->next = NULL;
    *server->outbox_end = held;
    server->outbox_end = &held->next;
}

void bus_drop(struct bus_request *request)
{
    struct bus_server *server = request->server;

    if (monotonic_us() >= request->deadline_us)
        server->counts.expired++;
    uncount((struct held *)request);
    put_back(server, (struct held *)request);
    free_when_unused(server);
}

static void send_outbox(struct bus_server *server)
{
    while (server->outbox) {
        struct held *held = server->outbox;
        server->outbox = held->next;
        /* EHOSTUNREACH: the peer is gone; EAGAIN: it has stopped reading. Nobody to tell. */
        if (zmq_msg_send(&held->identity, server->socket, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
            zmq_msg_send(&held->frame, server->socket, ZMQ_DONTWAIT) < 0)
            server->counts.undelivered++;
        put_back(server, held);
    }
    server->outbox_end = &server->outbox;
    bus_watch_touch(server->watch);
}

static bool before_wait(void *argument)
{
    struct bus_server *server = argument;

    if (!server->outbox)
        return false;
    send_outbox(server);
    return true; /* so that the watch looks at the socket again */
}

/* The frame behind the identity; false unless there is exactly one. */
static bool receive_frame(struct bus_server *server, struct held *held)
{
    bool one = zmq_msg_more(&held->identity) &&
               zmq_msg_recv(&held->frame, server->socket, ZMQ_DONTWAIT) >= 0;

    if (!one || !zmq_msg_more(&held->frame))
        return one;
    do
        zmq_msg_recv(&held->frame, server->socket, ZMQ_DONTWAIT);
    while (zmq_msg_more(&held->frame));
    return false;
}

static void refuse(struct bus_request *request)
{
    struct reply reply = reply_failure(STATUS_SERVICE_UNAVAILABLE, STR_NONE);

    bus_reply(request, &reply);
}

static void accept_request(struct bus_server *server, struct held *held, int64_t now_us)
{
    struct bus_request *request = &held->request;
    int64_t remaining_ms = request->request.remaining_ms;

    if (remaining_ms > REMAINING_MOST_MS)
        remaining_ms = REMAINING_MOST_MS;
    server->counts.requests++;
    request->received_us = now_us;
    request->deadline_us = now_us + (remaining_ms > 0 ? remaining_ms * 1000 : 0);
    request->next = NULL;
    if (remaining_ms <= 0) {
        server->counts.expired++;
        put_back(server, held);
    } else if (server->draining || server->held_count >= server->most) {
        server->counts.refused++;
        refuse(request);
    } else {
        held->counted = true;
        server->held_count++;
        server->arrived(server->argument, request);
    }
}

/* False when there was nothing to receive. */
static bool receive(struct bus_server *server, int64_t now_us)
{
    struct held *held = take_spare(server);
    struct bus_request *request = &held->request;

    if (zmq_msg_recv(&held->identity, server->socket, ZMQ_DONTWAIT) < 0) {
        put_back(server, held);
        return zmq_errno() == EINTR;
    }
    request->request.correlation = 0;
    if (receive_frame(server, held) &&
        request_unpack(request->arena, bus_frame_bytes(&held->frame), &request->request)) {
        accept_request(server, held, now_us);
        return true;
    }
    server->counts.malformed++;
    /* One of ours that we do not understand, such as a newer version's, shall not wait in vain. */
    if (request->request.correlation != 0)
        refuse(request);
    else
        put_back(server, held);
    return true;
}

static void on_readable(void *argument)
{
    struct bus_server *server = argument;
    int64_t now_us = monotonic_us();

    while (bus_watch_take(server->watch) && receive(server, now_us))
        continue;
}

struct bus_server *bus_server_new(struct loop *loop, const char *endpoint, size_t most,
                                  bus_request_fn *arrived, void *argument)
{
    struct bus_server *server = calloc(1, sizeof *server);
    int on = 1, backlog = BACKLOG, linger_ms = LINGER_MS;

    if (!server)
        abort();
    server->socket = bus_socket_new(ZMQ_ROUTER);
    zmq_setsockopt(server->socket, ZMQ_ROUTER_MANDATORY, &on, sizeof on);
    zmq_setsockopt(server->socket, ZMQ_BACKLOG, &backlog, sizeof backlog);
    zmq_setsockopt(server->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    if (zmq_bind(server->socket, endpoint) != 0) {
        log_error("cannot listen for requests", LOG_CSTR("endpoint", endpoint),
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        zmq_close(server->socket);
        free(server);
        return NULL;
    }
    server->loop = loop;
    server->most = most;
    server->arrived = arrived;
    server->argument = argument;
    server->outbox_end = &server->outbox;
    bus_frame_init(&server->frame);
    loop_before_wait(loop, before_wait, server);
    server->watch = bus_watch_new(loop, server->socket, on_readable, server);
    return server;
}

void bus_server_destroy(struct bus_server **server)
{
    struct bus_server *old = *server;

    if (!old)
        return;
    *server = NULL;
    send_outbox(old);
    loop_before_wait_end(old->loop, before_wait, old);
    bus_watch_destroy(&old->watch);
    zmq_close(old->socket);
    old->socket = NULL;
    while (old->spares) {
        struct held *held = old->spares;
        old->spares = held->next;
        free_held(held);
    }
    bus_frame_free(&old->frame);
    free_when_unused(old);
}

void bus_server_drain(struct bus_server *server)
{
    server->draining = true;
}

size_t bus_server_held(const struct bus_server *server)
{
    return server->held_count;
}

struct bus_server_counts bus_server_counts(const struct bus_server *server)
{
    return server->counts;
}
