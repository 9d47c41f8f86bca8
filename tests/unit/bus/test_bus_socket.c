/* What czmq may not do: take signals, write to standard output, have a context of its own size. */
#include "bus_rig.h"
#include "bus_socket.h"
#include "capture.h"
#include "suite.h"

#include <dirent.h>

static const int signals[] = {SIGTERM, SIGINT};

/* The handlers of SIGTERM and SIGINT. */
static void get_handlers(struct sigaction *actions)
{
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(sigaction(signals[i], NULL, &actions[i]), 0);
}

START_TEST(leaves_signals_alone)
{
    struct sigaction before[2], between[2], after[2];

    get_handlers(before);
    zsock_t *socket = bus_socket_new(ZMQ_PAIR);
    get_handlers(between);
    zsock_destroy(&socket);
    bus_shutdown();
    get_handlers(after);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(between[i].sa_handler == before[i].sa_handler);
        ck_assert(after[i].sa_handler == before[i].sa_handler);
    }
}
END_TEST

START_TEST(has_a_context_of_our_size)
{
    zsock_t *socket = bus_socket_new(ZMQ_PAIR);
    ck_assert_int_eq(zmq_ctx_get(zsys_init(), ZMQ_MAX_SOCKETS), 8192);
    ck_assert_int_eq(zmq_ctx_get(zsys_init(), ZMQ_IO_THREADS), 1);
    ck_assert_int_eq(zsock_linger(socket), 0);
    ck_assert_int_eq(zsock_maxmsgsize(socket), BUS_MESSAGE_MAX);
    ck_assert_int_eq(zsock_rcvhwm(socket), 20000);
    ck_assert_int_eq(zsock_sndhwm(socket), 20000);
    ck_assert_int_eq(zsock_ipv6(socket), 1);
    zsock_destroy(&socket);
}
END_TEST

START_TEST(says_nothing_by_itself)
{
    int out = dup(STDOUT_FILENO);
    char *said;

    bus_start();
    capture_start();
    dup2(STDERR_FILENO, STDOUT_FILENO);
    zsys_error("a mistake");
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    said = capture_stop(NULL);
    ck_assert_str_eq(said, "");
    free(said);
    close(out);
}
END_TEST

static void do_nothing(int signal_number)
{
    (void)signal_number;
}

static size_t thread_count(void)
{
    DIR *folder_of_threads = opendir("/proc/self/task");
    size_t count = 0;

    while (readdir(folder_of_threads))
        count++;
    closedir(folder_of_threads);
    return count;
}

/* The context waits for what lingers; a signal meanwhile does not leave it behind. */
START_TEST(ends_in_spite_of_a_signal)
{
    struct sigaction action = {.sa_handler = do_nothing};
    zsock_t *socket = bus_socket_new(ZMQ_DEALER);
    size_t threads = thread_count();
    struct sigaction before;

    sigaction(SIGALRM, &action, &before);
    zsock_set_linger(socket, 1500);
    ck_assert_int_eq(zsock_connect(socket, "%s", rig_endpoint(0)), 0);
    ck_assert_int_eq(zmq_send(zsock_resolve(socket), "x", 1, ZMQ_DONTWAIT), 1);
    zsock_destroy(&socket);
    alarm(1);
    bus_shutdown();
    ck_assert_uint_eq(thread_count(), threads - 2); /* ZeroMQ's own have ended */
    sigaction(SIGALRM, &before, NULL);
}
END_TEST

SUITE_MAIN_WITH("bus socket", rig_set_up, rig_tear_down, leaves_signals_alone,
                has_a_context_of_our_size, says_nothing_by_itself, ends_in_spite_of_a_signal)
