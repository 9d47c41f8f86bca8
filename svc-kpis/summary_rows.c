/* Reading KPIs with their links, and judging these. Each of it costs one statement, and svc-goals
 * is asked once, for the goals of all links. */
#include "summary_rows.h"

#include <math.h>
#include <stdlib.h>

#include "kpi_progress.h"
#include "link_goals.h"
#include "lookup.h"
#include "percent.h"
#include "queries.h"

static const struct field summary_kpi_fields[] = {
    COLUMN(summary_kpi, id),
    COLUMN(summary_kpi, category),
    COLUMN(summary_kpi, owner_id),
    COLUMN(summary_kpi, owner_name),
    FIELD(summary_kpi, direction, "direction", .flags = FIELD_INTERNAL,
          .enum_names = &kpi_direction_names),
    PLAN_AROUND_COLUMNS(summary_kpi),
    COLUMN(summary_kpi, current_value),
    COLUMN(summary_kpi, current_day),
    COLUMN(summary_kpi, target_value),
    COLUMN(summary_kpi, last_target_day),
};
const struct model summary_kpi_model = MODEL("SummaryKPI", summary_kpi, summary_kpi_fields);

/* --- One link --- */

/* Percent of the way, not kept within bounds; NaN without a way. */
static double uncapped(double baseline, double target, double current)
{
    double way = target - baseline;

    return way < 0 || way > 0 ? percent_rounded((current - baseline) / way * 100) : (double)NAN;
}

/* `planned`: what the KPI's plan expects; NaN without one. */
static void judge(const struct op *op, const struct summary_kpi *kpi, double planned,
                  const struct goal_name *goal, struct summary_link *link)
{
    bool by_plan = isnan(link->own_target_value) && !timestamp_is_none(kpi->last_target_day);
    struct link_course course = {
        .direction = kpi->direction,
        .baseline =
            isnan(link->own_baseline_value) ? kpi->around.start.left : link->own_baseline_value,
        .target = isnan(link->own_target_value) ? kpi->target_value : link->own_target_value,
        .current = kpi->current_value,
        .start = kpi->around.start.day,
        .end = goal ? goal->due_date : TIMESTAMP_NONE,
        .day = kpi->current_day,
        .threshold = link->threshold,
        .risk_threshold = link->risk_threshold,
    };
    double expected = by_plan ? planned : link_expected(&course);
    struct timestamp end = by_plan ? kpi->last_target_day : course.end;

    link->goal_title = goal ? goal->title : STR_NONE;
    link->target_value = course.target;
    link->status = link_status(&course, expected);
    link->progress =
        kpi_progress(kpi->direction, course.baseline, course.target, kpi->current_value);
    link->on_track = percent_reaches(link->progress, link->threshold);
    link->progress_percentage = uncapped(course.baseline, course.target, kpi->current_value);
    link->expected = plan_rounded(expected);
    link->variance = plan_rounded(kpi->current_value - expected);
    link->variance_percentage = link_variance(&course, expected);
    link->days_until_target =
        timestamp_is_none(end) ? INT_NONE : timestamp_days_between(op->now, end);
    link->is_overdue =
        !timestamp_is_none(end) && link->days_until_target < 0 && link->progress < 100;
}

/* --- All of them --- */

/* What is read for all KPIs. */
struct reading_of_all {
    struct list links, goals;
    bool goals_known;
};

/* Links are sorted by KPI. */
static size_t links_begin(const struct list *links, struct uuid kpi)
{
    const struct summary_link *rows = links->items;
    size_t low = 0, high = links->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (uuid_compare(rows[middle].kpi_id, kpi) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void fill(const struct op *op, const struct reading_of_all *all, struct summary_kpi *kpi)
{
    struct summary_link *rows = all->links.items;
    double planned = plan_around_expected(&kpi->around, kpi->current_day);
    size_t from = links_begin(&all->links, kpi->id), kept = from;

    kpi->status = LINK_NO_DATA;
    kpi->is_active = kpi->owner_id.size > 0;
    for (size_t i = from; i < all->links.count && uuid_equal(rows[i].kpi_id, kpi->id); i++) {
        const struct goal_name *goal = goal_name_of(&all->goals, rows[i].goal_id);
        if (all->goals_known && !goal)
            continue; /* deleted, though its event may not have come yet */
        rows[kept] = rows[i];
        judge(op, kpi, planned, goal, &rows[kept]);
        kpi->status = link_status_worse(kpi->status, rows[kept].status);
        kpi->is_active |= !goal || goal->status != GOAL_CANCELLED;
        kept++;
    }
    kpi->links = (struct list){rows + from, kept - from};
}

static bool too_many(struct op *op, const char *what, int most)
{
    op_invalid(op, "category", "must be given: without it there are more than %d %s", most, what);
    return op_valid(op);
}

static int by_id(const void *a, const void *b)
{
    return uuid_compare(*(const struct uuid *)a, *(const struct uuid *)b);
}

/* Each of them once. */
static struct uuids goals_of(struct op *op, const struct list *links)
{
    const struct summary_link *rows = links->items;
    struct uuids ids = {arena_array(op->arena, links->count, sizeof *ids.items), 0};

    for (size_t i = 0; i < links->count; i++)
        ids.items[i] = rows[i].goal_id;
    qsort(ids.items, links->count, sizeof *ids.items, by_id);
    for (size_t i = 0; i < links->count; i++)
        if (i == 0 || !uuid_equal(ids.items[i], ids.items[ids.count - 1]))
            ids.items[ids.count++] = ids.items[i];
    return ids;
}

bool summary_load(struct op *op, struct summary_query *query, struct list *kpis)
{
    struct reading_of_all all = {.goals_known = false};
    struct op_call call;

    query->max_kpis = SUMMARY_KPIS_MAX + 1;
    query->max_links = SUMMARY_LINKS_MAX + 1;
    if (!sql_rows(op, SUMMARY_LINKS, AS(summary_query, query), &summary_link_model, &all.links))
        return false;
    if (all.links.count > SUMMARY_LINKS_MAX)
        return too_many(op, "links", SUMMARY_LINKS_MAX);
    if (all.links.count > 0) /* answers while the KPIs are read */
        goals_ask_names(op, &call, goals_of(op, &all.links));
    if (!sql_rows(op, SUMMARY_KPIS, AS(summary_query, query), &summary_kpi_model, kpis))
        return false;
    if (kpis->count > SUMMARY_KPIS_MAX)
        return too_many(op, "KPIs", SUMMARY_KPIS_MAX);
    if (all.links.count > 0)
        all.goals_known = goals_wait_names(op, &call, &all.goals);
    struct summary_kpi *items = kpis->items;
    for (size_t i = 0; i < kpis->count; i++)
        fill(op, &all, &items[i]);
    return true;
}
