/* Adjusting a plan: what becomes of it when its KPI is at some value on some day. The same for who
 * asks for it, for suggestions and for rules that do it by themselves. */
#ifndef TRACTION_ADJUST_H
#define TRACTION_ADJUST_H

#include "plan.h"

struct adjusting {
    /* --- What is asked for --- */
    enum adjust_strategy strategy;
    struct timestamp day;  /* from which on */
    double actual;         /* where the KPI is then */
    const char *of_day;    /* the body's field that says the day, for faults */
    struct plan_edit edit; /* of ADJUST_CUSTOM; else made by adjust_compute */

    /* --- What it comes to --- */
    double variance_percentage; /* on the day, before; NaN where 0 was expected */
    struct plan after;          /* plan with other points and anchors */
    struct list months;         /* struct plan_period_shown: those that are not what they were */
};

/* Why it cannot be. */
struct adjust_refusal {
    const char *field; /* of the body */
    struct str message;
};

/* Computes it, and changes nothing. False with the refusal when it cannot be. */
bool adjust_compute(struct op *op, const struct plan *plan, struct adjusting *it,
                    struct adjust_refusal *why);

/* The target points behind the day: struct target_point, part of plan->points. */
struct list adjust_points_behind(const struct plan *plan, struct timestamp day);

/* --- Storing it (adjust_store.c) --- */

/* Fills what follows from the two: who asked, and why, is the caller's. `after` is it->after, or
 * what is stored. */
void adjust_describe(struct op *op, const struct plan *before, const struct plan *after,
                     const struct adjusting *it, struct plan_adjustment *adjustment);

/* Writes the points and the anchor, so that `plan` is what it has become, then the adjustment, and
 * tells the events. The KPI is locked. */
bool adjust_store(struct op *op, struct plan *plan, const struct adjusting *it,
                  struct plan_adjustment *adjustment);

#endif
