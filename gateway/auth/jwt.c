/* Verifies signatures with libjose. The token's header only chooses among the algorithms that are
 * configured, and a key is only ever used with the one algorithm that its type allows. */
#include "jwt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jose/b64.h>
#include <jose/jws.h>

#include "key_set.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

enum { HEADER_MAX = 4096, REASON_MAX = 256 };

struct jwt {
    json_t *secrets[2]; /* HS256; NULL when not configured */
    char *jwks_path;    /* NULL: the keys come from elsewhere, or there are none */
    struct stat about;  /* the file, when it was read last */
    bool told;          /* keys come by jwt_take_keys */
    int64_t fresh_us;   /* likewise: until when they need not be read again */
    struct key_set set;
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

bool jwt_file_usable(const char *path, char *why, size_t size)
{
    json_t *keys = key_set_read_file(path, why, size);
    size_t usable = json_array_size(keys);

    if (keys && usable == 0)
        snprintf(why, size, "it has no usable RS256 or ES256 key");
    json_decref(keys);
    return usable > 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_size == b->st_size && a->st_ino == b->st_ino;
}

static bool refresh_file(struct jwt *jwt, int64_t now_us)
{
    struct stat about;
    char why[REASON_MAX];

    if (stat(jwt->jwks_path, &about) != 0)
        return key_set_keep(&jwt->set, now_us, strerror(errno));
    if (!jwt->set.broken && is_same(&about, &jwt->about)) {
        jwt->set.good_us = now_us;
        return false;
    }
    json_t *keys = key_set_read_file(jwt->jwks_path, why, sizeof why);
    if (!keys)
        return key_set_keep(&jwt->set, now_us, why);
    jwt->about = about;
    return key_set_use(&jwt->set, keys, now_us);
}

bool jwt_refresh(struct jwt *jwt, int64_t now_us)
{
    if (jwt->jwks_path)
        return refresh_file(jwt, now_us);
    if (!jwt->told)
        return false;
    if (jwt->set.keys && now_us < jwt->fresh_us)
        jwt->set.good_us = now_us;
    else if (jwt->set.broken)
        return key_set_keep(&jwt->set, now_us, "it is still not answered");
    return false;
}

void jwt_expect_keys(struct jwt *jwt, const char *source, int64_t now_us)
{
    jwt->told = true;
    jwt->set.source = source;
    jwt->set.good_us = now_us;
}

bool jwt_take_keys(struct jwt *jwt, struct str text, int64_t now_us, int64_t fresh_us,
                   bool *revoked, char *why, size_t size)
{
    json_t *keys = key_set_read(text, why, size);

    if (!keys)
        return false;
    *revoked = key_set_use(&jwt->set, keys, now_us);
    jwt->fresh_us = now_us + fresh_us;
    return true;
}

bool jwt_lose_keys(struct jwt *jwt, int64_t now_us, const char *why)
{
    if (jwt->set.keys && now_us < jwt->fresh_us)
        jwt->set.good_us = now_us;
    return key_set_keep(&jwt->set, now_us, why);
}

bool jwt_has_keys(const struct jwt *jwt)
{
    return jwt->set.keys != NULL;
}

int64_t jwt_unread_us(const struct jwt *jwt, int64_t now_us)
{
    return jwt->set.source ? now_us - jwt->set.good_us : 0;
}

/* At the start there are no keys that could be kept. */
static bool load(struct jwt *jwt)
{
    char why[REASON_MAX];
    bool found = stat(jwt->jwks_path, &jwt->about) == 0;
    json_t *keys = key_set_read_file(jwt->jwks_path, why, sizeof why);

    if (found && keys) {
        key_set_use(&jwt->set, keys, monotonic_us());
        return true;
    }
    json_decref(keys);
    log_error("cannot use the key set", LOG_CSTR("source", jwt->jwks_path),
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
    jwt->set.source = jwt->jwks_path;
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
    key_set_clear(&(*jwt)->set);
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
    json_array_foreach(jwt->set.keys, i, key)
    {
        const json_t *key_id = json_object_get(key, "kid");
        if (!key_member_is(key, "alg", algorithm) || (kid && key_id && !json_equal(kid, key_id)))
            continue;
        if (signed_by(jws, key))
            return true;
    }
    return false;
}

/* Whether the token names a key that is not there. */
static bool lacks_key(const struct jwt *jwt, const json_t *header)
{
    const char *algorithm = json_string_value(json_object_get(header, "alg"));
    const json_t *kid = json_object_get(header, "kid");
    json_t *key;
    size_t i;

    if (!jwt->told || !algorithm ||
        (strcmp(algorithm, "RS256") != 0 && strcmp(algorithm, "ES256") != 0))
        return false;
    if (!jwt->set.keys)
        return true;
    json_array_foreach(jwt->set.keys, i, key)
    {
        if (key_member_is(key, "alg", algorithm) && json_equal(kid, json_object_get(key, "kid")))
            return false;
    }
    return json_is_string(kid);
}

json_t *jwt_verify(const struct jwt *jwt, struct str token, bool *key_unknown)
{
    struct str rest = token;
    struct str protected = str_cut(&rest, '.');
    struct str payload = str_cut(&rest, '.');
    struct str signature = rest;

    *key_unknown = false;
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
    *key_unknown = !claims && lacks_key(jwt, header);
    json_decref(jws);
    json_decref(header);
    return claims;
}
