/* One client's socket. Bytes go straight to the kernel; what it does not take waits here, up to a
 * point: a client that does not read is closed and comes back with its last id, and never holds up
 * another. Nothing that the client sends is of interest, only that it goes away. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "streams_state.h"
#include "timestamp.h"

static const struct str heartbeat = {":\n\n", 3};

static void release(struct stream *stream)
{
    free(stream->user);
    free(stream->pending);
    free(stream);
}

/* The struct stays while a page is under way; its callback releases it then. */
void stream_close(struct stream *stream)
{
    struct channel *channel = stream->channel;

    loop_fd_destroy(&stream->watch);
    close(stream->fd);
    stream->fd = -1;
    if (stream->next)
        stream->next->before = stream->before;
    *(stream->before ? &stream->before->next : &channel->streams_open) = stream->next;
    channel->stream_count--;
    channel->streams->open--;
    channel->used_us = loop_now_us(channel->streams->gateway->loop);
    if (!stream->asking)
        release(stream);
}

/* False when the client is gone. */
static bool write_some(struct stream *stream, struct str *bytes)
{
    while (bytes->size > 0) {
        ssize_t sent = send(stream->fd, bytes->data, bytes->size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        bytes->data += sent;
        bytes->size -= (size_t)sent;
        stream->sent_us = loop_now_us(stream->channel->streams->gateway->loop);
    }
    return true;
}

static void keep(struct stream *stream, struct str bytes)
{
    size_t left = stream->pending_size - stream->pending_at;
    char *grown = malloc(left + bytes.size);

    if (!grown)
        abort();
    if (left > 0)
        memcpy(grown, stream->pending + stream->pending_at, left);
    memcpy(grown + left, bytes.data, bytes.size);
    free(stream->pending);
    stream->pending = grown;
    stream->pending_at = 0;
    stream->pending_size = left + bytes.size;
    if (stream->behind_us == 0)
        stream->behind_us = loop_now_us(stream->channel->streams->gateway->loop);
    loop_fd_watch(stream->watch, LOOP_READ | LOOP_WRITE);
}

static void evict(struct stream *stream)
{
    stream->channel->streams->counts.evicted++;
    stream_close(stream);
}

bool stream_send(struct stream *stream, struct str bytes)
{
    if (!stream->pending && !write_some(stream, &bytes)) {
        stream_close(stream);
        return false;
    }
    if (bytes.size == 0)
        return true;
    keep(stream, bytes);
    /* Catching up is paced by the client: there is at most a page, whatever its size. */
    if (!stream->live || stream->pending_size <= STREAM_BEHIND_BYTES)
        return true;
    evict(stream);
    return false;
}

/* The socket takes bytes again. */
static void flush(struct stream *stream)
{
    struct str left = {stream->pending + stream->pending_at,
                       stream->pending_size - stream->pending_at};

    if (!write_some(stream, &left)) {
        stream_close(stream);
        return;
    }
    stream->pending_at = stream->pending_size - left.size;
    if (left.size > 0)
        return;
    free(stream->pending);
    stream->pending = NULL;
    stream->pending_size = stream->pending_at = 0;
    stream->behind_us = 0;
    loop_fd_watch(stream->watch, LOOP_READ);
    if (!stream->live)
        stream_catch_up(stream);
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
                          struct uuid goal_id)
{
    struct stream *stream = calloc(1, sizeof *stream);
    struct streams *streams = channel->streams;

    if (!stream || !(stream->user = strndup(identity->user.data, identity->user.size)))
        abort();
    stream->channel = channel;
    stream->fd = fd;
    stream->goal_id = goal_id;
    stream->expires_s = identity->expires_s;
    stream->sent_us = loop_now_us(streams->gateway->loop);
    stream->watch = loop_fd_new(streams->gateway->loop, fd, LOOP_READ, on_ready, stream);
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

/* --- Catching up --- */

static void on_page(void *argument, const struct stream_page *page)
{
    struct stream *stream = argument;
    struct channel *channel = stream->channel;

    stream->asking = false;
    if (stream->fd < 0) {
        release(stream);
        return;
    }
    if (!page) { /* the client comes back by itself, with the id of what it has */
        stream_close(stream);
        return;
    }
    if (page->reset) {
        stream_reset(stream);
        return;
    }
    struct arena *arena = arena_new();
    struct buffer out = buffer_in(arena, 4096);
    const struct stream_entry *entries = page->entries.items;
    for (size_t i = 0; i < page->entries.count; i++)
        if (stream_wants(stream, &entries[i])) {
            struct str text = stream_render(channel, arena, &entries[i]);
            buffer_append(&out, text.data, text.size);
            channel->streams->counts.sent++;
        }
    stream->place = page->up_to;
    if (stream_send(stream, buffer_str(&out)) && !stream->pending)
        stream_catch_up(stream);
    arena_destroy(&arena);
}

void stream_catch_up(struct stream *stream)
{
    struct channel *channel = stream->channel;
    struct stream_read read = {.epoch = str_of(channel->epoch),
                               .after = stream->place,
                               .goal_id = stream->goal_id,
                               .most = STREAM_PAGE};

    if (stream->asking)
        return;
    if (stream->place == channel->place) {
        stream->live = true;
        return;
    }
    stream->asking = true;
    stream_ask(channel->streams, str_of(channel->tenant), &read, on_page, stream);
}

void stream_reset(struct stream *stream)
{
    struct arena *arena = arena_new();
    struct channel *channel = stream->channel;
    struct str id = channel_id(arena, channel, channel->place);

    stream->place = channel->place;
    stream->live = true;
    stream_send(stream,
                arena_printf(arena, "id: " STR_FMT "\nevent: reset\ndata: {\"type\":\"reset\"}\n\n",
                             STR_ARG(id)));
    arena_destroy(&arena);
}

/* --- Every now and then --- */

void stream_tick(struct stream *stream, int64_t now_us)
{
    if (timestamp_now().us / 1000000 >= stream->expires_s)
        stream_close(stream);
    else if (stream->behind_us != 0 && now_us - stream->behind_us > STREAM_BEHIND_US)
        evict(stream);
    else if (!stream->pending && now_us - stream->sent_us >= HEARTBEAT_US)
        stream_send(stream, heartbeat);
}
