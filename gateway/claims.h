/* From a token's claims to an identity: pure reading, no keys, no cache. */
#ifndef TRACTION_CLAIMS_H
#define TRACTION_CLAIMS_H

#include <jansson.h>

#include "arena.h"
#include "auth.h"

/* False when the token is not acceptable whatever the time: no user, tenant or exp, a claim of a
 * wrong type, another issuer or audience. Text is copied into the arena. */
bool claims_read(const json_t *claims, const struct auth_config *config, struct arena *arena,
                 struct identity *identity);
/* Whether "nbf" has come, with the leeway. */
bool claims_begun(const json_t *claims, int64_t now_s);

enum { CLAIMS_LEEWAY_S = 30 };

#endif
