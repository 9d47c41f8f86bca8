/* What other services ask. Nothing here may call out, because the caller may be waiting inside a
 * call of ours. */
#include "goals.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "lookup.h"
#include "queries.h"
#include "reading_put.h"

/* The rows come grouped by goal. */
static struct list links_of(const struct list *rows, struct uuid goal)
{
    struct goal_kpi *links = rows->items;
    size_t from = 0, to;

    while (from < rows->count && !uuid_equal(links[from].goal_id, goal))
        from++;
    for (to = from; to < rows->count && uuid_equal(links[to].goal_id, goal); to++)
        goal_kpi_complete(&links[to]);
    return (struct list){links + from, to - from};
}

static struct str packed_links(struct op *op, const struct list *links)
{
    struct buffer out = buffer_in(op->arena, 512 * (links->count + 1));
    struct goal_kpi *items = links->items;

    pack_array(&out, links->count);
    for (size_t i = 0; i < links->count; i++)
        model_pack(AS(goal_kpi, &items[i]), &out);
    return buffer_str(&out);
}

/* The links of a page of goals with one statement. As bytes, so that the caller passes them on
 * without looking into them. */
void kpis_of_goals(struct op *op)
{
    struct kpis_of_goals body;
    struct list rows = {NULL, 0};

    if (!op_body(op, AS(kpis_of_goals, &body)) ||
        !sql_rows(op, LINKS_OF_GOALS, AS(kpis_of_goals, &body), &goal_kpi_model, &rows))
        return;
    struct buffer kpis = buffer_in(op->arena, 512 * (rows.count + 1));
    struct buffer progress = buffer_in(op->arena, 16 * (body.goal_ids.count + 1));
    pack_map(&kpis, 2);
    pack_key(&kpis, "kpis");
    pack_array(&kpis, body.goal_ids.count);
    pack_key(&progress, "progress");
    pack_array(&progress, body.goal_ids.count);
    for (size_t i = 0; i < body.goal_ids.count; i++) {
        struct list links = links_of(&rows, body.goal_ids.items[i]);
        pack_bytes(&kpis, packed_links(op, &links));
        pack_double(&progress, goal_kpis_progress(links.items, links.count));
    }
    buffer_append(&kpis, progress.data, progress.size);
    op_reply_packed(op, buffer_str(&kpis), -1);
}

/* KPI_MEANT */
struct kpi_meant {
    struct uuid kpi_id;
};
static const struct field kpi_meant_fields[] = {COLUMN(kpi_meant, kpi_id)};
static const struct model kpi_meant_model = MODEL("KPIMeant", kpi_meant, kpi_meant_fields);

/* The KPI that the record names: by its own id, by a link's, or by both when they agree. */
static bool find_kpi(struct op *op, const struct reading_record *record, struct uuid *kpi)
{
    struct kpi_meant named = {record->kpi_id};
    struct row_id meant = {0};
    bool found;

    *kpi = record->shared_kpi_id;
    if (uuid_is_none(record->kpi_id)) {
        if (uuid_is_none(*kpi))
            op_invalid(op, "kpiId", "is required");
        return op_valid(op);
    }
    if (!sql_find(op, KPI_MEANT, AS(kpi_meant, &named), AS(row_id, &meant), &found))
        return false;
    if (uuid_is_none(*kpi)) {
        *kpi = meant.id;
        return found || op_fail(op, STATUS_KPI_NOT_FOUND);
    }
    if (!found || !uuid_equal(*kpi, meant.id))
        op_invalid(op, "kpiId", "is another KPI than sharedKpiId");
    return op_valid(op);
}

/* A reading that an action brought. */
void reading_record(struct op *op)
{
    struct reading_record body;
    struct reading_recorded recorded;

    if (!op_body(op, AS(reading_record, &body)))
        return;
    model_clear(AS(reading_recorded, &recorded));
    if (!find_kpi(op, &body, &recorded.kpi_id))
        return;
    recorded.reading.kpi_id = recorded.kpi_id;
    recorded.reading.period = body.period;
    recorded.reading.value = body.value;
    recorded.reading.adjusted_value = body.adjusted_value;
    recorded.reading.reason = body.reason;
    recorded.reading.source = READING_ACTION;
    recorded.reading.source_id = body.source_id;
    if (reading_put(op, &recorded.reading))
        op_reply(op, AS(reading_recorded, &recorded), -1);
}
