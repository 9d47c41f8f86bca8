/* One call for each kind of value. Writes nothing by itself. */
#include "writer.h"

#include "json_out.h"
#include "pack.h"

void writer_map(const struct writer *to, size_t pairs)
{
    if (to->json)
        json_object_begin(to->json);
    else
        pack_map(to->packed, pairs);
}

void writer_map_end(const struct writer *to)
{
    if (to->json)
        json_object_end(to->json);
}

void writer_array(const struct writer *to, size_t items)
{
    if (to->json)
        json_array_begin(to->json);
    else
        pack_array(to->packed, items);
}

void writer_array_end(const struct writer *to)
{
    if (to->json)
        json_array_end(to->json);
}

void writer_key(const struct writer *to, const char *name)
{
    if (to->json)
        json_plain_key(to->json, str_of(name));
    else
        pack_key(to->packed, name);
}

void writer_text(const struct writer *to, struct str text)
{
    if (to->json)
        json_text(to->json, text);
    else
        pack_text(to->packed, text);
}

void writer_plain(const struct writer *to, struct str text)
{
    if (to->json)
        json_plain_text(to->json, text);
    else
        pack_text(to->packed, text);
}

void writer_int(const struct writer *to, int64_t value)
{
    if (to->json)
        json_int(to->json, value);
    else
        pack_int(to->packed, value);
}

void writer_double(const struct writer *to, double value)
{
    if (to->json)
        json_double(to->json, value);
    else
        pack_double(to->packed, value);
}

void writer_bool(const struct writer *to, bool value)
{
    if (to->json)
        json_bool(to->json, value);
    else
        pack_bool(to->packed, value);
}

void writer_null(const struct writer *to)
{
    if (to->json)
        json_nothing(to->json);
    else
        pack_nil(to->packed);
}

void writer_packed(const struct writer *to, struct str packed)
{
    if (to->json)
        json_out(to->json, packed);
    else
        pack_raw(to->packed, packed);
}
