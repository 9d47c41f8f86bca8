/* Request validation: heads that must be refused although libmicrohttpd accepts them. */
#include "head.h"

#include <string.h>

#include "suite.h"

static struct arena *arena;

/* A head of "Name: value" lines, for a target and version. */
static struct head read_head(const char *target, const char *version, const char *lines)
{
    struct head head = {.method = STR("GET"), .target = str_of(target), .version = str_of(version)};
    struct str rest = str_of(lines);

    if (!arena)
        arena = arena_new();
    while (rest.size > 0) {
        struct str value = str_cut(&rest, '\n');
        struct str name = str_cut(&value, ':');
        head_add(&head, arena, name, value);
    }
    head_finish(&head);
    return head;
}

static void is_fine(const char *lines)
{
    struct head head = read_head("/goals?a=b", "HTTP/1.1", lines);

    ck_assert_msg(!head.fault, "%s: %s", lines, head.fault);
}

static void is_refused(const char *lines, int http)
{
    struct head head = read_head("/goals", "HTTP/1.1", lines);

    ck_assert_msg(head.fault != NULL, "%s", lines);
    ck_assert_int_eq(head.fault_http, http);
}

START_TEST(takes_ordinary_heads)
{
    is_fine("Host: localhost:8002\nAccept: */*\nX-Any.thing_1: \xC3\xA4 ok\n");
    is_fine("host:a\nContent-Length: 12\nContent-Length: 12\n");
    is_fine("Host: [::1]:80\nTransfer-Encoding:Chunked\n");
    is_fine("Host: a\nExpect: 100-Continue\n");
    is_fine("Host: a\nX-Empty:\n");
}
END_TEST

START_TEST(refuses_smuggling)
{
    is_refused("Host: a\nContent-Length: 3\nTransfer-Encoding:chunked\n", 400);
    is_refused("Host: a\nContent-Length: 3\nContent-Length: 4\n", 400);
    is_refused("Host: a\nContent-Length: +3\n", 400);
    is_refused("Host: a\nContent-Length: -3\n", 400);
    is_refused("Host: a\nContent-Length: 3, 3\n", 400);
    is_refused("Host: a\nContent-Length:\n", 400);
    is_refused("Host: a\nContent-Length: 99999999999999999999\n", 400);
    is_refused("Host: a\nTransfer-Encoding: gzip, chunked\n", 400);
    is_refused("Host: a\nTransfer-Encoding: identity\n", 400);
    is_refused("Host: a\nTransfer-Encoding:chunked \n", 400);
    is_refused("Host: a\nTransfer-Encoding:chunked\nTransfer-Encoding:chunked\n", 400);
    ck_assert_ptr_nonnull(read_head("/", "HTTP/1.0", "Host: a\nTransfer-Encoding:chunked\n").fault);
}
END_TEST

START_TEST(refuses_bad_fields)
{
    is_refused("Host: a\nBad Name: x\n", 400);
    is_refused("Host: a\nContent-Length : 3\n", 400);
    is_refused("Host: a\n: x\n", 400);
    is_refused("Host: a\nX: a\rb\n", 400);
    is_refused("Host: a\nX: a\x01\n", 400);
    is_refused("Host: a\nX: a\x7F\n", 400);
    is_refused("Host: a\nAuthorization: Bearer x\nAuthorization: Bearer y\n", 400);
    is_refused("Host: a\nX-Tenant-Id: x\nX-Tenant-Id: y\n", 400);
    is_refused("Host: a\nExpect: 200-ok\n", 417);
}
END_TEST

START_TEST(needs_one_host)
{
    is_refused("Accept: */*\n", 400);
    is_refused("Host: a\nHost: a\n", 400);
    is_refused("Host: a b\n", 400);
    is_refused("Host: a/b\n", 400);
    ck_assert_ptr_null(read_head("/", "HTTP/1.0", "").fault);
}
END_TEST

START_TEST(needs_a_plain_target)
{
    const char *const bad[] = {"http://a/goals", "*",      "",     "goals",
                               "/a b",           "/a\x80", "/a#b", "/\x01"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(read_head(bad[i], "HTTP/1.1", "Host: a\n").fault != NULL, "%s", bad[i]);
    ck_assert_ptr_nonnull(read_head("/", "HTTP/1.2", "Host: a\n").fault);
    struct head head = read_head("/a%2Fb?c=d?e", "HTTP/1.1", "Host: a\n");
    ck_assert(str_equal(head_path(&head), STR("/a%2Fb")));
    ck_assert(str_equal(head_query(&head), STR("c=d?e")));
    head = read_head("/a", "HTTP/1.1", "Host: a\n");
    ck_assert_ptr_null(head_query(&head).data);
}
END_TEST

START_TEST(joins_lists_and_trims)
{
    struct head head = read_head(
        "/", "HTTP/1.1", "Host: a\nIf-Match: \"1\"\nif-match:  \"2\" \nContent-Length: 7\n");

    ck_assert(str_equal(head.fields[HEAD_IF_MATCH], STR("\"1\", \"2\"")));
    ck_assert_int_eq(head.length, 7);
    ck_assert(!head.chunked);
    ck_assert_int_eq(read_head("/", "HTTP/1.1", "Host: a\n").length, -1);
}
END_TEST

SUITE_MAIN("hygiene", takes_ordinary_heads, refuses_smuggling, refuses_bad_fields, needs_one_host,
           needs_a_plain_target, joins_lists_and_trims)
