/* Request bodies: JSON (RFC 8259) to msgpack, without a schema. */
#ifndef TRACTION_JSON_IN_H
#define TRACTION_JSON_IN_H

#include <stddef.h>

#include "arena.h"
#include "status.h"
#include "str.h"

/* Once, before the first body: random hashing, so that nobody can choose keys that collide. */
void json_in_open(void);

/* STATUS_OK: `*packed` is the packed object. STATUS_INVALID_JSON for text that is no JSON object,
 * repeats a key, is nested deeper than 32, or has invalid UTF-8, NUL characters or lone surrogates;
 * STATUS_PAYLOAD_TOO_LARGE for more than `values_max` values, which are counted before anything is
 * made of them; `*why` then is a sentence for people. Whole numbers beyond int64_t become doubles.
 */
enum status json_in(struct arena *arena, struct str text, size_t values_max, struct str *packed,
                    struct str *why);

#endif
