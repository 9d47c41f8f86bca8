/* Storing an adjustment: the points as any change of a plan, the anchor, and what was done, for the
 * history and for the feeds of the linked goals. */
#include "adjust.h"
#include "event_types.h"
#include "lookup.h"
#include "queries.h"

/* When the plan of a KPI was last adjusted. */
struct last_adjustment {
    struct timestamp created_at;
};
static const struct field last_adjustment_fields[] = {
    COLUMN(last_adjustment, created_at),
};
const struct model last_adjustment_model =
    MODEL("LastAdjustment", last_adjustment, last_adjustment_fields);

static struct packed packed_points(struct op *op, const struct plan *plan)
{
    struct target_point *points = plan->points.items;
    struct buffer out = buffer_in(op->arena, 64 + plan->points.count * 512);

    pack_array(&out, plan->points.count);
    for (size_t i = 0; i < plan->points.count; i++)
        model_pack(AS(target_point, &points[i]), &out);
    return (struct packed){buffer_str(&out)};
}

static struct uuids changed_points(struct op *op, const struct plan_edit *edit)
{
    struct uuids ids = {arena_array(op->arena, edit->count, sizeof *ids.items), 0};

    for (size_t i = 0; i < edit->count; i++)
        if (edit->items[i].fate != POINT_KEPT)
            ids.items[ids.count++] = edit->items[i].point.id;
    return ids;
}

void adjust_describe(struct op *op, const struct plan *before, const struct plan *after,
                     const struct adjusting *it, struct plan_adjustment *adjustment)
{
    adjustment->id = uuid_v7();
    adjustment->kpi_id = before->kpi.id;
    adjustment->effective_day = it->day;
    adjustment->type = ADJUSTMENT_MILESTONES;
    adjustment->strategy = it->strategy;
    adjustment->variance_percentage = it->variance_percentage;
    adjustment->previous_milestones = packed_points(op, before);
    adjustment->new_milestones = packed_points(op, after);
    adjustment->affected_milestones = changed_points(op, &it->edit);
    adjustment->affected_goals =
        ids_of(op->arena, before->goals.items, before->goals.count, sizeof(struct row_id));
    adjustment->recalculated_periods = (int64_t)it->months.count;
    adjustment->created_at = op->now;
    adjustment->created_by = op->request->user;
}

/* "Revenue: plan adjusted (maintain final goal): Two deals moved to April" */
static struct str readable(struct op *op, const struct plan *plan,
                           const struct plan_adjustment *adjustment)
{
    struct str words = enum_name(&adjust_strategy_names, adjustment->strategy);
    struct buffer text = buffer_in(op->arena, words.size);

    for (size_t i = 0; i < words.size; i++)
        buffer_append(&text, words.data[i] == '_' ? " " : &words.data[i], 1);
    return arena_printf(op->arena, STR_FMT ": plan adjusted (" STR_FMT "): " STR_FMT,
                        STR_ARG(plan->kpi.name), STR_ARG(buffer_str(&text)),
                        STR_ARG(adjustment->rationale));
}

static void publish(struct op *op, const struct plan *plan, const struct adjusting *it,
                    const struct plan_adjustment *adjustment)
{
    const struct plan_anchor *anchors = it->after.anchors.items;
    struct plan_adjusted_event told = {
        .kpi = {plan->kpi.id, plan->kpi.name, plan->kpi.unit, plan->kpi.direction},
        .adjustment = *adjustment,
        .anchor = anchors[it->after.anchors.count - 1],
        .goal_ids = adjustment->affected_goals,
        .activity_ids = ids_new(op->arena, adjustment->affected_goals.count),
        .title = STR("KPI Plan Adjusted"),
        .text = readable(op, plan, adjustment),
    };

    op_event(op, EVENT_KPI_PLAN_ADJUSTED, plan->kpi.id, plan->kpi.version,
             AS(plan_adjusted_event, &told));
}

/* Who has to wait for the KPI comes after whoever adjusted its plan before. */
static bool come_after(struct op *op, const struct plan *plan)
{
    struct row_id key = {plan->kpi.id};
    struct last_adjustment last = {TIMESTAMP_NONE};
    bool found = false;

    if (!sql_find(op, PLAN_ADJUSTMENT_NEWEST, AS(row_id, &key), AS(last_adjustment, &last), &found))
        return false;
    if (found && last.created_at.us >= op->now.us)
        op->now.us = last.created_at.us + 1;
    return true;
}

bool adjust_store(struct op *op, struct plan *plan, const struct adjusting *it,
                  struct plan_adjustment *adjustment)
{
    struct plan before = *plan;
    struct plan_anchor *anchors = it->after.anchors.items;
    struct plan_anchor *anchor = &anchors[it->after.anchors.count - 1];

    if (!come_after(op, plan))
        return false;
    sql_exec(op, PLAN_ANCHORS_BEHIND_DELETE, AS(plan_anchor, anchor));
    sql_exec(op, PLAN_ANCHOR_PUT, AS(plan_anchor, anchor));
    if (!plan_store(op, plan, &it->edit))
        return false;
    plan->anchors = it->after.anchors;
    adjust_describe(op, &before, plan, it, adjustment);
    sql_exec(op, PLAN_ADJUSTMENT_INSERT, AS(plan_adjustment, adjustment));
    publish(op, plan, it, adjustment);
    return true;
}
