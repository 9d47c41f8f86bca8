/* Reading and making traceparents. */
#include "trace.h"

#include <string.h>

#include "random.h"

enum {
    VERSION_AT = 0,
    TRACE_AT = 3,
    TRACE_DIGITS = 32,
    SPAN_AT = 36,
    SPAN_DIGITS = 16,
    FLAGS_AT = 53,
    SAMPLED = 1, /* the only flag that may be passed on */
};

static bool is_hex(struct str text, size_t at, size_t digits)
{
    for (size_t i = at; i < at + digits; i++)
        if ((text.data[i] < '0' || text.data[i] > '9') &&
            (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return true;
}

static bool is_id(struct str text, size_t at, size_t digits)
{
    static const char zeros[TRACE_DIGITS + 1] = "00000000000000000000000000000000";

    return is_hex(text, at, digits) && memcmp(text.data + at, zeros, digits) != 0;
}

/* A later version may have more behind it. */
static bool has_end(struct str text)
{
    if (text.size == TRACEPARENT_SIZE)
        return true;
    return text.size > TRACEPARENT_SIZE && text.data[TRACEPARENT_SIZE] == '-' &&
           memcmp(text.data, "00", 2) != 0;
}

static bool is_valid(struct str text)
{
    return has_end(text) && is_hex(text, VERSION_AT, 2) && memcmp(text.data, "ff", 2) != 0 &&
           text.data[TRACE_AT - 1] == '-' && is_id(text, TRACE_AT, TRACE_DIGITS) &&
           text.data[SPAN_AT - 1] == '-' && is_id(text, SPAN_AT, SPAN_DIGITS) &&
           text.data[FLAGS_AT - 1] == '-' && is_hex(text, FLAGS_AT, 2);
}

static void add_random(struct buffer *out, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *bytes = random_take(digits / 2);

    for (size_t i = 0; i < digits / 2; i++) {
        buffer_append(out, &hex[bytes[i] >> 4], 1);
        buffer_append(out, &hex[bytes[i] & 0xF], 1);
    }
}

static bool is_sampled(struct str traceparent)
{
    return hex_digit(traceparent.data[FLAGS_AT + 1]) & SAMPLED;
}

struct str trace_span(struct arena *arena, struct str parent)
{
    struct buffer out = buffer_in(arena, TRACEPARENT_SIZE);
    bool valid = is_valid(parent);

    buffer_append(&out, "00-", 3);
    if (valid)
        buffer_append(&out, parent.data + TRACE_AT, TRACE_DIGITS);
    else
        add_random(&out, TRACE_DIGITS);
    buffer_append(&out, "-", 1);
    add_random(&out, SPAN_DIGITS);
    buffer_append(&out, valid && is_sampled(parent) ? "-01" : "-00", 3);
    return buffer_str(&out);
}

static struct str part(struct str traceparent, size_t at, size_t digits)
{
    return traceparent.size == TRACEPARENT_SIZE ? (struct str){traceparent.data + at, digits}
                                                : STR_NONE;
}

struct str trace_id_of(struct str traceparent)
{
    return part(traceparent, TRACE_AT, TRACE_DIGITS);
}

struct str span_id_of(struct str traceparent)
{
    return part(traceparent, SPAN_AT, SPAN_DIGITS);
}
