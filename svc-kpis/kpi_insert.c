/* Writing a new KPI. */
#include "kpi_insert.h"

#include "event_types.h"
#include "queries.h"

static void defaults(struct kpi *kpi)
{
    if (!kpi->type)
        kpi->type = KPI_QUANTITATIVE;
    if (kpi->aggregation_period_count == INT_NONE)
        kpi->aggregation_period_count = 1;
    if (!kpi->interpolation_method)
        kpi->interpolation_method = INTERPOLATION_LINEAR;
    kpi->linked_goal_count = 0;
}

void kpi_insert(struct op *op, struct kpi *kpi)
{
    kpi->id = uuid_v7();
    defaults(kpi);
    record_create(&kpi->record, op->now, op->request->user);
    sql_exec(op, KPI_INSERT, AS(kpi, kpi));
    op_event(op, EVENT_KPI_CREATED, kpi->id, kpi->version, AS(kpi, kpi));
}
