/* A KPI with what its measurements are judged by: its plan and its rule for re-planning. */
#ifndef TRACTION_MEASURING_H
#define TRACTION_MEASURING_H

#include "measurement_variance.h"
#include "op.h"
#include "plan.h"

/* KPI_TO_MEASURE */
struct measured_kpi {
    struct reading_event_kpi kpi;
    enum interpolation interpolation_method;
    int64_t version;
};
extern const struct model measured_kpi_model;

struct measuring {
    struct measured_kpi kpi;
    struct list targets; /* struct plan_point, by day; only `left` is set */
    struct list anchors; /* struct plan_anchor, by day */
    struct plan_start start;
    struct replan_rule rule; /* the default one when the KPI has none */
    bool found, started, ruled;
};

/* Queue reads, of which the result is there after the next wait: the KPI's row, with `lock` locked
 * against other recorders and changes of the plan until the transaction ends; its target points;
 * and what is used besides where there are any. */
void measuring_queue_kpi(struct op *op, struct uuid kpi, bool lock, struct measuring *by);
void measuring_queue_targets(struct op *op, struct uuid kpi, struct measuring *by);
void measuring_queue_rest(struct op *op, struct uuid kpi, struct measuring *by);

/* Computes what is computed of the first `count` of `items`; see measurements_judge. */
void measuring_judge(struct op *op, const struct measuring *by, struct measurement *items,
                     size_t known, size_t count);
/* Of one, with `before`, the measured ones before it, newest first (MEASURED_BEFORE): those are
 * judged as well, but for `triggers`. */
void measuring_judge_one(struct op *op, const struct measuring *by, struct measurement *measurement,
                         struct list *before);

#endif
