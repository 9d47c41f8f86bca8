/* Reading a page of a list whose rows have LISTED_FIELDS, and how many there are altogether. Where
 * rows may be long it ends with the bytes that an answer may have (bounded_rows.h). */
#ifndef TRACTION_PAGE_READ_H
#define TRACTION_PAGE_READ_H

#include "bounded_rows.h"
#include "paging.h"

struct page_read {
    struct bounded_rows read; /* .bytes NULL: rows are short, all are read */
    struct paging *paging;    /* in the input */
    struct statement *count;  /* NULL: each row tells it, by .total */
};

/* False after a fault; a page that is too large is one. What was queued before is waited for, too.
 */
bool page_read(struct op *op, struct page_read *page, int64_t *total);

#endif
