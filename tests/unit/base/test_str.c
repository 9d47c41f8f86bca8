/* Byte strings: absence, cutting, numbers at their limits, and what is not UTF-8. */
#include "str.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

START_TEST(absent_is_not_empty)
{
    ck_assert_ptr_null(str_of(NULL).data);
    ck_assert(str_equal(STR_NONE, STR_NONE));
    ck_assert(!str_equal(STR_NONE, STR("")));
    ck_assert(!str_equal(STR(""), STR_NONE));
    ck_assert(!str_equal_nocase(STR(""), STR_NONE));
    ck_assert(str_equal(str_of(""), STR("")));
    ck_assert_uint_eq(str_of("abc").size, 3);
}
END_TEST

START_TEST(compares_bytes)
{
    ck_assert(str_equal(STR("a\0b"), STR("a\0b")));
    ck_assert(!str_equal(STR("a\0b"), STR("a\0c")));
    ck_assert(!str_equal(STR("ab"), STR("a")));
}
END_TEST

START_TEST(ignores_case_of_ascii_only)
{
    ck_assert(str_equal_nocase(STR("Content-TYPE"), STR("content-type")));
    ck_assert(!str_equal_nocase(STR("@"), STR("`")));
    ck_assert(!str_equal_nocase(STR("["), STR("{")));
    ck_assert(!str_equal_nocase(STR("\xC3\x84"), STR("\xC3\xA4")));
    ck_assert(!str_equal_nocase(STR("a"), STR("ab")));
}
END_TEST

START_TEST(knows_prefixes)
{
    ck_assert(str_starts_with(STR("Bearer x"), STR("Bearer ")));
    ck_assert(str_starts_with(STR("x"), STR("")));
    ck_assert(str_starts_with(STR_NONE, STR("")));
    ck_assert(!str_starts_with(STR_NONE, STR("x")));
    ck_assert(!str_starts_with(STR("Bear"), STR("Bearer")));
}
END_TEST

START_TEST(cuts_at_separators)
{
    struct str text = STR("a,,b");

    ck_assert(str_equal(str_cut(&text, ','), STR("a")));
    ck_assert(str_equal(str_cut(&text, ','), STR("")));
    ck_assert(str_equal(str_cut(&text, ','), STR("b")));
    ck_assert_ptr_null(text.data);
    ck_assert_ptr_null(str_cut(&text, ',').data);

    text = STR("a,");
    ck_assert(str_equal(str_cut(&text, ','), STR("a")));
    ck_assert_ptr_nonnull(text.data); /* one empty part is left */
    ck_assert(str_equal(str_cut(&text, ','), STR("")));
    ck_assert_ptr_null(text.data);
}
END_TEST

static void is_number(const char *text, int64_t expected)
{
    int64_t value = 42;

    ck_assert_msg(str_to_int64(str_of(text), &value), "%s", text);
    ck_assert_int_eq(value, expected);
}

static void is_no_number(struct str text)
{
    int64_t value = 42;

    ck_assert_msg(!str_to_int64(text, &value), STR_FMT, STR_ARG(text));
    ck_assert_int_eq(value, 42);
}

START_TEST(reads_numbers)
{
    is_number("0", 0);
    is_number("-1", -1);
    is_number("007", 7);
    is_number("9223372036854775807", INT64_MAX);
    is_number("-9223372036854775807", -INT64_MAX);
    is_number("-9223372036854775808", INT64_MIN);
    is_no_number(STR("9223372036854775808"));
    is_no_number(STR("-9223372036854775809"));
    is_no_number(STR("99999999999999999999999999"));
    is_no_number(STR(""));
    is_no_number(STR_NONE);
    is_no_number(STR("-"));
    is_no_number(STR("--1"));
    is_no_number(STR("+1"));
    is_no_number(STR(" 1"));
    is_no_number(STR("1 "));
    is_no_number(STR("1.0"));
    is_no_number(STR("0x1"));
    is_no_number(STR("1\0"));
}
END_TEST

/* Alone, and behind text long enough for the fast path. */
static void check_utf8(struct str text, bool valid)
{
    char padded[64];

    ck_assert_int_eq(utf8_valid(text), valid);
    for (size_t before = 1; before < 18; before++) {
        memset(padded, 'x', sizeof padded);
        memcpy(padded + before, text.data, text.size);
        ck_assert_int_eq(utf8_valid((struct str){padded, before + text.size + 9}), valid);
    }
}

START_TEST(accepts_utf8)
{
    check_utf8(STR(""), true);
    check_utf8(STR("plain"), true);
    check_utf8(STR("a\0b"), true);
    check_utf8(STR("\x7F"), true);
    check_utf8(STR("\xC2\x80"), true);
    check_utf8(STR("\xDF\xBF"), true);
    check_utf8(STR("\xE0\xA0\x80"), true);
    check_utf8(STR("\xED\x9F\xBF"), true); /* the last before the surrogates */
    check_utf8(STR("\xEE\x80\x80"), true);
    check_utf8(STR("\xEF\xBF\xBF"), true);
    check_utf8(STR("\xF0\x90\x80\x80"), true);
    check_utf8(STR("\xF4\x8F\xBF\xBF"), true);
}
END_TEST

START_TEST(refuses_what_is_not_utf8)
{
    check_utf8(STR("\x80"), false);
    check_utf8(STR("\xBF"), false);
    check_utf8(STR("\xC0\x80"), false); /* overlong */
    check_utf8(STR("\xC1\xBF"), false);
    check_utf8(STR("\xE0\x9F\xBF"), false);
    check_utf8(STR("\xF0\x8F\xBF\xBF"), false);
    check_utf8(STR("\xED\xA0\x80"), false); /* surrogates */
    check_utf8(STR("\xED\xBF\xBF"), false);
    check_utf8(STR("\xF4\x90\x80\x80"), false); /* above U+10FFFF */
    check_utf8(STR("\xF5\x80\x80\x80"), false);
    check_utf8(STR("\xFF"), false);
    check_utf8(STR("\xC2"), false);
    check_utf8(STR("\xC2\x41"), false);
    check_utf8(STR("\xE2\x82"), false);
    check_utf8(STR("\xE2\x82\x28"), false);
    check_utf8(STR("\xF0\x9F\x98"), false);
    check_utf8(STR("\xF0\x9F\x98\xC0"), false);
}
END_TEST

START_TEST(never_reads_beyond_the_end)
{
    static const char euro[] = "\xE2\x82\xAC";
    char *exact = malloc(2);

    memcpy(exact, euro, 2);
    ck_assert(!utf8_valid((struct str){exact, 2}));
    free(exact);
    ck_assert(utf8_valid((struct str){euro, 3}));
}
END_TEST

START_TEST(counts_characters)
{
    ck_assert_uint_eq(utf8_length(STR("")), 0);
    ck_assert_uint_eq(utf8_length(STR_NONE), 0);
    ck_assert_uint_eq(utf8_length(STR("na\xC3\xAFve")), 5);
    ck_assert_uint_eq(utf8_length(STR("\xF0\x9F\x98\x80\xE2\x82\xAC")), 2);
}
END_TEST

START_TEST(orders_by_bytes)
{
    ck_assert_int_lt(str_compare(STR("a"), STR("b")), 0);
    ck_assert_int_gt(str_compare(STR("ab"), STR("a")), 0);
    ck_assert_int_lt(str_compare(STR("z"), STR("\xC3\xA4")), 0);
    ck_assert_int_eq(str_compare(STR("ab"), STR("ab")), 0);
    ck_assert_int_gt(str_compare(STR_NONE, STR("z")), 0);
    ck_assert_int_lt(str_compare(STR(""), STR_NONE), 0);
    ck_assert_int_eq(str_compare(STR_NONE, STR_NONE), 0);
}
END_TEST

SUITE_MAIN("str", absent_is_not_empty, compares_bytes, orders_by_bytes, ignores_case_of_ascii_only,
           knows_prefixes, cuts_at_separators, reads_numbers, accepts_utf8,
           refuses_what_is_not_utf8, never_reads_beyond_the_end, counts_characters)
