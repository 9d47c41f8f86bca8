/* Percent-decoding, and query strings packed for the services. */
#include "uri.h"

#include "suite.h"
#include "unpack.h"

static struct arena *arena;

static void setup(void)
{
    if (!arena)
        arena = arena_new();
}

static void decodes(const char *raw, struct str expected)
{
    struct str text;

    setup();
    ck_assert_msg(uri_decode(arena, str_of(raw), &text), "%s", raw);
    ck_assert_msg(str_equal(text, expected), "%s", raw);
}

START_TEST(decodes_segments)
{
    decodes("plain", STR("plain"));
    decodes("", STR(""));
    decodes("a%2Fb", STR("a/b"));
    decodes("x%3Aactivate", STR("x:activate"));
    decodes("%c3%A4", STR("\xC3\xA4"));
    decodes("a+b", STR("a+b"));
    decodes("%41", STR("A"));
}
END_TEST

START_TEST(refuses_bad_escapes)
{
    const char *const bad[] = {"%",   "a%",    "%4",  "%4g", "%g4",
                               "%00", "a%00b", "%ff", "%C3", "%ED%A0%80"};
    struct str text;

    setup();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!uri_decode(arena, str_of(bad[i]), &text), "%s", bad[i]);
    ck_assert(!uri_decode(arena, STR("a\0b"), &text));
}
END_TEST

START_TEST(encodes_what_is_not_unreserved)
{
    setup();
    ck_assert(str_equal(uri_encode(arena, STR("a-b_c.d~9")), STR("a-b_c.d~9")));
    ck_assert(str_equal(uri_encode(arena, STR("a/b \xC3\xA4")), STR("a%2Fb%20%C3%A4")));
}
END_TEST

static struct url_query parse(const char *raw)
{
    struct url_query query;
    const char *why = NULL;

    setup();
    ck_assert_msg(query_parse(arena, str_of(raw), &query, &why), "%s: %s", raw, why);
    return query;
}

START_TEST(parses_queries)
{
    struct url_query query = parse("a=1&b=x+y%2B&&c&_=123&d==&a=2");

    ck_assert_uint_eq(query.count, 5);
    ck_assert(str_equal(query.items[1].value, STR("x y+")));
    ck_assert(str_equal(query.items[2].value, STR("")));
    ck_assert(str_equal(query.items[3].value, STR("=")));
    ck_assert_uint_eq(parse("").count, 0);

    struct value packed;
    ck_assert(unpack(arena, query_pack(arena, &query), &packed));
    ck_assert_uint_eq(packed.count, 4);
    const struct value *a = value_get(&packed, "a");
    ck_assert_uint_eq(a->count, 2);
    ck_assert(str_equal(a->items[1].text, STR("2")));
}
END_TEST

START_TEST(takes_parameters_out)
{
    struct url_query query = parse("access_token=abc&tenant=t&access_token=def");

    ck_assert(str_equal(query_take(&query, "access_token"), STR("abc")));
    ck_assert_ptr_null(query_take(&query, "access_token").data);
    ck_assert_uint_eq(query.count, 1);
    query_take(&query, "tenant");
    ck_assert_ptr_null(query_pack(arena, &query).data);
}
END_TEST

START_TEST(bounds_queries)
{
    struct url_query query;
    const char *why = NULL;
    struct buffer many;

    setup();
    many = buffer_in(arena, 1000);
    for (int i = 0; i < 101; i++)
        buffer_append(&many, "a=1&", 4);
    ck_assert(!query_parse(arena, buffer_str(&many), &query, &why));
    ck_assert(!query_parse(arena, STR("a=%zz"), &query, &why));
    ck_assert(!query_parse(arena, STR("%00=1"), &query, &why));
    ck_assert_ptr_nonnull(why);
}
END_TEST

SUITE_MAIN("uri", decodes_segments, refuses_bad_escapes, encodes_what_is_not_unreserved,
           parses_queries, takes_parameters_out, bounds_queries)
