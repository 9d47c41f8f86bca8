/* Events that this program must understand and does not know: they wait in parked_events, and
 * behind them what follows of their tenants, until a newer release of the program applies them in
 * order. Others' events go on.
 *
 * Rows are added in the transaction that steps over them in `consumed`. Each replica knows which
 * tenants wait as of the place that it has stored; where it is wrong, another one has moved on, and
 * its next transaction fails. Rows are taken out under the same lock, but without a step: a replica
 * that does not hear of it parks some more for nothing, and reads the table again. */
#include "consumer_state.h"

#include <stdlib.h>
#include <string.h>

#include "events_queries.h"
#include "log.h"
#include "memory.h"

struct parked_row {
    struct str tenant_id, source;
    int64_t sequence;
    struct str type, must;
    struct packed payload;
    int64_t count; /* of the tenant */
};
static const struct field parked_row_fields[] = {
    COLUMN(parked_row, tenant_id),
    COLUMN(parked_row, source),
    FIELD_AS(parked_row, sequence, "pos", .flags = FIELD_INTERNAL),
    COLUMN(parked_row, type),
    COLUMN(parked_row, must),
    COLUMN(parked_row, payload),
    COLUMN(parked_row, count),
};
const struct model parked_row_model = MODEL("ParkedRow", parked_row, parked_row_fields);

static const struct field packed_payload_fields[] = {COLUMN(packed_payload, payload)};
const struct model packed_payload_model =
    MODEL("PackedPayload", packed_payload, packed_payload_fields);

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

static const struct parked_tenant *find(const struct consumer *consumer, struct str tenant)
{
    for (size_t i = 0; i < consumer->parked_count; i++)
        if (str_equal(tenant, str_of(consumer->parked[i].tenant)))
            return &consumer->parked[i];
    return NULL;
}

bool parked_has(const struct consumer *consumer, struct str tenant)
{
    return find(consumer, tenant) != NULL;
}

void parked_ask(struct consumer *consumer, struct session *session, struct list *heads)
{
    struct parked_row of = {.source = str_of(consumer->config.source)};

    session_queue_rows(session, PARKED_HEADS, AS(parked_row, &of), &parked_row_model, heads);
}

static void tell(const struct consumer *consumer, const struct parked_row *head)
{
    const struct parked_tenant *before = find(consumer, head->tenant_id);

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

void parked_loaded(struct consumer *consumer, const struct list *heads)
{
    const struct parked_row *head = heads->items;
    struct parked_tenant *parked = xcalloc(heads->count + 1, sizeof *parked);
    int64_t events = 0;

    for (size_t i = 0; i < heads->count; i++) {
        struct event event = {.type = head[i].type, .must = head[i].must};
        parked[i].tenant = xstrndup(head[i].tenant_id.data, head[i].tenant_id.size);
        parked[i].sequence = head[i].sequence;
        parked[i].blocked = consumer_must_wait(consumer, &event);
        if (parked[i].blocked)
            tell(consumer, &head[i]);
        events += head[i].count;
    }
    empty(consumer->parked, consumer->parked_count);
    consumer->parked = parked;
    consumer->parked_count = heads->count;
    consumer->parked_events = events;
    consumer->reload = false;
}

void parked_destroy(struct consumer *consumer)
{
    empty(consumer->parked, consumer->parked_count);
}

/* --- In and out --- */

void parked_add(struct consumer *consumer, struct session *session, const struct apply_batch *batch)
{
    for (size_t i = 0; i < batch->kept_count; i++) {
        const struct consumed_event *kept = &batch->kept[i];
        struct parked_row row = {
            .tenant_id = kept->event.tenant,
            .source = str_of(consumer->config.source),
            .sequence = kept->sequence,
            .type = kept->event.type,
            .must = kept->event.must,
            .payload = batch->kept_payloads[i],
        };
        session_queue(session, PARKED_ADD, AS(parked_row, &row));
    }
}

bool parked_take(struct consumer *consumer, struct session *session, struct apply_batch *batch)
{
    struct parked_row row = {
        .tenant_id = batch->events->event.tenant,
        .source = str_of(consumer->config.source),
        .sequence = batch->events->sequence,
    };
    int64_t taken = 0;

    session_queue_count(session, PARKED_TAKE, AS(parked_row, &row), &taken);
    if (session_wait(session) != DB_OK)
        return false;
    batch->raced = taken != 1;
    return !batch->raced;
}

const struct parked_tenant *parked_ready(const struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->parked_count; i++)
        if (!consumer->parked[i].blocked)
            return &consumer->parked[i];
    return NULL;
}

void parked_ask_event(struct consumer *consumer, struct session *session, struct str tenant,
                      int64_t sequence, struct list *found)
{
    struct parked_row row = {
        .tenant_id = tenant, .source = str_of(consumer->config.source), .sequence = sequence};

    session_queue_rows(session, PARKED_READ, AS(parked_row, &row), &packed_payload_model, found);
}
