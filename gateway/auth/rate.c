/* A token bucket for each user that fills evenly, holds one minute's requests, and starts full. The
 * limit is per gateway: n gateways allow n times as many. */
#include "rate.h"

#include <stdlib.h>
#include <string.h>

#include "lru.h"
#include "memory.h"

enum { USERS_MAX = 10000, KEY_MAX = 1100, MINUTE_US = 60000000 };

struct bucket {
    struct lru_item item;
    double left; /* requests */
    int64_t at_us;
    char key[];
};

struct rate {
    double per_minute;
    struct lru *buckets;
};

static void drop(struct lru_item *item)
{
    free(item);
}

struct rate *rate_new(int64_t per_minute)
{
    struct rate *rate = xcalloc(1, sizeof *rate);

    rate->per_minute = (double)per_minute;
    rate->buckets = lru_new(USERS_MAX, SIZE_MAX / 2, drop);
    return rate;
}

void rate_destroy(struct rate **rate)
{
    if (!*rate)
        return;
    lru_destroy(&(*rate)->buckets);
    free(*rate);
    *rate = NULL;
}

static struct bucket *bucket_of(struct rate *rate, struct str tenant, struct str user,
                                int64_t now_us)
{
    char key[KEY_MAX];
    size_t size = tenant.size + 1 + user.size; /* at most 2 x 128 characters and a NUL */

    memcpy(key, tenant.data, tenant.size);
    key[tenant.size] = '\0';
    memcpy(key + tenant.size + 1, user.data, user.size);
    struct lru_item *item = lru_find(rate->buckets, (struct str){key, size});
    if (item)
        return (struct bucket *)(void *)item;
    struct bucket *bucket = xcalloc(1, sizeof *bucket + size);
    memcpy(bucket->key, key, size);
    bucket->item.entry.key = (struct str){bucket->key, size};
    bucket->left = rate->per_minute;
    bucket->at_us = now_us;
    lru_add(rate->buckets, &bucket->item);
    return bucket;
}

int rate_take(struct rate *rate, struct str tenant, struct str user, int64_t now_us)
{
    struct bucket *bucket = bucket_of(rate, tenant, user, now_us);
    double per_us = rate->per_minute / MINUTE_US;

    bucket->left += (double)(now_us - bucket->at_us) * per_us;
    bucket->at_us = now_us;
    if (bucket->left > rate->per_minute)
        bucket->left = rate->per_minute;
    if (bucket->left >= 1) {
        bucket->left -= 1;
        return 0;
    }
    return 1 + (int)((1 - bucket->left) / per_us / 1e6);
}
