/* The ZAP handler of RFC 27. Requests come one at a time and are answered at once, so a REP socket
 * is sufficient. It must not wait for anything. */
#include "bus_zap.h"

#include <stdlib.h>
#include <string.h>

#include "bus_frame.h"
#include "bus_keys.h"
#include "bus_refusals.h"
#include "bus_socket.h"
#include "log.h"
#include "memory.h"

enum part { VERSION, NUMBER, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY, PART_COUNT };
enum { DOMAIN_MAX = 32, ADDRESS_MAX = 64 };

struct zap_entry {
    char domain[DOMAIN_MAX];
    bus_zap_admits_fn *admits;
    const void *guard; /* whose peers they are */
    struct zap_entry *next;
};

static struct {
    zsock_t *socket; /* NULL: no guards */
    struct bus_watch *watch;
    struct zap_entry *entries;
} zap;

struct zap_request {
    zmq_msg_t parts[PART_COUNT];
    size_t count;
};

/* False when there is none. */
static bool receive(struct zap_request *question)
{
    zmq_msg_t *last;
    bool more;

    question->count = 0;
    do {
        last = &question->parts[question->count < PART_COUNT ? question->count : PART_COUNT - 1];
        if (question->count < PART_COUNT)
            zmq_msg_init(last);
        if (zmq_msg_recv(last, zsock_resolve(zap.socket), ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(last);
            return false;
        }
        more = zmq_msg_more(last);
        question->count++;
    } while (more);
    return true;
}

static void drop(struct zap_request *question)
{
    for (size_t i = 0; i < question->count && i < PART_COUNT; i++)
        zmq_msg_close(&question->parts[i]);
}

static struct str part(struct zap_request *question, enum part which)
{
    return bus_frame_bytes(&question->parts[which]);
}

/* The role of an accepted peer; NULL for a refused one, which is counted. */
static const char *judge(struct zap_request *question)
{
    struct str address;
    char text[ADDRESS_MAX];
    const char *role;

    if (question->count != PART_COUNT || !str_equal(part(question, MECHANISM), STR("CURVE")))
        return NULL;
    address = part(question, ADDRESS);
    snprintf(text, sizeof text, STR_FMT, STR_ARG(address));
    role = bus_keys_role(part(question, KEY));
    if (!role) {
        bus_refused(BUS_REFUSED_KEY, text, "", "not listed");
        return NULL;
    }
    for (struct zap_entry *entry = zap.entries; entry; entry = entry->next)
        if (str_equal(part(question, DOMAIN), str_of(entry->domain)) &&
            entry->admits(entry->guard, role))
            return role;
    bus_refused(BUS_REFUSED_ROLE, text, role, "not at this socket");
    return NULL;
}

static void send_part(struct str text, bool more)
{
    zmq_send(zsock_resolve(zap.socket), text.data, text.size,
             ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
}

/* 300 is a temporary error: such a peer is disconnected and keeps trying at its reconnect interval.
 * After 400 ZeroMQ never tries again, and a peer whose key is listed in the meantime would have to
 * be restarted. */
static void answer(struct zap_request *question, const char *role)
{
    send_part(STR("1.0"), true);
    send_part(question->count > NUMBER ? part(question, NUMBER) : STR(""), true);
    send_part(role ? STR("200") : STR("300"), true);
    send_part(role ? STR("OK") : STR("refused"), true);
    send_part(role ? str_of(role) : STR(""), true);
    send_part(STR(""), false);
}

static void on_question(void *argument)
{
    struct zap_request question;

    (void)argument;
    while (bus_watch_take(zap.watch)) {
        if (!receive(&question)) {
            drop(&question);
            return;
        }
        answer(&question, judge(&question));
        bus_watch_touch(zap.watch);
        drop(&question);
    }
}

void bus_zap_add(struct loop *loop, const char *domain, bus_zap_admits_fn *admits,
                 const void *guard)
{
    struct zap_entry *entry = xcalloc(1, sizeof *entry);

    snprintf(entry->domain, sizeof entry->domain, "%s", domain);
    entry->admits = admits;
    entry->guard = guard;
    entry->next = zap.entries;
    zap.entries = entry;
    if (zap.socket)
        return;
    zap.socket = bus_socket_new(ZMQ_REP);
    if (zsock_bind(zap.socket, "inproc://zeromq.zap.01") < 0) {
        log_error("cannot authenticate peers of the bus",
                  LOG_CSTR("reason", zmq_strerror(zmq_errno())));
        abort();
    }
    zap.watch = bus_watch_new(loop, zap.socket, on_question, NULL);
}

void bus_zap_remove(const void *guard)
{
    for (struct zap_entry **link = &zap.entries; *link; link = &(*link)->next) {
        struct zap_entry *entry = *link;
        if (entry->guard != guard)
            continue;
        *link = entry->next;
        free(entry);
        break;
    }
    if (zap.entries || !zap.socket)
        return;
    bus_watch_destroy(&zap.watch);
    zsock_destroy(&zap.socket);
}
