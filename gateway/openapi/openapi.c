/* The top level of the document: info, servers, tags, and the order of its parts, which the other
 * files openapi_*.c write. */
#include "openapi.h"

#include <string.h>

#include "openapi_parts.h"

static const char about[] =
    "Goals, strategies, KPIs, actions and issues of one organisation, with live updates, statistics"
    " and reports.\n\n"
    "**Calling it.** Send `Authorization: Bearer <token>`. On a stack started with `./traction up`,"
    " a token comes with its start, and another from"
    " `./traction token --tenant demo --user zoe.mueller`. The token says whose data are seen.\n\n"
    "**Addresses.** One `/api` may stand before any of them: `/api/goals` is `/goals`. Measures are"
    " KPIs by another name.\n\n"
    "**Names.** Fields and parameters are accepted in camelCase and snake_case; answers are always"
    " camelCase. Unknown fields of a body are ignored, unknown parameters are refused, unless their"
    " names begin with `_`. Times are UTC, such as `2025-01-15T10:00:00.000Z`; a bare date means "
    "the"
    " whole day.\n\n"
    "**Answers.** `{\"success\": true, \"data\": ...}`; lists add `pagination`. Failures are"
    " `{\"success\": false, \"error\", \"code\", \"requestId\"}`, and 422 adds `errors`, which says"
    " of each bad field what is wrong with it. Every answer has an `X-Request-Id`, which may be"
    " sent along, too.\n\n"
    "**Changing.** PUT changes the fields that are sent and keeps the others; null clears. An"
    " `Idempotency-Key` makes a POST safe to repeat. `If-Match` with the `ETag` that was read makes"
    " sure that nobody else has changed it since.";

static void put_info(struct document *document)
{
    openapi_open(document, "info");
    openapi_put(document, "title", "Traction");
    openapi_put(document, "version", TRACTION_VERSION);
    openapi_put(document, "description", about);
    openapi_close(document);
}

static void put_server(struct document *document, const char *url, const char *description)
{
    json_object_begin(document->json);
    openapi_put(document, "url", url);
    openapi_put(document, "description", description);
    json_object_end(document->json);
}

static void put_servers(struct document *document)
{
    struct str base = document->base_path;

    json_key(document->json, STR("servers"));
    json_array_begin(document->json);
    put_server(document, "/", "this gateway");
    if (base.size > 0)
        put_server(document, arena_copy(document->arena, base).data,
                   "the same under its base path");
    json_array_end(document->json);
}

static bool is_first_of_tag(const struct operation *operation)
{
    for (const struct operation *before = operations; before < operation; before++)
        if (openapi_has(before) && strcmp(before->tag, operation->tag) == 0)
            return false;
    return true;
}

static void put_tags(struct document *document)
{
    json_key(document->json, STR("tags"));
    json_array_begin(document->json);
    for (size_t i = 0; i < operation_count; i++) {
        if (!openapi_has(&operations[i]) || !is_first_of_tag(&operations[i]))
            continue;
        json_object_begin(document->json);
        openapi_put(document, "name", operations[i].tag);
        json_object_end(document->json);
    }
    json_array_end(document->json);
}

static bool is_first_of_path(const struct operation *operation)
{
    for (const struct operation *before = operations; before < operation; before++)
        if (openapi_has(before) && strcmp(before->path, operation->path) == 0)
            return false;
    return true;
}

static void put_path(struct document *document, const char *path)
{
    static const char *const names[] = {NULL, "get", "post", "put", "patch", "delete"};

    openapi_open(document, path);
    for (size_t i = 0; i < operation_count; i++) {
        if (!openapi_has(&operations[i]) || strcmp(operations[i].path, path) != 0)
            continue;
        json_key(document->json, str_of(names[operations[i].method]));
        openapi_operation(document, &operations[i]);
    }
    openapi_close(document);
}

static void put_paths(struct document *document)
{
    openapi_open(document, "paths");
    for (size_t i = 0; i < operation_count; i++)
        if (openapi_has(&operations[i]) && is_first_of_path(&operations[i]))
            put_path(document, operations[i].path);
    openapi_close(document);
}

/* After the paths, which find out what is referred to. */
static void put_components(struct document *document)
{
    openapi_open(document, "components");
    openapi_security_schemes(document, "apiKey");
    openapi_open(document, "parameters");
    openapi_parameters(document);
    openapi_close(document);
    openapi_open(document, "headers");
    openapi_headers(document);
    openapi_close(document);
    openapi_open(document, "responses");
    openapi_fault_responses(document);
    openapi_close(document);
    openapi_open(document, "schemas");
    openapi_schemas(document);
    openapi_answer_schemas(document);
    openapi_own_schemas(document);
    json_key(document->json, STR("Failure"));
    openapi_fault_schema(document);
    openapi_close(document);
    openapi_close(document);
}

struct str openapi_text(struct arena *arena, struct json *json, struct str base_path)
{
    struct document document = {.json = json, .arena = arena, .base_path = base_path};
    struct buffer out = buffer_in(arena, (size_t)256 * 1024);

    openapi_collect(&document);
    json_start(json, &out);
    json_object_begin(json);
    openapi_put(&document, "openapi", "3.1.0");
    put_info(&document);
    put_servers(&document);
    put_tags(&document);
    openapi_put_raw(&document, "security", "[{\"bearer\": []}]");
    put_paths(&document);
    put_components(&document);
    json_object_end(json);
    return buffer_str(&out);
}
