/* Reading the catalogue. Each answer costs one round trip, however long the page is. */
#include "kpi_detail.h"
#include "kpi_handlers.h"
#include "kpis.h"
#include "lookup.h"
#include "page_read.h"
#include "queries.h"

/* GET /kpis/{id}: the KPI, its newest readings and its goals. */
void kpi_by_id_get(struct op *op)
{
    struct row_id key;
    struct kpi_detail detail;
    bool found = false;

    if (!op_path_uuid(op, "id", &key.id))
        return;
    model_clear(AS(kpi_detail, &detail));
    sql_queue_row(op, KPI_BY_ID, AS(row_id, &key), AS(kpi, &detail.kpi), &found);
    kpi_detail_queue(op, key.id, &detail);
    if (!sql_wait(op))
        return;
    if (!found)
        op_fail(op, STATUS_KPI_NOT_FOUND);
    else
        kpi_detail_reply(op, &detail);
}

static bool is_filtered(const struct kpi_query *query)
{
    return query->search.data || query->owner_id.data || query->category.data ||
           !uuid_is_none(query->goal_id) || !uuid_is_none(query->strategy_id) ||
           query->direction.count > 0 || query->type.count > 0 ||
           query->catalog_only == CHOICE_TRUE || query->custom_only == CHOICE_TRUE ||
           query->include_shared == CHOICE_FALSE;
}

/* GET /kpis */
void shared_kpis_get(struct op *op)
{
    struct kpi_query query;
    int64_t total;

    if (!op_list_query(op, AS(kpi_query, &query)))
        return;
    if (query.catalog_only == CHOICE_TRUE && query.custom_only == CHOICE_TRUE)
        op_invalid(op, "customOnly", "must not be asked together with catalogOnly");
    if (!op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    bool plain = op_newest_page(&query.paging) && !is_filtered(&query);
    struct page_read page = {.read = {.counted = plain ? KPIS_NEWEST : KPIS_PAGE,
                                      .input = AS(kpi_query, &query),
                                      .model = &kpi_model},
                             .paging = &query.paging,
                             .count = plain ? KPIS_COUNT : NULL};
    if (page_read(op, &page, &total))
        op_reply_list(op, &kpi_model, page.read.rows, &query.paging, total);
}
