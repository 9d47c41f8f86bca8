/* From struct fields to parameters in binary format. */
#include "pg_codec.h"

#include <math.h>
#include <string.h>

static void put(char *bytes, uint64_t value, size_t size)
{
    for (size_t i = size; i-- > 0; value >>= 8)
        bytes[i] = (char)(unsigned char)(value & 0xff);
}

static bool is_text(uint32_t type)
{
    return type == PG_TEXT || type == PG_VARCHAR || type == PG_BPCHAR || type == PG_NAME;
}

size_t codec_integer_size(uint32_t type)
{
    return type == PG_INT8 ? 8 : type == PG_INT4 ? 4 : type == PG_INT2 ? 2 : 0;
}

bool codec_fits(enum field_type field, uint32_t type)
{
    switch (field) {
    case FIELD_TEXT:
    case FIELD_ENUM:
        return is_text(type);
    case FIELD_UUID:
        return type == PG_UUID;
    case FIELD_INT:
    case FIELD_MONTH:
        return codec_integer_size(type) > 0;
    case FIELD_DOUBLE:
        return type == PG_FLOAT8;
    case FIELD_BOOL:
        return type == PG_BOOL;
    case FIELD_TIME:
        return type == PG_TIMESTAMPTZ;
    case FIELD_TEXTS:
        return type == PG_TEXT_ARRAY || type == PG_VARCHAR_ARRAY || type == PG_BYTEA_ARRAY;
    case FIELD_UUIDS:
        return type == PG_UUID_ARRAY;
    case FIELD_PACKED:
        return type == PG_BYTEA;
    case FIELD_LIST:
    case FIELD_OBJECT:
        return false;
    }
    return false;
}

struct encoded_value {
    struct arena *arena;
    const char *value;
    size_t size;
};

static bool send_bytes(struct encoded_value *sent, struct str bytes)
{
    if (bytes.data) {
        sent->value = arena_copy(sent->arena, bytes).data;
        sent->size = bytes.size;
    }
    return true;
}

static bool send_integer(struct encoded_value *sent, int64_t value, uint32_t type)
{
    size_t size = codec_integer_size(type);
    int64_t max = size == 8 ? INT64_MAX : (INT64_C(1) << (8 * size - 1)) - 1;
    if (value > max || value < -max - 1)
        return false;
    char *bytes = arena_alloc(sent->arena, size);
    put(bytes, (uint64_t)value, size);
    sent->value = bytes;
    sent->size = size;
    return true;
}

static bool send_double(struct encoded_value *sent, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return isnan(value) || send_integer(sent, (int64_t)bits, PG_INT8);
}

static bool send_time(struct encoded_value *sent, struct timestamp t)
{
    if (timestamp_is_none(t))
        return true;
    return t.us >= INT64_MIN + PG_EPOCH_US && send_integer(sent, t.us - PG_EPOCH_US, PG_INT8);
}

static bool send_bool(struct encoded_value *sent, bool value)
{
    char *bytes = arena_alloc(sent->arena, 1);
    bytes[0] = value;
    sent->value = bytes;
    sent->size = 1;
    return true;
}

/* Dimensions, whether there are NULLs, element type; then the size and lower bound of the only
 * dimension. An empty array has no dimension. */
static char *send_array(struct encoded_value *sent, size_t count, uint32_t element, bool nulls,
                        size_t payload)
{
    sent->size = count > 0 ? 20 + 4 * count + payload : 12;
    char *bytes = arena_alloc(sent->arena, sent->size);
    sent->value = bytes;
    put(bytes, count > 0, 4);
    put(bytes + 4, nulls, 4);
    put(bytes + 8, element, 4);
    if (count > 0) {
        put(bytes + 12, count, 4);
        put(bytes + 16, 1, 4);
    }
    return bytes + 20;
}

static bool send_texts(struct encoded_value *sent, const struct texts *texts, uint32_t type)
{
    size_t payload = 0;
    bool nulls = false;
    for (size_t i = 0; i < texts->count; i++) {
        payload += texts->items[i].size;
        nulls = nulls || !texts->items[i].data;
    }
    if (payload + 4 * texts->count > INT32_MAX - 100)
        return false;
    uint32_t element = type == PG_VARCHAR_ARRAY ? PG_VARCHAR
                       : type == PG_BYTEA_ARRAY ? PG_BYTEA
                                                : PG_TEXT;
    char *at = send_array(sent, texts->count, element, nulls, payload);
    for (size_t i = 0; i < texts->count; i++) {
        struct str item = texts->items[i];
        put(at, item.data ? item.size : UINT32_MAX, 4);
        if (item.data && item.size > 0)
            memcpy(at + 4, item.data, item.size);
        at += 4 + item.size;
    }
    return true;
}

static bool send_uuids(struct encoded_value *sent, const struct uuids *ids)
{
    if (ids->count > INT32_MAX / 32)
        return false;
    char *at = send_array(sent, ids->count, PG_UUID, false, ids->count * sizeof(struct uuid));
    for (size_t i = 0; i < ids->count; i++, at += 4 + sizeof(struct uuid)) {
        put(at, sizeof(struct uuid), 4);
        memcpy(at + 4, ids->items[i].bytes, sizeof(struct uuid));
    }
    return true;
}

static bool send_field(struct encoded_value *sent, const struct field *field, const void *member,
                       uint32_t type)
{
    switch (field->type) {
    case FIELD_TEXT:
        return send_bytes(sent, *(const struct str *)member);
    case FIELD_PACKED:
        return send_bytes(sent, ((const struct packed *)member)->bytes);
    case FIELD_ENUM:
        return send_bytes(sent, enum_name(field->enum_names, *(const unsigned *)member));
    case FIELD_UUID: {
        const struct uuid *id = member;
        struct str bytes = {(const char *)id->bytes, sizeof id->bytes};
        return uuid_is_none(*id) || send_bytes(sent, bytes);
    }
    case FIELD_INT: {
        int64_t value = *(const int64_t *)member;
        return value == INT_NONE || send_integer(sent, value, type);
    }
    case FIELD_MONTH: {
        int32_t number = ((const struct month *)member)->number;
        return number == MONTH_NONE.number || send_integer(sent, number, type);
    }
    case FIELD_DOUBLE:
        return send_double(sent, *(const double *)member);
    case FIELD_BOOL:
        return send_bool(sent, *(const bool *)member);
    case FIELD_TIME:
        return send_time(sent, *(const struct timestamp *)member);
    case FIELD_TEXTS:
        return send_texts(sent, member, type);
    case FIELD_UUIDS:
        return send_uuids(sent, member);
    case FIELD_LIST:
    case FIELD_OBJECT:
        return false;
    }
    return false;
}

bool codec_encode(struct arena *arena, const struct field *field, const void *data, uint32_t type,
                  const char **value, int *size)
{
    struct encoded_value sent = {.arena = arena};
    bool good = codec_fits(field->type, type) &&
                send_field(&sent, field, (const char *)data + field->offset, type) &&
                sent.size <= INT32_MAX;
    *value = good ? sent.value : NULL;
    *size = good ? (int)sent.size : 0;
    return good;
}
