/* The admin listener over real sockets, and the text it writes for Prometheus. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin.h"
#include "capture.h"
#include "loop_for.h"
#include "metrics.h"
#include "suite.h"
#include "timestamp.h"

static struct loop *loop;
static struct admin *admin;
static uint16_t port;
static const char *missing_now;

static const char *missing(void *argument)
{
    (void)argument;
    return missing_now;
}

static void collect(void *argument, struct metrics *metrics)
{
    struct histogram histogram = {.count = 0};

    (void)argument;
    histogram_add(&histogram, 400);
    histogram_add(&histogram, 1000);
    histogram_add(&histogram, 20000000);
    metrics_counter(metrics, "a_total", "As.", "kind=\"x\"", 1);
    metrics_histogram(metrics, "b_seconds", "Bs.", "op=\"y\"", &histogram);
    metrics_counter(metrics, "a_total", "As.", "kind=\"z\"", 2.5);
    metrics_gauge(metrics, "c", "Cs.", NULL, 3);
}

static struct admin_config config(const char *host, uint16_t number)
{
    return (struct admin_config){
        .host = host, .port = number, .missing = missing, .collect = collect};
}

static void set_up(void)
{
    struct admin_config c = config("127.0.0.1", 0);

    missing_now = NULL;
    loop = loop_new();
    capture_start();
    admin = admin_new(loop, &c);
    char *log = capture_stop(NULL);
    ck_assert_ptr_nonnull(admin);
    const char *said = strstr(log, "\"port\":");
    ck_assert_ptr_nonnull(said);
    port = (uint16_t)strtol(said + 7, NULL, 10);
    ck_assert_int_gt(port, 0);
    free(log);
}

static void tear_down(void)
{
    admin_destroy(&admin);
    ck_assert_ptr_null(admin);
    loop_destroy(&loop);
}

static void run_ms(int64_t delay_ms)
{
    loop_for_ms(loop, delay_ms);
}

static int guest(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Reads what there is behind what was read already; true when the peer has closed. */
static bool receive(int fd, char *text, size_t room)
{
    size_t size = strlen(text);
    ssize_t got;

    while ((got = recv(fd, text + size, room - 1 - size, MSG_DONTWAIT)) > 0)
        size += (size_t)got;
    text[size] = '\0';
    return got == 0;
}

/* One connection, one answer, within ten seconds (a loaded machine is slow); static. */
static const char *ask(const char *request)
{
    static char text[65536];
    bool closed = false;
    int fd = guest();

    text[0] = '\0';
    ck_assert_int_eq(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    for (int i = 0; !closed && i < 1000; i++) {
        run_ms(10);
        closed = receive(fd, text, sizeof text);
    }
    ck_assert(closed);
    close(fd);
    return text;
}

START_TEST(tells_life_and_readiness)
{
    set_up();
    ck_assert_ptr_nonnull(strstr(ask("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"), "200 OK"));
    ck_assert_ptr_nonnull(strstr(ask("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"), "200 OK"));
    missing_now = "the moon";
    const char *text = ask("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(text, "503"));
    ck_assert_ptr_nonnull(strstr(text, "not ready: the moon"));
    ck_assert_ptr_nonnull(strstr(ask("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"), "200 OK"));
    tear_down();
}
END_TEST

START_TEST(refuses_the_rest)
{
    set_up();
    ck_assert_ptr_nonnull(strstr(ask("GET /other HTTP/1.1\r\nHost: x\r\n\r\n"), "404"));
    ck_assert_ptr_nonnull(
        strstr(ask("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxx"), "405"));
    const char *head = ask("HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(head, "200 OK"));
    ck_assert_ptr_null(strstr(head, "alive"));
    ck_assert_ptr_null(strstr(ask("nonsense\r\n\r\n"), "200"));
    tear_down();
}
END_TEST

START_TEST(groups_the_samples_of_a_name)
{
    set_up();
    const char *text = ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    ck_assert_ptr_nonnull(strstr(text, "text/plain; version=0.0.4"));
    ck_assert_ptr_nonnull(strstr(text, "# HELP a_total As.\n# TYPE a_total counter\n"
                                       "a_total{kind=\"x\"} 1\na_total{kind=\"z\"} 2.5\n"));
    ck_assert_ptr_nonnull(strstr(text, "# TYPE b_seconds histogram\n"
                                       "b_seconds_bucket{op=\"y\",le=\"0.0005\"} 1\n"
                                       "b_seconds_bucket{op=\"y\",le=\"0.001\"} 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "b_seconds_bucket{op=\"y\",le=\"10\"} 2\n"
                                       "b_seconds_bucket{op=\"y\",le=\"+Inf\"} 3\n"
                                       "b_seconds_sum{op=\"y\"} 20.0014\n"
                                       "b_seconds_count{op=\"y\"} 3\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nc 3\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "traction_build_info{version=\"" TRACTION_VERSION "\"} 1\n"));
    tear_down();
}
END_TEST

START_TEST(knows_the_process)
{
    struct arena *arena = arena_new();
    struct metrics *metrics = metrics_new(arena);

    metrics_process(metrics);
    struct str all = metrics_text(metrics);
    const char *text = arena_copy(arena, all).data;
    const char *started = strstr(text, "\nprocess_start_time_seconds ");
    const char *memory = strstr(text, "\nprocess_resident_memory_bytes ");
    ck_assert(started && memory);
    double age = (double)timestamp_now().us / 1e6 - strtod(strchr(started, ' '), NULL);
    ck_assert(age > -1 && age < 600);
    ck_assert(strtod(strchr(memory, ' '), NULL) > 500000);
    arena_destroy(&arena);
}
END_TEST

/* Somebody who sends byte by byte is never idle, and yet has to go. */
START_TEST(does_not_wait_for_slow_guests)
{
    bool closed = false;
    char answer[1000] = "";
    const char *request = "GET /livez HTTP/1.1\r\nHost: a-name-that-takes-its-time\r\n\r\n";

    set_up();
    int fd = guest();
    int64_t end_us = monotonic_us() + 12 * INT64_C(1000000);
    for (size_t i = 0; !closed && monotonic_us() < end_us; i++) {
        if (send(fd, request + i % 50, 1, MSG_NOSIGNAL) < 0)
            break;
        run_ms(250);
        closed = receive(fd, answer, sizeof answer);
    }
    ck_assert(monotonic_us() < end_us);
    close(fd);
    tear_down();
}
END_TEST

/* Those beyond wait outside, without keeping the loop busy; idle guests are sent away, and then
 * there is room again. */
START_TEST(has_room_for_sixteen)
{
    int idle[20];

    set_up();
    for (size_t i = 0; i < 20; i++) {
        idle[i] = guest();
        run_ms(5);
    }
    uint64_t turns = loop_turns(loop);
    run_ms(500);
    ck_assert_int_lt((int)(loop_turns(loop) - turns), 50);
    run_ms(6000);
    ck_assert_ptr_nonnull(strstr(ask("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"), "200 OK"));
    for (size_t i = 0; i < 20; i++)
        close(idle[i]);
    tear_down();
}
END_TEST

START_TEST(says_when_it_cannot_listen)
{
    struct admin_config taken, wrong = config("256.1.1.1", 0);

    set_up();
    taken = config("127.0.0.1", port);
    capture_start();
    ck_assert_ptr_null(admin_new(loop, &taken));
    ck_assert_ptr_null(admin_new(loop, &wrong));
    char *log = capture_stop(NULL);
    ck_assert_ptr_nonnull(strstr(log, "in use"));
    ck_assert_ptr_nonnull(strstr(log, "256.1.1.1"));
    free(log);
    tear_down();
}
END_TEST

SUITE_MAIN("admin", tells_life_and_readiness, refuses_the_rest, groups_the_samples_of_a_name,
           knows_the_process, does_not_wait_for_slow_guests, has_room_for_sixteen,
           says_when_it_cannot_listen)
