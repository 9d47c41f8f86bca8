/* Field tables of the tenant's stream, and what of an event's data it shows. */
#include "stream.h"

#include <string.h>

#include "goals.h"
#include "kpis.h"
#include "pack.h"

static const struct field query_fields[] = {
    FIELD(stream_query, tenant, "tenant", .aliases = "tenantId",
          .doc = "the same as X-Tenant-Id, for EventSource"),
    FIELD(stream_query, last_event_id, "lastEventId",
          .doc = "the same as Last-Event-ID, for EventSource"),
    FIELD(stream_query, types, "types", .max = 50, .item_max = 50,
          .doc =
              "only events of these types, by commas: goal.updated, or goal.* for all that begin "
              "so; a goal's stream shows changes of the goal, its strategies and links only when "
              "they are named here",
          .example = "[\"activity.created\", \"goal.*\"]"),
};
const struct model stream_query_model = MODEL("StreamQuery", stream_query, query_fields);

static const struct field entry_fields[] = {
    FIELD_AS(stream_entry, sequence, "place", .flags = 0),
    FIELD(stream_entry, type, "type"),
    FIELD(stream_entry, goal_id, "goalId"),
    FIELD(stream_entry, shown, "shown"),
    FIELD(stream_entry, data, "data"),
};
const struct model stream_entry_model = MODEL("StreamEntry", stream_entry, entry_fields);

static const struct field read_fields[] = {
    FIELD(stream_read, epoch, "epoch"),
    FIELD(stream_read, after, "after"),
    FIELD(stream_read, goal_id, "goalId"),
    FIELD_AS(stream_read, max, "most", .flags = FIELD_REQUIRED, .min = 1, .max = 500),
    COLUMN(stream_read, max_bytes),
};
const struct model stream_read_model = MODEL("StreamRead", stream_read, read_fields);

static const struct field page_fields[] = {
    FIELD(stream_page, epoch, "epoch"),
    FIELD(stream_page, head, "head"),
    FIELD(stream_page, up_to, "upTo"),
    FIELD(stream_page, reset, "reset"),
    FIELD(stream_page, entries, "entries", .model = &stream_entry_model),
};
const struct model stream_page_model = MODEL("StreamPage", stream_page, page_fields);

/* --- Messages --- */

/* clang-format off */
#define EVENT_ENVELOPE_FIELDS(type_) \
    FIELD(type_, type, "type", .flags = FIELD_PRESENT, .doc = "the same as the event's name"), \
    FIELD(type_, tenant_id, "tenantId", .flags = FIELD_PRESENT, .doc = "whose it is", .example = "\"demo\""), \
    FIELD(type_, entity_type, "entityType", .flags = FIELD_PRESENT, .doc = "what entityId is the id of"), \
    FIELD(type_, entity_id, "entityId", .flags = FIELD_PRESENT, .doc = "what it happened to", \
          .example = "\"0194692f-7f00-7c3a-9b1e-5d2f00000001\""), \
    FIELD(type_, goal_id, "goalId", .doc = "the goal that it is about; null: none, or several"), \
    FIELD(type_, version, "version", .flags = FIELD_PRESENT, \
          .doc = "of what it happened to, after it"), \
    FIELD(type_, user_id, "userId", .flags = FIELD_PRESENT, .doc = "who did it"), \
    FIELD(type_, at, "at", .flags = FIELD_PRESENT, .doc = "when")
/* clang-format on */

static const struct field activity_message_fields[] = {
    EVENT_ENVELOPE_FIELDS(activity_message),
    FIELD(activity_message, activity, "activity", .doc = "the entry of the feed"),
};
const struct model activity_message_model =
    MODEL("ActivityMessage", activity_message, activity_message_fields);

static const struct field feed_reading_fields[] = {
    FIELD(feed_reading, id, "id", .doc = "of the entry in the goal's feed"),
    FIELD(feed_reading, text, "text", .flags = FIELD_PRESENT, .doc = "what happened",
          .example = "\"Monthly revenue: 281000 EUR in 2025-01\""),
    FIELD(feed_reading, created_at, "createdAt", .flags = FIELD_PRESENT,
          .doc = "when it was recorded"),
    FIELD(feed_reading, title, "title", .doc = "a headline"),
    FIELD(feed_reading, url, "url", .doc = "always null"),
};
static const struct model feed_reading_model =
    MODEL("FeedReading", feed_reading, feed_reading_fields);

static const struct field reading_message_fields[] = {
    EVENT_ENVELOPE_FIELDS(reading_message),
    FIELD(reading_message, kpi, "kpi", .doc = "the KPI"),
    FIELD(reading_message, reading, "reading", .doc = "the reading that counts now"),
    OBJECT(reading_message, activity, "activity", &feed_reading_model, .flags = FIELD_NULL_OMITTED,
           .doc = "the readable form; absent when the KPI is linked to no goal"),
};
const struct model reading_message_model =
    MODEL("ReadingMessage", reading_message, reading_message_fields);

static const struct field change_message_fields[] = {
    EVENT_ENVELOPE_FIELDS(change_message),
    FIELD(change_message, user_name, "userName", .doc = "that person's name; null: not known"),
    FIELD(change_message, data, "data", .doc = "what it happened to, after it"),
    FIELD(change_message, changes, "changes", .flags = FIELD_NULL_OMITTED,
          .schemas = "[{\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\","
                     " \"minItems\": 2, \"maxItems\": 2}}]",
          .doc = "each field that is not what it was, with its value before and after; absent "
                 "where that is not told"),
};
const struct model change_message_model =
    MODEL("ChangeMessage", change_message, change_message_fields);

const struct model *message_model(const struct event_type *type)
{
    if (type->model == &activity_model)
        return &activity_message_model;
    return type->model == &reading_event_model ? &reading_message_model : &change_message_model;
}

static const struct field *shown_field(const struct model *model, struct str name);

const struct model *message_part(const struct event_type *type, const struct field *field)
{
    const struct field *inner = shown_field(type->model, str_of(field->name));

    if (field->type != FIELD_PACKED || field->schemas)
        return NULL;
    return inner && inner->type == FIELD_OBJECT ? inner->model : type->model;
}

bool message_is_of_goal(const struct event_type *type)
{
    return type->streams == STREAM_FEED || strcmp(type->entity, "goal") == 0 ||
           shown_field(type->model, STR("goalId")) != NULL;
}

/* --- Data --- */

static const struct field *shown_field(const struct model *model, struct str name)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        if (!(field->flags & (FIELD_INTERNAL | FIELD_WRITE_ONLY)) &&
            str_equal(name, str_of(field->name)))
            return field;
    }
    return NULL;
}

static void pack_object(struct buffer *out, const struct model *model, const struct value *object)
{
    struct pack_open open = pack_map_open(out);

    for (uint32_t i = 0; i < object->count; i++) {
        const struct field *field = shown_field(model, object->pairs[i].key);
        if (!field)
            continue;
        pack_key(out, field->name);
        stream_data_pack(out, field->model, &object->pairs[i].value);
        open.count++;
    }
    pack_map_close(out, open);
}

void stream_data_pack(struct buffer *out, const struct model *model, const struct value *value)
{
    if (model && value->type == VALUE_MAP) {
        pack_object(out, model, value);
    } else if (model && value->type == VALUE_ARRAY) {
        pack_array(out, value->count);
        for (uint32_t i = 0; i < value->count; i++)
            stream_data_pack(out, model, &value->items[i]);
    } else {
        pack_raw(out, value->raw);
    }
}
