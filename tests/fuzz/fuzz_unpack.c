/* Messages from sockets and tables: the msgpack reader and the three envelopes. What was read is
 * packed and read again, and can be written as JSON. */
#include "envelope.h"
#include "event.h"
#include "fuzz.h"
#include "json_out.h"
#include "unpack.h"

static struct arena *arena;
static struct json *json;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    arena = arena_new();
    json = json_new();
    return 0;
}

/* Every byte of every value, and that raw parts lie inside the message. */
static void walk(const struct value *value, struct str message)
{
    struct buffer out = buffer_in(arena, 16);

    MUST(value->raw.data >= message.data &&
         value->raw.data + value->raw.size <= message.data + message.size);
    if (value->type == VALUE_TEXT || value->type == VALUE_BYTES)
        buffer_append(&out, value->text.data, value->text.size);
    for (uint32_t i = 0; value->type == VALUE_ARRAY && i < value->count; i++)
        walk(&value->items[i], message);
    for (uint32_t i = 0; value->type == VALUE_MAP && i < value->count; i++) {
        buffer_append(&out, value->pairs[i].key.data, value->pairs[i].key.size);
        walk(&value->pairs[i].value, message);
    }
}

static void read_value(struct str message)
{
    struct value value, top;
    bool good = unpack(arena, message, &value);

    bool envelope = unpack_top(arena, message, &top);

    MUST(envelope == (good && value.type == VALUE_MAP && value.count <= UNPACK_TOP_MAX));
    MUST(top.type == (envelope ? VALUE_MAP : VALUE_ABSENT));
    MUST(good || value.type == VALUE_ABSENT);
    if (!good)
        return;
    for (uint32_t i = 0; envelope && i < value.count; i++) {
        MUST(str_equal(top.pairs[i].key, value.pairs[i].key));
        MUST(str_equal(top.pairs[i].value.raw, value.pairs[i].value.raw));
        MUST(top.pairs[i].value.type == value.pairs[i].value.type);
    }
    walk(&value, message);
    struct buffer out = buffer_in(arena, 256);
    json_start(json, &out);
    json_out(json, message);
}

static void read_request(struct str message)
{
    struct buffer out = buffer_in(arena, 256);
    struct request request, again;

    if (!request_unpack(arena, message, &request))
        return;
    request_pack(&out, &request);
    MUST(request_unpack(arena, buffer_str(&out), &again));
    MUST(again.correlation == request.correlation && again.remaining_ms == request.remaining_ms);
    MUST(str_equal(again.operation, request.operation) && str_equal(again.tenant, request.tenant));
}

static void read_reply(struct str message)
{
    struct buffer out = buffer_in(arena, 256);
    struct reply reply, again;

    if (!reply_unpack(arena, message, &reply))
        return;
    reply_pack(&out, &reply);
    MUST(reply_unpack(arena, buffer_str(&out), &again));
    MUST(again.http == reply.http && str_equal(again.code, reply.code));
    MUST(str_equal(again.data, reply.data));
}

static void read_event(struct str message)
{
    struct buffer out = buffer_in(arena, 256);
    struct event event, again;

    if (!event_unpack(arena, message, &event))
        return;
    event_pack(&out, &event);
    MUST(event_unpack(arena, buffer_str(&out), &again));
    MUST(str_equal(again.type, event.type) && again.version == event.version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str message = fuzz_exact(data, size);

    read_value(message);
    read_request(message);
    read_reply(message);
    read_event(message);
    arena_reset(arena);
    free((void *)(uintptr_t)message.data);
    return 0;
}
