/* A channel follows one tenant's stream. News may be missing or come in another order; places say
 * so, and what is missing is read. So every entry is passed on once and in order. */
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "streams_state.h"
#include "timestamp.h"

enum {
    ASK_MS = 2000,
    SETTLE_LOOKS = 3,    /* of the tick, after a new subscription */
    KEEP_US = 300000000, /* a channel that nobody uses */
    CHANNEL_PAGE = 500,
};

/* --- Asking svc-realtime --- */

struct asking {
    struct arena *arena;
    struct request request;
    stream_page_fn *done;
    void *argument;
};

static void on_page(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct asking *asking = argument;
    struct arena *arena = asking->arena;
    struct field_errors errors;
    struct stream_page page;
    struct value data;
    bool read = false;

    if (outcome == BUS_REPLIED && reply->http == 200 && unpack(arena, reply->data, &data)) {
        field_errors_init(&errors, arena);
        model_clear(AS(stream_page, &page));
        read = model_decode(AS(stream_page, &page), &data, DECODE_CREATE, &errors, NULL) &&
               page.epoch.data && page.epoch.size < EPOCH_MOST;
    }
    asking->done(asking->argument, read ? &page : NULL);
    arena_destroy(&arena);
}

void stream_ask(struct streams *streams, struct str tenant, const struct stream_read *read,
                stream_page_fn *done, void *argument)
{
    struct arena *arena = arena_new();
    struct asking *asking = arena_alloc(arena, sizeof *asking);
    struct buffer body = buffer_in(arena, 128);

    struct stream_read copy = *read;
    model_pack(AS(stream_read, &copy), &body);
    asking->arena = arena;
    asking->done = done;
    asking->argument = argument;
    asking->request = (struct request){
        .request_id = STR("stream"),
        .remaining_ms = ASK_MS,
        .tenant = arena_copy(arena, tenant),
        .user = STR("gateway"),
        .operation = STR("readStream"),
        .if_version = -1,
        .body = buffer_str(&body),
    };
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        asking->request.limits[i] = LIMIT_NONE;
    bus_call(streams->gateway->services[SERVICE_REALTIME], &asking->request, on_page, asking);
}

/* --- Passing on --- */

struct str channel_id(struct arena *arena, const struct channel *channel, int64_t place)
{
    return arena_printf(arena, "%s-%lld", channel->epoch, (long long)place);
}

struct str stream_render(struct channel *channel, struct arena *arena,
                         const struct stream_entry *entry)
{
    struct json *json = channel->streams->gateway->json;
    struct buffer out = buffer_in(arena, 256 + entry->data.bytes.size * 2);
    struct str head =
        arena_printf(arena, "id: " STR_FMT "\nevent: " STR_FMT "\ndata: ",
                     STR_ARG(channel_id(arena, channel, entry->place)), STR_ARG(entry->type));

    buffer_append(&out, head.data, head.size);
    json_start(json, &out);
    json_out(json, entry->data.bytes); /* one line: the writer escapes line ends */
    buffer_append(&out, "\n\n", 2);
    return buffer_str(&out);
}

bool stream_wants(const struct stream *stream, const struct stream_entry *entry)
{
    return uuid_is_none(stream->goal_id) ||
           (entry->shown && uuid_equal(stream->goal_id, entry->goal_id));
}

static bool ends(const struct stream *stream, const struct stream_entry *entry)
{
    return str_equal(entry->type, STR("goal.deleted")) &&
           uuid_equal(stream->goal_id, entry->goal_id);
}

/* The next entry, to everybody who has not had it. It is rendered once, for the first who wants it.
 */
static void pass_on(struct channel *channel, struct arena *arena, const struct stream_entry *entry)
{
    struct stream *stream, *next;
    struct str text = STR_NONE;

    channel->place = entry->place;
    for (stream = channel->streams_open; stream; stream = next) {
        next = stream->next;
        if (!stream->live || stream->place >= entry->place)
            continue;
        stream->place = entry->place;
        if (stream_wants(stream, entry)) {
            if (!text.data)
                text = stream_render(channel, arena, entry);
            channel->streams->counts.sent++;
            stream_send(stream, text);
        } else if (ends(stream, entry)) {
            stream_close(stream);
        }
    }
}

static void reset_all(struct channel *channel, const struct stream_page *page)
{
    struct stream *stream, *next;

    memcpy(channel->epoch, page->epoch.data, page->epoch.size);
    channel->epoch[page->epoch.size] = '\0';
    channel->place = channel->head = page->head;
    for (stream = channel->streams_open; stream; stream = next) {
        next = stream->next;
        if (stream->live)
            stream_reset(stream);
    }
}

static bool is_same_epoch(const struct channel *channel, const struct stream_page *page)
{
    return str_equal(str_of(channel->epoch), page->epoch);
}

/* Passes on what follows without a gap. */
static void take(struct channel *channel, const struct stream_page *page)
{
    const struct stream_entry *entries = page->entries.items;
    struct arena *arena = arena_new();

    for (size_t i = 0; i < page->entries.count; i++)
        if (entries[i].place == channel->place + 1)
            pass_on(channel, arena, &entries[i]);
    arena_destroy(&arena);
    if (page->head > channel->head)
        channel->head = page->head;
}

/* --- Filling gaps, and the beginning --- */

static void answer_waiting(struct channel *channel)
{
    struct channel_wait *wait = channel->waiting;

    channel->waiting = NULL;
    while (wait) {
        struct channel_wait *following = wait->following;
        wait->next(wait->argument);
        wait = following;
    }
}

static void ask(struct channel *channel);

static void on_channel_page(void *argument, const struct stream_page *page)
{
    struct channel *channel = argument;

    channel->asking = false;
    if (channel->gone) {
        free(channel->tenant);
        free(channel);
        return;
    }
    if (page && !channel->ready) {
        memcpy(channel->epoch, page->epoch.data, page->epoch.size);
        channel->epoch[page->epoch.size] = '\0';
        channel->place = page->head;
        channel->ready = true;
        if (page->head > channel->head)
            channel->head = page->head;
    } else if (page && (page->reset || !is_same_epoch(channel, page))) {
        reset_all(channel, page);
    } else if (page) {
        take(channel, page);
    }
    answer_waiting(channel);
    if (page && channel->head > channel->place)
        ask(channel);
}

/* The head at first, later what lies behind the channel's place. */
static void ask(struct channel *channel)
{
    struct stream_read read = {.after = INT_NONE, .most = CHANNEL_PAGE};

    if (channel->asking)
        return;
    if (channel->ready) {
        read.epoch = str_of(channel->epoch);
        read.after = channel->place;
    }
    channel->asking = true;
    stream_ask(channel->streams, str_of(channel->tenant), &read, on_channel_page, channel);
}

void channel_news(void *argument, struct str topic, struct str body)
{
    struct streams *streams = argument;
    struct channel *channel = (struct channel *)lru_find(streams->channels, topic);
    struct arena *arena = arena_new();
    struct field_errors errors;
    struct stream_page page;
    struct value data;

    field_errors_init(&errors, arena);
    model_clear(AS(stream_page, &page));
    if (channel && unpack(arena, body, &data) &&
        model_decode(AS(stream_page, &page), &data, DECODE_CREATE, &errors, NULL) &&
        page.epoch.data && page.epoch.size < EPOCH_MOST) {
        if (!channel->ready) {
            if (page.head > channel->head)
                channel->head = page.head;
        } else if (!is_same_epoch(channel, &page)) {
            reset_all(channel, &page);
        } else {
            take(channel, &page);
            if (channel->head > channel->place) {
                streams->counts.gaps++;
                ask(channel);
            }
        }
    }
    arena_destroy(&arena);
}

void channel_wait(struct channel *channel, struct channel_wait *wait)
{
    wait->following = channel->waiting;
    channel->waiting = wait;
    channel->item.pinned = true;
    ask(channel);
}

/* --- The channel itself --- */

struct channel *channel_of(struct streams *streams, struct str tenant)
{
    struct channel *channel = (struct channel *)lru_find(streams->channels, tenant);

    if (!channel) {
        channel = calloc(1, sizeof *channel);
        if (!channel || !(channel->tenant = strndup(tenant.data, tenant.size)))
            abort();
        channel->streams = streams;
        channel->item.key = str_of(channel->tenant);
        channel->item.weight = sizeof *channel;
        channel->settling = SETTLE_LOOKS;
        channel->next = streams->first;
        if (channel->next)
            channel->next->before = channel;
        streams->first = channel;
        bus_subscribe(streams->subscriber, channel->item.key);
        lru_add(streams->channels, &channel->item);
    }
    channel->used_us = loop_now_us(streams->gateway->loop);
    return channel;
}

/* Pinned while there are streams or waiting calls, so there are none. */
void channel_drop(struct lru_item *item)
{
    struct channel *channel = (struct channel *)item;

    bus_unsubscribe(channel->streams->subscriber, channel->item.key);
    if (channel->next)
        channel->next->before = channel->before;
    *(channel->before ? &channel->before->next : &channel->streams->first) = channel->next;
    if (channel->asking) {
        channel->gone = true;
        return;
    }
    free(channel->tenant);
    free(channel);
}

/* A subscription takes a moment to reach the publisher: what it missed is looked for. A question
 * that got no answer is asked again. */
void channel_tick(struct channel *channel)
{
    int64_t now_us = loop_now_us(channel->streams->gateway->loop);
    struct stream *stream, *next;

    if (channel->settling > 0 || channel->head > channel->place) {
        channel->settling -= channel->settling > 0;
        ask(channel);
    }
    for (stream = channel->streams_open; stream; stream = next) {
        next = stream->next;
        stream_tick(stream, now_us);
    }
    channel->item.pinned = channel->streams_open || channel->waiting;
    if (!channel->item.pinned && now_us - channel->used_us > KEEP_US)
        lru_remove(channel->streams->channels, &channel->item);
}
