/* What bodies make of a plan's target points, and whether that may be. */
#include "plan.h"

#include <math.h>
#include <string.h>

struct plan_edit plan_edit_of(struct op *op, const struct plan *plan, size_t more)
{
    const struct target_point *points = plan->points.items;
    struct plan_edit edit = {arena_array(op->arena, plan->points.count + more, sizeof *edit.items),
                             plan->points.count};

    for (size_t i = 0; i < edit.count; i++)
        edit.items[i] =
            (struct edited_point){.before = points[i], .point = points[i], .fate = POINT_KEPT};
    return edit;
}

struct edited_point *edit_by_day(const struct plan_edit *edit, struct timestamp day)
{
    for (size_t i = 0; i < edit->count; i++)
        if (edit->items[i].point.day.us == day.us)
            return &edit->items[i];
    return NULL;
}

struct edited_point *edit_by_id(const struct plan_edit *edit, struct uuid id)
{
    for (size_t i = 0; i < edit->count; i++)
        if (uuid_equal(edit->items[i].before.id, id) && edit->items[i].fate != POINT_ADDED)
            return &edit->items[i];
    return NULL;
}

struct target_input edit_input(const struct target_point *point)
{
    return (struct target_input){
        .id = point->id,
        .day = point->day,
        .value = point->value,
        .optimal_value = point->optimal_value,
        .minimal_value = point->minimal_value,
        .period_start = point->period_start,
        .label = point->label,
        .rationale = point->rationale,
        .confidence = point->confidence,
    };
}

static void put(struct target_point *point, const struct target_input *input)
{
    point->day = input->day;
    point->value = input->value;
    point->optimal_value = input->optimal_value;
    point->minimal_value = input->minimal_value;
    point->period_start = input->period_start;
    point->label = input->label;
    point->rationale = input->rationale;
    point->confidence = input->confidence;
}

static bool is_same(struct op *op, const struct target_point *a, const struct target_point *b)
{
    struct target_input x = edit_input(a), y = edit_input(b);
    struct buffer left = buffer_in(op->arena, 256), right = buffer_in(op->arena, 256);

    model_pack(AS(target_input, &x), &left);
    model_pack(AS(target_input, &y), &right);
    return str_equal(buffer_str(&left), buffer_str(&right));
}

static const char *at_field(struct op *op, const char *where, const char *name)
{
    return where ? arena_printf(op->arena, "%s.%s", where, name).data : name;
}

/* A value that is meant for another member than the one it was read into. */
static void take_subtype(struct op *op, const struct edited_point *at, struct target_input *input,
                         const char *where)
{
    if (input->subtype != TARGET_OPTIMAL && input->subtype != TARGET_MINIMAL)
        return;
    if (!at) {
        op_invalid(op, at_field(op, where, "targetSubtype"),
                   "must be Expected: the day has no target point yet");
        return;
    }
    *(input->subtype == TARGET_OPTIMAL ? &input->optimal_value : &input->minimal_value) =
        input->value;
    input->value = at->point.value;
}

static void check_day(struct op *op, const struct edited_point *at,
                      const struct target_input *input, const char *where)
{
    const char *field = at_field(op, where, "milestoneDate");
    struct timestamp first = timestamp_add_months(op->now, -12 * TARGET_YEARS_MAX);
    struct timestamp last = timestamp_add_months(op->now, 12 * TARGET_YEARS_MAX);

    if (timestamp_is_none(input->day))
        op_invalid(op, field, "is required");
    else if (at && at->named)
        op_invalid(op, field, "is the day of another item, too");
    else if (at && at->point.day.us != input->day.us)
        op_invalid(op, field, "cannot be changed: delete the point and create another");
    else if (timestamp_day_before(input->day, first) || timestamp_day_before(last, input->day))
        op_invalid(op, field, "must be within %d years", TARGET_YEARS_MAX);
    if (!timestamp_is_none(input->period_start) &&
        timestamp_day_before(input->day, input->period_start))
        op_invalid(op, at_field(op, where, "periodStartDate"), "must not be after milestoneDate");
}

/* With both given they lie on their sides of the value. */
static void check_values(struct op *op, const struct target_input *input, const char *where,
                         enum kpi_direction direction)
{
    double sign = direction == KPI_DOWN ? -1 : 1;

    if (isnan(input->value))
        op_invalid(op, at_field(op, where, "targetValue"), "is required");
    if (isnan(input->optimal_value) || isnan(input->minimal_value))
        return;
    if (sign * input->optimal_value < sign * input->value)
        op_invalid(op, at_field(op, where, "optimalValue"), "must not be worse than targetValue");
    if (sign * input->minimal_value > sign * input->value)
        op_invalid(op, at_field(op, where, "minimalValue"), "must not be better than targetValue");
}

void edit_take(struct op *op, struct plan_edit *edit, struct edited_point *at,
               struct target_input *input, const char *where, enum kpi_direction direction)
{
    take_subtype(op, at, input, where);
    check_day(op, at, input, where);
    check_values(op, input, where, direction);
    if (!at) {
        at = &edit->items[edit->count++];
        at->fate = POINT_ADDED;
        model_clear(AS(target_point, &at->point));
        at->point.id = uuid_v7();
        at->before = at->point;
    }
    put(&at->point, input);
    at->named = true;
    at->where = where;
    if (at->fate != POINT_ADDED && !is_same(op, &at->before, &at->point))
        at->fate = POINT_CHANGED;
}

void edit_check(struct op *op, const struct plan_edit *edit, const char *field)
{
    size_t left = 0;

    for (size_t i = 0; i < edit->count; i++)
        left += edit->items[i].fate != POINT_REMOVED;
    if (left > TARGET_POINTS_MAX)
        op_invalid(op, field, "would make %zu target points of %d that a KPI may have", left,
                   TARGET_POINTS_MAX);
}

size_t edit_changes(const struct plan_edit *edit)
{
    size_t changes = 0;

    for (size_t i = 0; i < edit->count; i++)
        changes += edit->items[i].fate != POINT_KEPT;
    return changes;
}
