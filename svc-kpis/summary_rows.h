/* What the summary of KPIs is made of: all KPIs that its filters select, judged link by link. */
#ifndef TRACTION_SUMMARY_ROWS_H
#define TRACTION_SUMMARY_ROWS_H

#include "kpi_summary.h"
#include "op.h"

struct summary_kpi {
    struct uuid id;
    struct str category, owner_id, owner_name;
    enum kpi_direction direction;
    enum interpolation interpolation_method;
    double start_value; /* where its path begins, and on which day */
    struct timestamp start_date;
    double current_value;
    struct timestamp current_date;
    double target_value;       /* its own, else that of the last target point */
    struct timestamp last_day; /* of target points */
    /* Computed: */
    struct list links; /* struct summary_link, oldest first */
    enum link_status status;
    bool is_active;
};

/* All of them, by name: struct summary_kpi. False when there are more than may be, or for any other
 * fault. */
bool summary_load(struct op *op, struct summary_query *query, struct list *kpis);

/* The item of each of `kpis` (struct summary_kpi), in that order, with so many points of its
 * trend. */
bool summary_items_read(struct op *op, const struct list *kpis, int64_t max_points,
                        struct list *items);

#endif
