/* Runs a handler of events inside the consumer's transaction: it gets an op with the user who made
 * the change and the time of the change. It must not answer or call other services: no caller waits
 * for it, and it may be run again. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_acl.h"
#include "event_path.h"
#include "event_types.h"
#include "memory.h"
#include "op_state.h"

static const struct operation apply_operation = {
    .name = "applyEvent",
    .service = SERVICE_EVERY,
    .flags = OPERATION_WRITES | OPERATION_INTERNAL | OPERATION_NO_CALLS,
    .shape = REPLY_CUSTOM,
    .not_found = STATUS_INTERNAL_ERROR, /* a row that must be there */
};

struct consumption {
    struct process *process;
    const struct consumer_spec *spec;
    char *name; /* in `consumed` */
    struct consumer *consumer;
    bool has_events; /* the batch under way has written some of its own */
};

static struct op *op_of_event(struct process *process, struct arena *arena,
                              const struct event *event)
{
    struct request *request = arena_alloc(arena, sizeof *request);

    *request = request_for(str_of(apply_operation.name));
    request->request_id = event->request_id;
    request->tenant = event->tenant;
    request->user = event->user_id;
    request->user_name = event->user_name;
    request->body = event->data;
    struct op *op = op_new(process, arena, request, &apply_operation, event->at);
    op_reset(op);
    return op;
}

/* What the handler said, for operators. */
static struct str refusal_of(struct op *op)
{
    struct str message = op->state->message;

    return arena_printf(op->arena, "%s%s%.*s", status_code(op->state->status),
                        message.size > 0 ? ": " : "", (int)message.size,
                        message.size > 0 ? message.data : "");
}

static bool apply(void *argument, struct session *session, struct arena *arena,
                  struct consumed_event *event)
{
    struct consumption *consumption = argument;
    struct op *op = op_of_event(consumption->process, arena, &event->event);
    const struct log_context *outside = log_use(&op->state->log);

    op->session = session;
    consumption->spec->apply(op, event);
    op->session = NULL; /* it is the consumer's */
    bool good = op_valid(op);
    assert(!op->state->calls && !op->state->replied);
    if (!good)
        event->refusal = refusal_of(op);
    consumption->has_events = consumption->has_events || op->state->has_events;
    log_use(outside);
    return good;
}

static enum before_outcome before(void *argument, struct arena *arena,
                                  const struct consumed_event *events, size_t count)
{
    struct consumption *consumption = argument;

    return consumption->spec->before(consumption->process, arena, events, count);
}

static void begin(void *argument, struct session *session, struct arena *arena,
                  const struct consumed_event *events, size_t count)
{
    const struct consumption *consumption = argument;

    consumption->spec->begin(session, arena, events, count);
}

static void applied(void *argument, const struct consumed_event *events, size_t count)
{
    struct consumption *consumption = argument;

    if (consumption->has_events)
        events_notify(consumption->process);
    consumption->has_events = false;
    if (consumption->spec->applied)
        consumption->spec->applied(consumption->process, events, count);
}

static void lost(void *argument, struct session *session)
{
    const struct consumption *consumption = argument;

    consumption->spec->lost(session);
}

static bool table_has(struct str type)
{
    return event_type_find(type) != NULL;
}

struct consumption *consumption_new(struct process *process, const struct consumer_spec *spec,
                                    const char *suffix, const char *endpoints)
{
    struct consumption *consumption = xcalloc(1, sizeof *consumption);
    const char *source = service_names[spec->source];
    size_t size = strlen(source) + strlen(suffix) + 1;

    assert(acl_may_subscribe(process->program->service, spec->source));
    consumption->name = xmalloc(size);
    snprintf(consumption->name, size, "%s%s", source, suffix);
    consumption->process = process;
    consumption->spec = spec;
    consumption->consumer = consumer_new(&(struct consumer_config){
        .loop = process->loop,
        .database = process->database,
        .client = service_client(process, spec->source),
        .source = consumption->name,
        .service = source,
        .endpoints = endpoints,
        .program = service_names[process->program->service],
        .silent = *suffix != '\0', /* a task reads what the serving program holds */
        .knows = spec->knows ? spec->knows : table_has,
        .parked_max = *suffix ? 0 : PARKED_MAX, /* a task runs the release that it needs */
        .types = spec->types,
        .kinds = spec->kinds,
        .added_kinds = spec->added_kinds,
        .rebuilds = spec->rebuilds,
        .anew = *suffix != '\0',
        .lost = spec->lost ? lost : NULL,
        .apply = apply,
        .before = spec->before ? before : NULL,
        .begin = spec->begin ? begin : NULL,
        .applied = applied,
        .argument = consumption,
    });
    return consumption;
}

void consumption_destroy(struct consumption **consumption)
{
    if (!*consumption)
        return;
    consumer_destroy(&(*consumption)->consumer);
    free((*consumption)->name);
    free(*consumption);
    *consumption = NULL;
}

struct consumer *consumption_consumer(const struct consumption *consumption)
{
    return consumption->consumer;
}

const char *consumption_source(const struct consumption *consumption)
{
    return service_names[consumption->spec->source];
}
