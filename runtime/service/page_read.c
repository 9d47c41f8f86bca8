/* A page and its total cost one round trip, unless the page is large. */
#include "page_read.h"

#include "lookup.h"

static void queue_rows(struct op *op, struct page_read *page)
{
    struct bounded_rows *read = &page->read;

    if (read->bytes)
        bounded_rows_queue(op, read);
    else
        sql_queue_rows(op, read->counted, read->input, read->model, &read->rows);
}

/* The rows, with another statement in the same round trip where there is one. */
static bool read_rows(struct op *op, struct page_read *page, struct row_count *count)
{
    bool found, fit;

    queue_rows(op, page);
    if (page->count)
        sql_queue_row(op, page->count, page->read.input, AS(row_count, count), &found);
    if (!sql_wait(op))
        return false;
    if (!page->read.bytes)
        return true;
    if (!bounded_rows_complete(op, &page->read, &fit))
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
    page->paging->after_key = STR_NONE;
    page->paging->after_id = (struct uuid){{0}};
    read = read_rows(op, &first, NULL);
    *page->paging = asked;
    *rows = first.read.rows;
    return read;
}

static int64_t total_of(const struct model *model, const void *row)
{
    const struct field *total = model_column(model, STR("total"));

    return *(const int64_t *)(const void *)((const char *)row + total->offset);
}

bool page_read(struct op *op, struct page_read *page, int64_t *total)
{
    const struct paging *paging = page->paging;
    struct row_count count = {0};

    if (!read_rows(op, page, &count))
        return false;
    *total = count.count;
    if (page->count)
        return true;
    struct list rows = page->read.rows;
    bool behind_others = paging->page > 1 || paging->offset > 0 || !uuid_is_none(paging->after_id);
    if (rows.count == 0 && behind_others && !ask_first(op, page, &rows))
        return false;
    *total = rows.count > 0 ? total_of(page->read.model, rows.items) : 0;
    return true;
}
