/* Reading rows that may be many bytes. It knows rows only by their count and their bytes. */
#include "bounded_rows.h"

#include "lookup.h"

/* As many as a page of 100 has of what belongs to each, at four each. */
enum { BRIEF_ROWS = 400 };

void bounded_rows_queue(struct op *op, struct bounded_rows *read)
{
    *read->limits = (struct row_limits){ANSWER_SMALL, BRIEF_ROWS};
    sql_queue_rows(op, read->brief ? read->brief : read->counted, read->input, read->model,
                   &read->rows);
}

static bool brief_is_all(const struct bounded_rows *read)
{
    const char *rows = read->rows.items;

    if (read->rows.count == BRIEF_ROWS) /* there may be more */
        return false;
    for (size_t i = 0; i < read->rows.count; i++)
        if (read->bytes(rows + i * read->model->size) == 0)
            return false;
    return true;
}

static bool counted_is_all(const struct bounded_rows *read)
{
    const char *rows = read->rows.items;
    int64_t bytes = 0;

    for (size_t i = 0; i < read->rows.count; i++)
        bytes += read->bytes(rows + i * read->model->size);
    return bytes <= read->limits->max_bytes;
}

static bool count(struct op *op, struct bounded_rows *read)
{
    return sql_rows(op, read->counted, read->input, read->model, &read->rows);
}

static bool read_large(struct op *op, struct bounded_rows *read, bool *fit)
{
    read->limits->max_bytes = op_answer_max();
    if (!op_large_begin(op) || !count(op, read))
        return false;
    *fit = counted_is_all(read);
    return true;
}

static bool read_by_total(struct op *op, struct bounded_rows *read, bool *fit)
{
    int64_t max = read->max > 0 && read->max < op_answer_max() ? read->max : op_answer_max();
    struct row_count bytes = {0};
    bool found;

    if (!sql_find(op, read->total, read->input, AS(row_count, &bytes), &found))
        return false;
    *fit = bytes.count <= max;
    if (!*fit)
        return true;
    if (bytes.count <= ANSWER_SMALL && (!count(op, read) || counted_is_all(read)))
        return !op_failed(op);
    return read_large(op, read, fit); /* also where somebody has added to them meanwhile */
}

bool bounded_rows_complete(struct op *op, struct bounded_rows *read, bool *fit)
{
    *fit = true;
    if (read->brief && brief_is_all(read))
        return true;
    if (read->total)
        return read_by_total(op, read, fit);
    if (read->brief && !count(op, read))
        return false;
    return counted_is_all(read) || read_large(op, read, fit);
}
