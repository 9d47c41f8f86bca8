/* Events of svc-kpis. The links of a deleted goal are removed there without events, so their rows
 * stay here, and statements that read links join them with goals. */
#include <math.h>

#include "event.h"
#include "event_types.h"
#include "feed.h"
#include "json.h"
#include "kpis.h"
#include "lookup.h"
#include "queries.h"
#include "told.h"

/* --- The catalogue --- */

struct kpi_told {
    struct uuid id;
    int64_t version;
    struct str name, unit, direction, owner_id;
    bool is_shared;
    double baseline_value, target_value;
    struct timestamp created_at;
};
static const struct field kpi_told_fields[] = {
    COLUMN(kpi_told, id),
    COLUMN(kpi_told, version),
    FIELD(kpi_told, name, "name", .flags = FIELD_REQUIRED),
    FIELD(kpi_told, unit, "unit"),
    FIELD(kpi_told, direction, "direction", .flags = FIELD_REQUIRED),
    FIELD(kpi_told, owner_id, "ownerId"),
    FIELD(kpi_told, is_shared, "isShared"),
    FIELD(kpi_told, baseline_value, "baselineValue"),
    FIELD(kpi_told, target_value, "targetValue"),
    FIELD(kpi_told, created_at, "createdAt", .flags = FIELD_REQUIRED),
};
const struct model kpi_told_model = MODEL("KPITold", kpi_told, kpi_told_fields);

static void put_kpi(struct op *op, const struct event *event, enum feed_type type, struct str words)
{
    struct kpi_told kpi;

    if (!op_body(op, AS(kpi_told, &kpi)))
        return;
    kpi.id = event->entity;
    kpi.version = event->version;
    sql_exec(op, KPI_PUT, AS(kpi_told, &kpi));
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
    sql_exec(op, KPI_FORGET, AS(row_id, &(struct row_id){event->entity}));
    feed_forget(op, event->entity);
}

/* --- Links --- */

struct link_told {
    struct uuid id;
    int64_t version;
    struct uuid goal_id, kpi_id;
    double threshold, baseline_value, target_value; /* the latter of this goal only */
};
static const struct field link_told_fields[] = {
    COLUMN(link_told, id),
    COLUMN(link_told, version),
    FIELD(link_told, goal_id, "goalId", .flags = FIELD_REQUIRED),
    FIELD(link_told, kpi_id, "sharedKpiId", .flags = FIELD_REQUIRED),
    FIELD(link_told, threshold, "threshold", .flags = FIELD_REQUIRED),
    FIELD(link_told, baseline_value, "ownBaselineValue"),
    FIELD(link_told, target_value, "ownTargetValue"),
};
const struct model link_told_model = MODEL("LinkTold", link_told, link_told_fields);

static bool read_link(struct op *op, const struct event *event, struct link_told *link)
{
    if (!op_body(op, AS(link_told, link)))
        return false;
    link->id = event->entity;
    link->version = event->version;
    return true;
}

static void kpi_linked(struct op *op, const struct event *event)
{
    struct link_told link;

    if (!read_link(op, event, &link))
        return;
    sql_exec(op, LINK_PUT, AS(link_told, &link));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, link.kpi_id,
             event->version == 1 ? STR("Linked a goal to the KPI")
                                 : STR("Changed a goal's link to the KPI"));
}

static void kpi_unlinked(struct op *op, const struct event *event)
{
    struct link_told link;

    if (!read_link(op, event, &link))
        return;
    sql_exec(op, LINK_FORGET, AS(link_told, &link));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, link.kpi_id,
             STR("Unlinked a goal from the KPI"));
}

/* --- Readings --- */

struct reading_part {
    struct month period;
    double value, adjusted_value;
};
static const struct field reading_part_fields[] = {
    FIELD(reading_part, period, "period", .flags = FIELD_REQUIRED),
    FIELD(reading_part, value, "value", .flags = FIELD_REQUIRED),
    FIELD(reading_part, adjusted_value, "adjustedValue"),
};
static const struct model reading_part_model =
    MODEL("ReadingPart", reading_part, reading_part_fields);

struct kpi_part {
    struct uuid id;
    struct str unit;
};
static const struct field kpi_part_fields[] = {
    FIELD(kpi_part, id, "id", .flags = FIELD_REQUIRED),
    FIELD(kpi_part, unit, "unit"),
};
static const struct model kpi_part_model = MODEL("KPIPart", kpi_part, kpi_part_fields);

struct reading_told {
    struct reading_part reading;
    struct kpi_part kpi;
    int64_t version;
    struct uuid kpi_id;
    struct month period;
    double value; /* the one that counts */
};
static const struct field reading_told_fields[] = {
    OBJECT(reading_told, reading, "reading", &reading_part_model, .flags = FIELD_REQUIRED),
    OBJECT(reading_told, kpi, "kpi", &kpi_part_model, .flags = FIELD_REQUIRED),
    COLUMN(reading_told, version),
    COLUMN(reading_told, kpi_id),
    COLUMN(reading_told, period),
    COLUMN(reading_told, value),
};
const struct model reading_told_model = MODEL("ReadingTold", reading_told, reading_told_fields);

/* "Recorded 42.5 EUR for 2025-01 of the KPI" */
static struct str reading_words(struct op *op, const struct reading_told *told)
{
    char number[32], month[8];
    int size = (int)double_format(told->value, number);

    month_format(told->period.number, month);
    return arena_printf(op->arena, "Recorded %.*s%s" STR_FMT " for %s of the KPI", size, number,
                        told->kpi.unit.size > 0 ? " " : "", STR_ARG(told->kpi.unit), month);
}

static void reading_created(struct op *op, const struct event *event)
{
    struct reading_told told;

    if (!op_body(op, AS(reading_told, &told)))
        return;
    told.version = event->version;
    told.kpi_id = told.kpi.id;
    told.period = told.reading.period;
    told.value =
        isnan(told.reading.adjusted_value) ? told.reading.value : told.reading.adjusted_value;
    sql_exec(op, READING_PUT, AS(reading_told, &told));
    sql_exec(op, KPI_ENDS, AS(reading_told, &told));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, told.kpi_id, reading_words(op, &told));
}

void kpis_told(struct op *op, struct consumed_event *event)
{
    static const struct told table[] = {
        {EVENT_KPI_CREATED, kpi_created},
        {EVENT_KPI_UPDATED, kpi_updated},
        {EVENT_KPI_DELETED, kpi_deleted},
        {EVENT_KPI_LINKED, kpi_linked},
        {EVENT_KPI_UNLINKED, kpi_unlinked},
        {EVENT_KPI_READING_CREATED, reading_created},
        {NULL, NULL},
    };

    told_apply(op, event, table, SERVICE_KPIS);
}
