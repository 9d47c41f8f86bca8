/* What the service's log is kept for: up to where each program that consumes it has applied it, as
 * the programs tell (tellConsumed, every minute). Who may consume is known from the rules of access
 * on the bus, so one that has told nothing is missing and not forgotten. */
#include <stdio.h>

#include "bus_acl.h"
#include "event_path.h"
#include "events.h"
#include "fiber.h"
#include "op_state.h"
#include "runtime_queries.h"
#include "timestamp.h"

enum { LOOK_MS = 10000, LOOK_TIMEOUT_MS = 5000, LABEL_SIZE = 64 };

struct log_consumers {
    struct texts programs;
};
static const struct field log_consumers_fields[] = {COLUMN(log_consumers, programs)};
static const struct model log_consumers_model =
    MODEL("LogConsumers", log_consumers, log_consumers_fields);

struct log_consumer {
    struct str program;
    int64_t held_seconds;
};
static const struct field log_consumer_fields[] = {
    COLUMN(log_consumer, program),
    COLUMN(log_consumer, held_seconds),
};
const struct model log_consumer_model = MODEL("LogConsumer", log_consumer, log_consumer_fields);

/* The gateway subscribes to what svc-realtime publishes itself, which is no log. */
static bool consumes(enum service program, const struct process *process)
{
    return program != SERVICE_GATEWAY && acl_may_subscribe(program, process->program->service);
}

static struct texts programs_of(const struct process *process, struct arena *arena)
{
    struct texts programs = {arena_array(arena, SERVICE_COUNT, sizeof *programs.items), 0};

    for (int i = 0; i < SERVICE_COUNT; i++)
        if (consumes((enum service)i, process))
            programs.items[programs.count++] = str_of(service_names[i]);
    return programs;
}

/* --- tellConsumed --- */

/* A program tells for itself only: where keys are used, the proved one says who it is. */
static bool may_tell(struct op *op, struct str program)
{
    const char *role = op->state->pending->role;

    for (int i = 0; i < SERVICE_COUNT; i++)
        if (str_equal(program, str_of(service_names[i])))
            return consumes((enum service)i, op->process) &&
                   (!role || str_equal(program, str_of(role)));
    return false;
}

void consumed_tell(struct op *op)
{
    struct consumed_told told;

    if (op->request->tenant.size > 0) {
        op_fail(op, STATUS_INSUFFICIENT_PERMISSIONS);
        return;
    }
    if (!op_body(op, AS(consumed_told, &told)))
        return;
    if (!may_tell(op, told.program)) {
        op_fail(op, STATUS_INSUFFICIENT_PERMISSIONS);
        return;
    }
    sql_exec(op, CONSUMER_PUT, AS(consumed_told, &told));
    op_reply_packed(op, STR_NONE, -1);
}

/* --- A look, for the metrics --- */

static void note(struct process *process, const struct list *found)
{
    const struct log_consumer *consumer = found->items;

    for (size_t i = 0; i < found->count; i++)
        for (int service = 0; service < SERVICE_COUNT; service++)
            if (str_equal(consumer[i].program, str_of(service_names[service])))
                process->events->held_seconds[service] = consumer[i].held_seconds;
    process->events->looked = true;
}

static void look(struct process *process)
{
    struct arena *arena = arena_new();
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct log_consumers consumers = {programs_of(process, arena)};
    struct list found = {NULL, 0};
    struct session *session = session_begin(process->database, arena, false, &nobody,
                                            monotonic_us() + LOOK_TIMEOUT_MS * INT64_C(1000));

    session_queue_rows(session, CONSUMERS_LOOK, AS(log_consumers, &consumers), &log_consumer_model,
                       &found);
    if (session_wait(session) == DB_OK)
        note(process, &found);
    session_end(&session);
    arena_destroy(&arena);
}

static void first_look(void *process)
{
    look(process);
}

void log_consumers_open(struct process *process)
{
    int consumers = 0;

    for (int i = 0; i < SERVICE_COUNT; i++)
        consumers += consumes((enum service)i, process);
    if (consumers == 0)
        return;
    fiber_start(first_look, process);
    service_every(process, LOOK_MS, look);
}

void log_consumers_collect(const struct process *process, struct metrics *metrics)
{
    char label[LABEL_SIZE];

    for (int i = 0; process->events->looked && i < SERVICE_COUNT; i++) {
        if (!consumes((enum service)i, process))
            continue;
        snprintf(label, sizeof label, "consumer=\"%s\"", service_names[i]);
        metrics_gauge(metrics, "traction_events_held_seconds",
                      "Age of the log's first event that the consumer has not told to have "
                      "applied. That event and all after it are kept.",
                      label, (double)process->events->held_seconds[i]);
    }
}
