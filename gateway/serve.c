/* Serves a call: at its head, find the operation and the caller and decide whether the body is
 * needed; when it is complete, answer or forward. Errors in a head are only answered at the end of
 * the body, because libmicrohttpd would close the connection otherwise. */
#include <string.h>

#include "answer.h"
#include "forward.h"
#include "json_in.h"
#include "loggable.h"
#include "streams.h"
#include "timestamp.h"
#include "trim.h"

enum { REQUEST_ID_MOST = 128, TRACEPARENT_SIZE = 55, WORD_MOST = 40 };

/* `text` absent: the status's sentence. */
static bool refuse(struct call *call, enum status status, struct str text)
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
    return text.size > 0 && text.size <= REQUEST_ID_MOST;
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

static bool is_hex(struct str text, size_t at, size_t size)
{
    bool all_zero = true;

    for (size_t i = at; i < at + size; i++) {
        char c = text.data[i];
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return false;
        all_zero &= c == '0';
    }
    return !all_zero || size == 2;
}

/* W3C: version-trace-parent-flags, in lower case; absent when it is not valid. */
static struct str traceparent(const struct head *head)
{
    struct str text = head->fields[HEAD_TRACEPARENT];
    bool valid = text.size == TRACEPARENT_SIZE && text.data[2] == '-' && text.data[35] == '-' &&
                 text.data[52] == '-' && is_hex(text, 0, 2) && is_hex(text, 3, 32) &&
                 is_hex(text, 36, 16) && is_hex(text, 53, 2) && memcmp(text.data, "ff", 2) != 0;

    return valid ? text : STR_NONE;
}

static struct call *call_new(struct gateway *gateway, struct exchange *exchange)
{
    struct call *call = arena_alloc(exchange->arena, sizeof *call);
    struct str origin = exchange->head.fields[HEAD_ORIGIN];

    call->gateway = gateway;
    call->exchange = exchange;
    call->arena = exchange->arena;
    call->began_us = monotonic_us();
    call->log.request_id = request_id(call);
    call->log.traceparent = traceparent(&exchange->head);
    call->refusal = STATUS_OK;
    if (origin.data && cors_allows(gateway->cors, origin))
        call->origin = arena_copy(call->arena, origin);
    exchange->user = call;
    log_use(&call->log); /* until the listener has us back */
    return call;
}

static bool is_options(const struct call *call)
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
        return refuse(call, STATUS_ROUTE_NOT_FOUND, STR_NONE);
    case ROUTE_METHOD:
        return is_options(call) || refuse(call, STATUS_METHOD_NOT_ALLOWED, STR_NONE);
    case ROUTE_MALFORMED:
        return refuse(call, STATUS_INVALID_REQUEST,
                      STR("The path is not valid percent-encoded UTF-8"));
    }
    return false;
}

static bool find_query(struct call *call)
{
    const char *why;

    return query_parse(call->arena, head_query(&call->exchange->head), &call->query, &why) ||
           refuse(call, STATUS_INVALID_REQUEST, str_of(why));
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
    call->log.tenant = call->identity.tenant;
    call->log.user = call->identity.user;
}

static bool find_caller(struct call *call)
{
    const struct identity *identity;
    const char *why;

    call->token = find_token(call);
    enum status status = auth_check(call->gateway->auth, call->token, &identity, &why);
    if (status != STATUS_OK)
        return refuse(call, status, arena_copy(call->arena, str_of(why)));
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
        return refuse(call, STATUS_INSUFFICIENT_PERMISSIONS, STR("Your account is not active"));
    if (!is_own_tenant(call))
        return refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                      STR("The tenant is not the one of your token"));
    if ((operation->flags & OPERATION_WRITES) && !identity->may_write)
        return refuse(call, STATUS_INSUFFICIENT_PERMISSIONS, STR("Your role may only read"));
    if (!(identity->modules & 1u << operation->module))
        return refuse(call, STATUS_INSUFFICIENT_PERMISSIONS,
                      STR("Your subscription does not include this part of the product"));
    return true;
}

static bool is_within_rate(struct call *call)
{
    struct rate *rate = call->gateway->rate;

    if (!rate || call_is_head(call))
        return true;
    call->retry_after_s =
        rate_take(rate, call->identity.tenant, call->identity.user, call->began_us);
    return call->retry_after_s == 0 || refuse(call, STATUS_RATE_LIMITED, STR_NONE);
}

static bool has_body(const struct operation *operation)
{
    return operation->method == METHOD_POST || operation->method == METHOD_PUT;
}

bool serve_head(void *argument, struct exchange *exchange)
{
    struct call *call = call_new(argument, exchange);

    if (!find_route(call) || is_options(call))
        return false;
    const struct operation *operation = call->route.operation;
    if (operation->flags & OPERATION_PUBLIC)
        return false;
    bool stream = operation->shape == REPLY_STREAM;
    return (!stream || find_query(call)) && find_caller(call) && is_allowed(call) &&
           is_within_rate(call) && (stream || find_query(call)) && has_body(operation);
}

/* Words of a header field, as they may stand in a sentence for people. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7E)
            return false;
    return text.size > 0 && text.size <= WORD_MOST;
}

/* application/json, with parameters that do not say another charset than UTF-8. `*why` is a
 * sentence where there is more to say than that it is not. */
static bool is_json(struct arena *arena, struct str type, struct str *why)
{
    struct str parameters = type;
    struct str name = trim(str_cut(&parameters, ';'));

    *why = STR_NONE;
    if (!str_equal_nocase(name, STR("application/json")))
        return false;
    while (parameters.data) {
        struct str value = trim(str_cut(&parameters, ';'));
        struct str key = str_cut(&value, '=');
        if (!str_equal_nocase(key, STR("charset")) || str_equal_nocase(value, STR("utf-8")) ||
            str_equal_nocase(value, STR("\"utf-8\"")))
            continue;
        if (is_plain(value))
            *why =
                arena_printf(arena, "The body must be UTF-8, not charset " STR_FMT, STR_ARG(value));
        return false;
    }
    return true;
}

/* An empty body, or what axios sends without data: post(url, null) sends the text "null". */
static bool is_nothing(struct str body)
{
    static const char blanks[] = " \t\r\n";

    while (body.size > 0 && memchr(blanks, body.data[0], sizeof blanks - 1))
        body = (struct str){body.data + 1, body.size - 1};
    while (body.size > 0 && memchr(blanks, body.data[body.size - 1], sizeof blanks - 1))
        body.size--;
    return body.size == 0 || str_equal(body, STR("null"));
}

/* False: answered. */
static bool read_body(struct call *call, struct str *packed)
{
    struct exchange *exchange = call->exchange;
    struct str why;

    *packed = STR("\x80"); /* {} in msgpack */
    if ((call->route.operation->flags & OPERATION_BODY_OPTIONAL) && is_nothing(exchange->body))
        return true;
    if (exchange->body.size == 0) {
        answer_fault(call, STATUS_INVALID_JSON, STR("The request needs a JSON body"));
        return false;
    }
    if (!is_json(call->arena, exchange->head.fields[HEAD_CONTENT_TYPE], &why)) {
        answer_fault(call, STATUS_UNSUPPORTED_MEDIA_TYPE, why);
        return false;
    }
    if (json_in(call->arena, exchange->body, packed, &why))
        return true;
    answer_fault(call, STATUS_INVALID_JSON, why);
    return false;
}

static void serve_own(struct call *call)
{
    if (call->route.operation->shape == REPLY_FIXED)
        docs_answer(call->gateway->docs, call);
    else
        health_answer(call->gateway->health, call);
}

void serve_gone(void *gateway, struct exchange *exchange)
{
    (void)gateway;
    forward_abandon(exchange->user);
}

void serve_arrived(void *argument, struct exchange *exchange)
{
    struct call *call = exchange->user;
    struct str body = STR_NONE;

    if (exchange->head.fault) {
        call = call_new(argument, exchange);
        refuse(call, STATUS_INVALID_REQUEST, str_of(exchange->head.fault));
        call->refusal_http = exchange->head.fault_http;
    } else if (exchange->too_large && call->refusal == STATUS_OK) {
        refuse(call, STATUS_PAYLOAD_TOO_LARGE, STR_NONE);
    }
    if (call->refusal != STATUS_OK)
        answer_fault(call, call->refusal, call->refusal_text);
    else if (is_options(call))
        answer_options(call);
    else if (call->route.operation->service == SERVICE_GATEWAY)
        serve_own(call);
    else if (call->route.operation->shape == REPLY_STREAM)
        streams_open(call);
    else if (!has_body(call->route.operation) || read_body(call, &body))
        forward(call, body);
}
