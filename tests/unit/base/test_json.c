/* JSON output: structure, escapes, and numbers that read back as the same double. */
#include "json.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static struct arena *arena;
static struct json *json;
static struct buffer out;

static void set_up(void)
{
    arena = arena_new();
    json = json_new();
    out = buffer_in(arena, 16);
    json_start(json, &out);
}

static void tear_down(void)
{
    json_destroy(&json);
    ck_assert_ptr_null(json);
    arena_destroy(&arena);
}

static void wrote(const char *expected)
{
    struct str text = buffer_str(&out);

    ck_assert_msg(str_equal(text, str_of(expected)), STR_FMT " instead of %s", STR_ARG(text),
                  expected);
}

START_TEST(writes_structure)
{
    json_object_begin(json);
    json_key(json, STR("list"));
    json_array_begin(json);
    json_int(json, 1);
    json_bool(json, true);
    json_bool(json, false);
    json_nothing(json);
    json_text(json, STR_NONE);
    json_text(json, STR(""));
    json_object_begin(json);
    json_object_end(json);
    json_array_end(json);
    json_key(json, STR("raw"));
    json_raw(json, STR("{\"a\":[1]}"));
    json_key(json, STR("x"));
    json_double(json, 0.1);
    json_object_end(json);
    wrote("{\"list\":[1,true,false,null,null,\"\",{}],\"raw\":{\"a\":[1]},\"x\":0.1}");
}
END_TEST

START_TEST(escapes_text)
{
    json_text(json, STR("\"\\/\b\f\n\r\t\x01\x1F\x7F\0e\xE2\x82\xAC\xF0\x9F\x98\x80"));
    wrote("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\x7F\\u0000e\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}
END_TEST

/* `escape` has 8 bytes. */
static void escape_naively(unsigned char byte, char *escape)
{
    static const char *const known[0x80] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r",
        ['\t'] = "\\t", ['"'] = "\\\"", ['\\'] = "\\\\"};

    if (known[byte])
        strcpy(escape, known[byte]);
    else
        snprintf(escape, 8, byte < 0x20 ? "\\u%04X" : "%c", byte);
}

/* Each ASCII byte at each place of a text of more than two words: among letters, and among bytes
 * with the high bit set. */
START_TEST(escapes_at_every_place)
{
    const char *around = _i == 0 ? "aaaaaaaaaaaaaaaaaa"
                                 : "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                   "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    size_t size = strlen(around);

    for (size_t place = 0; place < size; place++)
        for (unsigned char byte = 0; byte < 0x80; byte++) {
            char text[32], escape[8], expected[64];

            strcpy(text, around);
            text[place] = (char)byte;
            escape_naively(byte, escape);
            snprintf(expected, sizeof expected, "\"%.*s%s%s\"", (int)place, around, escape,
                     around + place + 1);
            out.size = 0;
            json_start(json, &out);
            json_text(json, (struct str){text, size});
            wrote(expected);
        }
}
END_TEST

START_TEST(starts_again_and_appends)
{
    json_array_begin(json); /* left open on purpose */
    json_start(json, &out);
    json_int(json, 2);
    wrote("[2");

    struct buffer other = buffer_in(arena, 0);
    json_start(json, &other);
    json_text(json, STR("x"));
    ck_assert(str_equal(buffer_str(&other), STR("\"x\"")));
    wrote("[2");
}
END_TEST

START_TEST(leaves_out_what_has_no_room)
{
    json_start_limited(json, &out, 13);
    json_array_begin(json);
    json_text(json, STR("12345678")); /* ["12345678" */
    json_int(json, 1);
    ck_assert(!json_overflows(json));
    wrote("[\"12345678\",1");
    json_int(json, 2);
    ck_assert(json_overflows(json));
    json_array_end(json);
    ck_assert_uint_le(out.size, 13);
    out.size = 0;
    json_start_limited(json, &out, 3);
    json_int(json, 123);
    ck_assert(!json_overflows(json));
    wrote("123");
}
END_TEST

START_TEST(writes_whole_numbers)
{
    json_array_begin(json);
    json_int(json, 0);
    json_int(json, -1);
    json_int(json, INT64_MAX);
    json_int(json, INT64_MIN);
    json_double(json, (double)NAN);
    json_double(json, (double)INFINITY);
    json_double(json, -(double)INFINITY);
    json_array_end(json);
    wrote("[0,-1,9223372036854775807,-9223372036854775808,null,null,null]");
}
END_TEST

START_TEST(two_keys_in_a_row_abort)
{
    json_object_begin(json);
    json_key(json, STR("a"));
    json_key(json, STR("b"));
    json_object_end(json);
}
END_TEST

START_TEST(text_for_a_key_aborts)
{
    json_object_begin(json);
    json_text(json, STR("a"));
}
END_TEST

START_TEST(a_key_in_an_array_aborts)
{
    json_array_begin(json);
    json_key(json, STR("a"));
}
END_TEST

START_TEST(a_key_without_value_aborts)
{
    json_object_begin(json);
    json_key(json, STR("a"));
    json_object_end(json);
}
END_TEST

START_TEST(a_second_document_aborts)
{
    json_int(json, 1);
    json_int(json, 2);
}
END_TEST

START_TEST(nests)
{
    for (int i = 0; i < 63; i++)
        json_array_begin(json);
    for (int i = 0; i < 63; i++)
        json_array_end(json);
    ck_assert_uint_eq(out.size, 126);
}
END_TEST

START_TEST(too_deep_aborts)
{
    for (int i = 0; i < 64; i++)
        json_array_begin(json);
}
END_TEST

static void formats(double value, const char *expected)
{
    char text[32];
    size_t size = double_format(value, text);

    ck_assert_msg(str_equal((struct str){text, size}, str_of(expected)), "%.*s instead of %s",
                  (int)size, text, expected);
}

START_TEST(doubles_are_short)
{
    formats(0.0, "0");
    formats(-0.0, "0");
    formats(1.0, "1");
    formats(-42.0, "-42");
    formats(0.1, "0.1");
    formats(-0.1, "-0.1");
    formats(0.1 + 0.2, "0.30000000000000004");
    formats(66.67, "66.67");
    formats(33.3333, "33.3333");
    formats(0.0001, "0.0001");
    formats(-1234567.0625, "-1234567.0625");
    formats(100.0 / 3, "33.333333333333336");
    formats(9007199254740991.0, "9007199254740991");
    formats(-9007199254740991.0, "-9007199254740991");
    formats(9007199254740992.0, "9007199254740992");
    formats(99999999999.9999, "99999999999.9999");
    formats(1e21, "1e+21");
    formats(1e-7, "1e-7");
    formats(-1.5e-7, "-1.5e-7");
    formats(1e-6, "0.000001");
    formats(-1.2345e-6, "-0.0000012345");
    formats(0.00012345678, "0.00012345678");
    formats(123456789012345680000.0, "123456789012345680000");
    formats(-1e20, "-100000000000000000000");
    formats(999999999999999868928.0, "999999999999999900000");
    formats(1.5e21, "1.5e+21");
    formats(1e100, "1e+100");
    formats(-(double)INFINITY, "-inf");
    formats(DBL_MAX, "1.7976931348623157e+308");
    formats(-DBL_MAX, "-1.7976931348623157e+308");
    formats(DBL_MIN, "2.2250738585072014e-308");
    formats(5e-324, "5e-324");
    formats(-1e-310, "-1e-310");
    formats(2.2250738585072011e-308, "2.225073858507201e-308");
}
END_TEST

/* From printf's "-1.25e-07" to ECMAScript's "-1.25e-7", in the same place. */
static void ecmascript(char *text)
{
    char digits[32] = "", *sign = text + (text[0] == '-'), *e = strchr(text, 'e');
    int power = atoi(e + 1), count = 0;

    for (const char *at = sign; at < e; at++)
        if (*at != '.')
            digits[count++] = *at;
    digits[count] = '\0';
    if (power > 20 || power < -6)
        sprintf(e, "e%+d", power);
    else if (power < 0)
        sprintf(sign, "0.%0*d%s", -power - 1, 0, digits);
    else if (power >= count - 1)
        sprintf(sign, "%s%0*d", digits, power - count + 1, 0);
    else
        sprintf(sign, "%.*s.%s", power + 1, digits, digits + power + 1);
    if (power == -1)
        sprintf(sign, "0.%s", digits);
    if (power >= 0 && power == count - 1)
        sprintf(sign, "%s", digits);
}

/* What the header promises, written as plainly as it says it. */
static void check_shortest(double value)
{
    char text[33], expected[64];

    text[double_format(value, text)] = '\0';
    if (strtod(text, NULL) != value)
        ck_abort_msg("%s is not %a", text, value);
    if (fabs(value) < 9007199254740992.0 && value == trunc(value))
        return;
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(expected, sizeof expected, "%.*e", digits - 1, value);
        if (strtod(expected, NULL) == value)
            break;
    }
    ecmascript(expected);
    if (strcmp(text, expected) != 0)
        ck_abort_msg("%s instead of %s", text, expected);
}

/* Numbers that are the same in each run; any mixing of bits would do. */
static uint64_t next_bits(void)
{
    static uint64_t state = 88172645463325252;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

START_TEST(doubles_read_back)
{
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = next_bits();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_shortest(value);
    }
    for (int i = 0; i < 100000; i++) {
        double value = (double)(int64_t)next_bits() / 9223372036854775808.0 * pow(10, i % 12);
        check_shortest(value);
        check_shortest(nearbyint(value * 100) / 100);
        check_shortest(nearbyint(value * 10000) / 10000);
        check_shortest(nearbyint(value * 100000) / 100000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tests = tcase_create("json");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, writes_structure);
    tcase_add_test(tests, escapes_text);
    tcase_add_loop_test(tests, escapes_at_every_place, 0, 2);
    tcase_add_test(tests, starts_again_and_appends);
    tcase_add_test(tests, leaves_out_what_has_no_room);
    tcase_add_test(tests, writes_whole_numbers);
    tcase_add_test_raise_signal(tests, two_keys_in_a_row_abort, 6);
    tcase_add_test_raise_signal(tests, text_for_a_key_aborts, 6);
    tcase_add_test_raise_signal(tests, a_key_in_an_array_aborts, 6);
    tcase_add_test_raise_signal(tests, a_key_without_value_aborts, 6);
    tcase_add_test_raise_signal(tests, a_second_document_aborts, 6);
    tcase_add_test(tests, nests);
    tcase_add_test_raise_signal(tests, too_deep_aborts, 6);
    tcase_add_test(tests, doubles_are_short);
    tcase_add_test(tests, doubles_read_back);
    suite_add_tcase(suite, tests);
    return suite_finish(suite);
}
