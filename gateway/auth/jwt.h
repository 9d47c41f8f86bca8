/* Signatures of tokens (RFC 7515, 7519): the accepted keys, and whether one of them signed a token.
 * Claims are not checked here. */
#ifndef TRACTION_JWT_H
#define TRACTION_JWT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "str.h"

struct jwt;

/* HS256 is accepted when `secret` is given (or `previous`, for rotation), RS256 and ES256 when a
 * JWKS file is. Absent and NULL mean none. NULL with a log line when the file is unusable. */
struct jwt *jwt_new(struct str secret, struct str previous, const char *jwks_path);
void jwt_destroy(struct jwt **jwt);

/* Whether a JWKS file has usable keys, for checking a configuration; else why not. A running
 * gateway also accepts a file without any: then no key is left. */
bool jwt_file_usable(const char *path, char *why, size_t size);

/* Reads the JWKS file again when it has changed; true when a key was removed. While the file cannot
 * be read, the old keys stay valid for one hour, with a log line every minute.
 * `now_us` is the monotonic clock's. */
bool jwt_refresh(struct jwt *jwt, int64_t now_us);

/* Public keys come from elsewhere instead: from `source`, for the log, which must outlive it. Until
 * they are there, tokens that need them have an unknown key. */
void jwt_expect_keys(struct jwt *jwt, const char *source, int64_t now_us);
/* The text of a JWK set, which need not be read again for `fresh_us`. False and why: it is none,
 * and nothing has changed. */
bool jwt_take_keys(struct jwt *jwt, struct str text, int64_t now_us, int64_t fresh_us,
                   bool *revoked, char *why, size_t size);
/* It could not be read: as with the file, one hour from when it had to be read again. */
bool jwt_lose_keys(struct jwt *jwt, int64_t now_us, const char *why);
bool jwt_has_keys(const struct jwt *jwt);
/* How long the key set could not be read; 0 without one, below two seconds when all is well. */
int64_t jwt_unread_us(const struct jwt *jwt, int64_t now_us);

/* The claims of a compact token with a good signature, to be released by the caller; else NULL.
 * `*key_unknown`: it may have one of a key that jwt_take_keys has not brought. */
json_t *jwt_verify(const struct jwt *jwt, struct str token, bool *key_unknown);

#endif
