/* From the bus into fibers: which requests run and which wait. The number of waiting ones is
 * limited by the bus server.
 *
 * Three kinds of requests share the fibers. Leaf operations, which other services wait for, may use
 * all of them; the others leave a quarter free, so that a service full of requests that wait for
 * another service can still answer that one. Writing requests that are no leaf operations are
 * limited to the number of writing connections, less a share for leaf operations that write: more
 * would only wait in fibers. Of each kind, fibers are handed out tenant by tenant, by the time that
 * requests keep them (docs/fairness.md).
 *
 * A write whose row another write of this process is about to change waits for its turn before it
 * waits for a fiber. */
#include <assert.h>
#include <stdlib.h>

#include "fair_queue.h"
#include "memory.h"
#include "op_state.h"
#include "owner.h"
#include "slow_log.h"
#include "timestamp.h"
#include "trace.h"
#include "turns.h"

enum kind { KIND_NO_CALLS, KIND_READ, KIND_WRITE, KIND_COUNT };
enum {
    RESERVED = 8, /* one of so many slots is kept for tenants below their share */
    SHARING = 4,  /* one of so many writes may be to one row whose lock they share */
};

struct task { /* in the request's arena */
    struct process *process;
    struct bus_request *pending;
    struct operation_route *route;
    enum kind kind;
    struct fair_item place;
    struct turn turn; /* with a row when the operation has turns */
};

struct dispatch {
    struct process *process;
    bool open;
    size_t max, max_others, max_writes;
    struct fair_queue *queue; /* a class for each kind */
    struct turns turns;
    struct slow_log slow;
    uint64_t expired, not_implemented;
};

struct dispatch *dispatch_new(struct process *process, size_t fibers, size_t writes)
{
    struct dispatch *dispatch = xcalloc(1, sizeof *dispatch);

    dispatch->process = process;
    dispatch->max = fibers;
    dispatch->max_others = fibers - fibers / 4;
    dispatch->max_writes = writes;
    dispatch->queue = fair_queue_new();
    fair_queue_slots(dispatch->queue, KIND_NO_CALLS, dispatch->max, dispatch->max / RESERVED);
    fair_queue_slots(dispatch->queue, KIND_READ, dispatch->max_others,
                     dispatch->max_others / RESERVED);
    fair_queue_slots(dispatch->queue, KIND_WRITE, dispatch->max_writes,
                     dispatch->max_writes / RESERVED);
    turns_init(&dispatch->turns, writes < SHARING ? 1 : writes / SHARING);
    dispatch->slow = slow_log_new();
    return dispatch;
}

void dispatch_destroy(struct dispatch **dispatch)
{
    fair_queue_destroy(&(*dispatch)->queue);
    turns_free(&(*dispatch)->turns);
    free(*dispatch);
    *dispatch = NULL;
}

/* --- Turns of the writes to one row, or to what a tenant has once --- */

/* The first value of the path; absent when there is none. */
static struct str row_of(struct bus_request *pending, const struct operation *operation)
{
    struct str name = operation_row_name(operation), row = STR_NONE;
    struct value values;

    if (!pending->request.path_values.data ||
        !unpack(pending->arena, pending->request.path_values, &values))
        return STR_NONE;
    for (size_t i = 0; values.type == VALUE_MAP && i < values.count; i++)
        if (str_equal(values.pairs[i].key, name))
            row = value_text(&values.pairs[i].value);
    return row;
}

/* Tenant and row, or the tenant alone; absent when the operation has no turns. */
static struct str turn_key(struct bus_request *pending, const struct operation *operation)
{
    const struct request *request = &pending->request;
    bool of_row = operation->flags & (OPERATION_LOCKS_ROW | OPERATION_SHARES_ROW);
    struct str row = of_row ? row_of(pending, operation) : STR_NONE;

    if (!(of_row || (operation->flags & OPERATION_LOCKS_TENANT)) || request->tenant.size == 0 ||
        (of_row && row.size == 0))
        return STR_NONE;
    return arena_printf(pending->arena, STR_FMT "\n" STR_FMT, STR_ARG(request->tenant),
                        STR_ARG(row)); /* neither has control characters */
}

static void queue_task(struct dispatch *dispatch, struct task *task)
{
    fair_add(dispatch->queue, task->kind, &task->place, task->pending->request.tenant);
}

/* The task has ended or never begins; those whose turn it is wait for a fiber. */
static void end_turn(struct dispatch *dispatch, struct task *task)
{
    struct turn *begins = task->turn.row ? turn_end(&dispatch->turns, &task->turn) : NULL;

    for (struct turn *next; begins; begins = next) {
        next = begins->next;
        queue_task(dispatch, OWNER_OF(begins, struct task, turn));
    }
}

/* --- One request, in its fiber --- */

static struct op *op_of_request(const struct task *task)
{
    struct bus_request *pending = task->pending;
    const struct request *request = &pending->request;
    const struct operation *operation = task->route->operation;
    struct op *op = op_new(task->process, pending->arena, request, operation, timestamp_now());

    op->state->pending = pending;
    op->state->log.traceparent = trace_span(op->arena, request->traceparent);
    op->state->log.timing = &op->state->timing;
    op->state->read_again = task->route->read_again;
    op->state->keyed = (operation->flags & OPERATION_WRITES) && request->command.data &&
                       request->command_source != COMMAND_NONE;
    if (op->state->keyed)
        idempotency_prepare(op);
    return op;
}

/* What it has occupied is free before its answer is sent: the task is in the request's arena. */
static void leave(struct task *task, int64_t began_us, int64_t now_us)
{
    struct dispatch *dispatch = task->process->dispatch;

    fair_done(dispatch->queue, &task->place, now_us - began_us);
    end_turn(dispatch, task);
}

static void serve(struct task *task)
{
    struct bus_request *pending = task->pending;
    struct op *op = op_of_request(task);
    int64_t began_us = monotonic_us();

    log_use(&op->state->log);
    op_run(op, task->route->run);
    struct reply reply = op_outcome(op);
    int64_t now_us = monotonic_us(), us = now_us - pending->received_us;
    op->state->timing.total_us = us;
    op->state->timing.queue_us = began_us - pending->received_us;
    reply.timing = timing_pack(op->arena, &op->state->timing);
    if (!op_cancelled(op))
        answers_add(&task->route->answers, reply.http, us);
    op_log(op, &reply, &task->process->dispatch->slow);
    log_use(NULL);
    leave(task, began_us, now_us);
    bus_reply(pending, &reply); /* and the task is gone */
}

/* --- Who may run --- */

static size_t less(size_t all, size_t used)
{
    return all > used ? all - used : 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Fibers that requests of that kind may take now. */
static size_t free_fibers(const struct dispatch *dispatch, enum kind kind)
{
    size_t writes = fair_running(dispatch->queue, KIND_WRITE);
    size_t others = fair_running(dispatch->queue, KIND_READ) + writes;
    size_t all = less(dispatch->max, fair_running(dispatch->queue, KIND_NO_CALLS) + others);

    if (!dispatch->open || kind == KIND_NO_CALLS)
        return dispatch->open ? all : 0;
    all = least(all, less(dispatch->max_others, others));
    return kind == KIND_READ ? all : least(all, less(dispatch->max_writes, writes));
}

static struct task *next_of_kind(struct dispatch *dispatch, enum kind kind)
{
    struct fair_item *item = NULL;

    if (fair_waiting(dispatch->queue, kind) > 0)
        item = fair_next(dispatch->queue, kind, free_fibers(dispatch, kind));
    return item ? OWNER_OF(item, struct task, place) : NULL;
}

/* Leaf operations first; of the others the tenant's whose turn it is, in order of arrival. */
static struct task *first_task(struct dispatch *dispatch)
{
    struct task *leaf = next_of_kind(dispatch, KIND_NO_CALLS);
    if (leaf)
        return leaf;
    struct task *read = next_of_kind(dispatch, KIND_READ);
    struct task *write = next_of_kind(dispatch, KIND_WRITE);
    if (!read || !write)
        return read ? read : write;
    int64_t order = fair_compare(&read->place, &write->place);
    if (order == 0)
        order = read->pending->received_us - write->pending->received_us;
    return order <= 0 ? read : write;
}

/* Takes the next task that is not cancelled, and counts it as running. */
static struct task *next_task(struct dispatch *dispatch)
{
    struct task *task;
    int64_t now_us = 0;

    while ((task = first_task(dispatch)) != NULL) {
        if (now_us == 0)
            now_us = monotonic_us();
        if (task->pending->deadline_us > now_us && !task->pending->cancelled) {
            fair_start(dispatch->queue, &task->place);
            return task;
        }
        dispatch->expired += !task->pending->cancelled;
        fair_remove(dispatch->queue, &task->place);
        end_turn(dispatch, task);
        bus_drop(task->pending);
    }
    return NULL;
}

/* A fiber serves one request after the other while there are any. */
static void run_fiber(void *argument)
{
    struct task *task = argument;
    struct dispatch *dispatch = task->process->dispatch;

    while (task) {
        serve(task);
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
    struct str row = turn_key(pending, route->operation);
    *task = (struct task){.process = dispatch->process,
                          .pending = pending,
                          .route = route,
                          .kind = kind_of(route->operation)};
    bool shared = route->operation->flags & OPERATION_SHARES_ROW;
    if (row.data && !turn_begin(&dispatch->turns, &task->turn, row, shared))
        return;
    queue_task(dispatch, task);
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

    for (unsigned i = 0; i < KIND_COUNT; i++) {
        metrics_gauge(metrics, "traction_requests_running", "Requests in a fiber.", labels[i],
                      (double)fair_running(dispatch->queue, i));
        metrics_gauge(metrics, "traction_requests_waiting", "Requests that wait for a fiber.",
                      labels[i], (double)fair_waiting(dispatch->queue, i));
    }
    metrics_gauge(metrics, "traction_requests_waiting_for_row",
                  "Writes that wait for another one of this process to the same row.", NULL,
                  (double)dispatch->turns.waiting);
    metrics_counter(metrics, "traction_requests_expired_total",
                    "Requests dropped because they were cancelled or expired.", NULL,
                    (double)dispatch->expired);
    metrics_counter(metrics, "traction_requests_not_implemented_total",
                    "Requests for unknown operations.", NULL, (double)dispatch->not_implemented);
}
