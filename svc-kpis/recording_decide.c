/* What a measurement that was recorded means for the plan: nothing, or the plan is adjusted, or how
 * it could be is suggested. Only the newest measurement can trigger that, and only once: not again
 * when it is recorded again, nor when the plan was adjusted from its day on by somebody else. */
#include <math.h>

#include "adjust.h"
#include "event_types.h"
#include "json.h"
#include "lookup.h"
#include "queries.h"
#include "recording.h"

static bool is_adjusted_already(const struct recording *rec)
{
    const struct plan_anchor *anchors = rec->by.anchors.items;
    size_t count = rec->by.anchors.count;

    return rec->measurement.plan_adjusted ||
           (count > 0 && anchors[count - 1].day.us >= rec->measurement.day.us);
}

static bool is_triggered(const struct recording *rec)
{
    return rec->measurement.triggers && rec->is_newest && !is_adjusted_already(rec);
}

static bool adjusts_itself(const struct recording *rec)
{
    const struct replan_rule *rule = &rec->by.rule;

    return rule->strategy != ADJUST_CUSTOM &&
           (rec->wish == ADJUST_AT_ONCE ||
            (rec->wish == ADJUST_BY_RULE && rule->auto_adjust && !rule->needs_approval));
}

static struct adjusting adjusting_to(const struct recording *rec, enum adjust_strategy strategy)
{
    return (struct adjusting){
        .strategy = strategy, .day = rec->measurement.day, .actual = rec->measurement.actual};
}

static struct str number_text(struct op *op, double value)
{
    char text[32];
    int size = (int)double_format(value, text);

    return arena_printf(op->arena, "%.*s", size, text);
}

static struct str day_text(struct op *op, struct timestamp day)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format(day, text);
    return arena_printf(op->arena, "%.10s", text);
}

/* "44000 EUR instead of 50000 EUR on 2025-03-31 (-12 %)" */
static struct str how_far(struct op *op, const struct recording *rec)
{
    const struct measurement *measured = &rec->measurement;
    struct str unit = rec->by.kpi.kpi.unit;
    const char *blank = unit.size > 0 ? " " : "";

    return arena_printf(
        op->arena, STR_FMT "%s" STR_FMT " instead of " STR_FMT "%s" STR_FMT " on %s (%s %%)",
        STR_ARG(number_text(op, measured->actual)), blank, STR_ARG(unit),
        STR_ARG(number_text(op, measured->expected)), blank, STR_ARG(unit),
        day_text(op, measured->day).data, number_text(op, measured->variance_percentage).data);
}

/* --- Adjusting --- */

/* *done: the plan can be adjusted by the strategy, and was. */
static bool adjust(struct op *op, struct recording *rec, struct plan *plan, bool *done)
{
    struct adjusting it = adjusting_to(rec, rec->by.rule.strategy);
    struct adjust_refusal why;
    struct plan_adjustment adjustment;
    struct row_id key = {rec->measurement.id};

    *done = adjust_compute(op, plan, &it, &why);
    if (!*done)
        return true;
    model_clear(AS(plan_adjustment, &adjustment));
    adjustment.trigger = TRIGGER_RULE;
    adjustment.based_on = key.id;
    adjustment.rationale = how_far(op, rec);
    if (!adjust_store(op, plan, &it, &adjustment))
        return false;
    sql_exec(op, MEASUREMENT_ADJUSTED, AS(row_id, &key));
    rec->measurement.plan_adjusted = true;
    struct buffer out = buffer_in(op->arena, 4096);
    model_pack(AS(plan_adjustment, &adjustment), &out);
    rec->adjustment.bytes = buffer_str(&out);
    return true;
}

/* --- Suggesting --- */

/* What adjusting would make of it. */
static struct str suggestion_words(struct op *op, const struct plan *plan,
                                   const struct adjusting *it)
{
    const struct target_point *points = plan->points.items;
    const struct target_point *last = &points[plan->points.count - 1];
    struct str actual = number_text(op, it->actual);

    if (it->strategy == ADJUST_MAINTAIN_GOAL)
        return arena_printf(op->arena, "Keep " STR_FMT " on %s, and lead there anew from " STR_FMT,
                            STR_ARG(number_text(op, last->value)), day_text(op, last->day).data,
                            STR_ARG(actual));
    return arena_printf(op->arena,
                        "Change all later target points by %s %%, as " STR_FMT
                        " is from what was expected",
                        number_text(op, it->variance_percentage).data, STR_ARG(actual));
}

static void pack_proposed(struct buffer *out, const struct plan *plan, const struct adjusting *it)
{
    struct list old = adjust_points_behind(plan, it->day);
    struct list new = adjust_points_behind(&it->after, it->day);
    const struct target_point *before = old.items, *after = new.items;

    pack_array(out, old.count);
    for (size_t i = 0; i < old.count; i++) {
        pack_map(out, 4);
        pack_key(out, "milestoneId");
        pack_uuid(out, before[i].id);
        pack_key(out, "milestoneDate");
        pack_day(out, before[i].day);
        pack_key(out, "currentValue");
        pack_double(out, before[i].value);
        pack_key(out, "proposedValue");
        pack_double(out, after[i].value);
    }
}

static bool pack_suggestion(struct op *op, struct buffer *out, const struct recording *rec,
                            const struct plan *plan, enum adjust_strategy strategy)
{
    struct adjusting it = adjusting_to(rec, strategy);
    struct adjust_refusal why;
    const struct row_id *goals = plan->goals.items;

    if (!adjust_compute(op, plan, &it, &why))
        return false;
    pack_map(out, 5);
    pack_key(out, "strategy");
    pack_text(out, enum_name(&adjust_strategy_names, strategy));
    pack_key(out, "description");
    pack_text(out, suggestion_words(op, plan, &it));
    pack_key(out, "milestones");
    pack_proposed(out, plan, &it);
    pack_key(out, "recalculatedPeriodCount");
    pack_int(out, (int64_t)it.months.count);
    pack_key(out, "affectedGoalIds");
    pack_array(out, plan->goals.count);
    for (size_t i = 0; i < plan->goals.count; i++)
        pack_uuid(out, goals[i].id);
    return true;
}

static void suggest(struct op *op, struct recording *rec, const struct plan *plan)
{
    struct buffer out = buffer_in(op->arena, 1024);
    struct pack_open array = pack_array_open(&out);

    array.count += pack_suggestion(op, &out, rec, plan, ADJUST_MAINTAIN_GOAL);
    array.count += pack_suggestion(op, &out, rec, plan, ADJUST_SHIFT);
    pack_array_close(&out, array);
    rec->suggestions.bytes = buffer_str(&out);
}

/* Once of a measurement: recording it again is nothing new. */
static bool tell(struct op *op, const struct recording *rec)
{
    struct row_id key = {rec->measurement.id}, told;
    bool first = false;

    if (!sql_find(op, MEASUREMENT_TOLD, AS(row_id, &key), AS(row_id, &told), &first))
        return false;
    if (!first)
        return true;
    struct replan_suggested_event event = {
        .kpi_id = rec->measurement.kpi_id,
        .actual_id = key.id,
        .variance_percentage = rec->measurement.variance_percentage,
        .recipients = rec->by.rule.recipients,
        .kpi = rec->by.kpi.kpi,
        .goal_ids = ids_of(op->arena, rec->goals.items, rec->goals.count, sizeof(struct row_id)),
        .activity_ids = ids_new(op->arena, rec->goals.count),
        .title = STR("KPI Off Plan"),
        .text = arena_printf(op->arena, STR_FMT ": off plan, " STR_FMT,
                             STR_ARG(rec->by.kpi.kpi.name), STR_ARG(how_far(op, rec))),
    };
    op_event(op, EVENT_KPI_REPLAN_SUGGESTED, event.kpi_id, rec->measurement.version,
             AS(replan_suggested_event, &event));
    return true;
}

/* --- Which of them --- */

bool recording_decide(struct op *op, struct recording *rec)
{
    bool triggered = rec->wish != ADJUST_NONE && is_triggered(rec);
    bool asked = rec->wish == ADJUST_MANUALLY && rec->measurement.exceeded;
    bool adjusted = false;
    struct plan plan;

    if (!triggered && !asked)
        return !op_failed(op);
    if (!plan_read(op, rec->measurement.kpi_id, &plan, false) ||
        (triggered && adjusts_itself(rec) && !adjust(op, rec, &plan, &adjusted)))
        return false;
    if (!adjusted)
        suggest(op, rec, &plan);
    if (triggered && !adjusted && rec->by.rule.notify && !tell(op, rec))
        return false;
    return !op_failed(op);
}
