/* The client with replicas that die, freeze, refuse and come back. */
#include "bus_rig.h"
#include "crash.h"
#include "suite.h"

#include "bus_socket.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

START_TEST(repeats_once_when_the_replica_is_back)
{
    struct rig_pending pending = {0};
    size_t count = 0;
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call call;

    rig_call(client, &call, 5000);
    rig_run_until(&pending.count, 1, 2000);
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
    rig_run_ms(100);
    ck_assert_uint_eq(call.ended, 0);
    ck_assert(!bus_client_connected(client));
    server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, &count);
    rig_run_until(&call.ended, 1, 5000);
    ck_assert_int_eq(call.outcome, BUS_REPLIED);
    rig_run_ms(50);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(call.ended, 1);
    ck_assert_uint_eq(bus_client_counts(client).retries, 1);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

START_TEST(gives_up_after_the_second_death)
{
    struct rig_pending pending = {0};
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call call;

    rig_call(client, &call, 8000);
    for (int i = 0; i < 2; i++) {
        struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
        rig_run_until(&pending.count, 1, 4000);
        bus_drop(rig_unhold(&pending));
        bus_server_destroy(&server);
    }
    rig_run_until(&call.ended, 1, 500);
    ck_assert_int_eq(call.outcome, BUS_LOST);
    bus_client_destroy(&client);
}
END_TEST

START_TEST(gives_up_when_it_stays_away)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_hold, &pending);
    struct bus_client *client = rig_client(rig_endpoint(0), 100);
    struct rig_call call;

    rig_call(client, &call, 600);
    rig_run_until(&pending.count, 1, 2000);
    bus_drop(rig_unhold(&pending));
    bus_server_destroy(&server);
    rig_run_until(&call.ended, 1, 1000);
    ck_assert_int_eq(call.outcome, BUS_LOST);
    ck_assert_int_ge(call.took_us, 590000);
    bus_client_destroy(&client);
}
END_TEST

START_TEST(repeats_with_the_other_replica)
{
    struct rig_pending pending = {0};
    char both[300];
    struct bus_server *servers[2];
    struct rig_call calls[10];
    size_t ended = 0;

    for (int i = 0; i < 2; i++)
        servers[i] = bus_server_new(loop, rig_endpoint(i), 100, rig_hold, &pending);
    snprintf(both, sizeof both, "%s,%s", rig_endpoint(0), rig_endpoint(1));
    struct bus_client *client = rig_client(both, 1000);
    rig_run_ms(100); /* both are connected */
    for (int i = 0; i < 10; i++)
        rig_call(client, &calls[i], 5000);
    rig_run_until(&pending.count, 10, 2000);
    ck_assert_uint_eq(bus_server_pending(servers[0]), 5); /* they share the load */
    ck_assert_uint_eq(bus_server_pending(servers[1]), 5);
    bus_server_destroy(&servers[0]);
    rig_run_until(&pending.count, 15, 1000);
    while (pending.count > 0)
        rig_echo(NULL, rig_unhold(&pending));
    for (int i = 0; i < 10; i++) {
        rig_run_until(&calls[i].ended, 1, 1000);
        ended += calls[i].outcome == BUS_REPLIED;
    }
    ck_assert_uint_eq(ended, 10);
    ck_assert_uint_eq(bus_client_counts(client).retries, 5);
    bus_client_destroy(&client);
    bus_server_destroy(&servers[1]);
}
END_TEST

START_TEST(goes_round_a_draining_replica)
{
    size_t counts[2] = {0};
    char both[300];
    struct bus_server *servers[2];
    struct rig_call call;

    for (int i = 0; i < 2; i++)
        servers[i] = bus_server_new(loop, rig_endpoint(i), 100, rig_echo, &counts[i]);
    snprintf(both, sizeof both, "%s,%s", rig_endpoint(0), rig_endpoint(1));
    struct bus_client *client = rig_client(both, 1000);
    rig_run_ms(100);
    bus_server_drain(servers[0]);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(rig_ask(client, &call, 2000), BUS_REPLIED);
        ck_assert_str_eq(call.code, "OK");
    }
    ck_assert_uint_eq(counts[0], 0);
    ck_assert_uint_eq(counts[1], 20);
    ck_assert_uint_le(bus_server_counts(servers[0]).refused, 2); /* it is left alone */
    bus_server_drain(servers[1]);
    ck_assert_int_eq(rig_ask(client, &call, 2000), BUS_REPLIED);
    ck_assert_str_eq(call.code, "SERVICE_UNAVAILABLE");
    bus_client_destroy(&client);
    for (int i = 0; i < 2; i++)
        bus_server_destroy(&servers[i]);
}
END_TEST

/* Its end is in the monitor already, but nobody has looked there yet. */
START_TEST(goes_round_a_replica_that_has_just_ended)
{
    size_t counts[2] = {0};
    char both[300];
    struct bus_server *servers[2];
    struct rig_call calls[10];

    for (int i = 0; i < 2; i++)
        servers[i] = bus_server_new(loop, rig_endpoint(i), 100, rig_echo, &counts[i]);
    snprintf(both, sizeof both, "%s,%s", rig_endpoint(0), rig_endpoint(1));
    struct bus_client *client = rig_client(both, 0);
    rig_run_ms(100);
    bus_server_destroy(&servers[0]);
    poll(NULL, 0, 200);
    for (int i = 0; i < 10; i++)
        rig_call(client, &calls[i], 2000);
    for (int i = 0; i < 10; i++) {
        rig_run_until(&calls[i].ended, 1, 2000);
        ck_assert_int_eq(calls[i].outcome, BUS_REPLIED);
    }
    ck_assert_uint_eq(counts[1], 10);
    bus_client_destroy(&client);
    bus_server_destroy(&servers[1]);
}
END_TEST

START_TEST(one_slow_call_is_no_reason_for_doubt)
{
    struct rig_pending pending = {0};
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 100, rig_hold, &pending);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct rig_call slow, quick;

    rig_call(client, &slow, 1000);
    rig_run_until(&pending.count, 1, 2000);
    struct bus_request *kept = rig_unhold(&pending);
    rig_run_ms(300);
    rig_call(client, &quick, 2000);
    rig_run_until(&pending.count, 1, 1000);
    rig_echo(NULL, rig_unhold(&pending));
    rig_run_until(&slow.ended, 1, 2000);
    ck_assert_int_eq(slow.outcome, BUS_TIMEOUT);
    ck_assert_uint_eq(quick.ended, 1);
    ck_assert(bus_client_connected(client));
    rig_call(client, &quick, 2000);
    rig_run_until(&pending.count, 1, 1000);
    rig_echo(NULL, rig_unhold(&pending));
    rig_echo(NULL, kept); /* comes too late and harms nobody */
    rig_run_until(&quick.ended, 1, 1000);
    ck_assert_int_eq(quick.outcome, BUS_REPLIED);
    ck_assert_uint_eq(slow.ended, 1);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

static void serve_for_ever(void)
{
    struct loop *own = loop_new();

    if (!bus_server_new(own, rig_endpoint(0), 100, rig_echo, NULL))
        _exit(1);
    loop_run(own);
    _exit(0);
}

/* A process of its own that serves endpoint 0; before this one has a bus context. */
static pid_t start_server_process(void)
{
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        serve_for_ever();
    return pid;
}

/* Dies of a request with an id, and answers no other. */
static void crash_at(void *argument, struct bus_request *request)
{
    static struct log_context context;

    (void)argument;
    if (request->request.request_id.size == 0)
        return;
    context.request_id = request->request.request_id;
    log_use(&context);
    raise(SIGSEGV);
}

static void name_request(void *argument, const struct log_context *context)
{
    bus_server_crashed(argument, context->request_id.data);
}

/* Serves endpoint 0 from when a byte comes by the pipe. */
static pid_t start_crashing_process(bool names, int start)
{
    pid_t pid = fork();
    char byte;

    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    struct loop *own = loop_new();
    struct bus_server *server = read(start, &byte, 1) == 1
                                    ? bus_server_new(own, rig_endpoint(0), 100, crash_at, NULL)
                                    : NULL;
    if (!server)
        _exit(1);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    signal(SIGSEGV, SIG_DFL);
    crash_open();
    if (names)
        crash_then(name_request, server);
    loop_run(own);
    _exit(0);
}

static void wait_for_replicas(struct bus_client *client, size_t wanted)
{
    for (int tries = 0; bus_client_replicas(client) < wanted && tries < 500; tries++)
        rig_run_ms(10);
    ck_assert_uint_eq(bus_client_replicas(client), wanted);
}

/* The other replica: busy at first, so that the next calls go to the one that will crash. */
struct other {
    struct rig_pending busy;
    size_t served;
};

static void serve_other(void *argument, struct bus_request *request)
{
    struct other *other = argument;

    if (other->busy.count < 4)
        rig_hold(&other->busy, request);
    else
        rig_echo(&other->served, request);
}

/* Two calls are with the process that dies: one that it names, one that it does not. Answers how
 * many the other replica has got after that. */
static size_t crash_under_calls(bool names, struct rig_call calls[2])
{
    struct other other = {0};
    struct rig_call busy[4];
    char both[300];
    int start[2], status;

    ck_assert_int_eq(pipe(start), 0);
    pid_t pid = start_crashing_process(names, start[0]);
    struct bus_server *server = bus_server_new(loop, rig_endpoint(1), 100, serve_other, &other);
    snprintf(both, sizeof both, "%s,%s", rig_endpoint(0), rig_endpoint(1));
    struct bus_client *client = rig_client(both, 1000);
    wait_for_replicas(client, 1);
    for (int i = 0; i < 4; i++)
        rig_call(client, &busy[i], 10000);
    rig_run_until(&other.busy.count, 4, 2000);
    ck_assert_int_eq(write(start[1], "", 1), 1);
    wait_for_replicas(client, 2);
    rig_call(client, &calls[0], 8000);
    rig_run_ms(50);
    rig_call(client, &calls[1], 8000);
    calls[1].request.request_id = STR("r-1");
    rig_run_until(&calls[0].ended, 1, 8000);
    rig_run_until(&calls[1].ended, 1, 8000);
    ck_assert_int_eq(calls[0].outcome, BUS_REPLIED);
    ck_assert_str_eq(calls[0].code, "OK"); /* lost with the process, and sent again */
    ck_assert_int_eq(calls[1].outcome, BUS_REPLIED);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(suite_died_of(status, SIGSEGV));
    while (other.busy.count > 0)
        bus_drop(rig_unhold(&other.busy));
    bus_client_destroy(&client);
    bus_server_destroy(&server);
    return other.served;
}

START_TEST(sends_what_a_crash_named_nowhere_else)
{
    struct rig_call calls[2];

    ck_assert_uint_eq(crash_under_calls(true, calls), 1);
    ck_assert_str_eq(calls[1].code, "SERVICE_UNAVAILABLE");
}
END_TEST

START_TEST(sends_again_what_a_crash_did_not_name)
{
    struct rig_call calls[2];

    ck_assert_uint_eq(crash_under_calls(false, calls), 2);
    ck_assert_str_eq(calls[1].code, "OK");
}
END_TEST

static void end_process(pid_t pid)
{
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

START_TEST(doubts_a_frozen_service)
{
    pid_t pid = start_server_process();
    struct bus_client *client = rig_client(rig_endpoint(0), 3000);
    struct rig_call call, probe;

    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    kill(pid, SIGSTOP);
    ck_assert_int_eq(rig_ask(client, &call, 200), BUS_TIMEOUT); /* as impatient as svc-goals */
    ck_assert(!bus_client_connected(client));
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(rig_ask(client, &call, 600), BUS_UNAVAILABLE);
        ck_assert_int_lt(call.took_us, 20000);
    }
    rig_run_ms(1000);
    rig_call(client, &probe, 3000); /* a second has passed: this one goes through */
    rig_run_ms(20);
    ck_assert_uint_eq(probe.ended, 0);
    ck_assert_int_eq(rig_ask(client, &call, 600), BUS_UNAVAILABLE);
    kill(pid, SIGCONT);
    rig_run_until(&probe.ended, 1, 3000);
    ck_assert_int_eq(probe.outcome, BUS_REPLIED);
    ck_assert(bus_client_connected(client));
    ck_assert_int_eq(rig_ask(client, &call, 600), BUS_REPLIED);
    end_process(pid);
    bus_client_destroy(&client);
}
END_TEST

/* What was asked for and came too late counts from the first such call on. */
START_TEST(doubts_as_late_as_it_is_told)
{
    pid_t pid = start_server_process();
    struct bus_client *client = rig_client(rig_endpoint(0), 3000);
    struct rig_call call;

    bus_client_doubt_after(client, 1000);
    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    kill(pid, SIGSTOP);
    ck_assert_int_eq(rig_ask(client, &call, 200), BUS_TIMEOUT);
    ck_assert(bus_client_connected(client) || call.took_us > 1000000);
    for (int i = 0; i < 10 && bus_client_connected(client); i++)
        ck_assert_int_eq(rig_ask(client, &call, 200), BUS_TIMEOUT);
    ck_assert(!bus_client_connected(client));
    kill(pid, SIGCONT);
    end_process(pid);
    bus_client_destroy(&client);
}
END_TEST

START_TEST(notices_a_killed_process_at_once)
{
    pid_t pid = start_server_process();
    struct bus_client *client = rig_client(rig_endpoint(0), 3000);
    struct rig_call call;

    ck_assert_int_eq(rig_ask(client, &call, 3000), BUS_REPLIED);
    kill(pid, SIGSTOP); /* so that it does not answer before it dies */
    rig_call(client, &call, 5000);
    rig_run_ms(20);
    end_process(pid);
    rig_run_ms(50);
    ck_assert(!bus_client_connected(client));
    ck_assert_uint_eq(call.ended, 0);
    struct bus_server *server = bus_server_new(loop, rig_endpoint(0), 8, rig_echo, NULL);
    rig_run_until(&call.ended, 1, 3000);
    ck_assert_int_eq(call.outcome, BUS_REPLIED);
    bus_client_destroy(&client);
    bus_server_destroy(&server);
}
END_TEST

static void receive(void *router, zmq_msg_t *identity, zmq_msg_t *frame)
{
    zmq_msg_init(identity);
    zmq_msg_init(frame);
    for (int i = 0; i < 2000 && zmq_msg_recv(identity, router, ZMQ_DONTWAIT) < 0; i++)
        rig_run_ms(2);
    ck_assert(zmq_msg_more(identity));
    ck_assert_int_gt(zmq_msg_recv(frame, router, 0), 0);
}

static void send_to(void *router, zmq_msg_t *identity, zmq_msg_t *frame)
{
    ck_assert_int_gt(zmq_msg_send(identity, router, ZMQ_SNDMORE), 0);
    ck_assert_int_gt(zmq_msg_send(frame, router, 0), 0);
}

/* ZeroMQ closes such a connection and does not connect again by itself. */
START_TEST(comes_back_after_a_message_that_is_too_large)
{
    zsock_t *socket = bus_socket_new(ZMQ_ROUTER);
    void *router = zsock_resolve(socket);
    struct bus_client *client = rig_client(rig_endpoint(0), 1000);
    struct arena *arena = arena_new();
    struct buffer packed = buffer_in(arena, 256);
    zmq_msg_t identity, frame;
    struct request request;
    struct rig_call call;

    ck_assert_int_eq(zsock_bind(socket, "%s", rig_endpoint(0)), 0);
    rig_wait_connected(client);
    rig_call(client, &call, 10000);
    receive(router, &identity, &frame);
    zmq_msg_close(&frame);
    ck_assert_int_eq(zmq_msg_init_size(&frame, (size_t)BUS_MESSAGE_MAX + 1), 0);
    send_to(router, &identity, &frame);
    receive(router, &identity, &frame); /* once more, on a new connection */
    ck_assert(
        request_unpack(arena, (struct str){zmq_msg_data(&frame), zmq_msg_size(&frame)}, &request));
    reply_pack(&packed, &(struct reply){.correlation = request.correlation,
                                        .http = 200,
                                        .code = STR("OK"),
                                        .version = -1});
    zmq_msg_close(&frame);
    zmq_msg_init_size(&frame, packed.size);
    memcpy(zmq_msg_data(&frame), packed.data, packed.size);
    send_to(router, &identity, &frame);
    rig_run_until(&call.ended, 1, 5000);
    ck_assert_int_eq(call.outcome, BUS_REPLIED);
    bus_client_destroy(&client);
    zsock_destroy(&socket);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN_WITH("bus failover", rig_set_up, rig_tear_down, repeats_once_when_the_replica_is_back,
                gives_up_after_the_second_death, gives_up_when_it_stays_away,
                repeats_with_the_other_replica, goes_round_a_draining_replica,
                goes_round_a_replica_that_has_just_ended, one_slow_call_is_no_reason_for_doubt,
                doubts_a_frozen_service, doubts_as_late_as_it_is_told,
                notices_a_killed_process_at_once, sends_what_a_crash_named_nowhere_else,
                sends_again_what_a_crash_did_not_name, comes_back_after_a_message_that_is_too_large)
