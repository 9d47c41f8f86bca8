/* From a token's claims to an identity: pure reading, no keys, no cache. */
#ifndef TRACTION_CLAIMS_H
#define TRACTION_CLAIMS_H

#include <jansson.h>

#include "arena.h"
#include "auth.h"

/* NULL, or a sentence that names the claim for which the token is not acceptable whatever the time:
 * no user, tenant or exp, a claim of a wrong type, another issuer or audience. Text, the sentence
 * too, is in the arena. */
const char *claims_read(const json_t *claims, const struct auth_config *config, struct arena *arena,
                        struct identity *identity);

enum { CLAIMS_LEEWAY_S = 30 };

#endif
