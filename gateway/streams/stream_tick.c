/* What a channel does again and again: looks for what it may have missed, calls back who waits for
 * it, and goes when nobody uses it. */
#include "streams_state.h"

enum {
    KEEP_US = 300000000, /* a channel that nobody uses */
    QUIET_MAX_US = 32000000,
};

void channel_wait(struct channel *channel, struct channel_wait *wait)
{
    wait->following = channel->waiting;
    channel->waiting = wait;
    channel->item.pinned = true;
    if (wait->after_us == 0)
        channel_ask(channel);
}

static void pin(struct channel *channel)
{
    channel->item.pinned =
        channel->streams_open || channel->waiting || channel->holds > 0 || channel->delivering;
}

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
    if (channel->head > channel->sequence)
        return true;
    if (!channel->streams_open ||
        loop_now_us(channel->streams->loop) - channel->last_message_us < channel->quiet_us)
        return false;
    if (channel->quiet_us < QUIET_MAX_US)
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
