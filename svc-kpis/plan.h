/* A KPI's plan inside svc-kpis: reading it, computing what it expects, and storing changes of its
 * target points. */
#ifndef TRACTION_PLAN_H
#define TRACTION_PLAN_H

#include "op.h"
#include "target_points.h"

/* PLAN_START */
struct plan_start {
    double value;
    struct timestamp day;
};
extern const struct model plan_start_model;

struct plan {
    struct kpi kpi;
    struct list points; /* struct target_point, by day */
    struct plan_start start;
    struct list goals; /* struct row_id: that are linked to the KPI */
};

/* The KPI of the path, which names it by its own id or by a link's. An id that may be no KPI's. */
bool kpi_of_path(struct op *op, struct uuid *kpi);
/* Where it is: "/kpis/..." or, as the caller named it, "/kpi-links/...". */
struct str plan_location(struct op *op);

/* Reads the plan of the KPI of the path. With `lock`
 * the KPI is locked until the transaction ends. */
bool plan_open(struct op *op, struct plan *plan, bool lock);

/* Reads its points again. */
bool plan_points_read(struct op *op, struct plan *plan);

/* NULL when it has none of that id. */
struct target_point *plan_point(const struct plan *plan, struct uuid id);
/* The point of the path; NULL after the fault. */
struct target_point *plan_point_of_path(struct op *op, const struct plan *plan);

/* What the plan expects in calendar periods: struct plan_period_shown each. False when there are
 * more than PLAN_PERIODS_MAX: that many are given then. */
bool plan_shown_periods(struct op *op, const struct plan *plan, enum granularity granularity,
                        struct list *shown);
/* From the first point to the last; absent without points. */
struct packed plan_trajectory(struct op *op, const struct plan *plan);

/* --- Changes (plan_edit.c) --- */

struct plan_edit {
    struct edited_point {
        struct target_point before, point;
        enum { POINT_KEPT, POINT_ADDED, POINT_CHANGED, POINT_REMOVED } fate;
        bool named; /* by the body */
    } * items;
    size_t count;
};

/* Of the plan as it is, with room for `more` points. */
struct plan_edit plan_edit_of(struct op *op, const struct plan *plan, size_t more);
/* NULL when there is none. */
struct edited_point *edit_by_day(const struct plan_edit *edit, struct timestamp day);
struct edited_point *edit_by_id(const struct plan_edit *edit, struct uuid id);
struct target_input edit_input(const struct target_point *point);

/* Checks what a body says of the point `at` (NULL: a new one), and takes it. What is wrong is
 * collected for op_valid; `where` is "milestones[1]", or NULL when the body is the point. */
void edit_take(struct op *op, struct plan_edit *edit, struct edited_point *at,
               struct target_input *input, const char *where, enum kpi_direction direction);
/* Finds what is wrong with the plan as a whole; `field` is the body's. */
void edit_check(struct op *op, const struct plan_edit *edit, const char *field);
/* How many points are added, changed or removed. */
size_t edit_changes(const struct plan_edit *edit);

/* Writes the changes (plan_store.c), reads the plan's points again and tells the events. */
bool plan_store(struct op *op, struct plan *plan, const struct plan_edit *edit);

#endif
