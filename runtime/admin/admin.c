/* The admin listener: a libmicrohttpd daemon without a thread of its own, whose epoll descriptor is
 * watched by the process's loop. It answers from memory at once and never waits for anything, so it
 * must stay reachable when everything else is busy. */
#include "admin.h"

#include <assert.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin_listen.h"
#include "log.h"
#include "memory.h"
#include "metrics.h"
#include "timestamp.h"

enum {
    CONNECTIONS_MAX = 16,
    MEMORY_EACH = 8 * 1024,
    IDLE_SECONDS = 3,       /* libmicrohttpd's own timer: without a byte */
    TOTAL_US = 5 * 1000000, /* from accept to the end: against those who send byte by byte */
    TICK_MS = 1000,
};

struct guest { /* an open connection; fd -1 when the slot is free */
    int fd;
    int64_t since_us;
};

struct admin {
    struct admin_config config;
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct loop_fd *watch;
    struct loop_timer *tick;
    bool ticking;
    struct arena *arena; /* of one answer */
    struct guest guests[CONNECTIONS_MAX];
};

/* --- Answers --- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              struct str text)
{
    char *copy = xmalloc(text.size + 1);

    memcpy(copy, text.data, text.size);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text.size, copy, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(copy);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status,
                                   const char *text)
{
    return answer(connection, status, "text/plain; charset=utf-8", str_of(text));
}

static enum MHD_Result answer_ready(struct admin *admin, struct MHD_Connection *connection)
{
    const char *missing = admin->config.missing(admin->config.argument);

    if (!missing)
        return answer_text(connection, MHD_HTTP_OK, "ready\n");
    return answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain; charset=utf-8",
                  arena_printf(admin->arena, "not ready: %s\n", missing));
}

static enum MHD_Result answer_samples(struct MHD_Connection *connection, struct metrics *metrics)
{
    return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                  metrics_text(metrics));
}

static enum MHD_Result answer_metrics(struct admin *admin, struct MHD_Connection *connection)
{
    struct metrics *metrics = metrics_new(admin->arena);

    metrics_process(metrics);
    admin->config.collect(admin->config.argument, metrics);
    return answer_samples(connection, metrics);
}

static enum MHD_Result answer_tenants(struct admin *admin, struct MHD_Connection *connection)
{
    struct metrics *metrics = metrics_new(admin->arena);

    admin->config.collect_tenants(admin->config.argument, metrics);
    return answer_samples(connection, metrics);
}

/* Answers at the first call, before any body: libmicrohttpd then closes the connection, which every
 * answer here wants anyway. */
/* NOLINTNEXTLINE(readability-function-size): the parameters are libmicrohttpd's. */
static enum MHD_Result handle(void *argument, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **state)
{
    struct admin *admin = argument;
    enum MHD_Result result;

    (void)version;
    (void)data;
    (void)data_size;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    if (!strcmp(url, "/livez"))
        result = answer_text(connection, MHD_HTTP_OK, "alive\n");
    else if (!strcmp(url, "/readyz"))
        result = answer_ready(admin, connection);
    else if (!strcmp(url, "/metrics"))
        result = answer_metrics(admin, connection);
    else if (!strcmp(url, "/metrics/tenants") && admin->config.collect_tenants)
        result = answer_tenants(admin, connection);
    else
        result = answer_text(connection, MHD_HTTP_NOT_FOUND, "/livez, /readyz, /metrics\n");
    arena_reset(admin->arena);
    return result;
}

/* --- Connections --- */

static void connection_changed(void *argument, struct MHD_Connection *connection, void **state,
                               enum MHD_ConnectionNotificationCode code)
{
    struct admin *admin = argument;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    bool opened = code == MHD_CONNECTION_NOTIFY_STARTED;

    (void)state;
    assert(info);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct guest *guest = &admin->guests[i];
        if (guest->fd == (opened ? -1 : info->connect_fd)) {
            *guest = (struct guest){opened ? info->connect_fd : -1, monotonic_us()};
            return;
        }
    }
}

static size_t count_guests(const struct admin *admin)
{
    size_t count = 0;

    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        count += admin->guests[i].fd >= 0;
    return count;
}

/* Runs the daemon without waiting. At its connection limit it stops listening and resumes only in
 * the run after the one that closed a connection, which no event might trigger, so it is run again.
 * While connections are open it also has to check its timers; otherwise the process needs no timer.
 */
static void run(struct admin *admin)
{
    size_t before;

    do {
        before = count_guests(admin);
        MHD_run(admin->daemon);
    } while (count_guests(admin) < before);
    bool wanted = count_guests(admin) > 0;
    if (wanted && !admin->ticking)
        loop_timer_set(admin->tick, TICK_MS, TICK_MS);
    else if (!wanted && admin->ticking)
        loop_timer_stop(admin->tick);
    admin->ticking = wanted;
}

static void ready(void *argument, int events)
{
    (void)events;
    run(argument);
}

static void ticked(void *argument)
{
    struct admin *admin = argument;
    int64_t now_us = monotonic_us();

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        const struct guest *guest = &admin->guests[i];
        if (guest->fd >= 0 && now_us - guest->since_us > TOTAL_US)
            shutdown(guest->fd, SHUT_RDWR);
    }
    run(admin);
}

/* --- Start and end --- */

static int64_t port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char port[8];

    if (getsockname(fd, (struct sockaddr *)&address, &size) ||
        getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof port, NI_NUMERICSERV))
        return 0;
    return strtol(port, NULL, 10);
}

static bool daemon_start(struct admin *admin, int fd)
{
    admin->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, handle, admin, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_EACH,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, admin, MHD_OPTION_END);
    if (!admin->daemon)
        return false;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(admin->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info);
    admin->watch = loop_fd_new(admin->loop, info->epoll_fd, LOOP_READ, ready, admin);
    return true;
}

struct admin *admin_new(struct loop *loop, const struct admin_config *config)
{
    const char *what = "libmicrohttpd refused";
    struct admin *admin = xcalloc(1, sizeof *admin);

    admin->config = *config;
    admin->loop = loop;
    admin->arena = arena_new();
    admin->tick = loop_timer_new(loop, TICK_MS, TICK_MS, ticked, admin);
    admin->ticking = true; /* until it finds nobody */
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        admin->guests[i].fd = -1;
    int fd = admin_inherit();
    if (fd < 0)
        fd = admin_listen(config->host, config->port, &what);
    if (fd < 0 || !daemon_start(admin, fd)) {
        log_error("the admin listener cannot listen", LOG_CSTR("host", config->host),
                  LOG_INT("port", config->port), LOG_CSTR("reason", what));
        if (fd >= 0)
            close(fd);
        admin_destroy(&admin);
        return NULL;
    }
    log_info("the admin listener is open", LOG_CSTR("host", config->host),
             LOG_INT("port", port_of(fd)));
    return admin;
}

void admin_destroy(struct admin **pointer)
{
    struct admin *admin = *pointer;

    if (!admin)
        return;
    if (admin->watch)
        loop_fd_destroy(&admin->watch);
    if (admin->daemon)
        MHD_stop_daemon(admin->daemon); /* closes the listening socket, too */
    loop_timer_destroy(&admin->tick);
    arena_destroy(&admin->arena);
    free(admin);
    *pointer = NULL;
}
