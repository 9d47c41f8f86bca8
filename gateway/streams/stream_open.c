/* From a call to a stream: is it allowed, does the goal exist. The call can still be refused in
 * JSON here. */
#include "stream_begin.h"

#include "answer.h"
#include "call_request.h"
#include "event_types.h"
#include "pack.h"
#include "share.h"
#include "streams.h"
#include "timestamp.h"
#include "unpack.h"

enum { AGAIN_US = 200000 }; /* from one question to svc-goals to the next */

static void refuse(struct opening *opening, enum status status, struct str text)
{
    opening->call->retry_after_s = 5;
    answer_fault(opening->call, status, text);
}

static bool is_within_limits(struct opening *opening)
{
    struct streams *streams = opening->streams;
    struct watcher *watcher = watcher_of(streams, &opening->call->identity);
    int64_t count = (int64_t)opening->channel->stream_count;
    int64_t free = streams->max - (int64_t)streams->open;
    bool within = watcher->count < streams->per_user && count < streams->per_tenant &&
                  (free <= 0 || share_allows(count, free, 1));

    watcher_left(streams, watcher);
    if (!within)
        refuse(opening, STATUS_RATE_LIMITED, STR("Too many streams are open"));
    else if (free <= 0)
        refuse(opening, STATUS_SERVICE_UNAVAILABLE, STR("Too many streams are open"));
    return within && free > 0;
}

/* Every way of an opening ends here, or in a refusal after channel_release. */
static void finish(struct opening *opening)
{
    channel_release(opening->channel);
    if (opening->call->shared->upstream->closing)
        refuse(opening, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
    else if (opening->streams->draining)
        stream_begin_nothing(opening, streams_drain_pause_ms());
    else if (call_is_head(opening->call))
        stream_begin_nothing(opening, STREAM_RETRY_MS);
    else if (is_within_limits(opening))
        stream_begin(opening);
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
    int64_t now_us = loop_now_us(opening->streams->loop);

    if (opening->call->shared->upstream->closing || now_us >= opening->until_us)
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

    opening->call->shared->upstream->in_flight--;
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
    struct upstream *upstream = call->shared->upstream;
    struct buffer body = buffer_in(call->arena, 64);

    if (uuid_is_none(opening->goal_id) || upstream->closing || opening->streams->draining) {
        finish(opening);
        return;
    }
    pack_map(&body, 1);
    pack_key(&body, "goalIds");
    pack_array(&body, 1);
    pack_uuid(&body, opening->goal_id);
    call_fill_request(call, buffer_str(&body));
    call->request.operation = STR("checkGoals");
    call->request.if_version = -1;
    call->request.query = STR_NONE;
    upstream->in_flight++;
    bus_call(upstream->services[SERVICE_GOALS], &call->request, on_goal, opening);
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
    opening->from = channel->sequence;
    opening->epoch = arena_copy(opening->call->arena, str_of(channel->epoch));
    find_goal(opening);
}

static void find_channel(struct opening *opening)
{
    opening->channel = channel_of(opening->streams, opening->call->identity.tenant);
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
static bool is_type(struct str wanted)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (event_types[i].streams != STREAM_NONE &&
            event_type_matches(wanted, str_of(event_types[i].type)))
            return true;
    return false;
}

static bool read_types(struct opening *opening, const struct texts *types)
{
    struct call *call = opening->call;
    struct buffer out = buffer_in(call->arena, 64);
    struct field_errors errors;

    field_errors_init(&errors, call->arena);
    for (size_t i = 0; i < types->count; i++) {
        struct str wanted = types->items[i];
        if (!is_type(wanted))
            field_errors_add(&errors, STR("types"),
                             "\"" STR_FMT "\" is no type of events; say goal.updated, or goal.*",
                             STR_ARG(wanted));
        buffer_append(&out, ",", i > 0);
        buffer_append(&out, wanted.data, wanted.size);
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
    if (!call_read_query(call, AS(stream_query, &query)))
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

static struct opening *opening_new(struct streams *streams, struct call *call)
{
    struct opening *opening = arena_alloc(call->arena, sizeof *opening);

    *opening = (struct opening){.call = call, .streams = streams};
    opening->until_us = call->began_us + call->shared->upstream->request_timeout_ms * 1000;
    return opening;
}

/* False when it was answered that there is no such stream for this caller. */
static bool opens(struct opening *opening)
{
    struct call *call = opening->call;

    if (!read_query(opening))
        return false;
    if (!is_expired(call))
        return true;
    answer_fault(call, STATUS_TOKEN_EXPIRED, STR_NONE);
    return false;
}

static void subscribe_to_goal_activity(void *module, struct call *call)
{
    struct opening *opening = opening_new(module, call);

    if (!opens(opening))
        return;
    if (uuid_parse(call->route.values[0], &opening->goal_id))
        find_channel(opening);
    else
        answer_fault(call, STATUS_GOAL_NOT_FOUND, STR_NONE);
}

static void subscribe_to_tenant(void *module, struct call *call)
{
    struct opening *opening = opening_new(module, call);

    if (!opens(opening))
        return;
    if (str_equal(call->route.values[0], call->identity.tenant))
        find_channel(opening);
    else
        answer_fault(call, STATUS_INSUFFICIENT_PERMISSIONS, str_of(not_your_tenant));
}

const struct own_handler streams_handlers[] = {
    {"subscribeToGoalActivity", subscribe_to_goal_activity},
    {"subscribeToTenant", subscribe_to_tenant},
    {NULL, NULL},
};
