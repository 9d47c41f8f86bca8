/* What operations answer when they succeed: the envelope around their model, by the shape of the
 * reply. */

#include "openapi_parts.h"
#include "paging.h"

static const char an_id[] = "0194692f-7f00-7c3a-9b1e-5d2f00000001";
static const char a_time[] = "2025-02-01T08:30:00.000Z";

/* --- Bodies --- */

static const char deleted_schema[] =
    "{\"type\": \"object\", \"required\": [\"id\", \"deletedAt\"], \"properties\": {"
    "\"id\": {\"type\": \"string\", \"format\": \"uuid\"},"
    " \"deletedAt\": {\"type\": \"string\", \"format\": \"date-time\"}}}";
static const char file_schema[] = "{\"schema\": {\"type\": \"string\", \"format\": \"binary\"}}";

static void put_array_of(struct document *document, const struct model *model)
{
    json_object_begin(document->json);
    openapi_put(document, "type", "array");
    json_key(document->json, STR("items"));
    if (model)
        openapi_schema_ref(document, model, USE_ANSWER);
    else
        json_raw(document->json, STR("{}"));
    json_object_end(document->json);
}

static void put_data_schema(struct document *document, const struct operation *operation)
{
    switch (operation->shape) {
    case REPLY_LIST:
    case REPLY_WHOLE:
        put_array_of(document, operation->reply);
        return;
    case REPLY_DELETED:
        openapi_ref(document, "schemas", "Deleted");
        return;
    case REPLY_MAP:
        json_object_begin(document->json);
        openapi_put(document, "type", "object");
        json_key(document->json, STR("additionalProperties"));
        put_array_of(document, operation->reply);
        json_object_end(document->json);
        return;
    case REPLY_BOOLEAN:
        json_raw(document->json, STR("{\"type\": \"boolean\"}"));
        return;
    case REPLY_ONE:
    case REPLY_CREATED:
    case REPLY_STATIC:
    case REPLY_CUSTOM:
    case REPLY_FLAT:
    case REPLY_FILE:
    case REPLY_STREAM:
        break;
    }
    if (operation->reply)
        openapi_schema_ref(document, operation->reply, USE_ANSWER);
    else
        json_raw(document->json, STR("{}"));
}

static const struct model *pagination_of(const struct operation *operation)
{
    bool cursors = operation->query && model_column(operation->query, STR("after"));

    return cursors ? &cursor_pagination_model : &pagination_model;
}

static void put_envelope_schema(struct document *document, const struct operation *operation)
{
    bool list = operation->shape == REPLY_LIST;
    bool pages = list || (operation->flags & OPERATION_PAGES) != 0;

    openapi_put(document, "type", "object");
    openapi_put_raw(document, "required",
                    list ? "[\"success\", \"data\", \"pagination\"]" : "[\"success\", \"data\"]");
    openapi_open(document, "properties");
    openapi_put_raw(document, "success", "{\"type\": \"boolean\", \"const\": true}");
    json_key(document->json, STR("data"));
    put_data_schema(document, operation);
    if (pages) {
        json_key(document->json, STR("pagination"));
        openapi_schema_ref(document, pagination_of(operation), USE_ANSWER);
    }
    openapi_close(document);
}

static void put_data_example(struct document *document, const struct operation *operation)
{
    struct json *json = document->json;

    if (operation->shape == REPLY_DELETED) {
        json_object_begin(json);
        openapi_put(document, "id", an_id);
        openapi_put(document, "deletedAt", a_time);
        json_object_end(json);
        return;
    }
    bool map = operation->shape == REPLY_MAP;
    bool array = map || operation->shape == REPLY_LIST || operation->shape == REPLY_WHOLE;
    if (map) {
        json_object_begin(json);
        json_key(json, STR("0194692f-7f00-7c3a-9b1e-5d2f00000001"));
    }
    if (array)
        json_array_begin(json);
    openapi_example(document, operation->reply, USE_ANSWER);
    if (array)
        json_array_end(json);
    if (map)
        json_object_end(json);
}

static void put_example(struct document *document, const struct operation *operation)
{
    if (!operation->reply && operation->shape != REPLY_DELETED)
        return;
    openapi_open(document, "example");
    openapi_put_bool(document, "success", true);
    if (operation->shape == REPLY_FLAT) {
        openapi_example_fields(document, operation->reply, USE_ANSWER);
    } else {
        json_key(document->json, STR("data"));
        put_data_example(document, operation);
    }
    if (operation->shape == REPLY_LIST) {
        json_key(document->json, STR("pagination"));
        openapi_example(document, pagination_of(operation), USE_ANSWER);
    }
    openapi_close(document);
}

/* --- Responses --- */

static bool holds(const struct model *whole, const struct model *part)
{
    for (size_t i = 0; i < whole->count; i++)
        if (whole->fields[i].type == FIELD_OBJECT && whole->fields[i].model == part)
            return true;
    return whole == part;
}

/* What can be read by itself has a version, also where more is answered with it; what is only ever
 * part of a list has none. */
static bool has_version(const struct model *model)
{
    for (size_t i = 0; i < operation_count; i++)
        if (openapi_has(&operations[i]) && operations[i].method == METHOD_GET &&
            operations[i].shape == REPLY_ONE &&
            (holds(operations[i].reply, model) || holds(model, operations[i].reply)))
            return true;
    return false;
}

/* `created`: of the answer to what was not there before. */
static const char *header_names(const struct operation *operation, bool created)
{
    bool one = operation->shape == REPLY_ONE || operation->shape == REPLY_CREATED;

    if (operation->shape == REPLY_FILE)
        return "Content-Disposition";
    if (!one || (operation->flags & OPERATION_MANY) || !has_version(operation->reply))
        return NULL;
    return created ? "ETag Location" : "ETag";
}

static void put_content(struct document *document, const struct operation *operation)
{
    switch (operation->shape) {
    case REPLY_FILE:
        openapi_put_raw(document, "application/pdf", file_schema);
        openapi_put_raw(document,
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                        file_schema);
        return;
    case REPLY_STREAM:
        openapi_put_raw(document, "text/event-stream", "{\"schema\": {\"type\": \"string\"}}");
        return;
    case REPLY_ONE:
    case REPLY_CREATED:
    case REPLY_LIST:
    case REPLY_WHOLE:
    case REPLY_DELETED:
    case REPLY_MAP:
    case REPLY_FLAT:
    case REPLY_STATIC:
    case REPLY_BOOLEAN:
    case REPLY_CUSTOM:
        break;
    }
    openapi_open(document, "application/json");
    openapi_open(document, "schema");
    if (operation->shape == REPLY_FLAT)
        openapi_object(document, operation->reply, USE_ANSWER, true);
    else
        put_envelope_schema(document, operation);
    openapi_close(document);
    put_example(document, operation);
    openapi_close(document);
    if (operation->flags & OPERATION_CSV)
        openapi_put_raw(document, "text/csv", "{\"schema\": {\"type\": \"string\"}}");
}

/* The response's headers but for X-Degraded; left open. */
static void open_headers(struct document *document, const struct operation *operation,
                         const char *names)
{
    openapi_open(document, "headers");
    openapi_header_refs(document, names);
    if (operation->flags & OPERATION_CURSOR)
        openapi_header_ref(document, STR("X-Last-Event-Id"));
}

static void put_response(struct document *document, const struct operation *operation, bool created)
{
    bool replaced = !created && operation->shape == REPLY_CREATED;

    openapi_open(document, created ? "201" : "200");
    openapi_put(document, "description", created ? "created" : replaced ? "replaced" : "done");
    open_headers(document, operation, header_names(operation, created));
    if (operation->flags & OPERATION_DEGRADES)
        openapi_header_ref(document, STR("X-Degraded"));
    openapi_close(document);
    openapi_open(document, "content");
    put_content(document, operation);
    openapi_close(document);
    openapi_close(document);
}

static void put_unchanged(struct document *document, const struct operation *operation)
{
    openapi_open(document, "304");
    openapi_put(document, "description", "nothing has changed since the ETag of If-None-Match");
    open_headers(document, operation, "ETag");
    openapi_close(document);
    openapi_close(document);
}

bool openapi_may_be_unchanged(const struct operation *operation)
{
    return operation->method == METHOD_GET &&
           (operation->shape == REPLY_ONE || operation->shape == REPLY_STATIC);
}

void openapi_success(struct document *document, const struct operation *operation)
{
    bool creates = operation->shape == REPLY_CREATED;

    if (operation->service == SERVICE_GATEWAY) {
        openapi_own_success(document, operation);
    } else {
        if (!creates || (operation->flags & OPERATION_REPLACES))
            put_response(document, operation, false);
        if (creates)
            put_response(document, operation, true);
    }
    if (openapi_may_be_unchanged(operation))
        put_unchanged(document, operation);
}

void openapi_answer_schemas(struct document *document)
{
    openapi_put_raw(document, "Deleted", deleted_schema);
}
