/* Whose turn it is to be sent a page of what it has missed. A page is held until its client has
 * taken it, so the number of places bounds the memory of all replays; they go tenant by tenant, and
 * some are kept for tenants that have fewer than their share. */
#include "owner.h"
#include "streams_state.h"

enum { REPLAYS = 64, REPLAYS_KEPT = 16 };

void replays_open(struct streams *streams)
{
    streams->replays = fair_queue_new();
    fair_queue_slots(streams->replays, 0, REPLAYS, REPLAYS_KEPT);
}

void replay_want(struct stream *stream)
{
    struct channel *channel = stream->channel;

    if (stream->replay != REPLAY_NONE)
        return;
    stream->replay = REPLAY_WAITS;
    fair_add(channel->streams->replays, 0, &stream->turn, str_of(channel->tenant));
}

struct stream *replay_next(struct streams *streams)
{
    struct fair_item *turn = fair_start_next(streams->replays, 0);

    if (!turn)
        return NULL;
    struct stream *stream = OWNER_OF(turn, struct stream, turn);
    stream->replay = REPLAY_RUNS;
    stream->page_bytes = 0;
    return stream;
}

void replay_leave(struct stream *stream)
{
    struct fair_queue *replays = stream->channel->streams->replays;

    if (stream->replay == REPLAY_WAITS)
        fair_remove(replays, &stream->turn);
    else if (stream->replay == REPLAY_RUNS)
        fair_done(replays, &stream->turn, 1 + stream->page_bytes);
    stream->replay = REPLAY_NONE;
}
