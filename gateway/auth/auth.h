/* Authentication: a verified token's claims as an identity, cached until the token expires. */
#ifndef TRACTION_AUTH_H
#define TRACTION_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "envelope.h"
#include "key_source.h"
#include "operation.h"
#include "status.h"
#include "str.h"

/* The claims of a verified token. In the cache: valid until the loop turns; copy what is kept. */
struct identity {
    struct str tenant, user;
    struct str name;             /* absent when the token names nobody */
    struct str person;           /* the user's other id, of a person; absent without such a claim */
    struct str tenant_name;      /* for people; absent without such a claim */
    bool active;                 /* user_status is absent or "active" */
    bool may_write;              /* no role, or one that may */
    bool may_manage;             /* one of the roles is admin or owner */
    unsigned modules;            /* 1 << enum module for each that the subscription has */
    int64_t limits[LIMIT_COUNT]; /* LIMIT_NONE: unlimited */
    int64_t issued_s;            /* iat, never in the future; 0 without one */
    int64_t begins_s;            /* nbf; 0 without one */
    int64_t expires_s;
    uint64_t caller_synced; /* set by auth_caller_synced; 0: never */
};

struct auth_config {
    struct str secret, previous; /* absent when not configured */
    const char *jwks_path;       /* NULL likewise */
    struct loop *loop;           /* for the identity provider; NULL: there is none */
    struct key_source_config provider;
    struct str issuer, audience; /* required claims; absent: not checked */
    int64_t limits[LIMIT_COUNT]; /* for tokens without the claim */
    size_t cached_max;           /* tokens remembered */
};

struct auth;

/* NULL with a log line when the keys are unusable. */
struct auth *auth_new(const struct auth_config *config);
void auth_destroy(struct auth **auth);

/* STATUS_OK and the identity, else UNAUTHENTICATED or TOKEN_EXPIRED, or SERVICE_UNAVAILABLE while
 * the provider's keys are not there. `*why` then is a sentence for
 * the caller, valid until the next check; NULL: the status's own. It names an invalid claim only if
 * the signature is valid. */
enum status auth_check(struct auth *auth, struct str token, const struct identity **identity,
                       const char **why);
/* Whether the last check failed because the provider's key was not there: it is asked for it, and
 * the token may be checked again after auth_await_keys. */
bool auth_lacks_key(const struct auth *auth);
/* As key_source_await. */
bool auth_await_keys(struct auth *auth, struct key_wait *wait);
/* Ends waits; no provider is asked any more. */
void auth_close(struct auth *auth);
/* Remembers that the services knew the name of this token after so many renamings (caller_sync.h).
 */
void auth_caller_synced(struct auth *auth, struct str token, uint64_t renamings);
/* Every second: rereads changed keys. True when one was revoked since: the cache was cleared then.
 * `now_us` is monotonic. */
bool auth_refresh(struct auth *auth, int64_t now_us);

struct auth_counts {
    uint64_t hits, misses, refused;
    size_t cached;
    int64_t keys_unread_us; /* how long the key set could not be read */
    bool has_set, has_keys; /* whether one is configured, and whether its keys are in force */
};
struct auth_counts auth_counts(const struct auth *auth, int64_t now_us);

#endif
