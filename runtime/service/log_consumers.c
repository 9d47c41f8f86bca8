/* How long the service's log is kept: up to where each program that consumes it has applied it, as
 * the programs tell (tellConsumed, every minute), and TRACTION_EVENTS_KEEP_DAYS in any case. Who
 * may consume is known from the rules of access on the bus, so one that has told nothing is missing
 * and not forgotten. */
#include <stdio.h>

#include "bus_acl.h"
#include "config.h"
#include "event_log.h"
#include "event_path.h"
#include "events.h"
#include "fiber.h"
#include "op_state.h"
#include "runtime_queries.h"
#include "timestamp.h"

enum {
    LOOK_TIMEOUT_MS = 5000,
    PRUNE_MAX = 2000,     /* events of one transaction */
    PRUNE_PAUSE_MS = 100, /* from one to the next, for whoever else needs the disk */
    PRUNE_TIMEOUT_MS = 30000,
    LABEL_SIZE = 64,
};

struct log_consumers {
    struct texts programs;
    struct timestamp before; /* older events may go */
    int64_t max, count;
};
static const struct field log_consumers_fields[] = {
    COLUMN(log_consumers, programs),
    COLUMN(log_consumers, before),
    COLUMN(log_consumers, max),
    COLUMN(log_consumers, count),
};
const struct model log_consumers_model = MODEL("LogConsumers", log_consumers, log_consumers_fields);

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

static void note(struct process *process, const struct list *found, int64_t first)
{
    const struct log_consumer *consumer = found->items;

    for (size_t i = 0; i < found->count; i++)
        for (int service = 0; service < SERVICE_COUNT; service++)
            if (str_equal(consumer[i].program, str_of(service_names[service])))
                process->events->held_seconds[service] = consumer[i].held_seconds;
    process->events->first = first;
    process->events->looked = true;
}

static void look(struct process *process)
{
    struct arena *arena = arena_new();
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct log_consumers consumers = {.programs = programs_of(process, arena)};
    struct event_log_first first;
    struct list found = {NULL, 0};
    struct session *session = session_begin(process->database, arena, false, &nobody,
                                            monotonic_us() + LOOK_TIMEOUT_MS * INT64_C(1000));

    session_queue_rows(session, CONSUMERS_LOOK, AS(log_consumers, &consumers), &log_consumer_model,
                       &found);
    event_log_queue_first(session, arena, &first);
    if (session_wait(session) == DB_OK)
        note(process, &found, first.first);
    session_end(&session);
    arena_destroy(&arena);
}

/* --- Deleting --- */

/* How many events one transaction has deleted; 0 also when it failed. */
static int64_t prune(struct process *process, struct arena *arena)
{
    struct session_context nobody = {.tenant = STR(""), .now = timestamp_now()};
    struct log_consumers consumers = {
        .programs = programs_of(process, arena),
        .before = timestamp_add_days(nobody.now, -(int)config_int(CONFIG_EVENTS_KEEP_DAYS)),
        .max = PRUNE_MAX,
    };
    bool found = false;
    struct session *session = session_begin(process->database, arena, true, &nobody,
                                            monotonic_us() + PRUNE_TIMEOUT_MS * INT64_C(1000));

    session_queue_row(session, EVENTS_PRUNE, AS(log_consumers, &consumers),
                      AS(log_consumers, &consumers), &found);
    bool good = session_commit(session) == DB_OK && found;
    session_end(&session);
    return good ? consumers.count : 0;
}

/* In small transactions, each after a pause: a log that was kept whole for years may be large. */
static void prune_all(struct process *process)
{
    struct arena *arena = arena_new();
    int64_t total = 0, count = PRUNE_MAX;

    while (count == PRUNE_MAX && !service_stopping(process)) {
        arena_reset(arena);
        count = prune(process, arena);
        total += count;
        process->events->pruned += (uint64_t)count;
        fiber_sleep(count == PRUNE_MAX ? PRUNE_PAUSE_MS : 0);
    }
    if (total > 0)
        log_info("deleted old events", LOG_INT("events", total));
    arena_destroy(&arena);
}

static void keep(struct process *process)
{
    prune_all(process);
    look(process);
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
    service_every(process, config_int(CONFIG_EVENTS_LOOK_MS), keep);
}

void log_consumers_collect(const struct process *process, struct metrics *metrics)
{
    const struct event_path *path = process->events;
    char label[LABEL_SIZE];

    for (int i = 0; path->looked && i < SERVICE_COUNT; i++) {
        if (!consumes((enum service)i, process))
            continue;
        snprintf(label, sizeof label, "consumer=\"%s\"", service_names[i]);
        metrics_gauge(metrics, "traction_events_held_seconds",
                      "Age of the log's first event that the consumer has not told to have "
                      "applied. That event and all after it are kept.",
                      label, (double)path->held_seconds[i]);
    }
    if (!path->looked)
        return;
    metrics_gauge(metrics, "traction_events_first",
                  "Sequence number from which on the log is kept.", NULL, (double)path->first);
    metrics_counter(metrics, "traction_events_pruned_total", "Events deleted from the log.", NULL,
                    (double)path->pruned);
}
