/* Lists of ids as sets, by looking through them. */
#include "id_sets.h"

#include <string.h>

size_t ids_index(struct uuids ids, struct uuid id)
{
    size_t i = 0;

    while (i < ids.count && !uuid_equal(ids.items[i], id))
        i++;
    return i;
}

bool ids_have(struct uuids ids, struct uuid id)
{
    return ids_index(ids, id) < ids.count;
}

bool ids_equal(struct uuids a, struct uuids b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(a.items, b.items, a.count * sizeof *a.items) == 0);
}

struct uuids ids_unique(struct arena *arena, struct uuids ids)
{
    struct uuids unique = {arena_array(arena, ids.count, sizeof *ids.items), 0};

    for (size_t i = 0; i < ids.count; i++)
        if (!ids_have(unique, ids.items[i]))
            unique.items[unique.count++] = ids.items[i];
    return unique;
}

struct uuids ids_without(struct arena *arena, struct uuids ids, struct uuids others)
{
    struct uuids left = {arena_array(arena, ids.count, sizeof *ids.items), 0};

    for (size_t i = 0; i < ids.count; i++)
        if (!ids_have(others, ids.items[i]))
            left.items[left.count++] = ids.items[i];
    return left;
}

struct uuids ids_both(struct arena *arena, struct uuids a, struct uuids b)
{
    struct uuids both = {arena_array(arena, a.count + b.count, sizeof *a.items), 0};

    for (size_t i = 0; i < a.count; i++)
        both.items[both.count++] = a.items[i];
    for (size_t i = 0; i < b.count; i++)
        both.items[both.count++] = b.items[i];
    return both;
}
