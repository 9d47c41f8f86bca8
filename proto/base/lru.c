/* The bounded map: chained buckets, and a list from the newest to the oldest. Its hash is seeded,
 * so that callers cannot choose keys that collide. */
#include "lru.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "memory.h"

struct lru {
    struct lru_item **buckets;
    size_t bucket_count; /* a power of two */
    size_t count, most_items;
    size_t weight, most_weight;
    struct lru_item *newest, *oldest;
    lru_drop_fn *drop;
    uint64_t seed;
};

struct lru *lru_new(size_t most_items, size_t most_weight, lru_drop_fn *drop)
{
    struct lru *lru = xcalloc(1, sizeof *lru);

    lru->bucket_count = 64;
    while (lru->bucket_count < most_items)
        lru->bucket_count *= 2;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers. */
    lru->buckets = xcalloc(lru->bucket_count, sizeof *lru->buckets);
    if (getrandom(&lru->seed, sizeof lru->seed, 0) != sizeof lru->seed)
        abort();
    lru->most_items = most_items;
    lru->most_weight = most_weight;
    lru->drop = drop;
    return lru;
}

static struct lru_item **bucket_of(const struct lru *lru, uint64_t hash)
{
    return &lru->buckets[hash & (lru->bucket_count - 1)];
}

static void unlink_age(struct lru *lru, struct lru_item *item)
{
    *(item->newer ? &item->newer->older : &lru->newest) = item->older;
    *(item->older ? &item->older->newer : &lru->oldest) = item->newer;
}

static void link_newest(struct lru *lru, struct lru_item *item)
{
    item->newer = NULL;
    item->older = lru->newest;
    *(lru->newest ? &lru->newest->newer : &lru->oldest) = item;
    lru->newest = item;
}

struct lru_item *lru_find(struct lru *lru, struct str key)
{
    uint64_t hash = XXH3_64bits_withSeed(key.data, key.size, lru->seed);

    for (struct lru_item *item = *bucket_of(lru, hash); item; item = item->chain) {
        if (item->hash != hash || !str_equal(item->key, key))
            continue;
        if (lru->newest != item) {
            unlink_age(lru, item);
            link_newest(lru, item);
        }
        return item;
    }
    return NULL;
}

void lru_remove(struct lru *lru, struct lru_item *item)
{
    struct lru_item **at = bucket_of(lru, item->hash);

    while (*at != item)
        at = &(*at)->chain;
    *at = item->chain;
    unlink_age(lru, item);
    lru->count--;
    lru->weight -= item->weight;
    lru->drop(item);
}

static void make_room(struct lru *lru, size_t weight)
{
    struct lru_item *item = lru->oldest;

    while (item && (lru->count >= lru->most_items || lru->weight + weight > lru->most_weight)) {
        struct lru_item *newer = item->newer;
        if (!item->pinned)
            lru_remove(lru, item);
        item = newer;
    }
}

void lru_add(struct lru *lru, struct lru_item *item)
{
    make_room(lru, item->weight);
    item->hash = XXH3_64bits_withSeed(item->key.data, item->key.size, lru->seed);
    struct lru_item **bucket = bucket_of(lru, item->hash);
    item->chain = *bucket;
    *bucket = item;
    link_newest(lru, item);
    lru->count++;
    lru->weight += item->weight;
}

void lru_clear(struct lru *lru)
{
    for (struct lru_item *item = lru->oldest, *newer; item; item = newer) {
        newer = item->newer;
        if (!item->pinned)
            lru_remove(lru, item);
    }
}

void lru_destroy(struct lru **lru)
{
    if (!*lru)
        return;
    while ((*lru)->oldest)
        lru_remove(*lru, (*lru)->oldest);
    free((*lru)->buckets);
    free(*lru);
    *lru = NULL;
}

size_t lru_count(const struct lru *lru)
{
    return lru->count;
}
