/* The summary of KPIs: sums over all that are listed, and a page of them. */
#include <stdlib.h>
#include <string.h>

#include "kpi_handlers.h"
#include "summary_rows.h"

/* --- Which of them are listed --- */

static bool is_listed(const struct summary_query *query, const struct summary_kpi *kpi)
{
    bool any = query->include_inactive == CHOICE_TRUE && !query->activity;

    return (any || kpi->is_active == (query->activity != KPI_INACTIVE)) &&
           (!query->progress_status || kpi->status == query->progress_status);
}

/* Counts the active ones among all, and leaves only those that are listed. */
static void choose(const struct summary_query *query, struct list *kpis,
                   struct summary_totals *totals)
{
    struct summary_kpi *items = kpis->items;
    size_t kept = 0;

    for (size_t i = 0; i < kpis->count; i++) {
        bool counts = !query->progress_status || items[i].status == query->progress_status;
        totals->active += counts && items[i].is_active;
        totals->inactive += counts && !items[i].is_active;
        if (is_listed(query, &items[i]))
            items[kept++] = items[i];
    }
    totals->total = totals->active + totals->inactive;
    kpis->count = kept;
}

/* --- Sums --- */

/* What is sorted, since KPIs are large. */
struct kpi_place {
    const struct summary_kpi *kpi;
};

static int by_category(const void *a, const void *b)
{
    const struct kpi_place *x = a, *y = b;

    return str_compare(x->kpi->category, y->kpi->category);
}

static int by_owner(const void *a, const void *b)
{
    const struct kpi_place *x = a, *y = b;

    return str_compare(x->kpi->owner_id, y->kpi->owner_id);
}

static const struct kpi_place *sorted(struct op *op, const struct list *kpis,
                                      int (*order)(const void *, const void *))
{
    const struct summary_kpi *items = kpis->items;
    struct kpi_place *places = arena_array(op->arena, kpis->count, sizeof *places);

    for (size_t i = 0; i < kpis->count; i++)
        places[i].kpi = &items[i];
    qsort(places, kpis->count, sizeof *places, order);
    return places;
}

static struct list categories_of(struct op *op, const struct list *kpis)
{
    const struct kpi_place *places = sorted(op, kpis, by_category);
    struct category_counts *counts = arena_array(op->arena, kpis->count, sizeof *counts);
    size_t count = 0;

    for (size_t i = 0; i < kpis->count; i++) {
        if (i == 0 || by_category(&places[i - 1], &places[i]) != 0)
            counts[count++] = (struct category_counts){.category = places[i].kpi->category};
        struct category_counts *at = &counts[count - 1];
        at->count++;
        at->on_track += places[i].kpi->status == LINK_ON_TRACK;
        at->at_risk += places[i].kpi->status == LINK_AT_RISK;
        at->behind += places[i].kpi->status == LINK_BEHIND;
    }
    return (struct list){counts, count};
}

static struct list owners_of(struct op *op, const struct list *kpis)
{
    const struct kpi_place *places = sorted(op, kpis, by_owner);
    struct owner_counts *counts = arena_array(op->arena, kpis->count, sizeof *counts);
    size_t count = 0;

    for (size_t i = 0; i < kpis->count; i++) {
        if (i == 0 || by_owner(&places[i - 1], &places[i]) != 0)
            counts[count++] = (struct owner_counts){.owner_id = places[i].kpi->owner_id,
                                                    .owner_name = places[i].kpi->owner_name};
        counts[count - 1].count++;
        counts[count - 1].on_track += places[i].kpi->status == LINK_ON_TRACK;
    }
    return (struct list){counts, count};
}

static struct status_counts statuses_of(const struct list *kpis)
{
    const struct summary_kpi *items = kpis->items;
    struct status_counts counts = {0};

    for (size_t i = 0; i < kpis->count; i++) {
        counts.on_track += items[i].status == LINK_ON_TRACK;
        counts.at_risk += items[i].status == LINK_AT_RISK;
        counts.behind += items[i].status == LINK_BEHIND;
        counts.no_data += items[i].status == LINK_NO_DATA;
    }
    return counts;
}

/* --- The page --- */

static struct list page_of(const struct list *kpis, const struct paging *paging)
{
    struct summary_kpi *items = kpis->items;
    int64_t count = (int64_t)kpis->count, from = (paging->page - 1) * paging->size;

    if (paging->offset != INT_NONE)
        from = paging->offset;
    from = from < count ? from : count;
    return (struct list){items + from,
                         (size_t)(count - from < paging->size ? count - from : paging->size)};
}

static void show(struct op *op, const struct model *model)
{
    struct summary_query query;
    struct kpi_summary summary = {.items = {NULL, 0}};
    struct list kpis;

    if (!op_query(op, AS(summary_query, &query)) || !summary_load(op, &query, &kpis))
        return;
    choose(&query, &kpis, &summary.totals);
    summary.totals.statuses = statuses_of(&kpis);
    summary.totals.categories = categories_of(op, &kpis);
    summary.totals.owners = owners_of(op, &kpis);
    summary.totals.health = health_score(&summary.totals.statuses);
    summary.metadata =
        (struct summary_page){op->now, query.paging.page, query.paging.size, (int64_t)kpis.count};
    if (query.paging.offset != INT_NONE)
        summary.metadata.page = query.paging.offset / query.paging.size + 1;
    int64_t points = query.max_points == INT_NONE ? SUMMARY_TREND_DEFAULT : query.max_points;
    struct list page = page_of(&kpis, &query.paging);
    if (summary_items_read(op, &page, points > 0 ? points : SUMMARY_TREND_MAX, &summary.items))
        op_reply_large(op, (struct bound){model, &summary});
}

/* GET /kpis/summary */
void kpi_summary_get(struct op *op)
{
    show(op, &kpi_summary_model);
}

/* GET /measures/summary */
void measure_summary_get(struct op *op)
{
    show(op, &measure_summary_model);
}
