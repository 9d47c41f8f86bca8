/* Reading rows that may be many bytes. At first so many bytes are read as every request may take;
 * when that is not all, the request waits for its turn among the few with large answers, and reads
 * them anew, up to what an answer may have. Not while it holds a connection for writing.
 *
 * A statement that counts bytes costs a third more. So there may be a brief one, which takes rows
 * of ordinary size as they are: at most :max_rows, without their texts where these are longer than
 * :max_bytes / :max_rows. Where that is not all, one that only adds up the bytes says whether the
 * rows are to be read at all. */
#ifndef TRACTION_BOUNDED_ROWS_H
#define TRACTION_BOUNDED_ROWS_H

#include "op.h"
#include "row_limits.h"

enum { ANSWER_SMALL = 262144 };

struct bounded_rows {
    struct statement *brief;   /* NULL: there is none */
    struct statement *total;   /* NULL, or fills a row_count with the bytes of all */
    struct statement *counted; /* ends with the first row that :max_bytes have no room for */
    struct bound input;
    struct row_limits *limits; /* in the input */
    const struct model *model;
    /* The bytes of a row that `counted` counts, at least 1; 0: `brief` has left out its texts. */
    int64_t (*bytes)(const void *row);
    /* Bytes that the caller has use for; 0 or INT_NONE: as many as an answer may have. */
    int64_t max;
    struct list rows;
};

/* Queues the first statement; sql_wait must follow, then bounded_rows_complete. */
void bounded_rows_queue(struct op *op, struct bounded_rows *read);
/* Reads them anew where they were not all. `*fit`: there is room for them; else the rows are of no
 * use. False on a fault. */
bool bounded_rows_complete(struct op *op, struct bounded_rows *read, bool *fit);

#endif
