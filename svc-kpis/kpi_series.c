/* Everything that a chart of a KPI needs, in one round trip. */
#include "kpi_series.h"

#include <math.h>

#include "kpi_handlers.h"
#include "lookup.h"
#include "measurement_rows.h"
#include "queries.h"

enum { SHORT_DAYS = 366 };

static bool is_asked_for(const struct series_query *query, struct timestamp day)
{
    return !timestamp_day_before(day, query->start_date) &&
           !timestamp_day_before(query->end_date, day);
}

/* --- Targets --- */

static struct list room_for(struct op *op, size_t count)
{
    return (struct list){arena_array(op->arena, count, sizeof(struct series_point)), 0};
}

static void add(struct list *points, struct timestamp date, double value, struct str label)
{
    struct series_point *items = points->items;

    if (!isnan(value))
        items[points->count++] = (struct series_point){date, value, label};
}

static void fill_targets(struct op *op, const struct series_query *query, const struct plan *plan,
                         struct kpi_series *series)
{
    const struct target_point *points = plan->points.items;
    struct target_point *shown = arena_array(op->arena, plan->points.count, sizeof *shown);
    struct series_targets *of = &series->target_series;
    size_t count = 0;

    of->expected = room_for(op, plan->points.count);
    of->optimal = room_for(op, plan->points.count);
    of->minimal = room_for(op, plan->points.count);
    for (size_t i = 0; i < plan->points.count; i++) {
        const struct target_point *point = &points[i];
        if (!is_asked_for(query, point->day))
            continue;
        shown[count++] = *point;
        add(&of->expected, point->day, point->value, point->label);
        add(&of->optimal, point->day, point->optimal_value, point->label);
        add(&of->minimal, point->day, point->minimal_value, point->label);
    }
    series->targets = (struct list){shown, count};
    series->total_targets = (int64_t)count;
}

/* Ends of months behind the path's first point that are not behind its last. */
static void fill_interpolated(struct op *op, const struct series_query *query,
                              const struct plan_path *path, struct list *points)
{
    struct plan_period *months = arena_array(op->arena, PLAN_PERIODS_MAX, sizeof *months);
    size_t count = plan_periods(path, GRANULARITY_MONTHLY, months);

    count = count > PLAN_PERIODS_MAX ? PLAN_PERIODS_MAX : count;
    *points = room_for(op, count);
    for (size_t i = 0; i < count; i++)
        if (is_asked_for(query, months[i].last) &&
            !timestamp_day_before(path->points[path->count - 1].day, months[i].last))
            add(points, months[i].last, months[i].end_value, STR_NONE);
}

/* --- Measurements --- */

static void fill_summary(struct op *op, const struct plan_path *path, struct kpi_series *series)
{
    struct series_summary *summary = &series->summary;
    struct measurement *latest = series->actuals.items;

    if (series->actuals.count == 0) {
        summary->expected = plan_rounded(plan_expected(path, timestamp_start_of_day(op->now)));
        return;
    }
    struct buffer out = buffer_in(op->arena, 1024);
    model_pack(AS(measurement, latest), &out);
    series->latest_actual.bytes = buffer_str(&out);
    *summary = (struct series_summary){.latest_value = latest->actual,
                                       .latest_date = latest->day,
                                       .expected = latest->expected,
                                       .variance = latest->variance,
                                       .variance_percentage = latest->variance_percentage,
                                       .status = latest->performance};
}

static bool fill(struct op *op, const struct series_query *query, struct plan *plan,
                 struct measuring *by, const struct measurement_page *page,
                 struct kpi_series *series)
{
    const struct kpi *kpi = &plan->kpi;
    struct plan_parts parts;
    struct plan_path path = plan_path_now(op, plan, &parts);

    by->kpi = (struct measured_kpi){.kpi = {kpi->id, kpi->name, kpi->unit, kpi->direction},
                                    .interpolation_method = kpi->interpolation_method};
    by->targets = (struct list){(void *)(uintptr_t)parts.targets, parts.target_count};
    by->anchors = plan->anchors;
    by->start = plan->start;
    if (!measurements_judge_page(op, by, page, &series->actuals, &series->total_actuals))
        return false;
    series->kpi = (struct series_kpi){kpi->id,
                                      kpi->name,
                                      kpi->unit,
                                      kpi->direction,
                                      kpi->aggregation_period,
                                      kpi->aggregation_period_count};
    fill_targets(op, query, plan, series);
    fill_interpolated(op, query, &path, &series->interpolated);
    fill_summary(op, &path, series);
    return true;
}

/* At most a measurement of each kind a day: little enough to be read at once. What may be more
 * would be read twice, if it did not wait for its turn before. */
static bool is_short(const struct series_query *query)
{
    struct timestamp start = query->start_date, end = query->end_date;

    return !timestamp_is_none(start) && !timestamp_is_none(end) &&
           !timestamp_day_before(timestamp_add_days(start, SHORT_DAYS), end);
}

static void show(struct op *op)
{
    struct series_query query;
    struct kpi_series series;
    struct measuring by = {.rule = replan_rule_default()};
    struct plan plan;
    struct measurement_page page;

    if (!op_query(op, AS(series_query, &query)))
        return;
    if (timestamp_day_before(query.end_date, query.start_date))
        op_invalid(op, "endDate", "must not be before startDate");
    model_clear(AS(kpi_series, &series));
    if (!op_valid(op) || !kpi_of_path(op, &series.kpi_id))
        return;
    if (!is_short(&query) && !op_large_begin(op))
        return;
    struct row_id key = {series.kpi_id};
    struct measurements_selected selected = {
        .paging = {.page = 1, .size = SERIES_ACTUALS_MAX, .offset = INT_NONE},
        .kpi_id = key.id,
        .start_date = query.start_date,
        .end_date = query.end_date};
    measurements_queue(op, &selected, &page);
    sql_queue_row(op, REPLAN_RULE_OF_KPI, AS(row_id, &key), AS(replan_rule, &by.rule), &by.ruled);
    if (!plan_read(op, key.id, &plan, false))
        return;
    if (fill(op, &query, &plan, &by, &page, &series))
        op_reply_large(op, AS(kpi_series, &series));
}

/* GET /kpis/{id}/all-series */
void kpi_all_series_get(struct op *op)
{
    show(op);
}

/* GET /kpis/{id}/planning: the same. */
void kpi_planning_get(struct op *op)
{
    show(op);
}
