/* The steps until a service takes requests: check the schema and the role, start the bus, run the
 * program's own start. Until then the process runs and /readyz says what it waits for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus.h"
#include "config.h"
#include "crash.h"
#include "event_log.h"
#include "event_path.h"
#include "fiber.h"
#include "log.h"
#include "migrate.h"
#include "peers.h"
#include "process.h"
#include "role.h"
#include "runtime_queries.h"
#include "timestamp.h"

enum {
    CHECK_MS = 2000,    /* between looks at a schema that is not there yet */
    READY_LOOK_MS = 10, /* between looks whether the database is connected */
    MEET_MS = 500,      /* for services that start at the same time */
    PURGE_MS = 60 * 1000,
};

/* --- The bus --- */

/* Calls do not wait for a service that is down: the caller answers without it, or fails at once. */
static void client_open(struct process *process, enum service service)
{
    char text[PEER_ENDPOINT_SIZE];

    if (!process->clients[service])
        process->clients[service] =
            bus_client_new(process->loop, service_names[service], peer_endpoints(service, text),
                           (size_t)config_int(CONFIG_FIBERS) * 4, 0);
}

static void clients_open(struct process *process)
{
    const enum service *service = process->program->calls;
    const struct consumer_spec *spec = process->program->consumes;

    for (; service && *service != SERVICE_GATEWAY; service++)
        client_open(process, *service);
    for (; spec && spec->source != SERVICE_GATEWAY; spec++)
        client_open(process, spec->source);
}

/* So that the request crashes no other replica. A log context is only set inside a fiber, where the
 * bus is not in use. */
static void name_fatal_request(void *argument, const struct log_context *context)
{
    const struct process *process = argument;

    bus_server_crashed(process->server, context->request_id.data);
}

static bool server_open(struct process *process)
{
    const char *endpoint = config_cstr(CONFIG_BUS_LISTEN);
    const char *folder = config_cstr(CONFIG_BUS_DIR);
    char text[PEER_ENDPOINT_SIZE];

    if (!endpoint) {
        if (mkdir(folder, 0700) && errno != EEXIST)
            log_error("the bus's folder cannot be made", LOG_CSTR("folder", folder),
                      LOG_CSTR("reason", strerror(errno)));
        endpoint = bus_default_endpoint(folder, process->name, text, sizeof text);
    }
    process->server =
        bus_server_new(process->loop, endpoint, (size_t)config_int(CONFIG_QUEUE_LENGTH),
                       dispatch_arrived, process->dispatch);
    crash_then(name_fatal_request, process);
    if (process->server)
        log_info("takes requests", LOG_CSTR("endpoint", endpoint));
    return process->server && events_open(process, endpoint);
}

/* Services that start together should be connected before the first request, or its answer would
 * lack another service's part. The wait is short: a service also runs alone. */
static void meet_others(struct process *process)
{
    const enum service *service = process->program->calls;
    int64_t until_us = monotonic_us() + MEET_MS * INT64_C(1000);

    for (; service && *service != SERVICE_GATEWAY; service++)
        while (!bus_client_connected(process->clients[*service]) && !process->stopping &&
               monotonic_us() < until_us)
            fiber_sleep(READY_LOOK_MS);
}

static void run_task(struct process *process)
{
    bool good;

    clients_open(process);
    process->missing = NULL;
    log_info("begins a task", LOG_CSTR("option", process->task->option));
    good = process->task->run(process);
    process_fail(process, good ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* In a fiber, because the program's start may ask the database. */
static void open_for_requests(void *argument)
{
    struct process *process = argument;
    const struct service_program *program = process->program;

    while (!database_ready(process->database)) {
        if (process->stopping)
            return;
        fiber_sleep(READY_LOOK_MS);
    }
    if (!database_check(process->database)) {
        process_fail(process, EXIT_FAILURE);
        return;
    }
    if (process->task) {
        run_task(process);
        return;
    }
    service_every(process, PURGE_MS, idempotency_purge);
    clients_open(process);
    if (!server_open(process) || (program->start && !program->start(process))) {
        process_fail(process, EXIT_FAILURE);
        return;
    }
    meet_others(process);
    if (process->stopping)
        return;
    process->missing = NULL;
    dispatch_open(process->dispatch);
    events_consume(process, "");
    leases_start(process);
}

/* --- The schema --- */

static void database_open(struct process *process)
{
    process->missing = "connecting to the database";
    leases_new(process);
    process->database = database_new(
        process->loop,
        &(struct database_config){
            .url = config_cstr(CONFIG_DATABASE_URL),
            .process = process->name,
            .readers = (size_t)config_int(CONFIG_DATABASE_READERS),
            .long_readers = (size_t)config_int(CONFIG_DATABASE_LONG_READERS),
            .writers = (size_t)config_int(CONFIG_DATABASE_WRITERS),
            .settings = process->task ? process->task->settings : NULL,
            .request_timeout_ms = config_int(CONFIG_REQUEST_TIMEOUT_MS),
            .invalidate = process->leases ? leases_invalidate : NULL,
            .argument = process,
            .statements = {process->program->statements, runtime_statements, events_statements},
        });
    if (!fiber_start(open_for_requests, process))
        abort();
}

static void refuse(struct process *process, const char *reason)
{
    log_error("refusing to run on this database", LOG_CSTR("reason", reason));
    process_fail(process, EXIT_DATABASE);
}

static void wait_for_database(struct process *process, const char *reason)
{
    process->missing = reason;
    log_warning("waiting for the database", LOG_CSTR("reason", reason));
    loop_timer_set(process->check, CHECK_MS, 0);
}

static void check_role(struct process *process)
{
    const char *reason = "";

    switch (role_check(config_cstr(CONFIG_DATABASE_URL), service_schemas[process->program->service],
                       &reason)) {
    case ROLE_BOUND:
        database_open(process);
        break;
    case ROLE_UNREACHABLE:
        wait_for_database(process, reason);
        break;
    case ROLE_PRIVILEGED:
        fprintf(stderr,
                "traction: the role of TRACTION_DATABASE_URL %s, so row level security would not "
                "bind it; use svc_%s, which --migrate makes\n",
                reason, service_schemas[process->program->service]);
        refuse(process, reason);
        break;
    case ROLE_POOLED:
        fprintf(stderr, "traction: TRACTION_DATABASE_URL: %s\n", reason);
        refuse(process, reason);
        break;
    }
}

/* On the loop's own stack: these checks block. */
static void check_schema(void *argument)
{
    struct process *process = argument;
    const char *reason = "";

    if (process->stopping)
        return;
    switch (migrate_check(config_cstr(CONFIG_DATABASE_URL),
                          service_schemas[process->program->service], process->program->migrations,
                          &reason)) {
    case SCHEMA_CURRENT:
        check_role(process);
        break;
    case SCHEMA_OLDER:
    case SCHEMA_UNREACHABLE:
        wait_for_database(process, reason);
        break;
    case SCHEMA_NEWER:
    case SCHEMA_CHANGED:
        refuse(process, reason);
        break;
    }
}

void process_start(struct process *process)
{
    process->check = loop_timer_new(process->loop, 0, 0, check_schema, process);
}
