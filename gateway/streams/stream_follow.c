/* A channel follows its tenant's stream. Published messages may be missing or out of order, which
 * their sequence numbers show; missing entries are read. So every entry is passed on once, in
 * order. What comes faster than it can be delivered is read later, like what is missing. */
#include <string.h>

#include "streams_state.h"

enum { FOLLOW_PAGE = 500 };

static void ask_for_rest(struct channel *channel)
{
    if (channel->head > channel->sequence)
        channel_ask(channel);
}

/* Takes what follows without a gap. */
static void take(struct channel *channel, const struct stream_page *page)
{
    const struct stream_entry *entries = page->entries.items;

    for (size_t i = 0; i < page->entries.count && !recent_is_full(channel); i++)
        if (entries[i].sequence == channel->sequence + 1) {
            channel->sequence = entries[i].sequence;
            channel->quiet_us = QUIET_MIN_US;
            if (channel->streams_open)
                recent_add(channel, &entries[i]);
        }
    if (page->head > channel->head)
        channel->head = page->head;
    channel_deliver(channel, ask_for_rest);
}

static void set_epoch(struct channel *channel, const struct stream_page *page)
{
    memcpy(channel->epoch, page->epoch.data, page->epoch.size);
    channel->epoch[page->epoch.size] = '\0';
    channel->sequence = channel->head = page->head;
    channel->delivered = channel->round_sequence = page->head;
}

static void reset_all(struct channel *channel, const struct stream_page *page)
{
    struct stream *stream, *next;

    set_epoch(channel, page);
    recent_clear(channel);
    channel_drop_pending(channel);
    for (stream = channel->streams_open; stream; stream = next) {
        next = stream->next;
        if (stream->asking)
            stream->lost = true;
        else
            stream_reset(stream);
    }
}

static bool is_same_epoch(const struct channel *channel, const struct stream_page *page)
{
    return str_equal(str_of(channel->epoch), page->epoch);
}

/* --- News behind a gap --- */

/* Those that follow now; what is still behind a gap is read with it. */
static void take_pending(struct channel *channel)
{
    struct arena *arena = arena_new();
    struct stream_page page;

    for (struct pending_message *pending = channel->pending; pending; pending = pending->next) {
        arena_reset(arena);
        if (stream_page_read(arena, (struct str){pending->body, pending->size}, &page) &&
            is_same_epoch(channel, &page))
            take(channel, &page);
    }
    arena_destroy(&arena);
    channel_drop_pending(channel);
}

/* --- Filling gaps, and the beginning --- */

static void take_page(struct channel *channel, const struct stream_page *page)
{
    if (!channel->ready) {
        int64_t head = channel->head;
        set_epoch(channel, page);
        channel->ready = true;
        channel->head = head > page->head ? head : page->head;
    } else if (page->reset || !is_same_epoch(channel, page)) {
        reset_all(channel, page);
    } else {
        take(channel, page);
        take_pending(channel);
    }
}

static void on_channel_page(void *argument, const struct stream_page *page)
{
    struct channel *channel = argument;

    channel->asking = false;
    if (channel->closed) {
        channel_free(channel);
        return;
    }
    if (page)
        take_page(channel, page);
    channel_answer(channel, false);
    if (page)
        ask_for_rest(channel);
}

void channel_ask(struct channel *channel)
{
    struct stream_read read = {.after = INT_NONE, .max = FOLLOW_PAGE};

    if (channel->asking || recent_is_full(channel))
        return;
    if (channel->ready) {
        read.epoch = str_of(channel->epoch);
        read.after = channel->sequence;
    }
    channel->asking = true;
    channel->last_message_us = loop_now_us(channel->streams->loop);
    stream_ask(channel->streams, str_of(channel->tenant), &read, on_channel_page, channel);
}

static void take_message(struct channel *channel, const struct stream_page *page, struct str body)
{
    if (!channel->ready) {
        if (page->head > channel->head)
            channel->head = page->head;
        return;
    }
    if (!is_same_epoch(channel, page)) {
        reset_all(channel, page);
        return;
    }
    take(channel, page);
    if (channel->head == channel->sequence)
        return;
    const struct stream_entry *entries = page->entries.items;
    if (page->entries.count > 0 && entries[page->entries.count - 1].sequence > channel->sequence)
        channel_hold_message(channel, body);
    if (recent_is_full(channel))
        return; /* asked for when that is delivered */
    channel->streams->counts.gaps += !channel->asking;
    channel_ask(channel);
}

void channel_on_message(void *argument, struct str topic, struct str body)
{
    struct streams *streams = argument;
    struct channel *channel = (struct channel *)lru_find(streams->channels, topic);

    if (!channel)
        return;
    struct arena *arena = arena_new();
    struct stream_page page;
    channel->last_message_us = loop_now_us(streams->loop);
    if (stream_page_read(arena, body, &page))
        take_message(channel, &page, body);
    arena_destroy(&arena);
}
