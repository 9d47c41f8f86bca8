/* What operations answer when they succeed: the envelope around their model, by the shape of the
 * reply. */
#include <assert.h>
#include <string.h>

#include "openapi_parts.h"

static const char an_id[] = "0194692f-7f00-7c3a-9b1e-5d2f00000001";
static const char a_time[] = "2025-02-01T08:30:00.000Z";

/* --- Header fields --- */

static const struct header {
    const char *name, *schema, *doc;
} headers[] = {
    {"X-Request-Id", "{\"type\": \"string\"}", "the request's id, as in every log"},
    {"ETag", "{\"type\": \"string\"}", "the version, for If-None-Match and If-Match"},
    {"Location", "{\"type\": \"string\"}", "where the new thing is, when it can be read alone"},
    {"X-Degraded", "{\"type\": \"string\"}",
     "the service that did not answer, so that its part of the data is empty or null"},
    {"X-Last-Event-Id", "{\"type\": \"string\"}",
     "where a stream goes on from behind this answer; absent while real time is down"},
    {"Content-Disposition", "{\"type\": \"string\"}", "the file's name"},
    {"WWW-Authenticate", "{\"type\": \"string\"}", "Bearer"},
    {"Retry-After", "{\"type\": \"integer\", \"minimum\": 1}",
     "seconds to wait before trying again"},
};
enum { HEADERS = sizeof headers / sizeof *headers };

void openapi_headers(struct document *document)
{
    for (size_t i = 0; i < HEADERS; i++) {
        openapi_open(document, headers[i].name);
        openapi_put(document, "description", headers[i].doc);
        openapi_put_raw(document, "schema", headers[i].schema);
        openapi_close(document);
    }
}

static void put_header_ref(struct document *document, struct str name)
{
    json_key(document->json, name);
    openapi_ref(document, "headers", arena_copy(document->arena, name).data);
}

void openapi_header_refs(struct document *document, const char *named)
{
    struct str rest = str_of(named);

    put_header_ref(document, STR("X-Request-Id"));
    while (rest.data)
        put_header_ref(document, str_cut(&rest, ' '));
}

/* --- Bodies --- */

static const char deleted_schema[] =
    "{\"type\": \"object\", \"required\": [\"id\", \"deletedAt\"], \"properties\": {"
    "\"id\": {\"type\": \"string\", \"format\": \"uuid\"},"
    " \"deletedAt\": {\"type\": \"string\", \"format\": \"date-time\"}}}";
static const char pagination_schema[] =
    "{\"type\": \"object\", \"required\": [\"page\", \"size\", \"limit\", \"total\","
    " \"totalPages\"], \"properties\": {\"page\": {\"type\": \"integer\", \"minimum\": 1},"
    " \"size\": {\"type\": \"integer\", \"minimum\": 1},"
    " \"limit\": {\"type\": \"integer\", \"minimum\": 1, \"description\": \"the same as size\"},"
    " \"total\": {\"type\": \"integer\", \"minimum\": 0},"
    " \"totalPages\": {\"type\": \"integer\", \"minimum\": 0}}}";

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
    case REPLY_ONE:
    case REPLY_CREATED:
    case REPLY_OTHER:
    case REPLY_BESIDE:
    case REPLY_FILE:
    case REPLY_STREAM:
        break;
    }
    if (operation->reply)
        openapi_schema_ref(document, operation->reply, USE_ANSWER);
    else
        json_raw(document->json, STR("{}"));
}

static void put_envelope_schema(struct document *document, const struct operation *operation)
{
    bool list = operation->shape == REPLY_LIST;

    openapi_put(document, "type", "object");
    openapi_put_raw(document, "required",
                    list ? "[\"success\", \"data\", \"pagination\"]" : "[\"success\", \"data\"]");
    openapi_open(document, "properties");
    openapi_put_raw(document, "success", "{\"const\": true}");
    json_key(document->json, STR("data"));
    put_data_schema(document, operation);
    if (list) {
        json_key(document->json, STR("pagination"));
        openapi_ref(document, "schemas", "Pagination");
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
    if (operation->shape == REPLY_BESIDE) {
        openapi_example_fields(document, operation->reply, USE_ANSWER);
    } else {
        json_key(document->json, STR("data"));
        put_data_example(document, operation);
    }
    if (operation->shape == REPLY_LIST)
        openapi_put_raw(document, "pagination",
                        "{\"page\": 1, \"size\": 20, \"limit\": 20, \"total\": 1,"
                        " \"totalPages\": 1}");
    openapi_close(document);
}

/* --- Responses --- */

static const char *header_names(const struct operation *operation)
{
    switch (operation->shape) {
    case REPLY_CREATED:
        return "ETag Location";
    case REPLY_ONE:
        return operation->method == METHOD_GET ? "ETag X-Degraded" : "ETag";
    case REPLY_LIST:
        return "X-Degraded";
    case REPLY_FILE:
        return "Content-Disposition";
    case REPLY_WHOLE:
    case REPLY_DELETED:
    case REPLY_MAP:
    case REPLY_BESIDE:
    case REPLY_STREAM:
    case REPLY_OTHER:
        break;
    }
    return NULL;
}

static void put_content(struct document *document, const struct operation *operation)
{
    switch (operation->shape) {
    case REPLY_FILE:
        openapi_put_raw(document, "application/pdf", "{}");
        openapi_put_raw(document,
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                        "{}");
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
    case REPLY_BESIDE:
    case REPLY_OTHER:
        break;
    }
    openapi_open(document, "application/json");
    openapi_open(document, "schema");
    if (operation->shape == REPLY_BESIDE)
        openapi_object(document, operation->reply, USE_ANSWER, true);
    else
        put_envelope_schema(document, operation);
    openapi_close(document);
    put_example(document, operation);
    openapi_close(document);
}

static void put_headers(struct document *document, const struct operation *operation,
                        const char *names)
{
    openapi_open(document, "headers");
    openapi_header_refs(document, names);
    if (operation->flags & OPERATION_CURSOR)
        put_header_ref(document, STR("X-Last-Event-Id"));
    openapi_close(document);
}

static void put_response(struct document *document, const struct operation *operation,
                         const char *http, const char *description)
{
    openapi_open(document, http);
    openapi_put(document, "description", description);
    put_headers(document, operation, header_names(operation));
    openapi_open(document, "content");
    put_content(document, operation);
    openapi_close(document);
    openapi_close(document);
}

void openapi_success(struct document *document, const struct operation *operation)
{
    bool created = operation->shape == REPLY_CREATED;

    if (operation->service == SERVICE_GATEWAY) {
        openapi_own_success(document, operation);
        return;
    }
    if (!created || (operation->flags & OPERATION_REPLACES))
        put_response(document, operation, "200", created ? "replaced" : "done");
    if (created)
        put_response(document, operation, "201", "created");
    if (operation->method != METHOD_GET || operation->shape != REPLY_ONE)
        return;
    openapi_open(document, "304");
    openapi_put(document, "description", "nothing has changed since the ETag of If-None-Match");
    put_headers(document, operation, "ETag");
    openapi_close(document);
}

void openapi_own_schemas(struct document *document)
{
    openapi_put_raw(document, "Deleted", deleted_schema);
    openapi_put_raw(document, "Pagination", pagination_schema);
    openapi_put_raw(
        document, "Health",
        "{\"type\": \"object\", \"required\": [\"success\", \"data\"], \"properties\": {"
        "\"success\": {\"type\": \"boolean\"}, \"data\": {\"type\": \"object\", \"required\":"
        " [\"status\", \"service\", \"version\", \"timestamp\", \"environment\"], \"properties\": {"
        "\"status\": {\"enum\": [\"Healthy\", \"Unhealthy\", \"Ready\", \"Alive\"]},"
        " \"service\": {\"type\": \"string\"}, \"version\": {\"type\": \"string\"},"
        " \"timestamp\": {\"type\": \"string\", \"format\": \"date-time\"},"
        " \"environment\": {\"type\": \"string\"},"
        " \"checks\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\":"
        " [\"component\", \"status\", \"description\", \"latencyMs\"], \"properties\": {"
        "\"component\": {\"type\": \"string\"},"
        " \"status\": {\"enum\": [\"Healthy\", \"Unhealthy\"]},"
        " \"description\": {\"type\": \"string\"},"
        " \"latencyMs\": {\"type\": [\"number\", \"null\"]}}}}}}}}");
}

/* What the gateway writes by hand, it also describes by hand. */
void openapi_own_success(struct document *document, const struct operation *operation)
{
    static const struct {
        const char *name, *content, *also; /* `also`: what it answers with 503 */
    } own[] = {
#define HEALTH "{\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/Health\"}}}"
#define TEXT "{\"schema\": {\"type\": \"string\"}}"
        {"getHealth", HEALTH, NULL},
        {"getLiveness", HEALTH, NULL},
        {"getReadiness", HEALTH, HEALTH},
        {"getHealthDetails", HEALTH, HEALTH},
        {"getOpenAPI", "{\"application/json\": {\"schema\": {\"type\": \"object\"}}}", NULL},
        {"getDocumentation", "{\"text/html\": " TEXT "}", NULL},
        {"getDocumentationFile",
         "{\"text/css\": " TEXT ", \"text/javascript\": " TEXT ", \"image/png\": {}}", NULL},
#undef HEALTH
#undef TEXT
    };
    size_t at = 0;

    while (at < sizeof own / sizeof *own && strcmp(own[at].name, operation->name) != 0)
        at++;
    assert(at < sizeof own / sizeof *own);
    for (int http = 200; http <= 503; http += 303) {
        const char *content = http == 200 ? own[at].content : own[at].also;
        if (!content)
            continue;
        openapi_open(document, http == 200 ? "200" : "503");
        openapi_put(document, "description", http == 200 ? "done" : "something is missing");
        openapi_open(document, "headers");
        openapi_header_refs(document, http == 200 ? NULL : "Retry-After");
        openapi_close(document);
        openapi_put_raw(document, "content", content);
        openapi_close(document);
    }
}
