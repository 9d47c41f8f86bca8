/* What a body says of several target points. */
#include "plan.h"

/* What is wrong with an item, by the item's place. */
static void report(struct op *op, const struct field_errors *errors, const char *where)
{
    for (const struct field_error *error = errors->first; error; error = error->next) {
        struct str field = arena_printf(op->arena, "%s." STR_FMT, where, STR_ARG(error->field));
        op_invalid(op, field.data, STR_FMT, STR_ARG(error->message));
    }
}

/* The point that an item means; false when it names one that is not there. */
static bool find(struct op *op, const struct plan_edit *edit, const struct value *item, bool by_id,
                 struct edited_point **at)
{
    struct target_input named;
    struct field_errors errors;

    model_clear(AS(target_input, &named));
    field_errors_init(&errors, op->arena);
    model_decode(AS(target_input, &named), item, DECODE_CREATE, &errors, NULL);
    *at = NULL;
    if (by_id && !uuid_is_none(named.id)) {
        *at = edit_by_id(edit, named.id);
        return *at != NULL;
    }
    if (!timestamp_is_none(named.day))
        *at = edit_by_day(edit, named.day);
    return true;
}

static void take_item(struct op *op, const struct plan *plan, struct plan_edit *edit,
                      const struct value *item, const char *where, bool by_id)
{
    struct edited_point *at;
    struct target_input input;
    struct field_errors errors;

    if (item->type != VALUE_MAP) {
        op_invalid(op, where, "must be an object");
        return;
    }
    if (!find(op, edit, item, by_id, &at)) {
        op_invalid(op, arena_printf(op->arena, "%s.id", where).data,
                   "is not a target point of this KPI");
        return;
    }
    model_clear(AS(target_input, &input));
    if (at)
        input = edit_input(&at->point);
    field_errors_init(&errors, op->arena);
    if (model_decode(AS(target_input, &input), item, DECODE_PATCH, &errors, NULL))
        edit_take(op, edit, at, &input, where, plan->kpi.direction);
    else
        report(op, &errors, where);
}

bool edit_take_items(struct op *op, const struct plan *plan, struct plan_edit *edit,
                     const char *list, bool by_id, bool may_be_empty)
{
    const struct value *sent = op_body_value(op, list);

    if (value_is_null(sent))
        return false; /* is required, which has been reported */
    if (sent->type != VALUE_ARRAY)
        op_invalid(op, list, "must be an array");
    else if (sent->count > TARGET_POINTS_MAX)
        op_invalid(op, list, "must have at most %d items", TARGET_POINTS_MAX);
    else if (sent->count == 0 && !may_be_empty)
        op_invalid(op, list, "must not be empty");
    else {
        *edit = plan_edit_of(op, plan, sent->count);
        for (uint32_t i = 0; i < sent->count; i++)
            take_item(op, plan, edit, &sent->items[i],
                      arena_printf(op->arena, "%s[%u]", list, (unsigned)i).data, by_id);
        return true;
    }
    return false;
}
