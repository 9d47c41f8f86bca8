/* A lookup is a channel of c-ares of its own, so that nothing of an earlier one is kept. Its
 * sockets and its time-out are the loop's. */
#include "bus_lookup.h"

#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <ares.h>

#include "memory.h"

enum {
    ASK_MS = 2000, /* for an answer of a server; twice as long at the second try */
    TRIES = 2,
    ANSWER_MAX = 16 << 10, /* bytes of addresses; about 400 replicas */
    HOST_LENGTH_MAX = 64,
    PORT_MAX = 16,
};

/* One of the channel's. */
struct ares_watch {
    struct bus_lookup *lookup;
    ares_socket_t fd;
    struct loop_fd *watch;
    struct ares_watch *next;
};

struct bus_lookup {
    struct loop *loop;
    ares_channel channel; /* NULL: it could not be made */
    struct ares_watch *watches;
    struct loop_timer *timer;
    bool ended;
    bus_lookup_fn *found;
    void *argument;
    size_t size;
    char text[ANSWER_MAX]; /* the addresses */
};

/* --- The answer --- */

static void add_addresses(struct bus_lookup *lookup, const struct ares_addrinfo *list, int family)
{
    for (const struct ares_addrinfo_node *node = list->nodes; node; node = node->ai_next) {
        char host[HOST_LENGTH_MAX], port[PORT_MAX], line[HOST_LENGTH_MAX + PORT_MAX + 16];
        bool v6 = family == AF_INET6;
        if (node->ai_family != family ||
            getnameinfo(node->ai_addr, node->ai_addrlen, host, sizeof host, port, sizeof port,
                        NI_NUMERICHOST | NI_NUMERICSERV) != 0)
            continue;
        int written = snprintf(line, sizeof line, "%stcp://%s%s%s:%s", lookup->size ? "\n" : "",
                               v6 ? "[" : "", host, v6 ? "]" : "", port);
        if (written < 0 || lookup->size + (size_t)written > sizeof lookup->text)
            break;
        memcpy(lookup->text + lookup->size, line, (size_t)written);
        lookup->size += (size_t)written;
    }
}

/* Called from inside c-ares; also when the channel is destroyed. */
static void on_addresses(void *argument, int status, int timeouts, struct ares_addrinfo *list)
{
    struct bus_lookup *lookup = argument;

    (void)timeouts;
    lookup->ended = true;
    if (status == ARES_SUCCESS) {
        add_addresses(lookup, list, AF_INET);
        if (lookup->size == 0)
            add_addresses(lookup, list, AF_INET6);
    }
    if (list)
        ares_freeaddrinfo(list);
}

/* After each call of c-ares: plans its time-out, or says what was found. */
static void go_on(struct bus_lookup *lookup)
{
    struct timeval wait;
    char text[ANSWER_MAX];

    if (!lookup->ended) {
        if (ares_timeout(lookup->channel, NULL, &wait))
            loop_timer_set(lookup->timer, wait.tv_sec * 1000 + wait.tv_usec / 1000 + 1, 0);
        return;
    }
    memcpy(text, lookup->text, lookup->size);
    loop_timer_stop(lookup->timer);
    lookup->found(lookup->argument, (struct str){text, lookup->size}); /* may destroy it */
}

/* --- In the loop --- */

static void on_ready(void *argument, int events)
{
    struct ares_watch *watch = argument;
    struct bus_lookup *lookup = watch->lookup;

    ares_process_fd(lookup->channel, events & LOOP_READ ? watch->fd : ARES_SOCKET_BAD,
                    events & LOOP_WRITE ? watch->fd : ARES_SOCKET_BAD);
    go_on(lookup);
}

static void on_due(void *argument)
{
    struct bus_lookup *lookup = argument;

    if (!lookup->ended)
        ares_process_fd(lookup->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    go_on(lookup);
}

/* What c-ares waits for at one of its sockets; nothing: before it closes it. */
static void on_socket(void *argument, ares_socket_t fd, int readable, int writable)
{
    struct bus_lookup *lookup = argument;
    struct ares_watch **link = &lookup->watches, *watch;
    int events = (readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0);

    while (*link && (*link)->fd != fd)
        link = &(*link)->next;
    watch = *link;
    if (watch && events) {
        loop_fd_watch(watch->watch, events);
    } else if (watch) {
        *link = watch->next;
        loop_fd_destroy(&watch->watch);
        free(watch);
    } else if (events) {
        watch = xcalloc(1, sizeof *watch);
        watch->lookup = lookup;
        watch->fd = fd;
        watch->watch = loop_fd_new(lookup->loop, fd, events, on_ready, watch);
        *link = watch;
    }
}

struct bus_lookup *bus_lookup_new(struct loop *loop, const char *host, const char *port,
                                  bus_lookup_fn *found, void *argument)
{
    struct ares_addrinfo_hints hints = {
        .ai_flags = ARES_AI_NOSORT, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct bus_lookup *lookup = xcalloc(1, sizeof *lookup);
    struct ares_options options = {.timeout = ASK_MS,
                                   .tries = TRIES,
                                   .sock_state_cb = on_socket,
                                   .sock_state_cb_data = lookup};

    lookup->loop = loop;
    lookup->found = found;
    lookup->argument = argument;
    lookup->timer = loop_timer_new(loop, 0, 0, on_due, lookup);
    ares_library_init(ARES_LIB_INIT_ALL);
    if (ares_init_options(&lookup->channel, &options,
                          ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) ==
        ARES_SUCCESS)
        ares_getaddrinfo(lookup->channel, host, port, &hints, on_addresses, lookup);
    else
        lookup->ended = true;
    return lookup;
}

void bus_lookup_destroy(struct bus_lookup **lookup)
{
    struct bus_lookup *old = *lookup;

    if (!old)
        return;
    *lookup = NULL;
    if (old->channel)
        ares_destroy(old->channel);
    assert(!old->watches);
    ares_library_cleanup();
    loop_timer_destroy(&old->timer);
    free(old);
}
