/* JSON out: walks over packed bytes and writes them straight into the answer. They are part of a
 * message that was validated, so they are not checked again. */
#include "json_out.h"

#include <assert.h>

#include "unpack.h"

static void enter(struct json_walk *walk, struct json *json, const struct value *value)
{
    bool map = value->type == VALUE_MAP;

    assert(walk->depth < JSON_WALK_DEPTH);
    walk->levels[walk->depth++] = (struct json_level){value->count, map};
    if (map)
        json_object_begin(json);
    else
        json_array_begin(json);
}

/* A scalar, or the beginning of an array or map. */
static void put_next(struct json_walk *walk, struct json *json)
{
    struct value value;

    unpack_next(&walk->rest, &value);
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
    case VALUE_MAP:
        enter(walk, json, &value);
        break;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_BYTES: /* JSON has none */
        json_nothing(json);
        break;
    }
}

static void put_key(struct json_walk *walk, struct json *json)
{
    struct value key;

    unpack_next(&walk->rest, &key);
    json_key(json, key.text);
}

/* The next item or pair of what is open, or its end. */
static void step(struct json_walk *walk, struct json *json)
{
    struct json_level *level = &walk->levels[walk->depth - 1];

    if (level->left > 0) {
        level->left--;
        if (level->map)
            put_key(walk, json);
        put_next(walk, json);
        return;
    }
    walk->depth--;
    if (level->map)
        json_object_end(json);
    else
        json_array_end(json);
}

static void walk_from(struct json_walk *walk, struct str packed)
{
    walk->rest = packed;
    walk->depth = 0;
}

void json_walk_begin(struct json_walk *walk, struct json *json, struct str packed)
{
    walk_from(walk, packed);
    if (packed.size == 0)
        json_nothing(json);
    else
        put_next(walk, json);
}

bool json_walk_on(struct json_walk *walk, struct json *json, size_t bytes)
{
    size_t end = walk->rest.size > bytes ? walk->rest.size - bytes : 0;

    while (walk->depth > 0 && (end == 0 || walk->rest.size > end))
        step(walk, json);
    return walk->depth == 0;
}

void json_out(struct json *json, struct str packed)
{
    struct json_walk walk;

    json_walk_begin(&walk, json, packed);
    json_walk_on(&walk, json, packed.size);
}

void json_out_members(struct json *json, struct str packed)
{
    struct value map = {.type = VALUE_ABSENT};
    struct json_walk walk;

    walk_from(&walk, packed);
    if (packed.size > 0)
        unpack_next(&walk.rest, &map);
    for (uint32_t i = 0; map.type == VALUE_MAP && i < map.count; i++) {
        put_key(&walk, json);
        put_next(&walk, json);
        json_walk_on(&walk, json, packed.size);
    }
}
