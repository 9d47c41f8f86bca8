/* The ROUTER end: receives, refuses requests beyond the limit, keeps pending ones, collects the
 * replies of a turn and sends them before the loop waits. It must not look at operations or bodies.
 */
#include "bus_server.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "bus.h"
#include "bus_frame.h"
#include "bus_guard.h"
#include "bus_last_reply.h"
#include "bus_pending.h"
#include "bus_socket.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum {
    REMAINING_MAX_MS = 3600 * 1000, /* a peer that claims more is cut to it */
    LINGER_MS = 500,                /* for replies under way when the server ends */
    BACKLOG = 256,
    LOOK_MS = 1000, /* between looks for callers of watched requests */
};

struct bus_server {
    zsock_t *socket;         /* NULL after bus_server_destroy while requests are still held */
    struct bus_guard *guard; /* NULL: whoever reaches the socket may ask */
    struct bus_watch *watch;
    struct loop *loop;
    bus_request_fn *arrived;
    void *argument;
    struct shares *shares; /* of the pending requests, by tenant */
    bool draining;
    struct pending_requests pending;
    struct pending_request *outbox, **outbox_end;
    struct loop_timer *look; /* NULL until a request is watched */
    bool looking;
    struct bus_frame frame;
    struct bus_server_counts counts;
};

static void free_when_unused(struct bus_server *server)
{
    if (server->socket || server->pending.count > 0)
        return;
    shares_destroy(&server->shares);
    free(server);
}

static void remove_pending(struct bus_server *server, struct pending_request *pending)
{
    shares_give_back(server->shares, &pending->share);
    pending_remove(&server->pending, pending);
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
    struct pending_request *pending = (struct pending_request *)request;
    struct bus_server *server = request->server;
    struct reply sent = *reply;

    if (!server->socket || request->cancelled) {
        bus_drop(request);
        return;
    }
    sent.correlation = request->request.correlation;
    reply_pack(bus_frame_start(&server->frame), &sent); /* it may point into the request */
    if (server->frame.buffer.size > BUS_MESSAGE_MAX)
        pack_too_large(server, &request->request);
    zmq_msg_close(&pending->frame);
    bus_frame_take(&server->frame, &pending->frame);
    remove_pending(server, pending);
    pending->next = NULL;
    *server->outbox_end = pending;
    server->outbox_end = &pending->next;
}

void bus_drop(struct bus_request *request)
{
    struct bus_server *server = request->server;

    if (monotonic_us() >= request->deadline_us)
        server->counts.expired++;
    remove_pending(server, (struct pending_request *)request);
    pending_put_back(&server->pending, (struct pending_request *)request);
    free_when_unused(server);
}

static void send_outbox(struct bus_server *server)
{
    void *socket = zsock_resolve(server->socket);

    while (server->outbox) {
        struct pending_request *pending = server->outbox;
        server->outbox = pending->next;
        /* EHOSTUNREACH: the peer has disconnected; EAGAIN: it has stopped reading. Nothing can be
         * sent. */
        if (zmq_msg_send(&pending->identity, socket, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
            zmq_msg_send(&pending->frame, socket, ZMQ_DONTWAIT) < 0)
            server->counts.undelivered++;
        pending_put_back(&server->pending, pending);
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
static bool receive_frame(struct bus_server *server, struct pending_request *pending)
{
    void *socket = zsock_resolve(server->socket);
    bool one = zmq_msg_more(&pending->identity) &&
               zmq_msg_recv(&pending->frame, socket, ZMQ_DONTWAIT) >= 0;

    if (!one || !zmq_msg_more(&pending->frame))
        return one;
    do
        zmq_msg_recv(&pending->frame, socket, ZMQ_DONTWAIT);
    while (zmq_msg_more(&pending->frame));
    return false;
}

static void refuse(struct bus_request *request, enum status status)
{
    struct reply reply = reply_failure(status, STR_NONE);

    bus_reply(request, &reply);
}

/* A place among the pending requests; else the request is refused. The product's own requests,
 * which have no tenant, are not told to slow down. */
static bool take_place(struct bus_server *server, struct pending_request *pending)
{
    struct str tenant = pending->request.request.tenant;
    enum share_verdict verdict =
        server->draining ? SHARE_FULL : shares_take(server->shares, tenant, &pending->share);

    if (verdict == SHARE_TAKEN)
        return true;
    bool own = verdict == SHARE_USED_UP && tenant.size > 0;
    *(own ? &server->counts.limited : &server->counts.refused) += 1;
    refuse(&pending->request, own ? STATUS_RATE_LIMITED : STATUS_SERVICE_UNAVAILABLE);
    return false;
}

static void accept_request(struct bus_server *server, struct pending_request *pending,
                           int64_t now_us)
{
    struct bus_request *request = &pending->request;
    int64_t remaining_ms = request->request.remaining_ms;

    if (remaining_ms > REMAINING_MAX_MS)
        remaining_ms = REMAINING_MAX_MS;
    server->counts.requests++;
    request->role = bus_guard_role(server->guard, &pending->frame);
    request->address = request->role ? bus_guard_address(&pending->frame) : "";
    request->received_us = now_us;
    request->deadline_us = now_us + (remaining_ms > 0 ? remaining_ms * 1000 : 0);
    request->next = NULL;
    if (remaining_ms <= 0) {
        server->counts.expired++;
        pending_put_back(&server->pending, pending);
    } else if (take_place(server, pending)) {
        pending_add(&server->pending, pending);
        server->arrived(server->argument, request);
    }
}

/* --- Callers that go --- */

static void cancel(struct bus_server *server, struct pending_request *pending)
{
    server->counts.cancelled += pending_cancel(pending);
}

/* Sends a keep-alive, which fails when the caller has disconnected: a reply without a code, which
 * callers ignore. */
static bool caller_is_there(struct bus_server *server, struct pending_request *pending)
{
    struct reply sign = {.correlation = pending->request.request.correlation, .version = -1};
    void *socket = zsock_resolve(server->socket);
    zmq_msg_t identity, frame;
    int error = 0;

    reply_pack(bus_frame_start(&server->frame), &sign);
    bus_frame_take(&server->frame, &frame);
    zmq_msg_init(&identity);
    zmq_msg_copy(&identity, &pending->identity);
    if (zmq_msg_send(&identity, socket, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_msg_send(&frame, socket, ZMQ_DONTWAIT) < 0)
        error = zmq_errno();
    zmq_msg_close(&identity);
    zmq_msg_close(&frame);
    return error != EHOSTUNREACH;
}

static void look_for_callers(void *argument)
{
    struct bus_server *server = argument;
    struct pending_request *next;
    size_t watched = 0;

    for (struct pending_request *pending = server->pending.first; pending; pending = next) {
        next = pending->next;
        if (!pending->on_cancel || pending->request.cancelled)
            continue;
        watched++;
        if (!caller_is_there(server, pending))
            cancel(server, pending);
    }
    server->looking = watched > 0;
    if (!server->looking)
        loop_timer_stop(server->look);
    bus_watch_touch(server->watch);
}

void bus_request_watch(struct bus_request *request, void (*on_cancel)(void *argument),
                       void *argument)
{
    struct pending_request *pending = (struct pending_request *)request;
    struct bus_server *server = request->server;

    pending->on_cancel = on_cancel;
    pending->argument = argument;
    if (request->cancelled)
        on_cancel(argument);
    if (!server->socket || server->looking)
        return;
    if (server->look)
        loop_timer_set(server->look, LOOK_MS, LOOK_MS);
    else
        server->look = loop_timer_new(server->loop, LOOK_MS, LOOK_MS, look_for_callers, server);
    server->looking = true;
}

/* --- Arrival --- */

static void take_cancel(struct bus_server *server, struct pending_request *message)
{
    struct pending_request *pending = pending_find(&server->pending, message);

    if (pending)
        cancel(server, pending);
    pending_put_back(&server->pending, message);
}

/* False when there was nothing to receive. */
static bool receive(struct bus_server *server, int64_t now_us)
{
    struct pending_request *pending = pending_take(&server->pending, server);
    struct bus_request *request = &pending->request;

    if (zmq_msg_recv(&pending->identity, zsock_resolve(server->socket), ZMQ_DONTWAIT) < 0) {
        pending_put_back(&server->pending, pending);
        return zmq_errno() == EINTR;
    }
    request->request.correlation = 0;
    if (receive_frame(server, pending) &&
        request_unpack(request->arena, bus_frame_bytes(&pending->frame), &request->request)) {
        if (request->request.cancels)
            take_cancel(server, pending);
        else
            accept_request(server, pending, now_us);
        return true;
    }
    server->counts.malformed++;
    /* A caller of a newer version, whose request we cannot read, gets a refusal instead of no
     * answer. */
    if (request->request.correlation != 0)
        refuse(request, STATUS_SERVICE_UNAVAILABLE);
    else
        pending_put_back(&server->pending, pending);
    return true;
}

static void on_readable(void *argument)
{
    struct bus_server *server = argument;
    int64_t now_us = monotonic_us();

    while (bus_watch_take(server->watch) && receive(server, now_us))
        continue;
}

struct bus_server *bus_server_new(struct loop *loop, const char *endpoint, size_t max,
                                  bus_request_fn *arrived, void *argument)
{
    struct bus_server *server = xcalloc(1, sizeof *server);

    server->socket = bus_socket_new(ZMQ_ROUTER);
    zsock_set_router_mandatory(server->socket, 1);
    zsock_set_backlog(server->socket, BACKLOG);
    zsock_set_linger(server->socket, LINGER_MS);
    server->guard = bus_guard_new(loop, server->socket, endpoint, NULL);
    if (zsock_bind(server->socket, "%s", endpoint) < 0) {
        log_error("cannot listen for requests", LOG_CSTR("endpoint", endpoint),
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        bus_guard_destroy(&server->guard);
        zsock_destroy(&server->socket);
        free(server);
        return NULL;
    }
    server->loop = loop;
    server->shares = shares_new(max);
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
    bus_guard_destroy(&old->guard);
    zsock_destroy(&old->socket);
    if (old->look)
        loop_timer_destroy(&old->look);
    pending_close(&old->pending);
    bus_frame_free(&old->frame);
    free_when_unused(old);
}

void bus_server_crashed(struct bus_server *server, const char *request_id)
{
    struct pending_request *pending = server ? pending_of_id(&server->pending, request_id) : NULL;

    if (pending)
        bus_last_reply(server->socket, pending);
}

void bus_server_drain(struct bus_server *server)
{
    server->draining = true;
}

size_t bus_server_pending(const struct bus_server *server)
{
    return server->pending.count;
}

struct bus_server_counts bus_server_counts(const struct bus_server *server)
{
    return server->counts;
}
