/* What every socket of the bus has in common. It must not know what the frames mean. */
#include "bus.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <zmq.h>

#include "log.h"
#include "timestamp.h"

enum {
    SOCKETS_MOST = 8192,
    QUEUED_MOST = 20000, /* messages per peer and direction; calls in flight are bounded lower */
    HEARTBEAT_MS = 1000, /* a peer's machine that is gone is noticed ... */
    HEARTBEAT_TIMEOUT_MS = 5000, /* ... after so long; a process that died at once */
    HANDSHAKE_MS = 10000,
    CONNECT_MS = 3000,
    RECONNECT_MS = 20,
    RECONNECT_MOST_MS = 100, /* a service that is back is asked again as soon as that */
    TURN_US = 1000,          /* for which a socket is read in one turn */
};

struct bus_watch {
    struct loop *loop;
    void *socket;
    struct loop_fd *fd;
    void (*ready)(void *argument);
    void *argument;
    bool touched;     /* the edge may have been swallowed: look at ZMQ_EVENTS */
    uint64_t turn;    /* in which it was read last ... */
    int64_t began_us; /* ... from then on */
    bool done;        /* has had its time of that turn */
};

static void *context;

static void *make_context(void)
{
    if (!context) {
        context = zmq_ctx_new();
        if (!context)
            abort();
        zmq_ctx_set(context, ZMQ_IO_THREADS, 1);
        zmq_ctx_set(context, ZMQ_MAX_SOCKETS, SOCKETS_MOST);
    }
    return context;
}

void bus_shutdown(void)
{
    if (!context)
        return;
    while (zmq_ctx_term(context) != 0 && zmq_errno() == EINTR)
        continue;
    context = NULL;
}

static void set_int(void *socket, int option, int value)
{
    int failed = zmq_setsockopt(socket, option, &value, sizeof value);
    assert(!failed);
    (void)failed;
}

static void set_options(void *socket)
{
    int64_t message_most = BUS_MESSAGE_MOST;

    set_int(socket, ZMQ_LINGER, 0);
    set_int(socket, ZMQ_SNDHWM, QUEUED_MOST);
    set_int(socket, ZMQ_RCVHWM, QUEUED_MOST);
    set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    set_int(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS);
    set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int(socket, ZMQ_CONNECT_TIMEOUT, CONNECT_MS);
    set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS);
    set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MOST_MS);
    set_int(socket, ZMQ_IPV6, 1);
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &message_most, sizeof message_most);
}

void *bus_socket_new(int type)
{
    void *socket = zmq_socket(make_context(), type);

    if (!socket) {
        log_error("cannot make a bus socket", LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        abort();
    }
    set_options(socket);
    return socket;
}

static void on_fd(void *argument, int events)
{
    struct bus_watch *watch = argument;

    (void)events;
    watch->ready(watch->argument); /* may destroy the watch */
}

static bool before_wait(void *argument)
{
    struct bus_watch *watch = argument;
    int events = 0;
    size_t size = sizeof events;

    if (!watch->touched)
        return false;
    if (watch->done && watch->turn == loop_turns(watch->loop))
        return true; /* keeps the loop from sleeping */
    watch->touched = false;
    if (zmq_getsockopt(watch->socket, ZMQ_EVENTS, &events, &size) != 0) {
        watch->touched = true; /* interrupted by a signal */
        return true;
    }
    if (!(events & ZMQ_POLLIN))
        return false;
    watch->ready(watch->argument); /* may destroy the watch */
    return true;
}

struct bus_watch *bus_watch_new(struct loop *loop, void *socket, void (*ready)(void *argument),
                                void *argument)
{
    struct bus_watch *watch = calloc(1, sizeof *watch);
    int fd = -1;
    size_t size = sizeof fd;

    if (!watch || zmq_getsockopt(socket, ZMQ_FD, &fd, &size) != 0)
        abort();
    watch->loop = loop;
    watch->socket = socket;
    watch->ready = ready;
    watch->argument = argument;
    watch->touched = true; /* by whoever set the socket up */
    watch->fd = loop_fd_new(loop, fd, LOOP_READ, on_fd, watch);
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

const char *bus_default_endpoint(const char *bus_dir, const char *service, char *text, size_t size)
{
    int length = snprintf(text, size, "ipc://%s/%s.sock", bus_dir, service);

    return length > 0 && (size_t)length < size ? text : NULL;
}
