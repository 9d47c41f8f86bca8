/* What is at risk: the command center's rules for the moment at which the report's states hold. Of
 * a period that is over, they judge what was active and measured then. */
#include <math.h>
#include <stdlib.h>

#include "id_rows.h"
#include "link_status.h"
#include "lookup.h"
#include "queries.h"
#include "report.h"
#include "report_gathering.h"
#include "service.h"

enum { LOAD_US = 10000000 };

/* In place of the rows of today. */
static void queue_past(struct gathering *g, struct bound page)
{
    extern const struct model command_goal_row_model, command_link_model;

    session_queue_rows(g->session, REPORT_ACTIVE_GOALS, page, &command_goal_row_model,
                       &g->rows.goals);
    session_queue_rows(g->session, REPORT_ACTIVE_LINKS, page, &command_link_model, &g->rows.links);
    session_queue_rows(g->session, REPORT_FIGURE_KPIS, page, &figure_kpi_model,
                       &g->rows.figure_kpis);
}

/* Into the op's arena, because every part needs them. */
static bool load(struct gathering *g)
{
    struct report_page page = g->scope->page;

    g->session = session_begin(service_database(g->op->process), g->op->arena, false, &g->context,
                               monotonic_us() + LOAD_US);
    enum db_fault_kind kind = command_gather(g->session, &g->rows);
    if (kind == DB_OK) {
        session_queue_rows(g->session, REPORT_KPI_NAMES, NOTHING, &kpi_name_row_model, &g->names);
        if (g->scope->past)
            queue_past(g, AS(report_page, &page));
        part_wait(g);
    } else {
        kept_fail(g->op, kind);
    }
    session_end(&g->session);
    return !op_failed(g->op);
}

static int by_id(const void *left, const void *right)
{
    const struct judged_goal *a = left, *b = right;

    return uuid_compare(a->id, b->id);
}

/* Percent to the worse; NaN where there is none. */
static double adverse(const struct judged_link *link)
{
    return link->shown.direction == KPI_DOWN ? link->percentage : -link->percentage;
}

/* Links by their KPIs, those that are worse first. */
static int by_kpi(const void *left, const void *right)
{
    const struct judged_kpi *a = left, *b = right;
    int order = uuid_compare(a->id, b->id);

    if (order != 0)
        return order;
    if (a->link->status == b->link->status)
        return adverse(a->link) > adverse(b->link) ? -1 : adverse(a->link) < adverse(b->link);
    return link_status_worse(a->link->status, b->link->status) == a->link->status ? -1 : 1;
}

static void sort_goals(struct gathering *g)
{
    g->judged_goals = g->judged.all;
    if (g->judged_goals.count > 0)
        qsort(g->judged_goals.items, g->judged_goals.count, sizeof(struct judged_goal), by_id);
}

/* Of each KPI its worst link. */
static void sort_kpis(struct gathering *g)
{
    const struct judged_goal *goals = g->judged.all.items;
    const struct measure_at_risk *measures = g->judged.measures.items;
    struct judged_kpi *kpis = arena_array(g->op->arena, g->rows.links.count, sizeof *kpis);
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < g->judged.all.count; i++)
        for (size_t k = 0; k < goals[i].link_count; k++)
            kpis[count++] = (struct judged_kpi){goals[i].links[k].shown.shared_kpi_id,
                                                &goals[i].links[k], false};
    if (count > 0)
        qsort(kpis, count, sizeof *kpis, by_kpi);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !uuid_equal(kpis[i].id, kpis[kept - 1].id))
            kpis[kept++] = kpis[i];
    g->judged_kpis = (struct list){kpis, kept};
    for (size_t i = command_measures_over(&g->judged.measures, COMMAND_VARIANCE_DEFAULT);
         i-- > 0;) {
        struct judged_kpi *kpi = id_row(&g->judged_kpis, sizeof *kpi, measures[i].kpi_id);
        kpi->off_plan = true; /* it has a link */
    }
}

bool report_judge(struct gathering *g)
{
    if (!load(g))
        return false;
    command_judge(g->op->arena, &g->rows, g->scope->as_of, &g->judged);
    sort_goals(g);
    sort_kpis(g);
    return true;
}

static struct list titles_of(struct gathering *g, const struct measure_at_risk *measures,
                             size_t count)
{
    struct command_titles titles = {.rows = {NULL, 0}};
    struct session *session = part_begin(g);

    for (size_t i = 0; i < count; i++)
        command_want(g->arena, &titles.goal_ids, measures[i].goal_id);
    session_queue_rows(session, COMMAND_TITLES, AS(command_titles, &titles), &command_title_model,
                       &titles.rows);
    part_wait(g);
    part_end(g);
    return titles.rows;
}

void report_pack_off_plan(struct gathering *g)
{
    const struct measure_at_risk *measures = g->judged.measures.items;
    size_t count = command_measures_over(&g->judged.measures, COMMAND_VARIANCE_DEFAULT);
    size_t shown = count < REPORT_OFF_PLAN_MAX ? count : REPORT_OFF_PLAN_MAX;
    struct report_off_plan *items = arena_array(g->op->arena, shown, sizeof *items);
    struct list titles = titles_of(g, measures, shown);

    if (op_failed(g->op))
        return;
    for (size_t i = 0; i < shown; i++) {
        const struct kpi_name_row *name = id_row(&g->names, sizeof *name, measures[i].kpi_id);
        const struct command_title *title = id_row(&titles, sizeof *title, measures[i].goal_id);
        items[i] = (struct report_off_plan){
            .name = name ? name->name : STR_NONE,
            .unit = name ? name->unit : STR_NONE,
            .owner = name ? name->owner_name : STR_NONE,
            .goal = title ? title->title : STR_NONE,
            .current = measures[i].current_value,
            .expected = measures[i].expected,
            .variance = measures[i].variance_percentage,
        };
    }
    document_rows(g, "offPlan", &report_off_plan_model, &(struct list){items, shown});
    document_total(g, "offPlanTotal", (int64_t)count);
}
