/* Reading msgpack in two passes over the bytes: the first validates the whole message without
 * allocating, the second fills struct value. Envelopes need only the first. It knows no message of
 * ours.
 *
 * msgpack-c's own reader is not used: it reserves memory by the count that an array claims and
 * checks neither UTF-8 nor keys, so the first pass is needed before it, and its objects would have
 * to be copied into struct value after it, with the packed bytes of each value lost on the way. On
 * a goal of 1.1 KiB both passes here take 0.7 us together; its reader alone takes 0.6. */
#include "unpack.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { DEPTH_MAX = 40 };

/* Where reading stands. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static size_t left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

/* The next `size` (1, 2, 4 or 8) bytes as a big-endian number. */
static inline bool take_number(struct cursor *cursor, size_t size, uint64_t *number)
{
    const uint8_t *at = cursor->at;
    uint64_t result = 0;

    if (left(cursor) < size)
        return false;
    for (size_t i = 0; i < size; i++)
        result = result << 8 | at[i];
    cursor->at += size;
    *number = result;
    return true;
}

static inline bool take_text(struct cursor *cursor, uint64_t size, enum value_type type,
                             struct value *value)
{
    if (left(cursor) < size)
        return false;
    value->type = type;
    value->text = (struct str){(const char *)cursor->at, (size_t)size};
    cursor->at += size;
    return true;
}

/* Every item takes at least one byte and every pair two, so a count that the remaining bytes cannot
 * hold is refused before memory is allocated for it. */
static inline bool take_count(struct cursor *cursor, uint64_t count, enum value_type type,
                              struct value *value)
{
    if (count > left(cursor) / (type == VALUE_MAP ? 2 : 1))
        return false;
    value->type = type;
    value->count = (uint32_t)count;
    return true;
}

static bool take_real(struct cursor *cursor, size_t size, struct value *value)
{
    uint64_t number;

    if (!take_number(cursor, size, &number))
        return false;
    if (size == sizeof(float)) {
        uint32_t bits = (uint32_t)number;
        float single;

        memcpy(&single, &bits, sizeof single);
        value->real = (double)single;
    } else {
        memcpy(&value->real, &number, sizeof value->real);
    }
    value->type = VALUE_DOUBLE;
    return isfinite(value->real);
}

static bool take_unsigned(struct cursor *cursor, size_t size, struct value *value)
{
    uint64_t number;

    if (!take_number(cursor, size, &number) || number > INT64_MAX)
        return false;
    value->type = VALUE_INT;
    value->integer = (int64_t)number;
    return true;
}

static bool take_signed(struct cursor *cursor, size_t size, struct value *value)
{
    uint64_t number, sign;

    if (!take_number(cursor, size, &number))
        return false;
    sign = UINT64_C(1) << (8 * size - 1);
    value->type = VALUE_INT;
    value->integer = (int64_t)((number ^ sign) - sign);
    return true;
}

/* The heads from 0xc0 to 0xdf, whose first byte says only the type. */
static bool take_typed(struct cursor *cursor, uint8_t byte, struct value *value)
{
    uint64_t number;

    switch (byte) {
    case 0xc0:
        value->type = VALUE_NULL;
        return true;
    case 0xc2:
    case 0xc3:
        value->type = VALUE_BOOL;
        value->boolean = byte == 0xc3;
        return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return take_number(cursor, (size_t)1 << (byte - 0xc4), &number) &&
               take_text(cursor, number, VALUE_BYTES, value);
    case 0xca:
        return take_real(cursor, sizeof(float), value);
    case 0xcb:
        return take_real(cursor, sizeof(double), value);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return take_unsigned(cursor, (size_t)1 << (byte - 0xcc), value);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return take_signed(cursor, (size_t)1 << (byte - 0xd0), value);
    case 0xd9:
    case 0xda:
    case 0xdb:
        return take_number(cursor, (size_t)1 << (byte - 0xd9), &number) &&
               take_text(cursor, number, VALUE_TEXT, value);
    case 0xdc:
    case 0xdd:
        return take_number(cursor, (size_t)2 << (byte - 0xdc), &number) &&
               take_count(cursor, number, VALUE_ARRAY, value);
    case 0xde:
    case 0xdf:
        return take_number(cursor, (size_t)2 << (byte - 0xde), &number) &&
               take_count(cursor, number, VALUE_MAP, value);
    default: /* 0xc1 and the extension types */
        return false;
    }
}

/* One scalar, or the head of one array or map. */
static inline bool take_head(struct cursor *cursor, struct value *value)
{
    uint8_t byte;

    if (cursor->at == cursor->end)
        return false;
    byte = *cursor->at++;
    if (byte <= 0x7f) {
        value->type = VALUE_INT;
        value->integer = byte;
        return true;
    }
    if (byte <= 0x8f)
        return take_count(cursor, byte & 0x0f, VALUE_MAP, value);
    if (byte <= 0x9f)
        return take_count(cursor, byte & 0x0f, VALUE_ARRAY, value);
    if (byte <= 0xbf)
        return take_text(cursor, byte & 0x1f, VALUE_TEXT, value);
    if (byte <= 0xdf)
        return take_typed(cursor, byte, value);
    value->type = VALUE_INT;
    value->integer = (int64_t)byte - 256;
    return true;
}

/* Nearly all text is ASCII, and most of it is short: eight bytes at a time, the last eight
 * overlapping the ones before. */
static bool is_ascii(struct str text)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t word, bits = 0;

    if (text.size < sizeof word) {
        for (size_t i = 0; i < text.size; i++)
            bits |= (uint8_t)text.data[i];
        return (bits & 0x80) == 0;
    }
    for (size_t at = 0; at + sizeof word <= text.size; at += sizeof word) {
        memcpy(&word, text.data + at, sizeof word);
        bits |= word;
    }
    memcpy(&word, text.data + text.size - sizeof word, sizeof word);
    return ((bits | word) & high) == 0;
}

/* What an array or map still expects. */
struct expected {
    uint64_t values; /* keys count too */
    bool map;
};

static bool is_utf8(struct str text)
{
    return is_ascii(text) || utf8_valid(text);
}

/* Walks over one whole value and validates it. No recursion, because the sender determines the
 * depth. */
static bool scan(struct cursor *cursor, size_t depth_max)
{
    struct expected outer[DEPTH_MAX];
    struct expected now = {1, false};
    struct value value;
    size_t depth = 0;

    for (;;) {
        bool key = now.map && now.values % 2 == 0;

        now.values--;
        if (!take_head(cursor, &value) || (key && value.type != VALUE_TEXT))
            return false;
        if (value.type == VALUE_TEXT) {
            if (!is_utf8(value.text))
                return false;
        } else if (value.type == VALUE_ARRAY || value.type == VALUE_MAP) {
            bool map = value.type == VALUE_MAP;

            if (depth == depth_max)
                return false;
            outer[depth++] = now;
            now = (struct expected){(uint64_t)value.count * (map ? 2 : 1), map};
        }
        while (now.values == 0) {
            if (depth == 0)
                return true;
            now = outer[--depth];
        }
    }
}

/* Reads one value that scan has proved valid. Recurses at most DEPTH_MAX deep, which scan has
 * checked. */
static void fill(struct arena *arena, struct cursor *cursor, struct value *value)
{
    const uint8_t *start = cursor->at;
    bool valid = take_head(cursor, value);

    assert(valid);
    if (value->type == VALUE_ARRAY) {
        struct value *items = arena_array(arena, value->count, sizeof *items);

        for (uint32_t i = 0; i < value->count; i++)
            fill(arena, cursor, &items[i]);
        value->items = items;
    } else if (value->type == VALUE_MAP) {
        struct pair *pairs = arena_array(arena, value->count, sizeof *pairs);
        struct value key;

        for (uint32_t i = 0; i < value->count; i++) {
            valid = take_head(cursor, &key);
            assert(valid);
            pairs[i].key = key.text;
            fill(arena, cursor, &pairs[i].value);
        }
        value->pairs = pairs;
    }
    value->raw = (struct str){(const char *)start, (size_t)(cursor->at - start)};
}

static struct cursor cursor_of(struct str message)
{
    const uint8_t *start = (const uint8_t *)message.data;

    return (struct cursor){start, start + message.size};
}

bool unpack(struct arena *arena, struct str message, struct value *value)
{
    struct cursor cursor = cursor_of(message), again = cursor;

    *value = (struct value){.type = VALUE_ABSENT};
    if (!scan(&cursor, DEPTH_MAX) || cursor.at != cursor.end)
        return false;
    fill(arena, &again, value);
    return true;
}

/* A value inside the outermost map: what it is, and its bytes, proved valid. */
static bool take_closed(struct cursor *cursor, struct value *value)
{
    struct cursor head = *cursor;
    const uint8_t *start = cursor->at;

    if (!scan(cursor, DEPTH_MAX - 1) || !take_head(&head, value))
        return false;
    if (value->type == VALUE_ARRAY || value->type == VALUE_MAP) {
        value->count = 0;
        value->items = NULL;
    }
    value->raw = (struct str){(const char *)start, (size_t)(cursor->at - start)};
    return true;
}

bool unpack_top(struct arena *arena, struct str message, struct value *value)
{
    struct cursor cursor = cursor_of(message);
    struct value map, key;

    *value = (struct value){.type = VALUE_ABSENT};
    if (!take_head(&cursor, &map) || map.type != VALUE_MAP || map.count > UNPACK_TOP_MAX)
        return false;
    struct pair *pairs = arena_array(arena, map.count, sizeof *pairs);
    for (uint32_t i = 0; i < map.count; i++) {
        if (!take_head(&cursor, &key) || key.type != VALUE_TEXT || !is_utf8(key.text) ||
            !take_closed(&cursor, &pairs[i].value))
            return false;
        pairs[i].key = key.text;
    }
    if (cursor.at != cursor.end)
        return false;
    map.pairs = pairs;
    map.raw = message;
    *value = map;
    return true;
}

void unpack_next(struct str *rest, struct value *value)
{
    struct cursor cursor = cursor_of(*rest);
    bool valid = take_head(&cursor, value);

    assert(valid);
    rest->data = (const char *)cursor.at;
    rest->size = (size_t)(cursor.end - cursor.at);
}
