/* A hash map from bytes to items that are embedded in the owner's structs. The map allocates its
 * buckets alone, once, and frees no item. */
#ifndef TRACTION_MAP_H
#define TRACTION_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct map_item {
    struct str key; /* set before map_add; lives as long as the item */
    uint64_t hash;  /* the rest is private */
    struct map_item *next;
};

struct map {
    struct map_item **buckets;
    size_t bucket_count; /* a power of two */
    uint64_t seed;       /* of the process's own: nobody can choose keys that collide */
};

/* It holds any number of items, and is fast for as many as are expected. */
void map_init(struct map *map, size_t expected);
void map_free(struct map *map);

/* NULL when unknown. */
struct map_item *map_find(const struct map *map, struct str key);
/* The key must be unknown. */
void map_add(struct map *map, struct map_item *item);
/* It must be in the map. */
void map_remove(struct map *map, struct map_item *item);

#endif
