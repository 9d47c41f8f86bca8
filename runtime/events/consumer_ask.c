/* How a consumer receives events: as published messages, and in pages that it requests. They are
 * put into the reorder buffer; here only their type is read, for whether they are of interest. */
#include <stdlib.h>

#include "consumer_state.h"
#include "event_log.h"
#include "fiber.h"
#include "log.h"
#include "pack.h"
#include "timestamp.h"

enum { ASK_MS = 5000 };

static bool is_wanted(const struct consumer *consumer, const struct event *event)
{
    const char *const *beginning = consumer->config.types;

    if (!beginning)
        return true;
    for (; *beginning; beginning++) {
        if (str_starts_with(event->type, str_of(*beginning)))
            return true;
    }
    return consumer_must_wait(consumer, event);
}

static void put(struct consumer *consumer, int64_t sequence, struct str payload,
                const struct event *event)
{
    if (reorder_put(consumer->reorder, sequence, payload, is_wanted(consumer, event), event->at,
                    STR_NONE) &&
        !consumer_knows(consumer, event->type))
        consumer_unknown(consumer, sequence, event);
}

/* What cannot be read counts as wanted, since nobody knows its type. `tenant` is the log's. */
static void put_logged(struct consumer *consumer, int64_t sequence, struct str payload,
                       struct str tenant)
{
    struct event event;

    arena_reset(consumer->scratch);
    if (event_unpack(consumer->scratch, payload, &event))
        put(consumer, sequence, payload, &event);
    else /* a source of release 1.0.0 does not say the tenant; the event itself may */
        reorder_put(consumer->reorder, sequence, payload, true, TIMESTAMP_NONE,
                    tenant.size > 0 ? tenant : event.tenant);
}

/* --- News --- */

void consumer_take_message(struct consumer *consumer, struct str body)
{
    struct event event;
    struct str payload;
    int64_t sequence;

    if (!consumer->loaded || !event_message_unpack(body, &sequence, &payload))
        return;
    consumer->last_message_us = monotonic_us();
    arena_reset(consumer->scratch);
    if (event_unpack(consumer->scratch, payload, &event)) /* else it is asked for */
        put(consumer, sequence, payload, &event);
    if (consumer->head < sequence)
        consumer->head = sequence;
    if (consumer->gap_us == 0 && sequence > reorder_end(consumer->reorder))
        consumer->counts.gaps++;
    consumer_changed(consumer);
}

/* --- Pages --- */

struct page_request {
    struct consumer *consumer;
    struct fiber *fiber;
    int64_t behind; /* the place that was asked with */
    bool done, answered;
    struct request request;
};

/* The page has to continue where the reorder buffer ends; otherwise the log has no more what comes
 * next, or a gap. */
static bool page_fits(struct consumer *consumer, const struct page_request *question, int64_t head,
                      int64_t first, const struct value *events)
{
    const struct value *next = events->count > 0 ? &events->items[0] : NULL;
    int64_t sequence = value_int(value_get(next ? next : events, "pos"), 0);

    if (head < question->behind)
        consumer_stop(consumer, "its log ends at %lld, and %lld was applied already",
                      (long long)head, (long long)question->behind);
    else if (head > question->behind && sequence != question->behind + 1 &&
             first > question->behind + 1)
        consumer_begins_later(consumer, first);
    else if (head > question->behind && sequence != question->behind + 1)
        consumer_stop(consumer, "its log has no place %lld", (long long)question->behind + 1);
    return !consumer->stopped[0] && consumer->first == 0;
}

static void take_page(struct consumer *consumer, const struct page_request *question,
                      const struct value *data)
{
    const struct value *events = value_get(data, "events");
    int64_t head = value_int(value_get(data, "head"), -1);
    int64_t first = value_int(value_get(data, "first"), 1);

    if (head < 0 || events->type != VALUE_ARRAY) {
        consumer_stop(consumer, "it does not answer eventsSince as it should");
        return;
    }
    if (!page_fits(consumer, question, head, first, events))
        return;
    for (uint32_t i = 0; i < events->count; i++) {
        const struct value *item = &events->items[i], *payload = value_get(item, "payload");
        if (payload->type == VALUE_BYTES)
            put_logged(consumer, value_int(value_get(item, "pos"), 0), payload->text,
                       value_text(value_get(item, "tenant")));
    }
    if (consumer->head < head)
        consumer->head = head;
    consumer->behind = consumer->head > reorder_end(consumer->reorder);
}

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct page_request *question = argument;
    struct consumer *consumer = question->consumer;
    struct value data;

    question->done = true;
    if (outcome == BUS_REPLIED && reply->http == 200) {
        question->answered = true;
        if (unpack(consumer->arena, reply->data, &data))
            take_page(consumer, question, &data);
    }
    fiber_wake(question->fiber);
}

static void pack_question(struct consumer *consumer, struct page_request *question)
{
    struct buffer body = buffer_in(consumer->arena, 32);

    pack_map(&body, 2);
    pack_key(&body, "pos");
    pack_int(&body, question->behind);
    pack_key(&body, "limit");
    pack_int(&body, EVENTS_PAGE_MAX);
    question->request = request_for(STR("eventsSince")); /* of all tenants */
    question->request.remaining_ms = ASK_MS;
    question->request.body = buffer_str(&body);
}

void consumer_ask(struct consumer *consumer)
{
    arena_reset(consumer->arena);
    struct page_request *question = arena_alloc(consumer->arena, sizeof *question);
    question->consumer = consumer;
    question->fiber = fiber_self();
    question->behind = reorder_end(consumer->reorder);
    pack_question(consumer, question);
    bus_call(consumer->config.client, &question->request, answered, question);
    while (!question->done)
        fiber_park();
    if (question->answered) {
        consumer->last_message_us = monotonic_us();
        consumer->counts.pages++;
        consumer->ask_retry_us = 0;
    } else {
        if (consumer->ask_retry_us == 0)
            log_info("events cannot be requested now", LOG_CSTR("source", consumer->config.source));
        consumer->ask_not_before_us = consumer_pause(&consumer->ask_retry_us);
    }
    consumer_changed(consumer);
}
