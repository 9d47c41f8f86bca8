/* The inside of a service process, shared by the files of this folder; handlers see op.h and
 * service.h only. */
#ifndef TRACTION_PROCESS_H
#define TRACTION_PROCESS_H

#include "answers.h"
#include "bus_client.h"
#include "bus_server.h"
#include "service.h"

enum {
    EXIT_CONFIGURATION = 2, /* the environment or the options are wrong */
    EXIT_DATABASE = 3,      /* schema newer or changed, or a role with too many privileges */
};

struct background;
struct dispatch;
struct event_path;
struct leases;
struct routes;

struct process {
    const struct service_program *program;
    const struct service_task *task; /* instead of serving; NULL: serves */
    const char *name;                /* "svc-goals" */
    struct loop *loop;
    struct admin *admin;
    struct routes *routes;
    struct dispatch *dispatch;
    struct database *database;                 /* NULL until the schema fits */
    struct bus_client *clients[SERVICE_COUNT]; /* those of program->calls and ->consumes */
    struct bus_server *server;                 /* NULL until requests are taken */
    struct event_path *events;                 /* likewise */
    struct leases *leases;                     /* NULL when the program has none */
    struct loop_timer *check, *drain, *trim;
    struct background *background;
    const char *missing; /* why no requests are taken; NULL when they are */
    bool stopping;
    int64_t drain_until_us;
    unsigned quiet_looks; /* in a row, while draining */
    int exit_status;
};

/* --- routes.c: the handler of each operation, and counts of its outcomes --- */

struct operation_route {
    const struct operation *operation;
    void (*run)(struct op *op);               /* NULL: not carried out by this program */
    const struct operation_route *read_again; /* of the operation's read_again; NULL: none */
    struct answers answers;
};

struct routes *routes_new(const struct service_program *program);
void routes_destroy(struct routes **routes);
struct operation_route *routes_find(const struct routes *routes,
                                    struct str operation); /* NULL: unknown */
void routes_collect(const struct routes *routes, struct metrics *metrics);

/* --- dispatch.c: requests into fibers --- */

/* `fibers` requests at once, `writes` of them writing ones that are no leaf operations. */
struct dispatch *dispatch_new(struct process *process, size_t fibers, size_t writes);
void dispatch_destroy(struct dispatch **dispatch);
bus_request_fn dispatch_arrived;
/* Requests that arrived before were kept; from now on they are served. */
void dispatch_open(struct dispatch *dispatch);
void dispatch_collect(const struct dispatch *dispatch, struct metrics *metrics);

/* --- callers.c: who may call which operation, by the keys of the bus --- */

/* False: refused, which was counted. */
bool caller_is_allowed(const struct process *process, const struct bus_request *pending,
                       const struct operation *operation);

/* --- process.c, start.c: from the first check to the last request --- */

/* Starts the process and runs the loop; returns the exit status. `task`: NULL to serve. */
int process_run(const struct service_program *program, const struct service_task *task);
/* Starts checking the database; continues in the background until requests are taken. */
void process_start(struct process *process);

/* --- access.c, background.c; more of them in service.h --- */

/* Ends the loop with that exit status. */
void process_fail(struct process *process, int exit_status);
void background_destroy(struct process *process);

/* --- metrics of the whole process, service_metrics.c --- */
void process_collect(void *process, struct metrics *metrics);

/* --- people.c: the operations that every service has --- */
void ping(struct op *op);
void person_learn(struct op *op);

/* --- idempotency.c --- */
void idempotency_purge(struct process *process);

#endif
