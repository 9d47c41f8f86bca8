/* The KPI with its readings, and what counts of them. */
#include "kpi_detail.h"

#include <math.h>

enum { HISTORY = 12 };

static struct list history_of(struct arena *arena, const struct list *readings)
{
    const struct reading *items = readings->items;
    size_t count = readings->count < HISTORY ? readings->count : HISTORY;
    struct kpi_value *values = arena_array(arena, count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = (struct kpi_value){
            .value = isnan(items[i].adjusted_value) ? items[i].value : items[i].adjusted_value,
            .recorded_at = items[i].updated_at,
        };
    return (struct list){values, count};
}

void kpi_reply_detail(struct op *op, const struct kpi *kpi, struct list readings)
{
    struct kpi_detail detail = {*kpi, readings, history_of(op->arena, &readings)};

    op_reply(op, AS(kpi_detail, &detail), kpi->version);
}
