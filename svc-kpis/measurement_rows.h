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

/* Queues a page of them; it is judged with measurements_listed after the next wait. */
void measurements_queue(struct op *op, const struct measurements_selected *selected,
                        struct list *rows);
void measurements_queue_count(struct op *op, const struct measurements_selected *selected,
                              struct row_count *total);
/* Computes what is computed of the page's rows, and leaves only those in the list. */
void measurements_listed(struct op *op, const struct measuring *by, struct list *rows);

/* The measurement of the path with its KPI, as it is stored; not judged. With `lock` the KPI is
 * locked. */
bool measurement_open(struct op *op, bool lock, struct measuring *by,
                      struct measurement *measurement);
/* Computes what is computed of it; one round trip. */
bool measurement_judge(struct op *op, struct measuring *by, struct measurement *measurement);

#endif
