/* The bus over TCP under attack: unauthorised peers of every kind connect while our requests are
 * served; all of ours are answered, and none of theirs. */
#include <errno.h>
#include <time.h>

#include "bus_publisher.h"
#include "bus_refusals.h"
#include "bus_subscriber.h"
#include "curve_rig.h"
#include "suite.h"

enum { CALLS_MAX = 2000, STRANGERS = 8 };

/* --- Requests of ours that go on --- */

static struct {
    struct bus_server *server;
    struct bus_client *client;
    struct loop_timer *timer;
    struct rig_call calls[CALLS_MAX];
    size_t sent, arrived, replies;
    char role[32], address[64];
} traffic;

static void on_request(void *argument, struct bus_request *request)
{
    (void)argument;
    snprintf(traffic.role, sizeof traffic.role, "%s", request->role ? request->role : "(none)");
    snprintf(traffic.address, sizeof traffic.address, "%s", request->address);
    rig_echo(&traffic.arrived, request);
}

static void ask_once(void *argument)
{
    (void)argument;
    if (traffic.sent < CALLS_MAX)
        rig_call(traffic.client, &traffic.calls[traffic.sent++], 5000);
}

static void traffic_start(void)
{
    curve_find_port();
    traffic.server = bus_server_new(loop, curve_endpoint(), 1000, on_request, NULL);
    ck_assert_ptr_nonnull(traffic.server);
    traffic.client = rig_client(curve_endpoint(), 3000);
    rig_wait_connected(traffic.client);
    traffic.timer = loop_timer_new(loop, 2, 2, ask_once, NULL);
}

/* Everything of ours was answered, by the first try, and nothing else came in. */
static void traffic_end(size_t min)
{
    rig_run_until(&traffic.sent, min, 20000);
    loop_timer_destroy(&traffic.timer);
    for (size_t i = 0; i < traffic.sent; i++) {
        rig_run_until(&traffic.calls[i].ended, 1, 5000);
        ck_assert_int_eq(traffic.calls[i].outcome, BUS_REPLIED);
        ck_assert_str_eq(traffic.calls[i].code, "OK");
    }
    ck_assert_uint_eq(bus_client_counts(traffic.client).retries, 0);
    ck_assert_uint_eq(traffic.arrived, traffic.sent);
    bus_client_destroy(&traffic.client);
    bus_server_destroy(&traffic.server);
}

static void wait_refusals(enum bus_refusal reason, uint64_t min)
{
    for (int i = 0; i < 400 && bus_refusals(reason) < min; i++)
        rig_run_ms(10);
    ck_assert_uint_ge(bus_refusals(reason), min);
}

/* --- Tests --- */

START_TEST(tells_who_asks)
{
    traffic_start();
    rig_run_ms(100);
    ck_assert_str_eq(traffic.role, "svc-test");
    ck_assert_ptr_nonnull(strstr(traffic.address, "127.0.0.1"));
    traffic_end(10);
    for (int reason = 0; reason < BUS_REFUSAL_COUNT; reason++)
        ck_assert_uint_eq(bus_refusals((enum bus_refusal)reason), 0);
}
END_TEST

/* What is refused: whose key, whom they take the server for, how that is counted. */
static const struct {
    int own, server;
    enum bus_refusal reason;
} bad[] = {
    {-1, -1, BUS_REFUSED_HANDSHAKE},     /* no key */
    {UNLISTED, OURS, BUS_REFUSED_KEY},   /* a wrong one */
    {OURS, OTHER, BUS_REFUSED_HANDSHAKE} /* a server that is another */
};

START_TEST(refuses_strangers)
{
    void *sockets[STRANGERS];

    traffic_start();
    for (size_t i = 0; i < STRANGERS; i++) {
        sockets[i] = curve_stranger(ZMQ_DEALER, bad[_i].own, bad[_i].server);
        curve_send_request(sockets[i]);
    }
    wait_refusals(bad[_i].reason, STRANGERS);
    for (size_t i = 0; i < STRANGERS; i++) {
        char byte;
        curve_send_request(sockets[i]);
        rig_run_ms(5);
        ck_assert_int_lt(zmq_recv(sockets[i], &byte, 1, ZMQ_DONTWAIT), 0);
        zmq_close(sockets[i]);
    }
    for (int other = 0; other < BUS_REFUSAL_COUNT; other++)
        ck_assert(bus_refusals((enum bus_refusal)other) == 0 || other == (int)bad[_i].reason);
    traffic_end(20);
}
END_TEST

START_TEST(lets_in_a_listed_key)
{
    char answer[100];

    traffic_start();
    rig_run_ms(20);
    loop_timer_destroy(&traffic.timer);
    void *gateway = curve_stranger(ZMQ_DEALER, GATEWAY, OURS);
    curve_send_request(gateway);
    for (int i = 0; i < 400 && strcmp(traffic.role, "gateway") != 0; i++)
        rig_run_ms(5);
    ck_assert_str_eq(traffic.role, "gateway");
    rig_run_ms(20);
    ck_assert_int_gt(zmq_recv(gateway, answer, sizeof answer, ZMQ_DONTWAIT), 0);
    zmq_close(gateway);
    bus_client_destroy(&traffic.client);
    bus_server_destroy(&traffic.server);
}
END_TEST

static void put_garbage(int fd)
{
    unsigned char bytes[4096];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)rand();
    send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
}

/* The greeting of ZMTP 3 with the mechanism CURVE, then nonsense where HELLO belongs. */
static void put_bad_hello(int fd)
{
    static const unsigned char greeting[64] = {0xff, 0, 0, 0,   0,   0,   0,   0,  1,
                                               0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E'};
    static const unsigned char huge[9] = {6, 0, 0, 0, 0, 1, 0, 0, 0}; /* a command of 16 MiB */

    send(fd, greeting, sizeof greeting, MSG_NOSIGNAL);
    send(fd, huge, sizeof huge, MSG_NOSIGNAL);
    put_garbage(fd);
}

static bool is_closed(int fd)
{
    char bytes[256];
    ssize_t got;

    while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0)
        continue;
    return got == 0 || errno == ECONNRESET;
}

static void ck_all_closed(const int *fds, int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;

    for (size_t i = 0; i < STRANGERS; i++) {
        while (!is_closed(fds[i]) && monotonic_us() < end_us)
            rig_run_ms(10);
        ck_assert(is_closed(fds[i]));
        close(fds[i]);
    }
}

START_TEST(bears_garbage)
{
    int fds[STRANGERS];

    traffic_start();
    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < STRANGERS; i++) {
            fds[i] = curve_raw();
            put_garbage(fds[i]);
        }
        ck_all_closed(fds, 6000);
    }
    wait_refusals(BUS_REFUSED_HANDSHAKE, 5 * STRANGERS);
    rig_run_ms(100);
    ck_assert_uint_eq(bus_refusals(BUS_REFUSED_HANDSHAKE), 5 * STRANGERS);
    traffic_end(20);
}
END_TEST

START_TEST(ends_half_open_handshakes)
{
    int fds[STRANGERS];

    traffic_start();
    for (size_t i = 0; i < STRANGERS; i++) {
        fds[i] = curve_raw();
        if (i % 2)
            put_bad_hello(fds[i]);
    }
    rig_run_ms(500);
    ck_assert(!is_closed(fds[0]));
    ck_all_closed(fds, 8000);
    wait_refusals(BUS_REFUSED_HANDSHAKE, STRANGERS);
    traffic_end(200);
}
END_TEST

/* Who has a key sends what claims to be more than there is. */
START_TEST(bears_bombs_of_friends)
{
    static const struct {
        const char *bytes;
        size_t size;
    } bombs[] = {
        {"\xdd\xff\xff\xff\xff", 5}, /* an array of 4 Gi */
        {"\xdf\xff\xff\xff\xff", 5}, /* a map likewise */
        {"\xc6\xff\xff\xff\xff", 5}, /* bytes likewise */
        {"\x81\xa1\x62\xdd\x7f\xff\xff\xff", 8},
        {"\xc1", 1}, /* never used */
        {"", 0},
    };
    char nested[4096];

    memset(nested, 0x91, sizeof nested); /* an array in an array in an array ... */
    traffic_start();
    void *friend = curve_stranger(ZMQ_DEALER, GATEWAY, OURS);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
            zmq_send(friend, bombs[i].bytes, bombs[i].size, 0);
        zmq_send(friend, nested, sizeof nested, 0);
    }
    for (int i = 0; i < 400 && bus_server_counts(traffic.server).malformed < 140; i++)
        rig_run_ms(10);
    ck_assert_uint_eq(bus_server_counts(traffic.server).malformed, 140);
    rig_run_ms(100);
    zmq_close(friend);
    traffic_end(10);
}
END_TEST

/* --- News --- */

static void count_message(void *argument, struct str topic, struct str body)
{
    (void)topic;
    (void)body;
    ++*(size_t *)argument;
}

START_TEST(only_listeners_hear_news)
{
    static const char *const subscribers[] = {"gateway", "svc-test", NULL};
    static const int own[] = {GATEWAY, OTHER, UNLISTED, -1};
    void *sockets[4];
    size_t heard = 0;
    char text[64], news[64];

    curve_find_port();
    struct bus_publisher *publisher = bus_publisher_new(loop, curve_endpoint(), subscribers);
    for (size_t i = 0; i < 4; i++)
        sockets[i] = curve_stranger(ZMQ_SUB, own[i], OURS);
    snprintf(text, sizeof text, "tcp://127.0.0.1:%d", port - 1);
    struct bus_subscriber *subscriber =
        bus_subscriber_new(loop, "svc-test", text, count_message, &heard);
    struct bus_subscriber *deceived =
        bus_subscriber_new(loop, "svc-other", text, count_message, &(size_t){0});
    bus_subscribe(subscriber, STR("t"));
    bus_subscribe_all(deceived);
    wait_refusals(BUS_REFUSED_ROLE, 1);
    wait_refusals(BUS_REFUSED_KEY, 1);
    wait_refusals(BUS_REFUSED_HANDSHAKE, 2);
    for (int i = 0; i < 400 && bus_publisher_topics(publisher) < 2; i++)
        rig_run_ms(10);
    ck_assert_uint_eq(bus_publisher_topics(publisher), 2); /* "" of the gateway's, "t" of ours */
    bus_publish(publisher, STR("t"), STR("news"));
    rig_run_until(&heard, 1, 2000);
    rig_run_ms(100);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(zmq_recv(sockets[i], news, sizeof news, ZMQ_DONTWAIT), i == 0 ? 2 : -1);
        zmq_close(sockets[i]);
    }
    bus_subscriber_destroy(&subscriber);
    bus_subscriber_destroy(&deceived);
    bus_publisher_destroy(&publisher);
}
END_TEST

/* --- Callers --- */

/* A server without keys is nobody to ask; the one that takes its place is found. */
START_TEST(asks_only_who_has_the_key)
{
    struct rig_call call;
    size_t count = 0;

    curve_find_port();
    bus_keys_close();
    struct bus_server *server = bus_server_new(loop, curve_endpoint(), 8, rig_echo, &count);
    ck_assert(bus_keys_open("svc-test", str_of(pairs[OURS].secret_text), list_path));
    struct bus_client *client = rig_client(curve_endpoint(), 200);
    ck_assert_int_eq(rig_ask(client, &call, 500), BUS_UNAVAILABLE);
    ck_assert_uint_eq(count, 0);
    bus_server_destroy(&server);
    rig_run_ms(50);
    server = bus_server_new(loop, curve_endpoint(), 8, rig_echo, &count);
    rig_wait_connected(client);
    ck_assert_int_eq(rig_ask(client, &call, 500), BUS_REPLIED);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

/* Over a unix socket nothing is asked for, keys or not. */
START_TEST(leaves_unix_sockets_alone)
{
    struct rig_call call;

    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, on_request, NULL);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    ck_assert_int_eq(rig_ask(client, &call, 500), BUS_REPLIED);
    ck_assert_str_eq(traffic.role, "(none)");
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tells_who_asks,
                                  lets_in_a_listed_key,
                                  bears_garbage,
                                  ends_half_open_handshakes,
                                  bears_bombs_of_friends,
                                  only_listeners_hear_news,
                                  asks_only_who_has_the_key,
                                  leaves_unix_sockets_alone};
    Suite *suite = suite_create("bus_curve");
    TCase *tcase = tcase_create("bus_curve");

    tcase_add_checked_fixture(tcase, curve_set_up, curve_tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, refuses_strangers, 0, sizeof bad / sizeof *bad);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
