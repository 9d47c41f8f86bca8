/* The listener as seen from a socket: framing, limits, timers; and what happens when services are
 * slow, absent or told a name. */
#include "gateway_rig.h"

static void setup(void)
{
    /* Each test sets its own variables, then starts. */
    setenv("TRACTION_HEADER_TIMEOUT_MS", "600", 1);
    setenv("TRACTION_BODY_TIMEOUT_MS", "600", 1);
    setenv("TRACTION_IDLE_TIMEOUT_MS", "1000", 1);
}

static void say(int fd, const char *text)
{
    rig_send(fd, text, strlen(text));
}

static void refuses(const char *text, int status)
{
    struct http_reply reply = rig_ask(text);

    ck_assert_ptr_nonnull(strstr(reply.head, "\r\nConnection: close\r\n"));
    rig_expect(reply, status, "INVALID_REQUEST");
}

START_TEST(refuses_what_is_ambiguous)
{
    rig_start();
    refuses("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: "
            "chunked\r\n\r\n0\r\n\r\n",
            400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            400);
    refuses("GET /health HTTP/1.1\r\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
    refuses("GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", 400);
    refuses("GET /hea lth HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n", 417);
    /* libmicrohttpd takes these, and says nothing of how they were written. */
    refuses("GET /health HTTP/1.1\nHost: a\r\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\n\r\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\n\n", 400);
    refuses("GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400);
    refuses("GET  /health HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    rig_expect(rig_ask("GET /health HTTP/1.0\r\n\r\n"), 200, "Healthy");
    rig_stop();
}
END_TEST

/* A request whose head has `size` bytes, most of them in a field or (`name` is NULL) in the query.
 */
static struct http_reply ask_with(const char *name, size_t size)
{
    char *text = malloc(size + 1000), *end = text, *auth = token_make(NULL);

    end += sprintf(end, "GET /goals%s", name ? " HTTP/1.1\r\n" : "?search=");
    const char *rest = "Host: a\r\nOrigin: http://localhost:3000\r\nX-Request-Id: large\r\n";
    size_t others = (size_t)(end - text) + strlen(rest) + strlen(auth) + 26;
    if (name) {
        end += sprintf(end, "%s: ", name);
        others += strlen(name) + 4;
    } else {
        others += 11;
    }
    /* Many short ones, as cookies are; or as long a parameter. */
    for (size_t i = others; i < size; i++)
        *end++ = name && i % 40 == 0 ? ';' : name && i % 40 == 20 ? '=' : 'a';
    end += sprintf(end, "%s%sAuthorization: Bearer %s\r\n\r\n", name ? "\r\n" : " HTTP/1.1\r\n",
                   rest, auth);
    ck_assert_uint_eq((size_t)(end - text), size);
    struct http_reply reply = rig_ask(text);
    free(text);
    free(auth);
    return reply;
}

static void refuses_size(const char *name, size_t size, int status)
{
    struct http_reply reply = ask_with(name, size);

    ck_assert_msg(reply.status == status, "%d for %zu bytes of %s", reply.status, size, name);
    ck_assert_ptr_nonnull(strstr(reply.head, "\r\nContent-Type: application/json\r\n"));
    ck_assert_ptr_nonnull(
        strstr(reply.head, "\r\nAccess-Control-Allow-Origin: http://localhost:3000\r\n"));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"requestId\":\"large\""));
    rig_expect(reply, status, "\"code\":\"INVALID_REQUEST\"");
}

START_TEST(takes_large_heads)
{
    rig_start();
    for (size_t size = 1000; size <= 16384; size += 769 * 2) {
        rig_expect(ask_with("Cookie", size), 200, NULL);
        rig_expect(ask_with("X-Other", size), 200, NULL);
        rig_expect(ask_with(NULL, size), 200, NULL);
    }
    rig_expect(ask_with("Cookie", 16384), 200, NULL);
    rig_expect(ask_with(NULL, 16384), 200, NULL);
    for (size_t size = 16385; size <= 32768; size += 2340) {
        refuses_size("Cookie", size, 431);
        refuses_size("X-Other", size, 431);
        refuses_size(NULL, size, 414);
    }
    refuses_size("Cookie", 32768, 431);
    refuses_size(NULL, 32768, 414);
    rig_expect(rig_get("/health/live", ""), 200, NULL);
    rig_stop();
}
END_TEST

START_TEST(takes_heads_of_many_fields)
{
    char text[16384], *end = text;

    rig_start();
    end += sprintf(end, "GET /health/live HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 200; i++)
        end += sprintf(end, "X-Field-%d: %060d\r\n", i, i);
    sprintf(end, "\r\n");
    rig_expect(rig_ask(text), 200, "Alive");
    rig_stop();
}
END_TEST

START_TEST(keeps_connections)
{
    const char *two = "GET /health HTTP/1.1\r\nHost: a\r\nX-Request-Id: one\r\n\r\n"
                      "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Request-Id: two\r\n\r\n";
    char *token = token_make(NULL), text[5000];

    rig_start();
    int fd = rig_dial();
    say(fd, two);
    rig_expect(rig_read(fd, false), 200, "X-Request-Id: one\r\n");
    rig_expect(rig_read(fd, false), 200, "Alive");
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof text,
                 "GET /goals/g%d HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n", i,
                 token);
        say(fd, text);
        snprintf(text, sizeof text, "\"values\":{\"id\":\"g%d\"}", i);
        rig_expect(rig_read(fd, false), 200, text);
    }
    snprintf(text, sizeof text,
             "HEAD /goals/big HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n", token);
    say(fd, text);
    rig_expect(rig_read(fd, true), 200, "Content-Length: 50");
    snprintf(text, sizeof text,
             "POST /goals HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n" JSON_TYPE
             "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n",
             token);
    say(fd, text);
    /* The last: what follows chunks is not believed. */
    struct http_reply reply = rig_read(fd, false);
    ck_assert_ptr_nonnull(strstr(reply.head, "\r\nConnection: close\r\n"));
    rig_expect(reply, 201, "\"body\":{\"a\":1}");
    close(fd);
    free(token);
    rig_stop();
}
END_TEST

static int post_of(size_t length, const char *fields)
{
    char text[5000];
    int fd = rig_dial();

    snprintf(text, sizeof text, "POST /goals HTTP/1.1\r\nHost: a\r\n%sContent-Length: %zu\r\n\r\n",
             rig_auth(NULL, fields), length);
    say(fd, text);
    return fd;
}

START_TEST(bounds_bodies)
{
    static char filler[65536 + 1]; /* a string, too */

    memset(filler, ' ', sizeof filler - 1);
    rig_start();
    /* Read to the end, so that the connection goes on. */
    int fd = post_of(2 << 20, JSON_TYPE);
    for (size_t sent = 0; sent < 2 << 20; sent += sizeof filler - 1)
        rig_send(fd, filler, sizeof filler - 1);
    rig_expect(rig_read(fd, false), 413, "PAYLOAD_TOO_LARGE");
    say(fd, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    rig_expect(rig_read(fd, false), 200, NULL);
    close(fd);
    /* Too much even for that. */
    fd = post_of(64 << 20, JSON_TYPE);
    for (size_t sent = 0; sent < 40 << 20; sent += sizeof filler - 1)
        rig_send(fd, filler, sizeof filler - 1);
    struct http_reply reply = rig_read(fd, false);
    ck_assert_ptr_nonnull(strstr(reply.head, "Connection: close"));
    rig_expect(reply, 413, "PAYLOAD_TOO_LARGE");
    close(fd);
    /* A client that asks first need not send. */
    fd = post_of(2 << 20, JSON_TYPE "Expect: 100-continue\r\n");
    rig_expect(rig_read(fd, false), 413, NULL);
    close(fd);
    fd = post_of(2, JSON_TYPE "Expect: 100-continue\r\n");
    char buffer[26];
    ck_assert_int_eq(recv(fd, buffer, 25, MSG_WAITALL), 25);
    ck_assert_int_eq(strncmp(buffer, "HTTP/1.1 100", 12), 0);
    rig_send(fd, "{}", 2);
    rig_expect(rig_read(fd, false), 201, NULL);
    close(fd);
    /* Nobody's body is kept. */
    rig_expect(rig_request("POST", "/goals", JSON_TYPE, filler), 401, NULL);
    rig_stop();
}
END_TEST

/* All of them go at once, so that nobody is left whose going could wake the listener. */
START_TEST(listens_again_after_too_many)
{
    int guests[12];

    setenv("TRACTION_MAX_CONNECTIONS", "8", 1);
    rig_start();
    for (int round = 0; round < 30; round++) {
        for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
            guests[i] = rig_dial();
        poll(NULL, 0, 20);
        for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
            close(guests[i]);
        poll(NULL, 0, 20);
        rig_expect(rig_get("/health/live", ""), 200, NULL);
    }
    rig_stop();
}
END_TEST

/* A kept-alive connection of that address, unused after one request; -1 when it gets no answer. */
static int idle_from(const char *address)
{
    struct sockaddr_in from = {.sin_family = AF_INET},
                       to = {.sin_family = AF_INET, .sin_port = htons(rig_port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    inet_pton(AF_INET, address, &from.sin_addr);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)(void *)&from, sizeof from), 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)(void *)&to, sizeof to), 0);
    say(fd, "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
    rig_expect(rig_read(fd, false), 200, NULL);
    return fd;
}

static bool is_open(int fd)
{
    struct pollfd end = {.fd = fd, .events = POLLIN};

    return poll(&end, 1, 50) == 0;
}

/* The idle time is a minute: who comes would have to wait for it. */
START_TEST(makes_room_for_those_who_come)
{
    int first, other, crowd[40];

    setenv("TRACTION_MAX_CONNECTIONS", "32", 1);
    setenv("TRACTION_IDLE_TIMEOUT_MS", "60000", 1);
    setenv("TRACTION_HEADER_TIMEOUT_MS", "60000", 1);
    rig_start();
    other = idle_from("127.0.0.2");
    first = idle_from("127.0.0.3");
    for (size_t i = 0; i < 40; i++)
        crowd[i] = idle_from("127.0.0.3");
    ck_assert(is_open(other)); /* idle for longer than any, but alone */
    ck_assert(!is_open(first) && !is_open(crowd[0]));
    ck_assert(is_open(crowd[39]));
    /* Silent ones give way likewise. */
    for (size_t i = 0; i < 40; i++) {
        close(crowd[i]);
        crowd[i] = rig_dial();
        ck_assert_int_ge(crowd[i], 0);
    }
    close(idle_from("127.0.0.4"));
    ck_assert(is_open(other));
    rig_stop();
}
END_TEST

START_TEST(does_not_take_a_proxy_for_one_client)
{
    int proxy[20], client[8];

    setenv("TRACTION_MAX_CONNECTIONS", "32", 1);
    setenv("TRACTION_IDLE_TIMEOUT_MS", "60000", 1);
    setenv("TRACTION_TRUSTED_PROXIES", "192.0.2.0/24, 127.0.0.2", 1);
    rig_start();
    for (size_t i = 0; i < 20; i++)
        proxy[i] = idle_from("127.0.0.2");
    for (size_t i = 0; i < 8; i++)
        client[i] = idle_from("127.0.0.3");
    close(idle_from("127.0.0.4"));
    for (size_t i = 0; i < 20; i++)
        ck_assert_msg(is_open(proxy[i]), "the proxy's connection %zu is closed", i);
    ck_assert(!is_open(client[0]));
    ck_assert(is_open(client[7]));
    rig_stop();
}
END_TEST

/* Milliseconds until the other side closes; nothing may come before. */
static int64_t closed_after(int fd)
{
    int64_t began_us = monotonic_us();
    char byte;

    ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
    close(fd);
    return (monotonic_us() - began_us) / 1000;
}

START_TEST(times_clients_out)
{
    rig_start();
    int silent = rig_dial(), half = rig_dial(), body = post_of(10, JSON_TYPE), idle = rig_dial();

    say(half, "GET /health HTTP/1.1\r\nHos");
    rig_send(body, "{", 1);
    say(idle, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    rig_expect(rig_read(idle, false), 200, NULL);
    ck_assert_int_lt(closed_after(silent), 2000);
    ck_assert_int_lt(closed_after(half), 1000);
    ck_assert_int_lt(closed_after(body), 1000);
    ck_assert_int_gt(closed_after(idle), 100);
    rig_stop();
}
END_TEST

/* Takes at most `size` bytes every 100 ms, until the other side broke the connection off (false) or
 * everything came. */
static bool take_slowly(int fd, size_t size)
{
    static char buffer[1 << 20];
    struct pollfd broken = {.fd = fd};
    size_t all = 0;
    ssize_t got = 1;

    while (got > 0 && poll(&broken, 1, 100) == 0) {
        got = recv(fd, buffer, size, 0);
        all += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    return all > HUGE_SIZE;
}

START_TEST(times_readers_out)
{
    char text[5000];

    rig_start();
    snprintf(text, sizeof text,
             "GET /goals/huge HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n",
             rig_auth(NULL, ""));
    int fd = rig_dial();
    say(fd, text);
    int64_t began_us = monotonic_us();
    ck_assert(!take_slowly(fd, 1));
    ck_assert_int_lt(monotonic_us() - began_us, 5 * 1000000);
    /* A slow one that goes on reading gets everything. */
    fd = rig_dial();
    say(fd, text);
    ck_assert(take_slowly(fd, 1 << 20));
    rig_stop();
}
END_TEST

START_TEST(answers_slow_uploads_of_nobody)
{
    rig_start();
    int fd = rig_dial();
    const char *text = "POST /goals HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx";
    say(fd, text);
    rig_expect(rig_read(fd, false), 401, "Connection: close\r\n"); /* after 5 s */
    close(fd);
    rig_stop();
}
END_TEST

START_TEST(waits_for_slow_services)
{
    setenv("TRACTION_REQUEST_TIMEOUT_MS", "800", 1);
    rig_start();
    rig_expect(rig_get("/goals/slow", rig_auth(NULL, "")), 200, "\"was\":\"slow\"");
    rig_expect(rig_request("PUT", "/goals/never", rig_auth(NULL, JSON_TYPE), "{}"), 504,
               "UPSTREAM_TIMEOUT");
    rig_stop();
}
END_TEST

START_TEST(survives_impatient_clients)
{
    char text[5000];

    rig_start();
    for (int i = 0; i < 3; i++) {
        int fd = rig_dial();
        snprintf(text, sizeof text, "GET /kpis/%s HTTP/1.1\r\nHost: a\r\n%s\r\n", i ? "k" : "slow",
                 rig_auth(NULL, ""));
        say(fd, text);
        close(fd);
    }
    poll(NULL, 0, 2 * SLOW_MS);
    rig_expect(rig_get("/kpis/k", rig_auth(NULL, "")), 200, NULL);
    rig_stop();
}
END_TEST

static int ask_never(const char *method, const char *version, const char *more)
{
    char text[5000];
    int fd = rig_dial();

    snprintf(text, sizeof text, "%s /goals/never HTTP/%s\r\nHost: a\r\n%s%s\r\n", method, version,
             rig_auth(NULL, ""), more);
    say(fd, text);
    poll(NULL, 0, 50);
    return fd;
}

/* Waits until the service was told of so many calls that nobody waits for any more. */
static void expect_gone(int count)
{
    char part[20];
    bool synced = false;

    snprintf(part, sizeof part, "\"gone\":%d,", count);
    for (int i = 0; i < 40 && !synced; i++) {
        struct http_reply reply = rig_get("/goals/g", rig_auth(NULL, ""));
        synced = strstr(reply.body, part) != NULL;
        rig_free(&reply);
        poll(NULL, 0, synced ? 0 : 50);
    }
    ck_assert_msg(synced, "not %s", part);
}

START_TEST(gives_up_calls_of_those_who_leave)
{
    const struct linger reset = {.l_onoff = 1};

    setenv("TRACTION_REQUEST_TIMEOUT_MS", "20000", 1);
    setenv("TRACTION_MAX_IN_FLIGHT", "4", 1); /* and gives their places back */
    rig_start();
    close(ask_never("GET", "1.1", ""));
    expect_gone(1);
    int fd = ask_never("GET", "1.1", "");
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    expect_gone(2);
    fd = ask_never("GET", "1.1", "");
    say(fd, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"); /* what is not read hides no end */
    close(fd);
    expect_gone(3);
    fd = ask_never("GET", "1.0", "");
    shutdown(fd, SHUT_WR); /* looks the same, and counts as leaving */
    expect_gone(4);
    close(fd);
    /* A write is not given up: whoever sent it may count on it. */
    close(ask_never("PUT", "1.1", "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
    poll(NULL, 0, 800);
    expect_gone(4);
    rig_stop();
}
END_TEST

START_TEST(stops_while_calls_are_under_way)
{
    char text[5000];

    rig_start();
    int fd = rig_dial();
    snprintf(text, sizeof text, "GET /goals/never HTTP/1.1\r\nHost: a\r\n%s\r\n",
             rig_auth(NULL, ""));
    say(fd, text);
    poll(NULL, 0, 200);
    rig_stop();
    rig_expect(rig_read(fd, false), 503, "SERVICE_UNAVAILABLE");
    close(fd);
}
END_TEST

/* `limit` lets one call be under way; `elsewhere` is what another service is asked meanwhile. */
static void fill_up(const char *limit, int elsewhere)
{
    char text[5000];

    setenv(limit, "1", 1);
    rig_start();
    rig_expect(rig_get("/goals/g", rig_auth(NULL, "")), 200, NULL);
    int fd = rig_dial();
    snprintf(text, sizeof text, "GET /goals/slow HTTP/1.1\r\nHost: a\r\n%s\r\n",
             rig_auth(NULL, ""));
    say(fd, text);
    poll(NULL, 0, 100);
    rig_expect(rig_get("/goals/g", rig_auth(NULL, "")), 503, "Retry-After: 1\r\n");
    rig_expect(rig_get("/kpis", rig_auth(NULL, "")), elsewhere, NULL);
    rig_expect(rig_get("/health", ""), 200, NULL);
    rig_expect(rig_read(fd, false), 200, NULL);
    close(fd);
    rig_expect(rig_get("/goals/g", rig_auth(NULL, "")), 200, NULL);
    rig_stop();
}

START_TEST(refuses_more_than_it_can_hold)
{
    fill_up("TRACTION_MAX_IN_FLIGHT", 503);
}
END_TEST

START_TEST(refuses_more_than_a_service_can_hold)
{
    fill_up("TRACTION_QUEUE_LENGTH", 200);
}
END_TEST

/* More of one tenant than may be at a service: what comes after them waits, and neither the same
 * tenant's calls of another service do nor another tenant's. */
START_TEST(lets_a_tenant_wait_for_itself)
{
    static const char other[] = "{\"tenant_id\": \"other\"}";
    char text[5000];

    setenv("TRACTION_TENANT_IN_FLIGHT", "1", 1);
    setenv("TRACTION_REQUEST_TIMEOUT_MS", "20000", 1);
    rig_start();
    int first = ask_never("GET", "1.1", "");
    rig_expect(rig_get("/kpis", rig_auth(NULL, "")), 200, NULL);
    rig_expect(rig_get("/goals/g", rig_auth(other, "")), 200, NULL);
    int second = rig_dial();
    snprintf(text, sizeof text, "GET /goals/g HTTP/1.1\r\nHost: a\r\n%s\r\n", rig_auth(NULL, ""));
    say(second, text);
    struct pollfd answer = {.fd = second, .events = POLLIN};
    ck_assert_int_eq(poll(&answer, 1, 200), 0);
    close(first); /* whoever leaves frees the place */
    rig_expect(rig_read(second, false), 200, NULL);
    close(second);
    rig_stop();
}
END_TEST

START_TEST(does_without_a_service)
{
    char without[4];

    snprintf(without, sizeof without, "%d", SERVICE_KPIS);
    setenv("RIG_WITHOUT", without, 1);
    rig_start();
    int64_t began_us = monotonic_us();
    rig_expect(rig_get("/kpis", rig_auth(NULL, "")), 503, "Retry-After: 1\r\n");
    rig_expect(rig_get("/goals", rig_auth(NULL, "")), 200, "\"learned\":1");
    ck_assert_int_lt(monotonic_us() - began_us, 1000000);
    rig_expect(rig_get("/health/ready", ""), 503, "\"success\":false");
    rig_expect(rig_get("/health/detailed", ""), 503,
               "{\"component\":\"svc-kpis\",\"status\":\"Unhealthy\",\"description\":\"is not "
               "connected\"");
    rig_stop();
}
END_TEST

START_TEST(does_without_a_database)
{
    setenv("RIG_NO_DATABASE", "1", 1);
    rig_start();
    rig_expect(rig_get("/health/ready", ""), 503,
               "{\"component\":\"svc-kpis database\",\"status\":\"Unhealthy\"");
    rig_stop();
}
END_TEST

static const char *named(const char *name, int issued_s)
{
    static char claims[100];

    snprintf(claims, sizeof claims, "{\"name\":\"%s\",\"iat\":%d}", name, issued_s);
    return claims;
}

START_TEST(syncs_callers)
{
    rig_start();
    rig_expect(rig_get("/goals", rig_auth(named("Ann", 1000), "")), 200,
               "\"lastName\":\"Ann\",\"learned\":1,");
    rig_expect(rig_get("/kpis", rig_auth(named("Ann", 1000), "")), 200, "\"learned\":1,");
    rig_expect(rig_get("/goals", rig_auth(named("Ann", 2000), "")), 200, "\"learned\":2,");
    rig_expect(rig_get("/goals", rig_auth(named("Ben", 3000), "")), 200,
               "\"lastName\":\"Ben\",\"learned\":3,");
    rig_expect(rig_get("/goals", rig_auth(named("Old", 1500), "")), 200,
               "\"lastName\":\"Ben\",\"learned\":3,");
    rig_expect(rig_get("/goals", rig_auth(named("Cat", 3000), "")), 200,
               "\"lastName\":\"Cat\",\"learned\":4,");
    rig_expect(rig_get("/goals", rig_auth("{\"name\":null,\"iat\":9000}", "")), 200,
               "\"lastName\":\"Cat\",\"learned\":4,");
    rig_stop();
}
END_TEST

START_TEST(limits_rates_per_user)
{
    setenv("TRACTION_RATE_LIMIT", "2", 1);
    rig_start();
    for (int i = 0; i < 3; i++) /* which never counts */
        rig_expect(rig_request("HEAD", "/goals", rig_auth(NULL, ""), NULL), 200, NULL);
    rig_expect(rig_get("/goals", rig_auth(NULL, "")), 200, NULL);
    rig_expect(rig_get("/goals", rig_auth(NULL, "")), 200, NULL);
    struct http_reply reply = rig_get("/goals", rig_auth(NULL, ""));
    ck_assert_ptr_nonnull(strstr(reply.head, "\r\nRetry-After: "));
    rig_expect(reply, 429, "RATE_LIMITED");
    rig_expect(rig_request("HEAD", "/goals", rig_auth(NULL, ""), NULL), 200, NULL);
    rig_expect(rig_get("/goals", rig_auth("{\"sub\":\"other\"}", "")), 200, NULL);
    rig_stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gateway_http");
    const TTest *const tests[] = {refuses_what_is_ambiguous,
                                  takes_large_heads,
                                  takes_heads_of_many_fields,
                                  keeps_connections,
                                  bounds_bodies,
                                  times_clients_out,
                                  listens_again_after_too_many,
                                  makes_room_for_those_who_come,
                                  does_not_take_a_proxy_for_one_client,
                                  times_readers_out,
                                  answers_slow_uploads_of_nobody,
                                  waits_for_slow_services,
                                  survives_impatient_clients,
                                  gives_up_calls_of_those_who_leave,
                                  stops_while_calls_are_under_way,
                                  refuses_more_than_it_can_hold,
                                  refuses_more_than_a_service_can_hold,
                                  lets_a_tenant_wait_for_itself,
                                  does_without_a_service,
                                  does_without_a_database,
                                  syncs_callers,
                                  limits_rates_per_user};

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        TCase *one = tcase_create(tests[i]->name);
        tcase_set_timeout(one, 60);
        tcase_add_checked_fixture(one, setup, NULL);
        tcase_add_test(one, tests[i]);
        suite_add_tcase(suite, one);
    }
    return suite_finish(suite);
}
