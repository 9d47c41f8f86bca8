/* What differs between two states of an entity, for its events and its history. */
#include "field.h"

enum { VALUE_ROOM = 256 };

static bool is_told(const struct field *field)
{
    return (field->flags &
            (FIELD_INTERNAL | FIELD_WRITE_ONLY | FIELD_JOINED | FIELD_COMPUTED | FIELD_NOTED)) == 0;
}

static struct str packed_value(struct arena *arena, const struct field *field, const void *source)
{
    struct buffer out = buffer_in(arena, VALUE_ROOM);

    field_pack(&out, field, (const char *)source + field->offset);
    return buffer_str(&out);
}

void model_pack_changes(struct bound before, struct bound after, struct arena *arena,
                        struct buffer *out)
{
    struct pack_open open = pack_map_open(out);

    for (size_t i = 0; i < after.model->count; i++) {
        const struct field *field = &after.model->fields[i];
        if (!is_told(field))
            continue;
        struct str was = packed_value(arena, field, before.data);
        struct str is = packed_value(arena, field, after.data);
        if (str_equal(was, is))
            continue;
        pack_key(out, field->name);
        pack_array(out, 2);
        pack_raw(out, was);
        pack_raw(out, is);
        open.count++;
    }
    pack_map_close(out, open);
}

void model_pack_all_changed(const struct model *model, const struct value *data, bool appeared,
                            struct buffer *out)
{
    struct pack_open open = pack_map_open(out);

    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        const struct value *value = value_get(data, field->name);
        if (!is_told(field) || value_is_null(value))
            continue;
        pack_key(out, field->name);
        pack_array(out, 2);
        if (appeared)
            pack_nil(out);
        pack_raw(out, value->raw);
        if (!appeared)
            pack_nil(out);
        open.count++;
    }
    pack_map_close(out, open);
}
