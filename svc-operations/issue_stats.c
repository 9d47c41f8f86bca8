/* How a tenant's issues stand altogether. */
#include "issue_sets.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"
#include "system_config.h"
#include "type_load.h"

/* The SYSTEM statuses, which have no rows. */
struct issue_stats_key {
    struct uuids status_ids;
    struct texts categories; /* of each */
    struct uuid resolved_id;
};
static const struct field issue_stats_key_fields[] = {
    COLUMN(issue_stats_key, status_ids),
    COLUMN(issue_stats_key, categories),
    COLUMN(issue_stats_key, resolved_id),
};
static const struct model issue_stats_key_model =
    MODEL("IssueStatsKey", issue_stats_key, issue_stats_key_fields);

/* ISSUE_TOTALS */
struct issue_totals {
    int64_t total, open, active, inactive, resolved, closed, overdue, critical_open;
    int64_t low, medium, high, critical;
    int64_t created_this_week, resolved_this_week, created_this_month, resolved_this_month;
    double rate, average_hours;
};
static const struct field issue_totals_fields[] = {
    COLUMN(issue_totals, total),
    COLUMN(issue_totals, open),
    COLUMN(issue_totals, active),
    COLUMN(issue_totals, inactive),
    COLUMN(issue_totals, resolved),
    COLUMN(issue_totals, closed),
    COLUMN(issue_totals, overdue),
    COLUMN(issue_totals, critical_open),
    COLUMN(issue_totals, low),
    COLUMN(issue_totals, medium),
    COLUMN(issue_totals, high),
    COLUMN(issue_totals, critical),
    COLUMN(issue_totals, created_this_week),
    COLUMN(issue_totals, resolved_this_week),
    COLUMN(issue_totals, created_this_month),
    COLUMN(issue_totals, resolved_this_month),
    COLUMN(issue_totals, rate),
    COLUMN(issue_totals, average_hours),
};
const struct model issue_totals_model = MODEL("IssueTotals", issue_totals, issue_totals_fields);

/* ISSUES_BY_TYPE */
struct type_total {
    struct uuid type_config_id;
    int64_t count;
};
static const struct field type_total_fields[] = {
    COLUMN(type_total, type_config_id),
    COLUMN(type_total, count),
};
const struct model type_total_model = MODEL("TypeTotal", type_total, type_total_fields);

static struct issue_stats_key system_statuses(struct op *op)
{
    struct issue_stats_key key = {
        .status_ids = {arena_array(op->arena, SYSTEM_STATUSES, sizeof *key.status_ids.items),
                       SYSTEM_STATUSES},
        .categories = {arena_array(op->arena, SYSTEM_STATUSES, sizeof *key.categories.items),
                       SYSTEM_STATUSES},
        .resolved_id = system_status_of(SYSTEM_RESOLVED),
    };

    for (size_t i = 0; i < SYSTEM_STATUSES; i++) {
        struct issue_status status = system_status(i);
        key.status_ids.items[i] = status.id;
        key.categories.items[i] = enum_name(&status_category_names, status.category);
    }
    return key;
}

static int64_t count_of(const struct list *totals, struct uuid type)
{
    const struct type_total *items = totals->items;

    for (size_t i = 0; i < totals->count; i++)
        if (uuid_equal(items[i].type_config_id, type))
            return items[i].count;
    return 0;
}

static void fill_types(struct op *op, const struct list *types, const struct list *totals,
                       struct issue_stats *stats)
{
    const struct issue_type *all = types->items;
    struct type_count *counts = arena_array(op->arena, types->count, sizeof *counts);
    struct buffer names = buffer_in(op->arena, 1024);
    size_t shown = 0;

    for (size_t i = 0; i < types->count; i++) {
        int64_t count = count_of(totals, all[i].id);
        if (all[i].is_active || count > 0)
            counts[shown++] = (struct type_count){all[i].id, all[i].name, count};
    }
    pack_map(&names, shown);
    for (size_t i = 0; i < shown; i++) {
        pack_text(&names, counts[i].name);
        pack_int(&names, counts[i].count);
    }
    stats->by_type = (struct list){counts, shown};
    stats->type_stats = (struct packed){buffer_str(&names)};
}

/* GET /api/operations/issues/stats */
void issue_stats_get(struct op *op)
{
    struct issue_stats_key key = system_statuses(op);
    struct issue_totals is;
    struct list types, totals = {NULL, 0};
    bool found;

    if (!op_query(op, NOTHING))
        return;
    sql_queue_row(op, ISSUE_TOTALS, AS(issue_stats_key, &key), AS(issue_totals, &is), &found);
    sql_queue_rows(op, ISSUES_BY_TYPE, NOTHING, &type_total_model, &totals);
    if (!types_load(op, &types))
        return;
    struct issue_stats stats = {
        .total = is.total,
        .open = is.open,
        .active = is.active,
        .inactive = is.inactive,
        .resolved = is.resolved,
        .closed = is.closed,
        .overdue = is.overdue,
        .critical = is.critical_open,
        .rate = is.rate,
        .impact = {is.low, is.medium, is.high, is.critical,
                   is.total - is.low - is.medium - is.high - is.critical},
        .timeline = {is.average_hours, is.created_this_week, is.resolved_this_week,
                     is.created_this_month, is.resolved_this_month},
    };
    fill_types(op, &types, &totals, &stats);
    op_reply(op, AS(issue_stats, &stats), -1);
}
