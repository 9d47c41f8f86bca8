/* Requests and replies: that everything comes back, and what is refused. */
#include "envelope.h"

#include <stdlib.h>

#include "pack.h"
#include "suite.h"
#include "timestamp.h"

static struct arena *arena;

static struct str packed_map(const char *key, const char *text)
{
    struct buffer out = buffer_in(arena, 64);

    pack_map(&out, 1);
    pack_key(&out, key);
    pack_text(&out, str_of(text));
    return buffer_str(&out);
}

static struct request full_request(void)
{
    return (struct request){
        .correlation = UINT64_MAX - 5,
        .request_id = STR("r-1"),
        .traceparent = STR("00-aa-bb-01"),
        .remaining_ms = 4200,
        .tenant = STR("acme"),
        .user = STR("u1"),
        .user_name = STR("J\xc3\xbcrgen"),
        .operation = STR("createGoal"),
        .command = STR("key-1"),
        .command_source = COMMAND_CLIENT,
        .path = STR("/goals"),
        .if_version = 3,
        .limits = {1, 2, 3, LIMIT_NONE, 0, 6},
        .path_values = packed_map("goalId", "x"),
        .query = packed_map("q", "y"),
        .body = packed_map("title", "z"),
    };
}

START_TEST(a_request_comes_back)
{
    arena = arena_new();
    struct request sent = full_request(), got;
    struct buffer out = buffer_in(arena, 64);

    sent.if_others = STR("\x91\x05");
    sent.user_person = STR("person-7");
    sent.tenant_name = STR("Northwind");
    sent.takes_json = true;
    request_pack(&out, &sent);
    ck_assert(request_unpack(arena, buffer_str(&out), &got));
    ck_assert(got.correlation == sent.correlation);
    ck_assert(str_equal(got.request_id, sent.request_id));
    ck_assert(str_equal(got.traceparent, sent.traceparent));
    ck_assert_int_eq(got.remaining_ms, sent.remaining_ms);
    ck_assert(str_equal(got.tenant, sent.tenant));
    ck_assert(str_equal(got.user, sent.user));
    ck_assert(str_equal(got.user_name, sent.user_name));
    ck_assert(str_equal(got.user_person, sent.user_person));
    ck_assert(str_equal(got.tenant_name, sent.tenant_name));
    ck_assert(got.takes_json);
    ck_assert(str_equal(got.operation, sent.operation));
    ck_assert(str_equal(got.command, sent.command));
    ck_assert_int_eq(got.command_source, sent.command_source);
    ck_assert(str_equal(got.path, sent.path));
    ck_assert_int_eq(got.if_version, sent.if_version);
    ck_assert(str_equal(got.if_others, sent.if_others));
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        ck_assert_int_eq(got.limits[i], sent.limits[i]);
    ck_assert(str_equal(got.path_values, sent.path_values));
    ck_assert(str_equal(got.query, sent.query));
    ck_assert(str_equal(got.body, sent.body));
}
END_TEST

START_TEST(what_a_request_leaves_out_is_absent)
{
    arena = arena_new();
    struct buffer out = buffer_in(arena, 64);
    struct request got;

    pack_map(&out, 4);
    pack_key(&out, "v");
    pack_int(&out, 1);
    pack_key(&out, "op");
    pack_text(&out, STR("getGoal"));
    pack_key(&out, "c");
    pack_int(&out, 9);
    pack_key(&out, "later-invention");
    pack_array(&out, 0);
    ck_assert(request_unpack(arena, buffer_str(&out), &got));
    ck_assert_ptr_null(got.traceparent.data);
    ck_assert_ptr_null(got.user_name.data);
    ck_assert_ptr_null(got.user_person.data);
    ck_assert_ptr_null(got.tenant_name.data);
    ck_assert_ptr_null(got.command.data);
    ck_assert_ptr_null(got.query.data);
    ck_assert_ptr_null(got.body.data);
    ck_assert_int_eq(got.command_source, COMMAND_NONE);
    ck_assert_int_eq(got.if_version, -1);
    ck_assert_ptr_null(got.if_others.data);
    ck_assert(!got.takes_json);
    ck_assert_int_eq(got.remaining_ms, 0);
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        ck_assert_int_eq(got.limits[i], LIMIT_NONE);
}
END_TEST

/* A request of {v, c, op} and one more pair. */
static bool accepts(int64_t version, const char *key, struct str value)
{
    struct buffer out = buffer_in(arena, 64);
    struct request got;

    pack_map(&out, 4);
    pack_key(&out, "v");
    pack_int(&out, version);
    pack_key(&out, "c");
    pack_int(&out, 9);
    pack_key(&out, "op");
    pack_text(&out, STR("getGoal"));
    pack_key(&out, key);
    pack_raw(&out, value);
    bool valid = request_unpack(arena, buffer_str(&out), &got);
    ck_assert(got.correlation == 9); /* known even of a refused one */
    return valid;
}

/* Version 1 as it went over the wire before there were cancels: neither direction may change. */
START_TEST(keeps_the_bytes_of_older_peers)
{
    static const char old[] =
        "\xdf\0\0\0\x11\xa1v\x01\xa1"
        "c\x07\xa2op\xaa"
        "createGoal\xa2id\xa3r-1\xa2tp\xab"
        "00-aa-bb-01\xa2ms\xcd\x10h\xa1t\xa4"
        "acme\xa1u\xa2u1\xa2un\xa7J\xc3\xbcrgen\xa1k\xa5key-1\xa2ks\x01\xa1p\xa6/goals\xa2iv\x03"
        "\xa1l\x96\x01\x02\x03\xff\0\x06\xa2pv\x81\xa6goalId\xa1x\xa1q\x81\xa1q\xa1y\xa1"
        "b\x81\xa5title\xa1z";
    const struct str bytes = {old, sizeof old - 1};
    arena = arena_new();
    struct request sent = full_request(), got;
    struct buffer out = buffer_in(arena, 64);

    sent.correlation = 7;
    request_pack(&out, &sent);
    ck_assert_uint_eq(out.size, bytes.size);
    ck_assert_mem_eq(out.data, bytes.data, bytes.size);
    ck_assert(request_unpack(arena, bytes, &got));
    ck_assert(!got.cancels);
    ck_assert(str_equal(got.body, sent.body));
}
END_TEST

/* Who does not know cancels skips the key, sees a request without time left, and drops it. */
START_TEST(a_cancel_is_an_expired_request_to_older_peers)
{
    arena = arena_new();
    struct request sent = {.correlation = 9, .operation = STR("getGoal"), .cancels = true}, got;
    struct buffer out = buffer_in(arena, 64);

    request_pack(&out, &sent);
    ck_assert(request_unpack(arena, buffer_str(&out), &got));
    ck_assert(got.cancels);
    ck_assert(got.correlation == 9);
    ck_assert(str_equal(got.operation, STR("getGoal")));
    ck_assert_int_eq(got.remaining_ms, 0);
}
END_TEST

START_TEST(refuses_other_versions_and_types)
{
    struct request got;

    arena = arena_new();
    ck_assert(accepts(1, "zz", STR("\xc0")));
    ck_assert(!accepts(2, "zz", STR("\xc0")));
    ck_assert(!accepts(0, "zz", STR("\xc0")));
    ck_assert(!accepts(1, "t", STR("\x05")));
    ck_assert(!accepts(1, "ms", STR("\xa1x")));
    ck_assert(!accepts(1, "ks", STR("\x09")));
    ck_assert(!accepts(1, "q", STR("\x90")));
    ck_assert(!accepts(1, "pv", STR("\xc0")));
    ck_assert(accepts(1, "b", STR("\xc0"))); /* a body of null is a body */
    ck_assert(accepts(1, "l", STR("\x91\x05")));
    ck_assert(!accepts(1, "l", STR("\x91\xfe")));
    ck_assert(!accepts(1, "l", STR("\x91\xa0")));
    ck_assert(!accepts(1, "l", STR("\x05")));
    ck_assert(accepts(1, "ca", STR("\x01")));
    ck_assert(!accepts(1, "ca", STR("\xa1x")));
    ck_assert(!request_unpack(arena, STR("\x81\xa1v\x01"), &got));
    ck_assert(!request_unpack(arena,
                              STR("\x82\xa1v\x01\xa1"
                                  "c\x01"),
                              &got)); /* no operation */
    ck_assert(!request_unpack(arena, STR("\x90"), &got));
    ck_assert(!request_unpack(arena, STR_NONE, &got));
}
END_TEST

/* What an older service does not say is 0, and what a newer one adds is left out. */
START_TEST(timing_comes_back_from_any_release)
{
    arena = arena_new();
    const struct timing sent = {6000000, 5, 400, 30000, 2, 17};
    struct reply reply = reply_failure(STATUS_GOAL_NOT_FOUND, STR_NONE), got;
    struct buffer out = buffer_in(arena, 64);
    struct timing timing;

    reply.timing = timing_pack(arena, &sent);
    reply_pack(&out, &reply);
    ck_assert(reply_unpack(arena, buffer_str(&out), &got));
    timing_unpack(got.timing, &timing);
    ck_assert_mem_eq(&timing, &sent, sizeof sent);
    ck_assert_int_eq(timing_rest_us(&timing), 6000000 - 5 - 400 - 30000 - 2);
    timing_unpack(STR_NONE, &timing);
    ck_assert_int_eq(timing.total_us, 0);
    timing_unpack(STR("\x92\x07\x05"), &timing);
    ck_assert_int_eq(timing.total_us, 7);
    ck_assert_int_eq(timing.queue_us, 5);
    ck_assert_int_eq(timing.statements, 0);
    timing_unpack(STR("\x98\x01\xff\xa1x\x91\x04\x05\x06\x07\x08"), &timing);
    ck_assert_int_eq(timing.total_us, 1);
    ck_assert_int_eq(timing.queue_us, 0);
    ck_assert_int_eq(timing.connection_us, 0);
}
END_TEST

START_TEST(a_reply_comes_back)
{
    arena = arena_new();
    struct reply sent = {
        .correlation = 77,
        .http = 201,
        .code = STR("CREATED"),
        .message = STR("m"),
        .errors = packed_map("title", "is required"),
        .data = packed_map("id", "1"),
        .json = STR("{\"id\":1}"),
        .page = packed_map("page", "1"),
        .version = 4,
        .location = STR("/goals/1"),
        .degraded = STR("svc-kpis"),
        .extra = packed_map("deletedIssueId", "2"),
        .file = true,
    };
    struct buffer out = buffer_in(arena, 64);
    struct reply got;

    reply_pack(&out, &sent);
    ck_assert(reply_unpack(arena, buffer_str(&out), &got));
    ck_assert(got.correlation == 77);
    ck_assert_int_eq(got.http, 201);
    ck_assert(str_equal(got.code, sent.code));
    ck_assert(str_equal(got.message, sent.message));
    ck_assert(str_equal(got.errors, sent.errors));
    ck_assert(str_equal(got.data, sent.data));
    ck_assert(str_equal(got.json, sent.json));
    ck_assert(str_equal(got.page, sent.page));
    ck_assert_int_eq(got.version, 4);
    ck_assert(str_equal(got.location, sent.location));
    ck_assert(str_equal(got.degraded, sent.degraded));
    ck_assert(str_equal(got.extra, sent.extra));
    ck_assert(got.file);
}
END_TEST

START_TEST(a_failure_says_its_code_and_sentence)
{
    arena = arena_new();
    struct reply failure = reply_failure(STATUS_GOAL_NOT_FOUND, STR_NONE), got;
    struct buffer out = buffer_in(arena, 64);

    failure.correlation = 5;
    reply_pack(&out, &failure);
    ck_assert(reply_unpack(arena, buffer_str(&out), &got));
    ck_assert_int_eq(got.http, 404);
    ck_assert(str_equal(got.code, STR("GOAL_NOT_FOUND")));
    ck_assert(str_equal(got.message, STR("Goal not found")));
    ck_assert_ptr_null(got.data.data);
    ck_assert_ptr_null(got.errors.data);
    ck_assert_int_eq(got.version, -1);
    ck_assert(!got.file);
    failure = reply_failure(STATUS_INVALID_STATUS_TRANSITION, STR("Cannot do that"));
    ck_assert(str_equal(failure.message, STR("Cannot do that")));
}
END_TEST

START_TEST(mutated_requests_do_no_harm)
{
    int64_t end_us = monotonic_us() + 1000000;

    arena = arena_new();
    srand(7);
    for (int i = 0; i < 20000 && monotonic_us() < end_us; i++) {
        struct request sent = full_request(), got;
        struct reply reply;
        struct buffer out = buffer_in(arena, 256);

        request_pack(&out, &sent);
        for (int j = rand() % 4; j >= 0; j--)
            out.data[(size_t)rand() % out.size] = (char)rand();
        if (request_unpack(arena, buffer_str(&out), &got))
            ck_assert_uint_gt(got.operation.size, 0);
        reply_unpack(arena, buffer_str(&out), &reply);
        arena_reset(arena);
    }
}
END_TEST

SUITE_MAIN("envelope", a_request_comes_back, what_a_request_leaves_out_is_absent,
           keeps_the_bytes_of_older_peers, a_cancel_is_an_expired_request_to_older_peers,
           refuses_other_versions_and_types, timing_comes_back_from_any_release, a_reply_comes_back,
           a_failure_says_its_code_and_sentence, mutated_requests_do_no_harm)
