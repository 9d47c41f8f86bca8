/* The streams as a whole: made, looked at every now and then, drained, taken down. */
#include "streams.h"

#include <stdlib.h>

#include "config.h"
#include "streams_state.h"

enum {
    TICK_MS = 200,
    CHANNELS_MOST = 10000,
    CHANNEL_BYTES_MOST = 16 << 20,
    DRAIN_RETRY_MS = 1000,
    DRAIN_SPREAD_MS = 4000
};

static void on_tick(void *argument)
{
    struct streams *streams = argument;
    struct channel *next;

    for (struct channel *channel = streams->first; channel; channel = next) {
        next = channel->next;
        channel_tick(channel);
    }
}

struct streams *streams_new(struct gateway *gateway, const char *realtime_endpoints)
{
    struct streams *streams = calloc(1, sizeof *streams);

    if (!streams)
        abort();
    streams->gateway = gateway;
    streams->per_user = config_int(CONFIG_STREAMS_PER_USER);
    streams->per_tenant = config_int(CONFIG_STREAMS_PER_TENANT);
    streams->channels = lru_new(CHANNELS_MOST, CHANNEL_BYTES_MOST, channel_drop);
    streams->subscriber =
        bus_subscriber_new(gateway->loop, realtime_endpoints, channel_news, streams);
    streams->tick = loop_timer_new(gateway->loop, TICK_MS, TICK_MS, on_tick, streams);
    return streams;
}

static void close_all(struct streams *streams, bool say_when)
{
    struct arena *arena = arena_new();

    for (struct channel *channel = streams->first; channel; channel = channel->next)
        while (channel->streams_open) {
            struct stream *stream = channel->streams_open;
            int pause_ms = DRAIN_RETRY_MS + rand() % DRAIN_SPREAD_MS;
            if (!say_when || stream_send(stream, arena_printf(arena, "retry: %d\n\n", pause_ms)))
                stream_close(stream);
        }
    arena_destroy(&arena);
}

void streams_drain(struct streams *streams)
{
    streams->draining = true;
    close_all(streams, true);
}

void streams_destroy(struct streams **streams)
{
    struct streams *old = *streams;

    if (!old)
        return;
    loop_timer_destroy(&old->tick);
    close_all(old, false);
    lru_destroy(&old->channels);
    bus_subscriber_destroy(&old->subscriber);
    free(old);
    *streams = NULL;
}

bool streams_cursor(struct call *call, void (*next)(void *call))
{
    struct streams *streams = call->gateway->streams;
    struct channel *channel;

    if (!bus_client_connected(call->gateway->services[SERVICE_REALTIME]))
        return true;
    channel = channel_of(streams, call->identity.tenant);
    if (channel->ready) {
        call->cursor = channel_id(call->arena, channel, channel->place);
        return true;
    }
    if (call->cursor_asked)
        return true; /* it cannot be known now */
    call->cursor_asked = true;
    struct channel_wait *wait = arena_alloc(call->arena, sizeof *wait);
    *wait = (struct channel_wait){next, call, NULL};
    channel_wait(channel, wait);
    return false;
}

struct streams_counts streams_counts(const struct streams *streams)
{
    struct streams_counts counts = streams->counts;

    counts.open = streams->open;
    counts.channels = lru_count(streams->channels);
    return counts;
}
