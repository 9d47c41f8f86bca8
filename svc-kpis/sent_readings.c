/* Comparing readings in a KPI's body with the stored ones. */
#include "sent_readings.h"

#include <math.h>

static const struct reading *reading_by(const struct list *readings, struct uuid id)
{
    const struct reading *items = readings->items;

    for (size_t i = 0; i < readings->count; i++)
        if (uuid_equal(items[i].id, id))
            return &items[i];
    return NULL;
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || (!(a < b) && !(a > b) && !isnan(a) && !isnan(b));
}

/* What a recorder could have set. */
static bool is_as_stored(struct op *op, const struct value *sent, const struct reading *stored)
{
    struct reading reading = *stored;
    struct field_errors errors;

    field_errors_init(&errors, op->arena);
    return model_decode(AS(reading, &reading), sent, DECODE_PATCH, &errors, NULL) &&
           reading.period.number == stored->period.number &&
           same_number(reading.value, stored->value) &&
           same_number(reading.adjusted_value, stored->adjusted_value) &&
           str_equal(reading.reason, stored->reason);
}

void sent_readings_check(struct op *op, const struct list *newest)
{
    const struct value *sent = op_body_value(op, "readings");
    struct uuid id;

    if (value_is_null(sent))
        return;
    if (sent->type != VALUE_ARRAY) {
        op_invalid(op, "readings", "must be an array");
        return;
    }
    for (uint32_t i = 0; i < sent->count; i++) {
        const struct value *item = &sent->items[i];
        struct str field = arena_printf(op->arena, "readings[%u]", (unsigned)i);
        const struct reading *stored = NULL;
        bool known = uuid_parse(value_text(value_get(item, "id")), &id);

        if (known)
            stored = reading_by(newest, id);
        if (!known || (stored && !is_as_stored(op, item, stored)))
            op_invalid(op, field.data, "is recorded by POST to the KPI's readings");
    }
}
