/* One SUB socket for all replicas: ZeroMQ reconnects by itself and sends the subscriptions on new
 * connections. It must not know what the bodies mean. */
#include "bus_subscriber.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bus_curve.h"
#include "bus_frame.h"
#include "bus_names.h"
#include "bus_publisher.h"
#include "bus_socket.h"
#include "log.h"
#include "memory.h"

enum { ADDRESS_MAX = 512, TOPIC_MAX = 512 };

/* One connection of the socket. */
struct subscriber_connection {
    size_t source; /* which of the configured endpoints it came from */
    bool found;    /* by the latest lookup */
    struct subscriber_connection *next;
    char address[ADDRESS_MAX]; /* as zmq_connect got it */
};

struct bus_subscriber {
    char *service; /* whose news, which is who has to be at the other end */
    zsock_t *socket;
    struct bus_watch *watch;
    struct bus_names *names;
    struct subscriber_connection *connections;
    bus_message_fn *message;
    void *argument;
};

/* --- Where to --- */

static void add_connection(struct bus_subscriber *subscriber, size_t source, struct str endpoint)
{
    char address[ADDRESS_MAX];

    if (endpoint.size == 0)
        return;
    if (!bus_events_endpoint(endpoint, address, sizeof address)) {
        log_error("no events can be received from an address of this kind",
                  LOG_TEXT("address", endpoint));
        return;
    }
    for (struct subscriber_connection *c = subscriber->connections; c; c = c->next) {
        if (c->source == source && !strcmp(c->address, address)) {
            c->found = true;
            return;
        }
    }
    if (!bus_connect(subscriber->socket, address, subscriber->service)) {
        log_error("cannot use a bus address", LOG_CSTR("address", address),
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        return;
    }
    struct subscriber_connection *connection = xcalloc(1, sizeof *connection);
    connection->source = source;
    connection->found = true;
    memcpy(connection->address, address, sizeof address);
    connection->next = subscriber->connections;
    subscriber->connections = connection;
}

static void drop_vanished(struct bus_subscriber *subscriber, size_t source)
{
    for (struct subscriber_connection **link = &subscriber->connections; *link;) {
        struct subscriber_connection *connection = *link;
        if (connection->source != source || connection->found) {
            link = &connection->next;
            continue;
        }
        zsock_disconnect(subscriber->socket, "%s", connection->address);
        *link = connection->next;
        free(connection);
    }
}

static void on_found(void *argument, size_t source, struct str addresses)
{
    struct bus_subscriber *subscriber = argument;

    for (struct subscriber_connection *c = subscriber->connections; c; c = c->next) {
        if (c->source == source)
            c->found = false;
    }
    while (addresses.data)
        add_connection(subscriber, source, str_cut(&addresses, '\n'));
    drop_vanished(subscriber, source);
    bus_watch_touch(subscriber->watch);
}

/* --- What comes --- */

/* Reads what is left of a message. True when there was nothing. */
static bool at_end(void *socket, zmq_msg_t *last)
{
    bool end = !zmq_msg_more(last);

    while (zmq_msg_more(last)) {
        if (zmq_msg_recv(last, socket, ZMQ_DONTWAIT) < 0)
            break;
    }
    return end;
}

static void take(struct bus_subscriber *subscriber, zmq_msg_t *first, zmq_msg_t *second)
{
    void *socket = zsock_resolve(subscriber->socket);
    struct str topic = bus_frame_bytes(first);

    if (!zmq_msg_more(first) || zmq_msg_recv(second, socket, ZMQ_DONTWAIT) < 0 ||
        !at_end(socket, second) || topic.size == 0 || topic.data[topic.size - 1] != '\0')
        return; /* not ours */
    topic.size--;
    subscriber->message(subscriber->argument, topic, bus_frame_bytes(second));
}

static void on_readable(void *argument)
{
    struct bus_subscriber *subscriber = argument;
    bool more = true;

    while (more && bus_watch_take(subscriber->watch)) {
        zmq_msg_t first, second;
        zmq_msg_init(&first);
        zmq_msg_init(&second);
        if (zmq_msg_recv(&first, zsock_resolve(subscriber->socket), ZMQ_DONTWAIT) >= 0)
            take(subscriber, &first, &second);
        else
            more = zmq_errno() == EINTR;
        zmq_msg_close(&first);
        zmq_msg_close(&second);
    }
}

/* --- Topics --- */

/* Not zsock_set_subscribe(), which takes the topic for a string and would leave out the NUL at its
 * end: "acme" would hear "acme2". */
static void set_topic(struct bus_subscriber *subscriber, int option, struct str topic)
{
    char text[TOPIC_MAX];

    assert(topic.size < sizeof text);
    if (topic.size > 0)
        memcpy(text, topic.data, topic.size);
    text[topic.size] = '\0';
    zmq_setsockopt(zsock_resolve(subscriber->socket), option, text, topic.size + 1);
    bus_watch_touch(subscriber->watch);
}

void bus_subscribe_all(struct bus_subscriber *subscriber)
{
    zsock_set_subscribe(subscriber->socket, "");
    bus_watch_touch(subscriber->watch);
}

void bus_subscribe(struct bus_subscriber *subscriber, struct str topic)
{
    set_topic(subscriber, ZMQ_SUBSCRIBE, topic);
}

void bus_unsubscribe(struct bus_subscriber *subscriber, struct str topic)
{
    set_topic(subscriber, ZMQ_UNSUBSCRIBE, topic);
}

/* --- Life --- */

struct bus_subscriber *bus_subscriber_new(struct loop *loop, const char *service,
                                          const char *endpoints, bus_message_fn *message,
                                          void *argument)
{
    struct bus_subscriber *subscriber = xcalloc(1, sizeof *subscriber);

    subscriber->service = xstrdup(service);
    subscriber->message = message;
    subscriber->argument = argument;
    subscriber->socket = bus_socket_new(ZMQ_SUB);
    subscriber->watch = bus_watch_new(loop, subscriber->socket, on_readable, subscriber);
    subscriber->names = bus_names_new(loop, endpoints, on_found, subscriber);
    return subscriber;
}

void bus_subscriber_destroy(struct bus_subscriber **subscriber)
{
    struct bus_subscriber *old = *subscriber;

    if (!old)
        return;
    *subscriber = NULL;
    bus_names_destroy(&old->names);
    bus_watch_destroy(&old->watch);
    zsock_destroy(&old->socket);
    while (old->connections) {
        struct subscriber_connection *connection = old->connections;
        old->connections = connection->next;
        free(connection);
    }
    free(old->service);
    free(old);
}
