/* Builds every answer. Common fields are added in one place, so that errors have them too. */
#include "answer.h"

#include <string.h>

#include "answer_limit.h"
#include "envelope.h"
#include "etag.h"
#include "gzip.h"
#include "json_out.h"
#include "loggable.h"
#include "pack.h"
#include "timestamp.h"

enum {
    GZIP_MIN = 1024,
    HTTP_CLIENT_GONE = 499, /* for log and metrics: nobody reads it */
};

static const char json_type[] = "application/json";
/* Personal data must not be cached, or only by the user's browser, which revalidates it. */
static const char not_kept[] = "no-store";
static const char kept_private[] = "private, no-cache";

/* Text from elsewhere as a header value: NUL-terminated and without bytes that would end it. */
static const char *field_text(struct call *call, struct str text)
{
    char *copy = arena_alloc(call->arena, text.size + 1);

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        copy[i] = c < 0x20 || c == 0x7F ? '?' : text.data[i];
    }
    return copy;
}

static void add_origin(struct call *call, struct exchange *exchange)
{
    if (!call->origin.data)
        return;
    http_field(exchange, "Access-Control-Allow-Origin", call->origin.data);
    http_field(exchange, "Access-Control-Expose-Headers", cors_exposed_fields);
}

/* The code by which a refusal is counted; health's 503 has none of its own. */
static void count_refusal(struct call *call, int http, struct str method, struct str path)
{
    const struct refusal refusal = {call->log.request_id, method, path, http};

    refusals_count(call->shared->refusals,
                   call->refusal != STATUS_OK ? call->refusal : STATUS_SERVICE_UNAVAILABLE,
                   &refusal);
}

/* One log line for each request, except for successful reads and refusals of unauthenticated
 * requests, which would be too many: the latter are counted. At level debug they have lines, too.
 */
static void log_answer(struct call *call, int http, int64_t us)
{
    const struct head *head = &call->exchange->head;
    struct str method = loggable_method(head), path = loggable_path(call->arena, head);
    bool strange = http >= 400 && !call->identity.tenant.data;
    bool reads = router_method(head->method) == METHOD_GET || str_equal(method, STR("OPTIONS"));
    const struct log_context *before = log_use(&call->log);

    if (strange)
        count_refusal(call, http, method, path);
    LOG_AT(strange || (http < 400 && reads) ? LOG_DEBUG : LOG_INFO, "request",
           LOG_TEXT("method", method), LOG_TEXT("path", path), LOG_INT("status", http),
           LOG_INT("durationUs", us));
    log_use(before);
}

static void add_common_fields(struct call *call, const char *type, bool compressible)
{
    struct exchange *exchange = call->exchange;

    if (type) {
        http_field(exchange, "Content-Type", type);
        http_field(exchange, "X-Content-Type-Options", "nosniff");
    }
    http_field(exchange, "X-Request-Id", call->log.request_id.data);
    http_field(exchange, "Vary", compressible ? "Origin, Accept-Encoding" : "Origin");
    add_origin(call, exchange);
}

static bool takes_gzip(const struct call *call)
{
    return gzip_accepted(call->exchange->head.fields[HEAD_ACCEPT_ENCODING]);
}

static void send_answer(struct call *call, int http, struct str body)
{
    int64_t us = monotonic_us() - call->began_us;

    call_metrics_count(call->shared->call_metrics, call->route.operation, http, us);
    log_answer(call, http, us);
    http_answer(call->exchange, http, body);
}

/* `type` and `cache` NULL: without the field. */
static void finish(struct call *call, int http, struct str body, const char *type,
                   const char *cache)
{
    bool compressible = type == json_type && body.size > GZIP_MIN;

    add_common_fields(call, type, compressible);
    if (cache)
        http_field(call->exchange, "Cache-Control", cache);
    if (compressible && takes_gzip(call)) {
        struct str smaller = gzip_text(call->arena, body);
        if (smaller.data) {
            http_field(call->exchange, "Content-Encoding", "gzip");
            body = smaller;
        }
    }
    send_answer(call, http, body);
}

void answer_cancelled(struct call *call)
{
    http_close_after(call->exchange);
    send_answer(call, HTTP_CLIENT_GONE, STR(""));
}

void answer_json(struct call *call, int http, struct str json)
{
    finish(call, http, json, json_type, not_kept);
}

void answer_static(struct call *call, const struct static_content *content)
{
    struct exchange *exchange = call->exchange;
    struct str known = exchange->head.fields[HEAD_IF_NONE_MATCH];
    bool fresh = known.data && etag_matches(known, content->etag);

    http_field(exchange, "ETag", content->etag.data);
    http_field(exchange, "Cache-Control",
               strcmp(content->type, json_type) == 0 ? kept_private : "no-cache");
    add_common_fields(call, fresh ? NULL : content->type, content->gzip.data);
    if (fresh) {
        send_answer(call, 304, STR(""));
    } else if (content->gzip.data && takes_gzip(call)) {
        http_field(exchange, "Content-Encoding", "gzip");
        send_answer(call, 200, content->gzip);
    } else {
        send_answer(call, 200, content->text);
    }
}

/* `errors` is a packed map; absent when there are none. */
static struct str fault_body(struct call *call, struct str code, struct str message,
                             struct str errors)
{
    struct json *json = call->shared->json;
    struct buffer out = buffer_in(call->arena, 256 + errors.size * 2);

    json_start(json, &out);
    json_object_begin(json);
    json_key(json, STR("success"));
    json_bool(json, false);
    json_key(json, STR("error"));
    json_text(json, message);
    json_key(json, STR("code"));
    json_text(json, code);
    json_key(json, STR("requestId"));
    json_text(json, call->log.request_id);
    if (errors.data) {
        json_key(json, STR("errors"));
        json_out(json, errors);
    }
    json_object_end(json);
    return buffer_str(&out);
}

/* Fields that belong to a status, whoever says it. */
static void add_fault_fields(struct call *call, int http)
{
    if (http == 401)
        http_field(call->exchange, "WWW-Authenticate", "Bearer");
    if (http == 405)
        http_field(call->exchange, "Allow", route_allow(call->arena, call->route.methods).data);
    if (http == 429 || http == 503)
        http_field(
            call->exchange, "Retry-After",
            arena_printf(call->arena, "%d", call->retry_after_s > 0 ? call->retry_after_s : 1)
                .data);
}

void answer_fault(struct call *call, enum status status, struct str message)
{
    int http = call->refusal_http ? call->refusal_http : status_http(status);

    call->refusal = status;
    struct str text = message.data ? message : str_of(status_sentence(status));

    add_fault_fields(call, http);
    finish(call, http, fault_body(call, str_of(status_code(status)), text, STR_NONE), json_type,
           not_kept);
}

void answer_invalid(struct call *call, const struct field_errors *errors)
{
    struct reply reply = reply_failure(STATUS_VALIDATION_ERROR, field_errors_sentence(errors));
    struct buffer packed = buffer_in(call->arena, 256);

    field_errors_pack(errors, &packed);
    reply.errors = buffer_str(&packed);
    answer_reply(call, &reply);
}

static struct str success_body(struct call *call, const struct reply *reply)
{
    struct json *json = call->shared->json;
    struct buffer out = buffer_in(call->arena, 256 + reply->data.size + reply->data.size / 2 +
                                                   reply->extra.size * 2);

    json_start_limited(json, &out, call->shared->answer_max);
    json_object_begin(json);
    json_key(json, STR("success"));
    json_bool(json, true);
    if (reply->extra.data) {
        json_out_members(json, reply->extra);
    }
    if (reply->data.data || !reply->extra.data) {
        json_key(json, STR("data"));
        json_out(json, reply->data);
    }
    if (reply->page.data) {
        json_key(json, STR("pagination"));
        json_out(json, reply->page);
    }
    json_object_end(json);
    return buffer_str(&out);
}

/* The name comes from our own service, but is put into quotes here. */
static const char *disposition(struct call *call, struct str name)
{
    char *safe = arena_alloc(call->arena, name.size + 1);

    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.';
        safe[i] = plain ? c : '_';
    }
    return arena_printf(call->arena, "attachment; filename=\"%s\"", safe).data;
}

static void answer_file(struct call *call, const struct reply *reply)
{
    struct value file;

    if (!unpack(call->arena, reply->data, &file) ||
        value_get(&file, "bytes")->type != VALUE_BYTES) {
        answer_fault(call, STATUS_INTERNAL_ERROR, STR_NONE);
        return;
    }
    struct str type = value_text(value_get(&file, "type"));
    http_field(call->exchange, "Content-Disposition",
               disposition(call, value_text(value_get(&file, "name"))));
    if (call_is_head(call))
        http_unmeasured(call->exchange); /* it was not made */
    /* The reply goes away with this call; the bytes must not. */
    finish(call, reply->http, arena_copy(call->arena, value_get(&file, "bytes")->text),
           field_text(call, type), not_kept);
}

static bool is_tagged(const struct reply *reply)
{
    return reply->version >= 0 && !reply->degraded.data;
}

/* Adds the ETag; true when the caller already has this answer. */
static bool is_not_modified(struct call *call, const struct reply *reply, struct str body)
{
    const struct head *head = &call->exchange->head;
    struct str etag = etag_make(call->arena, reply->version, body);

    http_field(call->exchange, "ETag", etag.data);
    return router_method(head->method) == METHOD_GET && head->fields[HEAD_IF_NONE_MATCH].data &&
           etag_matches(head->fields[HEAD_IF_NONE_MATCH], etag);
}

static void answer_too_large(struct call *call)
{
    struct str field = answer_limit_field(call);
    struct field_errors errors;

    if (!field.data) {
        log_error("an answer is larger than TRACTION_MAX_ANSWER",
                  LOG_TEXT("operation", str_of(call->route.operation->name)));
        answer_fault(call, STATUS_INTERNAL_ERROR, STR_NONE);
        return;
    }
    field_errors_init(&errors, call->arena);
    field_errors_add(&errors, field,
                     "would make an answer of more than %zu bytes; ask for fewer at once",
                     call->shared->answer_max);
    answer_invalid(call, &errors);
}

static void answer_success(struct call *call, const struct reply *reply)
{
    enum status room = answer_limit_hold(call, reply);
    if (room != STATUS_OK) {
        answer_fault(call, room, STR_NONE);
        return;
    }
    if (reply->file) {
        answer_file(call, reply);
        return;
    }
    struct str body = success_body(call, reply);
    if (json_overflows(call->shared->json)) {
        answer_too_large(call);
        return;
    }
    if (reply->degraded.data)
        http_field(call->exchange, "X-Degraded", field_text(call, reply->degraded));
    if (call->cursor.data)
        http_field(call->exchange, "X-Last-Event-Id", call->cursor.data);
    bool tagged = is_tagged(reply);
    if (tagged && is_not_modified(call, reply, body)) {
        finish(call, 304, STR(""), NULL, kept_private);
        return;
    }
    if (reply->location.data)
        http_field(call->exchange, "Location",
                   field_text(call, route_location(call->arena, &call->route, reply->location)));
    finish(call, reply->http, body, json_type, tagged ? kept_private : not_kept);
}

void answer_reply(struct call *call, const struct reply *reply)
{
    if (reply->http >= 200 && reply->http < 300) {
        answer_success(call, reply);
        return;
    }
    if (reply->http == status_http(STATUS_NOT_IMPLEMENTED)) { /* an older replica, for a while */
        answer_fault(call, STATUS_SERVICE_UNAVAILABLE, STR_NONE);
        return;
    }
    int http = reply->http >= 400 && reply->http < 600 ? reply->http : 500;
    struct str message = reply->message;
    enum status status;
    if (!message.data)
        message = str_of(status_sentence(
            status_from_code(reply->code, &status) ? status : STATUS_INTERNAL_ERROR));
    add_fault_fields(call, http);
    finish(call, http, fault_body(call, reply->code, message, reply->errors), json_type, not_kept);
}

void answer_options(struct call *call)
{
    struct str methods = route_allow(call->arena, call->route.methods);

    http_field(call->exchange, "Allow", methods.data);
    if (call->origin.data && call->exchange->head.fields[HEAD_PREFLIGHT_METHOD].data) {
        http_field(call->exchange, "Access-Control-Allow-Methods", methods.data);
        http_field(call->exchange, "Access-Control-Allow-Headers", cors_allowed_fields);
        http_field(call->exchange, "Access-Control-Max-Age", cors_max_age);
    }
    finish(call, 204, STR(""), NULL, NULL);
}
