/* Header fields of answers, and how a request says who sends it. */
#include "openapi_parts.h"

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

void openapi_security_schemes(struct document *document, const char *query_type)
{
    openapi_open(document, "securitySchemes");
    openapi_put_raw(document, "bearer",
                    "{\"type\": \"http\", \"scheme\": \"bearer\", \"bearerFormat\": \"JWT\"}");
    openapi_open(document, "streamToken");
    openapi_put(document, "type", query_type);
    openapi_put(document, "in", "query");
    openapi_put(document, "name", "access_token");
    openapi_put(document, "description",
                "the same token, for EventSource, which cannot set headers");
    openapi_close(document);
    openapi_close(document);
}

void openapi_headers(struct document *document)
{
    for (size_t i = 0; i < HEADERS; i++) {
        openapi_open(document, headers[i].name);
        openapi_put(document, "description", headers[i].doc);
        openapi_put_raw(document, "schema", headers[i].schema);
        openapi_close(document);
    }
}

void openapi_header_ref(struct document *document, struct str name)
{
    json_key(document->json, name);
    openapi_ref(document, "headers", arena_copy(document->arena, name).data);
}

void openapi_header_refs(struct document *document, const char *named)
{
    struct str rest = str_of(named);

    openapi_header_ref(document, STR("X-Request-Id"));
    while (rest.data)
        openapi_header_ref(document, str_cut(&rest, ' '));
}
