/* A goal's KPIs with how far they are. The goal's title and dates are asked of svc-goals; without
 * it what is linked can be read all the same. */
#include "goal_kpi_list.h"

#include <math.h>

#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "link_rows.h"
#include "lookup.h"
#include "queries.h"

/* By the KPI's plan, where there is one and the link has no target of its own. */
static double expected_by_plan(const struct goal_kpi_item *item)
{
    return isnan(item->own_target_value)
               ? plan_around_expected(&item->around, item->current_value_date)
               : (double)NAN;
}

static void complete(struct goal_kpi_item *item, int64_t place, const struct goal_name *goal)
{
    struct link_course course = {
        .direction = item->direction,
        .baseline = item->baseline_value,
        .target = item->target_value,
        .current = item->current_value,
        .start = item->around.start.day,
        .day = item->current_value_date,
        .threshold = item->threshold_pct,
        .risk_threshold = item->risk_threshold,
    };

    item->order_index = place;
    item->progress = kpi_progress(item->direction, item->baseline_value, item->target_value,
                                  item->current_value);
    double expected = expected_by_plan(item);
    if (isnan(expected)) {
        if (!goal)
            return;
        course.end = goal->due_date;
        expected = link_expected(&course);
    }
    item->progress_status = link_status(&course, expected);
}

static struct packed packed_primary(struct op *op, const struct goal_kpi_item *item)
{
    struct buffer out = buffer_in(op->arena, 256);

    pack_map(&out, 3);
    pack_key(&out, "kpiId");
    pack_uuid(&out, item->kpi_id);
    pack_key(&out, "measureId");
    pack_uuid(&out, item->kpi_id);
    pack_key(&out, "name");
    pack_text(&out, item->name);
    return (struct packed){buffer_str(&out)};
}

static void fill(struct op *op, struct goal_kpi_list *list, const struct goal_name *goal)
{
    struct goal_kpi_item *items = list->kpis.items;

    if (goal)
        list->goal_name = goal->title;
    list->total_kpis = (int64_t)list->kpis.count;
    for (size_t i = 0; i < list->kpis.count; i++) {
        complete(&items[i], (int64_t)i + 1, goal);
        if (items[i].is_primary) {
            list->has_primary = true;
            list->primary_kpi = packed_primary(op, &items[i]);
        }
    }
}

static void show(struct op *op, const struct model *model)
{
    struct goal_kpi_list list;
    struct op_call call;
    struct list names = {NULL, 0};
    struct row_id row;
    bool deleted = false;

    model_clear(AS(goal_kpi_list, &list));
    if (!path_goal(op, &list.goal_id))
        return;
    struct link key = {.goal_id = list.goal_id};
    goals_ask_names(op, &call, (struct uuids){&list.goal_id, 1});
    sql_queue_row(op, GOAL_DELETED, AS(link, &key), AS(row_id, &row), &deleted);
    sql_queue_rows(op, KPIS_OF_GOAL, AS(link, &key), &goal_kpi_item_model, &list.kpis);
    if (!sql_wait(op))
        return;
    bool asked = goals_wait_names(op, &call, &names);
    const struct goal_name *goal = goal_name_of(&names, list.goal_id);
    if (deleted || (asked && !goal)) {
        op_fail(op, STATUS_GOAL_NOT_FOUND);
        return;
    }
    if (!asked && list.kpis.count == 0) {
        link_goal_unasked(op);
        return;
    }
    fill(op, &list, goal);
    op_reply(op, (struct bound){model, &list}, -1);
}

/* GET /goals/{goalId}/kpis */
void goal_kpis_get(struct op *op)
{
    show(op, &goal_kpi_list_model);
}

/* GET /goals/{goalId}/measures */
void goal_measures_get(struct op *op)
{
    show(op, &goal_measure_list_model);
}
