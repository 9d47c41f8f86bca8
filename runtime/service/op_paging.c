/* Page, size and order of lists, the same everywhere. */
#include "op_state.h"

#include <string.h>

/* So that page x size stays far from the end of int64_t. */
enum { PAGE_MOST = 1000000000 };

/* The page size under the name by which the caller sent it. */
static const char *size_name(const struct op *op)
{
    static const char *const names[] = {"limit", "pageSize", "page_size",
                                        "Limit", "PageSize", "Size"};
    const struct value *query = &op->state->query;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (value_get(query, names[i])->type != VALUE_ABSENT)
            return names[i];
    return "size";
}

static void read_page(struct op *op, struct paging *paging, int64_t usual, int64_t most)
{
    if (paging->page == INT_NONE)
        paging->page = 1;
    if (paging->size == INT_NONE)
        paging->size = usual;
    if (paging->page < 1 || paging->page > PAGE_MOST)
        op_invalid(op, "page", "must be a whole number from 1 to %d", (int)PAGE_MOST);
    if (paging->size < 1)
        op_invalid(op, size_name(op), "must be a whole number from 1");
    if (paging->size > most)
        paging->size = most;
}

static int field_index(struct str name, const char *const *fields)
{
    for (int i = 0; fields[i]; i++)
        if (str_equal(name, str_of(fields[i])))
            return i;
    return -1;
}

/* "title", "-title", "title:asc", "title:desc". */
static bool read_sort(struct str sort, const char *const *fields, int *order, bool *descending)
{
    bool minus = str_starts_with(sort, STR("-"));

    if (minus)
        sort = (struct str){sort.data + 1, sort.size - 1};
    struct str direction = sort;
    struct str name = str_cut(&direction, ':');
    *order = field_index(name, fields);
    *descending = minus || str_equal(direction, STR("desc"));
    if (direction.data && (minus || !(str_equal(direction, STR("asc")) || *descending)))
        return false;
    return *order >= 0;
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

bool op_page(struct op *op, struct paging *paging, int64_t usual, int64_t most)
{
    if (op_failed(op))
        return false;
    read_page(op, paging, usual, most);
    return op_valid(op);
}

bool op_paging(struct op *op, struct paging *paging, int64_t usual, int64_t most,
               const char *const *fields, int *order, bool *descending)
{
    *order = -1; /* newest first */
    *descending = true;
    if (op_failed(op))
        return false;
    read_page(op, paging, usual, most);
    if (paging->sort.data && !read_sort(paging->sort, fields, order, descending)) {
        struct str names = list_of(op->arena, fields);
        op_invalid(op, "sort", "must be one of " STR_FMT "; -field or field:desc for descending",
                   STR_ARG(names));
    }
    return op_valid(op);
}
