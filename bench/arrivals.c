/* An open-loop HTTP load generator: sends requests when they are due, whether or not earlier ones
 * were answered, as many independent clients do; a closed-loop generator, which waits for answers,
 * cannot overload a server. With a rate of 0 each connection sends its next request once it has its
 * answer, to find the maximum throughput.
 *
 *   arrivals PORT RATE SECONDS CONNECTIONS FILE
 *
 * FILE holds whole requests, bodies as long as their Content-Length says, which are sent in turn.
 * Prints one line of JSON.
 *
 * Real clients have processors of their own. Here the generator shares those of the server, so it
 * runs at the highest priority where permitted: otherwise every measured time would include its own
 * wait for a processor, when sending and when reading. Who does not measure by it, and wants it to
 * take as little as it can from what is measured, starts it with a nice above 0, which it keeps. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 16384, REQUESTS_MAX = 100000, EVENTS = 256, TICK_NS = 1000000 };

struct load_connection {
    int fd;
    bool busy;
    int64_t sent_us;
    char head[HEAD_MAX];
    size_t size;  /* of the head so far */
    int64_t body; /* bytes of the body still to come; -1 while the head comes */
    int status;
    bool retry_after;
};

struct samples {
    uint32_t *us;
    size_t count, room;
};

static struct load_connection *connections;
static size_t connection_count;
static size_t *idle, idle_count;
static char *requests[REQUESTS_MAX];
static size_t request_sizes[REQUESTS_MAX], request_count, next_request;
static int epoll_fd;
static struct sockaddr_in address;
static struct samples ok, refused;
static uint64_t sent, unsent, failed, others, without_retry;
static double rate;
static bool over;

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void add(struct samples *samples, int64_t us)
{
    if (samples->count == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 65536;
        samples->us = realloc(samples->us, samples->room * sizeof *samples->us);
        if (!samples->us)
            abort();
    }
    samples->us[samples->count++] = (uint32_t)us;
}

static void dial(struct load_connection *one)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)(one - connections)};

    one->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (one->fd < 0 || connect(one->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connect");
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, one->fd, &event) != 0)
        die("epoll_ctl");
}

static void rest(struct load_connection *one)
{
    one->busy = false;
    idle[idle_count++] = (size_t)(one - connections);
}

static void send_next(struct load_connection *one)
{
    size_t at = next_request++ % request_count;

    one->busy = true;
    one->size = 0;
    one->body = -1;
    one->sent_us = now_us();
    sent++;
    if (send(one->fd, requests[at], request_sizes[at], MSG_NOSIGNAL) != (ssize_t)request_sizes[at])
        failed++;
}

static void answered(struct load_connection *one)
{
    int64_t us = now_us() - one->sent_us;

    if (one->status >= 200 && one->status < 300)
        add(&ok, us);
    else if (one->status == 503)
        add(&refused, us);
    else
        others++;
    without_retry += one->status == 503 && !one->retry_after;
    if (rate == 0 && !over)
        send_next(one);
    else
        rest(one);
}

/* The head is complete: what it says. `end` is behind it. */
static void read_head(struct load_connection *one, const char *end)
{
    const char *length = strcasestr(one->head, "\r\nContent-Length: ");

    one->status = atoi(one->head + 9);
    one->retry_after = strcasestr(one->head, "\r\nRetry-After: ") != NULL;
    one->body = length ? atoll(length + 18) : 0;
    one->body -= (int64_t)(one->size - (size_t)(end - one->head));
}

static void redial(struct load_connection *one)
{
    close(one->fd);
    dial(one);
    if (!one->busy)
        return; /* it was at rest, and is */
    failed++;
    rest(one);
}

static void on_readable(struct load_connection *one)
{
    static char body[1 << 18];
    ssize_t got;

    if (one->body >= 0) {
        got = recv(one->fd, body, sizeof body, MSG_DONTWAIT);
    } else {
        got = recv(one->fd, one->head + one->size, sizeof one->head - 1 - one->size, MSG_DONTWAIT);
    }
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        redial(one);
        return;
    }
    if (one->body >= 0) {
        one->body -= got;
    } else {
        one->size += (size_t)got;
        one->head[one->size] = '\0';
        const char *end = strstr(one->head, "\r\n\r\n");
        if (!end)
            return;
        read_head(one, end + 4);
    }
    if (one->body == 0 && one->busy)
        answered(one);
}

/* With a rate, what has come is looked at once a millisecond: a look at each event would take the
 * processors from what is measured. */
static void wait_until(int64_t due_us)
{
    struct epoll_event events[EVENTS];
    int64_t left_us = due_us - now_us();
    int wait_ms = rate == 0 && left_us > 0 ? (int)(left_us / 1000) : 0, count;

    if (rate > 0)
        nanosleep(&(struct timespec){.tv_nsec = TICK_NS}, NULL);
    do {
        count = epoll_wait(epoll_fd, events, EVENTS, wait_ms);
        for (int i = 0; i < count; i++)
            on_readable(&connections[events[i].data.u64]);
    } while (rate > 0 && count == EVENTS);
}

static void read_requests(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char all[64 << 20];

    if (!file)
        die(path);
    all[fread(all, 1, sizeof all - 1, file)] = '\0';
    fclose(file);
    for (char *at = all, *end; request_count < REQUESTS_MAX && (end = strstr(at, "\r\n\r\n"));
         at = end) {
        *end = '\0'; /* only the head is searched */
        const char *length = strcasestr(at, "\r\nContent-Length: ");
        size_t body = length ? (size_t)atol(length + 18) : 0;
        *end = '\r';
        end += 4 + body;
        requests[request_count] = at;
        request_sizes[request_count++] = (size_t)(end - at);
    }
    if (request_count == 0)
        die("no requests");
}

static void run(int64_t seconds)
{
    int64_t began_us = now_us(), end_us = began_us + seconds * 1000000;
    uint64_t arrived = 0;

    while (rate == 0 && idle_count > 0)
        send_next(&connections[idle[--idle_count]]);
    for (int64_t now = began_us; now < end_us; now = now_us()) {
        int64_t due_us = rate == 0 ? end_us : began_us + (int64_t)((double)arrived * 1e6 / rate);
        if (due_us > now) {
            wait_until(due_us < end_us ? due_us : end_us);
            continue;
        }
        arrived++;
        if (idle_count > 0)
            send_next(&connections[idle[--idle_count]]);
        else
            unsent++;
    }
    over = true;
    for (int64_t rest_us = now_us() + 2000000; idle_count < connection_count && now_us() < rest_us;)
        wait_until(rest_us);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double part(struct samples *samples, double share)
{
    return samples->count == 0 ? 0
                               : samples->us[(size_t)((double)(samples->count - 1) * share)] / 1e3;
}

static void print(const char *name, struct samples *samples)
{
    if (samples->count > 0)
        qsort(samples->us, samples->count, sizeof *samples->us, by_size);
    printf("\"%s\":{\"count\":%zu,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"mostMs\":%.3f},", name,
           samples->count, part(samples, 0.5), part(samples, 0.99), part(samples, 1));
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: arrivals PORT RATE SECONDS CONNECTIONS FILE\n");
        return 2;
    }
    rate = atof(argv[2]);
    connection_count = (size_t)atol(argv[4]);
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (getpriority(PRIO_PROCESS, 0) <= 0)
        sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
    read_requests(argv[5]);
    connections = calloc(connection_count, sizeof *connections);
    idle = calloc(connection_count, sizeof *idle);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!connections || !idle || epoll_fd < 0)
        abort();
    for (size_t i = 0; i < connection_count; i++) {
        dial(&connections[i]);
        rest(&connections[i]);
    }
    run(atol(argv[3]));
    printf("{");
    print("ok", &ok);
    print("refused", &refused);
    printf("\"sent\":%lu,\"unsent\":%lu,\"failed\":%lu,\"others\":%lu,\"withoutRetryAfter\":%lu,"
           "\"unanswered\":%zu}\n",
           sent, unsent, failed, others, without_retry, connection_count - idle_count);
    return 0;
}
