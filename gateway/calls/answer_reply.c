/* Answers a service's reply: the envelope around its data, as JSON. A large one is written piece by
 * piece, tenant by tenant, while other calls go on. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "answer_limit.h"
#include "answer_parts.h"
#include "etag.h"
#include "json_out.h"
#include "memory.h"
#include "unpack.h"

/* --- The body --- */

struct answer_body {
    struct json *json;
    struct buffer out;
    struct json_walk walk;
};

static void body_begin(struct answer_body *body, struct call *call, struct json *json,
                       const struct reply *reply)
{
    size_t size =
        256 + reply->data.size + reply->data.size / 2 + reply->json.size + reply->extra.size * 2;

    body->json = json;
    body->out = buffer_in(call->arena, size);
    json_start_limited(json, &body->out, call->shared->answer_max);
    json_object_begin(json);
    json_key(json, STR("success"));
    json_bool(json, true);
    if (reply->extra.data)
        json_out_members(json, reply->extra);
    body->walk.depth = 0;
    if (reply->json.data) {
        json_key(json, STR("data"));
        json_raw(json, reply->json);
    } else if (reply->data.data || !reply->extra.data) {
        json_key(json, STR("data"));
        json_walk_begin(&body->walk, json, reply->data);
    }
}

static void body_end(struct answer_body *body, const struct reply *reply)
{
    struct json *json = body->json;

    if (reply->page.data) {
        json_key(json, STR("pagination"));
        json_out(json, reply->page);
    }
    json_object_end(json);
}

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
    answer_finish(call, reply->http, arena_copy(call->arena, value_get(&file, "bytes")->text),
                  field_text(call, type), answer_not_kept);
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

void answer_invalid(struct call *call, const struct field_errors *errors)
{
    struct buffer packed = buffer_in(call->arena, 256);

    field_errors_pack(errors, &packed);
    answer_failure(call, status_http(STATUS_VALIDATION_ERROR),
                   str_of(status_code(STATUS_VALIDATION_ERROR)), field_errors_sentence(errors),
                   buffer_str(&packed));
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

static void send_body(struct call *call, const struct reply *reply, const struct answer_body *body)
{
    struct str json = buffer_str(&body->out);

    if (json_overflows(body->json)) {
        answer_too_large(call);
        return;
    }
    if (reply->degraded.data)
        http_field(call->exchange, "X-Degraded", field_text(call, reply->degraded));
    if (call->cursor.data)
        http_field(call->exchange, "X-Last-Event-Id", call->cursor.data);
    bool tagged = is_tagged(reply);
    if (tagged && is_not_modified(call, reply, json)) {
        answer_finish(call, 304, STR(""), NULL, answer_kept_private);
        return;
    }
    if (reply->location.data)
        http_field(call->exchange, "Location",
                   field_text(call, route_location(call->arena, &call->route, reply->location)));
    answer_finish(call, reply->http, json, answer_json_type,
                  tagged ? answer_kept_private : answer_not_kept);
}

static void send_at_once(struct call *call, const struct reply *reply)
{
    struct answer_body body;

    body_begin(&body, call, call->shared->json, reply);
    json_walk_on(&body.walk, body.json, reply->data.size);
    body_end(&body, reply);
    send_body(call, reply, &body);
}

/* --- Piece by piece --- */

struct large_answer {
    struct call *call;
    struct reply reply; /* without what only failures have */
    char *data;         /* a copy: the bus's message goes */
    struct answer_body body;
};

static void release(struct large_answer *large)
{
    free(large->data);
    json_destroy(&large->body.json);
}

static void write_some(void *argument)
{
    struct large_answer *large = argument;
    struct call *call = large->call;
    const struct log_context *before = log_use(&call->log);

    if (call->cancelled) {
        release(large);
        answer_cancelled(call);
    } else if (!json_walk_on(&large->body.walk, large->body.json, ANSWER_PIECE)) {
        bulk_add(call->shared->bulk, &call->bulk, call->identity.tenant);
    } else {
        body_end(&large->body, &large->reply);
        send_body(call, &large->reply, &large->body);
        release(large);
    }
    log_use(before);
}

static void send_in_pieces(struct call *call, const struct reply *reply)
{
    struct large_answer *large = arena_alloc(call->arena, sizeof *large);

    *large = (struct large_answer){.call = call};
    large->data = xmalloc(reply->data.size);
    memcpy(large->data, reply->data.data, reply->data.size);
    large->reply = (struct reply){
        .http = reply->http,
        .data = {large->data, reply->data.size},
        .page = arena_copy(call->arena, reply->page),
        .version = reply->version,
        .location = arena_copy(call->arena, reply->location),
        .degraded = arena_copy(call->arena, reply->degraded),
        .extra = arena_copy(call->arena, reply->extra),
    };
    body_begin(&large->body, call, json_new(), &large->reply);
    call->bulk = (struct bulk_job){.run = write_some, .argument = large};
    bulk_add(call->shared->bulk, &call->bulk, call->identity.tenant);
}

static void answer_success(struct call *call, const struct reply *reply)
{
    enum status room = answer_limit_hold(call, reply);

    if (room != STATUS_OK)
        answer_fault(call, room, STR_NONE);
    else if (reply->file)
        answer_file(call, reply);
    else if (reply->data.size > ANSWER_PIECE)
        send_in_pieces(call, reply);
    else
        send_at_once(call, reply);
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
    answer_failure(call, http, reply->code, message, reply->errors);
}
