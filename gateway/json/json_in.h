/* Request bodies: JSON (RFC 8259) to msgpack, without a schema. */
#ifndef TRACTION_JSON_IN_H
#define TRACTION_JSON_IN_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

/* Once, before the first body: random hashing, so that nobody can choose keys that collide. */
void json_in_open(void);

/* `*packed` becomes the packed object. False for text that is no JSON object, repeats a key, is
 * nested deeper than 32, or has invalid UTF-8, NUL characters or lone surrogates; `*why` then is a
 * sentence for people. Whole numbers beyond int64_t become doubles. */
bool json_in(struct arena *arena, struct str text, struct str *packed, struct str *why);

#endif
