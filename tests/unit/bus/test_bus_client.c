/* The client's end while no replica dies: calls that succeed, calls without a replica, host names.
 */
#include "bus_rig.h"
#include "suite.h"

enum { MANY = 10000, WINDOW = 500 }; /* more at once than a socket reads in one turn */

static struct {
    struct bus_client *client;
    struct rig_call calls[WINDOW];
    size_t started, ended;
} many;

static void next_done(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct rig_call *call = argument;

    ck_assert_int_eq(outcome, BUS_REPLIED);
    ck_assert_uint_eq(reply->correlation, call->request.correlation);
    ck_assert(str_equal(reply->data, call->request.body));
    many.ended++;
    if (many.started < MANY) {
        many.started++;
        call->request.remaining_ms = 5000;
        bus_call(many.client, &call->request, next_done, call);
    }
}

START_TEST(echoes_many)
{
    size_t count = 0;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 1000, rig_echo, &count);
    int64_t start_us = monotonic_us();

    many.client = rig_client(rig_endpoint(0), 1000);
    for (size_t i = 0; i < WINDOW; i++) {
        struct request *request = &many.calls[i].request;
        *request = (struct request){.remaining_ms = 5000,
                                    .operation = STR("test"),
                                    .if_version = -1,
                                    .body = STR("\xa5hello")};
        many.started++;
        bus_call(many.client, request, next_done, &many.calls[i]);
    }
    ck_assert_uint_eq(bus_client_in_flight(many.client), WINDOW);
    rig_run_until(&many.ended, MANY, 10000);
    fprintf(stderr, "%d calls in %lld us\n", MANY, (long long)(monotonic_us() - start_us));
    ck_assert_uint_eq(bus_client_in_flight(many.client), 0);
    ck_assert_uint_eq(count, MANY);
    ck_assert_uint_eq(bus_client_counts(many.client).replies, MANY);
    ck_assert_uint_eq(bus_client_counts(many.client).retries, 0);
    bus_client_destroy(&many.client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(sleeps_when_idle)
{
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, NULL);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call call;

    ck_assert_int_eq(rig_ask(client, &call, 1000), BUS_REPLIED);
    rig_run_ms(50);
    uint64_t turns = loop_turns(loop);
    rig_run_ms(300);
    ck_assert_uint_le(loop_turns(loop) - turns, 10); /* heartbeats are the other thread's */
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(carries_megabytes)
{
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, NULL);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    size_t size = 5 << 20;
    char *body = malloc(size);
    struct rig_call call;

    ck_assert_ptr_nonnull(body);
    memset(body, 'x', size);
    memcpy(body, "\xc6\x00\x4f\xff\xfb", 5); /* bytes of that length */
    rig_call(client, &call, 5000);
    call.request.body = (struct str){body, size};
    rig_run_until(&call.ended, 1, 5000);
    ck_assert_int_eq(call.outcome, BUS_REPLIED);
    ck_assert_uint_eq(call.data_size, size);
    ck_assert_int_eq(rig_ask(client, &call, 1000), BUS_REPLIED); /* and small ones after it */
    free(body);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(finds_nobody)
{
    struct bus_client *client = rig_client(rig_endpoint(0), 0);
    struct rig_call call;

    ck_assert_int_eq(rig_ask(client, &call, 1000), BUS_UNAVAILABLE);
    ck_assert_int_lt(call.took_us, 20000); /* within 20 ms */
    ck_assert(!bus_client_connected(client));
    bus_client_destroy(&client);

    client = rig_client(rig_endpoint(0), 300);
    ck_assert_int_eq(rig_ask(client, &call, 5000), BUS_UNAVAILABLE);
    ck_assert_int_ge(call.took_us, 250000);
    ck_assert_int_lt(call.took_us, 1000000);
    /* A long outage is not waited for again and again. */
    ck_assert_int_eq(rig_ask(client, &call, 1000), BUS_UNAVAILABLE);
    ck_assert_int_lt(call.took_us, 20000);
    ck_assert_uint_eq(bus_client_counts(client).unavailable, 2);
    bus_client_destroy(&client);
}
END_TEST

START_TEST(waits_for_the_first_connection)
{
    struct bus_client *client = rig_client(rig_endpoint(0), 3000);
    struct rig_call call;

    rig_call(client, &call, 5000);
    rig_run_ms(100);
    ck_assert_uint_eq(call.ended, 0);
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, NULL);
    rig_run_until(&call.ended, 1, 3000);
    ck_assert_int_eq(call.outcome, BUS_REPLIED);
    ck_assert_uint_eq(bus_client_counts(client).retries, 0);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(bounds_what_is_in_flight)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct bus_client *client = bus_client_new(loop, "svc-test", rig_endpoint(0), 2, 1000);
    struct rig_call calls[3];

    for (int i = 0; i < 3; i++)
        rig_call(client, &calls[i], 5000);
    ck_assert_uint_eq(bus_client_in_flight(client), 2);
    rig_run_until(&calls[2].ended, 1, 1000);
    ck_assert_int_eq(calls[2].outcome, BUS_UNAVAILABLE);
    rig_run_until(&pending.count, 2, 2000);
    rig_echo(NULL, rig_unhold(&pending));
    rig_echo(NULL, rig_unhold(&pending));
    rig_run_until(&calls[0].ended, 1, 1000);
    rig_run_until(&calls[1].ended, 1, 1000);
    ck_assert_int_eq(calls[0].outcome, BUS_REPLIED);
    ck_assert_int_eq(calls[1].outcome, BUS_REPLIED);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(hears_refusals)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 1, rig_hold, &pending);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call first, second;

    rig_call(client, &first, 5000);
    rig_run_until(&pending.count, 1, 2000);
    ck_assert_int_eq(rig_ask(client, &second, 5000), BUS_REPLIED);
    ck_assert_str_eq(second.code, "SERVICE_UNAVAILABLE");
    ck_assert_int_lt(second.took_us, 20000);
    rig_echo(NULL, rig_unhold(&pending));
    rig_run_until(&first.ended, 1, 1000);
    ck_assert_str_eq(first.code, "OK");
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(sends_what_remains)
{
    struct rig_pending pending = {0};
    struct bus_client *client = rig_client(rig_endpoint(0), 2000);
    struct rig_call call;

    rig_call(client, &call, 3000);
    rig_run_ms(200);
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    rig_run_until(&pending.count, 1, 2000);
    ck_assert_int_le(pending.first->request.remaining_ms, 2800);
    ck_assert_int_gt(pending.first->request.remaining_ms, 500);
    bus_client_destroy(&client);
    ck_assert_uint_eq(call.ended, 1);
    ck_assert_int_eq(call.outcome, BUS_LOST);
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
}
END_TEST

static void call_again(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    (void)reply;
    struct rig_call *call = argument;
    call->ended++;
    ck_assert_int_ne(outcome, BUS_REPLIED);
}

START_TEST(ends_calls_with_the_client)
{
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call waiting, unsent;

    rig_call(client, &waiting, 5000);
    rig_run_ms(20);
    rig_call(client, &unsent, 5000);
    bus_call(client, &unsent.request, call_again, &unsent);
    bus_client_destroy(&client);
    ck_assert_uint_eq(waiting.ended, 1);
    ck_assert_int_eq(waiting.outcome, BUS_UNAVAILABLE);
    ck_assert_uint_eq(unsent.ended, 2);
}
END_TEST

START_TEST(resolves_names)
{
    char listen[64], ask[128];
    struct bus_server *server = NULL;
    struct rig_call call;

    int port = 20000 + getpid() % 20000;
    for (int end = port + 100; !server && port < end; port++) {
        snprintf(listen, sizeof listen, "tcp://127.0.0.1:%d", port);
        snprintf(ask, sizeof ask, "tcp://no-such-host.invalid:1,tcp://localhost:%d", port);
        server = bus_server_new(loop, listen, 8, rig_echo, NULL);
    }
    struct bus_client *client = rig_client(ask, 3000);
    ck_assert_int_eq(rig_ask(client, &call, 5000), BUS_REPLIED);
    bus_client_destroy(&client);
    client = rig_client(ask, 3000);
    bus_client_destroy(&client); /* with lookups under way */
    rig_run_ms(50);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(gives_up)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct reply ok = {.http = 200, .code = STR("OK"), .version = -1};
    struct rig_call call, other, unsent;

    rig_wait_connected(client);
    rig_call(client, &call, 5000);
    rig_call(client, &other, 5000);
    rig_run_until(&pending.count, 2, 2000);
    rig_call(client, &unsent, 5000);
    bus_cancel(client, &unsent.request);
    bus_cancel(client, &call.request);
    bus_cancel(client, &call.request); /* it has ended by now */
    ck_assert_uint_eq(call.ended, 0);  /* never from inside */
    rig_run_until(&call.ended, 1, 100);
    rig_run_ms(50);
    ck_assert_uint_eq(call.ended, 1);
    ck_assert_int_eq(call.outcome, BUS_CANCELLED);
    ck_assert_int_eq(unsent.outcome, BUS_CANCELLED);
    ck_assert_uint_eq(pending.count, 2); /* that one was not sent any more */
    struct bus_request *second = rig_unhold(&pending), *first = rig_unhold(&pending);
    ck_assert(first->cancelled && !second->cancelled);
    bus_reply(first, &ok);
    bus_reply(second, &ok);
    rig_run_until(&other.ended, 1, 1000);
    ck_assert_int_eq(other.outcome, BUS_REPLIED);
    ck_assert_uint_eq(bus_client_in_flight(client), 0);
    ck_assert_uint_eq(bus_client_counts(client).cancelled, 2);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

/* An answer that crosses the cancel is nobody's; the next call in its place gets its own. */
START_TEST(gives_up_what_is_being_answered)
{
    size_t count = 0;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, &count);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call call, next;

    rig_wait_connected(client);
    rig_call(client, &call, 5000);
    while (count == 0)
        rig_run_ms(0);
    if (call.ended == 0)
        bus_cancel(client, &call.request);
    ck_assert_int_eq(rig_ask(client, &next, 5000), BUS_REPLIED);
    rig_run_ms(50);
    ck_assert_uint_eq(call.ended, 1);
    ck_assert_uint_eq(next.ended, 1);
    ck_assert_uint_eq(bus_server_counts(server).malformed, 0);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

/* With nobody there, it ends before its time all the same. */
START_TEST(gives_up_waiting)
{
    struct bus_client *client = rig_client(rig_endpoint(0), 10000);
    struct rig_call call;

    rig_call(client, &call, 10000);
    rig_run_ms(30);
    bus_cancel(client, &call.request);
    rig_run_until(&call.ended, 1, 1000);
    ck_assert_int_eq(call.outcome, BUS_CANCELLED);
    bus_client_destroy(&client);
}
END_TEST

SUITE_MAIN_WITH("bus client", rig_set_up, rig_tear_down, echoes_many, sleeps_when_idle,
                carries_megabytes, finds_nobody, waits_for_the_first_connection,
                bounds_what_is_in_flight, hears_refusals, sends_what_remains,
                ends_calls_with_the_client, gives_up, gives_up_what_is_being_answered,
                gives_up_waiting, resolves_names)
