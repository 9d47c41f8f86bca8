/* The listener over libmicrohttpd, run from our loop: its epoll descriptor is watched, and it is
 * run again before the loop sleeps whenever connections were resumed or have work left.
 *
 * libmicrohttpd tolerates much and limits little, so the head passes the hygiene gate in the first
 * handler call, and time limits are kept here: each connection is in one phase, and a coarse timer
 * shuts down those that have been in it too long. */
#include "http.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "http_listen.h"
#include "log.h"

enum {
    POOL_SIZE = 12 * 1024, /* of a connection: request heads up to about 11 KiB, and the answer's */
    SPARE_MOST = 64,       /* exchanges kept for reuse */
    BODY_FIRST = 16 * 1024,
    SCAN_MS = 250,
    DISCARD_BYTES_MOST = 32 << 20,
    DISCARD_MS = 5000,
    LINGER_MS = 2000,
    SENDING_FACTOR = 10 /* times the idle limit */
};

enum phase {
    PHASE_IDLE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_DISCARD, /* the body is read and thrown away */
    PHASE_SERVED,  /* by the product, which has limits of its own */
    PHASE_SENDING,
    PHASE_LINGER, /* answered in the middle of the body; the client may still be writing */
    PHASE_COUNT
};

struct peer {
    struct http *http;
    int fd;
    enum phase phase;
    int64_t since_us;
    struct exchange_state *exchange;
    struct peer *next, *before;
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_SERVED, STAGE_SUSPENDED, STAGE_ANSWERED, STAGE_LINGER };

struct field {
    const char *name, *value;
};

struct exchange_state {
    struct exchange exchange; /* what the handler sees */
    struct peer *peer;
    struct MHD_Connection *connection;
    enum stage stage;
    bool wanted; /* the body */
    struct buffer body;
    size_t discarded; /* bytes of the body */
    bool close;
    int status;
    struct str answer;
    struct field fields[HTTP_FIELDS_MOST];
    size_t field_count;
    struct exchange_state *next_spare;
};

struct http {
    struct http_config config;
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct loop_fd *watch;
    struct loop_timer *scan;
    int listen_fd;
    uint16_t port;
    bool again; /* connections were resumed, or have work left */
    bool draining;
    struct peer *peers;
    size_t peer_count;
    struct exchange_state *spare;
    size_t spare_count;
    size_t exchange_count;
    int64_t limits_us[PHASE_COUNT]; /* 0: none */
};

static void enter(struct peer *peer, enum phase phase)
{
    peer->phase = phase;
    peer->since_us = loop_now_us(peer->http->loop);
}

static struct exchange_state *exchange_take(struct http *http)
{
    struct exchange_state *state = http->spare;
    struct arena *arena;

    if (state) {
        http->spare = state->next_spare;
        http->spare_count--;
        arena = state->exchange.arena;
    } else {
        state = malloc(sizeof *state);
        arena = arena_new();
    }
    if (!state)
        abort();
    memset(state, 0, sizeof *state);
    state->exchange.arena = arena;
    state->exchange.state = state;
    http->exchange_count++;
    return state;
}

static void exchange_give(struct http *http, struct exchange_state *state)
{
    http->exchange_count--;
    if (http->spare_count == SPARE_MOST) {
        arena_destroy(&state->exchange.arena);
        free(state);
        return;
    }
    arena_reset(state->exchange.arena);
    state->next_spare = http->spare;
    http->spare = state;
    http->spare_count++;
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info->socket_context;
}

static void on_connection(void *argument, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = argument;
    struct peer *peer = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        peer = calloc(1, sizeof *peer);
        if (!peer)
            abort();
        peer->http = http;
        peer->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        peer->next = http->peers;
        if (peer->next)
            peer->next->before = peer;
        http->peers = peer;
        http->peer_count++;
        enter(peer, PHASE_HEAD);
        *context = peer;
        return;
    }
    assert(!peer->exchange);
    if (peer->next)
        peer->next->before = peer->before;
    *(peer->before ? &peer->before->next : &http->peers) = peer->next;
    http->peer_count--;
    free(peer);
    *context = NULL;
}

/* The request line has come, still as it was sent: afterwards libmicrohttpd changes it in place. */
static void *on_target(void *argument, const char *target, struct MHD_Connection *connection)
{
    struct http *http = argument;
    struct exchange_state *state = exchange_take(http);
    struct peer *peer = peer_of(connection);

    state->peer = peer;
    state->connection = connection;
    state->exchange.head.target = arena_copy(state->exchange.arena, str_of(target));
    peer->exchange = state;
    enter(peer, PHASE_HEAD);
    return state;
}

static void on_completed(void *argument, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct http *http = argument;
    struct exchange_state *state = *context;

    (void)connection;
    (void)code;
    if (!state)
        return;
    state->peer->exchange = NULL;
    enter(state->peer, PHASE_IDLE);
    *context = NULL;
    exchange_give(http, state);
}

/* libmicrohttpd's decoding is not used: nothing is changed, the length stays. */
static size_t on_unescape(void *argument, struct MHD_Connection *connection, char *text)
{
    (void)argument;
    (void)connection;
    return strlen(text);
}

static enum MHD_Result on_field(void *argument, enum MHD_ValueKind kind, const char *name,
                                size_t name_size, const char *value, size_t value_size)
{
    struct exchange_state *state = argument;

    (void)kind;
    head_add(&state->exchange.head, state->exchange.arena, (struct str){name, name_size},
             (struct str){value ? value : "", value_size});
    return MHD_YES;
}

void http_field(struct exchange *exchange, const char *name, const char *value)
{
    struct exchange_state *state = exchange->state;

    assert(state->field_count < HTTP_FIELDS_MOST);
    state->fields[state->field_count++] = (struct field){name, value};
}

void http_close_after(struct exchange *exchange)
{
    exchange->state->close = true;
}

void http_answer(struct exchange *exchange, int status, struct str body)
{
    struct exchange_state *state = exchange->state;

    assert(state->stage == STAGE_SERVED || state->stage == STAGE_SUSPENDED);
    state->status = status;
    state->answer = body;
    if (state->stage == STAGE_SUSPENDED) {
        MHD_resume_connection(state->connection);
        state->peer->http->again = true;
    }
    state->stage = STAGE_ANSWERED;
}

static enum MHD_Result send_answer(struct exchange_state *state)
{
    struct http *http = state->peer->http;
    union {
        const char *in;
        void *out;
    } bytes = {.in = state->answer.data}; /* the library takes no const, but changes nothing */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(state->answer.size, bytes.out, MHD_RESPMEM_PERSISTENT);

    if (!response)
        abort();
    for (size_t i = 0; i < state->field_count; i++)
        if (MHD_add_response_header(response, state->fields[i].name, state->fields[i].value) !=
            MHD_YES)
            log_error("an answer's header field is not valid",
                      LOG_CSTR("name", state->fields[i].name));
    if (state->close || http->draining)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result queued =
        MHD_queue_response(state->connection, (unsigned)state->status, response);
    MHD_destroy_response(response);
    enter(state->peer, PHASE_SENDING);
    return queued;
}

/* Lets the handler answer, and sends that or suspends until it comes. */
static enum MHD_Result serve(struct exchange_state *state)
{
    struct http *http = state->peer->http;

    state->stage = STAGE_SERVED;
    enter(state->peer, PHASE_SERVED);
    http->config.arrived(http->config.argument, &state->exchange);
    if (state->stage == STAGE_ANSWERED)
        return send_answer(state);
    assert(!state->exchange.too_large && !state->exchange.head.fault);
    state->stage = STAGE_SUSPENDED;
    MHD_suspend_connection(state->connection);
    return MHD_YES;
}

/* What is claimed is only reserved up to a point: the rest must have been sent. */
static size_t body_guess(const struct head *head)
{
    if (head->length < 0)
        return head->chunked ? BODY_FIRST : 1;
    return head->length < BODY_FIRST ? (size_t)head->length : BODY_FIRST;
}

static enum MHD_Result take_head(struct exchange_state *state, const char *method,
                                 const char *version)
{
    struct http *http = state->peer->http;
    struct head *head = &state->exchange.head;

    head->method = str_of(method);
    head->version = str_of(version);
    MHD_get_connection_values_n(state->connection, MHD_HEADER_KIND, on_field, state);
    head_finish(head);
    if (head->fault) {
        state->close = true;
        return serve(state);
    }
    state->wanted = http->config.head(http->config.argument, &state->exchange);
    bool large = head->length > (int64_t)http->config.body_most;
    if (head->fields[HEAD_EXPECT].data && large) {
        /* The client asks before it sends, so nothing has to be discarded. */
        state->exchange.too_large = true;
        state->close = true;
        return serve(state);
    }
    state->stage = STAGE_BODY;
    enter(state->peer, state->wanted && !large ? PHASE_BODY : PHASE_DISCARD);
    if (state->wanted && !large)
        state->body = buffer_in(state->exchange.arena, body_guess(head));
    state->exchange.too_large = large;
    return MHD_YES;
}

/* libmicrohttpd takes no answer in the middle of a body, so this one is sent past it. What the
 * client goes on sending is read for a while, or the answer would be lost with a reset. */
static void answer_early(struct exchange_state *state)
{
    struct http *http = state->peer->http;
    struct buffer out = buffer_in(state->exchange.arena, 1024);

    state->exchange.too_large = true;
    state->stage = STAGE_SERVED;
    http->config.arrived(http->config.argument, &state->exchange);
    assert(state->stage == STAGE_ANSWERED);
    struct str line = arena_printf(
        state->exchange.arena, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
        state->status, MHD_get_reason_phrase_for((unsigned)state->status), state->answer.size);
    buffer_append(&out, line.data, line.size);
    for (size_t i = 0; i < state->field_count; i++) {
        line = arena_printf(state->exchange.arena, "%s: %s\r\n", state->fields[i].name,
                            state->fields[i].value);
        buffer_append(&out, line.data, line.size);
    }
    buffer_append(&out, "\r\n", 2);
    buffer_append(&out, state->answer.data, state->answer.size);
    /* Small, and the first thing sent: it fits the socket's buffer, or the client is gone. */
    ssize_t sent = send(state->peer->fd, out.data, out.size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (ssize_t)out.size)
        log_debug("an early answer did not go out", LOG_INT("sent", sent));
    shutdown(state->peer->fd, SHUT_WR);
    state->stage = STAGE_LINGER;
    enter(state->peer, PHASE_LINGER);
}

static enum MHD_Result take_body(struct exchange_state *state, const char *data, size_t size)
{
    struct http *http = state->peer->http;

    if (state->wanted && !state->exchange.too_large) {
        if (size <= http->config.body_most - state->body.size) {
            buffer_append(&state->body, data, size);
            return MHD_YES;
        }
        state->exchange.too_large = true;
        state->discarded = state->body.size;
        enter(state->peer, PHASE_DISCARD);
    }
    state->discarded += size;
    if (state->discarded > DISCARD_BYTES_MOST)
        answer_early(state);
    return MHD_YES;
}

static enum MHD_Result on_request(void *argument, struct MHD_Connection *connection,
                                  const char *url, const char *method, const char *version,
                                  const char *data, size_t *size, void **context)
{
    struct exchange_state *state = *context;
    size_t upload = *size;

    (void)argument;
    (void)connection;
    (void)url;
    *size = 0; /* whatever came is taken */
    switch (state->stage) {
    case STAGE_HEAD:
        return take_head(state, method, version);
    case STAGE_BODY:
        if (upload > 0)
            return take_body(state, data, upload);
        state->exchange.body = state->body.data ? buffer_str(&state->body) : STR("");
        return serve(state);
    case STAGE_ANSWERED:
        return send_answer(state);
    case STAGE_LINGER:
        return upload > 0 ? MHD_YES : MHD_NO; /* all read: now it may be closed */
    case STAGE_SERVED:
    case STAGE_SUSPENDED:
        break;
    }
    return MHD_NO;
}

static void run(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    http->again = false;
    MHD_run(http->daemon);
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES && wait_ms == 0)
        http->again = true;
}

static void on_ready(void *argument, int events)
{
    (void)events;
    run(argument);
}

static bool on_before_wait(void *argument)
{
    struct http *http = argument;

    if (!http->again || !http->daemon)
        return false;
    run(http);
    return true;
}

static void on_scan(void *argument)
{
    struct http *http = argument;
    int64_t now_us = loop_now_us(http->loop);

    for (struct peer *peer = http->peers; peer; peer = peer->next) {
        int64_t limit_us = http->limits_us[peer->phase];
        if (limit_us == 0 || now_us - peer->since_us < limit_us)
            continue;
        if (peer->phase == PHASE_DISCARD)
            answer_early(peer->exchange);
        else
            shutdown(peer->fd, SHUT_RDWR); /* libmicrohttpd sees the end and closes */
    }
}

static void set_limits(struct http *http)
{
    const struct http_config *config = &http->config;

    http->limits_us[PHASE_IDLE] = config->idle_ms * 1000;
    http->limits_us[PHASE_HEAD] = config->header_ms * 1000;
    http->limits_us[PHASE_BODY] = config->body_ms * 1000;
    http->limits_us[PHASE_DISCARD] = DISCARD_MS * 1000;
    http->limits_us[PHASE_SENDING] = config->idle_ms * 1000 * SENDING_FACTOR;
    http->limits_us[PHASE_LINGER] = LINGER_MS * 1000;
}

struct http *http_new(struct loop *loop, const struct http_config *config)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http)
        abort();
    http->config = *config;
    http->loop = loop;
    set_limits(http);
    http->listen_fd = http_listen(config->host, config->port, &http->port);
    if (http->listen_fd >= 0)
        /* TURBO: a socket is written without waiting for EPOLLOUT first. */
        http->daemon = MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, on_request,
            http, MHD_OPTION_LISTEN_SOCKET, http->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
            (unsigned)config->connections_most, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            (size_t)POOL_SIZE, MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
            on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, http, MHD_OPTION_END);
    if (!http->daemon) {
        log_error("cannot listen for HTTP", LOG_CSTR("host", config->host),
                  LOG_INT("port", config->port), LOG_CSTR("error", strerror(errno)));
        if (http->listen_fd >= 0)
            close(http->listen_fd);
        free(http);
        return NULL;
    }
    int epoll_fd = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    http->watch = loop_fd_new(loop, epoll_fd, LOOP_READ, on_ready, http);
    http->scan = loop_timer_new(loop, SCAN_MS, SCAN_MS, on_scan, http);
    loop_before_wait(loop, on_before_wait, http);
    return http;
}

void http_drain(struct http *http)
{
    if (http->draining)
        return;
    http->draining = true;
    MHD_quiesce_daemon(http->daemon);
    close(http->listen_fd);
}

void http_destroy(struct http **http)
{
    if (!*http)
        return;
    struct http *old = *http;
    http_drain(old);
    run(old); /* resumed connections must have left the suspended list before the daemon stops */
    loop_before_wait_end(old->loop, on_before_wait, old);
    loop_fd_destroy(&old->watch);
    loop_timer_destroy(&old->scan);
    MHD_stop_daemon(old->daemon);
    old->daemon = NULL;
    while (old->spare) {
        struct exchange_state *state = old->spare;
        old->spare = state->next_spare;
        arena_destroy(&state->exchange.arena);
        free(state);
    }
    free(old);
    *http = NULL;
}

size_t http_open_exchanges(const struct http *http)
{
    return http->exchange_count;
}

size_t http_connections(const struct http *http)
{
    return http->peer_count;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}
