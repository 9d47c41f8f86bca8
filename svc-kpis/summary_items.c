/* The items of a page of the summary: three statements, however many there are. */
#include <string.h>

#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"
#include "summary_rows.h"

enum { PAGE_SMALL = 100 };

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

/* SUMMARY_TRENDS: a measurement, or, without a subtype, a target point. */
struct summary_trend {
    struct uuid kpi_id, id;
    double value;
    struct timestamp day;
    enum measurement_subtype subtype;
    struct str recorded_by, recorded_by_name;
};
static const struct field summary_trend_fields[] = {
    COLUMN(summary_trend, kpi_id),
    COLUMN(summary_trend, id),
    COLUMN(summary_trend, value),
    COLUMN(summary_trend, day),
    FIELD(summary_trend, subtype, "subtype", .flags = FIELD_INTERNAL,
          .enum_names = &measurement_subtype_names),
    COLUMN(summary_trend, recorded_by),
    COLUMN(summary_trend, recorded_by_name),
};
const struct model summary_trend_model = MODEL("SummaryTrend", summary_trend, summary_trend_fields);

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
    struct list kpis, targets, trends;
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

/* The newest measurement: of the last day that has one the measured one. */
static const struct summary_trend *newest_of(const struct list *trends)
{
    const struct summary_trend *rows = trends->items, *newest = NULL;

    for (size_t i = trends->count; i > 0; i--)
        if (rows[i - 1].subtype && (!newest || rows[i - 1].day.us == newest->day.us))
            newest = &rows[i - 1];
    return newest;
}

static struct packed packed_actual(struct op *op, const struct list *trends)
{
    const struct summary_trend *newest = newest_of(trends);
    struct buffer out = buffer_in(op->arena, 256);

    if (!newest)
        return (struct packed){STR_NONE};
    pack_map(&out, 6);
    pack_key(&out, "actualId");
    pack_uuid(&out, newest->id);
    pack_pair(&out, "actualValue", newest->value);
    pack_key(&out, "measurementDate");
    pack_day(&out, newest->day);
    pack_key(&out, "actualSubtype");
    pack_text(&out, enum_name(&measurement_subtype_names, newest->subtype));
    pack_key(&out, "recordedBy");
    pack_text(&out, newest->recorded_by);
    pack_key(&out, "recordedByName");
    pack_text(&out, newest->recorded_by_name);
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

static struct list trend_of(struct op *op, const struct list *trends)
{
    const struct summary_trend *rows = trends->items;
    struct trend_point *points = arena_array(op->arena, trends->count, sizeof *points);

    for (size_t i = 0; i < trends->count; i++)
        points[i] = (struct trend_point){rows[i].day, rows[i].value, !rows[i].subtype,
                                         rows[i].subtype == ESTIMATE};
    return (struct list){points, trends->count};
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
    struct list trends = rows_of(&rows->trends, sizeof(struct summary_trend), of->id);
    item->owner = (struct summary_owner){of->owner_id, of->owner_name};
    item->latest_target = packed_target(op, &targets);
    item->latest_actual = packed_actual(op, &trends);
    item->target_value = of->target_value;
    item->status = of->status;
    item->progress =
        kpi_progress(of->direction, of->around.start.left, of->target_value, of->current_value);
    item->goal_links = of->links;
    item->strategy_links = strategy_links(op, &of->links);
    item->sharing.goal_links = (int64_t)item->goal_links.count;
    item->sharing.strategy_links = (int64_t)item->strategy_links.count;
    item->trend = trend_of(op, &trends);
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
    /* So many would be read twice, if they did not wait for their turn before. */
    if (kpis->count > PAGE_SMALL && !op_large_begin(op))
        return false;
    sql_queue_rows(op, KPIS_BY_IDS, asked, &kpi_model, &rows.kpis);
    sql_queue_rows(op, SUMMARY_TARGETS, asked, &summary_target_model, &rows.targets);
    sql_queue_rows(op, SUMMARY_TRENDS, asked, &summary_trend_model, &rows.trends);
    if (!sql_wait(op))
        return false;
    if (rows.trends.count > SUMMARY_TRENDS_MAX)
        return op_page_too_large(op, kpis->count / 2);
    items->count = 0;
    for (size_t i = 0; i < kpis->count; i++)
        if (fill(op, &rows, &of[i], &filled[items->count]))
            items->count++;
    return true;
}
