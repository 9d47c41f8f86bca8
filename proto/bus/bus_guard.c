/* A guard is a monitor of its socket, for peers that never prove a key, and an entry in the ZAP
 * handler for those that do. The monitor's event of a failed handshake does not identify the peer;
 * the descriptor, reported when the peer is accepted and when it is closed, gives its address while
 * it is open. */
#include "bus_guard.h"

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bus_curve.h"
#include "bus_refusals.h"
#include "bus_socket.h"
#include "bus_zap.h"
#include "memory.h"

enum {
    NAME_LENGTH_MAX = 32,
    ADDRESS_MAX = 64,
    HANDSHAKE_MS = 3000, /* a peer has no longer to prove its key */
    EVENTS = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
             ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
             ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED
};

/* By descriptor. */
struct bus_peer {
    char address[ADDRESS_MAX];
    uint64_t round;     /* in which it was accepted */
    uint64_t successes; /* handshakes until then */
};

struct bus_guard {
    const char *const *roles; /* NULL: every one */
    zsock_t *socket, *monitor;
    struct bus_watch *watch;
    struct bus_peer *peers;
    size_t peer_count;
    uint64_t round;     /* of reading all that the monitor tells */
    uint64_t successes; /* handshakes of all peers; ZeroMQ does not say whose */
    size_t judged;      /* peers that were refused for their keys and have not gone yet */
    const char *failed; /* how the handshake of the peer that goes next failed; NULL: not known */
};

static struct bus_peer *peer_of(struct bus_guard *guard, int fd)
{
    size_t count = (size_t)fd + 1;

    if (count > guard->peer_count) {
        count = count < 64 ? 64 : count * 2;
        guard->peers = xrealloc(guard->peers, count * sizeof *guard->peers);
        memset(guard->peers + guard->peer_count, 0,
               (count - guard->peer_count) * sizeof *guard->peers);
        guard->peer_count = count;
    }
    return &guard->peers[fd];
}

static void accepted(struct bus_guard *guard, int fd)
{
    struct bus_peer *peer = peer_of(guard, fd);
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    peer->address[0] = '\0';
    peer->round = guard->round;
    peer->successes = guard->successes;
    if (getpeername(fd, (struct sockaddr *)&address, &size) == 0)
        getnameinfo((struct sockaddr *)&address, size, peer->address, sizeof peer->address, NULL, 0,
                    NI_NUMERICHOST);
}

/* A peer that disconnects in the round in which it connected may have been closed before its
 * address was read, and the descriptor may be another peer's by then. A peer of another protocol
 * disconnects without an event of a failed handshake; it is recognised by the fact that no
 * handshake has succeeded since it connected. */
static void disconnected(struct bus_guard *guard, int fd)
{
    struct bus_peer *peer = peer_of(guard, fd);

    if (!guard->failed && guard->judged > 0)
        guard->judged--; /* and that was said */
    else if (!guard->failed && peer->successes == guard->successes)
        guard->failed = "no sense";
    if (guard->failed)
        bus_refused(BUS_REFUSED_HANDSHAKE, peer->round == guard->round ? "" : peer->address, "",
                    guard->failed);
    guard->failed = NULL;
}

/* ZeroMQ reports a failed handshake and, as the next event, that the peer is disconnected. */
static void on_event(struct bus_guard *guard, int event, int value)
{
    if (event == ZMQ_EVENT_ACCEPTED)
        accepted(guard, value);
    else if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        guard->successes++;
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        guard->judged++;
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
        guard->failed = "no key or no sense";
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        guard->failed = "not finished";
    else if (event == ZMQ_EVENT_DISCONNECTED)
        disconnected(guard, value);
}

static void on_monitor(void *argument)
{
    struct bus_guard *guard = argument;
    int event, value;

    while (bus_watch_take(guard->watch)) {
        if (!bus_monitor_next(guard->monitor, &event, &value)) {
            guard->round++;
            return;
        }
        on_event(guard, event, value);
    }
}

static bool admits(const void *argument, const char *role)
{
    const struct bus_guard *guard = argument;

    if (!guard->roles)
        return true;
    for (const char *const *other = guard->roles; *other; other++)
        if (!strcmp(*other, role))
            return true;
    return false;
}

struct bus_guard *bus_guard_new(struct loop *loop, zsock_t *socket, const char *endpoint,
                                const char *const *roles)
{
    static unsigned long number;
    struct bus_guard *guard;
    char name[NAME_LENGTH_MAX];

    snprintf(name, sizeof name, "bus-guard-%lu", ++number);
    if (!bus_require_key(socket, endpoint, name))
        return NULL;
    zsock_set_handshake_ivl(socket, HANDSHAKE_MS);
    guard = xcalloc(1, sizeof *guard);
    guard->roles = roles;
    guard->socket = socket;
    guard->monitor = bus_monitor_new(socket, EVENTS);
    guard->watch = bus_watch_new(loop, guard->monitor, on_monitor, guard);
    bus_zap_add(loop, name, admits, guard);
    return guard;
}

void bus_guard_destroy(struct bus_guard **guard)
{
    struct bus_guard *old = *guard;

    if (!old)
        return;
    *guard = NULL;
    bus_zap_remove(old);
    bus_watch_destroy(&old->watch);
    bus_monitor_destroy(&old->monitor, old->socket);
    free(old->peers);
    free(old);
}

const char *bus_guard_role(const struct bus_guard *guard, zmq_msg_t *last)
{
    const char *role = guard ? zmq_msg_gets(last, "User-Id") : NULL;

    return guard && !role ? "" : role;
}

const char *bus_guard_address(zmq_msg_t *last)
{
    const char *address = zmq_msg_gets(last, "Peer-Address");

    return address ? address : "";
}
