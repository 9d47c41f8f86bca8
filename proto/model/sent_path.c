/* The path of a field as the caller's body spelled it: errors use the names that were sent. */
#include <string.h>

#include "field.h"

/* The pair of `map` that says that field, or NULL: the one of that very name if there are several.
 */
static const struct pair *pair_of(const struct model *model, const struct value *map, int field,
                                  struct str name)
{
    if (map->type != VALUE_MAP || field < 0)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (str_equal(map->pairs[i].key, name))
            return &map->pairs[i];
    for (uint32_t i = 0; i < map->count; i++)
        if (field_find(model, map->pairs[i].key, FIELD_READ_ONLY | FIELD_INTERNAL, 0) == field)
            return &map->pairs[i];
    return NULL;
}

/* The number in "[2]" at the start of `path`, which is moved behind it. */
static size_t take_index(struct str *path)
{
    size_t index = 0;

    while (path->size > 0 && path->data[0] != ']') {
        if (path->data[0] >= '0' && path->data[0] <= '9')
            index = index * 10 + (size_t)(path->data[0] - '0');
        *path = (struct str){path->data + 1, path->size - 1};
    }
    if (path->size > 0)
        *path = (struct str){path->data + 1, path->size - 1};
    return index;
}

struct str model_sent_path(const struct model *model, const struct value *body, struct str path,
                           struct arena *arena)
{
    static const struct value none = {.type = VALUE_ABSENT};
    struct buffer out = buffer_in(arena, path.size + 16);

    while (path.size > 0) {
        size_t size = 0;
        while (size < path.size && path.data[size] != '.' && path.data[size] != '[')
            size++;
        struct str name = {path.data, size}, rest = {path.data + size, path.size - size};
        int found = model ? field_find(model, name, 0, 0) : -1;
        const struct pair *pair = model ? pair_of(model, body, found, name) : NULL;
        struct str spelled = pair         ? pair->key
                             : found >= 0 ? field_request_name(&model->fields[found])
                                          : name;

        buffer_append(&out, spelled.data, spelled.size);
        body = pair ? &pair->value : &none;
        model = found >= 0 ? model->fields[found].model : NULL;
        struct str steps = rest;
        if (rest.size > 0 && rest.data[0] == '[') {
            size_t index = take_index(&rest);
            body = body->type == VALUE_ARRAY && index < body->count ? &body->items[index] : &none;
        }
        if (rest.size > 0 && rest.data[0] == '.')
            rest = (struct str){rest.data + 1, rest.size - 1};
        buffer_append(&out, steps.data, steps.size - rest.size);
        path = rest;
    }
    return buffer_str(&out);
}
