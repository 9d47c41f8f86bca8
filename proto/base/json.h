/* Writing JSON (RFC 8259): used for log lines and by the gateway for answers. docs/json.md says why
 * no library does it.
 * Three names are longer than they need be, because jansson, which the gateway links, has the short
 * ones (json_object, json_array, json_null) and the linker would mix them up.
 * The writer appends to a buffer; a mistake of the caller (two keys in a row, more than 63 levels)
 * asserts. */
#ifndef TRACTION_JSON_H
#define TRACTION_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

struct json; /* reusable; one thread */

struct json *json_new(void);
void json_destroy(struct json **json);

/* Starts a new document that is appended to `out`, which must outlive the writing. */
void json_start(struct json *json, struct buffer *out);
/* The same of a document of at most `max` bytes: what has no room is left out, and json_overflows
 * is true from then on. */
void json_start_limited(struct json *json, struct buffer *out, size_t max);
bool json_overflows(const struct json *json);

void json_object_begin(struct json *json);
void json_object_end(struct json *json);
void json_array_begin(struct json *json);
void json_array_end(struct json *json);
void json_key(struct json *json, struct str name);
/* Text is valid UTF-8; absent text writes null. */
void json_text(struct json *json, struct str text);
/* The same of what is known to need no escapes, such as the names of fields, ids and instants. */
void json_plain_key(struct json *json, struct str name);
void json_plain_text(struct json *json, struct str text);
void json_int(struct json *json, int64_t value);
/* The shortest decimal that reads back as the same double, as ECMAScript writes it: 0.1, 1e-7,
 * 123456789012345680000, 1e+21. NaN and infinities write null. */
void json_double(struct json *json, double value);
void json_bool(struct json *json, bool value);
void json_nothing(struct json *json);
/* Already written JSON, one whole value. */
void json_raw(struct json *json, struct str value);

/* The number formatting alone: writes at most 32 bytes, answers their count. What is not finite is
 * written as "inf" or "nan". */
size_t double_format(double value, char text[32]);

#endif
