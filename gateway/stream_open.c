/* From a call to a stream: is it allowed, does the goal exist, where does the client go on. Until
 * the socket is taken over the call can still be refused in JSON. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "answer.h"
#include "forward.h"
#include "log.h"
#include "streams_state.h"

enum {
    RETRY_MS = 3000, /* a browser's pause before it comes back */
    SEND_BUFFER = 65536,
    UNACKNOWLEDGED_MS = 30000,
};

/* One call on its way to a stream; in the call's arena. */
struct opening {
    struct call *call;
    struct streams *streams;
    struct uuid goal_id;
    struct str last; /* the client's last id; absent when it begins */
    struct channel *channel;
    struct channel_wait wait;
};

static bool is_head(const struct call *call)
{
    return str_equal(call->exchange->head.method, STR("HEAD"));
}

/* --- The stream's own answer --- */

static void add_line(struct buffer *out, const char *name, struct str value)
{
    buffer_append(out, name, strlen(name));
    buffer_append(out, ": ", 2);
    buffer_append(out, value.data, value.size);
    buffer_append(out, "\r\n", 2);
}

static struct str head_text(const struct call *call)
{
    struct buffer out = buffer_in(call->arena, 1024);
    static const char line[] = "HTTP/1.1 200 OK\r\n";

    buffer_append(&out, line, sizeof line - 1);
    add_line(&out, "Content-Type", STR("text/event-stream"));
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
        is_head(call) ? STR("\r\n") : arena_printf(call->arena, "\r\nretry: %d\n\n", RETRY_MS);
    buffer_append(&out, rest.data, rest.size);
    return buffer_str(&out);
}

/* Small writes go out at once; a client that is gone is noticed; a slow one fills our memory, where
 * it is counted, rather than the kernel's. */
static void prepare_socket(int fd)
{
    int one = 1, buffer = SEND_BUFFER, wait_ms = UNACKNOWLEDGED_MS;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &wait_ms, sizeof wait_ms);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
}

/* Where the client goes on; false: nowhere that is known. */
static bool find_place(const struct opening *opening, int64_t *place)
{
    struct str rest = opening->last;

    *place = opening->channel->place;
    if (!rest.data)
        return true;
    return str_equal(str_cut(&rest, '-'), str_of(opening->channel->epoch)) && rest.data &&
           str_to_int64(rest, place) && *place >= 0;
}

static void begin(struct opening *opening)
{
    struct call *call = opening->call;
    struct str head = head_text(call);
    int64_t place;
    bool known = find_place(opening, &place);
    bool only_head = is_head(call);

    const struct log_context *before = log_use(&call->log);
    log_info("stream", LOG_TEXT("path", head_path(&call->exchange->head)),
             LOG_INT("resumes", opening->last.data != NULL));
    log_use(before);
    int fd = http_take(call->exchange);
    if (fd < 0)
        return; /* the client is gone already */
    prepare_socket(fd);
    struct stream *stream = stream_new(opening->channel, fd, &call->identity, opening->goal_id);
    if (!stream_send(stream, head))
        return;
    if (only_head) {
        stream_close(stream);
    } else if (!known) {
        stream_reset(stream);
    } else {
        stream->place = place;
        opening->streams->counts.replays += place != stream->channel->place;
        stream_catch_up(stream);
    }
}

/* --- The way there --- */

static void on_channel(void *argument)
{
    struct opening *opening = argument;

    if (!opening->channel->ready || opening->streams->gateway->closing)
        answer_fault(opening->call, STATUS_SERVICE_UNAVAILABLE,
                     STR("Real-time updates are not available now"));
    else
        begin(opening);
}

static void find_channel(struct opening *opening)
{
    opening->channel = channel_of(opening->streams, opening->call->identity.tenant);
    opening->wait = (struct channel_wait){on_channel, opening, NULL};
    if (opening->channel->ready)
        on_channel(opening);
    else
        channel_wait(opening->channel, &opening->wait);
}

static bool has_goal(struct arena *arena, const struct reply *reply)
{
    struct value data;

    return unpack(arena, reply->data, &data) && value_get(&data, "goalIds")->type == VALUE_ARRAY &&
           value_get(&data, "goalIds")->count == 1;
}

static void on_goal(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct opening *opening = argument;

    opening->streams->gateway->in_flight--;
    if (outcome != BUS_REPLIED || reply->http != 200)
        answer_fault(opening->call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
    else if (!has_goal(opening->call->arena, reply))
        answer_fault(opening->call, STATUS_GOAL_NOT_FOUND, STR_NONE);
    else
        find_channel(opening);
}

/* Asks svc-goals whether the tenant has the goal. */
static void find_goal(struct opening *opening)
{
    struct call *call = opening->call;
    struct gateway *gateway = call->gateway;
    struct buffer body = buffer_in(call->arena, 64);

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

/* The one parameter that is left; its older name and the header say the same. */
static bool find_last(struct opening *opening)
{
    struct call *call = opening->call;
    struct str header = call->exchange->head.fields[HEAD_LAST_EVENT_ID];
    struct str camel = query_take(&call->query, "lastEventId");
    struct str snake = query_take(&call->query, "last_event_id");

    if (call->query.count > 0) {
        answer_invalid(call, call->query.items[0].name,
                       STR("is not known here; allowed are access_token, tenant, lastEventId"));
        return false;
    }
    /* The header is newer: browsers keep the address and send the header when they come back. */
    opening->last = header.data && header.size > 0 ? header : camel.data ? camel : snake;
    if (opening->last.size == 0)
        opening->last = STR_NONE;
    return true;
}

static bool is_within_limits(struct opening *opening)
{
    const struct streams *streams = opening->streams;
    const struct identity *identity = &opening->call->identity;
    const struct channel *channel = channel_of(opening->streams, identity->tenant);
    int64_t own = 0;

    for (const struct stream *stream = channel->streams_open; stream; stream = stream->next)
        own += str_equal(str_of(stream->user), identity->user);
    if (own < streams->per_user && (int64_t)channel->stream_count < streams->per_tenant)
        return true;
    opening->call->retry_after_s = 5;
    answer_fault(opening->call, STATUS_RATE_LIMITED, STR("Too many streams are open"));
    return false;
}

void streams_open(struct call *call)
{
    struct streams *streams = call->gateway->streams;
    struct opening *opening = arena_alloc(call->arena, sizeof *opening);
    bool of_goal = strcmp(call->route.operation->name, "subscribeToGoalActivity") == 0;

    opening->call = call;
    opening->streams = streams;
    if (!find_last(opening))
        return;
    if (of_goal && !uuid_parse(call->route.values[0], &opening->goal_id)) {
        answer_fault(call, STATUS_GOAL_NOT_FOUND, STR_NONE);
    } else if (!of_goal && !str_equal(call->route.values[0], call->identity.tenant)) {
        answer_fault(call, STATUS_INSUFFICIENT_PERMISSIONS,
                     STR("The tenant is not the one of your token"));
    } else if (streams->draining ||
               !bus_client_connected(call->gateway->services[SERVICE_REALTIME])) {
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE,
                     STR("Real-time updates are not available now"));
    } else if (is_within_limits(opening)) {
        if (of_goal)
            find_goal(opening);
        else
            find_channel(opening);
    }
}
