/* A KPI's plan inside svc-kpis: reading it, computing what it expects, and storing changes of its
 * target points. */
#ifndef TRACTION_PLAN_H
#define TRACTION_PLAN_H

#include "op.h"
#include "plan_adjustments.h"
#include "target_points.h"

/* PLAN_START */
struct plan_start {
    double value;
    struct timestamp day;
};
extern const struct model plan_start_model;

/* What counts of a month. */
struct plan_reading {
    struct timestamp day;
    double value;
};
extern const struct model plan_reading_model;

struct plan {
    struct kpi kpi;
    struct list points;   /* struct target_point, by day */
    struct list anchors;  /* struct plan_anchor, by day */
    struct list readings; /* struct plan_reading, by day */
    struct plan_start start;
    struct list goals; /* struct row_id: that are linked to the KPI */
};

/* The KPI of the path, which names it by its own id or by a link's. An id that may be no KPI's. */
bool kpi_of_path(struct op *op, struct uuid *kpi);
/* Where it is: "/kpis/..." or, as the caller named it, "/kpi-links/...". */
struct str plan_location(struct op *op);

/* Reads the plan of the KPI, or of that of the path. With `lock`
 * the KPI is locked until the transaction ends. */
bool plan_read(struct op *op, struct uuid kpi, struct plan *plan, bool lock);
bool plan_open(struct op *op, struct plan *plan, bool lock);

/* Reads its points again. */
bool plan_points_read(struct op *op, struct plan *plan);
/* Says of each point, sorted by day, what has become of it: by its `best`, or by the plan's
 * readings, from which that follows. */
void plan_judge(const struct op *op, struct plan *plan);
void plan_judge_points(const struct op *op, struct plan *plan);

/* Of struct plan_anchor each. */
struct plan_point *anchor_points(struct op *op, const struct list *anchors);

/* The path of the plan, and what it is made of. */
struct plan_path plan_path_now(struct op *op, const struct plan *plan, struct plan_parts *parts);

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
        bool named;        /* by the body ... */
        const char *where; /* ... there: "milestones[1]"; NULL: the body is the point */
    } * items;
    size_t count;
};

/* Of the plan as it is, with room for `more` points. */
struct plan_edit plan_edit_of(struct op *op, const struct plan *plan, size_t more);
/* NULL when there is none. */
struct edited_point *edit_by_day(const struct plan_edit *edit, struct timestamp day);
struct edited_point *edit_by_id(const struct plan_edit *edit, struct uuid id);
struct target_input edit_input(const struct target_point *point);

/* Takes the items of the body's array `list`, found by day or, with `by_id`, by the id that they
 * say, as changes of the plan; what is wrong is collected for op_valid. False when it is no list.
 * (plan_items.c) */
bool edit_take_items(struct op *op, const struct plan *plan, struct plan_edit *edit,
                     const char *list, bool by_id, bool may_be_empty);

/* Checks what a body says of the point `at` (NULL: a new one), and takes it. What is wrong is
 * collected for op_valid; `where` is "milestones[1]", or NULL when the body is the point. */
void edit_take(struct op *op, struct plan_edit *edit, struct edited_point *at,
               struct target_input *input, const char *where, enum kpi_direction direction);
/* Finds what is wrong with the plan as a whole; `field` is the body's. */
void edit_check(struct op *op, const struct plan_edit *edit, const char *field);
/* How many points are added, changed or removed. */
size_t edit_changes(const struct plan_edit *edit);

/* Writes the changes (plan_store.c), reads the plan's points again and tells the events. A plan
 * without points has no anchors. */
bool plan_store(struct op *op, struct plan *plan, const struct plan_edit *edit);
/* The plan is another one: it has no anchors. */
void plan_anchors_drop(struct op *op, struct plan *plan);

#endif
