/* Reading the catalogue. Each answer costs one round trip, however long the page is. */
#include "kpi_detail.h"
#include "kpi_handlers.h"
#include "kpis.h"
#include "lookup.h"
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

/* The page's statement and its count: a plain one for the first page, and a search that starts from
 * the words' index. */
static void choose_statements(const struct kpi_query *query, struct statement **page,
                              struct statement **count)
{
    bool filtered = query->owner_id.data || query->category.data || !uuid_is_none(query->goal_id) ||
                    !uuid_is_none(query->strategy_id) || query->direction.count > 0 ||
                    query->type.count > 0 || query->catalog_only == CHOICE_TRUE ||
                    query->custom_only == CHOICE_TRUE || query->include_shared == CHOICE_FALSE;

    bool plain = op_first_page(&query->paging) && !filtered;

    *count = filtered ? KPIS_TOTAL : KPIS_COUNT;
    *page = plain ? KPIS_NEWEST : KPIS_PAGE;
    if (query->search.data) {
        *page = KPIS_FOUND;
        *count = KPIS_FOUND_COUNT;
    }
}

/* GET /kpis */
void shared_kpis_get(struct op *op)
{
    struct kpi_query query;
    struct statement *page, *count;
    struct row_count total = {0};
    struct list kpis = {NULL, 0};
    bool found = false;

    if (!op_list_query(op, AS(kpi_query, &query)))
        return;
    if (query.catalog_only == CHOICE_TRUE && query.custom_only == CHOICE_TRUE)
        op_invalid(op, "customOnly", "must not be asked together with catalogOnly");
    if (!op_paging(op, &query.paging, &query.sort_field, &query.descending))
        return;
    choose_statements(&query, &page, &count);
    sql_queue_rows(op, page, AS(kpi_query, &query), &kpi_model, &kpis);
    sql_queue_row(op, count, AS(kpi_query, &query), AS(row_count, &total), &found);
    if (sql_wait(op))
        op_reply_list(op, &kpi_model, kpis, &query.paging, total.count);
}
