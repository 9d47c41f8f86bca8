/* The small readers of header fields: entity tags, origins, codings. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

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

static size_t inflated(struct str packed, char *text, size_t size)
{
    z_stream stream = {.next_out = (Bytef *)text, .avail_out = (uInt)size};
    union {
        const char *in;
        Bytef *out;
    } input = {.in = packed.data};

    stream.next_in = input.out;
    stream.avail_in = (uInt)packed.size;
    ck_assert_int_eq(inflateInit2(&stream, 15 + 16), Z_OK);
    ck_assert_int_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return size - stream.avail_out;
}

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

START_TEST(compresses_piece_by_piece)
{
    struct arena *arena = arena_new();
    char text[50000], again[50001], noise[64];
    size_t pieces = 0;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i * i / 7 % 26);
    struct gzip *gzip = gzip_new(arena, (struct str){text, sizeof text});
    while (!gzip_go_on(gzip, 1000))
        pieces++;
    ck_assert_uint_eq(pieces, 49);
    struct str small = gzip_end(&gzip);
    ck_assert_ptr_null(gzip);
    ck_assert_uint_eq(inflated(small, again, sizeof again), sizeof text);
    ck_assert_int_eq(memcmp(again, text, sizeof text), 0);

    gzip = gzip_new(arena, (struct str){text, sizeof text});
    gzip_go_on(gzip, 1000);
    ck_assert_ptr_null(gzip_end(&gzip).data); /* not all of it */

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 37 + 11);
    gzip = gzip_new(arena, (struct str){noise, sizeof noise});
    while (!gzip_go_on(gzip, 10))
        continue;
    ck_assert_ptr_null(gzip_end(&gzip).data);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("fields", compares_entity_tags, reads_versions, knows_origins, reads_accept_encoding,
           compresses, compresses_piece_by_piece)
