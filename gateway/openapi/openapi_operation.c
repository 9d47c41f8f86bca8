/* One operation: what it is called, what it takes and who may call it. */
#include <ctype.h>
#include <string.h>

#include "address.h"
#include "openapi_parts.h"

/* --- Parameters that are header fields, the same for every operation that has them --- */

static const struct header_parameter {
    const char *name, *field, *schema, *doc;
} header_parameters[] = {
    {"TenantId", "X-Tenant-Id", "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 128}",
     "never needed; when sent, it must be the token's tenant"},
    {"IdempotencyKey", "Idempotency-Key", "{\"type\": \"string\", \"pattern\": \"^[!-~]{1,255}$\"}",
     "makes repeating safe: for 24 hours the same key and body give the first answer again"},
    {"IfMatch", "If-Match", "{\"type\": \"string\"}",
     "the ETag that was read: 412 when somebody has changed the resource since"},
    {"IfNoneMatch", "If-None-Match", "{\"type\": \"string\"}",
     "the ETag that was read: 304 without a body when nothing has changed since"},
    {"LastEventId", "Last-Event-ID", "{\"type\": \"string\"}",
     "the id of the last event received: everything after it is sent first"},
};
enum { HEADER_PARAMETERS = sizeof header_parameters / sizeof *header_parameters };

void openapi_parameters(struct document *document)
{
    for (size_t i = 0; i < HEADER_PARAMETERS; i++) {
        const struct header_parameter *parameter = &header_parameters[i];
        openapi_open(document, parameter->name);
        openapi_put(document, "name", parameter->field);
        openapi_put(document, "in", "header");
        openapi_put(document, "description", parameter->doc);
        openapi_put_raw(document, "schema", parameter->schema);
        openapi_close(document);
    }
}

static bool is_public(const struct operation *operation)
{
    return operation->flags & OPERATION_PUBLIC;
}

static void put_header_parameters(struct document *document, const struct operation *operation)
{
    bool writes = operation->flags & OPERATION_WRITES;

    if (!is_public(operation))
        openapi_ref(document, "parameters", "TenantId");
    if (writes && operation->method == METHOD_POST)
        openapi_ref(document, "parameters", "IdempotencyKey");
    else if (openapi_may_fail(operation, STATUS_PRECONDITION_FAILED))
        openapi_ref(document, "parameters", "IfMatch");
    if (openapi_may_be_unchanged(operation))
        openapi_ref(document, "parameters", "IfNoneMatch");
    if (operation->shape == REPLY_STREAM)
        openapi_ref(document, "parameters", "LastEventId");
}

/* --- Parameters in the path --- */

/* What "{id}" behind "goals/" and "{strategyId}" are ids of: "goal", "strategy". */
static struct str noun_of(struct document *document, struct str name, struct str before)
{
    struct buffer noun = buffer_in(document->arena, 32);

    if (str_equal(name, STR("id"))) {
        before.size -= before.size > 0 && before.data[before.size - 1] == 's';
        return before;
    }
    for (size_t i = 0; i + 2 < name.size; i++) {
        if (i > 0 && isupper((unsigned char)name.data[i]))
            buffer_append(&noun, " ", 1);
        *buffer_extend(&noun, 1) = (char)tolower((unsigned char)name.data[i]);
    }
    return buffer_str(&noun);
}

static bool is_id(struct str name)
{
    return str_equal(name, STR("id")) ||
           (name.size > 2 && memcmp(name.data + name.size - 2, "Id", 2) == 0);
}

static void put_path_parameter(struct document *document, const struct operation *operation,
                               struct str name, struct str before)
{
    json_object_begin(document->json);
    json_key(document->json, STR("name"));
    json_text(document->json, name);
    openapi_put(document, "in", "path");
    openapi_put_bool(document, "required", true);
    if (is_id(name)) {
        struct str noun = noun_of(document, name, before);
        json_key(document->json, STR("description"));
        json_text(document->json,
                  arena_printf(document->arena, "id of the " STR_FMT, STR_ARG(noun)));
    }
    openapi_open(document, "schema");
    openapi_put(document, "type", "string");
    /* Ids that nothing is looked up by are another system's. */
    if (is_id(name) && operation->not_found != STATUS_OK)
        openapi_put(document, "format", "uuid");
    openapi_close(document);
    json_object_end(document->json);
}

static void put_path_parameters(struct document *document, const struct operation *operation)
{
    struct str rest = str_of(operation->path + 1), before = STR("");

    while (rest.data) {
        struct str segment = str_cut(&rest, '/');
        if (segment.size > 0 && segment.data[0] == '{') {
            struct str name = {segment.data + 1, segment.size - 1};
            put_path_parameter(document, operation, str_cut(&name, '}'), before);
        }
        before = segment;
    }
}

/* --- Parameters in the query --- */

static const char *describe(struct document *document, const struct field *field)
{
    const char *doc = openapi_doc(document, field, USE_QUERY);

    /* In the description, not as an example: the page would send an example by default. */
    return field->example
               ? arena_printf(document->arena, "%s; for example %s", doc, field->example).data
               : doc;
}

static void put_query_parameter(struct document *document, const struct field *field)
{
    json_object_begin(document->json);
    openapi_put(document, "name", field->name);
    openapi_put(document, "in", "query");
    openapi_put(document, "description", describe(document, field));
    if (field->flags & FIELD_REQUIRED)
        openapi_put_bool(document, "required", true);
    if (field->type == FIELD_TEXTS || field->type == FIELD_UUIDS) {
        openapi_put(document, "style", "form");
        openapi_put_bool(document, "explode", false);
    }
    json_key(document->json, STR("schema"));
    openapi_field_schema(document, field, USE_QUERY);
    json_object_end(document->json);
}

static void put_query_parameters(struct document *document, const struct operation *operation)
{
    const struct model *query = operation->query;

    for (size_t i = 0; query && i < query->count; i++)
        if (openapi_shows(&query->fields[i], USE_QUERY))
            put_query_parameter(document, &query->fields[i]);
}

/* --- The rest --- */

static void put_body(struct document *document, const struct operation *operation)
{
    enum use use = operation->flags & OPERATION_PATCH ? USE_PATCH : USE_CREATE;

    if (!operation->body)
        return;
    openapi_open(document, "requestBody");
    openapi_put_bool(document, "required",
                     !(operation->flags & OPERATION_BODY_OPTIONAL) ||
                         openapi_requires(operation->body, use));
    openapi_open(document, "content");
    openapi_open(document, "application/json");
    json_key(document->json, STR("schema"));
    openapi_schema_ref(document, operation->body, use);
    json_key(document->json, STR("example"));
    openapi_example(document, operation->body, use);
    openapi_close(document);
    openapi_close(document);
    openapi_close(document);
}

static void put_security(struct document *document, const struct operation *operation)
{
    if (is_public(operation))
        openapi_put_raw(document, "security", "[]");
    else if (operation->shape == REPLY_STREAM)
        openapi_put_raw(document, "security", "[{\"bearer\": []}, {\"streamToken\": []}]");
}

static const char *also_at(struct document *document, const struct operation *operation)
{
    struct str others[ADDRESSES_MAX];
    size_t count = address_others(document->arena, operation, others);
    const char *list = "";

    for (size_t i = 0; i < count; i++)
        list = arena_printf(document->arena, "%s%s`" STR_FMT "`", list,
                            i == 0          ? ""
                            : i + 1 < count ? ", "
                                            : " and ",
                            STR_ARG(others[i]))
                   .data;
    return count > 0 ? arena_printf(document->arena, "Also at %s. ", list).data : "";
}

/* What the table knows beyond the summary. */
static void put_description(struct document *document, const struct operation *operation)
{
    const char *module = module_names[operation->module];
    const char *roles =
        operation->flags & OPERATION_WRITES ? "Not for callers whose roles may only read. " : "";
    const char *part =
        module ? arena_printf(document->arena, "Part of the subscription's `%s`. ", module).data
               : "";
    struct str text =
        arena_printf(document->arena, "%s%s%s", roles, part, also_at(document, operation));

    if (text.size == 0)
        return;
    text.size--; /* the last space */
    json_key(document->json, STR("description"));
    json_text(document->json, text);
}

void openapi_operation(struct document *document, const struct operation *operation)
{
    json_object_begin(document->json);
    openapi_put(document, "operationId", operation->name);
    json_key(document->json, STR("tags"));
    json_array_begin(document->json);
    json_text(document->json, str_of(operation->tag));
    json_array_end(document->json);
    openapi_put(document, "summary", operation->summary);
    put_description(document, operation);
    put_security(document, operation);
    json_key(document->json, STR("parameters"));
    json_array_begin(document->json);
    put_path_parameters(document, operation);
    put_query_parameters(document, operation);
    put_header_parameters(document, operation);
    json_array_end(document->json);
    put_body(document, operation);
    openapi_open(document, "responses");
    openapi_success(document, operation);
    openapi_faults(document, operation);
    openapi_close(document);
    json_object_end(document->json);
}
