/* The life of a service process: the order in which its parts are created and destroyed, and the
 * drain on SIGTERM. start.c has the steps until requests are taken, dispatch.c the requests. */
#include "process.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "bus.h"
#include "config.h"
#include "crash.h"
#include "event_path.h"
#include "fiber.h"
#include "log.h"
#include "memory.h"
#include "scheduler.h"
#include "timestamp.h"

enum {
    DRAIN_LOOK_MS = 20,
    BACKGROUND_FIBERS = 16,
#ifdef __SANITIZE_ADDRESS__
    STACK_SIZE = 256 * 1024,
#else
    STACK_SIZE = 64 * 1024,
#endif
};

/* --- Ending --- */

/* Ends the process when nothing is in flight, or when its time is over. It checks twice, so that
 * the last answers have been sent. */
static void drain_look(void *argument)
{
    struct process *process = argument;
    size_t pending = process->server ? bus_server_pending(process->server) : 0;
    bool over = monotonic_us() >= process->drain_until_us;

    process->quiet_looks = pending == 0 && fiber_count() == 0 ? process->quiet_looks + 1 : 0;
    if (process->quiet_looks >= 2 || over)
        loop_stop(process->loop);
}

static void on_stop(void *argument)
{
    struct process *process = argument;

    if (process->stopping) {
        log_warning("signalled twice to stop", LOG_INT("fibers", (int64_t)fiber_count()));
        _exit(EXIT_FAILURE);
    }
    process->stopping = true;
    process->missing = "shutting down";
    log_info("stopping", LOG_INT("drainMs", config_int(CONFIG_DRAIN_MS)));
    if (process->server)
        bus_server_drain(process->server);
    events_end(process);
    leases_end(process);
    process->drain_until_us = monotonic_us() + config_int(CONFIG_DRAIN_MS) * 1000;
    loop_timer_set(process->drain, DRAIN_LOOK_MS, DRAIN_LOOK_MS);
}

/* --- Beginning --- */

static const char *what_is_missing(void *argument)
{
    const struct process *process = argument;

    if (process->missing)
        return process->missing;
    if (!database_ready(process->database))
        return database_state(process->database);
    return events_missing(process);
}

/* Connections for writes that are no leaves: leaves of other services' requests that write need
 * some of their own when this service waits for others in the middle of a transaction. */
static size_t writes_at_once(const struct service_program *program)
{
    size_t writers = (size_t)config_int(CONFIG_DATABASE_WRITERS);
    size_t kept = program->calls && writers > 1 ? (writers + 3) / 4 : 0;

    return writers - kept;
}

static bool admin_open(struct process *process)
{
    process->admin = admin_new(process->loop, &(struct admin_config){
                                                  .host = config_cstr(CONFIG_ADMIN_HOST),
                                                  .port = (uint16_t)config_int(CONFIG_ADMIN_PORT),
                                                  .missing = what_is_missing,
                                                  .collect = process_collect,
                                                  .argument = process,
                                              });
    return process->admin != NULL;
}

static void trim(void *argument)
{
    (void)argument;
    memory_give_back();
}

static void signals(struct process *process)
{
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    loop_on_signal(process->loop, SIGTERM, on_stop, process);
    loop_on_signal(process->loop, SIGINT, on_stop, process);
}

static void process_new(struct process *process, const struct service_program *program)
{
    size_t fibers = (size_t)config_int(CONFIG_FIBERS);

    memory_set_up();
    scheduler_ask_slice(SCHEDULER_SHORT_SLICE); /* for ZeroMQ's threads, too */
    mallopt(M_ARENA_MAX, 3); /* the loop's, one for ZeroMQ's threads, one for use after a crash */
    process->program = program;
    process->name = service_names[program->service];
    process->missing = "starting";
    process->loop = loop_new();
    process->drain = loop_timer_new(process->loop, 0, 0, drain_look, process);
    loop_timer_stop(process->drain);
    process->trim = loop_timer_new(process->loop, MEMORY_LOOK_MS, MEMORY_LOOK_MS, trim, NULL);
    process->routes = routes_new(program);
    process->dispatch = dispatch_new(process, fibers, writes_at_once(program));
    fiber_init(process->loop, fibers + BACKGROUND_FIBERS, STACK_SIZE);
    signals(process);
}

static void process_destroy(struct process *process)
{
    bool unfinished =
        fiber_count() > 0 || (process->server && bus_server_pending(process->server) > 0);

    if (unfinished) {
        /* Their sessions are open; the server rolls them back when the connections close. */
        log_warning("ends with work under way", LOG_INT("fibers", (int64_t)fiber_count()));
        _exit(process->exit_status);
    }
    admin_destroy(&process->admin);
    background_destroy(process);
    events_destroy(process);
    crash_then(NULL, NULL);
    bus_server_destroy(&process->server);
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (process->clients[i])
            bus_client_destroy(&process->clients[i]);
    leases_destroy(process);
    if (process->database)
        database_destroy(&process->database);
    dispatch_destroy(&process->dispatch);
    routes_destroy(&process->routes);
    fiber_shutdown();
    bus_shutdown();
    loop_timer_destroy(&process->drain);
    loop_timer_destroy(&process->trim);
    if (process->check)
        loop_timer_destroy(&process->check);
    loop_destroy(&process->loop);
}

int process_run(const struct service_program *program, const struct service_task *task)
{
    struct process process = {.task = task};

    process_new(&process, program);
    /* A task runs beside the service, whose port the same configuration would name. */
    if (!task && !admin_open(&process))
        process.exit_status = EXIT_FAILURE;
    else
        process_start(&process);
    if (process.exit_status == 0)
        loop_run(process.loop);
    log_info("stopped", LOG_INT("exit", process.exit_status));
    process_destroy(&process);
    return process.exit_status;
}
