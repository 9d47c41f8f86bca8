/* Readings that come from actions, recorded for svc-operations. Recording is no leaf operation,
 * because svc-goals is called before the answer; so no service that svc-operations or svc-goals
 * waits for may call it. */
#include "kpi_handlers.h"
#include "kpis.h"
#include "lookup.h"
#include "queries.h"
#include "recording.h"

/* KPIS_NAMED: those that are there. */
struct kpis_there {
    struct uuid shared_kpi_id;
    struct uuid kpi_id; /* the KPI's, also when a link was named */
};
static const struct field kpis_there_fields[] = {
    COLUMN(kpis_there, shared_kpi_id),
    COLUMN(kpis_there, kpi_id),
};
const struct model kpis_there_model = MODEL("KPIsThere", kpis_there, kpis_there_fields);

/* The KPI that is named by its own id, by a link's, or by both if they agree. Ids that do not exist
 * name no KPI. */
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
void kpi_reading_record(struct op *op)
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
    char *source = arena_alloc(op->arena, UUID_TEXT_SIZE);
    uuid_format(body.source_id, source);
    recorded.reading.source_id = (struct str){source, UUID_TEXT_SIZE};
    if (!reading_post(op, &recorded.reading))
        return;
    if (recorded.reading.version == 1)
        op_created(op, STR_NONE);
    op_reply(op, AS(reading_recorded, &recorded), -1);
}
