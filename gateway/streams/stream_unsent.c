/* Bytes that a client's socket did not take: kept, counted, and how old they are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "memory.h"
#include "share.h"
#include "streams_state.h"

static int64_t now_us(const struct stream *stream)
{
    return loop_now_us(stream->channel->streams->loop);
}

void unsent_count(struct stream *stream, size_t bytes)
{
    struct channel *channel = stream->channel;
    size_t before = stream->pending_size - stream->pending_at;

    channel->stream_bytes += bytes - before;
    channel->streams->pending += bytes - before;
}

bool unsent_write(struct stream *stream, struct str *bytes)
{
    while (bytes->size > 0) {
        ssize_t sent = send(stream->fd, bytes->data, bytes->size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        bytes->data += sent;
        bytes->size -= (size_t)sent;
        stream->sent_us = now_us(stream);
    }
    return true;
}

void unsent_keep(struct stream *stream, struct str bytes)
{
    size_t left = stream->pending_size - stream->pending_at;
    char *grown = xmalloc(left + bytes.size);

    if (left > 0 && stream->pending)
        memcpy(grown, stream->pending + stream->pending_at, left);
    memcpy(grown + left, bytes.data, bytes.size);
    if (!stream->pending) {
        stream->behind_us = stream->mark_us = now_us(stream);
        stream->to_mark = bytes.size;
    }
    unsent_count(stream, left + bytes.size);
    free(stream->pending);
    stream->pending = grown;
    stream->pending_at = 0;
    stream->pending_size = left + bytes.size;
    loop_fd_watch(stream->watch, LOOP_READ | LOOP_WRITE);
}

/* The age of the oldest byte that waits: all behind a mark are younger than the mark. */
static void note_progress(struct stream *stream, size_t sent, size_t left)
{
    if (sent < stream->to_mark) {
        stream->to_mark -= sent;
        return;
    }
    stream->behind_us = stream->mark_us;
    stream->mark_us = now_us(stream);
    stream->to_mark = left;
}

void unsent_taken(struct stream *stream, size_t left)
{
    size_t before = stream->pending_size - stream->pending_at;

    unsent_count(stream, left);
    stream->pending_at = stream->pending_size - left;
    note_progress(stream, before - left, left);
    if (left > 0)
        return;
    free(stream->pending);
    stream->pending = NULL;
    stream->pending_size = stream->pending_at = 0;
    loop_fd_watch(stream->watch, LOOP_READ);
}

bool unsent_has_room(const struct channel *channel)
{
    const struct streams *streams = channel->streams;

    return share_allows((int64_t)channel->stream_bytes,
                        streams->pending_max - (int64_t)streams->pending, 0);
}
