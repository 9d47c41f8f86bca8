/* Finding rows by their ids. */
#include "id_rows.h"

static void *at(const struct list *rows, size_t size, size_t index)
{
    return (char *)rows->items + index * size;
}

size_t id_rows_begin(const struct list *rows, size_t size, struct uuid id)
{
    size_t from = 0, to = rows->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (uuid_compare(*(const struct uuid *)at(rows, size, middle), id) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

void *id_row(const struct list *rows, size_t size, struct uuid id)
{
    size_t i = id_rows_begin(rows, size, id);

    if (i == rows->count || !uuid_equal(*(const struct uuid *)at(rows, size, i), id))
        return NULL;
    return at(rows, size, i);
}
