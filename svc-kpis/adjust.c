/* What an adjustment makes of a plan. */
#include "adjust.h"

#include <math.h>
#include <stdlib.h>

#include "percent.h"

static bool refuse(struct op *op, struct adjust_refusal *why, const char *field, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

static bool refuse(struct op *op, struct adjust_refusal *why, const char *field, const char *format,
                   ...)
{
    va_list arguments;

    va_start(arguments, format);
    *why = (struct adjust_refusal){field, arena_vprintf(op->arena, format, arguments)};
    va_end(arguments);
    return false;
}

static const char *day_text(struct op *op, struct timestamp day)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format(day, text);
    return arena_printf(op->arena, "%.10s", text).data;
}

struct list adjust_points_behind(const struct plan *plan, struct timestamp day)
{
    struct target_point *points = plan->points.items;
    size_t first = 0;

    while (first < plan->points.count && points[first].day.us <= day.us)
        first++;
    return (struct list){points + first, plan->points.count - first};
}

/* --- The points --- */

/* Of a point that is there; what is at its sides may be none. */
static void move(struct edited_point *item, double value, double optimal, double minimal)
{
    struct target_point *point = &item->point;

    if (point->value < value || point->value > value || point->optimal_value < optimal ||
        point->optimal_value > optimal || point->minimal_value < minimal ||
        point->minimal_value > minimal)
        item->fate = POINT_CHANGED;
    point->value = value;
    point->optimal_value = optimal;
    point->minimal_value = minimal;
}

/* The distance to the value stays. */
static double beside(double value, double side, double old)
{
    return plan_rounded(value + (side - old));
}

static void maintain(struct op *op, const struct plan_parts *parts, struct adjusting *it,
                     struct edited_point *items, size_t count)
{
    double *values = arena_array(op->arena, count, sizeof *values);

    plan_maintain_goal(parts, it->day, it->actual, values);
    for (size_t i = 0; i + 1 < count; i++) { /* the last one stays */
        const struct target_point *old = &items[i].before;
        move(&items[i], values[i], beside(values[i], old->optimal_value, old->value),
             beside(values[i], old->minimal_value, old->value));
    }
}

static void shift(double factor, struct edited_point *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct target_point *old = &items[i].before;
        move(&items[i], plan_rounded(old->value * factor),
             plan_rounded(old->optimal_value * factor), plan_rounded(old->minimal_value * factor));
    }
}

static bool is_out_of_range(const struct edited_point *item)
{
    const struct target_point *point = &item->point;

    return isinf(point->value) || isinf(point->optimal_value) || isinf(point->minimal_value);
}

/* The edit of the two strategies that compute the points behind the day. */
static bool make_edit(struct op *op, const struct plan *plan, const struct plan_parts *parts,
                      double expected, struct adjusting *it, struct adjust_refusal *why)
{
    size_t count = adjust_points_behind(plan, it->day).count;

    it->edit = plan_edit_of(op, plan, 0);
    struct edited_point *items = it->edit.items + it->edit.count - count;
    if (it->strategy == ADJUST_SHIFT) {
        double factor = plan_shift_factor(expected, it->actual);
        if (isnan(factor))
            return refuse(op, why, "strategy",
                          "cannot be proportional_shift: from the expected value to the actual "
                          "one there is no factor above 0");
        shift(factor, items, count);
    } else {
        maintain(op, parts, it, items, count);
    }
    for (size_t i = 0; i < count; i++)
        if (is_out_of_range(&items[i]))
            return refuse(op, why, "strategy", "would make values that are too large");
    return true;
}

/* --- The plan as it becomes --- */

static int by_day(const void *left, const void *right)
{
    const struct target_point *a = left, *b = right;

    return (a->day.us > b->day.us) - (a->day.us < b->day.us);
}

static struct list points_after(struct op *op, const struct plan *plan,
                                const struct plan_edit *edit)
{
    struct target_point *points = arena_array(op->arena, edit->count, sizeof *points);
    size_t count = 0;

    for (size_t i = 0; i < edit->count; i++) {
        const struct edited_point *item = &edit->items[i];
        struct target_point *point = &points[count];
        if (item->fate == POINT_REMOVED)
            continue;
        *point = item->point;
        if (item->fate == POINT_CHANGED)
            record_change(&point->record, op->now, op->request->user);
        if (item->fate == POINT_ADDED) {
            point->kpi_id = plan->kpi.id;
            record_create(&point->record, op->now, op->request->user);
        }
        count++;
    }
    qsort(points, count, sizeof *points, by_day);
    return (struct list){points, count};
}

/* Those before the day, and a new one there. */
static struct list anchors_after(struct op *op, const struct plan *plan,
                                 const struct plan_anchor *anchor)
{
    const struct plan_anchor *old = plan->anchors.items;
    struct plan_anchor *anchors = arena_array(op->arena, plan->anchors.count + 1, sizeof *anchors);
    size_t count = 0;

    for (size_t i = 0; i < plan->anchors.count && old[i].day.us < anchor->day.us; i++)
        anchors[count++] = old[i];
    anchors[count++] = *anchor;
    return (struct list){anchors, count};
}

static bool is_another(const struct plan_period_shown *a, const struct plan_period_shown *b)
{
    return a->start_value < b->start_value || a->start_value > b->start_value ||
           a->end_value < b->end_value || a->end_value > b->end_value;
}

/* Both are sorted; a plan's months do not become fewer by adjusting it. */
static struct list other_months(struct op *op, const struct list *before, const struct list *after)
{
    const struct plan_period_shown *old = before->items, *new = after->items;
    struct plan_period_shown *others = arena_array(op->arena, after->count, sizeof *others);
    size_t count = 0;

    for (size_t i = 0, j = 0; i < after->count; i++) {
        while (j < before->count && old[j].first.us < new[i].first.us)
            j++;
        if (j == before->count || old[j].first.us != new[i].first.us ||
            is_another(&old[j], &new[i]))
            others[count++] = new[i];
    }
    return (struct list){others, count};
}

/* --- All of it --- */

static bool check_day(struct op *op, const struct plan_path *path, const struct plan *plan,
                      const struct adjusting *it, struct adjust_refusal *why)
{
    if (path->count == 0 || adjust_points_behind(plan, it->day).count == 0)
        return refuse(op, why, "strategy", "the plan has nothing after %s", day_text(op, it->day));
    if (it->day.us <= path->points[0].day.us)
        return refuse(op, why, it->of_day, "must be after %s, where the plan begins",
                      day_text(op, path->points[0].day));
    return true;
}

bool adjust_compute(struct op *op, const struct plan *plan, struct adjusting *it,
                    struct adjust_refusal *why)
{
    struct plan_parts parts;
    struct plan_path path = plan_path_now(op, plan, &parts);
    struct list before;

    if (!check_day(op, &path, plan, it, why))
        return false;
    double expected = plan_expected(&path, it->day);
    struct plan_anchor anchor = {.kpi_id = plan->kpi.id,
                                 .day = it->day,
                                 .left_value = expected,
                                 .right_value = it->actual,
                                 .straight = plan_straight(&path, it->day)};
    it->variance_percentage = percent_rounded((it->actual - expected) / fabs(expected) * 100);
    if (!isfinite(it->variance_percentage))
        it->variance_percentage = (double)NAN;
    if (it->strategy != ADJUST_CUSTOM && !make_edit(op, plan, &parts, expected, it, why))
        return false;
    it->after = *plan;
    it->after.points = points_after(op, plan, &it->edit);
    it->after.anchors = anchors_after(op, plan, &anchor);
    if (it->after.anchors.count > PLAN_ANCHORS_MAX)
        return refuse(op, why, "strategy",
                      "the plan was adjusted on %d days already; begin another by replaceAll",
                      PLAN_ANCHORS_MAX);
    plan_shown_periods(op, plan, GRANULARITY_MONTHLY, &before);
    if (!plan_shown_periods(op, &it->after, GRANULARITY_MONTHLY, &it->months))
        return refuse(op, why, "strategy", "the plan has more than %d months", PLAN_PERIODS_MAX);
    it->months = other_months(op, &before, &it->months);
    return true;
}
