/* Forwards a call over the bus and answers with the reply. Builds the request envelope from the
 * call; does not interpret what a service answers. */
#include "forward.h"

#include <assert.h>
#include <string.h>

#include "answer.h"
#include "etag.h"
#include "streams.h"
#include "timestamp.h"

enum { KEY_MOST = 255 };

static bool is_printable(struct str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x21 || text.data[i] > 0x7E)
            return false;
    return true;
}

/* Every write has a command id, so that carrying it out twice changes nothing: the client's key, or
 * one of our own, which makes the bus's repetitions safe. */
static bool set_command(struct call *call)
{
    struct request *request = &call->request;
    struct str key = call->exchange->head.fields[HEAD_IDEMPOTENCY_KEY];
    bool post = call->route.operation->method == METHOD_POST;

    if (!(call->route.operation->flags & OPERATION_WRITES))
        return true;
    if (post && key.data && (key.size == 0 || key.size > KEY_MOST || !is_printable(key))) {
        answer_fault(call, STATUS_INVALID_REQUEST,
                     STR("Idempotency-Key must be 1 to 255 printable characters without spaces"));
        return false;
    }
    if (post && key.data) {
        request->command = key;
        request->command_source = COMMAND_CLIENT;
        return true;
    }
    char *id = arena_alloc(call->arena, UUID_TEXT_SIZE);
    uuid_format(uuid_v7(), id);
    request->command = (struct str){id, UUID_TEXT_SIZE};
    request->command_source = COMMAND_GATEWAY;
    return true;
}

static bool set_version(struct call *call)
{
    struct str condition = call->exchange->head.fields[HEAD_IF_MATCH];

    call->request.if_version = -1;
    if (!condition.data || !operation_takes_version(call->route.operation))
        return true;
    struct buffer others = buffer_in(call->arena, 16);
    if (etag_versions(condition, &call->request.if_version, &others)) {
        if (others.size > 0)
            call->request.if_others = buffer_str(&others);
        return true;
    }
    answer_fault(call, STATUS_PRECONDITION_FAILED, STR_NONE);
    return false;
}

/* No reply: whether the work was done is unknown, unless it was a read or never arrived. */
static void answer_nothing(struct call *call, enum bus_outcome outcome)
{
    bool writes = call->route.operation->flags & OPERATION_WRITES;

    if (outcome == BUS_UNAVAILABLE || (outcome == BUS_LOST && !writes))
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
    else if (outcome == BUS_LOST)
        answer_fault(call, STATUS_UPSTREAM_TIMEOUT,
                     STR("The service failed at this request; "
                         "it may or may not have been carried out"));
    else if (writes)
        answer_fault(call, STATUS_UPSTREAM_TIMEOUT, STR_NONE);
    else
        answer_fault(call, STATUS_UPSTREAM_TIMEOUT, STR("The request took too long"));
}

static void on_reply(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct call *call = argument;

    const struct log_context *before = log_use(&call->log);

    call->gateway->in_flight--;
    if (call->sent_us > 0 && outcome != BUS_GIVEN_UP)
        meter_bus(call->gateway->meter, call->route.operation->service,
                  monotonic_us() - call->sent_us);
    if (outcome == BUS_REPLIED)
        answer_reply(call, reply);
    else if (outcome == BUS_GIVEN_UP)
        answer_nobody(call);
    else
        answer_nothing(call, outcome);
    log_use(before);
}

static void send_request(void *argument)
{
    struct call *call = argument;
    struct gateway *gateway = call->gateway;

    if (gateway->closing) {
        on_reply(call, BUS_UNAVAILABLE, NULL);
        return;
    }
    if (call->abandoned) {
        on_reply(call, BUS_GIVEN_UP, NULL);
        return;
    }
    /* Before the read: nothing falls between what it answers and a stream that begins there. */
    if ((call->route.operation->flags & OPERATION_CURSOR) && !streams_cursor(call, send_request))
        return;
    call->sent_us = monotonic_us();
    bus_call(gateway->services[call->route.operation->service], &call->request, on_reply, call);
}

void forward_abandon(struct call *call)
{
    const struct operation *operation = call->route.operation;

    if (operation->flags & OPERATION_WRITES)
        return;
    call->abandoned = true;
    if (call->sent_us > 0)
        bus_cancel(call->gateway->services[operation->service], &call->request);
}

bool forward_introduces(struct call *call, void (*next)(void *call))
{
    struct gateway *gateway = call->gateway;

    if (!call->identity.name.data ||
        call->identity.introduced == introducer_renamings(gateway->introducer))
        return false;
    call->introduction = (struct introduction){next, call, NULL};
    switch (introduce(gateway->introducer, &call->identity, call->route.operation->service,
                      call->log.request_id, &call->introduction)) {
    case INTRODUCED_ALL:
        auth_introduced(gateway->auth, call->token, introducer_renamings(gateway->introducer));
        return false;
    case INTRODUCED_SOME:
        return false;
    case INTRODUCED_LATER:
        return true;
    }
    return false;
}

void forward_fill(struct call *call, struct str body)
{
    const struct operation *operation = call->route.operation;
    struct request *request = &call->request;

    request->request_id = call->log.request_id;
    request->traceparent = call->log.traceparent;
    request->remaining_ms = call->gateway->request_timeout_ms;
    if (request->remaining_ms < operation->timeout_ms)
        request->remaining_ms = operation->timeout_ms;
    request->tenant = call->identity.tenant;
    request->user = call->identity.user;
    request->user_name = call->identity.name;
    request->operation = str_of(operation->name);
    request->path = route_path(call->arena, &call->route);
    memcpy(request->limits, call->identity.limits, sizeof request->limits);
    request->path_values = route_pack_values(call->arena, &call->route);
    request->query = query_pack(call->arena, &call->query);
    request->body = body;
    request->head_only = call_is_head(call);
}

bool forward_query(struct call *call, struct bound target)
{
    struct str packed = query_pack(call->arena, &call->query);
    struct value query = {.type = VALUE_ABSENT};
    struct field_errors errors;

    field_errors_init(&errors, call->arena);
    if (packed.data) {
        bool whole = unpack(call->arena, packed, &query);
        assert(whole);
    }
    if (target.model)
        model_clear(target);
    if (!model_decode_query(target, &query, &errors))
        answer_invalid(call, &errors);
    return errors.count == 0;
}

/* A request beyond the queue's limit is refused here at once; the service would refuse it later. */
static bool is_full(const struct call *call)
{
    const struct gateway *gateway = call->gateway;
    const struct bus_client *service = gateway->services[call->route.operation->service];

    return gateway->in_flight >= gateway->in_flight_most ||
           bus_client_in_flight(service) >= gateway->queue_length;
}

void forward(struct call *call, struct str body)
{
    struct gateway *gateway = call->gateway;

    if (!call->route.operation->query && !forward_query(call, NOTHING))
        return;
    if (!set_command(call) || !set_version(call))
        return;
    if (gateway->closing || is_full(call)) {
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
        return;
    }
    forward_fill(call, body);
    gateway->in_flight++;
    if (!forward_introduces(call, send_request))
        send_request(call);
}
