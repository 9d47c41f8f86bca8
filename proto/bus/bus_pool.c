/* Choosing among replicas, and suspecting those that do not reply. Knows no calls and no sockets.
 */
#include "bus_pool.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum {
    SILENCE_US = 150 * 1000,          /* without any answer before a timeout makes one suspect */
    PROBE_US = 1000 * 1000,           /* between calls to a suspect when there is no other ... */
    RARE_PROBE_US = 10 * 1000 * 1000, /* ... and when there is one, for the call may be in vain */
    AVOID_US = 1000 * 1000,           /* others are preferred so long to one that refused */
    ADDRESS_MAX = 512,
};

static bool usable(const struct replica *replica)
{
    return replica->connected && !replica->vanished;
}

static bool contains(struct str addresses, const char *address)
{
    while (addresses.data) {
        if (str_equal(str_cut(&addresses, '\n'), str_of(address)))
            return true;
    }
    return false;
}

static void add_replica(struct bus_pool *pool, size_t source, struct str address)
{
    char text[ADDRESS_MAX];

    for (struct replica *replica = pool->replicas; replica; replica = replica->next) {
        if (replica->source == source && str_equal(address, str_of(replica->address)))
            return;
    }
    if (address.size == 0 || address.size >= sizeof text)
        return;
    memcpy(text, address.data, address.size);
    text[address.size] = '\0';
    struct replica *replica =
        replica_new(pool->loop, pool->service, text, pool->handlers, pool->argument);
    if (!replica)
        return;
    replica->source = source;
    replica->next = pool->replicas;
    pool->replicas = replica;
}

static void on_found(void *argument, size_t source, struct str addresses)
{
    struct bus_pool *pool = argument;

    for (struct replica *replica = pool->replicas; replica; replica = replica->next) {
        if (replica->source == source)
            replica->vanished = !contains(addresses, replica->address);
    }
    while (addresses.data)
        add_replica(pool, source, str_cut(&addresses, '\n'));
    pool_remove_vanished(pool);
}

void pool_init(struct bus_pool *pool, struct loop *loop, const char *service, const char *endpoints,
               const struct replica_handlers *handlers, void *argument)
{
    memset(pool, 0, sizeof *pool);
    pool->loop = loop;
    pool->service = xstrdup(service);
    pool->handlers = handlers;
    pool->argument = argument;
    pool->down_since_us = monotonic_us();
    pool->silence_us = SILENCE_US;
    pool->names = bus_names_new(loop, endpoints, on_found, pool);
}

void pool_free(struct bus_pool *pool)
{
    bus_names_destroy(&pool->names);
    while (pool->replicas) {
        struct replica *replica = pool->replicas;
        pool->replicas = replica->next;
        replica_destroy(&replica);
    }
    free(pool->service);
}

static void log_replica(enum log_level level, const char *message, const struct bus_pool *pool,
                        const struct replica *replica)
{
    LOG_AT(level, message, LOG_CSTR("service", pool->service),
           LOG_CSTR("address", replica->address),
           LOG_INT("in_flight", (int64_t)replica->in_flight));
}

void pool_connected(struct bus_pool *pool, struct replica *replica)
{
    log_replica(LOG_INFO, "service connected", pool, replica);
    replica->suspect = false;
    replica->avoid_until_us = 0;
}

void pool_disconnected(struct bus_pool *pool, struct replica *replica)
{
    log_replica(LOG_INFO, "service disconnected", pool, replica);
    /* A replica that had stopped replying is not expected to reconnect soon. */
    if (!replica->suspect)
        pool->down_since_us = monotonic_us();
}

void pool_answered(struct bus_pool *pool, struct replica *replica, int64_t now_us)
{
    replica->silent_since_us = now_us;
    replica->owes = false;
    if (!replica->suspect)
        return;
    replica->suspect = false;
    log_replica(LOG_INFO, "service answers again", pool, replica);
}

bool pool_refused(struct bus_pool *pool, struct replica *replica, int64_t now_us)
{
    replica->avoid_until_us = now_us + AVOID_US;
    for (struct replica *other = pool->replicas; other; other = other->next) {
        if (usable(other) && !other->suspect && other->avoid_until_us <= now_us)
            return true;
    }
    return false;
}

void pool_suspect(struct bus_pool *pool, struct replica *replica, int64_t sent_us, int64_t now_us)
{
    if (!replica->connected || replica->suspect || replica->silent_since_us > sent_us ||
        now_us - replica->silent_since_us < pool->silence_us)
        return;
    replica->suspect = true;
    replica->probed_us = now_us;
    log_replica(LOG_WARNING, "service does not answer", pool, replica);
}

/* Of two replicas that may be called, the better one. */
static struct replica *better(struct replica *a, struct replica *b, int64_t now_us)
{
    bool avoid_a, avoid_b;

    if (!a || !b)
        return a ? a : b;
    avoid_a = a->avoid_until_us > now_us;
    avoid_b = b->avoid_until_us > now_us;
    if (avoid_a != avoid_b)
        return avoid_a ? b : a;
    if (a->in_flight != b->in_flight)
        return a->in_flight < b->in_flight ? a : b;
    return a->picked < b->picked ? a : b;
}

struct replica *pool_pick(struct bus_pool *pool, int64_t now_us, bool *suspects)
{
    struct replica *best = NULL, *suspect = NULL;

    for (struct replica *replica = pool->replicas; replica; replica = replica->next) {
        if (!usable(replica))
            continue;
        if (!replica->suspect)
            best = better(best, replica, now_us);
        else if (!suspect || replica->probed_us < suspect->probed_us)
            suspect = replica;
    }
    *suspects = suspect != NULL && !best;
    if (suspect && now_us - suspect->probed_us >= (best ? RARE_PROBE_US : PROBE_US)) {
        suspect->probed_us = now_us;
        best = suspect;
    }
    if (best)
        best->picked = ++pool->picks;
    return best;
}

struct replica *pool_find(struct bus_pool *pool, const char *address)
{
    struct replica *replica = pool->replicas;

    while (replica && (!usable(replica) || strcmp(replica->address, address) != 0))
        replica = replica->next;
    return replica;
}

size_t pool_addresses(const struct bus_pool *pool, const char **addresses, size_t max)
{
    size_t count = 0;

    for (const struct replica *replica = pool->replicas; replica && count < max;
         replica = replica->next)
        if (usable(replica))
            addresses[count++] = replica->address;
    return count;
}

void pool_book(struct replica *replica, int64_t now_us)
{
    if (!replica->owes && replica->in_flight == 0)
        replica->silent_since_us = now_us;
    replica->owes = true;
    replica->in_flight++;
}

bool pool_any(const struct bus_pool *pool)
{
    for (const struct replica *replica = pool->replicas; replica; replica = replica->next) {
        if (usable(replica))
            return true;
    }
    return false;
}

size_t pool_good(const struct bus_pool *pool)
{
    size_t good = 0;

    for (const struct replica *replica = pool->replicas; replica; replica = replica->next)
        good += usable(replica) && !replica->suspect;
    return good;
}

void pool_remove_vanished(struct bus_pool *pool)
{
    for (struct replica **link = &pool->replicas; *link;) {
        struct replica *replica = *link;
        if (!replica->vanished || replica->in_flight > 0) {
            link = &replica->next;
            continue;
        }
        *link = replica->next;
        replica_destroy(&replica);
    }
}
