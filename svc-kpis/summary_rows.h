/* What the summary of KPIs is made of: all KPIs that its filters select, judged link by link. */
#ifndef TRACTION_SUMMARY_ROWS_H
#define TRACTION_SUMMARY_ROWS_H

#include "kpi_summary.h"
#include "op.h"
#include "plan_around.h"

struct summary_kpi {
    struct uuid id;
    struct str category, owner_id, owner_name;
    enum kpi_direction direction;
    struct plan_around around;
    double current_value;
    struct timestamp current_day;
    double target_value;              /* its own, else that of the last target point */
    struct timestamp last_target_day; /* none: it has no plan */
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
