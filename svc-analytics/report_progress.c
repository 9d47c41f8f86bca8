/* The report's long lists: goals with their strategies and progress, KPIs with their readings. */
#include <math.h>

#include "goals.h"
#include "id_rows.h"
#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"
#include "report.h"
#include "report_gathering.h"
#include "report_plan.h"
#include "report_rows.h"
#include "service.h"

/* A part is read and packed in one turn of the loop, so it is bounded in bytes, too. */
enum { GOALS_PART = 250, KPIS_PART = 10, PART_BYTES = 1 << 20 };

/* --- Goals --- */

static struct list strategies_of(struct gathering *g, const struct list *rows, struct uuid goal)
{
    const struct strategy_row *row = rows->items;
    size_t from = id_rows_begin(rows, sizeof *row, goal), to = from;

    while (to < rows->count && uuid_equal(row[to].goal_id, goal))
        to++;
    struct report_strategy *strategies = arena_array(g->arena, to - from, sizeof *strategies);
    for (size_t i = from; i < to; i++)
        strategies[i - from] = (struct report_strategy){
            row[i].description, enum_value(&strategy_status_names, row[i].status)};
    return (struct list){strategies, to - from};
}

/* What a goal's part is made of. */
struct goal_parts {
    struct list strategies, links, late;
};

static struct report_goal_kpi shown_kpi(const struct gathering *g, const struct goal_kpi *shown,
                                        const struct judged_link *judged)
{
    const struct kpi_name_row *name = id_row(&g->names, sizeof *name, shown->shared_kpi_id);

    return (struct report_goal_kpi){
        .name = name ? name->name : STR_NONE,
        .unit = name ? name->unit : STR_NONE,
        .status = judged ? judged->status : 0,
        .is_primary = judged && judged->link->is_primary,
        .current = shown->current_value,
        .target = shown->target_value,
        .expected = judged ? judged->expected : (double)NAN,
        .variance = judged ? judged->percentage : (double)NAN,
        .progress = shown->progress,
    };
}

/* The goal's KPIs and the progress that they make. */
static struct list kpis_of(struct gathering *g, const struct goal_row *goal,
                           const struct judged_goal *judged, const struct list *rows,
                           double *progress)
{
    const struct figure_link *row = rows->items;
    size_t from = id_rows_begin(rows, sizeof *row, goal->id), to = from, count = 0;

    while (to < rows->count && uuid_equal(row[to].goal_id, goal->id))
        to++;
    struct goal_kpi *shown = arena_array(g->arena, to - from, sizeof *shown);
    struct report_goal_kpi *kpis = arena_array(g->arena, to - from, sizeof *kpis);
    for (size_t i = from; i < to; i++) {
        const struct judged_link *link = NULL;

        if (!figures_link(&g->rows.figure_kpis, &row[i], &shown[count]))
            continue;
        for (size_t k = 0; judged && k < judged->link_count; k++)
            if (uuid_equal(judged->links[k].shown.shared_kpi_id, row[i].kpi_id))
                link = &judged->links[k];
        kpis[count] = shown_kpi(g, &shown[count], link);
        count++;
    }
    *progress = goal_kpis_progress(shown, count);
    if (figures_goal_done(goal->status, goal->completed_at))
        *progress = 100;
    else if (isnan(*progress))
        *progress = 0;
    return (struct list){kpis, count};
}

static void pack_goal(struct gathering *g, const struct goal_row *row,
                      const struct goal_parts *parts)
{
    const struct judged_goal *judged = id_row(&g->judged_goals, sizeof *judged, row->id);
    const struct goal_late_row *late = id_row(&parts->late, sizeof *late, row->id);
    struct report_goal goal = {
        .title = row->title,
        .owner_name = row->owner_name,
        .status = enum_value(&goal_status_names, row->status),
        .horizon = enum_value(&horizon_names, row->horizon),
        .due_date = row->due_date,
        .ended_at = timestamp_is_none(row->completed_at) ? row->cancelled_at : row->completed_at,
        .track = judged ? judged->status : 0,
        .late_actions = late ? late->late : 0,
        .strategies = strategies_of(g, &parts->strategies, row->id),
    };

    goal.kpis = kpis_of(g, row, judged, &parts->links, &goal.progress);
    model_pack(AS(report_goal, &goal), g->out);
}

/* Of the goals of a part, how many are read with their strategies at once: one at least. */
static size_t fitting(const struct list *goals)
{
    const struct goal_row *rows = goals->items;
    int64_t bytes = 0;
    size_t count = 0;

    while (count < goals->count && (count == 0 || bytes + rows[count].strategy_bytes <= PART_BYTES))
        bytes += rows[count++].strategy_bytes;
    return count;
}

/* False when there are no more, or the op has failed. */
static bool goals_part(struct gathering *g, struct pack_open *open)
{
    struct report_page page = g->scope->page;
    struct goal_parts parts;
    struct list goals;
    struct session *session = part_begin(g);

    page.max = GOALS_PART;
    page.skip = (int64_t)open->count;

    session_queue_rows(session, REPORT_GOALS, AS(report_page, &page), &goal_row_model, &goals);
    bool good = part_wait(g);
    bool last = !good || goals.count < GOALS_PART;
    if (good && goals.count > 0) {
        size_t count = fitting(&goals);
        last = last && count == goals.count;
        goals.count = count;
        page.ids = ids_of(g->arena, goals.items, goals.count, sizeof(struct goal_row));
        session_queue_rows(session, REPORT_STRATEGIES, AS(report_page, &page), &strategy_row_model,
                           &parts.strategies);
        session_queue_rows(session, REPORT_LINKS, AS(report_page, &page), &figure_link_model,
                           &parts.links);
        session_queue_rows(session, REPORT_GOAL_LATE, AS(report_page, &page), &goal_late_row_model,
                           &parts.late);
        good = part_wait(g);
        const struct goal_row *rows = goals.items;
        for (size_t i = 0; good && i < goals.count; i++)
            pack_goal(g, &rows[i], &parts);
    }
    part_end(g);
    open->count += good ? (uint32_t)goals.count : 0;
    return good && !last && open->count < REPORT_GOALS_MAX && g->out->size < REPORT_GOALS_BYTES;
}

void report_pack_goals(struct gathering *g)
{
    struct report_page page = g->scope->page;
    struct row_count total = {0};
    bool found;

    document_key(g, "goals");
    struct pack_open open = pack_array_open(g->out);
    while (goals_part(g, &open))
        continue;
    pack_array_close(g->out, open);
    if (op_failed(g->op))
        return;
    session_queue_row(part_begin(g), REPORT_GOALS_COUNT, AS(report_page, &page),
                      AS(row_count, &total), &found);
    if (part_wait(g))
        document_total(g, "goalsTotal", total.count);
    part_end(g);
}

/* --- KPIs --- */

/* Titles of the goals; the highest threshold, and the highest target for a KPI without one. */
static void add_linked(struct gathering *g, const struct list *linked, struct uuid id,
                       struct report_kpi *kpi)
{
    const struct kpi_goal_row *row = linked->items;
    size_t from = id_rows_begin(linked, sizeof *row, id), to = from;
    bool aimed = !isnan(kpi->target);

    kpi->threshold = (double)NAN;
    while (to < linked->count && uuid_equal(row[to].kpi_id, id))
        to++;
    kpi->goals.items = arena_array(g->arena, to - from, sizeof *kpi->goals.items);
    for (size_t i = from; i < to; i++) {
        if (!row[i].title.data)
            continue; /* the goal is gone */
        kpi->goals.items[kpi->goals.count++] = row[i].title;
        kpi->threshold = fmax(kpi->threshold, row[i].threshold);
        if (!aimed)
            kpi->target = fmax(kpi->target, row[i].target_value);
    }
}

/* How its worst link to an active goal is doing. */
static void add_judged(const struct gathering *g, struct uuid id, struct report_kpi *kpi)
{
    const struct judged_kpi *judged = id_row(&g->judged_kpis, sizeof *judged, id);

    if (!judged)
        return;
    kpi->status = judged->link->status;
    kpi->expected = judged->link->expected;
    kpi->variance = judged->link->percentage;
    kpi->off_plan = judged->off_plan;
}

/* Readings come in the order of the KPIs. */
static void pack_kpis(struct gathering *g, const struct list *kpis, const struct list *linked,
                      const struct list *readings, struct plan_rows *plans)
{
    const struct kpi_row *rows = kpis->items;
    const struct reading_row *all = readings->items;
    size_t at = 0;

    for (size_t i = 0; i < kpis->count; i++) {
        size_t from = at;
        while (at < readings->count && uuid_equal(all[at].kpi_id, rows[i].id))
            at++;
        struct report_reading *own = arena_array(g->arena, at - from, sizeof *own);
        for (size_t j = from; j < at; j++)
            own[j - from] =
                (struct report_reading){all[j].period, all[j].value, all[j].is_estimate};
        struct report_kpi kpi = {
            .name = rows[i].name,
            .unit = rows[i].unit,
            .direction = enum_value(&kpi_direction_names, rows[i].direction),
            .target = rows[i].target,
            .baseline = rows[i].baseline,
            .readings = {own, at - from},
            .readings_total = rows[i].readings_total,
            .plan = report_plan(g->arena, plans, &rows[i], from < at ? own[0].period : MONTH_NONE),
            .expected = (double)NAN,
            .variance = (double)NAN,
        };
        add_linked(g, linked, rows[i].id, &kpi);
        add_judged(g, rows[i].id, &kpi);
        model_pack(AS(report_kpi, &kpi), g->out);
    }
}

/* `begin`: where the list does. */
static bool kpis_part(struct gathering *g, struct pack_open *open, size_t begin)
{
    struct report_page page = g->scope->page;
    struct list kpis, linked, readings;
    struct plan_rows plans = {.target = 0};
    struct session *session = part_begin(g);

    page.max = KPIS_PART;
    page.skip = (int64_t)open->count;

    session_queue_rows(session, REPORT_KPIS, AS(report_page, &page), &kpi_row_model, &kpis);
    bool good = part_wait(g);
    if (good && kpis.count > 0) {
        page.ids = ids_of(g->arena, kpis.items, kpis.count, sizeof(struct kpi_row));
        page.max = REPORT_READINGS_MAX;
        session_queue_rows(session, REPORT_LINKED, AS(report_page, &page), &kpi_goal_row_model,
                           &linked);
        session_queue_rows(session, REPORT_READINGS, AS(report_page, &page), &reading_row_model,
                           &readings);
        session_queue_rows(session, REPORT_TARGETS, AS(report_page, &page), &target_row_model,
                           &plans.targets);
        session_queue_rows(session, REPORT_ANCHORS, AS(report_page, &page), &anchor_row_model,
                           &plans.anchors);
        good = part_wait(g);
        if (good)
            pack_kpis(g, &kpis, &linked, &readings, &plans);
    }
    part_end(g);
    open->count += good ? (uint32_t)kpis.count : 0;
    return good && kpis.count == KPIS_PART && open->count < REPORT_KPIS_MAX &&
           g->out->size - begin < REPORT_KPIS_BYTES;
}

void report_pack_kpis(struct gathering *g)
{
    document_key(g, "kpis");
    struct pack_open open = pack_array_open(g->out);
    size_t begin = g->out->size;
    while (kpis_part(g, &open, begin))
        continue;
    pack_array_close(g->out, open);
    if (op_failed(g->op))
        return;
    struct report_page page = g->scope->page;
    struct row_count total = {0};
    bool found;
    session_queue_row(part_begin(g), REPORT_KPIS_COUNT, AS(report_page, &page),
                      AS(row_count, &total), &found);
    if (part_wait(g))
        document_total(g, "kpisTotal", total.count);
    part_end(g);
}
