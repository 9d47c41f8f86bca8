/* Answers: a struct as a msgpack map or as JSON, by its field table. Reads no message and checks
 * nothing. */
#include "field.h"

#include "writer.h"

static void write_fields(const struct writer *to, const struct model *model, const void *source);

static bool is_written(const struct field *field, const void *source)
{
    if ((field->flags & (FIELD_INTERNAL | FIELD_WRITE_ONLY)) != 0)
        return false;
    return (field->flags & FIELD_NULL_OMITTED) == 0 || !field_is_absent(field, source);
}

static void write_uuid(const struct writer *to, struct uuid id)
{
    char room[UUID_TEXT_SIZE];

    writer_plain(to, text_of_uuid(id, room));
}

static void write_time(const struct writer *to, const struct field *field, struct timestamp t)
{
    char room[TIMESTAMP_TEXT_SIZE];

    writer_plain(to, field->flags & FIELD_DAY ? text_of_day(t, room) : text_of_time(t, room));
}

static void write_month(const struct writer *to, struct month month)
{
    char text[8];

    if (month.number == MONTH_NONE.number) {
        writer_null(to);
        return;
    }
    month_format(month.number, text);
    writer_plain(to, (struct str){text, sizeof text - 1});
}

static void write_whole(const struct writer *to, int64_t number)
{
    if (number == INT_NONE)
        writer_null(to);
    else
        writer_int(to, number);
}

static void write_texts(const struct writer *to, const struct texts *texts)
{
    writer_array(to, texts->count);
    for (size_t i = 0; i < texts->count; i++)
        writer_text(to, texts->items[i]);
    writer_array_end(to);
}

static void write_uuids(const struct writer *to, const struct uuids *ids)
{
    writer_array(to, ids->count);
    for (size_t i = 0; i < ids->count; i++)
        write_uuid(to, ids->items[i]);
    writer_array_end(to);
}

static void write_list(const struct writer *to, const struct model *model, const struct list *list)
{
    writer_array(to, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (to->pause)
            to->pause();
        write_fields(to, model, (const char *)list->items + i * model->size);
    }
    writer_array_end(to);
}

static void write_member(const struct writer *to, const struct field *field, const void *member)
{
    switch (field->type) {
    case FIELD_TEXT:
        writer_text(to, *(const struct str *)member);
        break;
    case FIELD_UUID:
        write_uuid(to, *(const struct uuid *)member);
        break;
    case FIELD_INT:
        write_whole(to, *(const int64_t *)member);
        break;
    case FIELD_DOUBLE:
        writer_double(to, *(const double *)member);
        break;
    case FIELD_BOOL:
        writer_bool(to, *(const bool *)member);
        break;
    case FIELD_TIME:
        write_time(to, field, *(const struct timestamp *)member);
        break;
    case FIELD_MONTH:
        write_month(to, *(const struct month *)member);
        break;
    case FIELD_ENUM:
        writer_plain(to, enum_name(field->enum_names, *(const unsigned *)member));
        break;
    case FIELD_TEXTS:
        write_texts(to, member);
        break;
    case FIELD_UUIDS:
        write_uuids(to, member);
        break;
    case FIELD_PACKED:
        writer_packed(to, ((const struct packed *)member)->bytes);
        break;
    case FIELD_LIST:
        write_list(to, field->model, member);
        break;
    case FIELD_OBJECT:
        write_fields(to, field->model, member);
        break;
    }
}

/* `extra` more pairs follow, and the end of the map. */
static void write_open(const struct writer *to, const struct model *model, const void *source,
                       size_t extra)
{
    size_t pairs = extra;

    for (size_t i = 0; i < model->count && to->packed; i++) /* JSON needs no count */
        pairs += is_written(&model->fields[i], source);
    writer_map(to, pairs);
    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];

        if (!is_written(field, source))
            continue;
        writer_key(to, field->name);
        write_member(to, field, (const char *)source + field->offset);
    }
}

static void write_fields(const struct writer *to, const struct model *model, const void *source)
{
    write_open(to, model, source, 0);
    writer_map_end(to);
}

void field_pack(struct buffer *out, const struct field *field, const void *member)
{
    write_member(&(struct writer){.packed = out}, field, member);
}

void model_pack(struct bound source, struct buffer *out)
{
    write_fields(&(struct writer){.packed = out}, source.model, source.data);
}

void model_pack_open(struct bound source, size_t extra, struct buffer *out)
{
    write_open(&(struct writer){.packed = out}, source.model, source.data, extra);
}

void model_json(struct bound source, struct json *json, void (*pause)(void))
{
    write_fields(&(struct writer){.json = json, .pause = pause}, source.model, source.data);
}
