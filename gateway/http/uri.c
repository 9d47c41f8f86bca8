/* Percent-decoding and query strings. Reads raw text only: libmicrohttpd's own decoding lets %00
 * and broken escapes through. */
#include "uri.h"

#include <string.h>

#include "pack.h"

static bool has_escapes(struct str raw, bool form)
{
    for (size_t i = 0; i < raw.size; i++)
        if (raw.data[i] == '%' || (form && raw.data[i] == '+'))
            return true;
    return false;
}

static bool decode(struct arena *arena, struct str raw, bool form, struct str *text)
{
    if (!has_escapes(raw, form)) {
        *text = raw;
        return (raw.size == 0 || !memchr(raw.data, '\0', raw.size)) && utf8_valid(raw);
    }
    char *out = arena_alloc(arena, raw.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        char c = raw.data[i];
        if (c == '%') {
            int high = raw.size - i > 2 ? hex_digit(raw.data[i + 1]) : -1;
            int low = raw.size - i > 2 ? hex_digit(raw.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (form && c == '+') {
            c = ' ';
        }
        if (c == '\0')
            return false;
        out[size++] = c;
    }
    *text = (struct str){out, size};
    return utf8_valid(*text);
}

bool uri_decode(struct arena *arena, struct str raw, struct str *text)
{
    return decode(arena, raw, false, text);
}

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c));
}

struct str uri_encode(struct arena *arena, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t plain = 0;

    while (plain < text.size && unreserved(text.data[plain]))
        plain++;
    if (plain == text.size)
        return text;
    struct buffer out = buffer_in(arena, text.size * 3);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (unreserved(text.data[i]))
            buffer_append(&out, &text.data[i], 1);
        else
            buffer_append(&out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
    return buffer_str(&out);
}

bool query_parse(struct arena *arena, struct str raw, struct url_query *query, const char **why)
{
    *query = (struct url_query){0};
    if (raw.size == 0)
        return true;
    query->items = arena_array(arena, QUERY_PARAMETERS_MAX, sizeof *query->items);
    while (raw.data) {
        struct str value = str_cut(&raw, '&');
        struct str name = str_cut(&value, '=');
        struct parameter parameter = {.value = STR("")};
        if (name.size == 0 && !value.data)
            continue;
        if (!decode(arena, name, true, &parameter.name) ||
            (value.data && !decode(arena, value, true, &parameter.value))) {
            *why = "The query string is not valid percent-encoded UTF-8";
            return false;
        }
        if (parameter.name.size > 0 && parameter.name.data[0] == '_')
            continue;
        if (query->count == QUERY_PARAMETERS_MAX) {
            *why = "The query string has too many parameters";
            return false;
        }
        query->items[query->count++] = parameter;
    }
    return true;
}

struct str query_take(struct url_query *query, const char *name)
{
    struct str wanted = str_of(name), found = STR_NONE;
    size_t kept = 0;

    for (size_t i = 0; i < query->count; i++) {
        if (!str_equal(query->items[i].name, wanted))
            query->items[kept++] = query->items[i];
        else if (!found.data)
            found = query->items[i].value;
    }
    query->count = kept;
    return found;
}

void query_keep_last(struct url_query *query, const char *name)
{
    struct str wanted = str_of(name);
    size_t last = query->count, kept = 0;

    for (size_t i = 0; i < query->count; i++)
        if (str_equal(query->items[i].name, wanted))
            last = i;
    for (size_t i = 0; i < query->count; i++)
        if (i == last || !str_equal(query->items[i].name, wanted))
            query->items[kept++] = query->items[i];
    query->count = kept;
}

static bool seen_before(const struct url_query *query, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (str_equal(query->items[i].name, query->items[at].name))
            return true;
    return false;
}

struct str query_pack(struct arena *arena, const struct url_query *query)
{
    if (query->count == 0)
        return STR_NONE;
    struct buffer out = buffer_in(arena, 256);
    struct pack_open map = pack_map_open(&out);
    for (size_t i = 0; i < query->count; i++) {
        if (seen_before(query, i))
            continue;
        pack_text(&out, query->items[i].name);
        struct pack_open values = pack_array_open(&out);
        for (size_t j = i; j < query->count; j++)
            if (str_equal(query->items[j].name, query->items[i].name)) {
                pack_text(&out, query->items[j].value);
                values.count++;
            }
        pack_array_close(&out, values);
        map.count++;
    }
    pack_map_close(&out, map);
    return buffer_str(&out);
}
