/* Reading a page of actions or issues, and how many there are altogether. It ends with the bytes
 * that an answer may have (bounded_rows.h). */
#ifndef TRACTION_PAGE_READ_H
#define TRACTION_PAGE_READ_H

#include "bounded_rows.h"

struct page_read {
    struct bounded_rows read;
    struct paging *paging;   /* in the input */
    struct statement *count; /* NULL: each row tells it, by .total */
    int64_t (*total)(const void *row);
};

/* False after a fault; a page that is too large is one. */
bool page_read(struct op *op, struct page_read *page, int64_t *total);

#endif
