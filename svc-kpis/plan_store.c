/* Storing changed target points: a statement for those that are there afterwards, one for those
 * that are not, and one for the events of each type. */
#include <math.h>

#include "event.h"
#include "event_types.h"
#include "json.h"
#include "lookup.h"
#include "plan.h"
#include "queries.h"

/* TARGET_POINTS_PUT and TARGET_POINTS_DELETE: an item for each point. */
struct target_rows {
    struct uuid kpi_id;
    struct uuids ids;
    struct texts days, values, optimal_values, minimal_values, period_starts, labels, confidences,
        rationales;
};
static const struct field target_rows_fields[] = {
    COLUMN(target_rows, kpi_id),         COLUMN(target_rows, ids),
    COLUMN(target_rows, days),           COLUMN(target_rows, values),
    COLUMN(target_rows, optimal_values), COLUMN(target_rows, minimal_values),
    COLUMN(target_rows, period_starts),  COLUMN(target_rows, labels),
    COLUMN(target_rows, confidences),    COLUMN(target_rows, rationales),
};
static const struct model target_rows_model = MODEL("TargetRows", target_rows, target_rows_fields);

static void add(struct texts *texts, struct str text)
{
    texts->items[texts->count++] = text;
}

static void add_number(struct op *op, struct texts *texts, double number)
{
    char text[32];

    if (isnan(number))
        add(texts, STR_NONE);
    else
        add(texts, arena_printf(op->arena, "%.*s", (int)double_format(number, text), text));
}

static void add_day(struct op *op, struct texts *texts, struct timestamp day)
{
    char text[TIMESTAMP_TEXT_SIZE];

    if (timestamp_is_none(day)) {
        add(texts, STR_NONE);
        return;
    }
    timestamp_format(day, text);
    add(texts, arena_printf(op->arena, "%.*s", TIMESTAMP_TEXT_SIZE, text));
}

static void add_point(struct op *op, struct target_rows *rows, const struct target_point *point)
{
    rows->ids.items[rows->ids.count++] = point->id;
    add_day(op, &rows->days, point->day);
    add_number(op, &rows->values, point->value);
    add_number(op, &rows->optimal_values, point->optimal_value);
    add_number(op, &rows->minimal_values, point->minimal_value);
    add_day(op, &rows->period_starts, point->period_start);
    add(&rows->labels, point->label);
    add_number(op, &rows->confidences, point->confidence);
    add(&rows->rationales, point->rationale);
}

enum { TEXTS = 8 };

static void rows_begin(struct op *op, const struct plan *plan, size_t room,
                       struct target_rows *rows)
{
    struct texts *const texts[TEXTS] = {
        &rows->days,          &rows->values, &rows->optimal_values, &rows->minimal_values,
        &rows->period_starts, &rows->labels, &rows->confidences,    &rows->rationales};

    *rows = (struct target_rows){.kpi_id = plan->kpi.id,
                                 .ids = {arena_array(op->arena, room, sizeof *rows->ids.items), 0}};
    for (size_t i = 0; i < TEXTS; i++)
        *texts[i] = (struct texts){arena_array(op->arena, room, sizeof(struct str)), 0};
}

static void write(struct op *op, const struct plan *plan, const struct plan_edit *edit)
{
    struct target_rows kept, gone;

    rows_begin(op, plan, edit->count, &kept);
    rows_begin(op, plan, edit->count, &gone);
    for (size_t i = 0; i < edit->count; i++) {
        const struct edited_point *item = &edit->items[i];
        if (item->fate == POINT_REMOVED)
            add_point(op, &gone, &item->point);
        else if (item->fate != POINT_KEPT)
            add_point(op, &kept, &item->point);
    }
    if (gone.ids.count > 0)
        sql_exec(op, TARGET_POINTS_DELETE, AS(target_rows, &gone));
    if (kept.ids.count > 0)
        sql_exec(op, TARGET_POINTS_PUT, AS(target_rows, &kept));
}

static struct str packed_point(struct op *op, struct target_point *point)
{
    struct buffer out = buffer_in(op->arena, 1024);

    model_pack(AS(target_point, point), &out);
    return buffer_str(&out);
}

static struct event event_of(struct op *op, const struct plan *plan, struct edited_point *item)
{
    struct target_point *after = plan_point(plan, item->point.id);
    struct event event = {.entity = item->point.id};

    if (!after) { /* removed */
        record_change(&item->before.record, op->now, op->request->user);
        after = &item->before;
    } else if (item->fate == POINT_CHANGED) {
        struct buffer changes = buffer_in(op->arena, 256);
        model_pack_changes(AS(target_point, &item->before), AS(target_point, after), op->arena,
                           &changes);
        event.changes = buffer_str(&changes);
    }
    event.version = after->version;
    event.data = packed_point(op, after);
    return event;
}

void plan_anchors_drop(struct op *op, struct plan *plan)
{
    struct row_id key = {plan->kpi.id};
    struct plan_replaced_event told = {plan->kpi.id};

    if (plan->anchors.count == 0)
        return;
    sql_exec(op, PLAN_ANCHORS_OF_KPI_DELETE, AS(row_id, &key));
    op_event(op, EVENT_KPI_PLAN_REPLACED, key.id, plan->kpi.version,
             AS(plan_replaced_event, &told));
    plan->anchors.count = 0;
}

bool plan_store(struct op *op, struct plan *plan, const struct plan_edit *edit)
{
    static const char *const types[] = {[POINT_ADDED] = EVENT_KPI_TARGET_CREATED,
                                        [POINT_CHANGED] = EVENT_KPI_TARGET_UPDATED,
                                        [POINT_REMOVED] = EVENT_KPI_TARGET_DELETED};
    struct event *events = arena_array(op->arena, edit->count, sizeof *events);

    write(op, plan, edit);
    if (!plan_points_read(op, plan))
        return false;
    for (unsigned fate = POINT_ADDED; fate <= POINT_REMOVED; fate++) {
        size_t count = 0;
        for (size_t i = 0; i < edit->count; i++)
            if (edit->items[i].fate == fate)
                events[count++] = event_of(op, plan, &edit->items[i]);
        op_events_packed(op, types[fate], events, count);
    }
    if (plan->points.count == 0)
        plan_anchors_drop(op, plan);
    return true;
}
