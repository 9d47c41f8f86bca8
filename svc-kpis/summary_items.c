/* The items of a page of the summary: four statements, however many there are. */
#include <string.h>

#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"
#include "summary_rows.h"

/* SUMMARY_TARGETS */
struct summary_target {
    struct uuid kpi_id, id;
    double value, optimal_value, minimal_value;
    struct timestamp day;
    struct str label;
};
static const struct field summary_target_fields[] = {
    COLUMN(summary_target, kpi_id),        COLUMN(summary_target, id),
    COLUMN(summary_target, value),         COLUMN(summary_target, optimal_value),
    COLUMN(summary_target, minimal_value), COLUMN(summary_target, day),
    COLUMN(summary_target, label),
};
const struct model summary_target_model =
    MODEL("SummaryTarget", summary_target, summary_target_fields);

/* SUMMARY_ACTUALS */
struct summary_actual {
    struct uuid kpi_id, id;
    double value;
    struct timestamp day;
    enum measurement_subtype subtype;
    struct str recorded_by, recorded_by_name;
};
static const struct field summary_actual_fields[] = {
    COLUMN(summary_actual, kpi_id),
    COLUMN(summary_actual, id),
    COLUMN(summary_actual, value),
    COLUMN(summary_actual, day),
    FIELD(summary_actual, subtype, "subtype", .flags = FIELD_INTERNAL,
          .enum_names = &measurement_subtype_names),
    COLUMN(summary_actual, recorded_by),
    COLUMN(summary_actual, recorded_by_name),
};
const struct model summary_actual_model =
    MODEL("SummaryActual", summary_actual, summary_actual_fields);

/* SUMMARY_TREND_TARGETS */
struct summary_trend_target {
    struct uuid kpi_id;
    struct timestamp day;
    double value;
};
static const struct field summary_trend_target_fields[] = {
    COLUMN(summary_trend_target, kpi_id),
    COLUMN(summary_trend_target, day),
    COLUMN(summary_trend_target, value),
};
const struct model summary_trend_target_model =
    MODEL("SummaryTrendTarget", summary_trend_target, summary_trend_target_fields);

struct page_key {
    struct uuids ids;
    int64_t max_points, max_all;
};
static const struct field page_key_fields[] = {
    COLUMN(page_key, ids),
    COLUMN(page_key, max_points),
    COLUMN(page_key, max_all),
};
static const struct model page_key_model = MODEL("SummaryPageKey", page_key, page_key_fields);

/* The rows of all, each list by the KPI's id, and then by day. */
struct page_rows {
    struct list kpis, targets, actuals, trend_targets;
};

/* Rows begin with the KPI's id. */
static size_t rows_begin(const struct list *rows, size_t stride, struct uuid kpi)
{
    size_t low = 0, high = rows->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct uuid *id = (const void *)((const char *)rows->items + middle * stride);
        if (uuid_compare(*id, kpi) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void pack_pair(struct buffer *out, const char *key, double value)
{
    pack_key(out, key);
    pack_double(out, value);
}

/* The rows of one KPI. */
static struct list rows_of(const struct list *rows, size_t stride, struct uuid kpi)
{
    size_t from = rows_begin(rows, stride, kpi), to = from;
    char *items = rows->items;

    while (to < rows->count && memcmp(items + to * stride, &kpi, sizeof kpi) == 0)
        to++;
    return (struct list){items + from * stride, to - from};
}

static struct packed packed_target(struct op *op, const struct list *targets)
{
    const struct summary_target *last = targets->items;
    struct buffer out = buffer_in(op->arena, 256);

    if (targets->count == 0)
        return (struct packed){STR_NONE};
    pack_map(&out, 6);
    pack_key(&out, "targetId");
    pack_uuid(&out, last->id);
    pack_pair(&out, "targetValue", last->value);
    pack_key(&out, "targetDate");
    pack_day(&out, last->day);
    pack_pair(&out, "optimalValue", last->optimal_value);
    pack_pair(&out, "minimalValue", last->minimal_value);
    pack_key(&out, "label");
    pack_text(&out, last->label);
    return (struct packed){buffer_str(&out)};
}

/* The newest one: of the last day the measured one. */
static struct packed packed_actual(struct op *op, const struct list *actuals)
{
    const struct summary_actual *rows = actuals->items;
    struct buffer out = buffer_in(op->arena, 256);
    size_t at = actuals->count;

    if (at-- == 0)
        return (struct packed){STR_NONE};
    if (at > 0 && rows[at - 1].day.us == rows[at].day.us)
        at--;
    pack_map(&out, 6);
    pack_key(&out, "actualId");
    pack_uuid(&out, rows[at].id);
    pack_pair(&out, "actualValue", rows[at].value);
    pack_key(&out, "measurementDate");
    pack_day(&out, rows[at].day);
    pack_key(&out, "actualSubtype");
    pack_text(&out, enum_name(&measurement_subtype_names, rows[at].subtype));
    pack_key(&out, "recordedBy");
    pack_text(&out, rows[at].recorded_by);
    pack_key(&out, "recordedByName");
    pack_text(&out, rows[at].recorded_by_name);
    return (struct packed){buffer_str(&out)};
}

static struct list strategy_links(struct op *op, const struct list *links)
{
    const struct summary_link *rows = links->items;
    struct summary_link *named = arena_array(op->arena, links->count, sizeof *named);
    size_t count = 0;

    for (size_t i = 0; i < links->count; i++)
        if (!uuid_is_none(rows[i].strategy_id))
            named[count++] = rows[i];
    return (struct list){named, count};
}

/* Of one day the measured one first, and the target point last. */
static struct list trend_of(struct op *op, const struct list *actuals, const struct list *targets)
{
    const struct summary_actual *actual = actuals->items, *end = actual + actuals->count;
    const struct summary_trend_target *target = targets->items, *last = target + targets->count;
    struct list trend = {NULL, actuals->count + targets->count};
    struct trend_point *points = arena_array(op->arena, trend.count, sizeof *points);

    trend.items = points;
    while (actual < end || target < last)
        if (target == last || (actual < end && actual->day.us <= target->day.us)) {
            *points++ = (struct trend_point){actual->day, actual->value, false,
                                             actual->subtype == ESTIMATE};
            actual++;
        } else {
            *points++ = (struct trend_point){target->day, target->value, true, false};
            target++;
        }
    return trend;
}

static void fill_kpi(struct summary_item *item, const struct kpi *kpi)
{
    item->id = kpi->id;
    item->name = kpi->name;
    item->description = kpi->description;
    item->unit = kpi->unit;
    item->category = kpi->category;
    item->direction = kpi->direction;
    item->type = kpi->type;
    item->current_value = kpi->current_value;
    item->current_value_date = kpi->current_value_date;
    item->config =
        (struct summary_config){kpi->value_type, kpi->aggregation_type, kpi->aggregation_period,
                                kpi->aggregation_period_count, kpi->interpolation_method};
    item->sharing.is_shared = kpi->is_shared;
    item->sharing.catalog_id = kpi->catalog_id;
    item->sharing.is_custom = kpi->catalog_id.size == 0;
    item->record =
        (struct summary_record){kpi->created_at, kpi->updated_at, kpi->created_by, kpi->updated_by};
}

/* False when the KPI was deleted meanwhile. */
static bool fill(struct op *op, const struct page_rows *rows, const struct summary_kpi *of,
                 struct summary_item *item)
{
    size_t at = rows_begin(&rows->kpis, sizeof(struct kpi), of->id);
    const struct kpi *kpi = &((const struct kpi *)rows->kpis.items)[at];

    if (at == rows->kpis.count || !uuid_equal(kpi->id, of->id))
        return false;
    *item = (struct summary_item){.id = of->id};
    fill_kpi(item, kpi);
    struct list targets = rows_of(&rows->targets, sizeof(struct summary_target), of->id);
    struct list actuals = rows_of(&rows->actuals, sizeof(struct summary_actual), of->id);
    struct list trend_targets =
        rows_of(&rows->trend_targets, sizeof(struct summary_trend_target), of->id);
    item->owner = (struct summary_owner){of->owner_id, of->owner_name};
    item->latest_target = packed_target(op, &targets);
    item->latest_actual = packed_actual(op, &actuals);
    item->target_value = of->target_value;
    item->status = of->status;
    item->progress =
        kpi_progress(of->direction, of->around.start.left, of->target_value, of->current_value);
    item->goal_links = of->links;
    item->strategy_links = strategy_links(op, &of->links);
    item->sharing.goal_links = (int64_t)item->goal_links.count;
    item->sharing.strategy_links = (int64_t)item->strategy_links.count;
    item->trend = trend_of(op, &actuals, &trend_targets);
    return true;
}

bool summary_items_read(struct op *op, const struct list *kpis, int64_t max_points,
                        struct list *items)
{
    const struct summary_kpi *of = kpis->items;
    struct page_rows rows;
    struct page_key key = {ids_of(op->arena, of, kpis->count, sizeof *of), max_points,
                           SUMMARY_TRENDS_MAX + 1};
    struct bound asked = AS(page_key, &key);
    struct summary_item *filled = arena_array(op->arena, kpis->count, sizeof *filled);

    *items = (struct list){filled, kpis->count};
    if (kpis->count == 0)
        return true;
    sql_queue_rows(op, KPIS_BY_IDS, asked, &kpi_model, &rows.kpis);
    sql_queue_rows(op, SUMMARY_TARGETS, asked, &summary_target_model, &rows.targets);
    sql_queue_rows(op, SUMMARY_ACTUALS, asked, &summary_actual_model, &rows.actuals);
    sql_queue_rows(op, SUMMARY_TREND_TARGETS, asked, &summary_trend_target_model,
                   &rows.trend_targets);
    if (!sql_wait(op))
        return false;
    if (rows.actuals.count + rows.trend_targets.count > SUMMARY_TRENDS_MAX)
        return op_page_too_large(op, kpis->count / 2);
    items->count = 0;
    for (size_t i = 0; i < kpis->count; i++)
        if (fill(op, &rows, &of[i], &filled[items->count]))
            items->count++;
    return true;
}
