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

/* A goal that was deleted is left out, though its event may not have come yet. */
static void name_goals(struct op *op, struct list *linked)
{
    struct linked_goal *goals = linked->items;
    struct op_call call;
    struct list names;
    size_t kept = 0;

    if (linked->count == 0)
        return;
    goals_ask_names(op, &call, ids_of(op->arena, goals, linked->count, sizeof *goals));
    if (!goals_wait_names(op, &call, &names))
        return;
    for (size_t i = 0; i < linked->count; i++) {
        const struct goal_name *name = goal_name_of(&names, goals[i].goal_id);
        if (!name)
            continue;
        goals[kept] = goals[i];
        goals[kept++].goal_name = name->title;
    }
    linked->count = kept;
}

void kpi_detail_reply(struct op *op, struct kpi_detail *detail)
{
    detail->history = history_of(op->arena, &detail->readings);
    name_goals(op, &detail->linked_goals);
    op_reply(op, AS(kpi_detail, detail), detail->kpi.version);
}
