/* Packed values from JSON text with ' for ", so that tests can show the bodies they mean. For valid
 * text only: it asserts, and knows no escapes. */
#ifndef TRACTION_LITERAL_H
#define TRACTION_LITERAL_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "unpack.h"

static inline const char *literal_value(const char *at, struct buffer *out);

static inline const char *literal_skip(const char *at)
{
    return at + strspn(at, " ,:");
}

static inline const char *literal_text(const char *at, struct buffer *out)
{
    const char *end = strchr(at + 1, '\'');

    assert(end != NULL);
    pack_text(out, (struct str){at + 1, (size_t)(end - at - 1)});
    return end + 1;
}

static inline const char *literal_items(const char *at, bool map, struct buffer *out)
{
    struct pack_open open = map ? pack_map_open(out) : pack_array_open(out);
    char end = map ? '}' : ']';

    for (at = literal_skip(at + 1); *at != end; at = literal_skip(at), open.count++) {
        if (map)
            at = literal_skip(literal_text(at, out));
        at = literal_value(at, out);
    }
    if (map)
        pack_map_close(out, open);
    else
        pack_array_close(out, open);
    return at + 1;
}

static inline const char *literal_number(const char *at, struct buffer *out)
{
    size_t size = strspn(at, "+-.0123456789eE");

    assert(size > 0);
    if (strcspn(at, ".eE") < size)
        pack_double(out, strtod(at, NULL));
    else
        pack_int(out, strtoll(at, NULL, 10));
    return at + size;
}

static inline const char *literal_value(const char *at, struct buffer *out)
{
    at = literal_skip(at);
    if (*at == '{' || *at == '[')
        return literal_items(at, *at == '{', out);
    if (*at == '\'')
        return literal_text(at, out);
    if (strncmp(at, "null", 4) == 0) {
        pack_nil(out);
        return at + 4;
    }
    if (strncmp(at, "true", 4) == 0 || strncmp(at, "false", 5) == 0) {
        pack_bool(out, *at == 't');
        return at + (*at == 't' ? 4 : 5);
    }
    return literal_number(at, out);
}

static inline struct value literal(struct arena *arena, const char *json)
{
    struct buffer out = buffer_in(arena, 256);
    struct value value;
    bool valid;

    literal_value(json, &out);
    valid = unpack(arena, buffer_str(&out), &value);
    assert(valid);
    return value;
}

#endif
