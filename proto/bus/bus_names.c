/* Telling host names from addresses, and asking for them again and again. */
#include "bus_names.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_lookup.h"
#include "log.h"
#include "memory.h"

enum {
    AGAIN_MS = 5000,        /* after a lookup that found something */
    FAILED_AGAIN_MS = 1000, /* after one that did not */
    HOST_LENGTH_MAX = 256,
    PORT_MAX = 16,
};

struct name_source {
    struct bus_names *names;
    size_t number;
    char host[HOST_LENGTH_MAX], port[PORT_MAX];
    struct loop_timer *timer;
    struct bus_lookup *lookup; /* while one is under way */
};

struct bus_names {
    struct loop *loop;
    bus_names_fn *found;
    void *argument;
    struct name_source *sources; /* host names only */
    size_t count;
};

static void on_answer(void *argument, struct str addresses)
{
    struct name_source *source = argument;

    bus_lookup_destroy(&source->lookup);
    loop_timer_set(source->timer, addresses.size > 0 ? AGAIN_MS : FAILED_AGAIN_MS, 0);
    if (addresses.size > 0)
        source->names->found(source->names->argument, source->number, addresses);
    else
        log_debug("host name does not resolve", LOG_CSTR("host", source->host));
}

static void start_lookup(void *argument)
{
    struct name_source *source = argument;

    assert(!source->lookup);
    source->lookup =
        bus_lookup_new(source->names->loop, source->host, source->port, on_answer, source);
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
    if (!rest.data || name.size == 0 || name.size >= HOST_LENGTH_MAX || rest.size >= PORT_MAX ||
        name.data[0] == '[')
        return false;
    snprintf(host, HOST_LENGTH_MAX, STR_FMT, STR_ARG(name));
    snprintf(port, PORT_MAX, STR_FMT, STR_ARG(rest));
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
    struct bus_names *names = xcalloc(1, sizeof *names);
    struct str left = str_of(endpoints);

    names->sources = xcalloc(count_endpoints(left) + 1, sizeof *names->sources);
    names->loop = loop;
    names->found = found;
    names->argument = argument;
    for (size_t number = 0; left.data; number++) {
        struct str endpoint = str_cut(&left, ',');
        struct name_source *source = &names->sources[names->count];
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
        struct name_source *source = &(*names)->sources[i];
        loop_timer_destroy(&source->timer);
        bus_lookup_destroy(&source->lookup);
    }
    free((*names)->sources);
    free(*names);
    *names = NULL;
}
