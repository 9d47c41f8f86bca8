/* The event path of a process: its start and end, its part of /readyz and /metrics, and the
 * operation by which other services read the log. Moving and applying events is in runtime/events.
 */
#include "event_path.h"

#include <stdio.h>
#include <stdlib.h>

#include "bus_acl.h"
#include "bus_publisher.h"
#include "config.h"
#include "event_log.h"
#include "events.h"
#include "fiber.h"
#include "log.h"
#include "memory.h"
#include "op_state.h"
#include "peers.h"
#include "sequencer.h"

enum { ENDPOINT_SIZE = 300, LABELS_SIZE = 96, REPLAY_LOOK_MS = 2 };

/* --- From the first to the last --- */

static struct event_path *path_new(struct process *process)
{
    process->events = xcalloc(1, sizeof *process->events);
    return process->events;
}

bool events_open(struct process *process, const char *endpoint)
{
    struct event_path *path = path_new(process);
    char text[ENDPOINT_SIZE];

    if (!bus_events_endpoint(str_of(endpoint), text, sizeof text)) {
        log_error("no address for events follows from this one", LOG_CSTR("endpoint", endpoint));
        return false;
    }
    path->publisher =
        bus_publisher_new(process->loop, text, acl_subscribers(process->program->service));
    if (!path->publisher)
        return false;
    path->sequencer = sequencer_new(process->loop, process->database, path->publisher);
    log_consumers_open(process);
    return true;
}

void events_consume(struct process *process, const char *suffix)
{
    const struct consumer_spec *spec = process->program->consumes;
    char text[PEER_ENDPOINT_SIZE];

    for (; spec && spec->source != SERVICE_GATEWAY; spec++)
        process->events->consumptions[spec->source] =
            consumption_new(process, spec, suffix, peer_endpoints(spec->source, text));
}

void service_replay(struct process *process, const char *suffix)
{
    path_new(process); /* that tells nothing: its own log is the serving process's */
    events_consume(process, suffix);
}

struct consumer_counts service_replayed(const struct process *process, enum service source)
{
    return consumer_counts(consumption_consumer(process->events->consumptions[source]));
}

bool service_replay_is_held(const struct process *process, enum service source)
{
    return consumer_is_held(consumption_consumer(process->events->consumptions[source]));
}

void service_replay_release(struct process *process)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (process->events->consumptions[i])
            consumer_release(consumption_consumer(process->events->consumptions[i]));
}

const char *service_replay_error(const struct process *process)
{
    return events_missing(process);
}

void service_replay_end(struct process *process)
{
    events_end(process);
    while (fiber_count() > 1) /* the task's own */
        fiber_sleep(REPLAY_LOOK_MS);
}

void events_end(struct process *process)
{
    for (size_t i = 0; process->events && i < SERVICE_COUNT; i++)
        if (process->events->consumptions[i])
            consumer_end(consumption_consumer(process->events->consumptions[i]));
}

void events_destroy(struct process *process)
{
    struct event_path *path = process->events;

    if (!path)
        return;
    process->events = NULL;
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        consumption_destroy(&path->consumptions[i]);
    sequencer_destroy(&path->sequencer);
    bus_publisher_destroy(&path->publisher);
    free(path);
}

/* --- What others ask --- */

static struct str pack_page(struct op *op, const struct list *page, int64_t head, int64_t first)
{
    const struct logged_event *event = page->items;
    size_t size = 64;

    for (size_t i = 0; i < page->count; i++)
        size += event[i].payload.bytes.size + event[i].tenant_id.size + 48;
    struct buffer out = buffer_in(op->arena, size);
    pack_map(&out, 3);
    pack_key(&out, "events");
    pack_array(&out, page->count);
    for (size_t i = 0; i < page->count; i++) {
        pack_map(&out, 3);
        pack_key(&out, "pos");
        pack_int(&out, event[i].sequence);
        pack_key(&out, "tenant"); /* for what cannot be read */
        pack_text(&out, event[i].tenant_id);
        pack_key(&out, "payload");
        pack_bytes(&out, event[i].payload.bytes);
    }
    pack_key(&out, "head");
    pack_int(&out, head);
    pack_key(&out, "first");
    pack_int(&out, first);
    return buffer_str(&out);
}

/* For services only, which ask in no tenant's name; under one the log is empty, by its policy. The
 * head is read before the page, so a page that ends before it is a log with a hole; the beginning
 * after it, so what was deleted in between is known to be. */
void events_since(struct op *op)
{
    struct events_query query;
    struct event_log_state state;
    struct event_log_first first;
    struct list page;

    if (op->request->tenant.size > 0) {
        op_fail(op, STATUS_INSUFFICIENT_PERMISSIONS);
        return;
    }
    if (!op_body(op, AS(events_query, &query)))
        return;
    event_log_queue_state(op_session(op), op->arena, &state);
    event_log_queue_page(op_session(op), query.sequence, query.limit, &page);
    event_log_queue_first(op_session(op), op->arena, &first);
    if (!sql_wait(op))
        return;
    op_reply_packed(op, pack_page(op, &page, state.head, first.first), -1);
}

/* --- What it says of itself --- */

const char *events_missing(const struct process *process)
{
    const char *reason = NULL;

    for (size_t i = 0; process->events && i < SERVICE_COUNT && !reason; i++)
        if (process->events->consumptions[i])
            reason = consumer_stopped(consumption_consumer(process->events->consumptions[i]));
    return reason;
}

static const char *const parked_reasons[PARKED_REASONS] = {
    [PARKED_RELEASE] = "release",
    [PARKED_FAILED] = "failed",
    [PARKED_CATCHING_UP] = "catching-up",
};

static void collect_parked(const char *source, const struct consumer_counts *counts,
                           struct metrics *metrics)
{
    char labels[LABELS_SIZE];

    for (size_t i = 0; i < PARKED_REASONS; i++) {
        snprintf(labels, sizeof labels, "source=\"%s\",reason=\"%s\"", source, parked_reasons[i]);
        metrics_gauge(metrics, "traction_consumer_parked_tenants",
                      "Tenants whose events wait: for a newer release of this program, because one "
                      "cannot be applied, or while those before them are applied.",
                      labels, (double)counts->parked_tenants[i]);
        metrics_gauge(metrics, "traction_consumer_parked_events", "Their events that wait.", labels,
                      (double)counts->parked_events[i]);
    }
}

static void collect_consumer(const struct consumption *consumption, struct metrics *metrics)
{
    const struct consumer *consumer = consumption_consumer(consumption);
    struct consumer_counts counts = consumer_counts(consumer);
    int64_t behind = counts.head > counts.sequence ? counts.head - counts.sequence : 0;
    char labels[LABELS_SIZE];
    const struct {
        const char *name, *help;
        uint64_t value;
    } counters[] = {
        {"traction_consumer_applied_total", "Events of interest that were applied.",
         counts.applied},
        {"traction_consumer_batches_total", "Transactions that applied events.", counts.batches},
        {"traction_consumer_lost_total", "Transactions that lost the race against another replica.",
         counts.lost},
        {"traction_consumer_failures_total", "Transactions that failed and were tried again.",
         counts.failures},
        {"traction_consumer_gaps_total", "Gaps seen in published events.", counts.gaps},
        {"traction_consumer_pages_total", "Pages of the log that were requested.", counts.pages},
        {"traction_consumer_snapshots_total",
         "Snapshots that it has begun from, where the log did not go back far enough.",
         counts.snapshots},
        {"traction_events_unknown_total", "Events of types that this program does not know.",
         counts.unknown},
    };

    snprintf(labels, sizeof labels, "source=\"%s\"", consumption_source(consumption));
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        metrics_counter(metrics, counters[i].name, counters[i].help, labels,
                        (double)counters[i].value);
    metrics_gauge(metrics, "traction_consumer_pos", "Sequence number of the last applied event.",
                  labels, (double)counts.sequence);
    metrics_gauge(metrics, "traction_consumer_behind", "Events known and not yet applied.", labels,
                  (double)behind);
    metrics_gauge(metrics, "traction_consumer_behind_seconds", "Age of the next event to apply.",
                  labels, counts.behind_seconds);
    metrics_gauge(metrics, "traction_consumer_stopped", "1 when it applies nothing any more.",
                  labels, consumer_stopped(consumer) ? 1 : 0);
    collect_parked(consumption_source(consumption), &counts, metrics);
}

void events_collect(const struct process *process, struct metrics *metrics)
{
    const struct event_path *path = process->events;

    if (!path || !path->sequencer)
        return;
    struct sequencer_counts counts = sequencer_counts(path->sequencer);
    metrics_gauge(metrics, "traction_events_head", "Sequence number of the log's last event.", NULL,
                  (double)counts.head);
    metrics_gauge(metrics, "traction_outbox_seconds",
                  "Age of the oldest event without a sequence number.", NULL,
                  counts.waiting_seconds);
    metrics_counter(metrics, "traction_events_total", "Events moved to the log.", NULL,
                    (double)counts.events);
    metrics_counter(metrics, "traction_events_batches_total",
                    "Transactions to move events to the log.", NULL, (double)counts.batches);
    metrics_counter(metrics, "traction_events_looks_total", "Checks for events to move.", NULL,
                    (double)counts.looks);
    metrics_counter(metrics, "traction_events_failures_total",
                    "Transactions that failed to move events.", NULL, (double)counts.failures);
    log_consumers_collect(process, metrics);
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (path->consumptions[i])
            collect_consumer(path->consumptions[i], metrics);
}
