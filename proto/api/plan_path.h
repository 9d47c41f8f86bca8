/* Where a KPI should be on a day: the path through the points of its plan, as docs/kpis.md defines
 * it. All services compute expected values by these functions.
 *
 * Days are timestamps at 00:00 UTC, distances are whole days. A point has two values: what is
 * expected on its day, seen from the left, and from where the path goes on, seen from the right.
 * They differ only where re-planning has put an anchor. */
#ifndef TRACTION_PLAN_PATH_H
#define TRACTION_PLAN_PATH_H

#include "kpis.h"

struct plan_point {
    struct timestamp day;
    double left, right;
    bool straight; /* an anchor in a stretch that had to be linear: the way to it is linear, too */
};

/* What a path is made of. Targets and anchors are sorted by day, each day once. */
struct plan_parts {
    enum interpolation method;
    struct plan_point
        start; /* left is its value; NaN, or a day not before the first target: none */
    const struct plan_point *targets; /* left is the value; right is not looked at */
    size_t target_count;
    const struct plan_point *anchors; /* on a target's day only the right value counts; before the
                                         first point they count for nothing */
    size_t anchor_count;
};

struct plan_path {
    enum interpolation method;
    const struct plan_point *points; /* sorted by day; none without a target */
    size_t count;
};

/* `room` is for target_count + anchor_count + 1 points and stays in use. */
struct plan_path plan_path_of(const struct plan_parts *parts, struct plan_point *room);

/* E(day), and where the path goes on from that day. Not rounded; NaN without a target. */
double plan_expected(const struct plan_path *path, struct timestamp day);
double plan_onward(const struct plan_path *path, struct timestamp day);

/* Whether the day lies in a stretch that is linear because it cannot be exponential: an anchor on
 * that day is `straight`. */
bool plan_straight(const struct plan_path *path, struct timestamp day);

/* Derived values are answered and stored with four decimals, halves away from zero. */
double plan_rounded(double value);

/* New values of the points behind `day`, when the KPI is at `actual` there. */

/* The last point stays, the others lie between here and there. `values` has one for each of the
 * targets behind `day`; false when there is none. */
bool plan_maintain_goal(const struct plan_parts *parts, struct timestamp day, double actual,
                        double *values);
/* The factor for each point behind `day`; NaN where it has none, because `expected` is 0 or has the
 * other sign. */
double plan_shift_factor(double expected, double actual);

#endif
