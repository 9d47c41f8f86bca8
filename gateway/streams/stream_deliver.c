/* New entries go out to the streams that follow in rounds: each stream in turn gets, in one write,
 * all that has come since its last one. The round goes on in the next turn of the loop when it has
 * taken its time in this one, and tenant by tenant (bulk_queue.h): a thousand streams of a busy
 * tenant take tens of milliseconds, in which nobody else would be answered. The more there is, the
 * more goes into one write. */
#include "streams_state.h"
#include "timestamp.h"

enum { TURN_US = 2000 };

static void serve(struct stream *stream)
{
    struct channel *channel = stream->channel;

    while (stream->live && stream->sequence < channel->round_sequence)
        if (!recent_behind(channel, stream->sequence)) {
            stream->live = false;
            stream_catch_up(stream);
            return;
        } else if (!stream_take_recent(stream)) {
            return;
        }
}

static void begin_round(struct channel *channel)
{
    channel->next_served = channel->streams_open;
    channel->round_sequence = channel->sequence;
    bulk_add(channel->streams->shared->bulk, &channel->turn, str_of(channel->tenant));
}

static void end_round(struct channel *channel)
{
    channel->delivering = false;
    if (channel->delivered < channel->round_sequence)
        channel->delivered = channel->round_sequence;
    recent_trim(channel);
    channel_deliver(channel, channel->when_delivered);
    channel->when_delivered(channel);
}

static void take_turn(void *argument)
{
    struct channel *channel = argument;
    int64_t until_us = monotonic_us() + TURN_US;

    while (channel->next_served && monotonic_us() < until_us) {
        struct stream *stream = channel->next_served;
        channel->next_served = stream->next;
        serve(stream);
    }
    if (channel->next_served)
        bulk_add(channel->streams->shared->bulk, &channel->turn, str_of(channel->tenant));
    else
        end_round(channel);
}

void channel_deliver(struct channel *channel, void (*when_delivered)(struct channel *channel))
{
    channel->when_delivered = when_delivered;
    if (!channel->streams_open) {
        channel->delivered = channel->sequence;
        recent_clear(channel);
    }
    if (channel->delivering || channel->delivered >= channel->sequence)
        return;
    channel->delivering = channel->item.pinned = true;
    channel->turn.run = take_turn;
    channel->turn.argument = channel;
    begin_round(channel);
}
