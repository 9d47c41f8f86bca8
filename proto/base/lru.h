/* A bounded map from bytes to items that drops the least recently used one. Items are embedded in
 * the owner's structs, allocated with malloc, and freed by the owner's `drop`. */
#ifndef TRACTION_LRU_H
#define TRACTION_LRU_H

#include <stdbool.h>
#include <stddef.h>

#include "map.h"

struct lru_item {
    struct map_item entry; /* first; its key is set before lru_add, and lives as long as the item */
    size_t weight;         /* bytes that count against the map's most; set before lru_add */
    bool pinned;           /* never dropped while set */
    struct lru_item *newer, *older; /* private */
};

struct lru;

typedef void lru_drop_fn(struct lru_item *item);

struct lru *lru_new(size_t max_items, size_t max_weight, lru_drop_fn *drop);
void lru_destroy(struct lru **lru); /* drops everything */

/* NULL when unknown; else it is the newest from now on. */
struct lru_item *lru_find(struct lru *lru, struct str key);
/* The key must be unknown. Drops old ones to make room, pinned ones excepted. */
void lru_add(struct lru *lru, struct lru_item *item);
void lru_remove(struct lru *lru, struct lru_item *item); /* and drops it */
void lru_clear(struct lru *lru);                         /* pinned ones stay */
size_t lru_count(const struct lru *lru);
/* From the newest on; NULL at the end. Nothing changes meanwhile. */
struct lru_item *lru_newest(const struct lru *lru);
struct lru_item *lru_older(const struct lru_item *item);

#endif
