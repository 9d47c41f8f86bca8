/* Changing several target points at once, or a whole plan. */
#include "event_types.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "plan.h"
#include "queries.h"

/* Months of both lists by their first day; both are sorted. */
static int64_t affected(const struct list *before, const struct list *after)
{
    const struct plan_period_shown *a = before->items, *b = after->items;
    size_t i = 0, j = 0;
    int64_t count = 0;

    while (i < before->count || j < after->count) {
        bool has_a = i < before->count, has_b = j < after->count;
        if (has_a && has_b && a[i].first.us == b[j].first.us) {
            count += a[i].end_value < b[j].end_value || a[i].end_value > b[j].end_value;
            i++;
            j++;
            continue;
        }
        bool first = has_a && (!has_b || a[i].first.us < b[j].first.us);
        i += first;
        j += !first;
        count++;
    }
    return count;
}

static struct packed alert_of(struct op *op, const struct list *goals)
{
    const struct row_id *ids = goals->items;
    struct buffer out = buffer_in(op->arena, 128 + goals->count * 40);

    if (goals->count < 2)
        return (struct packed){STR_NONE};
    pack_map(&out, 3);
    pack_key(&out, "goalCount");
    pack_int(&out, (int64_t)goals->count);
    pack_key(&out, "goalIds");
    pack_array(&out, goals->count);
    for (size_t i = 0; i < goals->count; i++)
        pack_uuid(&out, ids[i].id);
    pack_key(&out, "message");
    pack_text(&out,
              arena_printf(op->arena, "%zu goals use this KPI; its plan counts for all of them",
                           goals->count));
    return (struct packed){buffer_str(&out)};
}

static void change_method(struct op *op, struct plan *plan, enum interpolation method)
{
    struct kpi before = plan->kpi;

    if (!method || method == before.interpolation_method)
        return;
    plan->kpi.interpolation_method = method;
    record_change(&plan->kpi.record, op->now, op->request->user);
    sql_exec(op, KPI_UPDATE, AS(kpi, &plan->kpi));
    op_event_changed(op, EVENT_KPI_UPDATED, plan->kpi.id, plan->kpi.version, AS(kpi, &before),
                     AS(kpi, &plan->kpi));
}

static void reply_changed(struct op *op, const struct plan *plan, const struct list *months_before,
                          size_t changes)
{
    struct plan_changed changed;

    model_clear(AS(plan_changed, &changed));
    changed.milestones = plan->points;
    if (!plan_shown_periods(op, plan, GRANULARITY_MONTHLY, &changed.periods.monthly))
        op_invalid(op, "milestones", "would make a plan of more than %d months", PLAN_PERIODS_MAX);
    if (!op_valid(op))
        return;
    plan_shown_periods(op, plan, GRANULARITY_QUARTERLY, &changed.periods.quarterly);
    plan_shown_periods(op, plan, GRANULARITY_YEARLY, &changed.periods.yearly);
    changed.impact.changed_milestones = (int64_t)changes;
    changed.impact.affected_periods = affected(months_before, &changed.periods.monthly);
    changed.impact.cross_goal_alert = alert_of(op, &plan->goals);
    op_reply(op, AS(plan_changed, &changed), -1);
}

/* PUT /kpis/{id}/milestones. If-Match means the KPI's version. */
void kpi_milestones_update(struct op *op)
{
    struct plan plan;
    struct milestones_input body;
    struct plan_edit edit;
    struct list months;

    if (!plan_open(op, &plan, true) || !op_version_ok(op, plan.kpi.version) ||
        !op_gather_body(op, AS(milestones_input, &body)))
        return;
    plan_shown_periods(op, &plan, GRANULARITY_MONTHLY, &months);
    if (!edit_take_items(op, &plan, &edit, "milestones", false, body.replace_all)) {
        op_valid(op);
        return;
    }
    for (size_t i = 0; body.replace_all && i < edit.count; i++)
        if (!edit.items[i].named)
            edit.items[i].fate = POINT_REMOVED;
    edit_check(op, &edit, "milestones");
    if (!op_valid(op))
        return;
    if (body.replace_all)
        plan_anchors_drop(op, &plan);
    change_method(op, &plan, body.interpolation_method);
    if (plan_store(op, &plan, &edit))
        reply_changed(op, &plan, &months, edit_changes(&edit));
}

/* PUT /kpis/{id}/targets. If-Match means the KPI's version. */
void kpi_targets_update(struct op *op)
{
    struct plan plan;
    struct targets_input body;
    struct plan_edit edit;

    if (!plan_open(op, &plan, true) || !op_version_ok(op, plan.kpi.version) ||
        !op_gather_body(op, AS(targets_input, &body)))
        return;
    if (!edit_take_items(op, &plan, &edit, "targets", true, false)) {
        op_valid(op);
        return;
    }
    edit_check(op, &edit, "targets");
    if (op_valid(op) && plan_store(op, &plan, &edit))
        op_reply_list(op, &target_point_model, plan.points, NULL, 0);
}
