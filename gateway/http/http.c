/* The listener over libmicrohttpd, run from our loop: its epoll descriptor is watched, and it is
 * run again before the loop sleeps whenever connections were resumed or have work left.
 *
 * libmicrohttpd tolerates much and limits little, so the head passes the request validation in the
 * first handler call, and time limits are kept by http_scan.c. */
#include "http.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_limiter.h"
#include "http_listen.h"
#include "http_state.h"
#include "log.h"
#include "memory.h"

enum {
    POOL_SIZE =
        40 * 1024, /* of a connection: heads of 32 KiB, a list of their fields, the answer's */
    SCAN_MS = 250,
    CLOSE_TURNS = 100, /* in each of which libmicrohttpd accepts a few */
};

static struct http_peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info->socket_context;
}

static void on_connection(void *argument, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = argument;
    struct http_peer *peer = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        peer = peer_new(http, connection);
        limiter_enter(
            http->limiter, peer,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
        limiter_close_idle(http->limiter, http);
        *context = peer;
        return;
    }
    assert(!peer->exchange);
    limiter_leave(http->limiter, peer);
    peer_free(peer);
    /* One less than the most: libmicrohttpd had stopped to listen, and begins again when it is run
     * the next time, which nothing else might lead to. */
    http->again = true;
    *context = NULL;
}

/* libmicrohttpd would parse the query into the connection's small pool, some 70 bytes for each
 * parameter, and nobody here reads it there: it finds an empty one. */
static void hide_query(const char *target)
{
    union {
        const char *in;
        char *out;
    } query = {.in = strchr(target, '?')}; /* the library's own buffer, which it changes next */

    if (query.in)
        query.out[1] = '\0';
}

/* libmicrohttpd would copy the cookies into the pool, and list them, and nobody here reads them: it
 * looks into the first field of that name, which is this empty one. */
static void hide_cookies(struct MHD_Connection *connection)
{
    MHD_set_connection_value(connection, MHD_HEADER_KIND, http_hidden_field, "");
}

/* The request line has come, still as it was sent: afterwards libmicrohttpd changes it in place. */
static void *on_target(void *argument, const char *target, struct MHD_Connection *connection)
{
    struct http *http = argument;
    struct exchange_state *state = exchange_take(http);
    struct http_peer *peer = peer_of(connection);

    state->peer = peer;
    state->connection = connection;
    state->exchange.head.target = arena_copy(state->exchange.arena, str_of(target));
    if (target)
        hide_query(target);
    hide_cookies(connection);
    peer->exchange = state;
    peer_enter(peer, PHASE_HEAD);
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
    peer_enter(state->peer, PHASE_IDLE);
    *context = NULL;
    if (http->config.ended)
        http->config.ended(http->config.argument, &state->exchange);
    exchange_give(http, state);
}

/* libmicrohttpd's decoding is not used: nothing is changed, the length stays. */
static size_t on_unescape(void *argument, struct MHD_Connection *connection, char *text)
{
    (void)argument;
    (void)connection;
    return strlen(text);
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

    if (!http->again)
        return false;
    run(http);
    return true;
}

struct http *http_new(struct loop *loop, const struct http_config *config)
{
    struct http *http = xcalloc(1, sizeof *http);

    http->config = *config;
    http->loop = loop;
    scan_set_limits(http);
    http->limiter = limiter_new(config->trusted, config->connections_max);
    http->listen_fd = http_inherit(&http->port);
    http->inherited = http->listen_fd >= 0;
    if (!http->inherited)
        http->listen_fd = http_listen(config->host, config->port, &http->port);
    if (http->listen_fd >= 0)
        /* TURBO: a socket is written without waiting for EPOLLOUT first. */
        http->daemon = MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, exchange_step,
            http, MHD_OPTION_LISTEN_SOCKET, http->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
            (unsigned)config->connections_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            (size_t)POOL_SIZE, MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
            on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, http, MHD_OPTION_END);
    if (!http->daemon) {
        log_error("cannot listen for HTTP", LOG_CSTR("host", config->host),
                  LOG_INT("port", config->port), LOG_CSTR("error", strerror(errno)));
        if (http->listen_fd >= 0)
            close(http->listen_fd);
        limiter_destroy(&http->limiter);
        free(http);
        return NULL;
    }
    int epoll_fd = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    http->watch = loop_fd_new(loop, epoll_fd, LOOP_READ, on_ready, http);
    http->scan = loop_timer_new(loop, SCAN_MS, SCAN_MS, scan, http);
    loop_before_wait(loop, on_before_wait, http);
    return http;
}

void http_hold(struct http *http)
{
    loop_fd_watch(http->watch, 0);
}

void http_release(struct http *http)
{
    loop_fd_watch(http->watch, LOOP_READ);
}

void http_drain(struct http *http)
{
    http->draining = true;
}

bool http_may_be_asked(const struct http *http)
{
    for (const struct http_peer *peer = http->peers; peer; peer = peer->next)
        if (!peer->late)
            return true;
    return false;
}

/* An inherited socket's clients are its successor's. */
void http_stop_connects(struct http *http)
{
    if (!http->inherited)
        http_refuse(http->listen_fd);
}

static bool somebody_waits(const struct http *http)
{
    struct pollfd listening = {.fd = http->listen_fd, .events = POLLIN};

    return poll(&listening, 1, 0) == 1;
}

/* Connections in the accept queue of a closed socket would be reset, so they are accepted first;
 * the queue of an inherited socket is left to the successor. */
void http_close(struct http *http)
{
    if (http->closed)
        return;
    http->closed = true;
    for (int turn = 0; turn < CLOSE_TURNS && !http->inherited && somebody_waits(http); turn++)
        run(http);
    MHD_quiesce_daemon(http->daemon);
    close(http->listen_fd);
}

void http_destroy(struct http **http)
{
    if (!*http)
        return;
    struct http *old = *http;
    http_close(old);
    run(old); /* resumed connections must have left the suspended list before the daemon stops */
    loop_before_wait_end(old->loop, on_before_wait, old);
    loop_fd_destroy(&old->watch);
    loop_timer_destroy(&old->scan);
    MHD_stop_daemon(old->daemon);
    exchange_free_spare(old);
    limiter_destroy(&old->limiter);
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
