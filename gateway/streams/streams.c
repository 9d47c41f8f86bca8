/* All streams together: creation, limits, counts, the periodic tick, draining, destruction. */
#include "streams.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "config.h"
#include "memory.h"
#include "peers.h"
#include "streams_state.h"
#include "timestamp.h"

enum {
    TICK_MS = 200,
    BEATS_MIN = 100,
    BEAT_TICKS = 10, /* so many ticks for everybody's heartbeat */
    CHANNELS_MAX = 10000,
    WATCHERS_MAX = 100000, /* as many as have streams nevertheless */
    DRAIN_RETRY_MS = 1000,
    DRAIN_SPREAD_MS = 4000
};

static void on_tick(void *argument)
{
    struct streams *streams = argument;
    struct channel *next;

    streams->now.us = loop_now_us(streams->loop);
    streams->now.s = timestamp_now().us / 1000000;
    streams->now.beats = BEATS_MIN + streams->open / BEAT_TICKS;
    for (struct channel *channel = streams->first; channel; channel = next) {
        next = channel->next;
        channel_tick(channel);
    }
}

/* What the limit of open files leaves for streams, at least a quarter of it. */
static int64_t max_streams(void)
{
    int64_t max = config_int(CONFIG_STREAMS);
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return max;
    int64_t files = (int64_t)limit.rlim_cur;
    int64_t left = files - config_int(CONFIG_MAX_CONNECTIONS) - SPARE_FILES;
    left = left > files / 4 ? left : files / 4;
    return left < max ? left : max;
}

struct streams *streams_new(struct loop *loop, const struct call_shared *shared)
{
    struct streams *streams = xcalloc(1, sizeof *streams);
    char text[PEER_ENDPOINT_SIZE];

    streams->loop = loop;
    streams->shared = shared;
    streams->max = max_streams();
    streams->per_user = config_int(CONFIG_STREAMS_PER_USER);
    streams->per_tenant = config_int(CONFIG_STREAMS_PER_TENANT);
    streams->pending_max = config_int(CONFIG_STREAM_BYTES);
    streams->heartbeat_us = config_int(CONFIG_HEARTBEAT_MS) * 1000;
    replays_open(streams);
    streams->channels = lru_new(CHANNELS_MAX, SIZE_MAX / 2, channel_drop);
    streams->watchers = lru_new(WATCHERS_MAX, SIZE_MAX / 2, watcher_drop);
    streams->subscriber =
        bus_subscriber_new(loop, service_names[SERVICE_REALTIME],
                           peer_endpoints(SERVICE_REALTIME, text), channel_on_message, streams);
    streams->tick = loop_timer_new(loop, TICK_MS, TICK_MS, on_tick, streams);
    return streams;
}

/* --- The end --- */

static void close_streams(struct channel *channel, bool say_when)
{
    struct arena *arena = arena_new();

    while (channel->streams_open) {
        struct stream *stream = channel->streams_open;
        if (!say_when ||
            stream_send(stream, arena_printf(arena, "retry: %d\n\n", streams_drain_pause_ms())))
            stream_close(stream);
    }
    arena_destroy(&arena);
}

static void close_all(struct streams *streams, bool say_when)
{
    for (struct channel *channel = streams->first; channel; channel = channel->next) {
        channel_answer(channel, true);
        close_streams(channel, say_when);
    }
}

void streams_renew(struct streams *streams)
{
    for (struct channel *channel = streams->first; channel; channel = channel->next)
        close_streams(channel, true);
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
    lru_destroy(&old->watchers);
    bus_subscriber_destroy(&old->subscriber);
    fair_queue_destroy(&old->replays);
    free(old);
    *streams = NULL;
}

/* --- For reads --- */

/* NULL while real time is down. */
static struct channel *connected_channel(struct streams *streams, struct str tenant)
{
    const struct upstream *upstream = streams->shared->upstream;

    if (upstream->closing || !bus_client_connected(upstream->services[SERVICE_REALTIME]))
        return NULL;
    return channel_of(streams, tenant);
}

struct str streams_cursor(struct streams *streams, struct arena *arena, struct str tenant)
{
    const struct channel *channel = connected_channel(streams, tenant);

    return channel && channel->ready ? channel_id(arena, channel, channel->sequence) : STR_NONE;
}

bool streams_await_cursor(struct streams *streams, struct arena *arena, struct str tenant,
                          void (*next)(void *argument), void *argument)
{
    struct channel *channel = connected_channel(streams, tenant);

    if (!channel || channel->ready)
        return false;
    struct channel_wait *wait = arena_alloc(arena, sizeof *wait);
    *wait = (struct channel_wait){.next = next, .argument = argument};
    channel_wait(channel, wait);
    return true;
}

struct streams_counts streams_counts(const struct streams *streams)
{
    struct streams_counts counts = {.open = streams->open,
                                    .channels = lru_count(streams->channels),
                                    .pending = streams->pending,
                                    .opened = streams->counts.opened,
                                    .sent = streams->counts.sent,
                                    .evicted = streams->counts.evicted,
                                    .replays = streams->counts.replays,
                                    .gaps = streams->counts.gaps};

    return counts;
}

size_t streams_of_tenants(const struct streams *streams, struct tenant_streams *tenants, size_t max)
{
    size_t count = 0;

    for (const struct channel *channel = streams->first; channel && count < max;
         channel = channel->next)
        if (channel->stream_count > 0)
            tenants[count++] =
                (struct tenant_streams){channel->item.entry.key, channel->stream_count};
    return count;
}
