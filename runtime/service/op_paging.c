/* The order of lists, the same everywhere; page and size are fields like others. */
#include <string.h>

#include "op_state.h"

enum {
    PASSED_MOST = 500
}; /* rows before a page that are passed without looking for a nearer end */

/* The field that a sort may name so, or NULL. */
static const char *field_of(struct str name, const struct field *sort)
{
    for (const char *const *at = sort->sorts; *at; at++)
        if (field_name_matches(name, *at))
            return *at;
    for (const char *const *at = sort->sort_aliases; at && *at; at += 2)
        if (field_name_matches(name, at[0]))
            return at[1];
    return NULL;
}

/* "title", "-title", "title:asc", "title:desc". The direction is 0 where none is said. */
static bool read_sort(struct str text, const struct field *sort, struct str *sort_field,
                      unsigned *direction)
{
    bool minus = str_starts_with(text, STR("-"));

    if (minus)
        text = (struct str){text.data + 1, text.size - 1};
    struct str word = text, name = str_cut(&word, ':');
    const char *field = field_of(name, sort);
    *direction = minus ? ORDER_DESCENDING : 0;
    if (word.data) {
        *direction = minus ? 0 : enum_value(&sort_order_names, word);
        if (*direction == 0)
            return false;
    }
    *sort_field = str_of(field);
    return field != NULL;
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

void op_total_bounded(struct op *op)
{
    op->state->searched = true;
}

bool op_sorted(const struct paging *paging)
{
    return paging->sort.data || paging->order == ORDER_ASCENDING;
}

bool op_newest_page(const struct paging *paging)
{
    int64_t page = paging->page < PASSED_MOST ? paging->page : PASSED_MOST;
    int64_t passed = paging->offset != INT_NONE ? paging->offset : (page - 1) * paging->size;

    return passed <= PASSED_MOST && uuid_is_none(paging->after_id) && !op_sorted(paging);
}

bool op_paging(struct op *op, const struct paging *paging, struct str *sort_field, bool *descending)
{
    unsigned direction = 0;

    *sort_field = STR("createdAt");
    *descending = true;
    if (op_failed(op))
        return false;
    const struct field *sort = model_column(op->state->query_model, STR("sort"));
    if (paging->sort.data) {
        if (!read_sort(paging->sort, sort, sort_field, &direction)) {
            struct str names = list_of(op->arena, sort->sorts);
            op_invalid(op, "sort",
                       "must be one of " STR_FMT "; -field or field:desc for descending",
                       STR_ARG(names));
        }
        *descending = direction == ORDER_DESCENDING;
    }
    if (paging->order && direction && paging->order != direction)
        op_invalid(op, "order", "differs from the direction in sort");
    if (paging->order)
        *descending = paging->order == ORDER_DESCENDING;
    return op_valid(op);
}
