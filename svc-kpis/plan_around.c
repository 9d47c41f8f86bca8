/* Reading plans around a day. */
#include "plan_around.h"

#include <math.h>

#include "queries.h"

/* PLANS_AROUND: at most two targets and two anchors of a KPI, in this order and by day. */
struct plan_around {
    struct uuid kpi_id;
    bool is_anchor, straight;
    struct timestamp day;
    double left_value, right_value;
};
static const struct field plan_around_fields[] = {
    COLUMN(plan_around, kpi_id), COLUMN(plan_around, is_anchor),  COLUMN(plan_around, straight),
    COLUMN(plan_around, day),    COLUMN(plan_around, left_value), COLUMN(plan_around, right_value),
};
const struct model plan_around_model = MODEL("PlanAround", plan_around, plan_around_fields);

enum { SIDES = 2, PARTS = 2 * SIDES };

static const struct field plans_asked_fields[] = {
    COLUMN(plans_asked, ids),
    COLUMN(plans_asked, days),
};
static const struct model plans_asked_model = MODEL("PlansAsked", plans_asked, plans_asked_fields);

struct plans_asked plans_asked_new(struct op *op, size_t room)
{
    return (struct plans_asked){{arena_array(op->arena, room, sizeof(struct uuid)), 0},
                                {arena_array(op->arena, room, sizeof(struct str)), 0}};
}

void plans_ask(struct op *op, struct plans_asked *asked, struct uuid kpi, struct timestamp day)
{
    char *text;

    if (timestamp_is_none(day))
        return;
    text = arena_alloc(op->arena, TIMESTAMP_TEXT_SIZE);
    timestamp_format(day, text);
    asked->ids.items[asked->ids.count++] = kpi;
    asked->days.items[asked->days.count++] = (struct str){text, TIMESTAMP_TEXT_SIZE};
}

bool plans_around_read(struct op *op, struct plans_asked *asked, struct list *around)
{
    *around = (struct list){NULL, 0};
    return asked->ids.count == 0 ||
           sql_rows(op, PLANS_AROUND, AS(plans_asked, asked), &plan_around_model, around);
}

/* Where the KPI's rows begin. */
static size_t rows_of(const struct list *around, struct uuid kpi)
{
    const struct plan_around *rows = around->items;
    size_t low = 0, high = around->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (uuid_compare(rows[middle].kpi_id, kpi) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double plan_around_expected(const struct list *around, struct uuid kpi, enum interpolation method,
                            struct plan_start start, struct timestamp day)
{
    const struct plan_around *rows = around->items;
    struct plan_point targets[SIDES], anchors[SIDES], room[PARTS + 1];
    struct plan_parts parts = {.method = method,
                               .start = {.day = start.day, .left = start.value},
                               .targets = targets,
                               .anchors = anchors};

    for (size_t i = rows_of(around, kpi); i < around->count && uuid_equal(rows[i].kpi_id, kpi);
         i++) {
        struct plan_point point = {.day = rows[i].day,
                                   .left = rows[i].left_value,
                                   .right = rows[i].right_value,
                                   .straight = rows[i].straight};
        if (rows[i].is_anchor)
            anchors[parts.anchor_count++] = point;
        else
            targets[parts.target_count++] = point;
    }
    struct plan_path path = plan_path_of(&parts, room);
    return timestamp_is_none(day) ? (double)NAN : plan_expected(&path, day);
}
