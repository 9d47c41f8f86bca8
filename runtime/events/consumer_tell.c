/* Tells the source up to where its events are applied, so that it knows which of them nobody needs
 * any more. Only what is stored is told: what a replica has in memory may be lost with it. */
#include "config.h"
#include "consumer_state.h"
#include "pack.h"
#include "timestamp.h"

enum {
    TELL_TIMEOUT_MS = 5000,
    UNMOVED = 6, /* so much rarer when nothing more is applied than was told last */
};

static int64_t tell_pause_us(void)
{
    return config_int(CONFIG_EVENTS_LOOK_MS) * 1000;
}

int64_t tell_due_us(const struct consumer *consumer)
{
    if (!consumer->config.program || consumer->config.silent)
        return INT64_MAX;
    if (consumer->tell_not_before_us == 0)
        return 0;
    return consumer->tell_not_before_us +
           (consumer->stored == consumer->told ? (UNMOVED - 1) * tell_pause_us() : 0);
}

static struct str pack_told(struct consumer *consumer)
{
    struct buffer body = buffer_in(consumer->arena, 64);

    pack_map(&body, 2);
    pack_key(&body, "program");
    pack_text(&body, str_of(consumer->config.program));
    pack_key(&body, "pos");
    pack_int(&body, consumer->stored);
    return buffer_str(&body);
}

/* A source of an older release does not know the operation; it keeps its whole log. */
void consumer_tell(struct consumer *consumer)
{
    int64_t stored = consumer->stored;
    const struct value *data;

    arena_reset(consumer->arena);
    struct question question = {"tellConsumed", STR_NONE, pack_told(consumer), TELL_TIMEOUT_MS};
    if (consumer_call(consumer, consumer->arena, &question, &data) == 200)
        consumer->told = stored;
    consumer->tell_not_before_us = monotonic_us() + tell_pause_us();
}
