/* The reader of msgpack: what it accepts, what it refuses, and that nothing makes it crash. */
#include "unpack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "suite.h"

#define BYTES(...) ((struct str){(const char[]){__VA_ARGS__}, sizeof((const char[]){__VA_ARGS__})})
#define H(byte) ((char)(byte))

static struct arena *arena;

static bool reads(struct str message, struct value *value)
{
    if (arena == NULL)
        arena = arena_new();
    /* Exactly sized, so that a sanitizer sees a read past the end. */
    char *copy = malloc(message.size + 1);
    memcpy(copy, message.data, message.size);
    struct str kept = arena_copy(arena, message);
    bool valid = unpack(arena, (struct str){copy, message.size}, value);
    free(copy);
    return valid ? unpack(arena, kept, value) : false;
}

static bool refused(struct str message)
{
    struct value value = {.type = VALUE_MAP};

    return !reads(message, &value) && value.type == VALUE_ABSENT;
}

START_TEST(reads_what_the_writer_writes)
{
    static const int64_t numbers[] = {0,
                                      1,
                                      127,
                                      128,
                                      255,
                                      256,
                                      65535,
                                      65536,
                                      UINT32_MAX,
                                      INT64_MAX,
                                      -1,
                                      -32,
                                      -33,
                                      -128,
                                      -129,
                                      -32768,
                                      -32769,
                                      INT32_MIN,
                                      (int64_t)INT32_MIN - 1,
                                      INT64_MIN};
    arena = arena_new();
    struct buffer out = buffer_in(arena, 16);
    struct value value;

    pack_array(&out, sizeof numbers / sizeof *numbers);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        pack_int(&out, numbers[i]);
    ck_assert(reads(buffer_str(&out), &value));
    ck_assert_uint_eq(value.count, sizeof numbers / sizeof *numbers);
    for (size_t i = 0; i < value.count; i++)
        ck_assert_int_eq(value_int(&value.items[i], 77), numbers[i]);

    out.size = 0;
    pack_map(&out, 6);
    pack_key(&out, "half");
    pack_double(&out, 0.5);
    pack_key(&out, "none");
    pack_double(&out, (double)NAN);
    pack_key(&out, "vast");
    pack_double(&out, HUGE_VAL);
    pack_key(&out, "yes");
    pack_bool(&out, true);
    pack_key(&out, "bytes");
    pack_bytes(&out, BYTES(0, H(0xff), 1));
    pack_key(&out, "absent");
    pack_text(&out, STR_NONE);
    ck_assert(reads(buffer_str(&out), &value));
    ck_assert(value_get(&value, "half")->real >= 0.5 && value_get(&value, "half")->real <= 0.5);
    ck_assert_int_eq(value_get(&value, "none")->type, VALUE_NULL);
    ck_assert_int_eq(value_get(&value, "vast")->type, VALUE_NULL);
    ck_assert(value_bool(value_get(&value, "yes")));
    ck_assert_int_eq(value_get(&value, "bytes")->type, VALUE_BYTES);
    ck_assert(str_equal(value_get(&value, "bytes")->text, BYTES(0, H(0xff), 1)));
    ck_assert_int_eq(value_get(&value, "absent")->type, VALUE_NULL);
    ck_assert_int_eq(value_get(&value, "other")->type, VALUE_ABSENT);
    ck_assert_int_eq(value_get(value_get(&value, "yes"), "x")->type, VALUE_ABSENT);
}
END_TEST

START_TEST(reads_text_of_every_head)
{
    static const size_t sizes[] = {0, 1, 31, 32, 255, 256, 65535, 65536, 70001};

    arena = arena_new();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buffer out = buffer_in(arena, 16);
        struct value value;
        struct str text = {memset(arena_alloc(arena, sizes[i] + 1), 'x', sizes[i]), sizes[i]};

        pack_text(&out, text);
        ck_assert(reads(buffer_str(&out), &value));
        ck_assert_int_eq(value.type, VALUE_TEXT);
        ck_assert(str_equal(value.text, text));
        out.size = 0;
        pack_bytes(&out, text);
        ck_assert(reads(buffer_str(&out), &value));
        ck_assert_int_eq(value.type, VALUE_BYTES);
        ck_assert(str_equal(value.text, text));
    }
}
END_TEST

START_TEST(knows_the_bytes_of_each_value)
{
    arena = arena_new();
    struct buffer out = buffer_in(arena, 16), inner = buffer_in(arena, 16);
    struct value value, again;

    struct pack_open open = pack_array_open(&inner);
    for (int i = 0; i < 300; i++, open.count++)
        pack_int(&inner, i * 1000);
    pack_array_close(&inner, open);
    pack_map(&out, 2);
    pack_key(&out, "list");
    pack_raw(&out, buffer_str(&inner));
    pack_key(&out, "after");
    pack_text(&out, STR("x"));
    ck_assert(reads(buffer_str(&out), &value));
    ck_assert(str_equal(value.raw, buffer_str(&out)));
    ck_assert(str_equal(value_get(&value, "list")->raw, buffer_str(&inner)));
    ck_assert(str_equal(value_get(&value, "after")->raw, STR("\xa1x")));
    ck_assert(reads(value_get(&value, "list")->raw, &again));
    ck_assert_int_eq(again.items[299].integer, 299000);

    ck_assert(unpack_top(arena, buffer_str(&out), &value));
    ck_assert(str_equal(value_get(&value, "list")->raw, buffer_str(&inner)));
    ck_assert_int_eq(value_get(&value, "list")->type, VALUE_ARRAY);
    ck_assert_uint_eq(value_get(&value, "list")->count, 0);
    ck_assert(str_equal(value_text(value_get(&value, "after")), STR("x")));
}
END_TEST

START_TEST(envelopes_are_small_maps)
{
    arena = arena_new();
    for (uint32_t pairs = UNPACK_TOP_MAX; pairs <= UNPACK_TOP_MAX + 1; pairs++) {
        struct buffer out = buffer_in(arena, 512);
        struct value value;

        pack_map(&out, pairs);
        for (uint32_t i = 0; i < pairs; i++) {
            pack_key(&out, "k");
            pack_int(&out, i);
        }
        ck_assert_int_eq(unpack_top(arena, buffer_str(&out), &value), pairs == UNPACK_TOP_MAX);
        ck_assert_int_eq(value.type, pairs == UNPACK_TOP_MAX ? VALUE_MAP : VALUE_ABSENT);
    }
}
END_TEST

/* The same messages are refused as by unpack. */
START_TEST(envelopes_are_valid_to_the_last_byte)
{
    const struct str bad[] = {BYTES(1),
                              BYTES(H(0x90)),
                              BYTES(H(0x80), 1),
                              BYTES(H(0x81), H(0xa1), 'k'),
                              BYTES(H(0x81), 1, 1),
                              BYTES(H(0x81), H(0xa1), H(0xff), 1),
                              BYTES(H(0x81), H(0xa1), 'k', H(0x91)),
                              BYTES(H(0x81), H(0xa1), 'k', H(0x91), H(0xa1), H(0xff)),
                              BYTES(H(0xdf), 0, 0, 1, 0)};

    arena = arena_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct value value;

        ck_assert_msg(!unpack_top(arena, bad[i], &value), "message %zu", i);
        ck_assert_int_eq(value.type, VALUE_ABSENT);
    }
}
END_TEST

START_TEST(reads_single_precision)
{
    struct value value;

    ck_assert(reads(BYTES(H(0xca), 0x3f, H(0xc0), 0, 0), &value));
    ck_assert_int_eq(value.type, VALUE_DOUBLE);
    ck_assert(value.real >= 1.5 && value.real <= 1.5);
}
END_TEST

START_TEST(refuses_what_is_no_single_whole_value)
{
    struct value value;

    ck_assert(refused((struct str){"", 0}));
    ck_assert(!unpack(arena, STR_NONE, &value));
    ck_assert(refused(BYTES(1, 2)));                        /* two */
    ck_assert(refused(BYTES(H(0xa2), 'x')));                /* text cut short */
    ck_assert(refused(BYTES(H(0xd9))));                     /* head cut short */
    ck_assert(refused(BYTES(H(0xcf), 0, 0, 0)));            /* number cut short */
    ck_assert(refused(BYTES(H(0x92), 1)));                  /* array cut short */
    ck_assert(refused(BYTES(H(0x81), H(0xa1), 'k')));       /* pair without a value */
    ck_assert(refused(BYTES(H(0x81), 1, 1)));               /* key that is no text */
    ck_assert(refused(BYTES(H(0x81), H(0xc4), 1, 'k', 1))); /* key of bytes */
    ck_assert(refused(BYTES(H(0x81), H(0x90), 1)));         /* key that is an array */
    ck_assert(refused(BYTES(H(0xc1))));                     /* never used */
    ck_assert(refused(BYTES(H(0xd4), 1, 0)));               /* extensions */
    ck_assert(refused(BYTES(H(0xc7), 1, 1, 0)));
    ck_assert(refused(BYTES(H(0xd7), H(0xff), 0, 0, 0, 0, 0, 0, 0, 0)));
}
END_TEST

START_TEST(refuses_values_we_cannot_hold)
{
    ck_assert(refused(BYTES(H(0xcf), H(0x80), 0, 0, 0, 0, 0, 0, 0)));    /* 2^63 */
    ck_assert(refused(BYTES(H(0xcb), 0x7f, H(0xf8), 0, 0, 0, 0, 0, 0))); /* NaN */
    ck_assert(refused(BYTES(H(0xcb), 0x7f, H(0xf0), 0, 0, 0, 0, 0, 0))); /* infinity */
    ck_assert(refused(BYTES(H(0xca), H(0xff), H(0x80), 0, 0)));          /* -infinity */
    ck_assert(refused(BYTES(H(0xa1), H(0xff))));                         /* no UTF-8 */
    ck_assert(refused(BYTES(H(0xa3), H(0xed), H(0xa0), H(0x80))));       /* a surrogate */
    ck_assert(refused(BYTES(H(0xa9), 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', H(0x80))));
    ck_assert(refused(BYTES(H(0x81), H(0xa1), H(0xff), 1))); /* no UTF-8 in a key */
}
END_TEST

START_TEST(refuses_counts_that_the_bytes_cannot_hold)
{
    ck_assert(refused(BYTES(H(0xdd), H(0xff), H(0xff), H(0xff), H(0xff), 1)));
    ck_assert(refused(BYTES(H(0xdf), 0x7f, H(0xff), H(0xff), H(0xff), H(0xa0), 1)));
    ck_assert(refused(BYTES(H(0xdb), H(0xff), H(0xff), H(0xff), H(0xff), 'x')));
    ck_assert(refused(BYTES(H(0xdc), 0, 2, 1)));
}
END_TEST

static struct str nested(size_t depth, bool maps)
{
    struct buffer out = buffer_in(arena, 16);

    for (size_t i = 0; i < depth; i++) {
        if (maps) {
            pack_map(&out, 1);
            pack_key(&out, "k");
        } else {
            pack_array(&out, 1);
        }
    }
    pack_nil(&out);
    return buffer_str(&out);
}

START_TEST(limits_the_depth)
{
    struct value value;

    arena = arena_new();
    ck_assert(reads(nested(40, false), &value));
    ck_assert(reads(nested(40, true), &value));
    ck_assert(refused(nested(41, false)));
    ck_assert(refused(nested(41, true)));
    ck_assert(refused(nested(1000000, false)));
}
END_TEST

static void pack_random(struct buffer *out, int depth)
{
    static const char letters[] = "gr\xc3\xb6\xc3\x9f"
                                  "er";
    int kind = rand() % (depth > 0 ? 8 : 6);

    if (kind == 0)
        pack_nil(out);
    else if (kind == 1)
        pack_bool(out, rand() % 2 == 0);
    else if (kind == 2)
        pack_int(out, (int64_t)rand() * rand() - rand());
    else if (kind == 3)
        pack_double(out, rand() / 3.0);
    else if (kind == 4)
        pack_text(out, STR(letters));
    else if (kind == 5)
        pack_bytes(out, STR("\xff\xfe"));
    else {
        size_t count = (size_t)(rand() % 6);

        if (kind == 6)
            pack_array(out, count);
        else
            pack_map(out, count);
        for (size_t i = 0; i < count; i++) {
            if (kind == 7)
                pack_key(out, "key");
            pack_random(out, depth - 1);
        }
    }
}

static void pack_again(struct buffer *out, const struct value *value)
{
    if (value->type == VALUE_ARRAY) {
        pack_array(out, value->count);
        for (uint32_t i = 0; i < value->count; i++)
            pack_again(out, &value->items[i]);
    } else if (value->type == VALUE_MAP) {
        pack_map(out, value->count);
        for (uint32_t i = 0; i < value->count; i++) {
            pack_text(out, value->pairs[i].key);
            pack_again(out, &value->pairs[i].value);
        }
    } else {
        pack_raw(out, value->raw);
    }
}

START_TEST(random_values_come_back_and_mutated_ones_do_no_harm)
{
    int64_t end_us = monotonic_us() + 1500000;
    struct value value;

    arena = arena_new();
    srand(20250115);
    for (int i = 0; i < 3000 && monotonic_us() < end_us; i++) {
        struct buffer out = buffer_in(arena, 256), again = buffer_in(arena, 256);

        pack_array(&out, 1);
        pack_random(&out, 6);
        ck_assert(reads(buffer_str(&out), &value));
        pack_again(&again, &value);
        ck_assert(str_equal(buffer_str(&out), buffer_str(&again)));
        for (int j = 0; j < 20; j++) {
            size_t size = 1 + (size_t)rand() % out.size;

            out.data[(size_t)rand() % out.size] = (char)rand();
            if (reads((struct str){out.data, size}, &value))
                ck_assert_uint_eq(value.raw.size, size);
        }
        arena_reset(arena);
    }
}
END_TEST

SUITE_MAIN("unpack", reads_what_the_writer_writes, reads_text_of_every_head,
           knows_the_bytes_of_each_value, envelopes_are_small_maps,
           envelopes_are_valid_to_the_last_byte, reads_single_precision,
           refuses_what_is_no_single_whole_value, refuses_values_we_cannot_hold,
           refuses_counts_that_the_bytes_cannot_hold, limits_the_depth,
           random_values_come_back_and_mutated_ones_do_no_harm)
