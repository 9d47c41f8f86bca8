/* Reading decoded values without errors: a value that is missing or of another type reads as
 * absent.
 */
#include <string.h>

#include "unpack.h"

static const struct value absent = {.type = VALUE_ABSENT};

const struct value *value_get(const struct value *map, const char *key)
{
    size_t size = strlen(key);

    if (map->type != VALUE_MAP)
        return &absent;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct pair *pair = &map->pairs[i];

        if (pair->key.size == size && memcmp(pair->key.data, key, size) == 0)
            return &pair->value;
    }
    return &absent;
}

struct str value_text(const struct value *value)
{
    return value->type == VALUE_TEXT ? value->text : STR_NONE;
}

int64_t value_int(const struct value *value, int64_t fallback)
{
    return value->type == VALUE_INT ? value->integer : fallback;
}

bool value_bool(const struct value *value)
{
    return value->type == VALUE_BOOL && value->boolean;
}

bool value_is_null(const struct value *value)
{
    return value->type == VALUE_NULL || value->type == VALUE_ABSENT;
}
