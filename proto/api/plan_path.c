/* The path of a plan. */
#include "plan_path.h"

#include <float.h>
#include <math.h>

#define DAY_US INT64_C(86400000000)

/* In ten-thousandths, beside what doubles of that size cannot tell apart: larger than
 * floating-point error, smaller than any intended difference. */
#define HAIR 1e-9

static bool has_start(const struct plan_parts *parts)
{
    return !isnan(parts->start.left) && !timestamp_is_none(parts->start.day) &&
           parts->start.day.us < parts->targets[0].day.us;
}

/* Targets and anchors by day; an anchor on a target's day is where the path goes on from there. */
static size_t merge(const struct plan_parts *parts, struct plan_point *points, size_t count)
{
    size_t t = 0, a = 0;

    while (t < parts->target_count || a < parts->anchor_count) {
        const struct plan_point *target = t < parts->target_count ? &parts->targets[t] : NULL;
        const struct plan_point *anchor = a < parts->anchor_count ? &parts->anchors[a] : NULL;
        if (anchor && (!target || anchor->day.us < target->day.us)) {
            if (count > 0 && anchor->day.us > points[0].day.us)
                points[count++] = *anchor;
            a++;
            continue;
        }
        if (!target)
            break;
        points[count] = *target;
        points[count].right = target->left;
        if (anchor && anchor->day.us == target->day.us) {
            points[count].right = anchor->right;
            a++;
        }
        count++;
        t++;
    }
    return count;
}

struct plan_path plan_path_of(const struct plan_parts *parts, struct plan_point *room)
{
    struct plan_path path = {.method = parts->method, .points = room};

    if (parts->target_count == 0)
        return path;
    if (has_start(parts)) {
        room[0] = parts->start;
        room[0].right = room[0].left;
        path.count = 1;
    }
    path.count = merge(parts, room, path.count);
    return path;
}

static bool same_sign(double left, double right)
{
    return (left > 0 && right > 0) || (left < 0 && right < 0);
}

/* A value computed from some as large as `size`. Which way it is rounded must not depend on how the
 * way was divided: where floating-point error leaves open on which side of a half it lies, it is
 * the half. */
static double settled(double value, double size)
{
    double parts = value * 10000, half = floor(parts) + 0.5;
    double error = 8 * DBL_EPSILON * size * 10000;

    return error < 0.01 && fabs(parts - half) <= error ? half / 10000 : value;
}

/* From `from` to `to`, after `part` of the way: 0 < part < 1. */
static double between(enum interpolation method, double from, double to, double part)
{
    double size = fmax(fabs(from), fabs(to));

    switch (method) {
    case INTERPOLATION_STEP:
        return from;
    case INTERPOLATION_EXPONENTIAL:
        if (same_sign(from, to))
            return settled(from * pow(to / from, part), size);
        break;
    case INTERPOLATION_LINEAR:
        break;
    }
    return settled(from + (to - from) * part, size);
}

static double part_of(struct timestamp day, struct timestamp from, struct timestamp to)
{
    int64_t gone = (day.us - from.us) / DAY_US, whole = (to.us - from.us) / DAY_US;

    return (double)gone / (double)whole;
}

/* The last point whose day is not behind `day`; count when all are. */
static size_t point_at(const struct plan_path *path, struct timestamp day)
{
    size_t low = 0, high = path->count; /* the first behind is in (low, high] */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path->points[middle].day.us <= day.us)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : path->count;
}

/* On a point's day: its right value when `onward`. */
static double value_on(const struct plan_path *path, struct timestamp day, bool onward)
{
    size_t i = point_at(path, day);

    if (path->count == 0)
        return (double)NAN;
    if (i == path->count)
        return path->points[0].left;
    const struct plan_point *point = &path->points[i], *next = point + 1;
    if (point->day.us == day.us)
        return onward ? point->right : point->left;
    if (i + 1 == path->count)
        return point->right;
    bool linear = next->straight && path->method == INTERPOLATION_EXPONENTIAL;
    return between(linear ? INTERPOLATION_LINEAR : path->method, point->right, next->left,
                   part_of(day, point->day, next->day));
}

double plan_expected(const struct plan_path *path, struct timestamp day)
{
    return value_on(path, day, false);
}

double plan_onward(const struct plan_path *path, struct timestamp day)
{
    return value_on(path, day, true);
}

bool plan_straight(const struct plan_path *path, struct timestamp day)
{
    size_t i = point_at(path, day);

    if (path->method != INTERPOLATION_EXPONENTIAL || i + 1 >= path->count ||
        path->points[i].day.us == day.us)
        return false;
    const struct plan_point *from = &path->points[i], *to = from + 1;
    return to->straight || !same_sign(from->right, to->left);
}

double plan_rounded(double value)
{
    double size = fabs(value) * 10000;
    double parts = floor(size + 0.5 + HAIR + size * DBL_EPSILON);

    /* Beyond 2^53 there are no such decimals. */
    if (!(fabs(value) < 1e11))
        return value;
    return value < 0 && parts > 0 ? -parts / 10000 : parts / 10000;
}

bool plan_maintain_goal(const struct plan_parts *parts, struct timestamp day, double actual,
                        double *values)
{
    size_t first = 0, last = parts->target_count;

    while (first < last && parts->targets[first].day.us <= day.us)
        first++;
    if (first == last)
        return false;
    const struct plan_point *goal = &parts->targets[last - 1];
    for (size_t i = first; i + 1 < last; i++)
        values[i - first] = plan_rounded(between(parts->method, actual, goal->left,
                                                 part_of(parts->targets[i].day, day, goal->day)));
    values[last - 1 - first] = goal->left;
    return true;
}

double plan_shift_factor(double expected, double actual)
{
    return same_sign(expected, actual) ? actual / expected : (double)NAN;
}
