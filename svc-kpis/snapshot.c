/* What svc-kpis gives for snapshots: KPIs, links, readings and plans. */
#include "entities.h"
#include "event_types.h"
#include "goals.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "pack.h"
#include "plan_adjustments.h"
#include "queries.h"

static bool kpis_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, KPIS_AFTER, AS(entities_query, &key), &kpi_model, &rows))
        return false;
    struct kpi *kpis = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        entities_add_bound(op, page, EVENT_KPI_UPDATED, kpis[i].id, &kpis[i].record,
                           AS(kpi, &kpis[i]));
    if (rows.count > 0)
        entities_end(page, query, rows.count, kpis[rows.count - 1].id);
    return true;
}

static bool links_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, LINKS_AFTER, AS(entities_query, &key), &goal_kpi_model, &rows))
        return false;
    struct goal_kpi *links = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        goal_kpi_complete(&links[i]);
        entities_add(op, page, EVENT_KPI_LINKED, links[i].id, &links[i].record,
                     link_told(op, &links[i]));
    }
    if (rows.count > 0)
        entities_end(page, query, rows.count, links[rows.count - 1].id);
    return true;
}

/* Only what stays of a reading's event: it is in nobody's feed anew. By KPIs and months, the order
 * in which they are stored. */
static bool readings_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, READINGS_AFTER, AS(entities_query, &key), &reading_model, &rows))
        return false;
    struct reading *readings = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        struct buffer data = buffer_in(op->arena, 512);
        pack_map(&data, 4);
        pack_key(&data, "measurementDate");
        pack_day(&data, readings[i].day);
        pack_key(&data, "isEstimate");
        pack_bool(&data, readings[i].is_estimate);
        pack_key(&data, "reading");
        model_pack(AS(reading, &readings[i]), &data);
        pack_key(&data, "kpi");
        pack_map(&data, 1);
        pack_key(&data, "id");
        pack_uuid(&data, readings[i].kpi_id);
        entities_add(op, page, EVENT_KPI_READING_CREATED, readings[i].id, &readings[i].record,
                     buffer_str(&data));
    }
    if (rows.count > 0) {
        const struct reading *last = &readings[rows.count - 1];
        entities_end(page, query, rows.count, last->kpi_id);
        page->next_place = last->period.number;
    }
    return true;
}

static bool targets_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, TARGET_POINTS_AFTER, AS(entities_query, &key), &target_point_model, &rows))
        return false;
    struct target_point *points = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        entities_add_bound(op, page, EVENT_KPI_TARGET_UPDATED, points[i].id, &points[i].record,
                           AS(target_point, &points[i]));
    if (rows.count > 0)
        entities_end(page, query, rows.count, points[rows.count - 1].id);
    return true;
}

/* What stays of adjusting a plan. By KPIs and days, the order in which they are stored; the place
 * is the day's in seconds. */
static bool anchors_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, PLAN_ANCHORS_AFTER, AS(entities_query, &key), &plan_anchor_model, &rows))
        return false;
    struct plan_anchor *anchors = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        struct buffer data = buffer_in(op->arena, 256);
        pack_map(&data, 1);
        pack_key(&data, "anchor");
        model_pack(AS(plan_anchor, &anchors[i]), &data);
        entities_add(op, page, EVENT_KPI_PLAN_ADJUSTED, anchors[i].kpi_id, &anchors[i].record,
                     buffer_str(&data));
    }
    if (rows.count > 0) {
        const struct plan_anchor *last = &anchors[rows.count - 1];
        entities_end(page, query, rows.count, last->kpi_id);
        page->next_place = last->day.us / 1000000;
    }
    return true;
}

void entities_after(struct op *op)
{
    static const struct entity_kind kinds[] = {
        {"kpis", kpis_read},       {"links", links_read},     {"readings", readings_read},
        {"targets", targets_read}, {"anchors", anchors_read}, {NULL, NULL},
    };

    entities_answer(op, kinds);
}

void tenants_after(struct op *op)
{
    tenants_answer(op, TENANTS_AFTER);
}
