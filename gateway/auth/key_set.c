/* Reads key sets with jansson and libjose; says what changes in the log. */
#include "key_set.h"

#include <stdio.h>
#include <string.h>

#include <jose/b64.h>
#include <jose/jwk.h>

#include "log.h"

enum { KEYS_MAX = 64, RSA_BYTES_MIN = 256 };

#define KEEP_US (INT64_C(3600) * 1000000)    /* keys of a set that cannot be read any more */
#define LOG_AGAIN_US (INT64_C(60) * 1000000) /* between two complaints about it */

void key_set_clear(struct key_set *set)
{
    json_decref(set->keys);
    set->keys = NULL;
}

bool key_member_is(const json_t *object, const char *name, const char *text)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value && strcmp(value, text) == 0;
}

/* The algorithm that a public key may be used with; NULL for unsupported keys. */
static const char *algorithm_of(const json_t *key)
{
    const char *algorithm = NULL;

    if (key_member_is(key, "kty", "RSA") &&
        jose_b64_dec(json_object_get(key, "n"), NULL, 0) >= RSA_BYTES_MIN)
        algorithm = "RS256";
    else if (key_member_is(key, "kty", "EC") && key_member_is(key, "crv", "P-256"))
        algorithm = "ES256";
    if (!algorithm || (json_object_get(key, "alg") && !key_member_is(key, "alg", algorithm)) ||
        (json_object_get(key, "use") && !key_member_is(key, "use", "sig")))
        return NULL;
    return algorithm;
}

/* The usable keys of a key set, which may be none; NULL when it is no key set. */
static json_t *usable_keys(const json_t *set)
{
    json_t *keys = json_object_get(set, "keys");
    json_t *kept = json_is_array(keys) ? json_array() : NULL;
    json_t *key;
    size_t i;

    json_array_foreach(keys, i, key)
    {
        const char *algorithm = algorithm_of(key);
        jose_jwk_pub(NULL, key);
        if (!algorithm || json_array_size(kept) == KEYS_MAX)
            continue;
        json_object_set_new(key, "alg", json_string(algorithm));
        json_array_append(kept, key);
    }
    return kept;
}

static json_t *keys_of(json_t *set, const json_error_t *error, char *why, size_t size)
{
    json_t *keys = set ? usable_keys(set) : NULL;

    if (!keys)
        snprintf(why, size, "%s", set ? "its \"keys\" are no array" : error->text);
    json_decref(set);
    return keys;
}

json_t *key_set_read_file(const char *path, char *why, size_t size)
{
    json_error_t error;

    return keys_of(json_load_file(path, JSON_REJECT_DUPLICATES, &error), &error, why, size);
}

json_t *key_set_read(struct str text, char *why, size_t size)
{
    json_error_t error;

    return keys_of(json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error), &error, why,
                   size);
}

static bool has_key(const json_t *keys, const json_t *wanted)
{
    json_t *key;
    size_t i;

    json_array_foreach(keys, i, key)
    {
        if (json_equal(key, wanted))
            return true;
    }
    return false;
}

bool key_set_use(struct key_set *set, json_t *keys, int64_t now_us)
{
    size_t usable = json_array_size(keys);
    bool revoked = false;
    json_t *key;
    size_t i;

    json_array_foreach(set->keys, i, key)
    {
        revoked |= !has_key(keys, key);
    }
    json_decref(set->keys);
    set->keys = keys;
    set->broken = false;
    set->good_us = now_us;
    LOG_AT(usable > 0 ? LOG_INFO : LOG_WARNING,
           usable > 0 ? "read the key set"
                      : "the key set has no usable key: RS256 and ES256 tokens are refused",
           LOG_CSTR("source", set->source), LOG_INT("keys", (int64_t)usable));
    return revoked;
}

bool key_set_keep(struct key_set *set, int64_t now_us, const char *why)
{
    int64_t left_us = set->good_us + KEEP_US - now_us;
    bool expired = set->keys && left_us <= 0;

    if (!set->broken || expired || now_us - set->logged_us >= LOG_AGAIN_US) {
        set->logged_us = now_us;
        log_error(!set->keys    ? "cannot use the key set: there are no keys"
                  : left_us > 0 ? "cannot use the key set: the last keys stay in force for a while"
                                : "cannot use the key set: the last keys are given up",
                  LOG_CSTR("source", set->source), LOG_CSTR("reason", why),
                  LOG_INT("secondsLeft", left_us > 0 ? left_us / 1000000 : 0));
    }
    set->broken = true;
    if (expired)
        key_set_clear(set);
    return expired;
}
