/* Events of svc-kpis about plans: target points, and the anchors that adjusting a plan makes. */
#include "event.h"
#include "feed.h"
#include "lookup.h"
#include "projection.h"
#include "queries.h"

/* --- Target points --- */

struct target_projection {
    struct uuid id, kpi_id;
    struct timestamp day;
    double value, optimal_value, minimal_value;
    int64_t version;
};
static const struct field target_projection_fields[] = {
    COLUMN(target_projection, id),
    FIELD(target_projection, kpi_id, "kpiId", .flags = FIELD_REQUIRED),
    FIELD(target_projection, day, "milestoneDate", .flags = FIELD_DAY | FIELD_REQUIRED),
    FIELD(target_projection, value, "targetValue", .flags = FIELD_REQUIRED),
    FIELD(target_projection, optimal_value, "optimalValue"),
    FIELD(target_projection, minimal_value, "minimalValue"),
    COLUMN(target_projection, version),
};
const struct model target_projection_model =
    MODEL("TargetProjection", target_projection, target_projection_fields);

void target_put(struct op *op, const struct event *event)
{
    struct target_projection target;

    if (!op_body(op, AS(target_projection, &target)))
        return;
    target.id = event->entity;
    target.version = event->version;
    sql_exec(op, TARGET_PUT, AS(target_projection, &target));
}

void target_deleted(struct op *op, const struct event *event)
{
    sql_exec(op, TARGET_DELETE, AS(row_id, &(struct row_id){event->entity}));
}

/* --- Anchors --- */

struct told_anchor {
    struct timestamp day;
    double left_value, right_value;
    bool straight;
};
static const struct field told_anchor_fields[] = {
    FIELD(told_anchor, day, "day", .flags = FIELD_DAY | FIELD_REQUIRED),
    FIELD(told_anchor, left_value, "expectedValue", .flags = FIELD_REQUIRED),
    FIELD(told_anchor, right_value, "value", .flags = FIELD_REQUIRED),
    FIELD(told_anchor, straight, "straight"),
};
static const struct model told_anchor_model = MODEL("AnchorPart", told_anchor, told_anchor_fields);

struct anchor_projection {
    struct uuid kpi_id;
    struct told_anchor anchor;
};
static const struct field anchor_projection_fields[] = {
    COLUMN(anchor_projection, kpi_id),
    OBJECT(anchor_projection, anchor, "anchor", &told_anchor_model, .flags = FIELD_REQUIRED),
    FIELD_AS(anchor_projection, anchor.day, "day", .flags = FIELD_INTERNAL),
    FIELD_AS(anchor_projection, anchor.left_value, "left_value", .flags = FIELD_INTERNAL),
    FIELD_AS(anchor_projection, anchor.right_value, "right_value", .flags = FIELD_INTERNAL),
    FIELD_AS(anchor_projection, anchor.straight, "straight", .flags = FIELD_INTERNAL),
};
const struct model anchor_projection_model =
    MODEL("AnchorProjection", anchor_projection, anchor_projection_fields);

/* The entity is the KPI. */
void plan_adjusted(struct op *op, const struct event *event)
{
    struct anchor_projection projection;

    if (!op_body(op, AS(anchor_projection, &projection)))
        return;
    projection.kpi_id = event->entity;
    sql_exec(op, ANCHORS_BEHIND_DELETE, AS(anchor_projection, &projection));
    sql_exec(op, ANCHOR_PUT, AS(anchor_projection, &projection));
    feed_add(op, event, FEED_KPI_UPDATED, FEED_KPI, event->entity,
             STR("Adjusted the plan of the KPI"));
}

void plan_replaced(struct op *op, const struct event *event)
{
    sql_exec(op, ANCHORS_DELETE, AS(row_id, &(struct row_id){event->entity}));
}
