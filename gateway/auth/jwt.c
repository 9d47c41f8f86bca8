/* Verifies signatures with libjose. The token's header only chooses among the algorithms that are
 * configured, and a key is only ever used with the one algorithm that its type allows. */
#include "jwt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jose/b64.h>
#include <jose/jwk.h>
#include <jose/jws.h>

#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum { KEYS_MAX = 64, HEADER_MAX = 4096, RSA_BYTES_MIN = 256, REASON_MAX = 256 };

#define KEEP_US (INT64_C(3600) * 1000000)    /* keys of a file that cannot be read any more */
#define LOG_AGAIN_US (INT64_C(60) * 1000000) /* between two complaints about it */

struct jwt {
    json_t *secrets[2]; /* HS256; NULL when not configured */
    char *jwks_path;
    json_t *keys;      /* array of public keys, each with "alg"; NULL without a file, or given up */
    struct stat about; /* the file, when it was read last */
    bool broken;       /* it could not be read when it was looked at last */
    int64_t good_us;   /* when `keys` was last known to be its contents */
    int64_t logged_us; /* the last complaint */
};

static json_t *secret_key(struct str secret)
{
    if (!secret.data)
        return NULL;
    json_t *key = json_pack("{s:s, s:s, s:o}", "kty", "oct", "alg", "HS256", "k",
                            jose_b64_enc(secret.data, secret.size));
    if (!key)
        abort();
    return key;
}

static bool member_is(const json_t *object, const char *name, const char *text)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value && strcmp(value, text) == 0;
}

/* The algorithm that a public key may be used with; NULL for unsupported keys. */
static const char *algorithm_of(const json_t *key)
{
    const char *algorithm = NULL;

    if (member_is(key, "kty", "RSA") &&
        jose_b64_dec(json_object_get(key, "n"), NULL, 0) >= RSA_BYTES_MIN)
        algorithm = "RS256";
    else if (member_is(key, "kty", "EC") && member_is(key, "crv", "P-256"))
        algorithm = "ES256";
    if (!algorithm || (json_object_get(key, "alg") && !member_is(key, "alg", algorithm)) ||
        (json_object_get(key, "use") && !member_is(key, "use", "sig")))
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

/* The usable keys of a file; NULL and why when it holds no key set. */
static json_t *read_keys(const char *path, char *why, size_t size)
{
    json_error_t error;
    json_t *set = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    json_t *keys = set ? usable_keys(set) : NULL;

    if (!keys)
        snprintf(why, size, "%s", set ? "its \"keys\" are no array" : error.text);
    json_decref(set);
    return keys;
}

bool jwt_file_usable(const char *path, char *why, size_t size)
{
    json_t *keys = read_keys(path, why, size);
    size_t usable = json_array_size(keys);

    if (keys && usable == 0)
        snprintf(why, size, "it has no usable RS256 or ES256 key");
    json_decref(keys);
    return usable > 0;
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

/* Replaces the keys: one that is no longer in the set is revoked, also when none is left. True when
 * a key was revoked. */
static bool use(struct jwt *jwt, json_t *keys, const struct stat *about, int64_t now_us)
{
    size_t usable = json_array_size(keys);
    bool revoked = false;
    json_t *key;
    size_t i;

    json_array_foreach(jwt->keys, i, key)
    {
        revoked |= !has_key(keys, key);
    }
    json_decref(jwt->keys);
    jwt->keys = keys;
    jwt->about = *about;
    jwt->broken = false;
    jwt->good_us = now_us;
    LOG_AT(usable > 0 ? LOG_INFO : LOG_WARNING,
           usable > 0 ? "read the JWKS file"
                      : "the JWKS file has no usable key: RS256 and ES256 tokens are refused",
           LOG_CSTR("path", jwt->jwks_path), LOG_INT("keys", (int64_t)usable));
    return revoked;
}

/* Keeps the last good keys for some time, because a file that is missing or half written says
 * nothing about them; then drops them, because they may have been revoked. True when that happened
 * now. */
static bool keep(struct jwt *jwt, int64_t now_us, const char *why)
{
    int64_t left_us = jwt->good_us + KEEP_US - now_us;
    bool expired = jwt->keys && left_us <= 0;

    if (!jwt->broken || expired || now_us - jwt->logged_us >= LOG_AGAIN_US) {
        jwt->logged_us = now_us;
        log_error(left_us > 0 ? "cannot use the JWKS file: the last keys stay in force for a while"
                              : "cannot use the JWKS file: the last keys are given up",
                  LOG_CSTR("path", jwt->jwks_path), LOG_CSTR("reason", why),
                  LOG_INT("secondsLeft", left_us > 0 ? left_us / 1000000 : 0));
    }
    jwt->broken = true;
    if (expired) {
        json_decref(jwt->keys);
        jwt->keys = NULL;
    }
    return expired;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_size == b->st_size && a->st_ino == b->st_ino;
}

bool jwt_refresh(struct jwt *jwt, int64_t now_us)
{
    struct stat about;
    char why[REASON_MAX];

    if (!jwt->jwks_path)
        return false;
    if (stat(jwt->jwks_path, &about) != 0)
        return keep(jwt, now_us, strerror(errno));
    if (!jwt->broken && is_same(&about, &jwt->about)) {
        jwt->good_us = now_us;
        return false;
    }
    json_t *keys = read_keys(jwt->jwks_path, why, sizeof why);
    if (!keys)
        return keep(jwt, now_us, why);
    return use(jwt, keys, &about, now_us);
}

int64_t jwt_unread_us(const struct jwt *jwt, int64_t now_us)
{
    return jwt->jwks_path ? now_us - jwt->good_us : 0;
}

/* At the start there are no keys that could be kept. */
static bool load(struct jwt *jwt)
{
    struct stat about = {0};
    char why[REASON_MAX];
    bool found = stat(jwt->jwks_path, &about) == 0;
    json_t *keys = read_keys(jwt->jwks_path, why, sizeof why);

    if (found && keys) {
        use(jwt, keys, &about, monotonic_us());
        return true;
    }
    json_decref(keys);
    log_error("cannot use the JWKS file", LOG_CSTR("path", jwt->jwks_path),
              LOG_CSTR("reason", why));
    return false;
}

struct jwt *jwt_new(struct str secret, struct str previous, const char *jwks_path)
{
    struct jwt *jwt = xcalloc(1, sizeof *jwt);

    jwt->secrets[0] = secret_key(secret);
    jwt->secrets[1] = secret_key(previous);
    if (!jwks_path)
        return jwt;
    jwt->jwks_path = xstrdup(jwks_path);
    if (!load(jwt))
        jwt_destroy(&jwt);
    return jwt;
}

void jwt_destroy(struct jwt **jwt)
{
    if (!*jwt)
        return;
    json_decref((*jwt)->secrets[0]);
    json_decref((*jwt)->secrets[1]);
    json_decref((*jwt)->keys);
    free((*jwt)->jwks_path);
    free(*jwt);
    *jwt = NULL;
}

/* A base64url part that holds a JSON object. */
static json_t *decode_object(struct str part)
{
    size_t size = jose_b64_dec_buf(part.data, part.size, NULL, 0);

    if (part.size == 0 || size == SIZE_MAX)
        return NULL;
    char *text = xmalloc(size + 1);
    json_t *object = NULL;
    if (jose_b64_dec_buf(part.data, part.size, text, size) == size)
        object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    if (object && json_is_object(object))
        return object;
    json_decref(object);
    return NULL;
}

static bool signed_by(json_t *jws, json_t *key)
{
    return key && jose_jws_ver(NULL, jws, NULL, key, false);
}

/* Tries the keys of the header's algorithm: all secrets, or the public keys, by "kid" when both
 * have one. */
static bool signed_by_any(const struct jwt *jwt, const json_t *header, json_t *jws)
{
    const char *algorithm = json_string_value(json_object_get(header, "alg"));
    const json_t *kid = json_object_get(header, "kid");
    json_t *key;
    size_t i;

    /* "crit" demands extensions that we do not have; "b64" is one of them. */
    if (!algorithm || json_object_get(header, "crit") || json_object_get(header, "b64"))
        return false;
    if (strcmp(algorithm, "HS256") == 0)
        return signed_by(jws, jwt->secrets[0]) || signed_by(jws, jwt->secrets[1]);
    if (strcmp(algorithm, "RS256") != 0 && strcmp(algorithm, "ES256") != 0)
        return false;
    json_array_foreach(jwt->keys, i, key)
    {
        const json_t *key_id = json_object_get(key, "kid");
        if (!member_is(key, "alg", algorithm) || (kid && key_id && !json_equal(kid, key_id)))
            continue;
        if (signed_by(jws, key))
            return true;
    }
    return false;
}

json_t *jwt_verify(const struct jwt *jwt, struct str token)
{
    struct str rest = token;
    struct str protected = str_cut(&rest, '.');
    struct str payload = str_cut(&rest, '.');
    struct str signature = rest;

    if (protected.size == 0 || protected.size > HEADER_MAX || payload.size == 0 ||
        signature.size == 0 || memchr(signature.data, '.', signature.size))
        return NULL;
    json_t *header = decode_object(protected);
    if (!header)
        return NULL;
    json_t *jws =
        json_pack("{s:s%, s:s%, s:s%}", "protected", protected.data, protected.size, "payload",
                  payload.data, payload.size, "signature", signature.data, signature.size);
    json_t *claims = jws && signed_by_any(jwt, header, jws) ? decode_object(payload) : NULL;
    json_decref(jws);
    json_decref(header);
    return claims;
}
