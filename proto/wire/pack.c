/* Writing msgpack through msgpack-c's packer, straight into a struct buffer. No message of ours is
 * known here; those are envelope.c and the field tables. */
#include "pack.h"

#include <assert.h>
#include <math.h>
#include <msgpack.h>
#include <string.h>

enum { HEAD_SIZE = 5, MAP32 = 0xdf, ARRAY32 = 0xdd };

static int append(void *data, const char *bytes, size_t size)
{
    buffer_append(data, bytes, size);
    return 0;
}

static msgpack_packer packer_on(struct buffer *out)
{
    return (msgpack_packer){.data = out, .callback = append};
}

void pack_map(struct buffer *out, size_t pairs)
{
    msgpack_packer packer = packer_on(out);

    assert(pairs <= UINT32_MAX);
    msgpack_pack_map(&packer, pairs);
}

void pack_array(struct buffer *out, size_t items)
{
    msgpack_packer packer = packer_on(out);

    assert(items <= UINT32_MAX);
    msgpack_pack_array(&packer, items);
}

void pack_text(struct buffer *out, struct str text)
{
    msgpack_packer packer = packer_on(out);

    if (text.data == NULL) {
        msgpack_pack_nil(&packer);
        return;
    }
    assert(text.size <= UINT32_MAX);
    msgpack_pack_str(&packer, text.size);
    msgpack_pack_str_body(&packer, text.data, text.size);
}

void pack_bytes(struct buffer *out, struct str bytes)
{
    msgpack_packer packer = packer_on(out);

    if (bytes.data == NULL) {
        msgpack_pack_nil(&packer);
        return;
    }
    assert(bytes.size <= UINT32_MAX);
    msgpack_pack_bin(&packer, bytes.size);
    msgpack_pack_bin_body(&packer, bytes.data, bytes.size);
}

void pack_int(struct buffer *out, int64_t value)
{
    msgpack_packer packer = packer_on(out);

    msgpack_pack_int64(&packer, value);
}

/* Infinities write nil too: the reader refuses them, and JSON has no way to say them. */
void pack_double(struct buffer *out, double value)
{
    msgpack_packer packer = packer_on(out);

    if (isfinite(value))
        msgpack_pack_double(&packer, value);
    else
        msgpack_pack_nil(&packer);
}

void pack_bool(struct buffer *out, bool value)
{
    msgpack_packer packer = packer_on(out);

    if (value)
        msgpack_pack_true(&packer);
    else
        msgpack_pack_false(&packer);
}

void pack_nil(struct buffer *out)
{
    msgpack_packer packer = packer_on(out);

    msgpack_pack_nil(&packer);
}

void pack_raw(struct buffer *out, struct str packed)
{
    if (packed.size == 0)
        pack_nil(out);
    else
        buffer_append(out, packed.data, packed.size);
}

struct str text_of_uuid(struct uuid id, char room[UUID_TEXT_SIZE])
{
    if (uuid_is_none(id))
        return STR_NONE;
    uuid_format(id, room);
    return (struct str){room, UUID_TEXT_SIZE};
}

struct str text_of_time(struct timestamp t, char room[TIMESTAMP_TEXT_SIZE])
{
    if (timestamp_is_none(t))
        return STR_NONE;
    timestamp_format(t, room);
    return (struct str){room, TIMESTAMP_TEXT_SIZE};
}

struct str text_of_day(struct timestamp t, char room[TIMESTAMP_TEXT_SIZE])
{
    struct str text = text_of_time(t, room);

    return text.data ? (struct str){room, sizeof "2025-01-15" - 1} : text;
}

void pack_uuid(struct buffer *out, struct uuid id)
{
    char room[UUID_TEXT_SIZE];

    pack_text(out, text_of_uuid(id, room));
}

void pack_time(struct buffer *out, struct timestamp t)
{
    char room[TIMESTAMP_TEXT_SIZE];

    pack_text(out, text_of_time(t, room));
}

void pack_day(struct buffer *out, struct timestamp t)
{
    char room[TIMESTAMP_TEXT_SIZE];

    pack_text(out, text_of_day(t, room));
}

void pack_key(struct buffer *out, const char *name)
{
    pack_text(out, str_of(name));
}

/* The widest head is reserved, because the count that follows is not known. */
static struct pack_open open_head(struct buffer *out, uint8_t type)
{
    struct pack_open open = {.at = out->size};
    char *head = buffer_extend(out, HEAD_SIZE);

    memset(head, 0, HEAD_SIZE);
    head[0] = (char)type;
    return open;
}

static void close_head(struct buffer *out, struct pack_open open)
{
    char *head = out->data + open.at;

    assert(open.at + HEAD_SIZE <= out->size);
    for (int i = 0; i < 4; i++)
        head[1 + i] = (char)(open.count >> (24 - 8 * i));
}

struct pack_open pack_map_open(struct buffer *out)
{
    return open_head(out, MAP32);
}

struct pack_open pack_array_open(struct buffer *out)
{
    return open_head(out, ARRAY32);
}

void pack_map_close(struct buffer *out, struct pack_open open)
{
    close_head(out, open);
}

void pack_array_close(struct buffer *out, struct pack_open open)
{
    close_head(out, open);
}
