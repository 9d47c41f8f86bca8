/* Bodies: what is no acceptable JSON, and that the rest comes back as it went in. */
#include "json_in.h"

#include <string.h>

#include "json_out.h"
#include "suite.h"

enum { VALUES_MAX = 1000 };

static struct arena *arena;

static void comes_back(const char *text, const char *expected)
{
    struct str packed, why = STR("");
    struct json *json = json_new();

    if (!arena)
        arena = arena_new();
    ck_assert_msg(json_in(arena, str_of(text), VALUES_MAX, &packed, &why) == STATUS_OK,
                  "%s: " STR_FMT, text, STR_ARG(why));
    struct buffer out = buffer_in(arena, 64);
    json_start(json, &out);
    json_out(json, packed);
    ck_assert_msg(str_equal(buffer_str(&out), str_of(expected)), "%s became " STR_FMT, text,
                  STR_ARG(buffer_str(&out)));
    struct buffer pieces = buffer_in(arena, 64);
    struct json_walk walk;
    json_start(json, &pieces);
    json_walk_begin(&walk, json, packed);
    while (!json_walk_on(&walk, json, 1))
        continue;
    json_destroy(&json);
    ck_assert(str_equal(buffer_str(&pieces), buffer_str(&out)));
}

static void is_refused(struct str text, const char *part)
{
    struct str packed, why = STR("");

    if (!arena)
        arena = arena_new();
    ck_assert_msg(json_in(arena, text, VALUES_MAX, &packed, &why) == STATUS_INVALID_JSON, STR_FMT,
                  STR_ARG(text));
    ck_assert_msg(strstr(arena_copy(arena, why).data, part) != NULL, STR_FMT, STR_ARG(why));
}

START_TEST(carries_every_kind_of_value)
{
    comes_back("{}", "{}");
    comes_back(" {\"a\" : [ 1, -2, 0.1, 1e3, true, false, null, \"x\", {}, [] ] } ",
               "{\"a\":[1,-2,0.1,1000,true,false,null,\"x\",{},[]]}");
    comes_back("{\"\\u00e4\\n\":\"\\ud83d\\ude00\"}", "{\"\xC3\xA4\\n\":\"\xF0\x9F\x98\x80\"}");
    comes_back("{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
               "{\"a\":9223372036854775807,\"b\":-9223372036854775808}");
}
END_TEST

START_TEST(makes_doubles_of_what_no_integer_holds)
{
    comes_back("{\"a\":9223372036854775808}", "{\"a\":9223372036854776000}");
    comes_back("{\"a\":[100000000000000000000,1],\"s\":\"99999999999999999999\"}",
               "{\"a\":[100000000000000000000,1],\"s\":\"99999999999999999999\"}");
    comes_back("{\"a\":1.00000000000000000000001}", "{\"a\":1}");
}
END_TEST

START_TEST(bounds_the_depth)
{
    char text[200];

    for (int depth = 31; depth <= 33; depth++) {
        size_t size = 0;
        memcpy(text, "{\"a\":", 5);
        size = 5;
        for (int i = 1; i < depth; i++)
            text[size++] = '[';
        for (int i = 1; i < depth; i++)
            text[size++] = ']';
        text[size++] = '}';
        struct str packed, why;
        if (!arena)
            arena = arena_new();
        ck_assert_int_eq(json_in(arena, (struct str){text, size}, VALUES_MAX, &packed, &why),
                         depth <= 32 ? STATUS_OK : STATUS_INVALID_JSON);
    }
    comes_back("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}",
               "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}");
}
END_TEST

/* {"a":[1,1,1...]} has the two containers besides the ones. */
START_TEST(bounds_the_number_of_values)
{
    struct str packed, why;

    if (!arena)
        arena = arena_new();
    for (size_t ones = VALUES_MAX - 3; ones <= VALUES_MAX; ones++) {
        struct buffer text = buffer_in(arena, 4096);
        buffer_append(&text, "{\"a\":[1", 7);
        for (size_t i = 1; i < ones; i++)
            buffer_append(&text, ",1", 2);
        buffer_append(&text, "]}", 2);
        ck_assert_int_eq(json_in(arena, buffer_str(&text), VALUES_MAX, &packed, &why),
                         ones + 2 <= VALUES_MAX ? STATUS_OK : STATUS_PAYLOAD_TOO_LARGE);
    }
    ck_assert_msg(str_equal(why, STR("The body has more than 1000 values")), STR_FMT, STR_ARG(why));
    /* Commas and brackets of texts are none, and what is no JSON is not looked into further. */
    comes_back("{\"a\":\",,,,[[[[{{{{\\\",,\"}", "{\"a\":\",,,,[[[[{{{{\\\",,\"}");
}
END_TEST

START_TEST(refuses_what_is_not_json)
{
    const char *const bad[] = {"{",
                               "{\"a\":1,}",
                               "{'a':1}",
                               "{\"a\":01}",
                               "{\"a\":NaN}",
                               "{\"a\":Infinity}",
                               "{\"a\":+1}",
                               "{\"a\":1} x",
                               "{\"a\":\"\t\"}",
                               "{\"a\":.5}",
                               "{a:1}",
                               "\xEF\xBB\xBF{}",
                               "{\"a\":1}{}",
                               "{\"a\":\"\\x\"}",
                               "{\"a\"",
                               "{\"",
                               "\\"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_refused(str_of(bad[i]), "not valid JSON");
    is_refused(STR("{\"a\":1e999}"), "too large");
    is_refused(STR("{\"a\":1,\"a\":2}"), "twice");
    is_refused(STR("{\"a\":{\"b\":1,\"b\":1}}"), "twice");
    is_refused(STR("{\"a\":\"\xFF\"}"), "UTF-8");
    is_refused(STR("{\"a\":\"\\u0000\"}"), "NUL");
    is_refused(STR("{\"\\u0000\":1}"), "NUL");
    is_refused(STR("{\"a\":\"\\ud800\"}"), "valid JSON");
    is_refused(STR("{\"a\":\"\\udc00x\"}"), "valid JSON");
    is_refused(STR("{\"a\":1}\0"), "valid JSON");
}
END_TEST

START_TEST(needs_an_object)
{
    is_refused(STR("[]"), "object");
    is_refused(STR("1"), "object");
    is_refused(STR("\"a\""), "object");
    is_refused(STR("null"), "object");
}
END_TEST

SUITE_MAIN("json_in", carries_every_kind_of_value, makes_doubles_of_what_no_integer_holds,
           bounds_the_depth, bounds_the_number_of_values, refuses_what_is_not_json, needs_an_object)
