/* A gateway with fake services in a separate process, and a plain HTTP client that can send invalid
 * requests. */
#ifndef TRACTION_GATEWAY_RIG_H
#define TRACTION_GATEWAY_RIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus.h"
#include "config.h"
#include "gateway.h"
#include "gateway_fakes.h"
#include "suite.h"
#include "token.h"

enum { ANSWER_MAX = 16 << 20 };

struct http_reply {
    int status;
    char *head; /* NUL-terminated */
    char *body;
    size_t body_size;
};

static uint16_t rig_port;
static pid_t rig_pid;
static char rig_dir[] = "/tmp/traction-gateway-XXXXXX";

/* --- The client --- */

static inline int rig_dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(rig_port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)(void *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline void rig_send(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the answer tells more */
        text += sent;
        size -= (size_t)sent;
    }
}

static inline char *rig_field(const struct http_reply *reply, const char *name, char *value,
                              size_t size)
{
    char key[64];

    snprintf(key, sizeof key, "\r\n%s: ", name);
    const char *at = strstr(reply->head, key);
    if (!at)
        return NULL;
    at += strlen(key);
    snprintf(value, size, "%.*s", (int)strcspn(at, "\r\n"), at);
    return value;
}

/* One answer; status 0 when the connection ended without. */
static inline struct http_reply rig_read(int fd, bool head_only)
{
    struct http_reply reply = {.head = calloc(1, ANSWER_MAX)};
    size_t size = 0, wanted = ANSWER_MAX - 1;
    char length[20];

    while (size < wanted) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, 15000) <= 0)
            break;
        ssize_t got = recv(fd, reply.head + size, reply.body ? wanted - size : 1, 0);
        if (got <= 0)
            break;
        size += (size_t)got;
        if (reply.body || size < 4 || memcmp(reply.head + size - 4, "\r\n\r\n", 4) != 0)
            continue;
        sscanf(reply.head, "HTTP/1.1 %d", &reply.status);
        if (reply.status == 100) {
            size = 0;
            continue;
        }
        reply.body = reply.head + size;
        if (rig_field(&reply, "Content-Length", length, sizeof length) && !head_only)
            reply.body_size = (size_t)atol(length);
        wanted = size + reply.body_size;
    }
    if (!reply.body)
        reply.body = reply.head + size;
    return reply;
}

static inline void rig_free(struct http_reply *reply)
{
    free(reply->head);
}

/* `text` is a whole request. */
static inline struct http_reply rig_ask(const char *text)
{
    int fd = rig_dial();

    rig_send(fd, text, strlen(text));
    struct http_reply reply = rig_read(fd, strncmp(text, "HEAD ", 5) == 0);
    close(fd);
    return reply;
}

/* `fields` are whole lines with CRLF. */
static inline struct http_reply rig_request(const char *method, const char *path,
                                            const char *fields, const char *body)
{
    size_t size = strlen(path) + strlen(fields) + (body ? strlen(body) : 0) + 200;
    char *text = malloc(size), length[60] = "";

    if (body)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    snprintf(text, size, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n%s", method, path, fields,
             length, body ? body : "");
    struct http_reply reply = rig_ask(text);
    free(text);
    return reply;
}

static inline struct http_reply rig_get(const char *path, const char *fields)
{
    return rig_request("GET", path, fields, NULL);
}

/* An Authorization line with the usual claims and `more`, with further lines; static storage. */
static inline const char *rig_auth(const char *more, const char *fields)
{
    static char line[4000];
    char *token = token_make(more);

    snprintf(line, sizeof line, "Authorization: Bearer %s\r\n%s", token, fields);
    free(token);
    return line;
}

#define JSON_TYPE "Content-Type: application/json\r\n"

/* Asserts on an answer and releases it. `part` must be in head or body; NULL: none is asked for. */
static inline void rig_expect(struct http_reply reply, int status, const char *part)
{
    ck_assert_msg(reply.status == status, "%d instead of %d: %s", reply.status, status, reply.head);
    ck_assert_msg(!part || strstr(reply.head, part), "no %s in %s", part, reply.head);
    rig_free(&reply);
}

/* --- The process --- */

static inline void rig_on_term(void *argument)
{
    loop_stop(argument);
}

static inline _Noreturn void rig_serve(void)
{
    static struct fake fakes[SERVICE_COUNT];
    struct loop *loop = loop_new();

    signal(SIGPIPE, SIG_IGN);
    log_open("gateway-rig", getenv("RIG_LOG") ? LOG_DEBUG : LOG_ERROR);
    fakes_open(fakes, loop, rig_dir);
    struct gateway *gateway = gateway_new(loop);
    if (!gateway)
        _exit(3);
    loop_on_signal(loop, SIGTERM, rig_on_term, loop);
    loop_run(loop);
    gateway_destroy(&gateway);
    fakes_close(fakes);
    loop_destroy(&loop);
    bus_shutdown();
    exit(0); /* so that leaks are looked for */
}

static inline uint16_t rig_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert(bind(fd, (struct sockaddr *)(void *)&address, sizeof address) == 0 &&
              getsockname(fd, (struct sockaddr *)(void *)&address, &size) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Starts all with TRACTION_* variables that the test has set before; waits until it is ready. */
static inline void rig_start(void)
{
    char port[8];

    ck_assert_ptr_nonnull(mkdtemp(rig_dir));
    rig_port = rig_free_port();
    snprintf(port, sizeof port, "%u", rig_port);
    setenv("TRACTION_PORT", port, 1);
    setenv("TRACTION_BUS_DIR", rig_dir, 1);
    setenv("TRACTION_JWT_SECRET", TOKEN_SECRET, 1);
    ck_assert(config_load());
    rig_pid = fork();
    if (rig_pid == 0)
        rig_serve();
    const char *path =
        getenv("RIG_WITHOUT") || getenv("RIG_NO_DATABASE") ? "/health" : "/health/ready";
    for (int i = 0; i < 200; i++) {
        int fd = rig_dial();
        if (fd >= 0) {
            close(fd);
            struct http_reply reply = rig_get(path, "");
            int status = reply.status;
            rig_free(&reply);
            if (status == 200)
                return;
        }
        poll(NULL, 0, 25);
    }
    ck_abort_msg("the gateway did not become ready");
}

/* Stops it; it must end well, without leaks. */
static inline void rig_stop(void)
{
    char command[100];
    int status;

    kill(rig_pid, SIGTERM);
    ck_assert_int_eq(waitpid(rig_pid, &status, 0), rig_pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the gateway ended with %d",
                  status);
    snprintf(command, sizeof command, "rm -rf %s", rig_dir);
    ck_assert_int_eq(system(command), 0);
}

#endif
