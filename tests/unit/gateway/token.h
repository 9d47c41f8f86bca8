/* Makes tokens for tests, good and bad. */
#ifndef TRACTION_TEST_TOKEN_H
#define TRACTION_TEST_TOKEN_H

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <jose/b64.h>
#include <jose/jwk.h>
#include <jose/jws.h>

#define TOKEN_SECRET "0123456789abcdef0123456789abcdef"
#define TOKEN_PREVIOUS "fedcba9876543210fedcba9876543210"

/* A key for HS256 with that secret, to be released by the caller. */
static inline json_t *token_secret(const char *secret)
{
    return json_pack("{s:s, s:s, s:o}", "kty", "oct", "alg", "HS256", "k",
                     jose_b64_enc(secret, strlen(secret)));
}

/* Signs the claims (released here) with a header of that "alg" and, when given, "kid". The compact
 * token is to be freed by the caller. */
static inline char *token_sign(const json_t *key, const char *alg, const char *kid, json_t *claims)
{
    char *text = json_dumps(claims, JSON_COMPACT);
    json_t *jws = json_pack("{s:o}", "payload", jose_b64_enc(text, strlen(text)));
    json_t *header = json_pack("{s:{s:s, s:s*}}", "protected", "alg", alg, "kid", kid);
    const char *p, *b, *s;
    char *token = NULL;

    if (jose_jws_sig(NULL, jws, header, key) &&
        json_unpack(jws, "{s:s, s:s, s:s}", "protected", &p, "payload", &b, "signature", &s) == 0) {
        size_t size = strlen(p) + strlen(b) + strlen(s) + 3;
        token = malloc(size);
        snprintf(token, size, "%s.%s.%s", p, b, s);
    }
    json_decref(header);
    json_decref(jws);
    json_decref(claims);
    free(text);
    return token;
}

/* The usual claims, valid for ten minutes, with those of the format (json_pack's) on top. */
static inline json_t *token_claims(const char *more)
{
    json_int_t now = (json_int_t)time(NULL);
    json_t *claims = json_pack("{s:s, s:s, s:s, s:I, s:I}", "sub", "user-1", "tenant_id",
                               "tenant-1", "name", "Ada Lovelace", "iat", now, "exp", now + 600);
    json_t *other = more ? json_loads(more, 0, NULL) : NULL;

    if (other)
        json_object_update(claims, other);
    json_decref(other);
    return claims;
}

/* HS256 with the usual secret. */
static inline char *token_make(const char *more)
{
    json_t *key = token_secret(TOKEN_SECRET);
    char *token = token_sign(key, "HS256", NULL, token_claims(more));

    json_decref(key);
    return token;
}

#endif
