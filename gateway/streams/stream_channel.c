/* Channels: the tenants with open streams. A channel is created for the first stream or waiting
 * call and freed some time after the last; stream_follow.c has what it passes on. */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "streams_state.h"

enum { SETTLE_LOOKS = 3 }; /* of the tick, after a new subscription */

static int64_t now_us(const struct channel *channel)
{
    return loop_now_us(channel->streams->loop);
}

/* --- Who waits --- */

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

static bool is_over(const struct channel *channel, const struct channel_wait *wait)
{
    int64_t now = now_us(channel);

    return now >= wait->until_us || (now >= wait->after_us && channel->ready);
}

void channel_answer(struct channel *channel, bool all)
{
    struct channel_wait *wait = channel->waiting, *following;

    all = all || channel->streams->shared->upstream->closing;
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
        channel = xcalloc(1, sizeof *channel);
        channel->tenant = xstrndup(tenant.data, tenant.size);
        channel->streams = streams;
        channel->item.entry.key = str_of(channel->tenant);
        channel->settling = SETTLE_LOOKS;
        channel->quiet_us = QUIET_MIN_US;
        channel->next = streams->first;
        if (channel->next)
            channel->next->before = channel;
        streams->first = channel;
        bus_subscribe(streams->subscriber, channel->item.entry.key);
        lru_add(streams->channels, &channel->item);
    }
    channel->used_us = now_us(channel);
    return channel;
}

void channel_free(struct channel *channel)
{
    recent_clear(channel);
    channel_drop_pending(channel);
    free(channel->tenant);
    free(channel);
}

/* Pinned while there are streams or waiting calls, so there are none. */
void channel_drop(struct lru_item *item)
{
    struct channel *channel = (struct channel *)item;

    bus_unsubscribe(channel->streams->subscriber, channel->item.entry.key);
    if (channel->next)
        channel->next->before = channel->before;
    *(channel->before ? &channel->before->next : &channel->streams->first) = channel->next;
    channel->closed = true;
    if (!channel->asking)
        channel_free(channel);
}
