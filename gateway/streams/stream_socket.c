/* One client's socket. Bytes are written to the kernel; what it does not take is kept here, up to a
 * limit: a client that does not read is closed and resumes by its last id, and never delays others.
 * Data from the client is ignored; only a disconnect matters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event_types.h"
#include "memory.h"
#include "streams_state.h"
#include "timestamp.h"

enum {
    DRAIN_RETRY_MS = 1000,
    DRAIN_SPREAD_MS = 4000,
    TAKE_BYTES = 65536, /* of recent entries that go into one write */
};

static const struct str heartbeat = {":\n\n", 3};

static int64_t now_us(const struct stream *stream)
{
    return loop_now_us(stream->channel->streams->loop);
}

static void release(struct stream *stream)
{
    free(stream->pending);
    free(stream->types);
    free(stream);
}

/* The struct stays while a page is under way; its callback releases it then. */
void stream_close(struct stream *stream)
{
    struct channel *channel = stream->channel;

    if (channel->next_served == stream)
        channel->next_served = stream->next;
    replay_leave(stream);
    unsent_count(stream, 0);
    loop_fd_destroy(&stream->watch);
    close(stream->fd);
    stream->fd = -1;
    if (stream->next)
        stream->next->before = stream->before;
    *(stream->before ? &stream->before->next : &channel->streams_open) = stream->next;
    stream->watcher->count--;
    watcher_left(channel->streams, stream->watcher);
    channel->stream_count--;
    channel->streams->open--;
    channel->used_us = now_us(stream);
    if (!stream->asking)
        release(stream);
}

static void evict(struct stream *stream)
{
    stream->channel->streams->counts.evicted++;
    stream_close(stream);
}

bool stream_send(struct stream *stream, struct str bytes)
{
    if (!stream->pending && !unsent_write(stream, &bytes)) {
        stream_close(stream);
        return false;
    }
    if (bytes.size == 0)
        return true;
    unsent_keep(stream, bytes);
    /* The next page is requested when the client has taken the last: at most one page is buffered,
     * whatever its size. */
    bool behind = stream->live && stream->pending_size > STREAM_BEHIND_BYTES;
    if (!behind && unsent_has_room(stream->channel))
        return true;
    evict(stream);
    return false;
}

static void start_replays(struct streams *streams);

/* The socket takes bytes again. */
static void flush(struct stream *stream)
{
    struct str left = {stream->pending + stream->pending_at,
                       stream->pending_size - stream->pending_at};
    struct streams *streams = stream->channel->streams;

    if (!unsent_write(stream, &left)) {
        stream_close(stream);
        return;
    }
    unsent_taken(stream, left.size);
    if (stream->pending)
        return;
    replay_leave(stream);
    if (stream->ending)
        stream_close(stream);
    else if (!stream->live)
        stream_catch_up(stream);
    start_replays(streams);
}

static void on_ready(void *argument, int events)
{
    struct stream *stream = argument;
    char unwanted[512];

    if (events & LOOP_READ) {
        ssize_t got = recv(stream->fd, unwanted, sizeof unwanted, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            stream_close(stream);
            return;
        }
    }
    if ((events & LOOP_WRITE) && stream->pending)
        flush(stream);
}

struct stream *stream_new(struct channel *channel, int fd, const struct identity *identity,
                          struct uuid goal_id, struct str types)
{
    struct stream *stream = xcalloc(1, sizeof *stream);
    struct streams *streams = channel->streams;

    if (types.size > 0)
        stream->types = xstrndup(types.data, types.size);
    stream->watcher = watcher_of(streams, identity);
    stream->watcher->count++;
    stream->channel = channel;
    stream->fd = fd;
    stream->goal_id = goal_id;
    stream->expires_s = identity->expires_s;
    stream->sent_us = loop_now_us(streams->loop);
    stream->watch = loop_fd_new(streams->loop, fd, LOOP_READ, on_ready, stream);
    stream->next = channel->streams_open;
    if (stream->next)
        stream->next->before = stream;
    channel->streams_open = stream;
    channel->stream_count++;
    channel->item.pinned = true;
    streams->open++;
    streams->counts.opened++;
    return stream;
}

/* --- Entries --- */

static bool is_named(const struct stream *stream, struct str type)
{
    for (struct str rest = str_of(stream->types); rest.data;)
        if (event_type_matches(str_cut(&rest, ','), type))
            return true;
    return false;
}

static bool wants(const struct stream *stream, const struct stream_entry *entry)
{
    bool all = uuid_is_none(stream->goal_id);

    if (entry->type.size == 0) /* not known here */
        return false;
    if (!all && !uuid_equal(stream->goal_id, entry->goal_id))
        return false;
    return stream->types ? is_named(stream, entry->type) : all || entry->shown;
}

static bool ends(const struct stream *stream, const struct stream_entry *entry)
{
    const struct event_type *type;

    if (entry->shown || uuid_is_none(stream->goal_id) ||
        !uuid_equal(stream->goal_id, entry->goal_id))
        return false;
    type = event_type_find(entry->type);
    return type && type->streams == STREAM_LAST;
}

/* When the client has what there is for it. */
static void end(struct stream *stream)
{
    stream->live = false;
    stream->ending = true;
    if (!stream->pending)
        stream_close(stream);
}

bool stream_take_recent(struct stream *stream)
{
    struct channel *channel = stream->channel;
    struct recent_frame *recent = recent_behind(channel, stream->sequence);
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 4096);
    bool last = false;

    for (; recent && !last && out.size < TAKE_BYTES; recent = recent->next) {
        stream->sequence = recent->entry.sequence;
        if (wants(stream, &recent->entry)) {
            struct str text = recent_text(channel, recent);
            buffer_append(&out, text.data, text.size);
            channel->streams->counts.sent++;
        }
        last = ends(stream, &recent->entry);
    }
    bool open = out.size == 0 || stream_send(stream, buffer_str(&out));
    arena_destroy(&arena);
    if (open && last)
        end(stream);
    return open && !last;
}

/* --- Catching up --- */

/* False: the stream is ending. */
static bool render_page(struct stream *stream, struct buffer *out, struct arena *arena,
                        const struct stream_page *page)
{
    const struct stream_entry *entries = page->entries.items;

    for (size_t i = 0; i < page->entries.count; i++) {
        if (wants(stream, &entries[i])) {
            struct str text = stream_render(stream->channel, arena, &entries[i]);
            buffer_append(out, text.data, text.size);
            stream->channel->streams->counts.sent++;
        }
        if (ends(stream, &entries[i]))
            return false;
    }
    return true;
}

/* The turn is over when the client has taken the page, which may be at once. */
static void take_page(struct stream *stream, const struct stream_page *page)
{
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 4096);
    bool goes_on = render_page(stream, &out, arena, page);

    stream->known = true;
    stream->sequence = page->up_to;
    stream->page_bytes = (int64_t)out.size;
    if (stream_send(stream, buffer_str(&out))) {
        if (!stream->pending)
            replay_leave(stream);
        if (goes_on)
            stream_catch_up(stream);
        else
            end(stream);
    }
    arena_destroy(&arena);
}

static void on_page(void *argument, const struct stream_page *page)
{
    struct stream *stream = argument;
    struct streams *streams = stream->channel->streams;

    stream->asking = false;
    if (stream->fd < 0) {
        release(stream);
    } else if (stream->lost || (page && page->reset)) {
        stream->lost = false;
        replay_leave(stream);
        stream_reset(stream);
    } else if (page) {
        take_page(stream, page);
    } else {
        replay_leave(stream); /* the tick asks again */
        return;
    }
    start_replays(streams);
}

static void ask(struct stream *stream)
{
    struct channel *channel = stream->channel;
    struct stream_read read = {.epoch = str_of(channel->epoch),
                               .after = stream->sequence,
                               .goal_id = stream->goal_id,
                               .max = STREAM_PAGE};

    stream->asking = true;
    stream_ask(channel->streams, str_of(channel->tenant), &read, on_page, stream);
}

static void start_replays(struct streams *streams)
{
    struct stream *stream;

    while ((stream = replay_next(streams)) != NULL)
        ask(stream);
}

/* A number higher than the channel's may come from another gateway, or be invalid. */
void stream_catch_up(struct stream *stream)
{
    struct channel *channel = stream->channel;

    if (stream->asking || stream->pending || stream->ending)
        return;
    while (!stream->pending && recent_behind(channel, stream->sequence))
        if (!stream_take_recent(stream))
            return;
    if (stream->pending)
        return; /* again when the client has that */
    if (stream->sequence == channel->sequence ||
        (stream->known && stream->sequence > channel->sequence)) {
        replay_leave(stream);
        stream->live = true;
    } else {
        replay_want(stream);
        start_replays(channel->streams);
    }
}

void stream_reset(struct stream *stream)
{
    struct arena *arena = arena_new();
    struct channel *channel = stream->channel;
    struct str id = channel_id(arena, channel, channel->sequence);

    stream->sequence = channel->sequence;
    stream->live = true;
    stream_send(stream,
                arena_printf(arena, "id: " STR_FMT "\nevent: reset\ndata: {\"type\":\"reset\"}\n\n",
                             STR_ARG(id)));
    arena_destroy(&arena);
}

/* --- Every now and then --- */

int streams_drain_pause_ms(void)
{
    return DRAIN_RETRY_MS + rand() % DRAIN_SPREAD_MS;
}

void stream_tick(struct stream *stream)
{
    struct streams *streams = stream->channel->streams;

    if (streams->now.s >= stream->expires_s) {
        stream_close(stream);
    } else if (stream->pending) {
        if (streams->now.us - stream->behind_us > STREAM_BEHIND_US)
            evict(stream);
    } else if (streams->now.us - stream->sent_us >= streams->heartbeat_us &&
               streams->now.beats > 0) {
        streams->now.beats--;
        stream_send(stream, heartbeat);
    } else if (!stream->live) {
        stream_catch_up(stream);
    }
}
