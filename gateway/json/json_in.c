/* JSON in, through jansson: a scan of our own bounds the depth before jansson recurses, and the
 * number of values, each of which costs far more than its bytes; then its tree is packed. Knows no
 * fields: the services validate. */
#include "json_in.h"

#include <stdint.h>
#include <string.h>

#include <jansson.h>

#include "pack.h"

enum { DEPTH_MAX = 32, INT64_DIGITS = 19 };

void json_in_open(void)
{
    json_object_seed(0); /* 0 takes a random seed from the system */
}

/* Results of the scan, of text that may not be JSON at all. */
struct json_scan {
    int depth;         /* the deepest */
    size_t values;     /* at least as many as there are, but for empty objects and arrays */
    bool big_integers; /* a whole number of so many digits that it may not fit */
};

static size_t skip_string(struct str text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at;
}

static size_t number_end(struct str text, size_t at, bool *whole)
{
    *whole = true;
    for (at++; at < text.size; at++) {
        char c = text.data[at];
        if (c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-')
            *whole = false;
        else if (c < '0' || c > '9')
            break;
    }
    return at;
}

static bool starts_number(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static struct json_scan scan(struct str text)
{
    struct json_scan result = {.values = 1};
    int depth = 0;
    bool whole;

    for (size_t at = 0; at < text.size; at++) {
        char c = text.data[at];
        if (c == '"') {
            at = skip_string(text, at);
        } else if (c == ',') {
            result.values++;
        } else if (c == '{' || c == '[') {
            result.values++;
            if (++depth > result.depth)
                result.depth = depth;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (starts_number(c)) {
            size_t end = number_end(text, at, &whole);
            result.big_integers |= whole && end - at >= INT64_DIGITS;
            at = end - 1;
        }
    }
    return result;
}

/* jansson refuses whole numbers that do not fit, where JSON has none too large: an exponent makes
 * them real. Rare, so a copy is fine. */
static struct str with_real_integers(struct arena *arena, struct str text)
{
    struct buffer out = buffer_in(arena, text.size + 64);
    size_t copied = 0;
    int64_t value;
    bool whole;

    for (size_t at = 0; at < text.size; at++) {
        if (text.data[at] == '"') {
            at = skip_string(text, at);
        } else if (starts_number(text.data[at])) {
            size_t end = number_end(text, at, &whole);
            if (whole && !str_to_int64((struct str){text.data + at, end - at}, &value)) {
                buffer_append(&out, text.data + copied, end - copied);
                buffer_append(&out, "e0", 2);
                copied = end;
            }
            at = end - 1;
        }
    }
    buffer_append(&out, text.data + copied, text.size - copied);
    return buffer_str(&out);
}

static void pack_value(struct buffer *out, json_t *value);

static void pack_members(struct buffer *out, json_t *object)
{
    const char *key;
    json_t *value;

    pack_map(out, json_object_size(object));
    json_object_foreach(object, key, value)
    {
        pack_key(out, key);
        pack_value(out, value);
    }
}

/* Recurses at most DEPTH_MAX deep, which the scan has checked. */
static void pack_value(struct buffer *out, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        pack_members(out, value);
        break;
    case JSON_ARRAY:
        pack_array(out, json_array_size(value));
        for (size_t i = 0; i < json_array_size(value); i++)
            pack_value(out, json_array_get(value, i));
        break;
    case JSON_STRING:
        pack_text(out, (struct str){json_string_value(value), json_string_length(value)});
        break;
    case JSON_INTEGER:
        pack_int(out, json_integer_value(value));
        break;
    case JSON_REAL:
        pack_double(out, json_real_value(value));
        break;
    case JSON_TRUE:
        pack_bool(out, true);
        break;
    case JSON_FALSE:
        pack_bool(out, false);
        break;
    case JSON_NULL:
        pack_nil(out);
        break;
    }
}

static const char *sentence_of(const json_error_t *error)
{
    switch ((int)json_error_code(error)) {
    case json_error_duplicate_key:
        return "The body names a key twice";
    case json_error_invalid_utf8:
        return "The body is not valid UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "The body has a NUL character";
    case json_error_numeric_overflow:
        return "The body has a number that is too large";
    default:
        return "The body is not valid JSON";
    }
}

/* STATUS_INVALID_JSON with a sentence. */
static enum status parse(struct arena *arena, struct str text, struct str *packed, struct str *why)
{
    json_error_t error;
    json_t *root =
        json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    if (!root) {
        *why = arena_printf(arena, "%s (line %d, column %d)", sentence_of(&error), error.line,
                            error.column);
        return STATUS_INVALID_JSON;
    }
    bool object = json_is_object(root);
    if (object) {
        struct buffer out = buffer_in(arena, text.size);
        pack_value(&out, root);
        *packed = buffer_str(&out);
    } else {
        *why = STR("The body must be a JSON object");
    }
    json_decref(root);
    return object ? STATUS_OK : STATUS_INVALID_JSON;
}

enum status json_in(struct arena *arena, struct str text, size_t values_max, struct str *packed,
                    struct str *why)
{
    struct json_scan found = scan(text);

    if (found.depth > DEPTH_MAX) {
        *why = arena_printf(arena, "The body is nested deeper than %d", DEPTH_MAX);
        return STATUS_INVALID_JSON;
    }
    if (found.values > values_max) {
        *why = arena_printf(arena, "The body has more than %zu values", values_max);
        return STATUS_PAYLOAD_TOO_LARGE;
    }
    if (found.big_integers)
        text = with_real_integers(arena, text);
    return parse(arena, text, packed, why);
}
