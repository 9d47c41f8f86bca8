/* Members of the document, one at a time. */
#include "openapi_parts.h"

void openapi_put(struct document *document, const char *key, const char *text)
{
    json_key(document->json, str_of(key));
    json_text(document->json, str_of(text));
}

void openapi_put_int(struct document *document, const char *key, int64_t number)
{
    json_key(document->json, str_of(key));
    json_int(document->json, number);
}

void openapi_put_bool(struct document *document, const char *key, bool value)
{
    json_key(document->json, str_of(key));
    json_bool(document->json, value);
}

void openapi_put_raw(struct document *document, const char *key, const char *json)
{
    json_key(document->json, str_of(key));
    json_raw(document->json, str_of(json));
}

void openapi_open(struct document *document, const char *key)
{
    json_key(document->json, str_of(key));
    json_object_begin(document->json);
}

void openapi_close(struct document *document)
{
    json_object_end(document->json);
}

void openapi_ref(struct document *document, const char *kind, const char *name)
{
    json_object_begin(document->json);
    openapi_put(document, "$ref",
                arena_printf(document->arena, "#/components/%s/%s", kind, name).data);
    json_object_end(document->json);
}
