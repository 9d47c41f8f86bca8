/* Answers: a struct as a msgpack map, by its field table. Reads no message and checks nothing. */
#include "field.h"

static void pack_fields(const struct model *model, const void *source, size_t extra,
                        struct buffer *out);

static bool is_packed(const struct field *field, const void *source)
{
    if ((field->flags & (FIELD_INTERNAL | FIELD_WRITE_ONLY)) != 0)
        return false;
    return (field->flags & FIELD_NULL_OMITTED) == 0 || !field_is_absent(field, source);
}

static void pack_month(struct buffer *out, struct month month)
{
    char text[8];

    if (month.number == MONTH_NONE.number) {
        pack_nil(out);
        return;
    }
    month_format(month.number, text);
    pack_text(out, (struct str){text, sizeof text - 1});
}

static void pack_whole(struct buffer *out, int64_t number)
{
    if (number == INT_NONE)
        pack_nil(out);
    else
        pack_int(out, number);
}

static void pack_texts(struct buffer *out, const struct texts *texts)
{
    pack_array(out, texts->count);
    for (size_t i = 0; i < texts->count; i++)
        pack_text(out, texts->items[i]);
}

static void pack_uuids(struct buffer *out, const struct uuids *ids)
{
    pack_array(out, ids->count);
    for (size_t i = 0; i < ids->count; i++)
        pack_uuid(out, ids->items[i]);
}

static void pack_list(struct buffer *out, const struct model *model, const struct list *list)
{
    pack_array(out, list->count);
    for (size_t i = 0; i < list->count; i++)
        pack_fields(model, (const char *)list->items + i * model->size, 0, out);
}

void field_pack(struct buffer *out, const struct field *field, const void *member)
{
    switch (field->type) {
    case FIELD_TEXT:
        pack_text(out, *(const struct str *)member);
        break;
    case FIELD_UUID:
        pack_uuid(out, *(const struct uuid *)member);
        break;
    case FIELD_INT:
        pack_whole(out, *(const int64_t *)member);
        break;
    case FIELD_DOUBLE:
        pack_double(out, *(const double *)member);
        break;
    case FIELD_BOOL:
        pack_bool(out, *(const bool *)member);
        break;
    case FIELD_TIME:
        if (field->flags & FIELD_DAY)
            pack_day(out, *(const struct timestamp *)member);
        else
            pack_time(out, *(const struct timestamp *)member);
        break;
    case FIELD_MONTH:
        pack_month(out, *(const struct month *)member);
        break;
    case FIELD_ENUM:
        pack_text(out, enum_name(field->enum_names, *(const unsigned *)member));
        break;
    case FIELD_TEXTS:
        pack_texts(out, member);
        break;
    case FIELD_UUIDS:
        pack_uuids(out, member);
        break;
    case FIELD_PACKED:
        pack_raw(out, ((const struct packed *)member)->bytes);
        break;
    case FIELD_LIST:
        pack_list(out, field->model, member);
        break;
    case FIELD_OBJECT:
        pack_fields(field->model, member, 0, out);
        break;
    }
}

static void pack_fields(const struct model *model, const void *source, size_t extra,
                        struct buffer *out)
{
    size_t pairs = extra;

    for (size_t i = 0; i < model->count; i++)
        pairs += is_packed(&model->fields[i], source);
    pack_map(out, pairs);
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];

        if (!is_packed(field, source))
            continue;
        pack_key(out, field->name);
        field_pack(out, field, (const char *)source + field->offset);
    }
}

void model_pack(struct bound source, struct buffer *out)
{
    pack_fields(source.model, source.data, 0, out);
}

void model_pack_open(struct bound source, size_t extra, struct buffer *out)
{
    pack_fields(source.model, source.data, extra, out);
}
