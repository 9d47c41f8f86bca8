/* Where the parts of a head lie when its lines were clean, and when not. The texts are what a
 * parser leaves that works in place: a NUL for each byte it cut away. */
#include "http_lines.h"

#include <string.h>

#include "suite.h"

/* The head's bytes, NULs included, and where its parts begin. */
static bool clean(const char *head, size_t size, const char *const *parts, size_t count)
{
    struct http_lines lines;
    struct str at[16];
    const char *from = head;

    for (size_t i = 0; i < count; i++) {
        while (memcmp(from, parts[i], strlen(parts[i]) + 1) != 0)
            from++; /* the texts of a test all occur */
        at[i] = (struct str){from, strlen(parts[i])};
        from += at[i].size + 1;
    }
    http_lines_begin(&lines, at[0], at[1], at[2]);
    for (size_t i = 3; i + 1 < count; i += 2)
        http_lines_field(&lines, at[i], at[i + 1]);
    return http_lines_end(&lines, head + size);
}

#define CLEAN(head, ...)                                              \
    clean(head, sizeof(head) - 1, (const char *const[]){__VA_ARGS__}, \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

START_TEST(takes_clean_lines)
{
    ck_assert(CLEAN("GET\0/\0HTTP/1.0\0\0\0\0", "GET", "/", "HTTP/1.0"));
    ck_assert(CLEAN("GET\0/a\0HTTP/1.1\0\0Host\0 b\0\0X\0y\0\0\0\0", "GET", "/a", "HTTP/1.1",
                    "Host", "b", "X", "y"));
    ck_assert(CLEAN("GET\0/a\0HTTP/1.1\0\0Host\0 b\0\0X\0  \t\0\0\0\0", "GET", "/a", "HTTP/1.1",
                    "Host", "b", "X", ""));
}
END_TEST

START_TEST(sees_what_was_cut)
{
    /* Two spaces, a NUL, a bare line feed in the request line. */
    ck_assert(!CLEAN("GET\0 /\0HTTP/1.0\0\0\0\0", "GET", "/", "HTTP/1.0"));
    ck_assert(!CLEAN("GET\0/\0\0HTTP/1.0\0\0\0\0", "GET", "/", "HTTP/1.0"));
    ck_assert(!CLEAN("GET\0/a\0HTTP/1.1\0Host\0b\0\0\0\0", "GET", "/a", "HTTP/1.1", "Host", "b"));
    /* A bare line feed between fields, behind the last, and alone. */
    ck_assert(!CLEAN("GET\0/\0HTTP/1.1\0\0A\0b\0C\0d\0\0\0\0", "GET", "/", "HTTP/1.1", "A", "b",
                     "C", "d"));
    ck_assert(!CLEAN("GET\0/\0HTTP/1.1\0\0A\0b\0\0\0", "GET", "/", "HTTP/1.1", "A", "b"));
    ck_assert(!CLEAN("GET\0/\0HTTP/1.1\0\0A\0b\0\0", "GET", "/", "HTTP/1.1", "A", "b"));
    /* A NUL in a value, a line that was left out. */
    ck_assert(!CLEAN("GET\0/\0HTTP/1.1\0\0A\0b\0c\0\0\0\0", "GET", "/", "HTTP/1.1", "A", "b"));
    ck_assert(!CLEAN("GET\0/\0HTTP/1.1\0\0A\0b\0\0\0x\0\0C\0d\0\0\0\0", "GET", "/", "HTTP/1.1", "A",
                     "b", "C", "d"));
}
END_TEST

/* A folded field's name is put together elsewhere. */
START_TEST(sees_what_was_moved)
{
    static const char head[] = "GET\0/\0HTTP/1.1\0\0A\0b\0\0 c\0\0\0\0";
    const char *version = head + sizeof "GET\0/";
    struct http_lines lines;

    http_lines_begin(&lines, (struct str){head, 3}, (struct str){head + 4, 1},
                     (struct str){version, 8});
    http_lines_field(&lines, STR("Ac"), (struct str){version + 12, 1});
    ck_assert(!http_lines_end(&lines, head + sizeof head - 1));
}
END_TEST

SUITE_MAIN("http_lines", takes_clean_lines, sees_what_was_cut, sees_what_was_moved)
