/* Resolving host names without blocking the loop: each lookup is a thread that lives for one
 * getaddrinfo, touches nothing but its own copy of the name, and answers through a socket pair. */
#include "bus_names.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crash.h"
#include "log.h"

enum {
    AGAIN_MS = 5000,        /* after a lookup that found something */
    FAILED_AGAIN_MS = 1000, /* after one that did not */
    ANSWER_MOST = 16 << 10, /* bytes of addresses; about 400 replicas */
    HOST_MOST = 256,
    PORT_MOST = 16,
};

struct source {
    struct bus_names *names;
    size_t number;
    char host[HOST_MOST], port[PORT_MOST];
    struct loop_timer *timer;
    struct loop_fd *watch; /* while a lookup is under way */
    int fd;                /* our end of its socket pair */
};

struct bus_names {
    struct loop *loop;
    bus_names_fn *found;
    void *argument;
    struct source *sources; /* host names only */
    size_t count;
};

/* The lookup's own. */
struct lookup {
    char host[HOST_MOST], port[PORT_MOST];
    int fd;
};

static size_t write_addresses(const struct addrinfo *list, int family, char *text, size_t size)
{
    size_t length = 0;

    for (const struct addrinfo *info = list; info; info = info->ai_next) {
        char host[INET6_ADDRSTRLEN], port[PORT_MOST];
        if (info->ai_family != family ||
            getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof host, port, sizeof port,
                        NI_NUMERICHOST | NI_NUMERICSERV) != 0)
            continue;
        char line[INET6_ADDRSTRLEN + PORT_MOST + 16];
        bool v6 = family == AF_INET6;
        int written = snprintf(line, sizeof line, "%stcp://%s%s%s:%s", length ? "\n" : "",
                               v6 ? "[" : "", host, v6 ? "]" : "", port);
        if (written < 0 || length + (size_t)written > size)
            break;
        memcpy(text + length, line, (size_t)written);
        length += (size_t)written;
    }
    return length;
}

/* The thread. Sends the addresses, or nothing and closes when there are none. Of a host that has
 * both kinds only the IPv4 addresses are used, or each process would count as two replicas. */
static void *run_lookup(void *argument)
{
    struct lookup *lookup = argument;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    char *text = malloc(ANSWER_MOST);
    size_t size = 0;

    if (text && getaddrinfo(lookup->host, lookup->port, &hints, &list) == 0) {
        size = write_addresses(list, AF_INET, text, ANSWER_MOST);
        if (size == 0)
            size = write_addresses(list, AF_INET6, text, ANSWER_MOST);
        freeaddrinfo(list);
    }
    if (size > 0)
        (void)!send(lookup->fd, text, size, MSG_NOSIGNAL);
    close(lookup->fd);
    free(text);
    free(lookup);
    return NULL;
}

static void on_answer(void *argument, int events)
{
    struct source *source = argument;
    char text[ANSWER_MOST];
    ssize_t size = recv(source->fd, text, sizeof text, MSG_DONTWAIT);

    (void)events;
    loop_fd_destroy(&source->watch);
    close(source->fd);
    loop_timer_set(source->timer, size > 0 ? AGAIN_MS : FAILED_AGAIN_MS, 0);
    if (size > 0)
        source->names->found(source->names->argument, source->number,
                             (struct str){text, (size_t)size});
    else
        log_debug("host name does not resolve", LOG_CSTR("host", source->host));
}

static void start_lookup(void *argument)
{
    struct source *source = argument;
    struct lookup *lookup = calloc(1, sizeof *lookup);
    int ends[2];

    assert(!source->watch);
    if (!lookup || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        free(lookup);
        loop_timer_set(source->timer, FAILED_AGAIN_MS, 0);
        return;
    }
    memcpy(lookup->host, source->host, sizeof lookup->host);
    memcpy(lookup->port, source->port, sizeof lookup->port);
    lookup->fd = ends[1];
    if (!crash_start_thread(run_lookup, lookup)) {
        close(ends[0]);
        close(ends[1]);
        free(lookup);
        loop_timer_set(source->timer, FAILED_AGAIN_MS, 0);
        return;
    }
    source->fd = ends[0];
    source->watch = loop_fd_new(source->names->loop, source->fd, LOOP_READ, on_answer, source);
}

/* Cuts "tcp://host:port" when host is a name: not an address, and not in brackets. */
static bool parse_name(struct str endpoint, char *host, char *port)
{
    struct str tcp = STR("tcp://");
    struct in_addr address;

    if (!str_starts_with(endpoint, tcp))
        return false;
    struct str rest = {endpoint.data + tcp.size, endpoint.size - tcp.size};
    struct str name = str_cut(&rest, ':');
    if (!rest.data || name.size == 0 || name.size >= HOST_MOST || rest.size >= PORT_MOST ||
        name.data[0] == '[')
        return false;
    snprintf(host, HOST_MOST, STR_FMT, STR_ARG(name));
    snprintf(port, PORT_MOST, STR_FMT, STR_ARG(rest));
    return inet_pton(AF_INET, host, &address) != 1;
}

static size_t count_endpoints(struct str list)
{
    size_t count = 0;

    for (; list.data; count++)
        str_cut(&list, ',');
    return count;
}

struct bus_names *bus_names_new(struct loop *loop, const char *endpoints, bus_names_fn *found,
                                void *argument)
{
    struct bus_names *names = calloc(1, sizeof *names);
    struct str left = str_of(endpoints);

    if (!names || !(names->sources = calloc(count_endpoints(left) + 1, sizeof *names->sources)))
        abort();
    names->loop = loop;
    names->found = found;
    names->argument = argument;
    for (size_t number = 0; left.data; number++) {
        struct str endpoint = str_cut(&left, ',');
        struct source *source = &names->sources[names->count];
        if (parse_name(endpoint, source->host, source->port)) {
            source->names = names;
            source->number = number;
            source->timer = loop_timer_new(loop, 0, 0, start_lookup, source);
            names->count++;
        } else if (endpoint.size > 0) {
            found(argument, number, endpoint);
        }
    }
    return names;
}

void bus_names_destroy(struct bus_names **names)
{
    if (!*names)
        return;
    for (size_t i = 0; i < (*names)->count; i++) {
        struct source *source = &(*names)->sources[i];
        loop_timer_destroy(&source->timer);
        if (source->watch) { /* the thread's answer goes nowhere */
            loop_fd_destroy(&source->watch);
            close(source->fd);
        }
    }
    free((*names)->sources);
    free(*names);
    *names = NULL;
}
