/* How a service comes to take requests: the schema is what it knows, its role may not too much, the
 * bus is up, the program's own start is done. Until then the process is alive and says at /readyz
 * what it waits for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus.h"
#include "config.h"
#include "fiber.h"
#include "log.h"
#include "migrate.h"
#include "process.h"
#include "runtime_queries.h"
#include "timestamp.h"

enum {
    CHECK_MS = 2000,      /* between looks at a schema that is not there yet */
    ROLE_CHECK_MS = 5000, /* deadline of one question */
    ROLE_PAUSE_MS = 500,
    PURGE_MS = 60 * 1000,
    ENDPOINT_SIZE = 256,
};

/* --- Background work --- */

struct background {
    struct process *process;
    void (*work)(struct process *process);
    struct loop_timer *timer;
    bool running;
    struct background *next;
};

static void background_run(void *argument)
{
    struct background *background = argument;

    background->work(background->process);
    background->running = false;
}

static void background_due(void *argument)
{
    struct background *background = argument;

    if (!background->running && !background->process->stopping)
        background->running = fiber_start(background_run, background);
}

void service_every(struct process *process, int64_t every_ms, void (*work)(struct process *process))
{
    struct background *background = calloc(1, sizeof *background);

    if (!background)
        abort();
    *background =
        (struct background){.process = process, .work = work, .next = process->background};
    background->timer =
        loop_timer_new(process->loop, every_ms, every_ms, background_due, background);
    process->background = background;
}

void background_destroy(struct process *process)
{
    while (process->background) {
        struct background *background = process->background;
        process->background = background->next;
        loop_timer_destroy(&background->timer);
        free(background);
    }
}

/* --- The role --- */

struct role {
    struct str name;
    bool superuser, bypasses, owner;
};
static const struct field role_fields[] = {
    FIELD(role, name, "name", .flags = FIELD_INTERNAL),
    FIELD(role, superuser, "superuser", .flags = FIELD_INTERNAL),
    FIELD(role, bypasses, "bypasses", .flags = FIELD_INTERNAL),
    FIELD(role, owner, "owner", .flags = FIELD_INTERNAL),
};
static const struct model role_model = MODEL("Role", role, role_fields);

static bool role_ask(struct process *process, struct arena *arena, struct role *role)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct session *session = session_begin(process->database, arena, false, &nobody,
                                            monotonic_us() + ROLE_CHECK_MS * INT64_C(1000));
    bool found = false;

    session_ask_row(session, ROLE_CHECK, NOTHING, AS(role, role), &found);
    bool good = session_wait(session) == DB_OK && found;
    session_end(&session);
    return good;
}

/* Row level security is the last wall between tenants: a role that it does not bind is refused. */
static bool role_ok(struct process *process, const struct role *role)
{
    const char *what = role->superuser  ? "is a superuser"
                       : role->bypasses ? "has BYPASSRLS"
                       : role->owner    ? "owns the schema"
                                        : NULL;

    if (!what)
        return true;
    log_error("refusing to run: the database role is not bound by row level security",
              LOG_TEXT("role", role->name), LOG_CSTR("reason", what));
    fprintf(stderr,
            "traction: %s: the role " STR_FMT " of TRACTION_DATABASE_URL %s; use the role "
            "svc_%s that --migrate makes\n",
            process->name, STR_ARG(role->name), what, process->program->schema);
    return false;
}

/* Asks until there is an answer. False when the process is to end. */
static bool role_checked(struct process *process)
{
    struct arena *arena = arena_new();
    struct role role = {.name = STR_NONE};
    bool asked = false;

    while (!process->stopping && !(asked = role_ask(process, arena, &role))) {
        process->missing = "the database does not answer";
        fiber_sleep(ROLE_PAUSE_MS);
        arena_reset(arena);
    }
    if (asked && !role_ok(process, &role)) {
        asked = false;
        process_fail(process, EXIT_DATABASE);
    }
    arena_destroy(&arena);
    return asked;
}

/* --- The bus --- */

static const char *endpoints_of(enum service service, char *text)
{
    static const enum config_key keys[SERVICE_COUNT] = {
        [SERVICE_GOALS] = CONFIG_GOALS_ENDPOINTS,
        [SERVICE_KPIS] = CONFIG_KPIS_ENDPOINTS,
        [SERVICE_OPERATIONS] = CONFIG_OPERATIONS_ENDPOINTS,
        [SERVICE_ANALYTICS] = CONFIG_ANALYTICS_ENDPOINTS,
        [SERVICE_REALTIME] = CONFIG_REALTIME_ENDPOINTS,
    };
    const char *configured = config_cstr(keys[service]);

    return configured ? configured
                      : bus_default_endpoint(config_cstr(CONFIG_BUS_DIR), service_names[service],
                                             text, ENDPOINT_SIZE);
}

static void clients_open(struct process *process)
{
    const enum service *service = process->program->calls;
    char text[ENDPOINT_SIZE];

    /* Nobody waits for a service that is down: what asks it answers without, or fails at once. */
    for (; service && *service != SERVICE_GATEWAY; service++)
        process->clients[*service] =
            bus_client_new(process->loop, service_names[*service], endpoints_of(*service, text),
                           (size_t)config_int(CONFIG_FIBERS) * 4, 0);
}

static bool server_open(struct process *process)
{
    const char *endpoint = config_cstr(CONFIG_BUS_LISTEN);
    const char *folder = config_cstr(CONFIG_BUS_DIR);
    char text[ENDPOINT_SIZE];

    if (!endpoint) {
        if (mkdir(folder, 0700) && errno != EEXIST)
            log_error("the bus's folder cannot be made", LOG_CSTR("folder", folder),
                      LOG_CSTR("reason", strerror(errno)));
        endpoint = bus_default_endpoint(folder, process->name, text, sizeof text);
    }
    process->server =
        bus_server_new(process->loop, endpoint, (size_t)config_int(CONFIG_QUEUE_LENGTH),
                       dispatch_arrived, process->dispatch);
    if (process->server)
        log_info("takes requests", LOG_CSTR("endpoint", endpoint));
    return process->server != NULL;
}

/* In a fiber, because it asks the database. */
static void open_for_requests(void *argument)
{
    struct process *process = argument;
    const struct service_program *program = process->program;

    if (!role_checked(process))
        return;
    service_every(process, PURGE_MS, idempotency_purge);
    clients_open(process);
    if (!server_open(process) || (program->start && !program->start(process))) {
        process_fail(process, EXIT_FAILURE);
        return;
    }
    if (process->stopping)
        return;
    process->missing = NULL;
    dispatch_open(process->dispatch);
}

/* --- The schema --- */

static void database_open(struct process *process)
{
    process->missing = "connecting to the database";
    process->database = database_new(
        process->loop, &(struct database_config){
                           .url = config_cstr(CONFIG_DATABASE_URL),
                           .process = process->name,
                           .readers = (size_t)config_int(CONFIG_DATABASE_READERS),
                           .writers = (size_t)config_int(CONFIG_DATABASE_WRITERS),
                           .request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS),
                           .statements = {process->program->statements, runtime_statements},
                       });
    if (!fiber_start(open_for_requests, process))
        abort();
}

/* On the loop's own stack: the check is a blocking one. */
static void check_schema(void *argument)
{
    struct process *process = argument;
    const char *reason = "";

    if (process->stopping)
        return;
    switch (migrate_check(config_cstr(CONFIG_DATABASE_URL), process->program->schema,
                          process->program->migrations, &reason)) {
    case SCHEMA_CURRENT:
        database_open(process);
        break;
    case SCHEMA_OLDER:
    case SCHEMA_UNREACHABLE:
        process->missing = reason;
        log_warning("waiting for the database", LOG_CSTR("reason", reason));
        loop_timer_set(process->check, CHECK_MS, 0);
        break;
    case SCHEMA_NEWER:
    case SCHEMA_CHANGED:
        log_error("refusing to run on this schema", LOG_CSTR("reason", reason));
        process_fail(process, EXIT_DATABASE);
        break;
    }
}

void process_start(struct process *process)
{
    process->check = loop_timer_new(process->loop, 0, 0, check_schema, process);
}
