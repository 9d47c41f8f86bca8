/* JSON out: walks over packed bytes and writes them straight into the answer. They are part of a
 * message that was validated, so they are not checked again. */
#include "json_out.h"

#include "unpack.h"

static void put(struct json *json, struct str *rest);

static void put_pairs(struct json *json, struct str *rest, uint32_t count)
{
    struct value key;

    for (uint32_t i = 0; i < count; i++) {
        unpack_next(rest, &key);
        json_key(json, key.text);
        put(json, rest);
    }
}

/* Recurses as deep as the validation allows. */
static void put(struct json *json, struct str *rest)
{
    struct value value;

    unpack_next(rest, &value);
    switch (value.type) {
    case VALUE_BOOL:
        json_bool(json, value.boolean);
        break;
    case VALUE_INT:
        json_int(json, value.integer);
        break;
    case VALUE_DOUBLE:
        json_double(json, value.real);
        break;
    case VALUE_TEXT:
        json_text(json, value.text);
        break;
    case VALUE_ARRAY:
        json_array_begin(json);
        for (uint32_t i = 0; i < value.count; i++)
            put(json, rest);
        json_array_end(json);
        break;
    case VALUE_MAP:
        json_object_begin(json);
        put_pairs(json, rest, value.count);
        json_object_end(json);
        break;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_BYTES: /* JSON has none */
        json_nothing(json);
        break;
    }
}

void json_out(struct json *json, struct str packed)
{
    if (packed.size == 0)
        json_nothing(json);
    else
        put(json, &packed);
}

void json_out_members(struct json *json, struct str packed)
{
    struct value map = {.type = VALUE_ABSENT};

    if (packed.size > 0)
        unpack_next(&packed, &map);
    if (map.type == VALUE_MAP)
        put_pairs(json, &packed, map.count);
}
