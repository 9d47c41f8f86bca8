/* The size of a decoded value as JSON: limits of stored client data count the JSON that clients
 * see, not the bytes that are stored. Writes nothing. */
#include "field.h"

#include "json.h"

size_t json_text_size(struct str text)
{
    size_t size = text.size + 2;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'))
            size += 1; /* \n */
        else if (c < ' ')
            size += 5; /* \u000b */
    }
    return size;
}

static size_t integer_size(int64_t value)
{
    size_t size = value < 0 ? 2 : 1;

    while (value /= 10)
        size++;
    return size;
}

size_t field_json_size(const struct value *value)
{
    char number[32];
    /* Brackets, and commas between the items. */
    size_t size = value->count > 0 ? value->count + 1 : 2;

    switch (value->type) {
    case VALUE_TEXT:
        return json_text_size(value->text);
    case VALUE_INT:
        return integer_size(value->integer);
    case VALUE_DOUBLE:
        return double_format(value->real, number);
    case VALUE_BOOL:
        return value->boolean ? 4 : 5;
    case VALUE_ARRAY:
        for (uint32_t i = 0; i < value->count; i++)
            size += field_json_size(&value->items[i]);
        return size;
    case VALUE_MAP:
        for (uint32_t i = 0; i < value->count; i++)
            size +=
                json_text_size(value->pairs[i].key) + 1 + field_json_size(&value->pairs[i].value);
        return size;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_BYTES:
        break;
    }
    return 4; /* null */
}
