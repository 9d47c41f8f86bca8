/* The items, their tags, and the tenants that they belong to. */
#include "goal_cache.h"

#include <stdlib.h>
#include <string.h>

#include "lease_calls.h"
#include "map.h"
#include "memory.h"
#include "share.h"
#include "unpack.h"

enum {
    BUCKETS = 1 << 17,     /* of tags; those that share one are invalidated together */
    DATA_MAX = 256 * 1024, /* larger ones are not kept ... */
    TAGS_MAX = 4096,       /* ... nor what shows more ids */
    EXPECTED_ITEMS = 16384,
    EXPECTED_TENANTS = 1024,
    KEY_MAX = 600,
};

/* In the order in which they were kept: of all, and of one tenant. */
enum order { OF_ALL, OF_OWNER, ORDERS };
struct order_list {
    struct item *first, *last;
};

struct owner {             /* a tenant that has items */
    struct map_item entry; /* first */
    size_t bytes;
    struct order_list list;
};

struct item {
    struct map_item entry; /* first; its key is "<tenant>\n<id>" */
    struct owner *owner;
    struct {
        struct item *next, *before;
    } links[ORDERS];
    uint64_t moment; /* when it was read */
    int64_t read_us;
    int64_t version;
    size_t bytes;
    uint32_t *tags; /* buckets; behind them the data, then the key */
    size_t tag_count;
    struct str data;
};

static struct {
    size_t max;
    struct map items, owners;
    struct order_list list;
    uint64_t *changed;        /* by bucket: the moment of the last change */
    uint64_t moment, cleared; /* now; and what was read before it counts no more */
    struct goal_cache_counts counts;
} cache;

void goal_cache_open(size_t max_bytes)
{
    if (max_bytes == 0)
        return;
    cache.max = max_bytes;
    map_init(&cache.items, EXPECTED_ITEMS);
    map_init(&cache.owners, EXPECTED_TENANTS);
    cache.changed = xcalloc(BUCKETS, sizeof *cache.changed);
}

bool goal_cache_is_open(void)
{
    return cache.max > 0;
}

/* --- Items --- */

static void list_add(struct order_list *list, enum order order, struct item *item)
{
    item->links[order].before = list->last;
    item->links[order].next = NULL;
    if (list->last)
        list->last->links[order].next = item;
    else
        list->first = item;
    list->last = item;
}

static void list_remove(struct order_list *list, enum order order, struct item *item)
{
    struct item *next = item->links[order].next, *before = item->links[order].before;

    if (before)
        before->links[order].next = next;
    else
        list->first = next;
    if (next)
        next->links[order].before = before;
    else
        list->last = before;
}

static void drop(struct item *item)
{
    struct owner *owner = item->owner;

    list_remove(&cache.list, OF_ALL, item);
    list_remove(&owner->list, OF_OWNER, item);
    owner->bytes -= item->bytes;
    if (!owner->list.first) {
        map_remove(&cache.owners, &owner->entry);
        free(owner);
    }
    map_remove(&cache.items, &item->entry);
    cache.counts.bytes -= item->bytes;
    cache.counts.items--;
    free(item);
}

void goal_cache_close(void)
{
    if (cache.max == 0)
        return;
    while (cache.list.first)
        drop(cache.list.first);
    map_free(&cache.items);
    map_free(&cache.owners);
    free(cache.changed);
    memset(&cache, 0, sizeof cache);
}

static struct str key_of(char *text, struct str tenant, struct uuid goal)
{
    if (tenant.size + 1 + UUID_TEXT_SIZE > KEY_MAX)
        return STR_NONE;
    memcpy(text, tenant.data, tenant.size);
    text[tenant.size] = '\n';
    uuid_format(goal, text + tenant.size + 1);
    return (struct str){text, tenant.size + 1 + UUID_TEXT_SIZE};
}

static bool is_current(const struct item *item, int64_t now_us)
{
    if (item->moment < cache.cleared || now_us - item->read_us >= GOAL_CACHE_US)
        return false;
    for (size_t i = 0; i < item->tag_count; i++)
        if (cache.changed[item->tags[i]] > item->moment)
            return false;
    return true;
}

bool goal_cache_find(struct str tenant, struct uuid goal, int64_t now_us,
                     struct cached_goal *cached)
{
    char text[KEY_MAX];
    struct str key = key_of(text, tenant, goal);

    if (cache.max == 0 || tenant.size == 0 || !key.data)
        return false;
    struct item *item = (struct item *)map_find(&cache.items, key);
    if (item && !is_current(item, now_us)) {
        drop(item);
        item = NULL;
    }
    cache.counts.hits += item != NULL;
    cache.counts.misses += item == NULL;
    if (item)
        *cached = (struct cached_goal){item->data, item->version};
    return item != NULL;
}

/* --- Tags --- */

static uint32_t bucket_of(uint64_t tag)
{
    return (uint32_t)(tag & (BUCKETS - 1));
}

struct goal_reading goal_cache_reading(int64_t now_us)
{
    return (struct goal_reading){cache.moment, now_us};
}

void goal_cache_invalidate(const uint64_t *tags, size_t count)
{
    if (cache.max == 0)
        return;
    cache.moment++;
    if (!tags)
        cache.cleared = cache.moment;
    for (size_t i = 0; tags && i < count; i++)
        cache.changed[bucket_of(tags[i])] = cache.moment;
}

struct tags {
    struct arena *arena;
    struct str tenant;
    uint32_t *buckets;
    size_t count; /* more than TAGS_MAX: too many */
};

static void add_tag(struct tags *tags, struct str id)
{
    struct str name =
        arena_printf(tags->arena, STR_FMT "\n" STR_FMT, STR_ARG(tags->tenant), STR_ARG(id));
    uint32_t bucket = bucket_of(invalidation_tag(name));

    for (size_t i = 0; i < tags->count && i < TAGS_MAX; i++)
        if (tags->buckets[i] == bucket)
            return;
    if (tags->count < TAGS_MAX)
        tags->buckets[tags->count] = bucket;
    tags->count++;
}

static bool names_id(struct str key)
{
    struct str tail = {key.data + key.size - 2, 2};

    return key.size >= 2 && (str_equal(key, STR("id")) || str_equal(tail, STR("Id")));
}

/* Every id that is shown, at any depth: whatever else is shown stands beside the id of what it
 * belongs to. */
static void gather(struct tags *tags, const struct value *value)
{
    for (uint32_t i = 0; value->type == VALUE_ARRAY && i < value->count; i++)
        gather(tags, &value->items[i]);
    for (uint32_t i = 0; value->type == VALUE_MAP && i < value->count; i++) {
        const struct pair *pair = &value->pairs[i];
        if (pair->value.type == VALUE_TEXT && names_id(pair->key))
            add_tag(tags, pair->value.text);
        gather(tags, &pair->value);
    }
}

/* False when there are too many. */
static bool tags_of(struct tags *tags, struct str data)
{
    struct value value;

    tags->buckets = arena_array(tags->arena, TAGS_MAX, sizeof *tags->buckets);
    add_tag(tags, STR("")); /* the tenant as a whole */
    if (!unpack(tags->arena, data, &value))
        return false;
    gather(tags, &value);
    return tags->count <= TAGS_MAX;
}

/* --- Keeping --- */

static struct owner *owner_of(struct str tenant)
{
    return (struct owner *)map_find(&cache.owners, tenant);
}

static struct owner *owner_add(struct str tenant)
{
    struct owner *owner = xcalloc(1, sizeof *owner + tenant.size);
    char *name = (char *)(owner + 1);

    memcpy(name, tenant.data, tenant.size);
    owner->entry.key = (struct str){name, tenant.size};
    map_add(&cache.owners, &owner->entry);
    return owner;
}

/* Whether there is room: what is too old goes first, then what the tenant itself has kept. */
static bool make_room(struct str tenant, size_t bytes, int64_t now_us)
{
    while (cache.list.first && now_us - cache.list.first->read_us >= GOAL_CACHE_US)
        drop(cache.list.first);
    for (struct owner *owner;; drop(owner->list.first)) {
        owner = owner_of(tenant);
        size_t used = owner ? owner->bytes : 0;
        if (share_allows((int64_t)used, (int64_t)(cache.max - cache.counts.bytes), (int64_t)bytes))
            return true;
        if (!owner)
            return false;
    }
}

static struct item *item_new(const struct tags *tags, struct str key,
                             const struct cached_goal *read)
{
    size_t tags_size = tags->count * sizeof(uint32_t);
    size_t bytes = sizeof(struct item) + tags_size + read->data.size + key.size;
    struct item *item = xmalloc(bytes);
    char *data = (char *)(item + 1) + tags_size;

    *item = (struct item){.version = read->version,
                          .bytes = bytes,
                          .tags = (uint32_t *)(item + 1),
                          .tag_count = tags->count,
                          .data = {data, read->data.size}};
    memcpy(item->tags, tags->buckets, tags_size);
    memcpy(data, read->data.data, read->data.size);
    memcpy(data + read->data.size, key.data, key.size);
    item->entry.key = (struct str){data + read->data.size, key.size};
    return item;
}

static void add(struct item *item, struct str tenant)
{
    struct owner *owner = owner_of(tenant);

    item->owner = owner ? owner : owner_add(tenant);
    item->owner->bytes += item->bytes;
    list_add(&item->owner->list, OF_OWNER, item);
    list_add(&cache.list, OF_ALL, item);
    map_add(&cache.items, &item->entry);
    cache.counts.bytes += item->bytes;
    cache.counts.items++;
}

void goal_cache_keep(struct arena *arena, struct str tenant, struct uuid goal,
                     const struct goal_reading *reading, const struct cached_goal *read)
{
    struct tags tags = {.arena = arena, .tenant = tenant};
    char text[KEY_MAX];
    struct str key = key_of(text, tenant, goal);

    if (cache.max == 0 || tenant.size == 0 || !key.data || read->data.size > DATA_MAX ||
        !tags_of(&tags, read->data))
        return;
    struct item *old = (struct item *)map_find(&cache.items, key);
    if (old)
        drop(old);
    struct item *item = item_new(&tags, key, read);
    item->moment = reading->moment;
    item->read_us = reading->began_us;
    if (is_current(item, reading->began_us) && make_room(tenant, item->bytes, reading->began_us))
        add(item, tenant);
    else
        free(item);
}

/* --- What it says of itself --- */

struct goal_cache_counts goal_cache_counts(void)
{
    return cache.counts;
}

void goal_cache_collect(struct metrics *metrics)
{
    metrics_counter(metrics, "traction_goal_cache_hits_total", "Goals answered from memory.", NULL,
                    (double)cache.counts.hits);
    metrics_counter(metrics, "traction_goal_cache_misses_total",
                    "Goals that were looked for in memory in vain.", NULL,
                    (double)cache.counts.misses);
    metrics_gauge(metrics, "traction_goal_cache_goals", "Goals in memory.", NULL,
                  (double)cache.counts.items);
    metrics_gauge(metrics, "traction_goal_cache_bytes", "Bytes that they take.", NULL,
                  (double)cache.counts.bytes);
}
