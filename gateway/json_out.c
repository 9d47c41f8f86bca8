/* JSON out: walks an unpacked value and writes it straight into the answer. */
#include "json_out.h"

static void put(struct json *json, const struct value *value);

static void put_pairs(struct json *json, const struct value *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        json_key(json, map->pairs[i].key);
        put(json, &map->pairs[i].value);
    }
}

/* Recurses as deep as unpack allows. */
static void put(struct json *json, const struct value *value)
{
    switch (value->type) {
    case VALUE_BOOL:
        json_bool(json, value->boolean);
        break;
    case VALUE_INT:
        json_int(json, value->integer);
        break;
    case VALUE_DOUBLE:
        json_double(json, value->real);
        break;
    case VALUE_TEXT:
        json_text(json, value->text);
        break;
    case VALUE_ARRAY:
        json_array_begin(json);
        for (uint32_t i = 0; i < value->count; i++)
            put(json, &value->items[i]);
        json_array_end(json);
        break;
    case VALUE_MAP:
        json_object_begin(json);
        put_pairs(json, value);
        json_object_end(json);
        break;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_BYTES: /* JSON has none */
        json_nothing(json);
        break;
    }
}

void json_out(struct json *json, struct arena *arena, struct str packed)
{
    struct value value;

    unpack(arena, packed, &value); /* absent when malformed */
    put(json, &value);
}

void json_out_members(struct json *json, struct arena *arena, struct str packed)
{
    struct value value;

    if (unpack(arena, packed, &value) && value.type == VALUE_MAP)
        put_pairs(json, &value);
}
