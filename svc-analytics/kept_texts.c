/* The texts, in the order in which they were used, and the tenants whose they are. */
#include "kept_texts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kept_age.h"
#include "map.h"
#include "memory.h"

enum {
    EXPECTED_TEXTS = 4096,
    EXPECTED_TENANTS = 1024,
    KEY_MAX = 600,
    STAMPS_MAX = 16, /* services whose events are applied */
    PART_MAX = 8,    /* no text takes more than that part of the memory ... */
    BYTES_MIN = 4096 /* ... and each counts as so much, so that there are not too many */
};

struct text_owner {        /* a tenant that has texts */
    struct map_item entry; /* first */
    size_t bytes;
};

struct text_item {
    struct map_item entry; /* first; its key is "<tenant>\n<name>" */
    struct text_owner *owner;
    struct text_item *newer, *older;
    struct text_basis basis; /* its stamps and names are behind the struct, then text and key */
    struct kept_text text;
    size_t bytes;
};

static struct {
    size_t max, bytes, owner_count;
    struct map items, owners;
    struct text_item *newest, *oldest; /* by use */
    uint64_t hits, misses;
} texts;

void kept_texts_open(size_t max_bytes)
{
    if (max_bytes == 0)
        return;
    texts.max = max_bytes;
    map_init(&texts.items, EXPECTED_TEXTS);
    map_init(&texts.owners, EXPECTED_TENANTS);
}

/* --- Items --- */

static void unlink_item(struct text_item *item)
{
    *(item->newer ? &item->newer->older : &texts.newest) = item->older;
    *(item->older ? &item->older->newer : &texts.oldest) = item->newer;
}

static void link_newest(struct text_item *item)
{
    item->newer = NULL;
    item->older = texts.newest;
    *(texts.newest ? &texts.newest->newer : &texts.oldest) = item;
    texts.newest = item;
}

static void drop(struct text_item *item)
{
    struct text_owner *owner = item->owner;

    unlink_item(item);
    map_remove(&texts.items, &item->entry);
    texts.bytes -= item->bytes;
    owner->bytes -= item->bytes;
    if (owner->bytes == 0) {
        map_remove(&texts.owners, &owner->entry);
        texts.owner_count--;
        free(owner);
    }
    free(item);
}

void kept_texts_close(void)
{
    if (texts.max == 0)
        return;
    while (texts.oldest)
        drop(texts.oldest);
    map_free(&texts.items);
    map_free(&texts.owners);
    memset(&texts, 0, sizeof texts);
}

void kept_texts_expire(struct timestamp now)
{
    struct text_item *newer;

    for (struct text_item *item = texts.oldest; item; item = newer) {
        newer = item->newer;
        if (!kept_will_do(item->basis.computed_at, true, now))
            drop(item);
    }
}

/* --- Finding --- */

static struct str key_of(char *key, struct str tenant, struct str name)
{
    if (tenant.size + 1 + name.size > KEY_MAX)
        return STR_NONE;
    memcpy(key, tenant.data, tenant.size);
    key[tenant.size] = '\n'; /* tenants have no control characters */
    memcpy(key + tenant.size + 1, name.data, name.size);
    return (struct str){key, tenant.size + 1 + name.size};
}

static bool same_stamps(const struct uuids *a, const struct uuids *b)
{
    return a->count == b->count && memcmp(a->items, b->items, a->count * sizeof *a->items) == 0;
}

static bool holds(const struct text_basis *basis, const struct text_basis *now)
{
    return basis->generation == now->generation && str_equal(basis->names, now->names) &&
           kept_will_do(basis->computed_at, same_stamps(&basis->stamps, &now->stamps),
                        now->computed_at);
}

bool kept_texts_find(struct str tenant, struct str name, const struct text_basis *now,
                     struct kept_text *found)
{
    char bytes[KEY_MAX];
    struct str key = key_of(bytes, tenant, name);

    if (texts.max == 0 || !key.data)
        return false;
    struct text_item *item = (struct text_item *)map_find(&texts.items, key);
    if (item && (now->stamps.count == 0 || !holds(&item->basis, now))) {
        drop(item);
        item = NULL;
    }
    texts.hits += item != NULL;
    texts.misses += item == NULL;
    if (!item)
        return false;
    unlink_item(item);
    link_newest(item);
    *found = item->text;
    return true;
}

/* --- Keeping --- */

static struct text_owner *owner_add(struct str tenant)
{
    struct text_owner *owner = xcalloc(1, sizeof *owner + tenant.size);
    char *name = (char *)(owner + 1);

    memcpy(name, tenant.data, tenant.size);
    owner->entry.key = (struct str){name, tenant.size};
    map_add(&texts.owners, &owner->entry);
    texts.owner_count++;
    return owner;
}

static struct str put(char **at, struct str bytes)
{
    struct str copy = {bytes.data ? *at : NULL, bytes.size};

    if (bytes.data)
        memcpy(*at, bytes.data, bytes.size);
    *at += bytes.size;
    return copy;
}

static struct text_item *item_new(struct str key, const struct text_basis *basis,
                                  struct kept_text text)
{
    size_t stamps_size = basis->stamps.count * sizeof *basis->stamps.items;
    size_t bytes =
        sizeof(struct text_item) + stamps_size + basis->names.size + text.text.size + key.size;
    struct text_item *item = xmalloc(bytes);
    char *at = (char *)(item + 1) + stamps_size;

    *item = (struct text_item){
        .basis = *basis, .text = text, .bytes = bytes > BYTES_MIN ? bytes : BYTES_MIN};
    item->basis.stamps.items = (struct uuid *)(item + 1);
    memcpy(item->basis.stamps.items, basis->stamps.items, stamps_size);
    item->basis.names = put(&at, basis->names);
    item->text.text = put(&at, text.text);
    item->entry.key = put(&at, key);
    return item;
}

static void add(struct text_item *item, struct text_owner *owner)
{
    item->owner = owner;
    owner->bytes += item->bytes;
    texts.bytes += item->bytes;
    map_add(&texts.items, &item->entry);
    link_newest(item);
}

/* Of all tenants together more is used than there is, so one of them uses more than its share. */
static struct text_item *oldest_above_share(void)
{
    struct text_item *item = texts.oldest;

    while (item->owner->bytes <= texts.max / texts.owner_count) {
        item = item->newer;
        assert(item != NULL);
    }
    return item;
}

void kept_texts_keep(struct str tenant, struct str name, const struct text_basis *basis,
                     struct kept_text text)
{
    char bytes[KEY_MAX];
    struct str key = key_of(bytes, tenant, name);

    if (texts.max == 0 || !key.data || basis->stamps.count == 0 ||
        basis->stamps.count > STAMPS_MAX || text.text.size > texts.max / PART_MAX)
        return;
    struct text_item *old = (struct text_item *)map_find(&texts.items, key);
    if (old)
        drop(old);
    struct text_owner *owner = (struct text_owner *)map_find(&texts.owners, tenant);
    add(item_new(key, basis, text), owner ? owner : owner_add(tenant));
    while (texts.bytes > texts.max)
        drop(oldest_above_share());
}

/* --- What it says of itself --- */

void kept_texts_collect(struct metrics *metrics)
{
    metrics_counter(metrics, "traction_kept_texts_hits_total",
                    "Parts of answers that were in memory, written already.", NULL,
                    (double)texts.hits);
    metrics_counter(metrics, "traction_kept_texts_misses_total",
                    "Parts of answers that were looked for in memory in vain.", NULL,
                    (double)texts.misses);
    metrics_gauge(metrics, "traction_kept_texts_bytes", "Bytes that the parts in memory take.",
                  NULL, (double)texts.bytes);
}
