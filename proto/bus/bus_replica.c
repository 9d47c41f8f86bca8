/* A DEALER and its monitor. The monitor is needed because a DEALER does not report that its peer
 * has died: calls that were sent to it would wait until their deadlines.
 *
 * ZeroMQ reconnects by itself after most disconnects, but not after an error of the peer, such as a
 * message that is too large. It does not report which it was, so the sockets are created again when
 * the connection has not come back after a short time. */
#include "bus_replica.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus_curve.h"
#include "bus_keys.h"
#include "log.h"
#include "memory.h"

enum {
    REOPEN_MS = 100,
    REFUSED_MS = 1000,
    EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
             ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
};

/* One frame from the socket into `message`, initialised by the caller. What has more than one is
 * not ours and is skipped. */
static bool receive(void *socket, zmq_msg_t *message, bool *whole)
{
    *whole = true;
    while (zmq_msg_recv(message, socket, ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() != EINTR)
            return false;
    }
    while (zmq_msg_more(message)) {
        *whole = false;
        if (zmq_msg_recv(message, socket, ZMQ_DONTWAIT) < 0)
            break;
    }
    return true;
}

/* Hands over what has arrived: this turn's share of it, or everything. */
static void drain(struct replica *replica, bool everything)
{
    zmq_msg_t message;
    bool whole;

    while (everything || bus_watch_take(replica->socket_watch)) {
        zmq_msg_init(&message);
        bool received = receive(zsock_resolve(replica->socket), &message, &whole);
        if (received && whole)
            replica->handlers->arrived(replica->argument, replica, bus_frame_bytes(&message));
        zmq_msg_close(&message);
        if (!received)
            return;
    }
}

static void on_readable(void *argument)
{
    drain(argument, false);
}

static void reopen(void *argument);

/* Once for each time that it is away. */
static void say_refused(struct replica *replica)
{
    if (!replica->refused)
        log_warning("a service breaks off the handshake; do the keys fit each other?",
                    LOG_CSTR("service", replica->service), LOG_CSTR("address", replica->address));
    replica->refused = true;
}

/* Another protocol, or a server without keys where one with keys is expected, or the reverse.
 * ZeroMQ never tries such an address again, but another process may be listening there later. */
static void refused(struct replica *replica)
{
    say_refused(replica);
    if (!replica->reopening)
        replica->reopening = loop_timer_new(replica->loop, REFUSED_MS, 0, reopen, replica);
}

static void on_event(struct replica *replica, int event)
{
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && !replica->connected) {
        loop_timer_destroy(&replica->reopening);
        replica->connected = true;
        replica->refused = false;
        bus_watch_touch(replica->socket_watch); /* the new pipe is taken in by looking */
        replica->handlers->connected(replica->argument, replica);
    } else if (event == ZMQ_EVENT_DISCONNECTED && replica->connected) {
        drain(replica, true);
        replica->connected = false;
        replica->reopening = loop_timer_new(replica->loop, REOPEN_MS, 0, reopen, replica);
        replica->handlers->disconnected(replica->argument, replica);
    } else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL) {
        refused(replica);
    } else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL && bus_keys_loaded()) {
        say_refused(replica); /* and ZeroMQ goes on trying */
    }
}

static void on_monitor(void *argument)
{
    struct replica *replica = argument;
    int event, value;

    while (bus_monitor_next(replica->monitor, &event, &value))
        on_event(replica, event);
}

/* False when ZeroMQ does not take the address. */
static bool open_sockets(struct replica *replica)
{
    replica->socket = bus_socket_new(ZMQ_DEALER);
    /* Nothing is queued for a peer that is not connected, so that it can be sent to another. */
    zsock_set_immediate(replica->socket, 1);
    replica->monitor = bus_monitor_new(replica->socket, EVENTS);
    replica->monitor_watch = bus_watch_new(replica->loop, replica->monitor, on_monitor, replica);
    replica->socket_watch = bus_watch_new(replica->loop, replica->socket, on_readable, replica);
    return bus_connect(replica->socket, replica->address, replica->service);
}

static void close_sockets(struct replica *replica)
{
    bus_watch_destroy(&replica->socket_watch);
    bus_watch_destroy(&replica->monitor_watch);
    bus_monitor_destroy(&replica->monitor, replica->socket);
    zsock_destroy(&replica->socket);
}

static void reopen(void *argument)
{
    struct replica *replica = argument;

    loop_timer_destroy(&replica->reopening);
    close_sockets(replica);
    open_sockets(replica); /* the address was taken before */
}

struct replica *replica_new(struct loop *loop, const char *service, const char *address,
                            const struct replica_handlers *handlers, void *argument)
{
    struct replica *replica = xcalloc(1, sizeof *replica);

    replica->address = xstrdup(address);
    replica->loop = loop;
    replica->service = service;
    replica->handlers = handlers;
    replica->argument = argument;
    if (!open_sockets(replica)) {
        log_error("cannot use a bus address", LOG_CSTR("address", address),
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        replica_destroy(&replica);
        return NULL;
    }
    return replica;
}

void replica_destroy(struct replica **replica)
{
    struct replica *old = *replica;

    if (!old)
        return;
    loop_timer_destroy(&old->reopening);
    close_sockets(old);
    free(old->address);
    free(old);
    *replica = NULL;
}

bool replica_send(struct replica *replica, struct bus_frame *frame)
{
    void *socket = zsock_resolve(replica->socket);
    zmq_msg_t message;
    bool sent;

    if (!replica->connected)
        return false;
    bus_frame_take(frame, &message);
    bus_watch_touch(replica->socket_watch);
    sent = zmq_msg_send(&message, socket, ZMQ_DONTWAIT) >= 0;
    if (!sent) {
        /* A fresh connection, or room in its queue, is known only once the socket's own messages
         * have been looked at, which sending does but now and then. */
        bus_socket_events(replica->socket);
        sent = zmq_msg_send(&message, socket, ZMQ_DONTWAIT) >= 0;
    }
    if (!sent)
        zmq_msg_close(&message);
    return sent;
}
