/* A page and its total cost one round trip, unless the page is large. */
#include "page_read.h"

#include "lookup.h"

/* The rows, with another statement in the same round trip where there is one. */
static bool read_rows(struct op *op, struct page_read *page, struct row_count *count)
{
    bool found, fit;

    bounded_rows_queue(op, &page->read);
    if (page->count)
        sql_queue_row(op, page->count, page->read.input, AS(row_count, count), &found);
    if (!sql_wait(op) || !bounded_rows_complete(op, &page->read, &fit))
        return false;
    return fit || op_page_too_large(op, page->read.rows.count - 1);
}

/* A page behind the last has no row that tells the total, so the first one is asked. */
static bool ask_first(struct op *op, const struct page_read *page, struct list *rows)
{
    struct page_read first = *page;
    struct paging asked = *page->paging;
    bool read;

    page->paging->page = page->paging->size = 1;
    page->paging->offset = INT_NONE;
    read = read_rows(op, &first, NULL);
    *page->paging = asked;
    *rows = first.read.rows;
    return read;
}

bool page_read(struct op *op, struct page_read *page, int64_t *total)
{
    struct row_count count = {0};

    if (!read_rows(op, page, &count))
        return false;
    *total = count.count;
    if (page->count)
        return true;
    struct list rows = page->read.rows;
    if (rows.count == 0 && (page->paging->page > 1 || page->paging->offset > 0) &&
        !ask_first(op, page, &rows))
        return false;
    *total = rows.count > 0 ? page->total(rows.items) : 0;
    return true;
}
