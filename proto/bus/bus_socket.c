/* What every socket of the bus has in common. It must not know what the frames mean. */
#include "bus_socket.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum {
    QUEUED_MAX = 20000,  /* messages per peer and direction; calls in flight are bounded lower */
    HEARTBEAT_MS = 1000, /* a peer's machine that is gone is noticed ... */
    HEARTBEAT_TIMEOUT_MS = 5000, /* ... after so long; a process that died at once */
    HANDSHAKE_MS = 10000,
    CONNECT_MS = 3000,
    RECONNECT_MS = 20,
    RECONNECT_MAX_MS = 100, /* a service that is back is asked again as soon as that */
    TURN_US = 1000,         /* for which a socket is read in one turn */
    MONITOR_NAME_SIZE = 48,
};

/* --- Sockets --- */

static void set_options(zsock_t *socket)
{
    zsock_set_linger(socket, 0);
    zsock_set_sndhwm(socket, QUEUED_MAX);
    zsock_set_rcvhwm(socket, QUEUED_MAX);
    zsock_set_heartbeat_ivl(socket, HEARTBEAT_MS);
    zsock_set_heartbeat_timeout(socket, HEARTBEAT_TIMEOUT_MS);
    zsock_set_heartbeat_ttl(socket, HEARTBEAT_TIMEOUT_MS);
    zsock_set_handshake_ivl(socket, HANDSHAKE_MS);
    zsock_set_connect_timeout(socket, CONNECT_MS);
    zsock_set_reconnect_ivl(socket, RECONNECT_MS);
    zsock_set_reconnect_ivl_max(socket, RECONNECT_MAX_MS);
    zsock_set_ipv6(socket, 1);
    zsock_set_maxmsgsize(socket, BUS_MESSAGE_MAX);
}

zsock_t *bus_socket_new(int type)
{
    zsock_t *socket;

    bus_start();
    socket = zsock_new(type);
    if (!socket)
        abort();
    set_options(socket);
    return socket;
}

/* zsock_events() would not report the signal. */
int bus_socket_events(zsock_t *socket)
{
    int events = 0;
    size_t size = sizeof events;

    return zmq_getsockopt(zsock_resolve(socket), ZMQ_EVENTS, &events, &size) == 0 ? events : -1;
}

/* --- Monitors --- */

/* An inproc pair with a name of its own. czmq's zmonitor is a thread. Without a limit, because
 * ZeroMQ's own thread would wait at a full queue. */
zsock_t *bus_monitor_new(zsock_t *socket, int events)
{
    static unsigned long number;
    zsock_t *monitor = bus_socket_new(ZMQ_PAIR);
    char name[MONITOR_NAME_SIZE];

    snprintf(name, sizeof name, "inproc://bus-monitor-%lu", ++number);
    zsock_set_rcvhwm(monitor, 0);
    if (zmq_socket_monitor(zsock_resolve(socket), name, events) != 0 ||
        zsock_connect(monitor, "%s", name) != 0) {
        log_error("cannot monitor a bus socket", LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        abort();
    }
    return monitor;
}

void bus_monitor_destroy(zsock_t **monitor, zsock_t *socket)
{
    zmq_socket_monitor(zsock_resolve(socket), NULL, 0);
    zsock_destroy(monitor);
}

/* An event is a frame of its number (16 bits) and value (32 bits), and a frame of the address. */
bool bus_monitor_next(zsock_t *monitor, int *event, int *value)
{
    void *handle = zsock_resolve(monitor);
    uint16_t number;
    int32_t detail;
    zmq_msg_t message;

    zmq_msg_init(&message);
    while (zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() == EINTR)
            continue;
        zmq_msg_close(&message);
        return false;
    }
    assert(zmq_msg_size(&message) == sizeof number + sizeof detail);
    const char *data = zmq_msg_data(&message);
    memcpy(&number, data, sizeof number);
    memcpy(&detail, data + sizeof number, sizeof detail);
    while (zmq_msg_more(&message) && zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) >= 0)
        continue;
    zmq_msg_close(&message);
    *event = number;
    *value = detail;
    return true;
}

/* --- In the loop --- */

struct bus_watch {
    struct loop *loop;
    zsock_t *socket;
    struct loop_fd *fd;
    void (*ready)(void *argument);
    void *argument;
    bool touched;     /* the edge may have been swallowed: look at ZMQ_EVENTS */
    uint64_t turn;    /* in which it was read last ... */
    int64_t began_us; /* ... from then on */
    bool done;        /* has had its time of that turn */
};

static void on_fd(void *argument, int events)
{
    struct bus_watch *watch = argument;

    (void)events;
    watch->ready(watch->argument); /* may destroy the watch */
}

static bool before_wait(void *argument)
{
    struct bus_watch *watch = argument;
    int events;

    if (!watch->touched)
        return false;
    if (watch->done && watch->turn == loop_turns(watch->loop))
        return true; /* keeps the loop from sleeping */
    watch->touched = false;
    events = bus_socket_events(watch->socket);
    if (events < 0) {
        watch->touched = true;
        return true;
    }
    if (!(events & ZMQ_POLLIN))
        return false;
    watch->ready(watch->argument); /* may destroy the watch */
    return true;
}

struct bus_watch *bus_watch_new(struct loop *loop, zsock_t *socket, void (*ready)(void *argument),
                                void *argument)
{
    struct bus_watch *watch = xcalloc(1, sizeof *watch);

    watch->loop = loop;
    watch->socket = socket;
    watch->ready = ready;
    watch->argument = argument;
    watch->touched = true; /* by whoever set the socket up */
    watch->fd = loop_fd_new(loop, zsock_fd(socket), LOOP_READ, on_fd, watch);
    loop_before_wait(loop, before_wait, watch);
    return watch;
}

void bus_watch_destroy(struct bus_watch **watch)
{
    if (!*watch)
        return;
    loop_before_wait_end((*watch)->loop, before_wait, *watch);
    loop_fd_destroy(&(*watch)->fd);
    free(*watch);
    *watch = NULL;
}

void bus_watch_touch(struct bus_watch *watch)
{
    watch->touched = true;
}

bool bus_watch_take(struct bus_watch *watch)
{
    uint64_t turn = loop_turns(watch->loop);
    int64_t now_us = monotonic_us();

    if (watch->turn != turn) {
        watch->turn = turn;
        watch->began_us = now_us;
    }
    watch->done = now_us - watch->began_us >= TURN_US;
    if (watch->done)
        watch->touched = true;
    return !watch->done;
}
