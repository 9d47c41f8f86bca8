/* The last entries of a channel, whether they were delivered or have yet to be. A client that was
 * disconnected briefly, or that has read a page while more entries came, gets them from here: so
 * thousands of clients that reconnect at once cost svc-realtime little, and catching up ends
 * however fast events come. Each entry is rendered once, for the first stream that needs it. */
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "memory.h"
#include "streams_state.h"

enum {
    RECENT_BYTES = 65536,
    RECENT_MAX = 256,
    FULL_BYTES = 262144, /* with what has yet to be delivered */
};

struct str channel_id(struct arena *arena, const struct channel *channel, int64_t sequence)
{
    return arena_printf(arena, "%s-%lld", channel->epoch, (long long)sequence);
}

static void drop_oldest(struct channel *channel)
{
    struct recent_frame *recent = channel->oldest;
    union {
        const char *in;
        void *out;
    } text = {.in = recent->text.data};

    channel->oldest = recent->next;
    if (!channel->oldest)
        channel->newest = NULL;
    channel->recent_bytes -=
        recent->entry.type.size + recent->entry.data.bytes.size + recent->text.size;
    channel->recent_count--;
    free(text.out);
    free(recent);
}

void recent_clear(struct channel *channel)
{
    while (channel->oldest)
        drop_oldest(channel);
}

static struct str slot_in(char *bytes, struct str text)
{
    if (text.size > 0)
        memcpy(bytes, text.data, text.size);
    return (struct str){bytes, text.size};
}

void recent_trim(struct channel *channel)
{
    while (channel->oldest != channel->newest &&
           channel->oldest->entry.sequence <= channel->delivered &&
           (channel->recent_bytes > RECENT_BYTES || channel->recent_count > RECENT_MAX))
        drop_oldest(channel);
}

bool recent_is_full(const struct channel *channel)
{
    return channel->delivered < channel->sequence && channel->recent_bytes > FULL_BYTES;
}

void recent_add(struct channel *channel, const struct stream_entry *entry)
{
    size_t size = entry->type.size + entry->data.bytes.size;
    struct recent_frame *recent = xcalloc(1, sizeof *recent + size);

    recent->entry = *entry;
    recent->entry.type = slot_in(recent->bytes, entry->type);
    recent->entry.data.bytes = slot_in(recent->bytes + entry->type.size, entry->data.bytes);
    if (channel->newest)
        channel->newest->next = recent;
    else
        channel->oldest = recent;
    channel->newest = recent;
    channel->recent_bytes += size;
    channel->recent_count++;
    recent_trim(channel);
}

struct recent_frame *recent_behind(const struct channel *channel, int64_t sequence)
{
    struct recent_frame *recent = channel->oldest;

    if (!recent || recent->entry.sequence > sequence + 1)
        return NULL;
    while (recent && recent->entry.sequence <= sequence)
        recent = recent->next;
    return recent;
}

struct str stream_render(struct channel *channel, struct arena *arena,
                         const struct stream_entry *entry)
{
    struct json *json = channel->streams->shared->json;
    struct value data;
    struct buffer out = buffer_in(arena, 256 + entry->data.bytes.size * 2);
    struct str head =
        arena_printf(arena, "id: " STR_FMT "\nevent: " STR_FMT "\ndata: ",
                     STR_ARG(channel_id(arena, channel, entry->sequence)), STR_ARG(entry->type));

    buffer_append(&out, head.data, head.size);
    json_start(json, &out);
    if (unpack(arena, entry->data.bytes, &data)) /* whether it is whole; always, it is our own */
        json_out(json, entry->data.bytes);       /* one line: the writer escapes line ends */
    buffer_append(&out, "\n\n", 2);
    return buffer_str(&out);
}

struct str recent_text(struct channel *channel, struct recent_frame *recent)
{
    if (recent->text.data)
        return recent->text;
    struct arena *arena = arena_new();
    struct str text = stream_render(channel, arena, &recent->entry);
    char *copy = xmalloc(text.size + 1);
    recent->text = slot_in(copy, text);
    channel->recent_bytes += text.size;
    arena_destroy(&arena);
    return recent->text;
}
