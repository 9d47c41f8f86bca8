/* Events that wait in parked_events, and behind them what follows of their tenants: those that
 * cannot be applied, and those that this program must understand and does not know. Others' events
 * go on.
 *
 * Rows are added in the transaction that steps over them in `consumed`. Each replica knows which
 * tenants wait as of the place that it has stored; where it is wrong, another one has moved on, and
 * its next transaction fails. Rows are taken out under the same lock, but without a step: a replica
 * that does not hear of it parks some more for nothing. While somebody waits, each reads the table
 * again and again, for what other replicas and operators have done. */
#include "consumer_state.h"

#include <stdlib.h>
#include <string.h>

#include "event_log.h"
#include "events_queries.h"
#include "log.h"
#include "memory.h"
#include "timestamp.h"

static const struct field parked_row_fields[] = {
    COLUMN(parked_row, tenant_id),
    COLUMN(parked_row, source),
    FIELD_AS(parked_row, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(parked_row, type),
    COLUMN(parked_row, must),
    COLUMN(parked_row, payload),
    COLUMN(parked_row, attempts),
    COLUMN(parked_row, error),
    COLUMN(parked_row, wait_ms),
    COLUMN(parked_row, count),
};
const struct model parked_row_model = MODEL("ParkedRow", parked_row, parked_row_fields);

struct parked_range {
    struct str tenant_id, source;
    int64_t first, last; /* places */
    int64_t max, bytes;
};
static const struct field parked_range_fields[] = {
    COLUMN(parked_range, tenant_id), COLUMN(parked_range, source), COLUMN(parked_range, first),
    COLUMN(parked_range, last),      COLUMN(parked_range, max),    COLUMN(parked_range, bytes),
};
static const struct model parked_range_model =
    MODEL("ParkedRange", parked_range, parked_range_fields);

/* --- What is known --- */

bool consumer_knows(const struct consumer *consumer, struct str type)
{
    return !consumer->config.knows || consumer->config.knows(type);
}

bool consumer_must_wait(const struct consumer *consumer, const struct event *event)
{
    return event_must_be_understood(event, consumer->config.program) &&
           !consumer_knows(consumer, event->type);
}

static bool was_named(const struct consumer *consumer, struct str type)
{
    for (size_t i = 0; i < consumer->unknown_count; i++)
        if (str_equal(type, str_of(consumer->unknown[i])))
            return true;
    return false;
}

void consumer_unknown(struct consumer *consumer, int64_t sequence, const struct event *event)
{
    consumer->counts.unknown++;
    if (consumer->unknown_count == UNKNOWN_NAMED_MAX || event->type.size >= TYPE_SIZE ||
        was_named(consumer, event->type))
        return;
    memcpy(consumer->unknown[consumer->unknown_count++], event->type.data, event->type.size);
    log_warning("an event of a type that this program does not know",
                LOG_CSTR("source", consumer->config.source), LOG_TEXT("type", event->type),
                LOG_INT("pos", sequence));
}

/* --- Who waits --- */

struct parked_tenant *parked_find(const struct consumer *consumer, struct str tenant)
{
    for (size_t i = 0; i < consumer->parked_count; i++)
        if (str_equal(tenant, str_of(consumer->parked[i].tenant)))
            return &consumer->parked[i];
    return NULL;
}

static enum parked_reason reason_of(const struct parked_tenant *parked)
{
    if (parked->blocked)
        return PARKED_RELEASE;
    return parked->attempts > 0 ? PARKED_FAILED : PARKED_CATCHING_UP;
}

int64_t parked_events(const struct consumer *consumer, enum parked_reason reason, int64_t *tenants)
{
    int64_t events = 0;

    *tenants = 0;
    for (size_t i = 0; i < consumer->parked_count; i++) {
        if (reason_of(&consumer->parked[i]) != reason)
            continue;
        events += consumer->parked[i].count;
        ++*tenants;
    }
    return events;
}

/* Who has waited longest since the last time goes first. */
struct parked_tenant *parked_next(const struct consumer *consumer)
{
    struct parked_tenant *next = NULL;

    for (size_t i = 0; i < consumer->parked_count; i++) {
        struct parked_tenant *parked = &consumer->parked[i];
        if (!parked->blocked && (!next || parked->due_us < next->due_us))
            next = parked;
    }
    return next;
}

int64_t parked_due_us(const struct consumer *consumer)
{
    const struct parked_tenant *next = parked_next(consumer);

    return next ? next->due_us : INT64_MAX;
}

void parked_ask(struct consumer *consumer, struct session *session, struct list *heads)
{
    struct parked_row of = {.source = str_of(consumer->config.source)};

    session_queue_rows(session, PARKED_HEADS, AS(parked_row, &of), &parked_row_model, heads);
}

static void tell(const struct consumer *consumer, const struct parked_row *head)
{
    const struct parked_tenant *before = parked_find(consumer, head->tenant_id);

    if (!before || !before->blocked || before->sequence != head->sequence)
        log_error("events of a tenant wait for a newer release of this program; upgrade it first",
                  LOG_CSTR("program", consumer->config.program),
                  LOG_CSTR("source", consumer->config.source), LOG_TEXT("tenant", head->tenant_id),
                  LOG_TEXT("type", head->type), LOG_INT("pos", head->sequence));
}

static void empty(struct parked_tenant *parked, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(parked[i].tenant);
    free(parked);
}

static struct parked_tenant tenant_of(const struct consumer *consumer,
                                      const struct parked_row *head)
{
    const struct parked_tenant *before = parked_find(consumer, head->tenant_id);
    struct event event = {.type = head->type, .must = head->must};

    return (struct parked_tenant){
        .tenant = xstrndup(head->tenant_id.data, head->tenant_id.size),
        .sequence = head->sequence,
        .count = head->count,
        .blocked = consumer_must_wait(consumer, &event),
        .attempts = head->attempts,
        .due_us = monotonic_us() + head->wait_ms * 1000,
        .batch_max = before ? before->batch_max : BATCH_MAX,
    };
}

static int64_t look_us(int64_t events)
{
    int64_t pause_us = PARKED_LOOK_US * (1 + events / PARKED_LOOK_EVENTS);

    return monotonic_us() + (pause_us < PARKED_LOOK_MAX_US ? pause_us : PARKED_LOOK_MAX_US);
}

void parked_loaded(struct consumer *consumer, const struct list *heads)
{
    const struct parked_row *head = heads->items;
    struct parked_tenant *parked = xcalloc(heads->count + 1, sizeof *parked);
    int64_t events = 0;

    for (size_t i = 0; i < heads->count; i++) {
        parked[i] = tenant_of(consumer, &head[i]);
        if (parked[i].blocked)
            tell(consumer, &head[i]);
        events += head[i].count;
    }
    empty(consumer->parked, consumer->parked_count);
    consumer->parked = parked;
    consumer->parked_count = heads->count;
    consumer->parked_look_us = look_us(events);
    consumer->reload = false;
}

void parked_destroy(struct consumer *consumer)
{
    empty(consumer->parked, consumer->parked_count);
}

/* --- In and out --- */

/* Absent unless it has failed. */
static struct str why_kept(const struct consumer *consumer, const struct consumed_event *kept)
{
    if (consumer_is_poison(consumer, kept->sequence))
        return str_of(consumer->poison.error);
    return kept->refusal;
}

void parked_add(struct consumer *consumer, struct session *session, const struct apply_batch *batch)
{
    for (size_t i = 0; i < batch->kept_count; i++) {
        const struct consumed_event *kept = &batch->kept[i];
        struct str why = why_kept(consumer, kept);
        bool failed = why.size > 0;
        struct parked_row row = {
            .tenant_id = kept->event.tenant,
            .source = str_of(consumer->config.source),
            .sequence = kept->sequence,
            .type = kept->event.type,
            .must = kept->event.must,
            .payload = batch->kept_payloads[i],
            .attempts = failed,
            .error = why,
            .wait_ms = failed ? PARKED_RETRY_MIN_MS : INT_NONE,
        };
        session_queue(session, PARKED_ADD, AS(parked_row, &row));
    }
}

/* Only of who waited already is known what there is to know. */
void parked_added(struct consumer *consumer, const struct apply_batch *batch)
{
    for (size_t i = 0; i < batch->kept_count; i++) {
        const struct consumed_event *kept = &batch->kept[i];
        struct parked_tenant *parked = parked_find(consumer, kept->event.tenant);
        if (parked)
            parked->count++;
        else
            consumer->reload = true;
        if (why_kept(consumer, kept).size > 0)
            log_error("an event cannot be applied: it and what follows of its tenant wait",
                      LOG_CSTR("source", consumer->config.source),
                      LOG_TEXT("tenant", kept->event.tenant), LOG_TEXT("type", kept->event.type),
                      LOG_INT("pos", kept->sequence), LOG_TEXT("reason", why_kept(consumer, kept)));
    }
}

bool parked_take(struct consumer *consumer, struct session *session, struct apply_batch *batch)
{
    struct parked_range range = {
        .tenant_id = batch->events->event.tenant,
        .source = str_of(consumer->config.source),
        .first = batch->events[0].sequence,
        .last = batch->events[batch->count - 1].sequence,
    };
    int64_t taken = 0;

    session_queue_count(session, PARKED_TAKE, AS(parked_range, &range), &taken);
    if (session_wait(session) != DB_OK)
        return false;
    batch->raced = taken != (int64_t)batch->count;
    return !batch->raced;
}

void parked_taken(struct consumer *consumer, const struct apply_batch *batch)
{
    struct parked_tenant *parked = batch->parked;

    if (!parked)
        return;
    if (parked->attempts > 0)
        log_info("the event that could not be applied was applied now",
                 LOG_CSTR("source", consumer->config.source), LOG_CSTR("tenant", parked->tenant),
                 LOG_INT("pos", batch->events[0].sequence));
    parked->attempts = 0;
    parked->count -= (int64_t)batch->count;
    parked->due_us = monotonic_us();
    parked->batch_max = batch_grown(parked->batch_max);
    consumer->reload = parked->count <= 0;
}

void parked_ask_events(struct consumer *consumer, struct session *session, struct str tenant,
                       int64_t max, struct list *found)
{
    struct parked_range range = {.tenant_id = tenant,
                                 .source = str_of(consumer->config.source),
                                 .max = max,
                                 .bytes = EVENTS_PAGE_BYTES};

    session_queue_rows(session, PARKED_READ, AS(parked_range, &range), &parked_row_model, found);
}

void parked_failed(struct consumer *consumer, const struct apply_batch *batch, struct str error)
{
    const struct consumed_event *event = &batch->events[0];
    int64_t attempts = batch->parked->attempts + 1;
    int64_t wait_ms = attempts < 10 ? PARKED_RETRY_MIN_MS << (attempts - 1) : PARKED_RETRY_MAX_MS;
    struct parked_row row = {
        .tenant_id = event->event.tenant,
        .source = str_of(consumer->config.source),
        .sequence = event->sequence,
        .attempts = attempts,
        .error = error,
        .wait_ms = wait_ms < PARKED_RETRY_MAX_MS ? wait_ms : PARKED_RETRY_MAX_MS,
    };
    struct session *session = consumer_begin(consumer);

    session_queue(session, PARKED_ATTEMPT, AS(parked_row, &row));
    if (session_commit(session) != DB_OK)
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
    session_end(&session);
    log_warning("an event still cannot be applied", LOG_CSTR("source", consumer->config.source),
                LOG_TEXT("tenant", event->event.tenant), LOG_TEXT("type", event->event.type),
                LOG_INT("pos", event->sequence), LOG_INT("attempts", attempts),
                LOG_INT("pauseMs", row.wait_ms), LOG_TEXT("reason", error));
}
