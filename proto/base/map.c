/* The hash map: chained buckets, and XXH3 with a random seed. */
#include "map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "memory.h"

enum { MIN_BUCKETS = 64 };

void map_init(struct map *map, size_t expected)
{
    map->bucket_count = MIN_BUCKETS;
    while (map->bucket_count < expected)
        map->bucket_count *= 2;
    map->buckets = xcalloc(map->bucket_count, sizeof(struct map_item *));
    if (getrandom(&map->seed, sizeof map->seed, 0) != sizeof map->seed)
        abort();
}

void map_free(struct map *map)
{
    free(map->buckets);
    map->buckets = NULL;
}

static uint64_t hash_of(const struct map *map, struct str key)
{
    return XXH3_64bits_withSeed(key.data, key.size, map->seed);
}

static struct map_item **bucket_of(const struct map *map, uint64_t hash)
{
    return &map->buckets[hash & (map->bucket_count - 1)];
}

struct map_item *map_find(const struct map *map, struct str key)
{
    uint64_t hash = hash_of(map, key);
    struct map_item *item = *bucket_of(map, hash);

    while (item && (item->hash != hash || !str_equal(item->key, key)))
        item = item->next;
    return item;
}

void map_add(struct map *map, struct map_item *item)
{
    item->hash = hash_of(map, item->key);
    struct map_item **bucket = bucket_of(map, item->hash);
    item->next = *bucket;
    *bucket = item;
}

void map_remove(struct map *map, struct map_item *item)
{
    struct map_item **at = bucket_of(map, item->hash);

    while (*at != item)
        at = &(*at)->next;
    *at = item->next;
}
