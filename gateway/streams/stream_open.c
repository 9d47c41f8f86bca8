/* From a call to a stream: limits, existence of the goal, and where the client resumes. Until the
 * socket is taken over the call can still be refused in JSON. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "forward.h"
#include "log.h"
#include "loggable.h"
#include "stream_types.h"
#include "streams_state.h"
#include "timestamp.h"

enum {
    RETRY_MS = 3000, /* a browser's pause before it comes back */
    SEND_BUFFER = 65536,
    UNACKNOWLEDGED_MS = 30000,
    AGAIN_US = 200000, /* from one question to svc-goals to the next */
};

/* One call on its way to a stream; in the call's arena. It holds its channel. */
struct opening {
    struct call *call;
    struct streams *streams;
    struct uuid goal_id;
    struct str header, address; /* the client's last id by each way; absent when it begins */
    struct str types;           /* wanted ones, separated by commas; empty: the usual ones */
    struct channel *channel;
    struct channel_wait wait;
    int64_t until_us; /* what is down is waited for, because browsers give up at a 503 */
    int64_t from;     /* the channel's place before the goal was asked for */
    struct str epoch; /* of it */
};

/* --- The stream's own answer --- */

static void add_line(struct buffer *out, const char *name, struct str value)
{
    buffer_append(out, name, strlen(name));
    buffer_append(out, ": ", 2);
    buffer_append(out, value.data, value.size);
    buffer_append(out, "\r\n", 2);
}

static struct str head_text(const struct call *call, int retry_ms)
{
    struct buffer out = buffer_in(call->arena, 1024);
    static const char line[] = "HTTP/1.1 200 OK\r\n";

    buffer_append(&out, line, sizeof line - 1);
    add_line(&out, "Content-Type", STR("text/event-stream"));
    add_line(&out, "X-Content-Type-Options", STR("nosniff"));
    add_line(&out, "Cache-Control", STR("no-store"));
    add_line(&out, "X-Accel-Buffering", STR("no"));
    add_line(&out, "X-Request-Id", call->log.request_id);
    add_line(&out, "Vary", STR("Origin"));
    if (call->origin.data) {
        add_line(&out, "Access-Control-Allow-Origin", call->origin);
        add_line(&out, "Access-Control-Expose-Headers", str_of(cors_exposed_fields));
    }
    add_line(&out, "Connection", STR("close"));
    struct str rest =
        call_is_head(call) ? STR("\r\n") : arena_printf(call->arena, "\r\nretry: %d\n\n", retry_ms);
    buffer_append(&out, rest.data, rest.size);
    return buffer_str(&out);
}

/* Socket options: small writes are sent at once; a dead client is noticed; data for a slow client
 * stays in our memory, where it is counted, rather than in the kernel's. */
static void prepare_socket(int fd)
{
    int one = 1, buffer = SEND_BUFFER, wait_ms = UNACKNOWLEDGED_MS;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &wait_ms, sizeof wait_ms);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
}

/* The sequence number of an id; -1: not valid, or of another epoch. */
static int64_t place_of(const struct channel *channel, struct str id)
{
    int64_t place;
    struct str epoch = str_cut(&id, '-');

    if (!str_equal(epoch, str_of(channel->epoch)) || !id.data || !str_to_int64(id, &place))
        return -1;
    return place < 0 ? -1 : place;
}

/* Where the client resumes; false: not known. Of two ids the higher number counts:
 * browsers keep the address they began with and send the newer id in the header, polyfills keep the
 * header and put the newer one into the address. */
static bool find_place(const struct opening *opening, int64_t *place)
{
    const struct channel *channel = opening->channel;

    *place = opening->from;
    if (!opening->header.data && !opening->address.data)
        return str_equal(opening->epoch, str_of(channel->epoch));
    int64_t header = place_of(channel, opening->header);
    int64_t address = place_of(channel, opening->address);
    *place = header > address ? header : address;
    return *place >= 0;
}

/* -1: the client is gone already. */
static int take_socket(struct opening *opening)
{
    struct call *call = opening->call;
    const struct log_context *before = log_use(&call->log);

    log_info("stream", LOG_TEXT("path", loggable_path(call->arena, &call->exchange->head)),
             LOG_INT("resumes", opening->header.data || opening->address.data));
    log_use(before);
    int fd = http_take(call->exchange);
    if (fd >= 0)
        prepare_socket(fd);
    return fd;
}

static void begin(struct opening *opening)
{
    struct call *call = opening->call;
    struct str head = head_text(call, RETRY_MS);
    int64_t place;
    bool known = find_place(opening, &place);
    int fd = take_socket(opening);

    if (fd < 0)
        return;
    meter_count(call->gateway->meter, call->route.operation, 200, monotonic_us() - call->began_us);
    struct stream *stream =
        stream_new(opening->channel, fd, &call->identity, opening->goal_id, opening->types);
    if (!stream_send(stream, head))
        return;
    if (!known) {
        stream_reset(stream);
    } else {
        stream->place = place;
        opening->streams->counts.replays += place != stream->channel->place;
        stream_catch_up(stream);
    }
}

/* The head; HEAD ends here and does not count as a stream. While this gateway drains, the stream
 * only says when to reconnect: after any answer that is no stream a browser would not reconnect. */
static void send_head(struct opening *opening, int retry_ms)
{
    struct str head = head_text(opening->call, retry_ms);
    int fd = take_socket(opening);

    if (fd < 0)
        return;
    (void)!send(fd, head.data, head.size, MSG_NOSIGNAL | MSG_DONTWAIT); /* or it is gone already */
    close(fd);
}

/* --- The way there --- */

static void refuse(struct opening *opening, enum status status, struct str text)
{
    opening->call->retry_after_s = 5;
    answer_fault(opening->call, status, text);
}

static bool is_within_limits(struct opening *opening)
{
    struct streams *streams = opening->streams;
    struct watcher *watcher = watcher_of(streams, &opening->call->identity);
    bool within = watcher->count < streams->per_user &&
                  (int64_t)opening->channel->stream_count < streams->per_tenant;

    watcher_left(streams, watcher);
    if (!within)
        refuse(opening, STATUS_RATE_LIMITED, STR("Too many streams are open"));
    else if ((int64_t)streams->open >= streams->most)
        refuse(opening, STATUS_SERVICE_UNAVAILABLE, STR("Too many streams are open"));
    return within && (int64_t)streams->open < streams->most;
}

/* Every way of an opening ends here, or in a refusal after channel_release. */
static void finish(struct opening *opening)
{
    channel_release(opening->channel);
    if (opening->streams->gateway->closing)
        refuse(opening, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
    else if (opening->streams->draining)
        send_head(opening, streams_drain_pause_ms());
    else if (call_is_head(opening->call))
        send_head(opening, RETRY_MS);
    else if (is_within_limits(opening))
        begin(opening);
}

static bool has_goal(struct arena *arena, const struct reply *reply)
{
    struct value data;

    return unpack(arena, reply->data, &data) && value_get(&data, "goalIds")->type == VALUE_ARRAY &&
           value_get(&data, "goalIds")->count == 1;
}

static void find_goal(void *argument);

/* False: it has waited long enough. */
static bool tries_again(struct opening *opening)
{
    const struct gateway *gateway = opening->streams->gateway;
    int64_t now_us = loop_now_us(gateway->loop);

    if (gateway->closing || now_us >= opening->until_us)
        return false;
    opening->wait = (struct channel_wait){.next = find_goal,
                                          .argument = opening,
                                          .after_us = now_us + AGAIN_US,
                                          .until_us = now_us + AGAIN_US};
    channel_wait(opening->channel, &opening->wait);
    return true;
}

static void on_goal(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct opening *opening = argument;
    bool answered = outcome == BUS_REPLIED && reply->http == 200;

    opening->streams->gateway->in_flight--;
    if (!answered && !opening->streams->draining && tries_again(opening))
        return;
    if (answered && has_goal(opening->call->arena, reply)) {
        finish(opening);
        return;
    }
    channel_release(opening->channel);
    answer_fault(opening->call, answered ? STATUS_GOAL_NOT_FOUND : STATUS_SERVICE_UNAVAILABLE,
                 STR_NONE);
}

/* Calls svc-goals for whether the tenant has the goal. The channel's number was stored before, so
 * the goal's deletion is not missed. */
static void find_goal(void *argument)
{
    struct opening *opening = argument;
    struct call *call = opening->call;
    struct gateway *gateway = call->gateway;
    struct buffer body = buffer_in(call->arena, 64);

    if (uuid_is_none(opening->goal_id) || gateway->closing || opening->streams->draining) {
        finish(opening);
        return;
    }
    pack_map(&body, 1);
    pack_key(&body, "goalIds");
    pack_array(&body, 1);
    pack_uuid(&body, opening->goal_id);
    forward_fill(call, buffer_str(&body));
    call->request.operation = STR("checkGoals");
    call->request.if_version = -1;
    call->request.query = STR_NONE;
    gateway->in_flight++;
    bus_call(gateway->services[SERVICE_GOALS], &call->request, on_goal, opening);
}

static void on_channel(void *argument)
{
    struct opening *opening = argument;
    const struct channel *channel = opening->channel;

    if (!channel->ready && !opening->streams->draining) {
        channel_release(opening->channel);
        refuse(opening, STATUS_SERVICE_UNAVAILABLE, STR("Real-time updates are not available now"));
        return;
    }
    opening->from = channel->place;
    opening->epoch = arena_copy(opening->call->arena, str_of(channel->epoch));
    find_goal(opening);
}

static void find_channel(void *argument)
{
    struct call *call = argument;
    struct opening *opening = call->opening;

    opening->channel = channel_of(opening->streams, call->identity.tenant);
    channel_hold(opening->channel);
    opening->wait = (struct channel_wait){
        .next = on_channel, .argument = opening, .until_us = opening->until_us};
    if (opening->channel->ready || opening->streams->draining)
        on_channel(opening);
    else
        channel_wait(opening->channel, &opening->wait);
}

/* --- What is asked for --- */

static const char not_your_tenant[] = "The tenant is not the one of your token";

/* A type that no event can match is an error. */
static bool is_type(struct str wish)
{
    const struct stream_type *row = stream_types;

    while (row->type && !stream_type_meant(wish, str_of(row->type)))
        row++;
    return row->type != NULL;
}

static bool read_types(struct opening *opening, const struct texts *types)
{
    struct call *call = opening->call;
    struct buffer out = buffer_in(call->arena, 64);
    struct field_errors errors;

    field_errors_init(&errors, call->arena);
    for (size_t i = 0; i < types->count; i++) {
        struct str wish = types->items[i];
        if (!is_type(wish))
            field_errors_add(&errors, STR("types"),
                             "\"" STR_FMT "\" is no type of events; say goal.updated, or goal.*",
                             STR_ARG(wish));
        buffer_append(&out, ",", i > 0);
        buffer_append(&out, wish.data, wish.size);
    }
    opening->types = buffer_str(&out);
    if (errors.count > 0)
        answer_invalid(call, &errors);
    return errors.count == 0;
}

/* The stream's tenant, and where to resume; header fields have the same meaning. */
static bool read_query(struct opening *opening)
{
    struct call *call = opening->call;
    struct str header = call->exchange->head.fields[HEAD_LAST_EVENT_ID];
    struct stream_query query;

    query_keep_last(&call->query,
                    "lastEventId"); /* polyfills add theirs to an address that has one */
    query_keep_last(&call->query, "last_event_id");
    if (!forward_query(call, AS(stream_query, &query)))
        return false;
    if (query.tenant.data && !str_equal(query.tenant, call->identity.tenant)) {
        answer_fault(call, STATUS_INSUFFICIENT_PERMISSIONS, str_of(not_your_tenant));
        return false;
    }
    opening->header = header.size > 0 ? header : STR_NONE;
    opening->address = query.last_event_id;
    return read_types(opening, &query.types);
}

/* Within the leeway that other requests have, a stream would end as soon as it begins, and the
 * client would come back at once. */
static bool is_expired(const struct call *call)
{
    return timestamp_now().us / 1000000 >= call->identity.expires_s;
}

void streams_open(struct call *call)
{
    struct streams *streams = call->gateway->streams;
    struct opening *opening = arena_alloc(call->arena, sizeof *opening);
    bool of_goal = strcmp(call->route.operation->name, "subscribeToGoalActivity") == 0;

    *opening = (struct opening){.call = call, .streams = streams};
    opening->until_us = call->began_us + call->gateway->request_timeout_ms * 1000;
    call->opening = opening;
    if (!read_query(opening))
        return;
    if (is_expired(call))
        answer_fault(call, STATUS_TOKEN_EXPIRED, STR_NONE);
    else if (of_goal && !uuid_parse(call->route.values[0], &opening->goal_id))
        answer_fault(call, STATUS_GOAL_NOT_FOUND, STR_NONE);
    else if (!of_goal && !str_equal(call->route.values[0], call->identity.tenant))
        answer_fault(call, STATUS_INSUFFICIENT_PERMISSIONS, str_of(not_your_tenant));
    else if (!forward_introduces(call, find_channel))
        find_channel(call);
}
