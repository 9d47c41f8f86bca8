/* Reading a plan, and what it expects. */
#include "plan.h"

#include <math.h>

#include "lookup.h"
#include "queries.h"

static const struct field plan_start_fields[] = {
    COLUMN(plan_start, value),
    COLUMN(plan_start, day),
};
const struct model plan_start_model = MODEL("PlanStart", plan_start, plan_start_fields);

static const struct field plan_reading_fields[] = {
    COLUMN(plan_reading, day),
    COLUMN(plan_reading, value),
};
const struct model plan_reading_model = MODEL("PlanReading", plan_reading, plan_reading_fields);

bool kpi_of_path(struct op *op, struct uuid *kpi)
{
    struct str link = op_path_text(op, "linkId");
    struct row_id key, row = {{{0}}};
    bool found = false;

    if (!link.data)
        return uuid_parse(op_path_text(op, "id"), kpi) || op_fail(op, STATUS_KPI_NOT_FOUND);
    if (uuid_parse(link, &key.id) &&
        !sql_find(op, KPI_OF_LINK, AS(row_id, &key), AS(row_id, &row), &found))
        return false;
    *kpi = row.id;
    return found || op_fail(op, STATUS_KPI_LINK_NOT_FOUND);
}

struct str plan_location(struct op *op)
{
    struct str link = op_path_text(op, "linkId"), id = op_path_text(op, "id");

    return arena_printf(op->arena, "/%s/" STR_FMT, link.data ? "kpi-links" : "kpis",
                        STR_ARG(link.data ? link : id));
}

/* Points are sorted by day. */
static bool is_achieved(const struct plan *plan, const struct target_point *point)
{
    /* False where nothing was measured: it is NaN. */
    return plan->kpi.direction == KPI_DOWN ? point->best <= point->value
                                           : point->best >= point->value;
}

void plan_judge(const struct op *op, struct plan *plan)
{
    struct target_point *items = plan->points.items;
    struct timestamp today = timestamp_start_of_day(op->now);
    bool next = true;

    for (size_t i = 0; i < plan->points.count; i++) {
        items[i].category = DATA_TARGET;
        items[i].status = is_achieved(plan, &items[i]) ? TARGET_ACHIEVED
                          : items[i].day.us < today.us ? TARGET_MISSED
                          : next                       ? TARGET_IN_PROGRESS
                                                       : TARGET_NOT_STARTED;
        next = next && items[i].status != TARGET_IN_PROGRESS;
    }
}

void plan_judge_points(const struct op *op, struct plan *plan)
{
    const struct plan_reading *readings = plan->readings.items;
    struct target_point *points = plan->points.items;
    double best = (double)NAN;
    size_t next = 0;

    for (size_t i = 0; i < plan->points.count; i++) {
        for (; next < plan->readings.count && readings[next].day.us <= points[i].day.us; next++)
            best = plan->kpi.direction == KPI_DOWN ? fmin(best, readings[next].value)
                                                   : fmax(best, readings[next].value);
        points[i].best = best;
    }
    plan_judge(op, plan);
}

bool plan_read(struct op *op, struct uuid kpi, struct plan *plan, bool lock)
{
    struct row_id key = {kpi};
    bool found = false, started = false;

    plan->points = plan->anchors = plan->readings = plan->goals = (struct list){NULL, 0};
    model_clear(AS(kpi, &plan->kpi));
    model_clear(AS(plan_start, &plan->start));
    sql_queue_row(op, lock ? KPI_FOR_UPDATE : KPI_BY_ID, AS(row_id, &key), AS(kpi, &plan->kpi),
                  &found);
    sql_queue_rows(op, TARGET_POINTS_OF_KPI, AS(row_id, &key), &target_point_model, &plan->points);
    sql_queue_rows(op, PLAN_ANCHORS_OF_KPI, AS(row_id, &key), &plan_anchor_model, &plan->anchors);
    sql_queue_rows(op, PLAN_READINGS, AS(row_id, &key), &plan_reading_model, &plan->readings);
    sql_queue_row(op, PLAN_START, AS(row_id, &key), AS(plan_start, &plan->start), &started);
    sql_queue_rows(op, GOALS_OF_KPI, AS(row_id, &key), &row_id_model, &plan->goals);
    if (!sql_wait(op))
        return false;
    plan_judge_points(op, plan);
    return found || op_fail(op, STATUS_KPI_NOT_FOUND);
}

bool plan_open(struct op *op, struct plan *plan, bool lock)
{
    struct uuid kpi;

    return kpi_of_path(op, &kpi) && plan_read(op, kpi, plan, lock);
}

bool plan_points_read(struct op *op, struct plan *plan)
{
    struct row_id key = {plan->kpi.id};

    if (!sql_rows(op, TARGET_POINTS_OF_KPI, AS(row_id, &key), &target_point_model, &plan->points))
        return false;
    plan_judge_points(op, plan);
    return true;
}

struct target_point *plan_point(const struct plan *plan, struct uuid id)
{
    struct target_point *items = plan->points.items;

    for (size_t i = 0; i < plan->points.count; i++)
        if (uuid_equal(items[i].id, id))
            return &items[i];
    return NULL;
}

struct target_point *plan_point_of_path(struct op *op, const struct plan *plan)
{
    struct target_point *point = NULL;
    struct uuid id;

    if (uuid_parse(op_path_text(op, "targetId"), &id))
        point = plan_point(plan, id);
    if (!point)
        op_fail(op, STATUS_KPI_TARGET_NOT_FOUND);
    return point;
}

struct plan_point *anchor_points(struct op *op, const struct list *anchors)
{
    const struct plan_anchor *items = anchors->items;
    struct plan_point *points = arena_array(op->arena, anchors->count, sizeof *points);

    for (size_t i = 0; i < anchors->count; i++)
        points[i] = (struct plan_point){.day = items[i].day,
                                        .left = items[i].left_value,
                                        .right = items[i].right_value,
                                        .straight = items[i].straight};
    return points;
}

struct plan_path plan_path_now(struct op *op, const struct plan *plan, struct plan_parts *parts)
{
    const struct target_point *points = plan->points.items;
    size_t count = plan->points.count + plan->anchors.count;
    struct plan_point *targets = arena_array(op->arena, plan->points.count, sizeof *targets);

    for (size_t i = 0; i < plan->points.count; i++)
        targets[i] = (struct plan_point){.day = points[i].day, .left = points[i].value};
    *parts = (struct plan_parts){
        .method = plan->kpi.interpolation_method,
        .start = {.day = plan->start.day, .left = plan->start.value},
        .targets = targets,
        .target_count = plan->points.count,
        .anchors = anchor_points(op, &plan->anchors),
        .anchor_count = plan->anchors.count,
    };
    return plan_path_of(parts, arena_array(op->arena, count + 1, sizeof(struct plan_point)));
}

static struct plan_period_shown show(struct op *op, const struct plan *plan,
                                     const struct plan_parts *parts,
                                     const struct plan_period *period, enum granularity granularity)
{
    const struct target_point *points = plan->points.items;
    struct plan_bracket bracket = plan_bracket(parts, period);

    return (struct plan_period_shown){
        .type = granularity,
        .first = period->first,
        .last = period->last,
        .start_value = period->start_value,
        .end_value = period->end_value,
        .delta = period->delta,
        .growth = period->growth,
        .points = ids_of(op->arena, points + bracket.first, bracket.count, sizeof *points),
    };
}

bool plan_shown_periods(struct op *op, const struct plan *plan, enum granularity granularity,
                        struct list *shown)
{
    struct plan_parts parts;
    struct plan_path path = plan_path_now(op, plan, &parts);
    struct plan_period *periods = arena_array(op->arena, PLAN_PERIODS_MAX, sizeof *periods);
    size_t count = plan_periods(&path, granularity, periods);
    size_t most = count > PLAN_PERIODS_MAX ? PLAN_PERIODS_MAX : count;
    struct plan_period_shown *items = arena_array(op->arena, most, sizeof *items);

    for (size_t i = 0; i < most; i++)
        items[i] = show(op, plan, &parts, &periods[i], granularity);
    *shown = (struct list){items, most};
    return count <= PLAN_PERIODS_MAX;
}

struct packed plan_trajectory(struct op *op, const struct plan *plan)
{
    struct plan_parts parts;
    struct plan_path path = plan_path_now(op, plan, &parts);
    struct buffer out = buffer_in(op->arena, 96);

    if (path.count == 0)
        return (struct packed){STR_NONE};
    pack_map(&out, 3);
    pack_key(&out, "method");
    pack_text(&out, enum_name(&interpolation_names, path.method));
    pack_key(&out, "totalChange");
    pack_double(&out, plan_total_change(&path));
    pack_key(&out, "averageMonthlyGrowth");
    pack_double(&out, plan_monthly_growth(&path));
    return (struct packed){buffer_str(&out)};
}
