/* Events of svc-kpis. The links of a deleted goal are removed there without events, so their rows
 * stay here, and statements that read links join them with goals. */
#include <math.h>

#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "json.h"
#include "kpis.h"
#include "lookup.h"
#include "projection.h"
#include "queries.h"

/* --- The catalogue --- */

struct kpi_projection {
    struct uuid id;
    int64_t version;
    struct str name, unit, direction, owner_id;
    bool is_shared;
    double baseline_value, target_value;
    struct str interpolation_method;
    struct timestamp baseline_date; /* a day */
    struct timestamp created_at;
};
static const struct field kpi_projection_fields[] = {
    COLUMN(kpi_projection, id),
    COLUMN(kpi_projection, version),
    FIELD(kpi_projection, name, "name", .flags = FIELD_REQUIRED),
    FIELD(kpi_projection, unit, "unit"),
    FIELD(kpi_projection, direction, "direction", .flags = FIELD_REQUIRED),
    FIELD(kpi_projection, owner_id, "ownerId"),
    FIELD(kpi_projection, is_shared, "isShared"),
    FIELD(kpi_projection, baseline_value, "baselineValue"),
    FIELD(kpi_projection, target_value, "targetValue"),
    FIELD(kpi_projection, interpolation_method, "interpolationMethod"),
    FIELD(kpi_projection, baseline_date, "baselineDate", .flags = FIELD_DAY),
    FIELD(kpi_projection, created_at, "createdAt", .flags = FIELD_REQUIRED),
};
const struct model kpi_projection_model =
    MODEL("KPIProjection", kpi_projection, kpi_projection_fields);

static void put_kpi(struct op *op, const struct event *event, enum feed_type type, struct str words)
{
    struct kpi_projection kpi;

    if (!op_body(op, AS(kpi_projection, &kpi)))
        return;
    kpi.id = event->entity;
    kpi.version = event->version;
    sql_exec(op, KPI_PUT, AS(kpi_projection, &kpi));
    feed_add(op, event, type, FEED_KPI, kpi.id, words);
}

static void kpi_created(struct op *op, const struct event *event)
{
    put_kpi(op, event, FEED_KPI_CREATED, STR("Created the KPI"));
}

static void kpi_updated(struct op *op, const struct event *event)
{
    put_kpi(op, event, FEED_KPI_UPDATED, STR("Changed the KPI"));
}

static void kpi_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, KPI_DELETE, AS(row_id, &(struct row_id){event->entity}));
    feed_delete(op, event->entity);
}

/* --- Links --- */

struct link_projection {
    struct uuid id;
    int64_t version;
    struct uuid goal_id, kpi_id;
    double threshold;
    double risk_threshold;               /* NaN in events of release 1.0.0 */
    double baseline_value, target_value; /* of this goal only */
    bool is_primary;                     /* false in events of release 1.0.0, and: */
    struct uuid strategy_id;             /* absent */
};
static const struct field link_projection_fields[] = {
    COLUMN(link_projection, id),
    COLUMN(link_projection, version),
    FIELD(link_projection, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(link_projection, kpi_id, "sharedKpiId", .flags = FIELD_REQUIRED),
    FIELD(link_projection, threshold, "threshold", .flags = FIELD_REQUIRED),
    FIELD(link_projection, risk_threshold, "riskThresholdPct"),
    FIELD(link_projection, baseline_value, "ownBaselineValue"),
    FIELD(link_projection, target_value, "ownTargetValue"),
    FIELD(link_projection, is_primary, "isPrimary"),
    FIELD(link_projection, strategy_id, "strategyId"),
};
const struct model link_projection_model =
    MODEL("LinkProjection", link_projection, link_projection_fields);

static bool read_link(struct op *op, const struct event *event, struct link_projection *link)
{
    if (!op_body(op, AS(link_projection, link)))
        return false;
    link->id = event->entity;
    link->version = event->version;
    return true;
}

static void kpi_linked(struct op *op, const struct event *event)
{
    struct link_projection link;

    if (!read_link(op, event, &link))
        return;
    sql_exec(op, LINK_PUT, AS(link_projection, &link));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, link.kpi_id,
             event->version == 1 ? STR("Linked a goal to the KPI")
                                 : STR("Changed a goal's link to the KPI"));
}

static void kpi_unlinked(struct op *op, const struct event *event)
{
    struct link_projection link;

    if (!read_link(op, event, &link))
        return;
    sql_exec(op, LINK_DELETE, AS(link_projection, &link));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, link.kpi_id,
             STR("Unlinked a goal from the KPI"));
}

/* --- Readings --- */

struct projected_reading {
    struct month period;
    double value, adjusted_value;
};
static const struct field projected_reading_fields[] = {
    FIELD(projected_reading, period, "period", .flags = FIELD_REQUIRED),
    FIELD(projected_reading, value, "value", .flags = FIELD_REQUIRED),
    FIELD(projected_reading, adjusted_value, "adjustedValue"),
};
static const struct model projected_reading_model =
    MODEL("ReadingPart", projected_reading, projected_reading_fields);

struct projected_kpi {
    struct uuid id;
    struct str unit;
};
static const struct field projected_kpi_fields[] = {
    FIELD(projected_kpi, id, "id", .flags = FIELD_REQUIRED),
    FIELD(projected_kpi, unit, "unit"),
};
static const struct model projected_kpi_model =
    MODEL("KPIPart", projected_kpi, projected_kpi_fields);

struct reading_projection {
    struct projected_reading reading;
    struct projected_kpi kpi;
    int64_t version;
    struct uuid kpi_id;
    struct month period;
    double value;         /* the one that counts */
    struct timestamp day; /* that counts of the month; absent in events of older releases */
    bool is_estimate;
};
static const struct field reading_projection_fields[] = {
    OBJECT(reading_projection, reading, "reading", &projected_reading_model,
           .flags = FIELD_REQUIRED),
    OBJECT(reading_projection, kpi, "kpi", &projected_kpi_model, .flags = FIELD_REQUIRED),
    FIELD(reading_projection, day, "measurementDate", .flags = FIELD_DAY),
    FIELD(reading_projection, is_estimate, "isEstimate"),
    COLUMN(reading_projection, version),
    COLUMN(reading_projection, kpi_id),
    COLUMN(reading_projection, period),
    COLUMN(reading_projection, value),
};
const struct model reading_projection_model =
    MODEL("ReadingProjection", reading_projection, reading_projection_fields);

/* "Recorded 42.5 EUR for 2025-01 of the KPI" */
static struct str reading_words(struct op *op, const struct reading_projection *projection)
{
    char number[32], month[8];
    int size = (int)double_format(projection->value, number);

    month_format(projection->period.number, month);
    return arena_printf(op->arena, "Recorded %.*s%s" STR_FMT " for %s of the KPI", size, number,
                        projection->kpi.unit.size > 0 ? " " : "", STR_ARG(projection->kpi.unit),
                        month);
}

static bool read_reading(struct op *op, const struct event *event,
                         struct reading_projection *projection)
{
    if (!op_body(op, AS(reading_projection, projection)))
        return false;
    projection->version = event->version;
    projection->kpi_id = projection->kpi.id;
    projection->period = projection->reading.period;
    projection->value = isnan(projection->reading.adjusted_value)
                            ? projection->reading.value
                            : projection->reading.adjusted_value;
    return true;
}

static void reading_created(struct op *op, const struct event *event)
{
    struct reading_projection projection;

    if (!read_reading(op, event, &projection))
        return;
    sql_exec(op, READING_PUT, AS(reading_projection, &projection));
    sql_exec(op, KPI_ENDS, AS(reading_projection, &projection));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, projection.kpi_id,
             reading_words(op, &projection));
}

static void reading_removed(struct op *op, const struct event *event)
{
    struct reading_projection projection;
    char month[8];

    if (!read_reading(op, event, &projection))
        return;
    sql_exec(op, READING_DELETE, AS(reading_projection, &projection));
    sql_exec(op, KPI_ENDS, AS(reading_projection, &projection));
    month_format(projection.period.number, month);
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, projection.kpi_id,
             arena_printf(op->arena, "Removed the reading for %s of the KPI", month));
}

void kpis_project(struct op *op, struct consumed_event *event)
{
    static const struct projection table[] = {
        {EVENT_KPI_CREATED, kpi_created},
        {EVENT_KPI_UPDATED, kpi_updated},
        {EVENT_KPI_DELETED, kpi_deleted},
        {EVENT_KPI_LINKED, kpi_linked},
        {EVENT_KPI_UNLINKED, kpi_unlinked},
        {EVENT_KPI_READING_REMOVED, reading_removed},
        {EVENT_KPI_READING_CREATED, reading_created},
        {EVENT_KPI_TARGET_CREATED, target_put},
        {EVENT_KPI_TARGET_UPDATED, target_put},
        {EVENT_KPI_TARGET_DELETED, target_deleted},
        {EVENT_KPI_PLAN_ADJUSTED, plan_adjusted},
        {EVENT_KPI_PLAN_REPLACED, plan_replaced},
        {NULL, NULL},
    };

    projection_apply(op, event, table, SERVICE_KPIS);
}
