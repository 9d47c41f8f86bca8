/* A gateway with fake services in a process of its own, and a plain HTTP client that can send what
 * no library would. The fakes answer by the first value of the route's path; everything else they
 * echo. */
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
#include "bus_server.h"
#include "config.h"
#include "gateway.h"
#include "pack.h"
#include "suite.h"
#include "token.h"

/* HUGE_SIZE is more than a socket's buffers take. */
enum { ANSWER_MOST = 2 << 20, SLOW_MS = 300, HUGE_SIZE = 12 << 20 };

struct fake {
    enum service service;
    struct bus_server *server;
    struct loop *loop;
    int learned;
    int gone;       /* calls that were never answered and given up */
    char name[300]; /* last learned */
    struct bus_request *slow, *never;
    struct loop_timer *timer;
};

struct http_reply {
    int status;
    char *head; /* NUL-terminated */
    char *body;
    size_t body_size;
};

static uint16_t rig_port;
static pid_t rig_pid;
static char rig_dir[] = "/tmp/traction-gateway-XXXXXX";

/* --- The fake services --- */

static inline void rig_text(struct buffer *out, const char *key, struct str text)
{
    pack_key(out, key);
    pack_text(out, text);
}

static inline struct str rig_echo(struct fake *fake, const struct bus_request *held)
{
    const struct request *request = &held->request;
    struct buffer out = buffer_in(held->arena, 1024);
    struct pack_open map = pack_map_open(&out);

    rig_text(&out, "service", str_of(service_names[fake->service]));
    rig_text(&out, "operation", request->operation);
    rig_text(&out, "requestId", request->request_id);
    rig_text(&out, "traceparent", request->traceparent);
    rig_text(&out, "tenant", request->tenant);
    rig_text(&out, "user", request->user);
    rig_text(&out, "name", request->user_name);
    rig_text(&out, "path", request->path);
    rig_text(&out, "command", request->command);
    rig_text(&out, "lastName", str_of(fake->name));
    map.count += 10;
    pack_key(&out, "learned");
    pack_int(&out, fake->learned);
    pack_key(&out, "gone");
    pack_int(&out, fake->gone);
    pack_key(&out, "source");
    pack_int(&out, request->command_source);
    pack_key(&out, "ifVersion");
    pack_int(&out, request->if_version);
    pack_key(&out, "goalLimit");
    pack_int(&out, request->limits[LIMIT_GOALS]);
    map.count += 5;
    const struct {
        const char *key;
        struct str packed;
    } parts[] = {
        {"values", request->path_values}, {"query", request->query}, {"body", request->body}};
    for (size_t i = 0; i < 3; i++) {
        pack_key(&out, parts[i].key);
        if (parts[i].packed.data)
            pack_raw(&out, parts[i].packed);
        else
            pack_nil(&out);
        map.count++;
    }
    pack_map_close(&out, map);
    return buffer_str(&out);
}

static inline struct str rig_pair(struct arena *arena, const char *key, struct str text)
{
    struct buffer out = buffer_in(arena, 64 + text.size);

    pack_map(&out, 1);
    rig_text(&out, key, text);
    return buffer_str(&out);
}

static inline struct str rig_file(struct arena *arena)
{
    struct buffer out = buffer_in(arena, 100);

    pack_map(&out, 3);
    rig_text(&out, "name", STR("a \"report\".pdf"));
    rig_text(&out, "type", STR("application/pdf"));
    pack_key(&out, "bytes");
    pack_bytes(&out, STR("%PDF\0\xFF"));
    return buffer_str(&out);
}

static inline void rig_slow_due(void *argument)
{
    struct fake *fake = argument;
    struct reply reply = {.http = 200, .code = STR("OK"), .version = -1};

    reply.data = rig_pair(fake->slow->arena, "was", STR("slow"));
    bus_reply(fake->slow, &reply);
    fake->slow = NULL;
}

static inline struct str rig_first_value(struct bus_request *held)
{
    struct value values;

    if (!held->request.path_values.data ||
        !unpack(held->arena, held->request.path_values, &values) || values.count == 0)
        return STR_NONE;
    return value_text(&values.pairs[0].value);
}

static inline void rig_count_gone(void *argument)
{
    struct fake *fake = argument;

    fake->gone++;
}

/* Changes the reply as the path asks. False: there is none. */
static inline bool rig_vary(struct fake *fake, struct bus_request *held, struct reply *reply)
{
    struct str mode = rig_first_value(held);
    struct arena *arena = held->arena;

    if (str_equal(mode, STR("slow"))) {
        fake->slow = held;
        loop_timer_set(fake->timer, SLOW_MS, 0);
        return false;
    }
    if (str_equal(mode, STR("never"))) {
        held->next = fake->never;
        fake->never = held;
        bus_request_watch(held, rig_count_gone, fake);
        return false;
    }
    if (str_equal(mode, STR("missing"))) {
        *reply = reply_failure(STATUS_GOAL_NOT_FOUND, STR_NONE);
    } else if (str_equal(mode, STR("newer"))) {
        *reply = reply_failure(STATUS_CONFLICT, STR("Said by a newer service"));
        reply->code = STR("CODE_OF_TOMORROW");
    } else if (str_equal(mode, STR("invalid"))) {
        *reply = reply_failure(STATUS_VALIDATION_ERROR, STR_NONE);
        reply->errors = rig_pair(arena, "connections.goalIds[2]", STR("does not exist"));
    } else if (str_equal(mode, STR("versioned")) || str_equal(mode, STR("degraded"))) {
        reply->data = rig_pair(arena, "id", STR("one"));
        reply->version = 5;
        if (str_equal(mode, STR("degraded")))
            reply->degraded = STR("svc-kpis");
    } else if (str_equal(mode, STR("file"))) {
        reply->data = rig_file(arena);
        reply->file = true;
    } else if (str_equal(mode, STR("extra"))) {
        reply->data = STR_NONE;
        reply->extra = rig_pair(arena, "deletedIssueId", STR("i1"));
    } else if (str_equal(mode, STR("big")) || str_equal(mode, STR("huge"))) {
        size_t size = str_equal(mode, STR("big")) ? 5000 : HUGE_SIZE;
        char *text = arena_alloc(arena, size);
        memset(text, 'a', size);
        reply->data = rig_pair(arena, "text", (struct str){text, size});
    }
    return true;
}

static inline void rig_arrived(void *argument, struct bus_request *held)
{
    struct fake *fake = argument;
    struct reply reply = {.http = 200, .code = STR("OK"), .version = -1};
    struct str operation = held->request.operation;
    struct value body;

    if (str_equal(operation, STR("ping"))) {
        struct buffer out = buffer_in(held->arena, 20);
        pack_map(&out, 1);
        pack_key(&out, "database");
        pack_bool(&out, !getenv("RIG_NO_DATABASE") || fake->service != SERVICE_KPIS);
        reply.data = buffer_str(&out);
    } else if (str_equal(operation, STR("learnPerson"))) {
        if (unpack(held->arena, held->request.body, &body)) {
            fake->learned++;
            snprintf(fake->name, sizeof fake->name, STR_FMT,
                     STR_ARG(value_text(value_get(&body, "name"))));
        }
    } else {
        reply.data = rig_echo(fake, held);
        if (str_equal(operation, STR("createGoal"))) {
            reply.http = 201;
            reply.code = STR("CREATED");
            reply.location = STR("/goals/new");
            reply.version = 1;
        } else if (str_equal(operation, STR("getGoals"))) {
            reply.page = rig_pair(held->arena, "page", STR("1"));
        }
        if (!rig_vary(fake, held, &reply))
            return;
    }
    bus_reply(held, &reply);
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
    char endpoint[200];

    signal(SIGPIPE, SIG_IGN);
    log_open("gateway-rig", getenv("RIG_LOG") ? LOG_DEBUG : LOG_ERROR);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        if (getenv("RIG_WITHOUT") && atoi(getenv("RIG_WITHOUT")) == service)
            continue;
        struct fake *fake = &fakes[service];
        fake->service = (enum service)service;
        fake->loop = loop;
        fake->timer = loop_timer_new(loop, 1000000, 0, rig_slow_due, fake);
        bus_default_endpoint(rig_dir, service_names[service], endpoint, sizeof endpoint);
        fake->server = bus_server_new(loop, endpoint, 1000, rig_arrived, fake);
    }
    struct gateway *gateway = gateway_new(loop);
    if (!gateway)
        _exit(3);
    loop_on_signal(loop, SIGTERM, rig_on_term, loop);
    loop_run(loop);
    gateway_destroy(&gateway);
    for (int service = SERVICE_GOALS; service < SERVICE_COUNT; service++) {
        struct fake *fake = &fakes[service];
        bus_server_destroy(&fake->server);
        while (fake->never) {
            struct bus_request *next = fake->never->next;
            bus_drop(fake->never);
            fake->never = next;
        }
    }
    loop_destroy(&loop);
    bus_shutdown();
    exit(0); /* so that leaks are looked for */
}

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

static inline struct http_reply rig_get(const char *path, const char *fields);
static inline void rig_free(struct http_reply *reply);

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

/* --- The client --- */

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
    struct http_reply reply = {.head = calloc(1, ANSWER_MOST)};
    size_t size = 0, wanted = ANSWER_MOST - 1;
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

/* Asserts on an answer and releases it. Parts separated by NULL must be in head or body. */
static inline void rig_expect(struct http_reply reply, int status, const char *part)
{
    ck_assert_msg(reply.status == status, "%d instead of %d: %s", reply.status, status, reply.head);
    ck_assert_msg(!part || strstr(reply.head, part), "no %s in %s", part, reply.head);
    rig_free(&reply);
}

#endif
