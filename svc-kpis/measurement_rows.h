/* Finding measurements, and what is judged with them. */
#ifndef TRACTION_MEASUREMENT_ROWS_H
#define TRACTION_MEASUREMENT_ROWS_H

#include "lookup.h"
#include "measuring.h"

/* The measurements that a query selects. */
struct measurements_selected {
    struct paging paging;
    struct uuid kpi_id;
    struct timestamp start_date, end_date; /* absent: unbounded */
    enum measurement_subtype subtype;      /* absent: both */
};

/* A page of them. */
struct measurement_page {
    struct measurements_selected selected;
    struct list rows; /* struct measurement, newest first, and one behind the page */
};

/* Queues the statement; the rows are there after the next wait. */
void measurements_queue(struct op *op, const struct measurements_selected *selected,
                        struct measurement_page *page);
/* Computes what is computed of the page, and tells how many there are altogether. It costs one more
 * round trip where there are others than those on the page. */
bool measurements_judge_page(struct op *op, const struct measuring *by,
                             const struct measurement_page *page, struct list *judged,
                             int64_t *total);

/* The measurement of the path with its KPI, as it is stored; not judged. With `lock` the KPI is
 * locked. */
bool measurement_open(struct op *op, bool lock, struct measuring *by,
                      struct measurement *measurement);
/* Computes what is computed of it; one round trip. */
bool measurement_judge(struct op *op, struct measuring *by, struct measurement *measurement);

#endif
