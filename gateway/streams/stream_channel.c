/* Channels: the tenants with open streams. A channel is created for the first stream or waiting
 * call and freed some time after the last; stream_follow.c has what it passes on. */
#include <stdlib.h>
#include <string.h>

#include "streams_state.h"

enum {
    SETTLE_LOOKS = 3,    /* of the tick, after a new subscription */
    KEEP_US = 300000000, /* a channel that nobody uses */
    QUIET_MOST_US = 32000000,
};

static int64_t now_us(const struct channel *channel)
{
    return loop_now_us(channel->streams->gateway->loop);
}

struct str channel_id(struct arena *arena, const struct channel *channel, int64_t place)
{
    return arena_printf(arena, "%s-%lld", channel->epoch, (long long)place);
}

/* --- Who waits --- */

static void pin(struct channel *channel)
{
    channel->item.pinned = channel->streams_open || channel->waiting || channel->holds > 0;
}

void channel_hold(struct channel *channel)
{
    channel->holds++;
    channel->item.pinned = true;
}

void channel_release(struct channel *channel)
{
    channel->holds--;
    channel->used_us = now_us(channel);
}

void channel_wait(struct channel *channel, struct channel_wait *wait)
{
    wait->following = channel->waiting;
    channel->waiting = wait;
    channel->item.pinned = true;
    if (wait->after_us == 0)
        channel_ask(channel);
}

static bool is_over(const struct channel *channel, const struct channel_wait *wait)
{
    int64_t now = now_us(channel);

    return now >= wait->until_us || (now >= wait->after_us && channel->ready);
}

void channel_answer(struct channel *channel, bool all)
{
    struct channel_wait *wait = channel->waiting, *following;

    all = all || channel->streams->gateway->closing;
    channel->waiting = NULL;
    for (; wait; wait = following) {
        following = wait->following;
        if (all || is_over(channel, wait)) {
            wait->next(wait->argument);
        } else {
            wait->following = channel->waiting;
            channel->waiting = wait;
        }
    }
}

/* --- Life --- */

struct channel *channel_of(struct streams *streams, struct str tenant)
{
    struct channel *channel = (struct channel *)lru_find(streams->channels, tenant);

    if (!channel) {
        channel = calloc(1, sizeof *channel);
        if (!channel || !(channel->tenant = strndup(tenant.data, tenant.size)))
            abort();
        channel->streams = streams;
        channel->item.key = str_of(channel->tenant);
        channel->settling = SETTLE_LOOKS;
        channel->quiet_us = QUIET_LEAST_US;
        channel->next = streams->first;
        if (channel->next)
            channel->next->before = channel;
        streams->first = channel;
        bus_subscribe(streams->subscriber, channel->item.key);
        lru_add(streams->channels, &channel->item);
    }
    channel->used_us = now_us(channel);
    return channel;
}

void channel_free(struct channel *channel)
{
    recent_clear(channel);
    channel_forget_news(channel);
    free(channel->tenant);
    free(channel);
}

/* Pinned while there are streams or waiting calls, so there are none. */
void channel_drop(struct lru_item *item)
{
    struct channel *channel = (struct channel *)item;

    bus_unsubscribe(channel->streams->subscriber, channel->item.key);
    if (channel->next)
        channel->next->before = channel->before;
    *(channel->before ? &channel->before->next : &channel->streams->first) = channel->next;
    channel->gone = true;
    if (!channel->asking)
        channel_free(channel);
}

/* --- Every now and then --- */

/* When to request entries: after subscribing, since messages may be missed until the subscription
 * reaches the publisher; after a request without a reply; and after a long silence, since the last
 * message may have been missed, because this process was stopped or the connection was new. */
static bool has_to_look(struct channel *channel)
{
    if (channel->settling > 0) {
        channel->settling--;
        return true;
    }
    if (!channel->ready)
        return channel->waiting != NULL;
    if (channel->head > channel->place)
        return true;
    if (!channel->streams_open || now_us(channel) - channel->heard_us < channel->quiet_us)
        return false;
    if (channel->quiet_us < QUIET_MOST_US)
        channel->quiet_us *= 2;
    return true;
}

void channel_tick(struct channel *channel)
{
    struct stream *stream, *next;

    if (has_to_look(channel))
        channel_ask(channel);
    channel_answer(channel, false);
    for (stream = channel->streams_open; stream; stream = next) {
        next = stream->next;
        stream_tick(stream);
    }
    pin(channel);
    if (!channel->item.pinned && channel->streams->now.us - channel->used_us > KEEP_US)
        lru_remove(channel->streams->channels, &channel->item);
}
