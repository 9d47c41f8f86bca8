/* The server's end: what it refuses, drops and ignores, spoken to by a raw socket where the client
 * would not misbehave like that. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "bus_rig.h"
#include "pack.h"
#include "suite.h"

#include "bus_socket.h"

#include <sys/mman.h>

static zsock_t *raw;

static void raw_connect(int endpoint)
{
    raw = bus_socket_new(ZMQ_DEALER);
    ck_assert_int_eq(zsock_connect(raw, "%s", rig_endpoint(endpoint)), 0);
}

static void raw_send(const void *data, size_t size, int flags)
{
    ck_assert_int_eq(zmq_send(zsock_resolve(raw), data, size, flags), (int)size);
}

static void raw_request_of(const char *tenant, int64_t version, uint64_t correlation,
                           int64_t remaining_ms)
{
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 256);

    pack_map(&out, tenant ? 5 : 4);
    pack_key(&out, "v");
    pack_int(&out, version);
    pack_key(&out, "c");
    pack_int(&out, (int64_t)correlation);
    pack_key(&out, "op");
    pack_text(&out, STR("test"));
    pack_key(&out, "ms");
    pack_int(&out, remaining_ms);
    if (tenant) {
        pack_key(&out, "t");
        pack_text(&out, str_of(tenant));
    }
    raw_send(out.data, out.size, 0);
    arena_destroy(&arena);
}

static void raw_request(int64_t version, uint64_t correlation, int64_t remaining_ms)
{
    raw_request_of(NULL, version, correlation, remaining_ms);
}

/* The next reply's code; the correlation must be that. Empty when there is none within that time.
 */
static const char *raw_reply_within(uint64_t correlation, int64_t wait_ms)
{
    static char code[32];
    static char bytes[4096];
    struct arena *arena = arena_new();
    struct reply reply;
    int size;

    while ((size = zmq_recv(zsock_resolve(raw), bytes, sizeof bytes, ZMQ_DONTWAIT)) < 0 &&
           wait_ms > 0) {
        rig_run_ms(5);
        wait_ms -= 5;
    }
    code[0] = '\0';
    if (size >= 0) {
        ck_assert(reply_unpack(arena, (struct str){bytes, (size_t)size}, &reply));
        ck_assert_uint_eq(reply.correlation, correlation);
        snprintf(code, sizeof code, STR_FMT, STR_ARG(reply.code));
    }
    arena_destroy(&arena);
    return code;
}

static const char *raw_reply(uint64_t correlation)
{
    return raw_reply_within(correlation, 5000);
}

START_TEST(refuses_beyond_the_maximum)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 2, rig_hold, &pending);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};

    raw_connect(0);
    for (uint64_t i = 1; i <= 3; i++)
        raw_request(1, i, 1000);
    rig_run_until(&pending.count, 2, 2000);
    rig_run_ms(50);
    ck_assert_uint_eq(bus_server_pending(server), 2);
    ck_assert_str_eq(raw_reply(3), "SERVICE_UNAVAILABLE");
    bus_reply(rig_unhold(&pending), &ok);
    ck_assert_uint_eq(bus_server_pending(server), 1);
    rig_run_ms(50);
    ck_assert_str_eq(raw_reply(2), "OK");
    raw_request(1, 4, 1000); /* there is room again */
    rig_run_until(&pending.count, 2, 2000);
    bus_drop(rig_unhold(&pending));
    bus_drop(rig_unhold(&pending));
    ck_assert_uint_eq(bus_server_counts(server).requests, 4);
    ck_assert_uint_eq(bus_server_counts(server).refused, 1);
    ck_assert_uint_eq(bus_server_counts(server).expired, 0);
    bus_server_destroy(&server);
    ck_assert_ptr_null(server);
    zsock_destroy(&raw);
}
END_TEST

static void raw_cancel(uint64_t correlation)
{
    struct request cancel = {
        .correlation = correlation, .operation = STR("test"), .if_version = -1, .cancels = true};
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 256);

    request_pack(&out, &cancel);
    raw_send(out.data, out.size, 0);
    arena_destroy(&arena);
}

static void count_one(void *argument)
{
    ++*(size_t *)argument;
}

/* Whoever fills the queue keeps only itself out. */
START_TEST(refuses_tenants_beyond_their_share)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 5, rig_hold, &pending);

    raw_connect(0);
    for (uint64_t i = 1; i <= 5; i++)
        raw_request_of("a", 1, i, 1000);
    raw_request_of("b", 1, 6, 1000);
    rig_run_until(&pending.count, 6, 2000);
    raw_request_of("a", 1, 7, 1000);
    ck_assert_str_eq(raw_reply(7), "RATE_LIMITED");
    raw_request_of("b", 1, 8, 1000);
    rig_run_until(&pending.count, 7, 2000);
    raw_request_of("c", 1, 9, 1000);
    ck_assert_str_eq(raw_reply(9), "SERVICE_UNAVAILABLE"); /* a quarter more is all that it holds */
    ck_assert_uint_eq(bus_server_counts(server).refused, 1);
    ck_assert_uint_eq(bus_server_counts(server).limited, 1);
    while (bus_server_pending(server) > 0)
        bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
}
END_TEST

START_TEST(marks_what_is_cancelled)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};
    size_t gone = 0;

    raw_connect(0);
    raw_request(1, 1, 5000);
    raw_request(1, 2, 5000);
    rig_run_until(&pending.count, 2, 2000);
    struct bus_request *second = rig_unhold(&pending), *first = rig_unhold(&pending);
    bus_request_watch(second, count_one, &gone);
    raw_cancel(2);
    raw_cancel(2);  /* again */
    raw_cancel(77); /* what is not there */
    rig_run_until(&gone, 1, 2000);
    rig_run_ms(50);
    ck_assert_uint_eq(gone, 1);
    ck_assert(second->cancelled && !first->cancelled);
    bus_request_watch(second, count_one, &gone); /* too late: told at once */
    ck_assert_uint_eq(gone, 2);
    bus_reply(second, &ok);
    bus_reply(first, &ok);
    rig_run_ms(50);
    ck_assert_str_eq(raw_reply(1), "OK"); /* and nothing of the other */
    ck_assert_str_eq(raw_reply_within(0, 0), "");
    ck_assert_uint_eq(bus_server_pending(server), 0);
    ck_assert_uint_eq(bus_server_counts(server).cancelled, 1);
    ck_assert_uint_eq(bus_server_counts(server).requests, 2);
    ck_assert_uint_eq(bus_server_counts(server).malformed, 0);
    raw_cancel(1); /* what is finished */
    raw_request(1, 3, 5000);
    rig_run_until(&pending.count, 1, 2000);
    ck_assert(!pending.first->cancelled); /* though its memory is that of a cancelled one */
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
    zsock_destroy(&raw);
}
END_TEST

/* Correlations are each peer's own. */
START_TEST(cancels_only_for_who_asked)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    zsock_t *other;

    raw_connect(0);
    raw_request(1, 1, 5000);
    rig_run_until(&pending.count, 1, 2000);
    other = raw;
    raw_connect(0);
    raw_cancel(1);
    rig_run_ms(100);
    ck_assert(!pending.first->cancelled);
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
    zsock_destroy(&raw);
    zsock_destroy(&other);
}
END_TEST

START_TEST(sees_that_a_caller_is_gone)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    size_t gone = 0, stayed = 0;
    zsock_t *other;

    raw_connect(0);
    raw_request(1, 1, 5000);
    rig_run_until(&pending.count, 1, 2000);
    bus_request_watch(pending.first, count_one, &gone);
    other = raw;
    raw_connect(0);
    raw_request(1, 2, 5000);
    rig_run_until(&pending.count, 2, 2000);
    bus_request_watch(pending.first, count_one, &stayed);
    zsock_destroy(&other);
    rig_run_until(&gone, 1, 3000);
    ck_assert_uint_eq(stayed, 0);
    bus_drop(rig_unhold(&pending));
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
    zsock_destroy(&raw);
}
END_TEST

START_TEST(drops_what_expired)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);

    raw_connect(0);
    raw_request(1, 1, 0);
    raw_request(1, 2, -5);
    raw_request(1, 3, INT64_MAX); /* no overflow */
    raw_request(1, 4, 20);
    rig_run_until(&pending.count, 2, 2000);
    ck_assert_uint_eq(bus_server_counts(server).expired, 2);
    ck_assert_int_gt(pending.first->deadline_us, pending.first->received_us);
    rig_run_ms(40);
    bus_drop(rig_unhold(&pending)); /* its 20 ms are over */
    ck_assert_uint_eq(bus_server_counts(server).expired, 3);
    bus_drop(rig_unhold(&pending));
    ck_assert_uint_eq(bus_server_counts(server).expired, 3);
    bus_server_destroy(&server);
    zsock_destroy(&raw);
}
END_TEST

START_TEST(ignores_malformed_frames)
{
    size_t count = 0;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, &count);
    static const char garbage[] = "\xdd\xff\xff\xff\xff not msgpack \x00\xc1";

    raw_connect(0);
    raw_send(garbage, sizeof garbage, 0);
    raw_send("", 0, 0);
    raw_send("", 0, ZMQ_SNDMORE); /* as a REQ would */
    raw_send("x", 1, 0);
    raw_send("a", 1, ZMQ_SNDMORE);
    raw_send("b", 1, ZMQ_SNDMORE);
    raw_send("c", 1, 0);
    raw_send("\x80", 1, 0); /* an empty map */
    raw_request(1, 7, 1000);
    rig_run_until(&count, 1, 2000);
    rig_run_ms(20);
    ck_assert_str_eq(raw_reply(7), "OK");
    ck_assert_uint_eq(bus_server_counts(server).malformed, 5);
    ck_assert_uint_eq(bus_server_counts(server).requests, 1);
    bus_server_destroy(&server);
    zsock_destroy(&raw);
}
END_TEST

START_TEST(answers_a_newer_version)
{
    size_t count = 0;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, &count);

    raw_connect(0);
    raw_request(ENVELOPE_VERSION + 1, 9, 1000);
    rig_run_ms(100);
    ck_assert_str_eq(raw_reply(9), "SERVICE_UNAVAILABLE");
    ck_assert_uint_eq(count, 0);
    bus_server_destroy(&server);
    zsock_destroy(&raw);
}
END_TEST

START_TEST(drains)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};

    raw_connect(0);
    raw_request(1, 1, 1000);
    rig_run_until(&pending.count, 1, 2000);
    bus_server_drain(server);
    raw_request(1, 2, 1000);
    rig_run_ms(50);
    ck_assert_str_eq(raw_reply(2), "SERVICE_UNAVAILABLE");
    ck_assert_uint_eq(bus_server_pending(server), 1);
    bus_reply(rig_unhold(&pending), &ok);
    bus_server_destroy(&server); /* at once: the reply still goes out */
    rig_run_ms(50);
    ck_assert_str_eq(raw_reply(1), "OK");
    zsock_destroy(&raw);
}
END_TEST

START_TEST(counts_replies_to_nobody)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};

    raw_connect(0);
    raw_request(1, 1, 1000);
    rig_run_until(&pending.count, 1, 2000);
    zsock_destroy(&raw);
    rig_run_ms(50);
    bus_reply(rig_unhold(&pending), &ok);
    rig_run_ms(20);
    ck_assert_uint_eq(bus_server_counts(server).undelivered, 1);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(outlives_its_holders)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};

    raw_connect(0);
    raw_request(1, 1, 1000);
    raw_request(1, 2, 1000);
    rig_run_until(&pending.count, 2, 2000);
    bus_server_destroy(&server);
    ck_assert(str_equal(pending.first->request.operation, STR("test")));
    bus_reply(rig_unhold(&pending), &ok);
    bus_drop(rig_unhold(&pending)); /* ASan sees what is left or used after */
    zsock_destroy(&raw);
}
END_TEST

START_TEST(says_when_it_cannot_listen)
{
    ck_assert_ptr_null(bus_server_new(loop, "ipc:///no/such/folder/x.sock", 8, rig_echo, NULL));
    ck_assert_ptr_null(bus_server_new(loop, "nonsense", 8, rig_echo, NULL));
}
END_TEST

START_TEST(names_default_endpoints)
{
    char text[40];

    ck_assert_str_eq(bus_default_endpoint("/run/t", "svc-goals", text, sizeof text),
                     "ipc:///run/t/svc-goals.sock");
    ck_assert_ptr_null(
        bus_default_endpoint("/run/t", "svc-with-a-very-long-name-indeed", text, sizeof text));
}
END_TEST

static void reply_hugely(void *argument, struct bus_request *request)
{
    struct str data = *(const struct str *)argument;
    struct reply reply = {.http = 200, .code = STR("OK"), .data = data, .version = -1};

    bus_reply(request, &reply);
}

#ifdef __SANITIZE_THREAD__
enum { HUGE_ROUNDS = 1 }; /* it looks at every byte */
#else
enum { HUGE_ROUNDS = 2 };
#endif

START_TEST(says_that_an_answer_is_too_large)
{
    struct str data = {.size = (size_t)BUS_MESSAGE_MAX + 1};
    void *zeros = mmap(NULL, data.size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(zeros, MAP_FAILED);
    data.data = zeros;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, reply_hugely, &data);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call call;

    for (int i = 0; i < HUGE_ROUNDS; i++) { /* and the connection stays */
        ck_assert_int_eq(rig_ask(client, &call, 50000), BUS_REPLIED);
        ck_assert_str_eq(call.code, "INTERNAL_ERROR");
    }
    ck_assert_uint_eq(bus_client_counts(client).retries, 0);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
    munmap(zeros, data.size);
}
END_TEST

SUITE_MAIN_WITH("bus server", rig_set_up, rig_tear_down, refuses_beyond_the_maximum,
                refuses_tenants_beyond_their_share, marks_what_is_cancelled,
                cancels_only_for_who_asked, sees_that_a_caller_is_gone, drops_what_expired,
                ignores_malformed_frames, answers_a_newer_version, drains, counts_replies_to_nobody,
                outlives_its_holders, says_that_an_answer_is_too_large, says_when_it_cannot_listen,
                names_default_endpoints)
