/* The public keys that are in force, from a file or an identity provider: both are read, replaced
 * and kept in the same way. */
#ifndef TRACTION_KEY_SET_H
#define TRACTION_KEY_SET_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "str.h"

struct key_set {
    const char *source; /* path or address, for the log */
    json_t *keys;    /* array of public keys, each with "alg"; NULL before the first, or given up */
    bool broken;     /* it could not be read when it was looked at last */
    int64_t good_us; /* when `keys` was last known to be its contents */
    int64_t logged_us; /* the last complaint */
};

void key_set_clear(struct key_set *set);

/* The usable keys of a JWK set (RFC 7517), at most 64; an array for the caller, which may be empty;
 * NULL and why when it is none. */
json_t *key_set_read_file(const char *path, char *why, size_t size);
json_t *key_set_read(struct str text, char *why, size_t size);

/* Replaces the keys: one that is no longer in the set is revoked, also when none is left. True when
 * a key was revoked. Takes `keys`; `now_us` is the monotonic clock's. */
bool key_set_use(struct key_set *set, json_t *keys, int64_t now_us);
/* It cannot be read. The last good keys are kept for one hour, because that says nothing about
 * them; then they are dropped, because they may have been revoked. True when that happened now.
 * Complains in the log, every minute. */
bool key_set_keep(struct key_set *set, int64_t now_us, const char *why);

/* Whether a member of a key is this text. */
bool key_member_is(const json_t *key, const char *name, const char *text);

#endif
