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
    struct key_source *source; /* NULL: keys are in a file, or there are only secrets */
    bool lacks_key;            /* the last token */
    bool revoked;              /* a key, since auth_refresh was called */
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

/* --- The identity provider's keys --- */

static bool take_keys(void *argument, struct str text, int64_t fresh_us, char *why, size_t size)
{
    struct auth *auth = argument;
    bool revoked = false;

    if (!jwt_take_keys(auth->jwt, text, monotonic_us(), fresh_us, &revoked, why, size))
        return false;
    if (revoked)
        lru_clear(auth->cache);
    auth->revoked |= revoked;
    return true;
}

static void lose_keys(void *argument, const char *why)
{
    struct auth *auth = argument;

    if (!jwt_lose_keys(auth->jwt, monotonic_us(), why))
        return;
    lru_clear(auth->cache);
    auth->revoked = true;
}

static void open_source(struct auth *auth)
{
    if (!auth->config.loop)
        return;
    auth->source =
        key_source_new(auth->config.loop, &auth->config.provider, take_keys, lose_keys, auth);
    jwt_expect_keys(auth->jwt, key_source_name(auth->source), monotonic_us());
}

bool auth_lacks_key(const struct auth *auth)
{
    return auth->lacks_key;
}

bool auth_await_keys(struct auth *auth, struct key_wait *wait)
{
    return auth->source && key_source_await(auth->source, wait);
}

void auth_close(struct auth *auth)
{
    if (auth->source)
        key_source_close(auth->source);
}

/* --- The whole --- */

struct auth *auth_new(const struct auth_config *config)
{
    struct auth *auth = xcalloc(1, sizeof *auth);

    auth->config = *config;
    auth->jwt = jwt_new(config->secret, config->previous, config->jwks_path);
    auth->cache = lru_new(config->cached_max, CACHE_BYTES_MAX, drop);
    auth->scratch = arena_new();
    if (auth->jwt)
        open_source(auth);
    else
        auth_destroy(&auth);
    return auth;
}

void auth_destroy(struct auth **auth)
{
    if (!*auth)
        return;
    key_source_destroy(&(*auth)->source);
    jwt_destroy(&(*auth)->jwt);
    lru_destroy(&(*auth)->cache);
    arena_destroy(&(*auth)->scratch);
    free(*auth);
    *auth = NULL;
}

bool auth_refresh(struct auth *auth, int64_t now_us)
{
    bool revoked = auth->revoked;

    auth->revoked = false;
    if (!jwt_refresh(auth->jwt, now_us))
        return revoked;
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
                  identity->user.size + identity->name.size + identity->person.size +
                  identity->tenant_name.size;
    struct cached_token *entry = xcalloc(1, size);

    char *at = entry->bytes;
    entry->item.entry.key = keep(&at, token);
    entry->item.weight = size;
    entry->identity = *identity;
    entry->identity.tenant = keep(&at, identity->tenant);
    entry->identity.user = keep(&at, identity->user);
    entry->identity.name = keep(&at, identity->name);
    entry->identity.person = keep(&at, identity->person);
    entry->identity.tenant_name = keep(&at, identity->tenant_name);
    lru_add(auth->cache, &entry->item);
    return &entry->identity;
}

/* Keeps the sentence, which may live in the scratch arena. */
static enum status refuse(struct auth *auth, enum status status, const char *why)
{
    snprintf(auth->why, sizeof auth->why, "%s", why);
    return status;
}

/* The key may exist while nobody has looked: then it cannot be said that the token is not valid. */
static enum status key_missing(struct auth *auth)
{
    key_source_want(auth->source);
    return jwt_has_keys(auth->jwt) && !key_source_is_reading(auth->source)
               ? STATUS_UNAUTHENTICATED
               : STATUS_SERVICE_UNAVAILABLE;
}

static enum status verify(struct auth *auth, struct str token, int64_t now_s,
                          const struct identity **identity)
{
    json_t *claims = jwt_verify(auth->jwt, token, &auth->lacks_key);
    struct identity read;

    if (!claims)
        return auth->lacks_key ? key_missing(auth) : STATUS_UNAUTHENTICATED;
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
    auth->lacks_key = false;
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
    counts.has_set = auth->source || auth->config.jwks_path;
    counts.has_keys = jwt_has_keys(auth->jwt);
    return counts;
}
