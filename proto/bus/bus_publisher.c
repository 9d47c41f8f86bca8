/* XPUB. It must not keep what it sends: a subscriber that missed a message reads it from the log.
 */
#include "bus_publisher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_guard.h"
#include "bus_socket.h"
#include "log.h"
#include "memory.h"

enum { SUBSCRIPTION_MAX = 4096 }; /* bytes; the only messages that come */

struct bus_publisher {
    zsock_t *socket;
    struct bus_guard *guard; /* NULL: whoever reaches the socket may listen */
    struct bus_watch *watch;
    size_t topics;
    struct bus_publisher_counts counts;
};

/* "host:7101" with 1 added to the number. */
static int next_port(struct str endpoint, char *text, size_t size)
{
    size_t colon = endpoint.size;
    int64_t port;

    while (colon > 0 && endpoint.data[colon - 1] != ':')
        colon--;
    struct str digits = {endpoint.data + colon, endpoint.size - colon};
    if (!str_to_int64(digits, &port) || port < 1 || port > 65534)
        return -1;
    return snprintf(text, size, "%.*s%d", (int)colon, endpoint.data, (int)port + 1);
}

const char *bus_events_endpoint(struct str endpoint, char *text, size_t size)
{
    struct str end = STR(".sock"); /* shorter than "ipc://" */
    int length = -1;

    if (str_starts_with(endpoint, STR("tcp://"))) {
        length = next_port(endpoint, text, size);
    } else if (str_starts_with(endpoint, STR("ipc://"))) {
        struct str tail = {endpoint.data + endpoint.size - end.size, end.size};
        if (endpoint.size > end.size && str_equal(tail, end))
            endpoint.size -= end.size;
        length = snprintf(text, size, STR_FMT ".events.sock", STR_ARG(endpoint));
    }
    return length > 0 && (size_t)length < size ? text : NULL;
}

/* A message of a subscriber's: one byte, 1 for the first and 0 for the last subscription to a
 * topic, and the topic. */
static void on_subscription(void *argument)
{
    struct bus_publisher *publisher = argument;
    unsigned char kind;

    while (bus_watch_take(publisher->watch)) {
        int size = zmq_recv(zsock_resolve(publisher->socket), &kind, sizeof kind, ZMQ_DONTWAIT);
        if (size < 0 && zmq_errno() != EINTR)
            return;
        if (size >= 1 && kind == 1)
            publisher->topics++;
        else if (size >= 1 && kind == 0 && publisher->topics > 0)
            publisher->topics--;
    }
}

struct bus_publisher *bus_publisher_new(struct loop *loop, const char *endpoint,
                                        const char *const *roles)
{
    struct bus_publisher *publisher = xcalloc(1, sizeof *publisher);

    publisher->socket = bus_socket_new(ZMQ_XPUB);
    zsock_set_maxmsgsize(publisher->socket, SUBSCRIPTION_MAX);
    publisher->guard = bus_guard_new(loop, publisher->socket, endpoint, roles);
    if (zsock_bind(publisher->socket, "%s", endpoint) < 0) {
        log_error("cannot publish", LOG_CSTR("endpoint", endpoint),
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        bus_guard_destroy(&publisher->guard);
        zsock_destroy(&publisher->socket);
        free(publisher);
        return NULL;
    }
    publisher->watch = bus_watch_new(loop, publisher->socket, on_subscription, publisher);
    return publisher;
}

void bus_publisher_destroy(struct bus_publisher **publisher)
{
    struct bus_publisher *old = *publisher;

    if (!old)
        return;
    *publisher = NULL;
    bus_watch_destroy(&old->watch);
    bus_guard_destroy(&old->guard);
    zsock_destroy(&old->socket);
    free(old);
}

void bus_publish(struct bus_publisher *publisher, struct str topic, struct str body)
{
    void *socket = zsock_resolve(publisher->socket);
    zmq_msg_t first, second;

    if (zmq_msg_init_size(&first, topic.size + 1) != 0 ||
        zmq_msg_init_size(&second, body.size) != 0)
        abort();
    if (topic.size > 0)
        memcpy(zmq_msg_data(&first), topic.data, topic.size);
    ((char *)zmq_msg_data(&first))[topic.size] = '\0';
    if (body.size > 0)
        memcpy(zmq_msg_data(&second), body.data, body.size);
    bus_watch_touch(publisher->watch);
    /* An XPUB never blocks and never fails: it drops the message for a subscriber whose queue is
     * full. */
    if (zmq_msg_send(&first, socket, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_msg_send(&second, socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&first);
        zmq_msg_close(&second);
    }
    publisher->counts.messages += publisher->topics > 0;
}

size_t bus_publisher_topics(const struct bus_publisher *publisher)
{
    return publisher->topics;
}

struct bus_publisher_counts bus_publisher_counts(const struct bus_publisher *publisher)
{
    return publisher->counts;
}
