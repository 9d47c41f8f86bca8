/* Creating, changing and deleting one target point. */
#include "kpi_handlers.h"
#include "lookup.h"
#include "plan.h"

static void reply_point(struct op *op, const struct plan *plan, struct uuid id)
{
    struct target_point *point = plan_point(plan, id);

    op_reply(op, AS(target_point, point), point->version);
}

/* Below the KPI or the link that the caller named. */
static struct str location_in(struct op *op, struct uuid point)
{
    struct str kpi = plan_location(op), target = location_of(op, "/targets/", point);

    return arena_printf(op->arena, STR_FMT STR_FMT, STR_ARG(kpi), STR_ARG(target));
}

/* POST /kpis/{id}/targets: 201, or 200 when a point got its optimal or minimal value. */
void kpi_target_create(struct op *op)
{
    struct plan plan;
    struct target_input input;

    if (!plan_open(op, &plan, true) || !op_gather_body(op, AS(target_input, &input)))
        return;
    bool expected = input.subtype != TARGET_OPTIMAL && input.subtype != TARGET_MINIMAL;
    struct plan_edit edit = plan_edit_of(op, &plan, 1);
    struct edited_point *at = timestamp_is_none(input.day) ? NULL : edit_by_day(&edit, input.day);
    if (at && expected) {
        if (op_valid(op))
            op_fail_because(op, STATUS_CONFLICT, "The day has a target point already");
        return;
    }
    if (at) { /* what the body does not say stays */
        input = edit_input(&at->point);
        op_gather_patch(op, AS(target_input, &input));
    }
    edit_take(op, &edit, at, &input, NULL, plan.kpi.direction);
    edit_check(op, &edit, "milestoneDate");
    if (!op_valid(op) || !plan_store(op, &plan, &edit))
        return;
    if (!at) {
        at = &edit.items[edit.count - 1];
        op_created(op, location_in(op, at->point.id));
    }
    reply_point(op, &plan, at->point.id);
}

/* PUT /kpis/{id}/targets/{targetId}: changes the fields the caller sent, keeps the rest. */
void kpi_target_update(struct op *op)
{
    struct plan plan;
    struct target_point *point;

    if (!plan_open(op, &plan, true))
        return;
    point = plan_point_of_path(op, &plan);
    if (!point || !op_version_ok(op, point->version))
        return;
    struct target_input input = edit_input(point);
    if (!op_gather_patch(op, AS(target_input, &input)))
        return;
    struct plan_edit edit = plan_edit_of(op, &plan, 0);
    edit_take(op, &edit, edit_by_id(&edit, point->id), &input, NULL, plan.kpi.direction);
    struct uuid id = point->id;
    if (op_valid(op) && plan_store(op, &plan, &edit))
        reply_point(op, &plan, id);
}

/* DELETE /kpis/{id}/targets/{targetId} */
void kpi_target_delete(struct op *op)
{
    struct plan plan;
    struct target_point *point;

    if (!plan_open(op, &plan, true))
        return;
    point = plan_point_of_path(op, &plan);
    if (!point || !op_version_ok(op, point->version))
        return;
    struct plan_edit edit = plan_edit_of(op, &plan, 0);
    struct uuid id = point->id;
    edit_by_id(&edit, id)->fate = POINT_REMOVED;
    if (plan_store(op, &plan, &edit))
        op_reply_deleted(op, id);
}
