/* From columns in binary format to struct fields. Nothing here may trust the length of what it
 * reads. */
#include "pg_codec.h"

#include <string.h>

static uint64_t get(const char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static bool read_integer(uint32_t type, struct str bytes, int64_t *value)
{
    if (bytes.size != codec_integer_size(type) || bytes.size == 0)
        return false;
    uint64_t raw = get(bytes.data, bytes.size);
    *value = bytes.size == 8   ? (int64_t)raw
             : bytes.size == 4 ? (int32_t)(uint32_t)raw
                               : (int16_t)(uint16_t)raw;
    return true;
}

/* A view of an array: its elements follow one another as size and bytes. */
struct array {
    const char *at, *end;
    size_t count;
};

static bool read_array(struct str bytes, struct array *array)
{
    *array = (struct array){bytes.data, bytes.data + bytes.size, 0};
    if (bytes.size < 12)
        return false;
    uint64_t dimensions = get(bytes.data, 4);
    if (dimensions == 0)
        return true;
    if (dimensions != 1 || bytes.size < 20)
        return false;
    array->count = get(bytes.data + 12, 4);
    array->at += 20;
    return array->count <= (bytes.size - 20) / 4;
}

static bool read_element(struct array *array, struct str *element)
{
    if (array->end - array->at < 4)
        return false;
    uint32_t size = (uint32_t)get(array->at, 4);
    array->at += 4;
    *element = STR_NONE;
    if (size == UINT32_MAX)
        return true;
    if (size > (size_t)(array->end - array->at))
        return false;
    *element = (struct str){array->at, size};
    array->at += size;
    return true;
}

static bool read_texts(struct arena *arena, struct str bytes, struct texts *texts)
{
    struct array array;
    if (!read_array(bytes, &array))
        return false;
    texts->items = arena_array(arena, array.count, sizeof *texts->items);
    texts->count = array.count;
    for (size_t i = 0; i < array.count; i++) {
        struct str item;
        if (!read_element(&array, &item))
            return false;
        texts->items[i] = arena_copy(arena, item);
    }
    return true;
}

static bool read_uuids(struct arena *arena, struct str bytes, struct uuids *ids)
{
    struct array array;
    if (!read_array(bytes, &array))
        return false;
    ids->items = arena_array(arena, array.count, sizeof *ids->items);
    ids->count = array.count;
    for (size_t i = 0; i < array.count; i++) {
        struct str item;
        if (!read_element(&array, &item) || (item.data && item.size != sizeof *ids->items))
            return false;
        if (item.data)
            memcpy(ids->items[i].bytes, item.data, item.size);
    }
    return true;
}

/* The types of eight bytes or fewer. */
static bool read_scalar(const struct field *field, void *member, uint32_t type, struct str bytes)
{
    int64_t value;
    if (field->type == FIELD_BOOL) {
        *(bool *)member = bytes.size == 1 && bytes.data[0];
        return bytes.size == 1;
    }
    bool number = field->type == FIELD_INT || field->type == FIELD_MONTH;
    if (!read_integer(number ? type : PG_INT8, bytes, &value))
        return false;
    if (field->type == FIELD_INT) {
        *(int64_t *)member = value;
    } else if (field->type == FIELD_MONTH) {
        if (value <= INT32_MIN || value > INT32_MAX)
            return false;
        ((struct month *)member)->number = (int32_t)value;
    } else if (field->type == FIELD_DOUBLE) {
        memcpy(member, &value, sizeof value);
    } else {
        if (value > INT64_MAX - PG_EPOCH_US || value == INT64_MIN) /* the infinities */
            return false;
        ((struct timestamp *)member)->us = value + PG_EPOCH_US;
    }
    return true;
}

bool codec_decode(struct arena *arena, const struct field *field, void *data, uint32_t type,
                  const char *bytes, size_t size)
{
    void *member = (char *)data + field->offset;
    struct str value = {bytes, size};
    if (!codec_fits(field->type, type))
        return false;
    if (!bytes) {
        field_clear(field, data);
        return true;
    }
    switch (field->type) {
    case FIELD_TEXT:
        *(struct str *)member = arena_copy(arena, value);
        return true;
    case FIELD_PACKED:
        ((struct packed *)member)->bytes = arena_copy(arena, value);
        return true;
    case FIELD_ENUM:
        *(unsigned *)member = enum_value(field->enum_names, value);
        return *(unsigned *)member != 0;
    case FIELD_UUID:
        if (size != sizeof(struct uuid))
            return false;
        memcpy(member, bytes, size);
        return true;
    case FIELD_INT:
    case FIELD_MONTH:
    case FIELD_DOUBLE:
    case FIELD_BOOL:
    case FIELD_TIME:
        return read_scalar(field, member, type, value);
    case FIELD_TEXTS:
        return read_texts(arena, value, member);
    case FIELD_UUIDS:
        return read_uuids(arena, value, member);
    case FIELD_LIST:
    case FIELD_OBJECT:
        return false;
    }
    return false;
}
