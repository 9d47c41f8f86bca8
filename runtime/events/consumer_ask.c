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

/* The page has to continue where the reorder buffer ends; otherwise the log has no more what comes
 * next, or a gap. */
static bool page_fits(struct consumer *consumer, int64_t behind, int64_t head, int64_t first,
                      const struct value *events)
{
    const struct value *next = events->count > 0 ? &events->items[0] : NULL;
    int64_t sequence = value_int(value_get(next ? next : events, "pos"), 0);

    if (head < behind)
        consumer_stop(consumer, "its log ends at %lld, and %lld was applied already",
                      (long long)head, (long long)behind);
    else if (head > behind && sequence != behind + 1 && first > behind + 1)
        consumer_begins_later(consumer, first);
    else if (head > behind && sequence != behind + 1)
        consumer_stop(consumer, "its log has no place %lld", (long long)behind + 1);
    return !consumer->stopped[0] && consumer->first == 0;
}

/* `behind`: the place that was asked with. */
static void take_page(struct consumer *consumer, int64_t behind, const struct value *data)
{
    const struct value *events = value_get(data, "events");
    int64_t head = value_int(value_get(data, "head"), -1);
    int64_t first = value_int(value_get(data, "first"), 1);

    if (head < 0 || events->type != VALUE_ARRAY) {
        consumer_stop(consumer, "it does not answer eventsSince as it should");
        return;
    }
    if (!page_fits(consumer, behind, head, first, events))
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

static struct str pack_question(struct consumer *consumer, int64_t behind)
{
    struct buffer body = buffer_in(consumer->arena, 32);

    pack_map(&body, 2);
    pack_key(&body, "pos");
    pack_int(&body, behind);
    pack_key(&body, "limit");
    pack_int(&body, EVENTS_PAGE_MAX);
    return buffer_str(&body);
}

void consumer_ask(struct consumer *consumer)
{
    int64_t behind = reorder_end(consumer->reorder);
    const struct value *data;

    arena_reset(consumer->arena);
    struct question question = {"eventsSince", STR_NONE, pack_question(consumer, behind), ASK_MS};
    if (consumer_call(consumer, consumer->arena, &question, &data) == 200) {
        take_page(consumer, behind, data);
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
