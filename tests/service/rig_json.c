/* Between JSON, as tests write and read it, and msgpack, as the bus carries it. */
#include "rig_json.h"

#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "suite.h"
#include "unpack.h"

char *rig_swapped(struct arena *arena, const char *text, char from, char to)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(arena, size);

    for (size_t i = 0; i < size; i++)
        copy[i] = text[i] == from ? to : text[i];
    return copy;
}

static void pack_json(struct buffer *out, json_t *json)
{
    const char *key;
    json_t *item;
    size_t i;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        pack_map(out, json_object_size(json));
        json_object_foreach(json, key, item)
        {
            pack_key(out, key);
            pack_json(out, item);
        }
        break;
    case JSON_ARRAY:
        pack_array(out, json_array_size(json));
        json_array_foreach(json, i, item) pack_json(out, item);
        break;
    case JSON_STRING:
        pack_text(out, (struct str){json_string_value(json), json_string_length(json)});
        break;
    case JSON_INTEGER:
        pack_int(out, json_integer_value(json));
        break;
    case JSON_REAL:
        pack_double(out, json_real_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        pack_bool(out, json_is_true(json));
        break;
    case JSON_NULL:
        pack_nil(out);
        break;
    }
}

struct str rig_packed(struct arena *arena, const char *text)
{
    struct buffer out = buffer_in(arena, 256);
    json_error_t error;

    if (!text)
        return STR_NONE;
    json_t *json = json_loads(rig_swapped(arena, text, '\'', '"'), JSON_DECODE_ANY, &error);
    ck_assert_msg(json != NULL, "%s in %s", error.text, text);
    pack_json(&out, json);
    json_decref(json);
    return buffer_str(&out);
}

static bool is_file(struct str bytes)
{
    return str_starts_with(bytes, STR("%PDF")) || str_starts_with(bytes, STR("PK")) ||
           str_starts_with(bytes, STR("at,userId,"));
}

static json_t *json_of(struct arena *arena, const struct value *value)
{
    struct value packed;
    json_t *json;

    switch (value->type) {
    case VALUE_BOOL:
        return json_boolean(value->boolean);
    case VALUE_INT:
        return json_integer(value->integer);
    case VALUE_DOUBLE:
        return json_real(value->real);
    case VALUE_BYTES: /* what svc-kpis has packed for others, or a report's file */
        if (is_file(value->text))
            return json_null();
        ck_assert_msg(unpack(arena, value->text, &packed), "bytes are no msgpack");
        return json_of(arena, &packed);
    case VALUE_TEXT:
        return json_stringn(value->text.data, value->text.size);
    case VALUE_ARRAY:
        json = json_array();
        for (uint32_t i = 0; i < value->count; i++)
            json_array_append_new(json, json_of(arena, &value->items[i]));
        return json;
    case VALUE_MAP:
        json = json_object();
        for (uint32_t i = 0; i < value->count; i++)
            json_object_setn_new(json, value->pairs[i].key.data, value->pairs[i].key.size,
                                 json_of(arena, &value->pairs[i].value));
        return json;
    case VALUE_ABSENT:
    case VALUE_NULL:
        break;
    }
    return json_null();
}

json_t *rig_json(struct arena *arena, struct str bytes)
{
    struct value value;

    if (!bytes.data)
        return json_null();
    ck_assert_msg(unpack(arena, bytes, &value), "an answer is no msgpack");
    return json_of(arena, &value);
}

json_t *rig_json_text(struct str text)
{
    return text.data ? json_stringn(text.data, text.size) : json_null();
}

json_t *rig_json_parsed(struct str text)
{
    json_error_t error;
    json_t *json =
        json_loadb(text.data, text.size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

    ck_assert_msg(json != NULL, "%s at %d", error.text, error.position);
    return json;
}

/* '.' goes into an object, '[n]' into an array; behind '/' stands one whole key. */
json_t *rig_find(json_t *json, const char *path)
{
    while (json && *path) {
        if (*path == '[') {
            json = json_array_get(json, strtoul(path + 1, NULL, 10));
            path = strchr(path, ']') + 1;
            continue;
        }
        if (*path == '/')
            return json_object_get(json, path + 1);
        path += *path == '.';
        size_t size = strcspn(path, ".[/");
        json = json_object_getn(json, path, size);
        path += size;
    }
    return json;
}
