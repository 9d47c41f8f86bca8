/* What operations answer when they fail. Operations that fail in the same ways with one HTTP status
 * share a response. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "openapi_parts.h"

static bool is_named(const char *faults, enum status status)
{
    struct str rest = str_of(faults);

    while (rest.data)
        if (str_equal(str_cut(&rest, ' '), str_of(status_code(status))))
            return true;
    return false;
}

/* Any request may be malformed, or have a body that is too large, wanted or not. */
static bool is_general(const struct operation *operation, enum status status)
{
    return status == STATUS_INVALID_REQUEST || status == STATUS_PAYLOAD_TOO_LARGE ||
           (!(operation->flags & OPERATION_PUBLIC) &&
            (status == STATUS_UNAUTHENTICATED || status == STATUS_TOKEN_EXPIRED ||
             status == STATUS_INSUFFICIENT_PERMISSIONS || status == STATUS_VALIDATION_ERROR ||
             status == STATUS_RATE_LIMITED || status == STATUS_INTERNAL_ERROR ||
             status == STATUS_SERVICE_UNAVAILABLE || status == STATUS_UPSTREAM_TIMEOUT));
}

static bool is_of_body(enum status status)
{
    return status == STATUS_INVALID_JSON || status == STATUS_UNSUPPORTED_MEDIA_TYPE;
}

bool openapi_may_fail(const struct operation *operation, enum status status)
{
    bool post = operation->method == METHOD_POST;
    bool writes = operation->flags & OPERATION_WRITES;
    bool body = operation_has_body(operation);

    if (status_is_success(status))
        return false;
    return is_general(operation, status) || (body && is_of_body(status)) ||
           (writes && status == STATUS_CONFLICT) ||
           (writes && post && status == STATUS_IDEMPOTENCY_KEY_REUSED) ||
           (operation_takes_version(operation) && status == STATUS_PRECONDITION_FAILED) ||
           status == operation->not_found || is_named(operation->faults, status);
}

/* "GOAL_NOT_FOUND KPI_NOT_FOUND" as "GoalNotFoundOrKpiNotFound". */
static const char *name_group(struct arena *arena, struct str codes)
{
    struct buffer name = buffer_in(arena, codes.size * 2);
    bool first = true;

    for (size_t i = 0; i < codes.size; i++) {
        char c = codes.data[i];
        if (c == ' ')
            buffer_append(&name, "Or", 2);
        else if (c != '_')
            *buffer_extend(&name, 1) = (char)(first ? c : c | 0x20);
        first = c == ' ' || c == '_';
    }
    buffer_append(&name, "", 1);
    return name.data;
}

static const struct fault_group *need_group(struct document *document, int http, struct str codes)
{
    struct fault_group **last = &document->faults;

    for (; *last; last = &(*last)->next)
        if (str_equal((*last)->codes, codes))
            return *last;
    *last = arena_alloc(document->arena, sizeof **last);
    **last = (struct fault_group){http, name_group(document->arena, codes), codes, NULL};
    return *last;
}

static struct str codes_of(struct document *document, const struct operation *operation, int http)
{
    struct buffer codes = buffer_in(document->arena, 64);

    for (int i = 0; i < STATUS_COUNT; i++) {
        enum status status = (enum status)i;
        if (status_http(status) != http || !openapi_may_fail(operation, status))
            continue;
        buffer_append(&codes, " ", codes.size > 0);
        buffer_append(&codes, status_code(status), strlen(status_code(status)));
    }
    return buffer_str(&codes);
}

void openapi_faults(struct document *document, const struct operation *operation)
{
    for (int http = 400; http < 600; http++) {
        struct str codes = codes_of(document, operation, http);
        if (codes.size == 0)
            continue;
        json_key(document->json, arena_printf(document->arena, "%d", http));
        openapi_ref(document, "responses", need_group(document, http, codes)->name);
    }
}

static void put_sentences(struct document *document, struct str codes)
{
    struct buffer text = buffer_in(document->arena, 128);
    enum status status;

    while (codes.data) {
        bool known = status_from_code(str_cut(&codes, ' '), &status);
        assert(known);
        buffer_append(&text, "; or: ", text.size > 0 ? 6 : 0);
        buffer_append(&text, status_sentence(status), strlen(status_sentence(status)));
    }
    json_key(document->json, STR("description"));
    json_text(document->json, buffer_str(&text));
}

static void put_group_schema(struct document *document, struct str codes)
{
    openapi_open(document, "schema");
    json_key(document->json, STR("allOf"));
    json_array_begin(document->json);
    openapi_ref(document, "schemas", "Failure");
    json_object_begin(document->json);
    openapi_open(document, "properties");
    openapi_open(document, "code");
    openapi_put(document, "type", "string");
    json_key(document->json, STR("enum"));
    json_array_begin(document->json);
    while (codes.data)
        json_text(document->json, str_cut(&codes, ' '));
    json_array_end(document->json);
    openapi_close(document);
    openapi_close(document);
    json_object_end(document->json);
    json_array_end(document->json);
    openapi_close(document);
}

static void put_group_example(struct document *document, struct str codes)
{
    enum status status;
    bool known = status_from_code(str_cut(&codes, ' '), &status);
    bool invalid = known && status == STATUS_VALIDATION_ERROR;

    assert(known);
    openapi_open(document, "example");
    openapi_put_bool(document, "success", false);
    openapi_put(document, "error",
                invalid ? "dueDate must not be before startDate" : status_sentence(status));
    openapi_put(document, "code", status_code(status));
    openapi_put(document, "requestId", "0194692f-7f00-7c3a-9b1e-000000000001");
    if (invalid)
        openapi_put_raw(document, "errors", "{\"dueDate\": \"must not be before startDate\"}");
    openapi_close(document);
}

void openapi_refusals(struct document *document, const struct operation *operation)
{
    for (int http = 400; http < 600; http++) {
        struct str codes = codes_of(document, operation, http);
        if (codes.size == 0)
            continue;
        json_key(document->json, arena_printf(document->arena, "%d", http));
        json_object_begin(document->json);
        put_sentences(document, codes);
        put_group_schema(document, codes);
        json_object_end(document->json);
    }
}

void openapi_fault_responses(struct document *document)
{
    for (const struct fault_group *group = document->faults; group; group = group->next) {
        openapi_open(document, group->name);
        put_sentences(document, group->codes);
        openapi_open(document, "headers");
        openapi_header_refs(document, group->http == 401 ? "WWW-Authenticate"
                                      : group->http == 429 || group->http == 503 ? "Retry-After"
                                                                                 : NULL);
        openapi_close(document);
        openapi_open(document, "content");
        openapi_open(document, "application/json");
        put_group_schema(document, group->codes);
        put_group_example(document, group->codes);
        openapi_close(document);
        openapi_close(document);
        openapi_close(document);
    }
}

void openapi_fault_schema(struct document *document)
{
    json_raw(document->json,
             STR("{\"type\": \"object\","
                 " \"required\": [\"success\", \"error\", \"code\", \"requestId\"],"
                 " \"properties\": {"
                 "\"success\": {\"type\": \"boolean\", \"const\": false},"
                 " \"error\": {\"type\": \"string\", \"description\": \"a sentence for people; of"
                 " a 422, what is wrong with the first field\"},"
                 " \"code\": {\"type\": \"string\", \"description\": \"what programs look at\"},"
                 " \"requestId\": {\"type\": \"string\","
                 " \"description\": \"what to ask the operators about\"},"
                 " \"errors\": {\"type\": \"object\","
                 " \"additionalProperties\": {\"type\": \"string\"},"
                 " \"description\": \"of a 422: what is wrong with each field, as the caller"
                 " spelled it\"}}}"));
}
