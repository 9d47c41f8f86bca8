/* The order of lists, the same everywhere; page and size are fields like others. */
#include "op_state.h"

#include <string.h>

static bool is_field(struct str name, const char *const *fields)
{
    for (; *fields; fields++)
        if (str_equal(name, str_of(*fields)))
            return true;
    return false;
}

/* "title", "-title", "title:asc", "title:desc". */
static bool read_sort(struct str sort, const char *const *fields, struct str *sort_field,
                      bool *descending)
{
    bool minus = str_starts_with(sort, STR("-"));

    if (minus)
        sort = (struct str){sort.data + 1, sort.size - 1};
    struct str direction = sort;
    *sort_field = str_cut(&direction, ':');
    *descending = minus || str_equal(direction, STR("desc"));
    if (direction.data && (minus || !(str_equal(direction, STR("asc")) || *descending)))
        return false;
    return is_field(*sort_field, fields);
}

static struct str list_of(struct arena *arena, const char *const *fields)
{
    struct buffer out = buffer_in(arena, 128);

    for (size_t i = 0; fields[i]; i++) {
        if (i > 0)
            buffer_append(&out, ", ", 2);
        buffer_append(&out, fields[i], strlen(fields[i]));
    }
    return buffer_str(&out);
}

bool op_paging(struct op *op, const struct paging *paging, const char *const *fields,
               struct str *sort_field, bool *descending)
{
    *sort_field = STR("createdAt");
    *descending = true;
    if (op_failed(op))
        return false;
    if (paging->sort.data && !read_sort(paging->sort, fields, sort_field, descending)) {
        struct str names = list_of(op->arena, fields);
        op_invalid(op, "sort", "must be one of " STR_FMT "; -field or field:desc for descending",
                   STR_ARG(names));
    }
    return op_valid(op);
}
