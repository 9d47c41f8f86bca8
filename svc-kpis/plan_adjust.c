/* POST /kpis/{id}/adjust */
#include <math.h>

#include "adjust.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "measurements.h"
#include "queries.h"

/* The measurement that is named, or the newest that counts. What is wrong is collected. */
static bool find_basis(struct op *op, const struct plan *plan, const struct adjust_input *body,
                       struct adjusting *it)
{
    struct row_id key = {body->based_on};
    struct measurement measured;
    bool named = !uuid_is_none(key.id), found = false;

    it->of_day = named ? "basedOnActualId" : "effectiveDate";
    it->day = timestamp_is_none(body->effective_day) ? timestamp_start_of_day(op->now)
                                                     : body->effective_day;
    it->actual = plan->kpi.current_value;
    if (named &&
        !sql_find(op, MEASUREMENT_BY_ID, AS(row_id, &key), AS(measurement, &measured), &found))
        return false;
    if (found && uuid_equal(measured.kpi_id, plan->kpi.id)) {
        it->day = measured.day;
        it->actual = measurement_counts(&measured);
    } else if (named) {
        op_invalid(op, "basedOnActualId", "is not a measurement of this KPI");
    } else if (isnan(it->actual)) {
        op_invalid(op, "basedOnActualId", "is required: the KPI has no measurement that counts");
    }
    return true;
}

/* The points that the body names. */
static void take_custom(struct op *op, const struct plan *plan, struct adjusting *it)
{
    if (!edit_take_items(op, plan, &it->edit, "customMilestones", false, false)) {
        if (value_is_null(op_body_value(op, "customMilestones")))
            op_invalid(op, "customMilestones", "is required with the strategy custom");
        return;
    }
    for (size_t i = 0; i < it->edit.count; i++) {
        const struct edited_point *item = &it->edit.items[i];
        if (item->named && item->point.day.us <= it->day.us)
            op_invalid(op, arena_printf(op->arena, "%s.milestoneDate", item->where).data,
                       "must be after the day from which the plan changes");
    }
    edit_check(op, &it->edit, "customMilestones");
}

static bool read_request(struct op *op, const struct plan *plan, struct adjust_input *body,
                         struct adjusting *it)
{
    if (!op_gather_body(op, AS(adjust_input, body)) || !find_basis(op, plan, body, it))
        return false;
    it->strategy = body->strategy;
    if (body->strategy == ADJUST_CUSTOM)
        take_custom(op, plan, it);
    else if (op_body_value(op, "customMilestones")->count > 0)
        op_invalid(op, "customMilestones", "goes only with the strategy custom");
    return op_valid(op);
}

static bool compute(struct op *op, const struct plan *plan, struct adjusting *it)
{
    struct adjust_refusal why;

    if (!adjust_compute(op, plan, it, &why))
        op_invalid(op, why.field, STR_FMT, STR_ARG(why.message));
    return op_valid(op);
}

static bool store(struct op *op, struct plan *plan, const struct adjust_input *body,
                  struct adjusting *it, struct plan_adjustment *adjustment)
{
    if (!body->preview)
        return adjust_store(op, plan, it, adjustment);
    plan_judge_points(op, &it->after); /* what becomes of new ones, too */
    adjust_describe(op, plan, &it->after, it, adjustment);
    *plan = it->after;
    return true;
}

void kpi_plan_adjust(struct op *op)
{
    struct plan plan;
    struct adjust_input body;
    struct adjusting it = {.of_day = NULL};
    struct plan_adjusted answer;

    model_clear(AS(plan_adjusted, &answer));
    if (!plan_open(op, &plan, true) || !read_request(op, &plan, &body, &it) ||
        !compute(op, &plan, &it))
        return;
    answer.adjustment.trigger = uuid_is_none(body.based_on) ? TRIGGER_MANUAL : TRIGGER_VARIANCE;
    answer.adjustment.based_on = body.based_on;
    answer.adjustment.rationale = body.rationale;
    answer.adjustment.notes = body.notes;
    if (!store(op, &plan, &body, &it, &answer.adjustment))
        return;
    answer.milestones = adjust_points_behind(&plan, it.day);
    answer.periods = it.months;
    op_reply(op, AS(plan_adjusted, &answer), -1);
}
