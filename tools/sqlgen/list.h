/* Fragments by name, and those of them that are lists of names: `a, b, :OTHERS`. */
#ifndef SQLGEN_LIST_H
#define SQLGEN_LIST_H

#include "scan.h"

/* NULL when there is none. */
struct scan_fragment *fragment_find(const struct scan *scan, const char *name, size_t size);

/* Bytes of a form in parentheses, "(g.*)", that begins the text; 0 when it has no end. */
size_t list_form_size(const char *text, size_t size);

struct list_text {
    char *data; /* to be freed */
    size_t size;
};
/* The form (without its parentheses) of each name, "g.a, g.b". False when the fragment is no list
 * of names. `text` is set in either case. */
bool list_put_in(const struct scan *scan, struct scan_fragment *fragment, const char *form,
                 size_t form_size, struct list_text *text);

#endif
