/* Reads what the caller sent beside the head, and makes the request envelope. Knows no entity: a
 * service says what is wrong with the fields. */
#include "call_request.h"

#include <assert.h>
#include <string.h>

#include "answer.h"
#include "json_in.h"
#include "trim.h"

enum { WORD_MAX = 40 };

/* Words of a header field, as they may stand in a sentence for people. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7E)
            return false;
    return text.size > 0 && text.size <= WORD_MAX;
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

/* Where no body is described, clients need not send one. */
static bool is_optional(const struct operation *operation)
{
    return !operation->body || (operation->flags & OPERATION_BODY_OPTIONAL) != 0;
}

bool call_read_body(struct call *call)
{
    struct exchange *exchange = call->exchange;
    struct str why;

    if (!operation_has_body(call->route.operation))
        return true;
    call->body = STR("\x80"); /* {} in msgpack */
    if (is_optional(call->route.operation) && is_nothing(exchange->body))
        return true;
    if (exchange->body.size == 0) {
        answer_fault(call, STATUS_INVALID_JSON, STR("The request needs a JSON body"));
        return false;
    }
    if (!is_json(call->arena, exchange->head.fields[HEAD_CONTENT_TYPE], &why)) {
        answer_fault(call, STATUS_UNSUPPORTED_MEDIA_TYPE, why);
        return false;
    }
    enum status status =
        json_in(call->arena, exchange->body, call->shared->values_max, &call->body, &why);
    if (status != STATUS_OK)
        answer_fault(call, status, why);
    return status == STATUS_OK;
}

bool call_read_query(struct call *call, struct bound target)
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

void call_fill_request(struct call *call, struct str body)
{
    const struct operation *operation = call->route.operation;
    struct request *request = &call->request;

    request->request_id = call->log.request_id;
    request->traceparent = call->log.traceparent;
    request->remaining_ms = call->shared->upstream->request_timeout_ms;
    if (request->remaining_ms < operation->timeout_ms)
        request->remaining_ms = operation->timeout_ms;
    request->tenant = call->identity.tenant;
    request->user = call->identity.user;
    request->user_name = call->identity.name;
    request->user_person = call->identity.person;
    request->tenant_name = call->identity.tenant_name;
    request->operation = str_of(operation->name);
    request->path = route_path(call->arena, &call->route);
    memcpy(request->limits, call->identity.limits, sizeof request->limits);
    request->path_values = route_pack_values(call->arena, &call->route);
    request->query = query_pack(call->arena, &call->query);
    request->body = body;
    request->head_only = call_is_head(call);
    request->takes_json = true;
}
