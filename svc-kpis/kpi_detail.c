/* The KPI with its readings, what counts of them, and the goals that it is linked to. */
#include "kpi_detail.h"

#include <math.h>

#include "link_goals.h"
#include "lookup.h"
#include "queries.h"

enum { HISTORY = 12 };

void kpi_detail_queue(struct op *op, struct uuid kpi, struct kpi_detail *detail)
{
    struct row_id key = {kpi};

    detail->readings = detail->linked_goals = (struct list){NULL, 0};
    sql_queue_rows(op, READINGS_NEWEST, AS(row_id, &key), &reading_model, &detail->readings);
    sql_queue_rows(op, LINKS_OF_KPI, AS(row_id, &key), &linked_goal_model, &detail->linked_goals);
}

static struct list history_of(struct arena *arena, const struct list *readings)
{
    const struct reading *items = readings->items;
    size_t count = readings->count < HISTORY ? readings->count : HISTORY;
    struct kpi_value *values = arena_array(arena, count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = (struct kpi_value){
            .value = reading_counts(&items[i]),
            .recorded_at = items[i].updated_at,
        };
    return (struct list){values, count};
}

void kpi_detail_reply(struct op *op, struct kpi_detail *detail)
{
    detail->history = history_of(op->arena, &detail->readings);
    goals_name_rows(op, &detail->linked_goals, sizeof(struct linked_goal),
                    offsetof(struct linked_goal, goal_name));
    op_reply(op, AS(kpi_detail, detail), detail->kpi.version);
}
