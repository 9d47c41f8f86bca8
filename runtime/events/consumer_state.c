/* What asking and applying have in common: pauses, the end, and what the reorder buffer leads to.
 */
#include "consumer_state.h"

#include <stdarg.h>
#include <stdio.h>

#include "log.h"
#include "timestamp.h"

void consumer_stop(struct consumer *consumer, const char *format, ...)
{
    va_list arguments;
    char reason[160];

    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    snprintf(consumer->stopped, sizeof consumer->stopped, "no more events of %s are applied: %s",
             consumer->config.source, reason);
    log_error("a consumer has stopped", LOG_CSTR("source", consumer->config.source),
              LOG_CSTR("reason", reason), LOG_INT("pos", consumer->stored));
}

int64_t consumer_pause(int64_t *retry_us)
{
    *retry_us = *retry_us ? *retry_us * 2 : RETRY_MIN_US;
    if (*retry_us > RETRY_MAX_US)
        *retry_us = RETRY_MAX_US;
    return monotonic_us() + *retry_us;
}

void consumer_changed(struct consumer *consumer)
{
    int64_t end = reorder_end(consumer->reorder), now_us = monotonic_us();

    if (consumer->head < end)
        consumer->head = end;
    if (end == consumer->stored)
        consumer->ready_us = 0;
    else if (consumer->ready_us == 0)
        consumer->ready_us = now_us;
    if (consumer->head == end) {
        consumer->gap_us = 0;
        consumer->behind = false;
    } else if (consumer->gap_us == 0) {
        consumer->gap_us = now_us;
    }
}

size_t batch_grown(size_t max)
{
    return max * 2 < BATCH_MAX ? max * 2 : BATCH_MAX;
}

bool consumer_is_poison(const struct consumer *consumer, int64_t sequence)
{
    return consumer->poison.sure && consumer->poison.sequence == sequence;
}

struct consumed_event consumer_unreadable(int64_t sequence, struct str tenant)
{
    return (struct consumed_event){.sequence = sequence,
                                   .event = {.type = STR("unreadable"), .tenant = tenant},
                                   .refusal = STR("it cannot be read")};
}

struct session *consumer_begin(struct consumer *consumer)
{
    struct session_context nobody = {.tenant = STR(""), .user_id = STR(""), .now = timestamp_now()};

    return session_begin(consumer->config.database, consumer->arena, true, &nobody,
                         monotonic_us() + DEADLINE_US);
}

void consumer_begins_later(struct consumer *consumer, int64_t first)
{
    consumer->first = first;
    consumer->reload = true; /* another replica may have moved on */
}

void consumer_check_begin(struct consumer *consumer)
{
    bool empty = consumer->stored == 0, anew = consumer->config.anew;

    if (anew && !consumer->begun)
        consumer->snapshot = empty;
    else if (consumer->first <= consumer->stored + 1)
        consumer->snapshot = false;
    else if (!anew && (empty || !consumer->config.rebuilds))
        consumer->snapshot = true;
    else
        consumer_stop(consumer,
                      "its log begins at %lld, and no more than %lld was applied; %s --rebuild "
                      "begins anew",
                      (long long)consumer->first, (long long)consumer->stored,
                      consumer->config.program);
    consumer->first = 0;
}
