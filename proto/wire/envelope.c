/* The two messages of the bus: requests and replies. Their parts that are packed values themselves
 * (query, body, data) are embedded and handed on as they are; what is in them is not read here. */
#include "envelope.h"

#include <string.h>

#include "pack.h"

/* Keys of both messages. A key keeps its meaning for ever; a new meaning gets a new key.
 *   v   version            c   correlation
 * of requests:
 *   id  request id         tp  traceparent      ms  remaining milliseconds
 *   t   tenant             u   user             un  user name
 *   op  operation          k   command id       ks  command source
 *   p   path               iv  If-Match version l   limits, in the order of limits.def
 *   io  other versions     pv  path values      q   query            b   body
 *   ho  head only          ca  cancels          up  the user's id as a person
 *   tj  takes JSON
 * of replies:
 *   h   HTTP status        s   code             m   message          e   field errors
 *   d   data               pg  page             ev  entity version   lo  location
 *   dg  degraded           x   extra            f   data is a file   fa  fatal
 *   tm  timing             fu  follow-up, of stored answers
 *   j   data as JSON */

enum { REPLY_ROOM = 512 }; /* for what a reply has besides its data */

struct request request_for(struct str operation)
{
    struct request request = {
        .tenant = STR(""),
        .user = STR(""),
        .operation = operation,
        .path = STR(""),
        .if_version = -1,
    };

    for (size_t i = 0; i < LIMIT_COUNT; i++)
        request.limits[i] = LIMIT_NONE;
    return request;
}

static void add_text(struct buffer *out, struct pack_open *open, const char *key, struct str text)
{
    if (text.data == NULL)
        return;
    pack_key(out, key);
    pack_text(out, text);
    open->count++;
}

static void add_int(struct buffer *out, struct pack_open *open, const char *key, int64_t value)
{
    pack_key(out, key);
    pack_int(out, value);
    open->count++;
}

static void add_raw(struct buffer *out, struct pack_open *open, const char *key, struct str packed)
{
    if (packed.data == NULL)
        return;
    pack_key(out, key);
    pack_raw(out, packed);
    open->count++;
}

static void add_bytes(struct buffer *out, struct pack_open *open, const char *key, struct str bytes)
{
    if (bytes.data == NULL)
        return;
    pack_key(out, key);
    pack_bytes(out, bytes);
    open->count++;
}

static void add_limits(struct buffer *out, struct pack_open *open, const int64_t *limits)
{
    pack_key(out, "l");
    pack_array(out, LIMIT_COUNT);
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        pack_int(out, limits[i]);
    open->count++;
}

void request_pack(struct buffer *out, const struct request *request)
{
    struct pack_open open = pack_map_open(out);

    add_int(out, &open, "v", ENVELOPE_VERSION);
    add_int(out, &open, "c", (int64_t)request->correlation);
    add_text(out, &open, "op", request->operation);
    add_text(out, &open, "id", request->request_id);
    add_text(out, &open, "tp", request->traceparent);
    add_int(out, &open, "ms", request->remaining_ms);
    add_text(out, &open, "t", request->tenant);
    add_text(out, &open, "u", request->user);
    add_text(out, &open, "un", request->user_name);
    add_text(out, &open, "up", request->user_person);
    add_text(out, &open, "tn", request->tenant_name);
    add_text(out, &open, "k", request->command);
    add_int(out, &open, "ks", request->command_source);
    add_text(out, &open, "p", request->path);
    add_int(out, &open, "iv", request->if_version);
    add_raw(out, &open, "io", request->if_others);
    add_limits(out, &open, request->limits);
    add_raw(out, &open, "pv", request->path_values);
    add_raw(out, &open, "q", request->query);
    add_raw(out, &open, "b", request->body);
    if (request->head_only)
        add_int(out, &open, "ho", 1);
    if (request->cancels)
        add_int(out, &open, "ca", 1);
    if (request->takes_json)
        add_int(out, &open, "tj", 1);
    pack_map_close(out, open);
}

void reply_pack(struct buffer *out, const struct reply *reply)
{
    /* A buffer that has no room for what follows the data would copy it. */
    buffer_reserve(out, REPLY_ROOM + reply->data.size + reply->json.size + reply->page.size +
                            reply->extra.size);
    struct pack_open open = pack_map_open(out);

    add_int(out, &open, "v", ENVELOPE_VERSION);
    add_int(out, &open, "c", (int64_t)reply->correlation);
    add_int(out, &open, "h", reply->http);
    add_text(out, &open, "s", reply->code);
    add_text(out, &open, "m", reply->message);
    add_raw(out, &open, "e", reply->errors);
    add_raw(out, &open, "d", reply->data);
    add_bytes(out, &open, "j", reply->json);
    add_raw(out, &open, "pg", reply->page);
    add_int(out, &open, "ev", reply->version);
    add_text(out, &open, "lo", reply->location);
    add_text(out, &open, "dg", reply->degraded);
    add_raw(out, &open, "x", reply->extra);
    if (reply->file)
        add_int(out, &open, "f", 1);
    if (reply->fatal)
        add_int(out, &open, "fa", 1);
    add_raw(out, &open, "tm", reply->timing);
    add_raw(out, &open, "fu", reply->follow_up);
    pack_map_close(out, open);
}

static const int64_t TIMING_MAX = INT64_C(1) << 50; /* so that sums of them do not overflow */

/* The order of the array is that of this struct: it keeps its meaning for ever. */
static int64_t *timing_part(struct timing *timing, size_t at)
{
    int64_t *const parts[] = {&timing->total_us,    &timing->queue_us, &timing->connection_us,
                              &timing->database_us, &timing->calls_us, &timing->statements};

    return at < sizeof parts / sizeof *parts ? parts[at] : NULL;
}

struct str timing_pack(struct arena *arena, const struct timing *timing)
{
    struct timing copy = *timing;
    struct buffer out = buffer_in(arena, 64);
    size_t count = 0;

    while (timing_part(&copy, count))
        count++;
    pack_array(&out, count);
    for (size_t i = 0; i < count; i++)
        pack_int(&out, *timing_part(&copy, i));
    return buffer_str(&out);
}

void timing_unpack(struct str packed, struct timing *timing)
{
    struct value value;
    int64_t *part;

    *timing = (struct timing){0};
    if (!packed.data)
        return;
    unpack_next(&packed, &value);
    for (size_t i = 0, count = value.count; i < count && (part = timing_part(timing, i)); i++) {
        unpack_next(&packed, &value);
        int64_t number = value_int(&value, 0);
        *part = number > 0 && number < TIMING_MAX ? number : 0;
    }
}

static bool key_is(struct str key, const char *name)
{
    return key.data[0] == name[0] && key.size == strlen(name) &&
           memcmp(key.data, name, key.size) == 0;
}

/* A key of ours whose value has another type than ours makes the message malformed. The readers
 * below answer whether the key was theirs, and latch such a fault in `bad`. */
struct envelope_reading {
    struct str key;
    const struct value *value;
    bool bad;
};

static bool read_text(struct envelope_reading *r, const char *name, struct str *text)
{
    if (!key_is(r->key, name))
        return false;
    if (r->value->type != VALUE_TEXT)
        r->bad = true;
    *text = value_text(r->value);
    return true;
}

static bool read_bytes(struct envelope_reading *r, const char *name, struct str *bytes)
{
    if (!key_is(r->key, name))
        return false;
    if (r->value->type != VALUE_BYTES || r->value->text.size == 0)
        r->bad = true;
    *bytes = r->value->text;
    return true;
}

static bool read_int(struct envelope_reading *r, const char *name, int64_t *number)
{
    if (!key_is(r->key, name))
        return false;
    if (r->value->type != VALUE_INT)
        r->bad = true;
    *number = value_int(r->value, 0);
    return true;
}

static bool read_raw(struct envelope_reading *r, const char *name, enum value_type type,
                     struct str *packed)
{
    if (!key_is(r->key, name))
        return false;
    if (type != VALUE_ABSENT && r->value->type != type)
        r->bad = true;
    *packed = r->value->raw;
    return true;
}

/* A newer peer may send more limits, an older one fewer: those are unlimited. */
static bool read_limits(struct envelope_reading *r, struct arena *arena, int64_t *limits)
{
    struct value list;

    if (!key_is(r->key, "l"))
        return false;
    if (!unpack(arena, r->value->raw, &list) || list.type != VALUE_ARRAY) {
        r->bad = true;
        return true;
    }
    for (uint32_t i = 0; i < list.count && i < LIMIT_COUNT; i++) {
        if (list.items[i].type != VALUE_INT || list.items[i].integer < LIMIT_NONE)
            r->bad = true;
        else
            limits[i] = list.items[i].integer;
    }
    return true;
}

/* What has to be known before the rest is read: the version and the caller to answer. */
static bool open_envelope(struct arena *arena, struct str message, struct value *map,
                          uint64_t *correlation)
{
    const struct value *number;
    int64_t version;

    if (!unpack_top(arena, message, map))
        return false;
    number = value_get(map, "c");
    if (number->type != VALUE_INT)
        return false;
    *correlation = (uint64_t)number->integer;
    version = value_int(value_get(map, "v"), 0);
    return version >= 1 && version <= ENVELOPE_VERSION;
}

static void read_request_pair(struct envelope_reading *r, struct arena *arena,
                              struct request *request)
{
    int64_t source = request->command_source, number = 0;

    if (read_text(r, "op", &request->operation) || read_text(r, "id", &request->request_id) ||
        read_text(r, "tp", &request->traceparent) || read_int(r, "ms", &request->remaining_ms) ||
        read_text(r, "t", &request->tenant) || read_text(r, "u", &request->user) ||
        read_text(r, "un", &request->user_name) || read_text(r, "up", &request->user_person) ||
        read_text(r, "tn", &request->tenant_name) || read_text(r, "k", &request->command))
        return;
    if (read_int(r, "ks", &source)) {
        if (source < COMMAND_NONE || source > COMMAND_GATEWAY)
            r->bad = true;
        else
            request->command_source = (enum command_source)source;
        return;
    }
    if (read_int(r, "ho", &number)) {
        request->head_only = number != 0;
        return;
    }
    if (read_int(r, "ca", &number)) {
        request->cancels = number != 0;
        return;
    }
    if (read_int(r, "tj", &number)) {
        request->takes_json = number != 0;
        return;
    }
    if (read_text(r, "p", &request->path) || read_int(r, "iv", &request->if_version) ||
        read_raw(r, "io", VALUE_ARRAY, &request->if_others) ||
        read_limits(r, arena, request->limits) ||
        read_raw(r, "pv", VALUE_MAP, &request->path_values) ||
        read_raw(r, "q", VALUE_MAP, &request->query))
        return;
    read_raw(r, "b", VALUE_ABSENT, &request->body);
}

bool request_unpack(struct arena *arena, struct str message, struct request *request)
{
    struct value map;

    memset(request, 0, sizeof *request);
    request->if_version = -1;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        request->limits[i] = LIMIT_NONE;
    if (!open_envelope(arena, message, &map, &request->correlation))
        return false;
    for (uint32_t i = 0; i < map.count; i++) {
        struct envelope_reading r = {map.pairs[i].key, &map.pairs[i].value, false};

        if (r.key.size > 0)
            read_request_pair(&r, arena, request);
        if (r.bad)
            return false;
    }
    return request->operation.size > 0;
}

static void read_reply_pair(struct envelope_reading *r, struct reply *reply)
{
    int64_t number = 0;

    if (read_int(r, "h", &number)) {
        if (number < 100 || number > 599)
            r->bad = true;
        else
            reply->http = (int)number;
        return;
    }
    if (read_int(r, "f", &number)) {
        reply->file = number != 0;
        return;
    }
    if (read_int(r, "fa", &number)) {
        reply->fatal = number != 0;
        return;
    }
    if (read_text(r, "s", &reply->code) || read_text(r, "m", &reply->message) ||
        read_raw(r, "e", VALUE_MAP, &reply->errors) ||
        read_raw(r, "d", VALUE_ABSENT, &reply->data) || read_bytes(r, "j", &reply->json) ||
        read_raw(r, "pg", VALUE_MAP, &reply->page) || read_int(r, "ev", &reply->version) ||
        read_text(r, "lo", &reply->location) || read_text(r, "dg", &reply->degraded) ||
        read_raw(r, "tm", VALUE_ARRAY, &reply->timing) ||
        read_raw(r, "fu", VALUE_MAP, &reply->follow_up))
        return;
    read_raw(r, "x", VALUE_MAP, &reply->extra);
}

bool reply_unpack(struct arena *arena, struct str message, struct reply *reply)
{
    struct value map;

    memset(reply, 0, sizeof *reply);
    reply->version = -1;
    if (!open_envelope(arena, message, &map, &reply->correlation))
        return false;
    for (uint32_t i = 0; i < map.count; i++) {
        struct envelope_reading r = {map.pairs[i].key, &map.pairs[i].value, false};

        if (r.key.size > 0)
            read_reply_pair(&r, reply);
        if (r.bad)
            return false;
    }
    return reply->code.size > 0 && reply->http != 0;
}

bool reply_is_done_or_unknown(const struct reply *reply)
{
    return reply->http == status_http(STATUS_OK) ||
           reply->http == status_http(STATUS_NOT_IMPLEMENTED);
}

struct reply reply_failure(enum status status, struct str message)
{
    return (struct reply){
        .http = status_http(status),
        .code = str_of(status_code(status)),
        .message = message.data != NULL ? message : str_of(status_sentence(status)),
        .version = -1,
    };
}
