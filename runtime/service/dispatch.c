/* From the bus into fibers: which requests run and which wait, and their log lines. The number of
 * waiting ones is limited by the bus server.
 *
 * Three kinds of requests share the fibers. Leaf operations, which other services wait for, may use
 * all of them; the others leave a quarter free, so that a service full of requests that wait for
 * another service can still answer that one. Writing requests that are no leaf operations are
 * limited to the number of writing connections, less a share for leaf operations that write: more
 * would only wait in fibers. */
#include <assert.h>
#include <stdlib.h>

#include "memory.h"
#include "op_state.h"
#include "timestamp.h"

enum kind { KIND_NO_CALLS, KIND_READ, KIND_WRITE, KIND_COUNT };

struct task { /* in the request's arena */
    struct process *process;
    struct bus_request *pending;
    struct operation_route *route;
    enum kind kind;
    struct task *next;
};

struct dispatch {
    struct process *process;
    bool open;
    size_t max, max_others, max_writes;
    size_t running[KIND_COUNT];
    struct {
        struct task *first, **last;
        size_t count;
    } queues[KIND_COUNT];
    uint64_t expired, not_implemented;
};

struct dispatch *dispatch_new(struct process *process, size_t fibers, size_t writes)
{
    struct dispatch *dispatch = xcalloc(1, sizeof *dispatch);

    dispatch->process = process;
    dispatch->max = fibers;
    dispatch->max_others = fibers - fibers / 4;
    dispatch->max_writes = writes;
    for (size_t i = 0; i < KIND_COUNT; i++)
        dispatch->queues[i].last = &dispatch->queues[i].first;
    return dispatch;
}

void dispatch_destroy(struct dispatch **dispatch)
{
    free(*dispatch);
    *dispatch = NULL;
}

/* --- One request, in its fiber --- */

/* One log line per request; for successful reads, which are most requests, only at level debug. */
static void log_outcome(const struct op *op, const struct reply *reply, int64_t us)
{
    bool success = reply->http < 400;
    bool read = !(op->operation->flags & OPERATION_WRITES);
    enum log_level level = reply->http >= 500 ? LOG_WARNING
                           : success && read  ? LOG_DEBUG
                                              : LOG_INFO;

    LOG_AT(level, "request", LOG_INT("status", reply->http), LOG_TEXT("code", reply->code),
           LOG_DOUBLE("ms", (double)us / 1000.0));
}

static struct op *op_of_request(struct process *process, struct bus_request *pending,
                                const struct operation *operation)
{
    const struct request *request = &pending->request;
    struct op *op = op_new(process, pending->arena, request, operation, timestamp_now());

    op->state->pending = pending;
    op->state->keyed = (operation->flags & OPERATION_WRITES) && request->command.data &&
                       request->command_source != COMMAND_NONE;
    if (op->state->keyed)
        idempotency_prepare(op);
    return op;
}

static void serve(struct task *task)
{
    struct bus_request *pending = task->pending;
    struct op *op = op_of_request(task->process, pending, task->route->operation);

    log_use(&op->state->log);
    op_run(op, task->route->run);
    struct reply reply = op_outcome(op);
    int64_t us = monotonic_us() - pending->received_us;
    if (op_cancelled(op)) {
        log_info("request cancelled", LOG_DOUBLE("ms", (double)us / 1000.0));
    } else {
        answers_add(&task->route->answers, reply.http, us);
        log_outcome(op, &reply, us);
    }
    log_use(NULL);
    bus_reply(pending, &reply); /* and the task is gone */
}

/* --- Who may run --- */

static bool may_run(const struct dispatch *dispatch, enum kind kind)
{
    size_t others = dispatch->running[KIND_READ] + dispatch->running[KIND_WRITE];

    if (!dispatch->open || dispatch->running[KIND_NO_CALLS] + others >= dispatch->max)
        return false;
    if (kind == KIND_NO_CALLS)
        return true;
    return others < dispatch->max_others &&
           (kind == KIND_READ || dispatch->running[KIND_WRITE] < dispatch->max_writes);
}

/* The queue whose first task is next: leaf operations first, the others in order of arrival. */
static enum kind next_kind(const struct dispatch *dispatch)
{
    enum kind best = KIND_COUNT;

    for (enum kind kind = KIND_NO_CALLS; kind < KIND_COUNT; kind++) {
        const struct task *first = dispatch->queues[kind].first;
        if (!first || !may_run(dispatch, kind))
            continue;
        if (kind == KIND_NO_CALLS)
            return kind;
        if (best == KIND_COUNT ||
            first->pending->received_us < dispatch->queues[best].first->pending->received_us)
            best = kind;
    }
    return best;
}

/* Takes the next task that is not cancelled, and counts it as running. */
static struct task *next_task(struct dispatch *dispatch)
{
    int64_t now_us = 0;

    for (;;) {
        enum kind kind = next_kind(dispatch);
        if (kind == KIND_COUNT)
            return NULL;
        struct task *task = dispatch->queues[kind].first;
        dispatch->queues[kind].first = task->next;
        if (!task->next)
            dispatch->queues[kind].last = &dispatch->queues[kind].first;
        dispatch->queues[kind].count--;
        if (now_us == 0)
            now_us = monotonic_us();
        if (task->pending->deadline_us > now_us && !task->pending->cancelled) {
            dispatch->running[kind]++;
            return task;
        }
        dispatch->expired += !task->pending->cancelled;
        bus_drop(task->pending);
    }
}

/* A fiber serves one request after the other while there are any. */
static void run_fiber(void *argument)
{
    struct task *task = argument;
    struct dispatch *dispatch = task->process->dispatch;

    while (task) {
        enum kind kind = task->kind;
        serve(task);
        dispatch->running[kind]--;
        task = next_task(dispatch);
    }
}

static void start_waiting(struct dispatch *dispatch)
{
    struct task *task;

    while ((task = next_task(dispatch)) != NULL) {
        bool started = fiber_start(run_fiber, task);
        assert(started); /* there are more fibers than requests may run */
        (void)started;
    }
}

/* --- Arrival --- */

static enum kind kind_of(const struct operation *operation)
{
    if (operation->flags & OPERATION_NO_CALLS)
        return KIND_NO_CALLS;
    return operation->flags & OPERATION_WRITES ? KIND_WRITE : KIND_READ;
}

void dispatch_arrived(void *argument, struct bus_request *pending)
{
    struct dispatch *dispatch = argument;
    struct operation_route *route =
        routes_find(dispatch->process->routes, pending->request.operation);

    if (!route || !route->run) {
        struct reply reply = reply_failure(STATUS_NOT_IMPLEMENTED, STR_NONE);
        dispatch->not_implemented++;
        bus_reply(pending, &reply);
        return;
    }
    if (!caller_is_allowed(dispatch->process, pending, route->operation)) {
        struct reply reply = reply_failure(STATUS_INSUFFICIENT_PERMISSIONS, STR_NONE);
        bus_reply(pending, &reply);
        return;
    }
    struct task *task = arena_alloc(pending->arena, sizeof *task);
    *task = (struct task){dispatch->process, pending, route, kind_of(route->operation), NULL};
    *dispatch->queues[task->kind].last = task;
    dispatch->queues[task->kind].last = &task->next;
    dispatch->queues[task->kind].count++;
    start_waiting(dispatch);
}

void dispatch_open(struct dispatch *dispatch)
{
    dispatch->open = true;
    start_waiting(dispatch);
}

void dispatch_collect(const struct dispatch *dispatch, struct metrics *metrics)
{
    static const char *const labels[KIND_COUNT] = {"kind=\"leaf\"", "kind=\"read\"",
                                                   "kind=\"write\""};

    for (size_t i = 0; i < KIND_COUNT; i++) {
        metrics_gauge(metrics, "traction_requests_running", "Requests in a fiber.", labels[i],
                      (double)dispatch->running[i]);
        metrics_gauge(metrics, "traction_requests_waiting", "Requests that wait for a fiber.",
                      labels[i], (double)dispatch->queues[i].count);
    }
    metrics_counter(metrics, "traction_requests_expired_total",
                    "Requests dropped because they were cancelled or expired.", NULL,
                    (double)dispatch->expired);
    metrics_counter(metrics, "traction_requests_not_implemented_total",
                    "Requests for unknown operations.", NULL, (double)dispatch->not_implemented);
}
