/* The messages of the streams: one for each type of event that clients get, and "reset". A message
 * is called as its type, and its schema by the type's words: "goal.updated" is a GoalUpdatedEvent.
 * All of them have a constant `type`, by which a client tells them apart. */
#include <ctype.h>
#include <string.h>

#include "openapi_parts.h"
#include "stream.h"

static const char reset[] = "reset", reset_schema[] = "StreamReset";

static bool is_told(const struct event_type *type)
{
    return type->streams != STREAM_NONE;
}

static bool is_of_channel(const struct event_type *type, bool of_goal)
{
    return is_told(type) && (!of_goal || message_is_of_goal(type));
}

/* --- Schemas --- */

static const char *schema_of(struct document *document, const struct event_type *type)
{
    struct buffer name = buffer_in(document->arena, 64);
    bool first = true;

    for (const char *at = type->type; *at; at++) {
        if (isalpha((unsigned char)*at))
            *buffer_extend(&name, 1) = (char)(first ? toupper((unsigned char)*at) : *at);
        first = !isalpha((unsigned char)*at);
    }
    buffer_append(&name, "Event", sizeof "Event"); /* with its end */
    return name.data;
}

/* What the field is in every event of the type; NULL: it differs. */
static const char *constant_of(const struct event_type *type, const struct field *field)
{
    if (strcmp(field->name, "type") == 0)
        return type->type;
    return strcmp(field->name, "entityType") == 0 ? type->entity : NULL;
}

static void put_constant(struct document *document, const char *text)
{
    json_object_begin(document->json);
    openapi_put(document, "type", "string");
    openapi_put(document, "const", text);
    json_object_end(document->json);
}

static void put_schema(struct document *document, const struct event_type *type)
{
    const struct model *message = message_model(type);

    openapi_open(document, schema_of(document, type));
    openapi_put(document, "type", "object");
    openapi_required(document, message, USE_ANSWER, false);
    openapi_open(document, "properties");
    for (size_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        const struct model *part = message_part(type, field);
        const char *constant = constant_of(type, field);
        json_key(document->json, str_of(field->name));
        if (constant)
            put_constant(document, constant);
        else if (part)
            openapi_schema_ref(document, part, USE_ANSWER);
        else
            openapi_field_schema(document, field, USE_ANSWER);
    }
    openapi_close(document);
    openapi_close(document);
}

/* What a channel carries, as one type. */
static void put_union(struct document *document, const char *name, bool of_goal)
{
    openapi_open(document, name);
    openapi_put(document, "discriminator", "type");
    json_key(document->json, STR("oneOf"));
    json_array_begin(document->json);
    for (size_t i = 0; i < event_type_count; i++)
        if (is_of_channel(&event_types[i], of_goal))
            openapi_ref(document, "schemas", schema_of(document, &event_types[i]));
    openapi_ref(document, "schemas", reset_schema);
    json_array_end(document->json);
    openapi_close(document);
}

void asyncapi_schemas(struct document *document)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (is_told(&event_types[i]))
            put_schema(document, &event_types[i]);
    openapi_put_raw(document, reset_schema,
                    "{\"type\": \"object\", \"required\": [\"type\"], \"properties\": {\"type\":"
                    " {\"type\": \"string\", \"const\": \"reset\"}}}");
    put_union(document, "GoalStreamEvent", true);
    put_union(document, "TenantStreamEvent", false);
    openapi_put_raw(
        document, "EventFields",
        "{\"type\": \"object\", \"required\": [\"id\", \"event\"], \"properties\": {"
        "\"id\": {\"type\": \"string\", \"description\": \"the cursor: opaque, to be sent as"
        " Last-Event-ID\"}, \"event\": {\"type\": \"string\", \"description\": \"the type, the same"
        " as in the data\"}}}");
}

/* --- Messages --- */

static void put_example_payload(struct document *document, const struct event_type *type)
{
    const struct model *message = message_model(type);

    json_object_begin(document->json);
    for (size_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        const struct model *part = message_part(type, field);
        const char *constant = constant_of(type, field);
        if (!openapi_example_has(field, USE_ANSWER))
            continue;
        json_key(document->json, str_of(field->name));
        if (constant)
            json_text(document->json, str_of(constant));
        else if (part)
            openapi_example(document, part, USE_ANSWER);
        else
            openapi_example_value(document, message, field, USE_ANSWER);
    }
    json_object_end(document->json);
}

/* Of an event, or of "reset" where `type` is NULL. */
static void put_message(struct document *document, const struct event_type *type)
{
    const char *name = type ? type->type : reset;

    openapi_open(document, name);
    openapi_put(document, "name", name);
    openapi_put(document, "title", name);
    openapi_put(document, "contentType", "application/json");
    json_key(document->json, STR("headers"));
    openapi_ref(document, "schemas", "EventFields");
    json_key(document->json, STR("payload"));
    openapi_ref(document, "schemas", type ? schema_of(document, type) : reset_schema);
    json_key(document->json, STR("examples"));
    json_array_begin(document->json);
    json_object_begin(document->json);
    openapi_open(document, "headers");
    openapi_put(document, "id", "3f9c2a-1042");
    openapi_put(document, "event", name);
    openapi_close(document);
    json_key(document->json, STR("payload"));
    if (type)
        put_example_payload(document, type);
    else
        json_raw(document->json, STR("{\"type\": \"reset\"}"));
    json_object_end(document->json);
    json_array_end(document->json);
    openapi_close(document);
}

void asyncapi_messages(struct document *document)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (is_told(&event_types[i]))
            put_message(document, &event_types[i]);
    put_message(document, NULL);
}

void asyncapi_channel_messages(struct document *document, bool of_goal)
{
    for (size_t i = 0; i < event_type_count; i++) {
        if (!is_of_channel(&event_types[i], of_goal))
            continue;
        json_key(document->json, str_of(event_types[i].type));
        openapi_ref(document, "messages", event_types[i].type);
    }
    json_key(document->json, str_of(reset));
    openapi_ref(document, "messages", reset);
}

static void put_channel_ref(struct document *document, const char *channel, const char *message)
{
    json_object_begin(document->json);
    openapi_put(document, "$ref",
                arena_printf(document->arena, "#/channels/%s/messages/%s", channel, message).data);
    json_object_end(document->json);
}

void asyncapi_operation_messages(struct document *document, const char *channel, bool of_goal)
{
    for (size_t i = 0; i < event_type_count; i++)
        if (is_of_channel(&event_types[i], of_goal))
            put_channel_ref(document, channel, event_types[i].type);
    put_channel_ref(document, channel, reset);
}
