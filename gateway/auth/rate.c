/* A token bucket for each user, and one for each tenant, that fills evenly, holds one minute's
 * requests, and starts full. The limits are per gateway: n gateways allow n times as many. */
#include "rate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lru.h"
#include "memory.h"

enum { BUCKETS_MAX = 10000, KEY_MAX = 1100, MINUTE_US = 60000000 };

struct bucket {
    struct lru_item item;
    double left; /* requests */
    int64_t at_us;
    char key[];
};

struct buckets {
    double per_minute; /* 0: unlimited */
    struct lru *lru;
    uint64_t refused;
};

struct rate {
    struct buckets of[RATE_COUNT];
};

static void drop(struct lru_item *item)
{
    free(item);
}

struct rate *rate_new(int64_t per_user, int64_t per_tenant)
{
    struct rate *rate = xcalloc(1, sizeof *rate);

    rate->of[RATE_USER].per_minute = (double)per_user;
    rate->of[RATE_TENANT].per_minute = (double)per_tenant;
    for (size_t i = 0; i < RATE_COUNT; i++)
        rate->of[i].lru = lru_new(BUCKETS_MAX, SIZE_MAX / 2, drop);
    return rate;
}

void rate_destroy(struct rate **rate)
{
    if (!*rate)
        return;
    for (size_t i = 0; i < RATE_COUNT; i++)
        lru_destroy(&(*rate)->of[i].lru);
    free(*rate);
    *rate = NULL;
}

/* The bucket of that key, filled up to now. */
static struct bucket *bucket_of(struct buckets *of, struct str key, int64_t now_us)
{
    struct bucket *bucket = (struct bucket *)(void *)lru_find(of->lru, key);

    if (!bucket) {
        bucket = xcalloc(1, sizeof *bucket + key.size);
        memcpy(bucket->key, key.data, key.size);
        bucket->item.entry.key = (struct str){bucket->key, key.size};
        bucket->left = of->per_minute;
        bucket->at_us = now_us;
        lru_add(of->lru, &bucket->item);
    }
    bucket->left += (double)(now_us - bucket->at_us) * of->per_minute / MINUTE_US;
    bucket->at_us = now_us;
    if (bucket->left > of->per_minute)
        bucket->left = of->per_minute;
    return bucket;
}

int rate_take(struct rate *rate, struct str tenant, struct str user, int64_t now_us,
              enum rate_of *of)
{
    char key[KEY_MAX];
    size_t size = tenant.size + 1 + user.size; /* at most 2 x 128 characters and a NUL */
    struct bucket *buckets[RATE_COUNT] = {NULL, NULL};

    memcpy(key, tenant.data, tenant.size);
    key[tenant.size] = '\0';
    memcpy(key + tenant.size + 1, user.data, user.size);
    const struct str keys[RATE_COUNT] = {{key, size}, {key, tenant.size}};
    for (size_t i = 0; i < RATE_COUNT; i++) {
        struct buckets *all = &rate->of[i];
        if (all->per_minute <= 0)
            continue;
        buckets[i] = bucket_of(all, keys[i], now_us);
        if (buckets[i]->left < 1) {
            *of = (enum rate_of)i;
            all->refused++;
            return 1 + (int)((1 - buckets[i]->left) * 60 / all->per_minute);
        }
    }
    for (size_t i = 0; i < RATE_COUNT; i++)
        if (buckets[i])
            buckets[i]->left -= 1;
    return 0;
}

uint64_t rate_refused(const struct rate *rate, enum rate_of of)
{
    return rate->of[of].refused;
}
