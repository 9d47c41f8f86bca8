/* Counts connections by client and selects those to close. A pass over all connections closes
 * several, so that a client that keeps connecting costs little each time. */
#include "http_limiter.h"

#include <stdlib.h>
#include <string.h>

#include "http_listen.h"
#include "lru.h"
#include "memory.h"

enum {
    SLOTS_FREE = 8,
    SLOTS_SHARE = 8,  /* at most that part of them */
    SLOW_US = 1000000 /* a transfer may take so long before it counts as waiting */
};

/* A client: an address, or a single connection of a trusted proxy, behind which are many. */
struct client_source {
    struct lru_item item; /* not of a proxy's */
    struct address address;
    size_t count;
};

struct limiter {
    const struct networks *trusted;
    struct lru *sources;
    size_t max, slots_free;
    size_t leaving; /* told to close, but still counted */
};

static void drop_source(struct lru_item *item)
{
    free(item);
}

struct limiter *limiter_new(const struct networks *trusted, size_t max)
{
    struct limiter *limiter = xcalloc(1, sizeof *limiter);

    limiter->trusted = trusted;
    limiter->max = max;
    limiter->slots_free = max / SLOTS_SHARE < SLOTS_FREE ? max / SLOTS_SHARE : SLOTS_FREE;
    limiter->sources = lru_new(max + 1, SIZE_MAX / 2, drop_source);
    return limiter;
}

void limiter_destroy(struct limiter **limiter)
{
    if (!*limiter)
        return;
    lru_destroy(&(*limiter)->sources);
    free(*limiter);
    *limiter = NULL;
}

static struct client_source *source_new(struct address address)
{
    struct client_source *source = xcalloc(1, sizeof *source);

    source->address = address;
    source->item.entry.key =
        (struct str){(const char *)source->address.bytes, sizeof source->address};
    source->item.pinned = true;
    return source;
}

void limiter_enter(struct limiter *limiter, struct http_peer *peer,
                   const struct sockaddr *socket_address)
{
    struct address address = address_of(socket_address), client = address_of_client(address);
    struct str key = {(const char *)client.bytes, sizeof client};

    peer->trusted = networks_contain(limiter->trusted, address);
    peer->source = peer->trusted ? NULL
                                 : (struct client_source *)(void *)lru_find(limiter->sources,
                                                                            key); /* its first */
    if (!peer->source) {
        peer->source = source_new(client);
        if (!peer->trusted)
            lru_add(limiter->sources, &peer->source->item);
    }
    peer->source->count++;
}

void limiter_leave(struct limiter *limiter, struct http_peer *peer)
{
    limiter->leaving -= peer->leaving;
    if (--peer->source->count > 0)
        return;
    if (peer->trusted)
        free(peer->source);
    else
        lru_remove(limiter->sources, &peer->source->item);
}

/* The connection is idle, so its client loses nothing, or it waits for the rest of a transfer. */
enum rank { RANK_IDLE, RANK_HEAD, RANK_TRANSFER, RANK_NONE };

static enum rank rank_of(const struct http_peer *peer, int64_t now_us)
{
    if (peer->leaving)
        return RANK_NONE;
    switch (peer->phase) {
    case PHASE_IDLE:
    case PHASE_LINGER:
        return RANK_IDLE;
    case PHASE_HEAD: /* who has just come may stay, one of a crowd excepted */
        return peer->since_us == now_us && peer->source->count <= SLOTS_FREE ? RANK_NONE
                                                                             : RANK_HEAD;
    case PHASE_BODY:
    case PHASE_DISCARD:
    case PHASE_SENDING:
        return now_us - peer->since_us >= SLOW_US ? RANK_TRANSFER : RANK_NONE;
    case PHASE_ARRIVED:
    case PHASE_SERVED:
    case PHASE_ANSWERED:
    case PHASE_TAKEN:
    case PHASE_COUNT:
        break;
    }
    return RANK_NONE;
}

static bool goes_before(const struct http_peer *a, const struct http_peer *b, int64_t now_us)
{
    enum rank rank_a = rank_of(a, now_us), rank_b = rank_of(b, now_us);

    if (a->source->count != b->source->count)
        return a->source->count > b->source->count;
    if (rank_a != rank_b)
        return rank_a < rank_b;
    return a->since_us < b->since_us;
}

/* Keeps the first of those seen, in their order. */
static size_t keep(struct http_peer *first[], size_t count, struct http_peer *peer, int64_t now_us)
{
    size_t at = count < SLOTS_FREE ? count : SLOTS_FREE;

    for (; at > 0 && goes_before(peer, first[at - 1], now_us); at--)
        if (at < SLOTS_FREE)
            first[at] = first[at - 1];
    if (at < SLOTS_FREE)
        first[at] = peer;
    return count < SLOTS_FREE ? count + 1 : count;
}

void limiter_close_idle(struct limiter *limiter, struct http *http)
{
    size_t staying = http->peer_count - limiter->leaving, count = 0;
    int64_t now_us = loop_now_us(http->loop);
    struct http_peer *first[SLOTS_FREE];

    if (staying + limiter->slots_free <= limiter->max)
        return;
    for (struct http_peer *peer = http->peers; peer; peer = peer->next)
        if (rank_of(peer, now_us) != RANK_NONE)
            count = keep(first, count, peer, now_us);
    for (size_t i = 0; i < count && i < limiter->slots_free; i++) {
        first[i]->leaving = true;
        limiter->leaving++;
        http_hang_up(first[i]->fd, first[i]->phase == PHASE_SENDING);
    }
}
