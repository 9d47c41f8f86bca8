/* Reads a call's head, in the order of what may be said to whom: what is asked for, who asks,
 * whether they may. */
#include "admit.h"

#include "call_request.h"
#include "config.h"
#include "gateway.h"
#include "loggable.h"
#include "timestamp.h"
#include "trace.h"
#include "trim.h"

enum { REQUEST_ID_MAX = 128 };

bool admit_refuse(struct call *call, enum status status, struct str text)
{
    call->refusal = status;
    call->refusal_text = text;
    return false;
}

static bool is_safe_id(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '_' || c == ':' || c == '-';
        if (!safe)
            return false;
    }
    return text.size > 0 && text.size <= REQUEST_ID_MAX;
}

/* The caller's id, or one of ours; NUL-terminated. */
static struct str request_id(struct call *call)
{
    struct str given = call->exchange->head.fields[HEAD_REQUEST_ID];

    if (is_safe_id(given) && !loggable_is_token(given))
        return arena_copy(call->arena, given);
    char *id = arena_alloc(call->arena, UUID_TEXT_SIZE + 1);
    uuid_format(uuid_v7(), id);
    return (struct str){id, UUID_TEXT_SIZE};
}

struct call *admit_new(struct gateway *gateway, struct exchange *exchange)
{
    struct call *call = arena_alloc(exchange->arena, sizeof *call);
    struct str origin = exchange->head.fields[HEAD_ORIGIN];

    call->gateway = gateway;
    call->shared = &gateway->shared;
    call->exchange = exchange;
    call->arena = exchange->arena;
    call->began_us = monotonic_us();
    call->log.request_id = request_id(call);
    call->log.traceparent = trace_span(call->arena, exchange->head.fields[HEAD_TRACEPARENT]);
    call->refusal = STATUS_OK;
    if (origin.data && cors_allows(gateway->cors, origin))
        call->origin = arena_copy(call->arena, origin);
    exchange->user = call;
    log_use(&call->log); /* until the listener has us back */
    return call;
}

bool admit_is_options(const struct call *call)
{
    return str_equal(call->exchange->head.method, STR("OPTIONS"));
}

static bool find_route(struct call *call)
{
    const struct head *head = &call->exchange->head;

    call->route = router_find(call->gateway->router, call->arena, router_method(head->method),
                              head_path(head));
    switch (call->route.outcome) {
    case ROUTE_FOUND:
        call->log.operation = str_of(call->route.operation->name);
        return true;
    case ROUTE_UNKNOWN:
        return admit_refuse(call, STATUS_ROUTE_NOT_FOUND, STR_NONE);
    case ROUTE_METHOD:
        return admit_is_options(call) || admit_refuse(call, STATUS_METHOD_NOT_ALLOWED, STR_NONE);
    case ROUTE_MALFORMED:
        return admit_refuse(call, STATUS_INVALID_REQUEST,
                            STR("The path is not valid percent-encoded UTF-8"));
    }
    return false;
}

static bool find_query(struct call *call)
{
    const char *why;

    return query_parse(call->arena, head_query(&call->exchange->head), &call->query, &why) ||
           admit_refuse(call, STATUS_INVALID_REQUEST, str_of(why));
}

/* From the header, or on streams from the query, which must go no further with it. */
static struct str find_token(struct call *call)
{
    struct str header = call->exchange->head.fields[HEAD_AUTHORIZATION];
    struct str token = STR_NONE;

    if (call->route.operation->shape == REPLY_STREAM) {
        struct str other = query_take(&call->query, "accessToken");
        token = query_take(&call->query, "access_token");
        token = token.data ? token : other;
    }
    if (!header.data)
        return token;
    struct str scheme = str_cut(&header, ' ');
    return str_equal_nocase(scheme, STR("Bearer")) ? trim_left(header) : STR_NONE;
}

static void keep_identity(struct call *call, const struct identity *identity)
{
    call->identity = *identity;
    call->identity.tenant = arena_copy(call->arena, identity->tenant);
    call->identity.user = arena_copy(call->arena, identity->user);
    call->identity.name = arena_copy(call->arena, identity->name);
    call->identity.person = arena_copy(call->arena, identity->person);
    call->log.tenant = call->identity.tenant;
    call->log.user = call->identity.user;
}

static bool check_token(struct call *call)
{
    const struct identity *identity;
    const char *why;
    enum status status = auth_check(call->gateway->auth, call->token, &identity, &why);
    if (status != STATUS_OK)
        return admit_refuse(call, status, arena_copy(call->arena, str_of(why)));
    keep_identity(call, identity);
    return true;
}

/* Browsers and Node's fetch send a header field's characters as Latin-1; others send UTF-8. */
static struct str latin1_to_utf8(struct arena *arena, struct str text)
{
    struct buffer out = buffer_in(arena, text.size * 2);

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x80)
            buffer_append(&out, &text.data[i], 1);
        else
            buffer_append(&out, (char[]){(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))}, 2);
    }
    return buffer_str(&out);
}

/* Only the token's tenant is allowed; a request that names another gets an error. */
static bool is_own_tenant(struct call *call)
{
    struct str named = call->exchange->head.fields[HEAD_TENANT], own = call->identity.tenant;

    return named.size == 0 || str_equal(named, own) ||
           str_equal(latin1_to_utf8(call->arena, named), own);
}

static bool is_allowed(struct call *call)
{
    const struct operation *operation = call->route.operation;
    const struct identity *identity = &call->identity;

    if (!identity->active)
        return admit_refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                            STR("Your account is not active"));
    if (!is_own_tenant(call))
        return admit_refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                            STR("The tenant is not the one of your token"));
    if ((operation->flags & OPERATION_WRITES) && !identity->may_write)
        return admit_refuse(call, STATUS_INSUFFICIENT_PERMISSIONS, STR("Your role may only read"));
    if ((operation->flags & OPERATION_MANAGES) && !identity->may_manage)
        return admit_refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                            STR("Only the roles admin and owner may do this"));
    if (!(identity->modules & 1u << operation->module))
        return admit_refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                            STR("Your subscription does not include this part of the product"));
    return true;
}

static bool is_within_rate(struct call *call)
{
    enum rate_of of = RATE_USER;

    if (call_is_head(call))
        return true;
    call->retry_after_s = rate_take(call->gateway->rate, call->identity.tenant, call->identity.user,
                                    call->began_us, &of);
    return call->retry_after_s == 0 ||
           admit_refuse(call, STATUS_RATE_LIMITED,
                        of == RATE_TENANT ? STR("Too many requests of your tenant; slow down")
                                          : STR_NONE);
}

/* For the whole body, before it comes: what is begun is taken to its end. */
static bool has_room(struct call *call)
{
    int64_t bytes = call->exchange->head.length, most = config_int(CONFIG_MAX_BODY);

    if (bytes < 0 && call->exchange->head.chunked)
        bytes = most;
    if (bytes < HELD_MIN || bytes > most)
        return true;
    enum status status =
        held_take(call->shared->held, &call->hold, call->identity.tenant, (size_t)bytes);
    return status == STATUS_OK || admit_refuse(call, status, STR_NONE);
}

/* A token's key is not there yet: the body is kept meanwhile, and counted as nobody's. */
static bool awaits_key(struct call *call)
{
    bool body = operation_has_body(call->route.operation);

    if (!auth_lacks_key(call->gateway->auth))
        return false;
    call->identity.tenant = STR("");
    call->lacks_key = !body || has_room(call);
    return body && call->lacks_key;
}

void admit_again(struct call *call)
{
    call->lacks_key = false;
    call->refusal = STATUS_OK;
    call->refusal_text = STR_NONE;
    call->retry_after_s = 0;
    if (check_token(call) && is_allowed(call) && is_within_rate(call) &&
        call->route.operation->shape != REPLY_STREAM)
        find_query(call);
}

bool admit(struct call *call)
{
    if (!find_route(call) || admit_is_options(call))
        return false;
    const struct operation *operation = call->route.operation;
    if (operation->flags & OPERATION_PUBLIC)
        return false;
    bool stream = operation->shape == REPLY_STREAM;
    if (stream && !find_query(call))
        return false;
    call->token = find_token(call);
    if (!check_token(call))
        return awaits_key(call);
    return is_allowed(call) && is_within_rate(call) && (stream || find_query(call)) &&
           operation_has_body(operation) && has_room(call);
}
