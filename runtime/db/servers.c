/* Lists of servers are turned round, not taken apart: what an element means is libpq's business. */
#include "servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { LISTS = 3 };
static const char *const keywords[LISTS] = {"host", "hostaddr", "port"};

struct servers {
    char *lists[LISTS], *turned[LISTS]; /* as the string has them, and as they are asked; or NULL */
    size_t count, first;
};

static size_t elements(const char *list)
{
    size_t count = 1;
    for (; *list; list++)
        count += *list == ',';
    return count;
}

/* Where element `at` begins; a list of one holds for all. */
static const char *element(const char *list, size_t at, size_t *size)
{
    if (elements(list) == 1)
        at = 0;
    for (; at > 0; at--)
        list = strchr(list, ',') + 1;
    *size = strcspn(list, ",");
    return list;
}

struct servers *servers_new(const PQconninfoOption *parts)
{
    struct servers *servers = xcalloc(1, sizeof *servers);

    servers->count = 1;
    for (; parts->keyword; parts++)
        for (size_t i = 0; i < LISTS; i++)
            if (strcmp(parts->keyword, keywords[i]) == 0 && parts->val && *parts->val) {
                servers->lists[i] = xstrdup(parts->val);
                servers->turned[i] = xstrdup(parts->val);
                if (strcmp(keywords[i], "port") != 0)
                    servers->count = elements(parts->val); /* libpq wants both to have as many */
            }
    return servers;
}

void servers_destroy(struct servers **owner)
{
    struct servers *servers = *owner;
    *owner = NULL;
    for (size_t i = 0; servers && i < LISTS; i++) {
        free(servers->lists[i]);
        free(servers->turned[i]);
    }
    free(servers);
}

bool servers_several(const struct servers *servers)
{
    return servers->count > 1;
}

struct server_order servers_order(struct servers *servers)
{
    for (size_t i = 0; i < LISTS; i++) {
        const char *list = servers->lists[i], *begin = list;
        size_t size;
        if (!list)
            continue;
        bool turns = servers->first > 0 && elements(list) == servers->count;
        if (turns) /* with too many or too few libpq says so */
            begin = element(list, servers->first, &size);
        snprintf(servers->turned[i], strlen(list) + 1, "%s%s%.*s", begin, turns ? "," : "",
                 turns ? (int)(begin - list - 1) : 0, list);
    }
    return (struct server_order){servers->turned[0], servers->turned[1], servers->turned[2]};
}

static bool is_element(const char *list, size_t at, const char *value)
{
    size_t size;
    const char *found = list ? element(list, at, &size) : "";

    if (!list || size == 0)
        return true; /* a default, which all of them share */
    return strlen(value) == size && memcmp(found, value, size) == 0;
}

/* Of the server that the connection is at, or tries; `count` when it is at none. */
static size_t place_of(const struct servers *servers, const PGconn *pg)
{
    const char *host = PQhost(pg), *port = PQport(pg);
    const char *hosts = servers->lists[0] ? servers->lists[0] : servers->lists[1];

    for (size_t i = 0; host && port && i < servers->count; i++)
        if (is_element(hosts, i, host) && is_element(servers->lists[2], i, port))
            return i;
    return servers->count;
}

void servers_begin_with(struct servers *servers, const PGconn *pg)
{
    size_t place = place_of(servers, pg);
    if (place < servers->count)
        servers->first = place;
}

void servers_begin_behind(struct servers *servers, const PGconn *pg)
{
    size_t place = place_of(servers, pg);
    if (place < servers->count)
        servers->first = (place + 1) % servers->count;
}
