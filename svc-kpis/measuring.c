/* Reading what measurements are judged by. */
#include "measuring.h"

#include "lookup.h"
#include "queries.h"

static const struct field measured_kpi_fields[] = {
    FIELD_AS(measured_kpi, kpi.id, "id", .flags = FIELD_INTERNAL),
    FIELD_AS(measured_kpi, kpi.name, "name", .flags = FIELD_INTERNAL),
    FIELD_AS(measured_kpi, kpi.unit, "unit", .flags = FIELD_INTERNAL),
    FIELD_AS(measured_kpi, kpi.direction, "direction", .flags = FIELD_INTERNAL,
             .enum_names = &kpi_direction_names),
    FIELD(measured_kpi, interpolation_method, "interpolationMethod", .flags = FIELD_INTERNAL,
          .enum_names = &interpolation_names),
    COLUMN(measured_kpi, version),
};
const struct model measured_kpi_model = MODEL("MeasuredKPI", measured_kpi, measured_kpi_fields);

static const struct field plan_point_fields[] = {
    COLUMN(plan_point, day),
    FIELD_AS(plan_point, left, "value", .flags = FIELD_INTERNAL),
};
const struct model plan_point_model = MODEL("PlanPoint", plan_point, plan_point_fields);

void measuring_queue_kpi(struct op *op, struct uuid kpi, bool lock, struct measuring *by)
{
    struct row_id key = {kpi};

    *by = (struct measuring){.rule = replan_rule_default()};
    model_clear(AS(measured_kpi, &by->kpi));
    model_clear(AS(plan_start, &by->start));
    sql_queue_row(op, lock ? KPI_FOR_NO_KEY_UPDATE : KPI_TO_MEASURE, AS(row_id, &key),
                  AS(measured_kpi, &by->kpi), &by->found);
}

void measuring_queue_targets(struct op *op, struct uuid kpi, struct measuring *by)
{
    struct row_id key = {kpi};

    sql_queue_rows(op, PLAN_TARGETS, AS(row_id, &key), &plan_point_model, &by->targets);
}

void measuring_queue_rest(struct op *op, struct uuid kpi, struct measuring *by)
{
    struct row_id key = {kpi};

    sql_queue_rows(op, PLAN_ANCHORS_OF_KPI, AS(row_id, &key), &plan_anchor_model, &by->anchors);
    sql_queue_row(op, PLAN_START, AS(row_id, &key), AS(plan_start, &by->start), &by->started);
    sql_queue_row(op, REPLAN_RULE_OF_KPI, AS(row_id, &key), AS(replan_rule, &by->rule), &by->ruled);
}

static struct timestamp *days_of(struct op *op, const struct list *anchors)
{
    const struct plan_anchor *items = anchors->items;
    struct timestamp *days = arena_array(op->arena, anchors->count, sizeof *days);

    for (size_t i = 0; i < anchors->count; i++)
        days[i] = items[i].day;
    return days;
}

void measuring_judge(struct op *op, const struct measuring *by, struct measurement *items,
                     size_t known, size_t count)
{
    struct plan_parts parts = {
        .method = by->kpi.interpolation_method,
        .start = {.day = by->start.day, .left = by->start.value},
        .targets = by->targets.items,
        .target_count = by->targets.count,
        .anchors = anchor_points(op, &by->anchors),
        .anchor_count = by->anchors.count,
    };
    size_t room = by->targets.count + by->anchors.count + 1;
    struct plan_path path =
        plan_path_of(&parts, arena_array(op->arena, room, sizeof(struct plan_point)));
    struct measured_against against = {
        .direction = by->kpi.kpi.direction,
        .path = &path,
        .targets = parts.targets,
        .target_count = parts.target_count,
        .threshold = by->rule.threshold,
        .misses = by->rule.misses,
        .adjusted = days_of(op, &by->anchors),
        .adjusted_count = by->anchors.count,
    };

    measurements_judge(&against, items, known, count);
}

void measuring_judge_one(struct op *op, const struct measuring *by, struct measurement *measurement,
                         struct list *before)
{
    size_t known = before->count + 1;
    struct measurement *items = arena_array(op->arena, known, sizeof *items);

    items[0] = *measurement;
    for (size_t i = 1; i < known; i++)
        items[i] = ((const struct measurement *)before->items)[i - 1];
    measuring_judge(op, by, items, known, 1);
    *measurement = items[0];
    *before = (struct list){items + 1, known - 1};
}
