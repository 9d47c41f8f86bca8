/* The bounded map: a map, and a list from the newest to the oldest. */
#include "lru.h"

#include <stdlib.h>

#include "memory.h"

struct lru {
    struct map map;
    size_t count, max_items;
    size_t weight, max_weight;
    struct lru_item *newest, *oldest;
    lru_drop_fn *drop;
};

struct lru *lru_new(size_t max_items, size_t max_weight, lru_drop_fn *drop)
{
    struct lru *lru = xcalloc(1, sizeof *lru);

    map_init(&lru->map, max_items);
    lru->max_items = max_items;
    lru->max_weight = max_weight;
    lru->drop = drop;
    return lru;
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
    struct lru_item *item = (struct lru_item *)map_find(&lru->map, key);

    if (item && lru->newest != item) {
        unlink_age(lru, item);
        link_newest(lru, item);
    }
    return item;
}

void lru_remove(struct lru *lru, struct lru_item *item)
{
    map_remove(&lru->map, &item->entry);
    unlink_age(lru, item);
    lru->count--;
    lru->weight -= item->weight;
    lru->drop(item);
}

static void make_room(struct lru *lru, size_t weight)
{
    struct lru_item *item = lru->oldest;

    while (item && (lru->count >= lru->max_items || lru->weight + weight > lru->max_weight)) {
        struct lru_item *newer = item->newer;
        if (!item->pinned)
            lru_remove(lru, item);
        item = newer;
    }
}

void lru_add(struct lru *lru, struct lru_item *item)
{
    make_room(lru, item->weight);
    map_add(&lru->map, &item->entry);
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
    map_free(&(*lru)->map);
    free(*lru);
    *lru = NULL;
}

size_t lru_count(const struct lru *lru)
{
    return lru->count;
}

struct lru_item *lru_newest(const struct lru *lru)
{
    return lru->newest;
}

struct lru_item *lru_older(const struct lru_item *item)
{
    return item->older;
}
