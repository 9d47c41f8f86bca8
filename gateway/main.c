/* The gateway: speaks HTTP to callers and msgpack over the bus to services. This file starts it and
 * stops it gracefully. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "address.h"
#include "admin_metrics.h"
#include "answer.h"
#include "bus.h"
#include "bus_keys.h"
#include "config.h"
#include "crash.h"
#include "drain.h"
#include "gateway.h"
#include "hold_ports.h"
#include "jwt.h"
#include "memory.h"
#include "operation.h"
#include "scheduler.h"

enum {
    EXIT_USAGE = 2,
    REFRESH_MS = 1000,
    START_TICK_MS = 10,
    START_MAX_MS = 1000,
};

struct program {
    struct loop *loop;
    struct gateway *gateway;
    struct admin *admin;
    struct loop_timer *refresh, *trim, *start;
    int64_t start_us; /* when clients are heard at the latest */
    struct drain *drain;
};

static bool check_proxies(void)
{
    struct str bad;
    struct networks *networks = networks_new(config_text(CONFIG_TRUSTED_PROXIES), &bad);

    if (networks) {
        networks_destroy(&networks);
        return true;
    }
    fprintf(stderr,
            "traction: TRACTION_TRUSTED_PROXIES: \"" STR_FMT
            "\" is no address and no network (example: 10.0.0.0/8,192.0.2.7,fd00::/8)\n",
            STR_ARG(bad));
    return false;
}

static bool check_console(void)
{
    struct str authority = config_text(CONFIG_CONSOLE_AUTHORITY);

    if (!authority.data || console_authority_usable(authority))
        return true;
    fprintf(stderr,
            "traction: TRACTION_CONSOLE_AUTHORITY: \"" STR_FMT
            "\" is no http or https address (example: https://login.example.com/realms/acme)\n",
            STR_ARG(authority));
    return false;
}

/* Where keys come from: one place for public ones, beside secrets or instead of them. */
static bool check_provider(void)
{
    struct key_source_config provider = gateway_provider();
    bool file = config_cstr(CONFIG_JWT_JWKS_FILE) != NULL, url = provider.url != NULL;
    char why[512] = "";

    if (file + url + provider.discovery > 1)
        snprintf(why, sizeof why,
                 "TRACTION_JWT_JWKS_FILE, TRACTION_JWT_JWKS_URL and TRACTION_JWT_DISCOVERY exclude "
                 "one another");
    else if (url || provider.discovery)
        key_source_check(&provider, why, sizeof why);
    else if (!file && !config_text(CONFIG_JWT_SECRET).data)
        snprintf(why, sizeof why,
                 "TRACTION_JWT_SECRET, TRACTION_JWT_JWKS_FILE, TRACTION_JWT_JWKS_URL or "
                 "TRACTION_JWT_DISCOVERY is needed to verify tokens"
                 " (example: TRACTION_JWT_SECRET=(at least 32 characters))");
    if (why[0])
        fprintf(stderr, "traction: %s\n", why);
    return why[0] == '\0';
}

static bool configure(void)
{
    if (!config_load() || !check_proxies() || !check_console() ||
        !bus_keys_configure(service_names[SERVICE_GATEWAY], service_names, SERVICE_COUNT))
        return false;
    return check_provider();
}

/* What `configure` does not look into, because a running gateway reads it again. */
static bool check_keys(void)
{
    const char *path = config_cstr(CONFIG_JWT_JWKS_FILE);
    char why[256];

    if (!path || jwt_file_usable(path, why, sizeof why))
        return true;
    fprintf(stderr, "traction: TRACTION_JWT_JWKS_FILE: \"%s\" cannot be used: %s\n", path, why);
    return false;
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

    if (auth_refresh(program->gateway->auth, monotonic_us()))
        streams_renew(program->gateway->streams);
}

static void on_trim(void *argument)
{
    (void)argument;
    memory_give_back();
}

/* Clients may already be connected to an inherited socket: their requests are read when the
 * services are connected, or after a time limit. */
static void on_start(void *argument)
{
    struct program *program = argument;

    if (health_missing(program->gateway->health) && monotonic_us() < program->start_us)
        return;
    loop_timer_stop(program->start);
    http_release(program->gateway->http);
}

static void stop(struct program *program, bool patient)
{
    if (program->drain) /* told twice */
        loop_stop(program->loop);
    else
        program->drain = drain_new(program->gateway, patient);
}

static void on_terminate(void *argument)
{
    stop(argument, true);
}

static void on_interrupt(void *argument)
{
    stop(argument, false);
}

/* Validates the tables before anything is derived from them. */
static bool validate_tables(void)
{
    char why[200];

    if (operations_validate(operations, operation_count, why, sizeof why))
        return true;
    log_error("a table is not valid", LOG_CSTR("reason", why));
    return false;
}

static int run(void)
{
    memory_set_up();
    scheduler_ask_slice(SCHEDULER_SHORT_SLICE); /* for ZeroMQ's threads, too */
    struct program program = {.loop = loop_new()};

    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    program.gateway = gateway_new(program.loop);
    program.admin = program.gateway ? admin_metrics_open(program.gateway) : NULL;
    bool started = program.admin != NULL;
    if (started) {
        program.refresh =
            loop_timer_new(program.loop, REFRESH_MS, REFRESH_MS, on_refresh, &program);
        program.trim = loop_timer_new(program.loop, MEMORY_LOOK_MS, MEMORY_LOOK_MS, on_trim, NULL);
        program.start_us = monotonic_us() + START_MAX_MS * INT64_C(1000);
        program.start =
            loop_timer_new(program.loop, START_TICK_MS, START_TICK_MS, on_start, &program);
        http_hold(program.gateway->http);
        crash_then(answer_crashed, NULL);
        loop_on_signal(program.loop, SIGTERM, on_terminate, &program);
        loop_on_signal(program.loop, SIGINT, on_interrupt, &program);
        log_info("listening", LOG_CSTR("host", config_cstr(CONFIG_HOST)),
                 LOG_INT("port", http_port(program.gateway->http)));
        loop_run(program.loop);
    }
    crash_then(NULL, NULL);
    drain_destroy(&program.drain);
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
                            "  --hold-ports N COMMAND [ARGUMENT...]\n"
                            "                  run COMMAND with TRACTION_PORT and the N-1 ports "
                            "that follow open as\n"
                            "                  descriptors 3 and up; a gateway takes descriptor 3 "
                            "when it is started\n"
                            "                  with LISTEN_PID and LISTEN_FDS, as by systemd\n"
                            "  --routes        list every route: method, path, operationId, and "
                            "\"also\" when the operation\n"
                            "                  has another path, which is the documented one\n"
                            "  --services      list every other program that takes requests\n"
                            "  --version\n"
                            "  --help\n";

static void print_services(void)
{
    for (int service = SERVICE_GATEWAY + 1; service < SERVICE_COUNT; service++)
        puts(service_names[service]);
}

static void print_routes(void)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        const char *method = method_names[operation->method];
        if (operation->flags & OPERATION_INTERNAL)
            continue;
        printf("%s %s %s\n", method, operation->path, operation->name);
        struct str others[ADDRESSES_MAX];
        size_t count = address_others(arena, operation, others);
        for (size_t other = 0; other < count; other++)
            printf("%s " STR_FMT " %s also\n", method, STR_ARG(others[other]), operation->name);
    }
    arena_destroy(&arena);
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
    else if (strcmp(option, "--services") == 0)
        print_services();
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
    int ports = count > 3 && strcmp(arguments[1], "--hold-ports") == 0 ? atoi(arguments[2]) : 0;
    if (count > 1 && !check && ports < 1) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (!configure())
        return EXIT_USAGE;
    if (check)
        return check_keys() ? 0 : EXIT_USAGE;
    if (ports > 0) {
        hold_ports(ports, arguments + 3);
        return EXIT_FAILURE;
    }
    if (!log_configure("gateway"))
        return EXIT_FAILURE;
    crash_open();
    timestamp_set_clock_offset(config_int(CONFIG_CLOCK_OFFSET_S));
    return validate_tables() ? run() : EXIT_FAILURE;
}
