/* Over the bus and back. Decides nothing about what a service answers. */
#include "forward.h"

#include "answer.h"
#include "call_request.h"
#include "etag.h"
#include "timestamp.h"

enum { KEY_MAX = 255 };

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
    if (post && key.data && (key.size == 0 || key.size > KEY_MAX || !is_printable(key))) {
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

    upstream_leave(call->shared->upstream, call->route.operation->service, &call->place);
    call->times.back_us = monotonic_us();
    if (call->times.sent_us > 0 && outcome != BUS_CANCELLED)
        call_metrics_bus(call->shared->call_metrics, call->route.operation->service,
                         call->times.back_us - call->times.sent_us);
    if (outcome == BUS_REPLIED)
        timing_unpack(reply->timing, &call->times.service);
    if (outcome == BUS_REPLIED)
        answer_reply(call, reply);
    else if (outcome == BUS_CANCELLED)
        answer_cancelled(call);
    else
        answer_nothing(call, outcome);
    log_use(before);
}

static bool is_taken(struct call *call, enum share_verdict verdict)
{
    if (verdict == SHARE_USED_UP)
        answer_fault(call, STATUS_RATE_LIMITED,
                     STR("Too many requests of your tenant are under way"));
    else if (verdict == SHARE_FULL)
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
    return verdict == SHARE_TAKEN;
}

bool forward_prepare(struct call *call)
{
    struct upstream *upstream = call->shared->upstream;

    if (!call->route.operation->query && !call_read_query(call, NOTHING))
        return false;
    if (!set_command(call) || !set_version(call))
        return false;
    if (upstream->closing) {
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
        return false;
    }
    if (!is_taken(call, upstream_enter(upstream, call->identity.tenant, &call->place)))
        return false;
    call_fill_request(call, call->body);
    call->ready_us = monotonic_us();
    return true;
}

bool forward_send(struct call *call)
{
    enum service service = call->route.operation->service;
    struct upstream *upstream = call->shared->upstream;
    int64_t now_us = monotonic_us();

    call->request.remaining_ms -= (now_us - call->ready_us) / 1000;
    if (upstream->closing || call->request.remaining_ms <= 0) {
        on_reply(call, BUS_UNAVAILABLE, NULL);
    } else if (call->cancelled) {
        on_reply(call, BUS_CANCELLED, NULL);
    } else if (is_taken(call,
                        upstream_begin(upstream, service, call->identity.tenant, &call->place))) {
        call->times.sent_us = now_us;
        bus_call(upstream->services[service], &call->request, on_reply, call);
    } else {
        upstream_leave(upstream, service, &call->place);
    }
    return false;
}

void forward_cancel(struct call *call)
{
    const struct operation *operation = call->route.operation;

    if (operation->flags & OPERATION_WRITES)
        return;
    call->cancelled = true;
    if (call->times.sent_us > 0 && call->times.back_us == 0)
        bus_cancel(call->shared->upstream->services[operation->service], &call->request);
}
