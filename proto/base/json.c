/* JSON output through yajl's generator. Formats numbers itself, because yajl prints every double
 * with 17 digits. Reads no JSON. */
#include "json.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <yajl/yajl_gen.h>

enum { DEPTH_MOST = 64 };

struct json {
    yajl_gen generator;
    struct buffer *out; /* not owned; set by json_start */
    /* yajl sees a key where a value belongs, or the reverse, only when it is no text. */
    size_t depth;
    bool in_object[DEPTH_MOST];
    bool key_written; /* its value is due */
};

/* Whole numbers up to here are exact in a double. */
#define EXACT_MOST 9007199254740992.0

static void print(void *argument, const char *text, size_t size)
{
    struct json *json = argument;

    buffer_append(json->out, text, size);
}

struct json *json_new(void)
{
    struct json *json = calloc(1, sizeof *json);

    if (!json)
        abort();
    json->generator = yajl_gen_alloc(NULL);
    if (!json->generator)
        abort();
    /* Only once: yajl would take what it finds there the second time for a buffer of its own. */
    yajl_gen_config(json->generator, yajl_gen_print_callback, print, json);
    return json;
}

void json_destroy(struct json **json)
{
    if (!*json)
        return;
    yajl_gen_free((*json)->generator);
    free(*json);
    *json = NULL;
}

void json_start(struct json *json, struct buffer *out)
{
    json->out = out;
    json->depth = 0;
    json->in_object[0] = false;
    json->key_written = false;
    yajl_gen_reset(json->generator, NULL);
}

static void check(yajl_gen_status status)
{
    assert(status == yajl_gen_status_ok);
}

/* Before each value. */
static void begin_value(struct json *json)
{
    assert(json->key_written == json->in_object[json->depth]);
    json->key_written = false;
}

static void enter(struct json *json, bool object)
{
    begin_value(json);
    json->depth++;
    assert(json->depth < DEPTH_MOST);
    json->in_object[json->depth] = object;
}

static void leave(struct json *json, bool object)
{
    assert(json->depth > 0 && json->in_object[json->depth] == object && !json->key_written);
    json->depth--;
}

void json_object_begin(struct json *json)
{
    enter(json, true);
    check(yajl_gen_map_open(json->generator));
}

void json_object_end(struct json *json)
{
    leave(json, true);
    check(yajl_gen_map_close(json->generator));
}

void json_array_begin(struct json *json)
{
    enter(json, false);
    check(yajl_gen_array_open(json->generator));
}

void json_array_end(struct json *json)
{
    leave(json, false);
    check(yajl_gen_array_close(json->generator));
}

static void put_string(struct json *json, struct str text)
{
    check(yajl_gen_string(json->generator, (const unsigned char *)text.data, text.size));
}

static void put_number(struct json *json, const char *text, size_t size)
{
    begin_value(json);
    check(yajl_gen_number(json->generator, text, size));
}

void json_key(struct json *json, struct str name)
{
    assert(name.data && json->in_object[json->depth] && !json->key_written);
    json->key_written = true;
    put_string(json, name);
}

void json_text(struct json *json, struct str text)
{
    if (!text.data) {
        json_nothing(json);
        return;
    }
    begin_value(json);
    put_string(json, text);
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

    put_number(json, text, size);
}

/* Numbers of up to four decimals and 15 digits, which is nearly every one that people enter. The
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

size_t double_format(double value, char text[32])
{
    if (value > -EXACT_MOST && value < EXACT_MOST && value == trunc(value))
        return int_format((int64_t)value, text);
    size_t size = decimal_format(value, text);
    /* What fits 15 digits comes out of %.15g with no digit too many, but for subnormal numbers. */
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; size == 0 && digits <= 17; digits++) {
        int written = snprintf(text, 32, "%.*g", digits, value);
        if (digits == 17 || strtod(text, NULL) == value)
            size = (size_t)written;
    }
    return size;
}

void json_double(struct json *json, double value)
{
    char text[32];

    if (!isfinite(value)) {
        json_nothing(json);
        return;
    }
    size_t size = double_format(value, text);
    put_number(json, text, size);
}

void json_bool(struct json *json, bool value)
{
    begin_value(json);
    check(yajl_gen_bool(json->generator, value));
}

void json_nothing(struct json *json)
{
    begin_value(json);
    check(yajl_gen_null(json->generator));
}

void json_raw(struct json *json, struct str value)
{
    assert(value.size > 0);
    put_number(json, value.data, value.size);
}
