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

/* KPIS_NAMED: those that are there. */
struct kpis_there {
    struct uuid shared_kpi_id;
    struct uuid kpi_id; /* the KPI's, also when a link was named */
};
static const struct field kpis_there_fields[] = {
    COLUMN(kpis_there, shared_kpi_id),
    COLUMN(kpis_there, kpi_id),
};
static const struct model kpis_there_model = MODEL("KPIsThere", kpis_there, kpis_there_fields);

/* The KPI that is named: by its own id, by a link's, or by both when they agree. Who names nothing
 * but what is not there, names no KPI. */
static bool find_kpi(struct op *op, struct kpi_named named, struct uuid *kpi)
{
    struct kpis_there there = {{{0}}, {{0}}};
    bool by_shared = !uuid_is_none(named.shared_kpi_id), by_other = !uuid_is_none(named.kpi_id);
    bool found;

    if (!by_shared && !by_other)
        op_invalid(op, "kpiId", "is required");
    if (!op_valid(op) ||
        !sql_find(op, KPIS_NAMED, AS(kpi_named, &named), AS(kpis_there, &there), &found))
        return false;
    *kpi = by_shared ? there.shared_kpi_id : there.kpi_id;
    if (uuid_is_none(there.shared_kpi_id) && uuid_is_none(there.kpi_id))
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    if (by_shared && by_other && uuid_is_none(there.kpi_id))
        op_invalid(op, "kpiId", "is not a KPI or one of its links");
    else if (by_shared && by_other && !uuid_equal(named.shared_kpi_id, there.kpi_id))
        op_invalid(op, "kpiId", "is another KPI than sharedKpiId");
    return op_valid(op);
}

void kpi_check(struct op *op)
{
    struct kpi_named named;
    struct uuid kpi;

    if (!op_body(op, AS(kpi_named, &named)) || !find_kpi(op, named, &kpi))
        return;
    op_reply(op, AS(row_id, &(struct row_id){kpi}), -1);
}

/* A reading that an action brought. */
void reading_record(struct op *op)
{
    struct reading_record body;
    struct reading_recorded recorded;

    if (!op_body(op, AS(reading_record, &body)))
        return;
    model_clear(AS(reading_recorded, &recorded));
    struct kpi_named named = {body.shared_kpi_id, body.kpi_id};
    if (!find_kpi(op, named, &recorded.kpi_id))
        return;
    recorded.reading.kpi_id = recorded.kpi_id;
    recorded.reading.period = body.period;
    recorded.reading.value = body.value;
    recorded.reading.adjusted_value = body.adjusted_value;
    recorded.reading.reason = body.reason;
    recorded.reading.source = READING_ACTION;
    recorded.reading.source_id = body.source_id;
    if (!reading_put(op, &recorded.reading))
        return;
    if (recorded.reading.version == 1)
        op_created(op, STR_NONE);
    op_reply(op, AS(reading_recorded, &recorded), -1);
}
