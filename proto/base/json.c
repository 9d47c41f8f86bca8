/* JSON output, straight into the buffer. Reads no JSON. */
#include "json.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { DEPTH_MAX = 64 };

struct level {
    bool object; /* else an array, or the document */
    bool more;   /* something is in it already */
};

struct json {
    struct buffer *out; /* not owned; set by json_start */
    size_t left;        /* bytes that the document may still have */
    bool overflows;
    size_t depth;
    struct level levels[DEPTH_MAX];
    bool key_written; /* its value is due */
};

/* Whole numbers up to here are exact in a double. */
#define EXACT_MAX 9007199254740992.0

struct json *json_new(void)
{
    struct json *json = xcalloc(1, sizeof *json);

    return json;
}

void json_destroy(struct json **json)
{
    free(*json);
    *json = NULL;
}

void json_start_limited(struct json *json, struct buffer *out, size_t max)
{
    *json = (struct json){.out = out, .left = max};
}

void json_start(struct json *json, struct buffer *out)
{
    json_start_limited(json, out, SIZE_MAX);
}

bool json_overflows(const struct json *json)
{
    return json->overflows;
}

/* Room for so many bytes, to be filled; NULL beyond the limit. */
static char *take(struct json *json, size_t size)
{
    if (size > json->left) {
        json->overflows = true;
        json->left = 0; /* nothing shorter behind it, either */
        return NULL;
    }
    json->left -= size;
    return buffer_extend(json->out, size);
}

static char *fill(char *at, struct str text)
{
    memcpy(at, text.data, text.size);
    return at + text.size;
}

/* All three in one step, because an answer has tens of thousands of short texts. */
static inline void put_between(struct json *json, struct str before, struct str text,
                               struct str after)
{
    char *at = take(json, before.size + text.size + after.size);

    if (at)
        fill(fill(fill(at, before), text), after);
}

static void put(struct json *json, struct str text)
{
    put_between(json, STR(""), text, STR(""));
}

/* Whether a comma comes before what is written next. */
static bool follows(struct json *json)
{
    struct level *level = &json->levels[json->depth];
    bool more = level->more;

    level->more = true;
    return more;
}

/* The same before a value: a key's was written with the key. */
static bool value_follows(struct json *json)
{
    assert(json->key_written == json->levels[json->depth].object);
    assert(json->depth > 0 || !json->levels[0].more); /* a document is one value */
    bool more = !json->key_written && follows(json);
    json->key_written = false;
    return more;
}

static void put_value(struct json *json, struct str value)
{
    if (value_follows(json))
        put_between(json, STR(","), value, STR(""));
    else
        put(json, value);
}

static void enter(struct json *json, bool object)
{
    put_value(json, object ? STR("{") : STR("["));
    json->depth++;
    assert(json->depth < DEPTH_MAX);
    json->levels[json->depth] = (struct level){.object = object};
}

static void leave(struct json *json, bool object)
{
    assert(json->depth > 0 && json->levels[json->depth].object == object && !json->key_written);
    json->depth--;
    put(json, object ? STR("}") : STR("]"));
}

void json_object_begin(struct json *json)
{
    enter(json, true);
}

void json_object_end(struct json *json)
{
    leave(json, true);
}

void json_array_begin(struct json *json)
{
    enter(json, false);
}

void json_array_end(struct json *json)
{
    leave(json, false);
}

/* RFC 8259, section 7: what must not stand in a string as it is. */
static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Whether any of eight bytes is less than `min`, which is at most 0x80. */
static bool any_below(uint64_t bytes, unsigned char min)
{
    return ((bytes - EACH_BYTE(min)) & ~bytes & EACH_BYTE(0x80)) != 0;
}

enum { WORD = sizeof(uint64_t) };

static inline bool is_plain_word(const char *at)
{
    uint64_t bytes;

    memcpy(&bytes, at, sizeof bytes);
    return !any_below(bytes, 0x20) && !any_below(bytes ^ EACH_BYTE('"'), 1) &&
           !any_below(bytes ^ EACH_BYTE('\\'), 1);
}

/* The number of bytes at the beginning that need no escape: eight at a time, because answers are
 * mostly text; the last eight overlap those before. */
static size_t plain_size(struct str text)
{
    size_t size = 0;

    while (size + WORD <= text.size && is_plain_word(text.data + size))
        size += WORD;
    if (text.size >= WORD && size + WORD > text.size && is_plain_word(text.data + text.size - WORD))
        return text.size;
    while (size < text.size && !needs_escape(text.data[size]))
        size++;
    return size;
}

static void put_escape(struct json *json, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    unsigned char byte = (unsigned char)c;

    if (byte >= 0x20)
        put(json, (struct str){(char[]){'\\', c}, 2});
    else if (letters[byte])
        put(json, (struct str){(char[]){'\\', letters[byte]}, 2});
    else
        put(json,
            (struct str){(char[]){'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 0xF]}, 6});
}

/* What stands in a string, with its escapes. */
static void put_escaped(struct json *json, struct str text)
{
    for (;;) {
        size_t plain = plain_size(text);
        put(json, (struct str){text.data, plain});
        if (plain == text.size)
            break;
        put_escape(json, text.data[plain]);
        text = (struct str){text.data + plain + 1, text.size - plain - 1};
    }
}

/* `after` begins with the quotes; `plain`: it is known to need no escapes. */
static inline void put_quoted(struct json *json, bool more, struct str text, struct str after,
                              bool plain)
{
    if (!plain && plain_size(text) != text.size) {
        put(json, more ? STR(",\"") : STR("\""));
        put_escaped(json, text);
        put(json, after);
    } else if (more) {
        put_between(json, STR(",\""), text, after);
    } else {
        put_between(json, STR("\""), text, after);
    }
}

static inline void put_key(struct json *json, struct str name, bool plain)
{
    assert(name.data && json->levels[json->depth].object && !json->key_written);
    put_quoted(json, follows(json), name, STR("\":"), plain);
    json->key_written = true;
}

void json_key(struct json *json, struct str name)
{
    put_key(json, name, false);
}

void json_plain_key(struct json *json, struct str name)
{
    put_key(json, name, true);
}

static inline void put_text(struct json *json, struct str text, bool plain)
{
    if (text.data)
        put_quoted(json, value_follows(json), text, STR("\""), plain);
    else
        json_nothing(json);
}

void json_text(struct json *json, struct str text)
{
    put_text(json, text, false);
}

void json_plain_text(struct json *json, struct str text)
{
    put_text(json, text, true);
}

static size_t uint_format(uint64_t value, char *text)
{
    char digits[20];
    size_t count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    for (size_t i = 0; i < count; i++)
        text[i] = digits[count - 1 - i];
    return count;
}

static size_t int_format(int64_t value, char *text)
{
    if (value >= 0)
        return uint_format((uint64_t)value, text);
    text[0] = '-';
    return 1 + uint_format(0 - (uint64_t)value, text + 1);
}

void json_int(struct json *json, int64_t value)
{
    char text[24];
    size_t size = int_format(value, text);

    put_value(json, (struct str){text, size});
}

/* Numbers of up to four decimals and 15 digits, which are nearly all that people enter. The
 * quotient of two exact doubles is the double nearest to the decimal, so when it is the value, the
 * decimal reads back as the value, and no other decimal of 15 digits does. */
static size_t decimal_format(double value, char *text)
{
    double scaled = nearbyint(value * 10000);
    size_t size = 0;

    if (!(fabs(scaled) < 1e15) || scaled / 10000 != value)
        return 0;
    uint64_t units = (uint64_t)fabs(scaled);
    if (scaled < 0)
        text[size++] = '-';
    size += uint_format(units / 10000, text + size);
    text[size++] = '.';
    unsigned rest = (unsigned)(units % 10000);
    for (unsigned place = 1000; rest > 0; place /= 10) {
        /* cppcheck-suppress zerodivcond ; below the last place nothing is left */
        text[size++] = (char)('0' + rest / place);
        rest %= place;
    }
    return size;
}

/* The significant digits of a number, without a sign: 0.d1d2d3... x 10^exponent. */
struct decimal {
    char digits[17];
    int count;
    int exponent;
};

/* The fewest digits that read back as the value. A number that has up to 15 digits is printed by 15
 * with only trailing zeros in addition, except for subnormal numbers. */
static struct decimal shortest(double value)
{
    struct decimal decimal;
    char text[32];

    for (decimal.count = value < DBL_MIN ? 1 : 15;; decimal.count++) {
        snprintf(text, sizeof text, "%.*e", decimal.count - 1, value);
        if (decimal.count == 17 || strtod(text, NULL) == value)
            break;
    }
    decimal.digits[0] = text[0];
    memcpy(decimal.digits + 1, text + 2, (size_t)decimal.count - 1);
    decimal.exponent = 1 + (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    return decimal;
}

static size_t put_digits(char *text, const char *digits, int count)
{
    memcpy(text, digits, (size_t)count);
    return (size_t)count;
}

static size_t put_zeros(char *text, int count)
{
    memset(text, '0', (size_t)count);
    return (size_t)count;
}

/* As ECMAScript writes numbers (Number::toString). */
static size_t decimal_layout(const struct decimal *decimal, char *text)
{
    int count = decimal->count, exponent = decimal->exponent;
    int whole = exponent < 1       ? 0
                : exponent < count ? exponent
                                   : count; /* digits before the point */
    bool scientific = exponent > 21 || exponent < -5;
    size_t size = 0;

    if (scientific)
        whole = 1;
    size += put_digits(text, decimal->digits, whole);
    if (whole == 0)
        text[size++] = '0';
    if (!scientific && exponent > count)
        size += put_zeros(text + size, exponent - count);
    if (count > whole)
        text[size++] = '.';
    if (!scientific && exponent < 0)
        size += put_zeros(text + size, -exponent);
    size += put_digits(text + size, decimal->digits + whole, count - whole);
    if (!scientific)
        return size;
    text[size++] = 'e';
    text[size++] = exponent > 0 ? '+' : '-';
    return size + uint_format((uint64_t)abs(exponent - 1), text + size);
}

size_t double_format(double value, char text[32])
{
    if (value > -EXACT_MAX && value < EXACT_MAX && value == trunc(value))
        return int_format((int64_t)value, text);
    if (!isfinite(value)) /* metrics may have such */
        return (size_t)snprintf(text, 32, "%g", value);
    size_t size = decimal_format(value, text);
    if (size > 0)
        return size;
    struct decimal decimal = shortest(fabs(value));
    if (value < 0)
        text[size++] = '-';
    return size + decimal_layout(&decimal, text + size);
}

void json_double(struct json *json, double value)
{
    char text[32];

    if (!isfinite(value)) {
        json_nothing(json);
        return;
    }
    size_t size = double_format(value, text);
    put_value(json, (struct str){text, size});
}

void json_bool(struct json *json, bool value)
{
    put_value(json, value ? STR("true") : STR("false"));
}

void json_nothing(struct json *json)
{
    put_value(json, STR("null"));
}

void json_raw(struct json *json, struct str value)
{
    assert(value.size > 0);
    put_value(json, value);
}
