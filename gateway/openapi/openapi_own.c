/* The gateway's own operations. Their answers have no field tables, so their schemas are written by
 * hand. */
#include <assert.h>
#include <string.h>

#include "openapi_parts.h"

void openapi_own_schemas(struct document *document)
{
    openapi_put_raw(
        document, "Health",
        "{\"type\": \"object\", \"required\": [\"success\", \"data\"], \"properties\": {"
        "\"success\": {\"type\": \"boolean\"}, \"data\": {\"type\": \"object\", \"required\":"
        " [\"status\", \"service\", \"version\", \"timestamp\", \"environment\"], \"properties\": {"
        "\"status\": {\"type\": \"string\", \"enum\": [\"Healthy\", \"Unhealthy\", \"Ready\", "
        "\"Alive\"]},"
        " \"service\": {\"type\": \"string\"}, \"version\": {\"type\": \"string\"},"
        " \"timestamp\": {\"type\": \"string\", \"format\": \"date-time\"},"
        " \"environment\": {\"type\": \"string\"},"
        " \"checks\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\":"
        " [\"component\", \"status\", \"description\", \"latencyMs\"], \"properties\": {"
        "\"component\": {\"type\": \"string\"},"
        " \"status\": {\"type\": \"string\", \"enum\": [\"Healthy\", \"Unhealthy\"]},"
        " \"description\": {\"type\": \"string\"},"
        " \"latencyMs\": {\"type\": [\"number\", \"null\"]}}}}}}}}");
}

static void put_own(struct document *document, const char *http, const char *description,
                    const char *header, const char *content)
{
    openapi_open(document, http);
    openapi_put(document, "description", description);
    openapi_open(document, "headers");
    openapi_header_refs(document, header);
    openapi_close(document);
    openapi_put_raw(document, "content", content);
    openapi_close(document);
}

static const struct {
    const char *name, *content;
    bool lacks; /* something may be missing: 503 with the same content */
} own[] = {
#define HEALTH "{\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/Health\"}}}"
#define START                                                                                \
    "{\"type\": \"object\", \"required\": [\"success\", \"data\"], \"properties\": {"        \
    "\"success\": {\"type\": \"boolean\"}, \"data\": {\"type\": \"object\", \"required\":"   \
    " [\"service\", \"version\", \"documentation\", \"openapi\", \"asyncapi\", \"health\"]," \
    " \"properties\": {"                                                                     \
    "\"service\": {\"type\": \"string\"}, \"version\": {\"type\": \"string\"},"              \
    " \"documentation\": {\"type\": \"string\"}, \"openapi\": {\"type\": \"string\"},"       \
    " \"asyncapi\": {\"type\": \"string\"}, \"health\": {\"type\": \"string\"}}}}}"
#define DOCUMENT \
    "{\"application/json\": {\"schema\": {\"type\": \"object\", \"additionalProperties\": true}}}"
#define SETTINGS                                                                            \
    "{\"type\": \"object\", \"required\": [\"version\"], \"properties\": {"                 \
    "\"version\": {\"type\": \"string\"}, \"signIn\": {\"type\": \"object\", \"required\":" \
    " [\"authority\", \"clientId\", \"scope\"], \"properties\": {"                          \
    "\"authority\": {\"type\": \"string\"}, \"clientId\": {\"type\": \"string\"},"          \
    " \"scope\": {\"type\": \"string\"}}}}}"
#define TEXT "{\"schema\": {\"type\": \"string\"}}"
#define BINARY "{\"schema\": {\"type\": \"string\", \"format\": \"binary\"}}"
    {"getHealth", HEALTH, false},
    {"getLiveness", HEALTH, false},
    {"getReadiness", HEALTH, true},
    {"getHealthDetails", HEALTH, true},
    {"getStart", "{\"text/html\": " TEXT ", \"application/json\": {\"schema\": " START "}}", false},
    {"getOpenAPI", DOCUMENT, false},
    {"getAsyncAPI", DOCUMENT, false},
    {"getDocumentation", "{\"text/html\": " TEXT "}", false},
    {"getStreamsPage", "{\"text/html\": " TEXT "}", false},
    {"getDocumentationFile",
     "{\"text/css\": " TEXT ", \"text/javascript\": " TEXT ", \"image/png\": " BINARY "}", false},
    {"getConsole", "{\"text/html\": " TEXT "}", false},
    {"getConsoleFile",
     "{\"application/json\": {\"schema\": " SETTINGS "}, \"image/svg+xml\": " TEXT
     ", \"image/png\": " BINARY "}",
     false},
    {"getConsoleAsset",
     "{\"text/css\": " TEXT ", \"text/javascript\": " TEXT ", \"image/svg+xml\": " TEXT
     ", \"image/png\": " BINARY ", \"font/woff2\": " BINARY "}",
     false},
#undef HEALTH
#undef START
#undef DOCUMENT
#undef SETTINGS
#undef TEXT
#undef BINARY
};

void openapi_own_success(struct document *document, const struct operation *operation)
{
    size_t at = 0;

    while (at < sizeof own / sizeof *own && strcmp(own[at].name, operation->name) != 0)
        at++;
    assert(at < sizeof own / sizeof *own);
    put_own(document, "200", "done", operation->shape == REPLY_STATIC ? "ETag" : NULL,
            own[at].content);
    if (strcmp(operation->name, "getStart") == 0 || strcmp(operation->name, "getConsole") == 0)
        openapi_put_raw(document, "302", "{\"description\": \"to /console/\"}");
    if (own[at].lacks)
        put_own(document, "503", "something is missing", "Retry-After", own[at].content);
}
