/* The cache of verified tokens, by their full text, until they expire or the keys change. Tokens
 * are kept in memory only and never logged. */
#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "jwt.h"
#include "lru.h"
#include "memory.h"
#include "timestamp.h"

enum { TOKEN_MAX = 8192, REASON_MAX = 160, CACHE_BYTES_MAX = 64 << 20 };

struct cached_token {
    struct lru_item item;
    struct identity identity;
    char bytes[]; /* the token, then the identity's texts */
};

struct auth {
    struct auth_config config;
    struct jwt *jwt;
    struct lru *cache;
    struct arena *scratch;
    struct auth_counts counts;
    char why[REASON_MAX]; /* the last token was refused; empty: nothing special */
};

static struct cached_token *entry_of(struct lru_item *item)
{
    return (struct cached_token *)(void *)item; /* its first member */
}

static void drop(struct lru_item *item)
{
    free(entry_of(item));
}

struct auth *auth_new(const struct auth_config *config)
{
    struct auth *auth = xcalloc(1, sizeof *auth);

    auth->config = *config;
    auth->jwt = jwt_new(config->secret, config->previous, config->jwks_path);
    auth->cache = lru_new(config->cached_max, CACHE_BYTES_MAX, drop);
    auth->scratch = arena_new();
    if (!auth->jwt)
        auth_destroy(&auth);
    return auth;
}

void auth_destroy(struct auth **auth)
{
    if (!*auth)
        return;
    jwt_destroy(&(*auth)->jwt);
    lru_destroy(&(*auth)->cache);
    arena_destroy(&(*auth)->scratch);
    free(*auth);
    *auth = NULL;
}

bool auth_refresh(struct auth *auth, int64_t now_us)
{
    if (!jwt_refresh(auth->jwt, now_us))
        return false;
    lru_clear(auth->cache);
    return true;
}

static struct str keep(char **at, struct str text)
{
    if (!text.data)
        return STR_NONE;
    struct str kept = {memcpy(*at, text.data, text.size), text.size};
    *at += text.size;
    return kept;
}

static const struct identity *remember(struct auth *auth, struct str token,
                                       const struct identity *identity)
{
    size_t size = sizeof(struct cached_token) + token.size + identity->tenant.size +
                  identity->user.size + identity->name.size + identity->person.size;
    struct cached_token *entry = xcalloc(1, size);

    char *at = entry->bytes;
    entry->item.entry.key = keep(&at, token);
    entry->item.weight = size;
    entry->identity = *identity;
    entry->identity.tenant = keep(&at, identity->tenant);
    entry->identity.user = keep(&at, identity->user);
    entry->identity.name = keep(&at, identity->name);
    entry->identity.person = keep(&at, identity->person);
    lru_add(auth->cache, &entry->item);
    return &entry->identity;
}

/* Keeps the sentence, which may live in the scratch arena. */
static enum status refuse(struct auth *auth, enum status status, const char *why)
{
    snprintf(auth->why, sizeof auth->why, "%s", why);
    return status;
}

static enum status verify(struct auth *auth, struct str token, int64_t now_s,
                          const struct identity **identity)
{
    json_t *claims = jwt_verify(auth->jwt, token);
    struct identity read;

    if (!claims)
        return STATUS_UNAUTHENTICATED;
    const char *why = claims_read(claims, &auth->config, auth->scratch, &read);
    enum status status = STATUS_OK;
    if (why)
        status = refuse(auth, STATUS_UNAUTHENTICATED, why);
    else if (now_s > read.expires_s + CLAIMS_LEEWAY_S)
        status = STATUS_TOKEN_EXPIRED;
    else if (now_s < read.begins_s - CLAIMS_LEEWAY_S)
        status = refuse(auth, STATUS_UNAUTHENTICATED, "The token's claim nbf is in the future");
    else
        *identity = remember(auth, token, &read);
    json_decref(claims);
    arena_reset(auth->scratch);
    return status;
}

static enum status check(struct auth *auth, struct str token, const struct identity **identity)
{
    int64_t now_s = timestamp_now().us / 1000000;

    if (token.size == 0)
        return STATUS_UNAUTHENTICATED;
    if (token.size > TOKEN_MAX)
        return refuse(auth, STATUS_UNAUTHENTICATED, "The token is larger than 8,192 bytes");
    struct lru_item *item = lru_find(auth->cache, token);
    if (!item) {
        auth->counts.misses++;
        return verify(auth, token, now_s, identity);
    }
    if (now_s > entry_of(item)->identity.expires_s + CLAIMS_LEEWAY_S) {
        lru_remove(auth->cache, item);
        return STATUS_TOKEN_EXPIRED;
    }
    auth->counts.hits++;
    *identity = &entry_of(item)->identity;
    return STATUS_OK;
}

enum status auth_check(struct auth *auth, struct str token, const struct identity **identity,
                       const char **why)
{
    *identity = NULL;
    auth->why[0] = '\0';
    enum status status = check(auth, token, identity);
    *why = auth->why[0] != '\0' ? auth->why : NULL;
    auth->counts.refused += status != STATUS_OK;
    return status;
}

void auth_caller_synced(struct auth *auth, struct str token, uint64_t renamings)
{
    struct lru_item *item = lru_find(auth->cache, token);

    if (item)
        entry_of(item)->identity.caller_synced = renamings;
}

struct auth_counts auth_counts(const struct auth *auth, int64_t now_us)
{
    struct auth_counts counts = auth->counts;

    counts.cached = lru_count(auth->cache);
    counts.keys_unread_us = jwt_unread_us(auth->jwt, now_us);
    return counts;
}
