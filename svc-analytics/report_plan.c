/* Months of a KPI's plan, computed as svc-kpis does. */
#include "report_plan.h"

#include <math.h>

#include "plan_periods.h"
#include "report.h"

static const struct field target_row_fields[] = {
    COLUMN(target_row, kpi_id),        COLUMN(target_row, day),           COLUMN(target_row, value),
    COLUMN(target_row, optimal_value), COLUMN(target_row, minimal_value),
};
const struct model target_row_model = MODEL("TargetRow", target_row, target_row_fields);

static const struct field anchor_row_fields[] = {
    COLUMN(anchor_row, kpi_id),      COLUMN(anchor_row, day),      COLUMN(anchor_row, left_value),
    COLUMN(anchor_row, right_value), COLUMN(anchor_row, straight),
};
const struct model anchor_row_model = MODEL("AnchorRow", anchor_row, anchor_row_fields);

/* How many rows from `at` on are the KPI's. */
static size_t own(const struct list *rows, size_t stride, size_t at, struct uuid kpi)
{
    const char *items = rows->items;
    size_t count = 0;

    while (at + count < rows->count &&
           uuid_equal(*(const struct uuid *)(const void *)(items + (at + count) * stride), kpi))
        count++;
    return count;
}

static struct plan_point *targets_of(struct arena *arena, const struct target_row *rows,
                                     size_t count)
{
    struct plan_point *points = arena_array(arena, count, sizeof *points);

    for (size_t i = 0; i < count; i++)
        points[i] = (struct plan_point){.day = rows[i].day, .left = rows[i].value};
    return points;
}

static struct plan_point *anchors_of(struct arena *arena, const struct anchor_row *rows,
                                     size_t count)
{
    struct plan_point *points = arena_array(arena, count, sizeof *points);

    for (size_t i = 0; i < count; i++)
        points[i] = (struct plan_point){.day = rows[i].day,
                                        .left = rows[i].left_value,
                                        .right = rows[i].right_value,
                                        .straight = rows[i].straight};
    return points;
}

/* The way through the points that have the value, from the first to the last of them. */
static struct plan_path side_of(struct arena *arena, const struct plan_parts *parts,
                                const struct target_row *rows, bool optimal)
{
    struct plan_point *points = arena_array(arena, parts->target_count, sizeof *points);
    struct plan_parts side = {.method = parts->method, .start = {.left = (double)NAN}};

    for (size_t i = 0; i < parts->target_count; i++) {
        double value = optimal ? rows[i].optimal_value : rows[i].minimal_value;
        if (!isnan(value))
            points[side.target_count++] = (struct plan_point){.day = rows[i].day, .left = value};
    }
    side.targets = points;
    return plan_path_of(&side, arena_array(arena, side.target_count + 1, sizeof *points));
}

static double on_side(const struct plan_path *side, const struct plan_period *month)
{
    if (side->count == 0 || side->points[0].day.us > month->last.us ||
        side->points[side->count - 1].day.us < month->first.us)
        return (double)NAN;
    return plan_expected(side, month->last);
}

/* The first of the months that are shown: at most REPORT_READINGS_MAX. */
static size_t first_shown(const struct plan_period *months, size_t count, struct month from)
{
    size_t first = 0;

    while (first < count && month_of(months[first].first) < from.number)
        first++;
    return first < count ? first : count > REPORT_READINGS_MAX ? count - REPORT_READINGS_MAX : 0;
}

static struct list months_of(struct arena *arena, const struct plan_parts *parts,
                             const struct target_row *rows, struct month from)
{
    struct plan_point *room =
        arena_array(arena, parts->target_count + parts->anchor_count + 1, sizeof *room);
    struct plan_path path = plan_path_of(parts, room);
    struct plan_path optimal = side_of(arena, parts, rows, true);
    struct plan_path minimal = side_of(arena, parts, rows, false);
    struct plan_period *months = arena_array(arena, PLAN_PERIODS_MAX, sizeof *months);
    size_t all = plan_periods(&path, GRANULARITY_MONTHLY, months);
    size_t count = all > PLAN_PERIODS_MAX ? PLAN_PERIODS_MAX : all;
    size_t first = first_shown(months, count, from);
    size_t shown = count - first < REPORT_READINGS_MAX ? count - first : REPORT_READINGS_MAX;
    struct report_expected *items = arena_array(arena, shown, sizeof *items);

    for (size_t i = 0; i < shown; i++)
        items[i] = (struct report_expected){
            .period = {month_of(months[first + i].first)},
            .expected = months[first + i].end_value,
            .optimal = on_side(&optimal, &months[first + i]),
            .minimal = on_side(&minimal, &months[first + i]),
        };
    return (struct list){items, shown};
}

struct list report_plan(struct arena *arena, struct plan_rows *rows, const struct kpi_row *kpi,
                        struct month from)
{
    size_t targets = own(&rows->targets, sizeof(struct target_row), rows->target, kpi->id);
    size_t anchors = own(&rows->anchors, sizeof(struct anchor_row), rows->anchor, kpi->id);
    const struct target_row *points = (const struct target_row *)rows->targets.items + rows->target;
    const struct anchor_row *turns = (const struct anchor_row *)rows->anchors.items + rows->anchor;

    rows->target += targets;
    rows->anchor += anchors;
    if (targets == 0)
        return (struct list){NULL, 0};
    unsigned method = enum_value(&interpolation_names, kpi->interpolation_method);
    struct plan_parts parts = {
        .method = method ? (enum interpolation)method : INTERPOLATION_LINEAR,
        .start = {.day = kpi->start_day, .left = kpi->start_value},
        .targets = targets_of(arena, points, targets),
        .target_count = targets,
        .anchors = anchors_of(arena, turns, anchors),
        .anchor_count = anchors,
    };
    return months_of(arena, &parts, points, from);
}
