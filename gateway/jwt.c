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

enum { KEYS_MOST = 64, HEADER_MOST = 4096, RSA_BYTES_LEAST = 256 };

struct jwt {
    json_t *secrets[2]; /* HS256; NULL when not configured */
    char *jwks_path;
    json_t *keys; /* array of public keys, each with "alg"; NULL without a file */
    struct timespec changed;
    off_t size;
    ino_t inode;
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

/* The algorithm that a public key may be used with; NULL for keys that do not count. */
static const char *algorithm_of(const json_t *key)
{
    const char *algorithm = NULL;

    if (member_is(key, "kty", "RSA") &&
        jose_b64_dec(json_object_get(key, "n"), NULL, 0) >= RSA_BYTES_LEAST)
        algorithm = "RS256";
    else if (member_is(key, "kty", "EC") && member_is(key, "crv", "P-256"))
        algorithm = "ES256";
    if (!algorithm || (json_object_get(key, "alg") && !member_is(key, "alg", algorithm)) ||
        (json_object_get(key, "use") && !member_is(key, "use", "sig")))
        return NULL;
    return algorithm;
}

/* The usable keys of a key set; NULL when there are none. */
static json_t *usable_keys(const json_t *set)
{
    json_t *kept = json_array();
    json_t *key;
    size_t i;

    json_array_foreach(json_object_get(set, "keys"), i, key)
    {
        const char *algorithm = algorithm_of(key);
        jose_jwk_pub(NULL, key);
        if (!algorithm || json_array_size(kept) == KEYS_MOST)
            continue;
        json_object_set_new(key, "alg", json_string(algorithm));
        json_array_append(kept, key);
    }
    if (json_array_size(kept) > 0)
        return kept;
    json_decref(kept);
    return NULL;
}

/* The usable keys of a file; NULL and why otherwise. */
static json_t *read_keys(const char *path, json_error_t *error)
{
    json_t *set = json_load_file(path, JSON_REJECT_DUPLICATES, error);
    json_t *keys = set ? usable_keys(set) : NULL;

    if (set && !keys)
        snprintf(error->text, sizeof error->text, "it has no usable RS256 or ES256 key");
    json_decref(set);
    return keys;
}

bool jwt_file_usable(const char *path, char *why, size_t size)
{
    json_error_t error;
    json_t *keys = read_keys(path, &error);

    if (!keys)
        snprintf(why, size, "%s", error.text);
    json_decref(keys);
    return keys != NULL;
}

static bool load(struct jwt *jwt)
{
    json_error_t error;
    json_t *keys = read_keys(jwt->jwks_path, &error);

    if (!keys) {
        log_error("cannot use the JWKS file", LOG_CSTR("path", jwt->jwks_path),
                  LOG_CSTR("reason", error.text));
        return false;
    }
    json_decref(jwt->keys);
    jwt->keys = keys;
    log_info("read the JWKS file", LOG_CSTR("path", jwt->jwks_path),
             LOG_INT("keys", (int64_t)json_array_size(keys)));
    return true;
}

bool jwt_refresh(struct jwt *jwt)
{
    struct stat now;

    if (!jwt->jwks_path || stat(jwt->jwks_path, &now) != 0)
        return false;
    if (now.st_mtim.tv_sec == jwt->changed.tv_sec && now.st_mtim.tv_nsec == jwt->changed.tv_nsec &&
        now.st_size == jwt->size && now.st_ino == jwt->inode)
        return false;
    jwt->changed = now.st_mtim;
    jwt->size = now.st_size;
    jwt->inode = now.st_ino;
    return load(jwt);
}

struct jwt *jwt_new(struct str secret, struct str previous, const char *jwks_path)
{
    struct jwt *jwt = calloc(1, sizeof *jwt);

    if (!jwt)
        abort();
    jwt->secrets[0] = secret_key(secret);
    jwt->secrets[1] = secret_key(previous);
    if (!jwks_path)
        return jwt;
    jwt->jwks_path = strdup(jwks_path);
    if (!jwt->jwks_path)
        abort();
    if (!jwt_refresh(jwt)) {
        if (jwt->inode == 0) /* it was not even found */
            log_error("cannot use the JWKS file", LOG_CSTR("path", jwks_path),
                      LOG_CSTR("reason", strerror(errno)));
        jwt_destroy(&jwt);
    }
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
    char *text = malloc(size + 1);
    if (!text)
        abort();
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

    if (protected.size == 0 || protected.size > HEADER_MOST || payload.size == 0 ||
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
