/* The items of a page of the summary: three statements, however many there are. */
#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"
#include "summary_rows.h"

/* SUMMARY_LATEST */
struct summary_latest {
    struct uuid kpi_id;
    struct uuid target_id; /* none: no target point */
    double target_value, optimal_value, minimal_value;
    struct timestamp target_day;
    struct str label;
    struct uuid actual_id; /* none: no measurement */
    double actual;
    struct timestamp actual_day;
    enum measurement_subtype subtype;
    struct str recorded_by, recorded_by_name;
};
static const struct field summary_latest_fields[] = {
    COLUMN(summary_latest, kpi_id),
    COLUMN(summary_latest, target_id),
    COLUMN(summary_latest, target_value),
    COLUMN(summary_latest, optimal_value),
    COLUMN(summary_latest, minimal_value),
    COLUMN(summary_latest, target_day),
    COLUMN(summary_latest, label),
    COLUMN(summary_latest, actual_id),
    COLUMN(summary_latest, actual),
    COLUMN(summary_latest, actual_day),
    FIELD(summary_latest, subtype, "subtype", .flags = FIELD_INTERNAL,
          .enum_names = &measurement_subtype_names),
    COLUMN(summary_latest, recorded_by),
    COLUMN(summary_latest, recorded_by_name),
};
const struct model summary_latest_model =
    MODEL("SummaryLatest", summary_latest, summary_latest_fields);

/* SUMMARY_TRENDS */
struct summary_trend {
    struct uuid kpi_id;
    struct timestamp date;
    double value;
    bool is_target, is_estimate;
};
static const struct field summary_trend_fields[] = {
    COLUMN(summary_trend, kpi_id),      COLUMN(summary_trend, date),
    COLUMN(summary_trend, value),       COLUMN(summary_trend, is_target),
    COLUMN(summary_trend, is_estimate),
};
const struct model summary_trend_model = MODEL("SummaryTrend", summary_trend, summary_trend_fields);

struct trends_key {
    struct uuids ids;
    int64_t max_points, max_all;
};
static const struct field trends_key_fields[] = {
    COLUMN(trends_key, ids),
    COLUMN(trends_key, max_points),
    COLUMN(trends_key, max_all),
};
static const struct model trends_key_model = MODEL("TrendsKey", trends_key, trends_key_fields);

/* The rows of all, each list by the KPI's id. */
struct page_rows {
    struct list kpis, latest, trends;
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

static struct packed packed_target(struct op *op, const struct summary_latest *latest)
{
    struct buffer out = buffer_in(op->arena, 256);

    if (uuid_is_none(latest->target_id))
        return (struct packed){STR_NONE};
    pack_map(&out, 6);
    pack_key(&out, "targetId");
    pack_uuid(&out, latest->target_id);
    pack_pair(&out, "targetValue", latest->target_value);
    pack_key(&out, "targetDate");
    pack_day(&out, latest->target_day);
    pack_pair(&out, "optimalValue", latest->optimal_value);
    pack_pair(&out, "minimalValue", latest->minimal_value);
    pack_key(&out, "label");
    pack_text(&out, latest->label);
    return (struct packed){buffer_str(&out)};
}

static struct packed packed_actual(struct op *op, const struct summary_latest *latest)
{
    struct buffer out = buffer_in(op->arena, 256);

    if (uuid_is_none(latest->actual_id))
        return (struct packed){STR_NONE};
    pack_map(&out, 6);
    pack_key(&out, "actualId");
    pack_uuid(&out, latest->actual_id);
    pack_pair(&out, "actualValue", latest->actual);
    pack_key(&out, "measurementDate");
    pack_day(&out, latest->actual_day);
    pack_key(&out, "actualSubtype");
    pack_text(&out, enum_name(&measurement_subtype_names, latest->subtype));
    pack_key(&out, "recordedBy");
    pack_text(&out, latest->recorded_by);
    pack_key(&out, "recordedByName");
    pack_text(&out, latest->recorded_by_name);
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

static struct list trend_of(struct op *op, const struct list *trends, struct uuid kpi)
{
    const struct summary_trend *rows = trends->items;
    size_t from = rows_begin(trends, sizeof *rows, kpi), to = from;

    while (to < trends->count && uuid_equal(rows[to].kpi_id, kpi))
        to++;
    struct trend_point *points = arena_array(op->arena, to - from, sizeof *points);
    for (size_t i = from; i < to; i++)
        points[i - from] = (struct trend_point){rows[i].date, rows[i].value, rows[i].is_target,
                                                rows[i].is_estimate};
    return (struct list){points, to - from};
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
    item->owner = (struct summary_owner){kpi->owner_id, kpi->owner_name};
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
    size_t latest = rows_begin(&rows->latest, sizeof(struct summary_latest), of->id);
    const struct kpi *kpi = &((const struct kpi *)rows->kpis.items)[at];

    if (at == rows->kpis.count || !uuid_equal(kpi->id, of->id))
        return false;
    *item = (struct summary_item){.id = of->id};
    fill_kpi(item, kpi);
    const struct summary_latest *last =
        &((const struct summary_latest *)rows->latest.items)[latest];
    item->latest_target = packed_target(op, last);
    item->latest_actual = packed_actual(op, last);
    item->target_value = of->target_value;
    item->status = of->status;
    item->progress =
        kpi_progress(of->direction, of->start_value, of->target_value, of->current_value);
    item->goal_links = of->links;
    item->strategy_links = strategy_links(op, &of->links);
    item->sharing.goal_links = (int64_t)item->goal_links.count;
    item->sharing.strategy_links = (int64_t)item->strategy_links.count;
    item->trend = trend_of(op, &rows->trends, of->id);
    return true;
}

bool summary_items_read(struct op *op, const struct list *kpis, int64_t max_points,
                        struct list *items)
{
    const struct summary_kpi *of = kpis->items;
    struct page_rows rows;
    struct row_ids key = {ids_of(op->arena, of, kpis->count, sizeof *of)};
    struct trends_key trends = {key.ids, max_points, SUMMARY_TRENDS_MAX + 1};
    struct summary_item *filled = arena_array(op->arena, kpis->count, sizeof *filled);

    *items = (struct list){filled, kpis->count};
    if (kpis->count == 0)
        return true;
    sql_queue_rows(op, KPIS_BY_IDS, AS(row_ids, &key), &kpi_model, &rows.kpis);
    sql_queue_rows(op, SUMMARY_LATEST, AS(row_ids, &key), &summary_latest_model, &rows.latest);
    sql_queue_rows(op, SUMMARY_TRENDS, AS(trends_key, &trends), &summary_trend_model, &rows.trends);
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
