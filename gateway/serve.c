/* The way of a call. At its head it is admitted or refused; what is wrong with a head is only
 * answered at the end of the body, because libmicrohttpd would close the connection otherwise. When
 * the request is complete, the steps below follow one another until one of them answers. */
#include "serve.h"

#include "admit.h"
#include "answer.h"
#include "call_request.h"
#include "forward.h"
#include "gateway.h"

enum { BULK_BODY = 64 * 1024 }; /* larger ones take up to 20 ms to read and to forward */

static void go_on(void *call);
static void go_on_later(void *call);

static bool is_own(const struct call *call)
{
    return own_handlers_have(call->gateway->own, call->route.operation);
}

static bool await_key(struct call *call)
{
    if (!call->lacks_key || call->exchange->too_large)
        return true;
    call->key_wait = (struct key_wait){.next = go_on_later, .argument = call};
    return !auth_await_keys(call->gateway->auth, &call->key_wait);
}

static bool admit_late(struct call *call)
{
    if (call->lacks_key && !call->exchange->too_large)
        admit_again(call);
    return true;
}

/* What was found at the head, or is wrong with the body's size. */
static bool answer_refusal(struct call *call)
{
    if (call->refusal == STATUS_OK)
        return true;
    answer_fault(call, call->refusal, call->refusal_text);
    return false;
}

static bool answer_preflight(struct call *call)
{
    if (!admit_is_options(call))
        return true;
    answer_options(call);
    return false;
}

static bool await_turn(struct call *call)
{
    if (call->exchange->body.size < BULK_BODY)
        return true;
    call->bulk = (struct bulk_job){.run = go_on_later, .argument = call};
    bulk_add(call->shared->bulk, &call->bulk, call->identity.tenant);
    return false;
}

/* Refuses a call beyond the limits at once, before any work is done for it. */
static bool prepare(struct call *call)
{
    return is_own(call) || forward_prepare(call);
}

/* The first request of a newer token waits until the services know the caller's name. */
static bool sync_caller(struct call *call)
{
    struct gateway *gateway = call->gateway;
    struct caller_sync *caller_sync = gateway->caller_sync;

    if (!call->identity.name.data || gateway->shared.upstream->closing ||
        call->identity.caller_synced == caller_sync_renamings(caller_sync))
        return true;
    call->sync_wait = (struct caller_sync_wait){go_on, call, NULL};
    switch (caller_sync_begin(caller_sync, &call->identity, call->route.operation->service,
                              &call->log, &call->sync_wait)) {
    case CALLER_SYNC_DONE:
        auth_caller_synced(gateway->auth, call->token, caller_sync_renamings(caller_sync));
        return true;
    case CALLER_SYNC_PARTIAL:
        return true;
    case CALLER_SYNC_PENDING:
        return false;
    }
    return true;
}

static bool run_own(struct call *call)
{
    return !own_handlers_run(call->gateway->own, call);
}

/* Before the read: nothing falls between what it answers and a stream that begins there. */
static bool await_cursor(struct call *call)
{
    return !(call->route.operation->flags & OPERATION_CURSOR) || call->cancelled ||
           !streams_await_cursor(call->gateway->streams, call->arena, call->identity.tenant, go_on,
                                 call);
}

static bool note_cursor(struct call *call)
{
    if (call->route.operation->flags & OPERATION_CURSOR)
        call->cursor = streams_cursor(call->gateway->streams, call->arena, call->identity.tenant);
    return true;
}

/* Behind other calls of its tenant, when too many of them are under way. */
static bool await_place(struct call *call)
{
    return upstream_await(call->shared->upstream, call->route.operation->service,
                          call->identity.tenant, &call->place, go_on_later, call);
}

/* In this order. A step that answers true lets the next one follow; else it has answered the call,
 * or go_on is called when what it waits for has come. */
static bool (*const steps[])(struct call *call) = {
    await_key,        /* waits */
    admit_late,       /* who had to wait */
    answer_refusal,   /* 4xx, and with it the end */
    answer_preflight, /* OPTIONS */
    await_turn,       /* waits */
    call_read_body,   /* JSON becomes msgpack */
    prepare,          /* query, command id, If-Match, room */
    sync_caller,      /* waits */
    run_own,          /* health, documentation, streams */
    await_cursor,     /* waits */
    note_cursor,      /* for X-Last-Event-Id */
    await_place,      /* waits */
    forward_send,     /* to the service; its reply is answered */
};

static void go_on(void *argument)
{
    struct call *call = argument;

    while (steps[call->step++](call))
        ;
}

/* --- The log's context is the call's while it is worked on --- */

static void go_on_later(void *argument)
{
    const struct call *call = argument;
    const struct log_context *before =
        log_use(&call->log); /* another call's, at whose end it goes */

    go_on(argument);
    log_use(before);
}

bool serve_head(void *gateway, struct exchange *exchange)
{
    bool wanted = admit(admit_new(gateway, exchange));

    log_use(NULL);
    return wanted;
}

void serve_arrived(void *gateway, struct exchange *exchange)
{
    struct call *call = exchange->user;

    if (exchange->head.fault) {
        call = admit_new(gateway, exchange);
        admit_refuse(call, STATUS_INVALID_REQUEST, str_of(exchange->head.fault));
        call->refusal_http = exchange->head.fault_http;
    } else if (exchange->too_large && call->refusal == STATUS_OK) {
        admit_refuse(call, STATUS_PAYLOAD_TOO_LARGE, STR_NONE);
    }
    log_use(&call->log);
    go_on(call);
    log_use(NULL);
}

void serve_cancelled(void *gateway, struct exchange *exchange)
{
    (void)gateway;
    forward_cancel(exchange->user);
}

void serve_ended(void *gateway, struct exchange *exchange)
{
    struct call *call = exchange->user;

    (void)gateway;
    if (call)
        held_give(call->shared->held, &call->hold);
}
