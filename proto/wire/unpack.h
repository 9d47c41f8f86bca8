/* Reading msgpack from a socket or a table. The whole message is validated before anything is read
 * (`unpack`): one value that ends exactly at the end, counts that fit the remaining bytes, depth up
 * to 40, text that is UTF-8, keys of maps that are text, no extension types. */
#ifndef TRACTION_UNPACK_H
#define TRACTION_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

enum value_type {
    VALUE_ABSENT, /* no such key; reads as null everywhere */
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_DOUBLE, /* never NaN */
    VALUE_TEXT,
    VALUE_BYTES,
    VALUE_ARRAY,
    VALUE_MAP,
};

struct pair;

/* A decoded value. Text and bytes point into the message; arrays and maps live in the arena. */
struct value {
    enum value_type type;
    uint32_t count; /* of items or pairs */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct str text; /* also VALUE_BYTES */
        const struct value *items;
        const struct pair *pairs;
    };
    struct str raw; /* the packed bytes of this very value, inside the message */
};

struct pair {
    struct str key;
    struct value value;
};

/* Validates and decodes. False for anything malformed; `*value` is then VALUE_ABSENT.
 * Integers above INT64_MAX are malformed. The message must outlive the value. */
bool unpack(struct arena *arena, struct str message, struct value *value);
/* The same validation for a map of at most UNPACK_TOP_MAX pairs; anything else is refused. Only
 * this map is decoded: arrays and maps in it have their type and raw, and a count of 0. For
 * envelopes, whose parts are passed on packed. */
enum { UNPACK_TOP_MAX = 64 };
bool unpack_top(struct arena *arena, struct str message, struct value *value);

/* For walking over bytes that are part of a validated message without a tree of values: takes one
 * scalar, or the head of an array or map, whose items or keys and values follow one by one. `raw`
 * is not set, nor are `items` and `pairs`. Asserts that there is a value. */
void unpack_next(struct str *rest, struct value *value);

/* The value under `key` of a map; VALUE_ABSENT (a static value) when there is none or it is no map.
 */
const struct value *value_get(const struct value *map, const char *key);

/* Lenient readers for our own messages: the fallback when absent or of another type. */
struct str value_text(const struct value *value); /* absent str */
int64_t value_int(const struct value *value, int64_t fallback);
bool value_bool(const struct value *value);
bool value_is_null(const struct value *value); /* null or absent */

#endif
