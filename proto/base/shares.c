/* A count for each tenant that holds something. */
#include "shares.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "memory.h"

enum { TENANTS_EXPECTED = 256, SPARES_MAX = 64, KEY_MAX = 512 };

struct share {
    struct map_item entry; /* first */
    size_t held;
    struct share *next; /* among spares */
    char key[KEY_MAX];
};

struct shares {
    struct map tenants;
    size_t most, hard, held, tenant_count;
    struct share *spares;
    size_t spare_count;
};

struct shares *shares_new(size_t most)
{
    struct shares *shares = xcalloc(1, sizeof *shares);

    map_init(&shares->tenants, TENANTS_EXPECTED);
    shares->most = most;
    shares->hard = most + (most + 3) / 4;
    return shares;
}

void shares_destroy(struct shares **owner)
{
    struct shares *shares = *owner;

    *owner = NULL;
    if (!shares)
        return;
    for (size_t i = 0; i < shares->tenants.bucket_count; i++)
        while (shares->tenants.buckets[i]) {
            struct map_item *held = shares->tenants.buckets[i];
            map_remove(&shares->tenants, held);
            free(held); /* the share's first member */
        }
    while (shares->spares) {
        struct share *share = shares->spares;
        shares->spares = share->next;
        free(share);
    }
    map_free(&shares->tenants);
    free(shares);
}

static struct share *add(struct shares *shares, struct str key)
{
    struct share *share = shares->spares;

    if (share) {
        shares->spares = share->next;
        shares->spare_count--;
    } else {
        share = xmalloc(sizeof *share);
    }
    memcpy(share->key, key.data, key.size);
    share->entry.key = (struct str){share->key, key.size};
    share->held = 0;
    map_add(&shares->tenants, &share->entry);
    shares->tenant_count++;
    return share;
}

/* Above `most`. */
static enum share_verdict judge(const struct shares *shares, const struct share *share)
{
    size_t held = share ? share->held : 0;
    size_t tenants = shares->tenant_count + !share;

    if (tenants == 1 || shares->held >= shares->hard)
        return SHARE_FULL;
    return held < shares->most / tenants ? SHARE_TAKEN : SHARE_USED_UP;
}

enum share_verdict shares_take(struct shares *shares, struct str key, struct share **taken)
{
    if (key.size > KEY_MAX)
        key.size = KEY_MAX;
    if (!key.data)
        key = STR("");
    struct share *share = (struct share *)(void *)map_find(&shares->tenants, key);
    enum share_verdict verdict = shares->held < shares->most ? SHARE_TAKEN : judge(shares, share);

    *taken = NULL;
    if (verdict != SHARE_TAKEN)
        return verdict;
    *taken = share ? share : add(shares, key);
    (*taken)->held++;
    shares->held++;
    return SHARE_TAKEN;
}

void shares_give_back(struct shares *shares, struct share **owner)
{
    struct share *share = *owner;

    *owner = NULL;
    if (!share)
        return;
    shares->held--;
    if (--share->held > 0)
        return;
    map_remove(&shares->tenants, &share->entry);
    shares->tenant_count--;
    if (shares->spare_count >= SPARES_MAX) {
        free(share);
        return;
    }
    share->next = shares->spares;
    shares->spares = share;
    shares->spare_count++;
}

size_t shares_held(const struct shares *shares)
{
    return shares->held;
}
