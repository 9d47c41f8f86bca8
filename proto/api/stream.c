/* Field tables of the tenant's stream, and what of an event's data it shows. */
#include "stream.h"

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
