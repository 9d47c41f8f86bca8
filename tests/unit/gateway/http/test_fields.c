/* The small readers of header fields: entity tags, origins, codings. */
#include <stdlib.h>
#include <string.h>

#include "cors.h"
#include "etag.h"
#include "gzip.h"
#include "suite.h"

START_TEST(compares_entity_tags)
{
    struct arena *arena = arena_new();
    struct str etag = etag_make(arena, 7, STR("{}"));

    ck_assert(str_starts_with(etag, STR("\"7-")));
    ck_assert_uint_eq(etag.size, 20);
    ck_assert(!str_equal(etag, etag_make(arena, 7, STR("{ }"))));
    ck_assert(etag_matches(etag, etag));
    ck_assert(etag_matches(STR("*"), etag));
    ck_assert(etag_matches(arena_printf(arena, "\"1-a\", W/%s", etag.data), etag));
    ck_assert(!etag_matches(STR("\"7-0\""), etag));
    ck_assert(!etag_matches(STR("7"), etag));
    ck_assert(!etag_matches(STR(""), etag));
    arena_destroy(&arena);
}
END_TEST

/* `others` is the array as packed, "" for none. */
static void has_versions(const char *list, int64_t expected, const char *others)
{
    struct arena *arena = arena_new();
    struct buffer packed = buffer_in(arena, 16);
    int64_t version;

    ck_assert_msg(etag_versions(str_of(list), &version, &packed), "%s", list);
    ck_assert_int_eq(version, expected);
    ck_assert_msg(str_equal(buffer_str(&packed), str_of(others)), "%s", list);
    arena_destroy(&arena);
}

START_TEST(reads_versions)
{
    struct buffer others = {0};
    int64_t version;

    has_versions("\"3-abc\"", 3, "");
    has_versions("\"3\"", 3, "");
    has_versions("W/\"12-abc\"", 12, "");
    has_versions("\"3-a\", \"5-b\",\"4-c\"", 3, "\x92\x05\x04");
    has_versions("\"x\", \"5-b\"", 5, "");
    has_versions("\"5-b\", \"x\" ,, \"7\"", 5, "\x91\x07");
    has_versions("*", -1, "");
    const char *const bad[] = {"",        "3",        "\"\"", "\"-\"",
                               "\"abc\"", "\"-3-a\"", "\"3",  "\"99999999999999999999-a\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!etag_versions(str_of(bad[i]), &version, &others), "%s", bad[i]);
}
END_TEST

START_TEST(knows_origins)
{
    struct cors *cors = cors_new(STR("https://app.example.com, http://localhost:*"));

    ck_assert(cors_allows(cors, STR("https://app.example.com")));
    ck_assert(cors_allows(cors, STR("http://localhost:3000")));
    ck_assert(cors_allows(cors, STR("http://localhost")));
    ck_assert(!cors_allows(cors, STR("http://localhost:3000.evil.com")));
    ck_assert(!cors_allows(cors, STR("http://localhost.evil.com")));
    ck_assert(!cors_allows(cors, STR("http://localhost:")));
    ck_assert(!cors_allows(cors, STR("https://localhost:3000")));
    ck_assert(!cors_allows(cors, STR("https://app.example.com:1")));
    ck_assert(!cors_allows(cors, STR("null")));
    ck_assert(!cors_allows(cors, STR("")));
    cors_destroy(&cors);
    cors = cors_new(STR("https://*.example.com,http://*.dev.test:*,http://127.0.0.1:*"));
    ck_assert(cors_allows(cors, STR("https://app.example.com")));
    ck_assert(cors_allows(cors, STR("https://a.b-c.EXAMPLE.com")));
    ck_assert(cors_allows(cors, STR("http://x.dev.test:8080")));
    ck_assert(cors_allows(cors, STR("http://x.dev.test")));
    ck_assert(cors_allows(cors, STR("http://127.0.0.1:5173")));
    static const char *const strangers[] = {
        "https://example.com",           "https://.example.com",
        "https://evilexample.com",       "http://app.example.com",
        "https://app.example.com:1",     "https://app.example.com.evil.com",
        "https://a..example.com",        "https://evil.com/.example.com",
        "https://evil.com#.example.com", "https://user@x.example.com",
        "https://*.example.com",         "http://127.0.0.1:*",
        "http://127.0.0.1:5173/",        "http://127.0.0.1.evil.com",
        "http://x.dev.test:80x",         "http://127.0.0.1:123456",
        "http://evil.com:80.dev.test:80"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        ck_assert_msg(!cors_allows(cors, str_of(strangers[i])), "%s", strangers[i]);
    cors_destroy(&cors);
    cors = cors_new(STR("*"));
    ck_assert(cors_allows(cors, STR("https://anything")));
    cors_destroy(&cors);
    cors = cors_new(STR(""));
    ck_assert(!cors_allows(cors, STR("https://anything")));
    cors_destroy(&cors);
}
END_TEST

START_TEST(reads_accept_encoding)
{
    ck_assert(gzip_accepted(STR("gzip")));
    ck_assert(gzip_accepted(STR("br, GZIP;q=0.5")));
    ck_assert(gzip_accepted(STR("*")));
    ck_assert(!gzip_accepted(STR("gzip;q=0")));
    ck_assert(!gzip_accepted(STR("*, gzip; q=0.0")));
    ck_assert(!gzip_accepted(STR("br, deflate")));
    ck_assert(!gzip_accepted(STR("")));
    ck_assert(!gzip_accepted(STR_NONE));
}
END_TEST

START_TEST(compresses)
{
    struct arena *arena = arena_new();
    char text[5000], noise[64];

    memset(text, 'a', sizeof text);
    struct str small = gzip_text(arena, (struct str){text, sizeof text});
    ck_assert_uint_lt(small.size, 100);
    ck_assert_int_eq(memcmp(small.data, "\x1F\x8B", 2), 0);
    struct str again = gzip_text(arena, (struct str){text, sizeof text});
    ck_assert(str_equal(small, again));
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 37 + 11);
    ck_assert_ptr_null(gzip_text(arena, (struct str){noise, sizeof noise}).data);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("fields", compares_entity_tags, reads_versions, knows_origins, reads_accept_encoding,
           compresses)
