/* The gateway: speaks HTTP to callers and msgpack over the bus to services. This file starts it and
 * stops it gracefully. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bus.h"
#include "bus_keys.h"
#include "config.h"
#include "gateway.h"
#include "memory.h"
#include "observe.h"
#include "streams.h"

enum { EXIT_USAGE = 2, SPARE_FILES = 512, REFRESH_MS = 1000, DRAIN_TICK_MS = 50, QUIET_TICKS = 4 };

struct program {
    struct loop *loop;
    struct gateway *gateway;
    struct admin *admin;
    struct loop_timer *refresh, *trim, *drain;
    int64_t stop_us; /* when draining ends at the latest */
    int quiet_ticks; /* in which nothing was under way */
};

static bool configure(void)
{
    if (!config_load() ||
        !bus_keys_configure(service_names[SERVICE_GATEWAY], service_names, SERVICE_COUNT))
        return false;
    if (config_text(CONFIG_JWT_SECRET).data || config_cstr(CONFIG_JWT_JWKS_FILE))
        return true;
    fputs("traction: TRACTION_JWT_SECRET or TRACTION_JWT_JWKS_FILE is needed to verify tokens"
          " (example: TRACTION_JWT_SECRET=(at least 32 characters))\n",
          stderr);
    return false;
}

static enum log_level log_level(void)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};

    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (strcmp(config_cstr(CONFIG_LOG_LEVEL), levels[level]) == 0)
            return (enum log_level)level;
    return LOG_INFO;
}

/* Each connection and each stream is a descriptor; the usual limit of 1,024 is too low. Streams
 * take what is left over (streams.c). */
static void raise_file_limit(void)
{
    rlim_t needed = (rlim_t)config_int(CONFIG_MAX_CONNECTIONS) + SPARE_FILES;
    rlim_t wanted = needed + (rlim_t)config_int(CONFIG_STREAMS);
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur =
        limit.rlim_max == RLIM_INFINITY || limit.rlim_max > wanted ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < needed)
        log_warning("the limit of open files is lower than TRACTION_MAX_CONNECTIONS needs",
                    LOG_INT("limit", (int64_t)limit.rlim_cur), LOG_INT("needed", (int64_t)needed));
}

static void on_refresh(void *argument)
{
    struct program *program = argument;

    auth_refresh(program->gateway->auth);
}

static void on_trim(void *argument)
{
    (void)argument;
    memory_give_back();
}

/* Stops when nothing has been under way for a few ticks, or the time is up. */
static void on_drain(void *argument)
{
    struct program *program = argument;

    if (http_open_exchanges(program->gateway->http) > 0)
        program->quiet_ticks = 0;
    else
        program->quiet_ticks++;
    if (program->quiet_ticks >= QUIET_TICKS || monotonic_us() >= program->stop_us)
        loop_stop(program->loop);
}

static void on_stop(void *argument)
{
    struct program *program = argument;

    if (program->drain) { /* told twice */
        loop_stop(program->loop);
        return;
    }
    log_info("stopping",
             LOG_INT("openRequests", (int64_t)http_open_exchanges(program->gateway->http)));
    program->gateway->draining = true;
    http_drain(program->gateway->http);
    streams_drain(program->gateway->streams);
    program->stop_us = monotonic_us() + config_int(CONFIG_DRAIN_MS) * 1000;
    program->drain = loop_timer_new(program->loop, DRAIN_TICK_MS, DRAIN_TICK_MS, on_drain, program);
}

static int run(void)
{
    struct program program = {.loop = loop_new()};

    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    program.gateway = gateway_new(program.loop);
    program.admin = program.gateway ? observe(program.gateway) : NULL;
    bool started = program.admin != NULL;
    if (started) {
        program.refresh =
            loop_timer_new(program.loop, REFRESH_MS, REFRESH_MS, on_refresh, &program);
        program.trim = loop_timer_new(program.loop, MEMORY_LOOK_MS, MEMORY_LOOK_MS, on_trim, NULL);
        loop_on_signal(program.loop, SIGTERM, on_stop, &program);
        loop_on_signal(program.loop, SIGINT, on_stop, &program);
        log_info("listening", LOG_CSTR("host", config_cstr(CONFIG_HOST)),
                 LOG_INT("port", http_port(program.gateway->http)));
        loop_run(program.loop);
    }
    admin_destroy(&program.admin);
    gateway_destroy(&program.gateway);
    loop_destroy(&program.loop);
    bus_shutdown();
    return started ? 0 : 1;
}

static const char usage[] = "usage: gateway [OPTION]\n"
                            "\n"
                            "  --check-config  say whether the TRACTION_* variables are right\n"
                            "  --help-config   list them\n"
                            "  --routes        list every route: method, path, operationId, and "
                            "\"also\" when the operation\n"
                            "                  has another path, which is the documented one\n"
                            "  --version\n"
                            "  --help\n";

static void print_routes(void)
{
    static const char *const methods[] = {"", "GET", "POST", "PUT", "DELETE"};

    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        const char *method = methods[operation->method];
        if (operation->flags & OPERATION_INTERNAL)
            continue;
        printf("%s %s %s\n", method, operation->path, operation->name);
        if (operation->also)
            printf("%s %s %s also\n", method, operation->also, operation->name);
    }
}

/* True when the option asked for text, which is printed now. */
static bool print_asked(const char *option)
{
    if (strcmp(option, "--version") == 0)
        puts("gateway " TRACTION_VERSION);
    else if (strcmp(option, "--help-config") == 0)
        config_print(stdout);
    else if (strcmp(option, "--routes") == 0)
        print_routes();
    else if (strcmp(option, "--help") == 0)
        fputs(usage, stdout);
    else
        return false;
    return true;
}

int main(int count, char **arguments)
{
    if (count == 2 && print_asked(arguments[1]))
        return 0;
    bool check = count == 2 && strcmp(arguments[1], "--check-config") == 0;
    if (count > 1 && !check) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (!configure())
        return EXIT_USAGE;
    if (check)
        return 0;
    log_open("gateway", log_level());
    timestamp_set_clock_offset(config_int(CONFIG_CLOCK_OFFSET_S));
    return run();
}
