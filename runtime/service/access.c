/* What handlers and the other files of this folder ask of the process that they are part of. */
#include <stdlib.h>

#include "log.h"
#include "process.h"

struct loop *service_loop(struct process *process)
{
    return process->loop;
}

struct database *service_database(struct process *process)
{
    return process->database;
}

struct bus_client *service_client(struct process *process, enum service service)
{
    struct bus_client *client = process->clients[service];

    if (!client) {
        log_error("a call of a service that the program does not name",
                  LOG_CSTR("service", service_names[service]));
        abort();
    }
    return client;
}

bool service_stopping(const struct process *process)
{
    return process->stopping;
}

void process_fail(struct process *process, int exit_status)
{
    process->exit_status = exit_status;
    loop_stop(process->loop);
}
