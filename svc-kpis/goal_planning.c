/* GET /goals/{goalId}/kpi-planning: a goal's KPIs with where their plans are. The goals are asked
 * of svc-goals in one call; how many statements it takes does not depend on how many KPIs there
 * are. */
#include <math.h>

#include "kpi_handlers.h"
#include "link_rows.h"
#include "lookup.h"
#include "percent.h"
#include "plan.h"
#include "plan_views.h"
#include "queries.h"

/* PLANNING_OF_GOAL, NEXT_TARGETS_OF_GOAL, SHARED_GOALS_OF_GOAL */
struct planning_query {
    struct uuid goal_id;
    struct timestamp today;
    int64_t max;
};
static const struct field planning_query_fields[] = {
    COLUMN(planning_query, goal_id),
    COLUMN(planning_query, today),
    COLUMN(planning_query, max),
};
static const struct model planning_query_model =
    MODEL("PlanningQuery", planning_query, planning_query_fields);

struct shared_goal {
    struct uuid goal_id, kpi_id;
};
static const struct field shared_goal_fields[] = {
    COLUMN(shared_goal, goal_id),
    COLUMN(shared_goal, kpi_id),
};
const struct model shared_goal_model = MODEL("SharedGoal", shared_goal, shared_goal_fields);

/* Rows of the goal's KPIs, all in the order of the KPIs' ids. */
struct planning_rows {
    struct list next;   /* struct target_point: at most two of a KPI, of today and later */
    struct list shared; /* struct shared_goal */
    struct list names;  /* struct goal_name */
    bool named;
};

static void compare(struct goal_planning_item *item)
{
    struct planning_actual *actual = &item->actual;
    double expected = plan_around_expected(&item->around, item->current_day);

    actual->expected = plan_rounded(expected);
    actual->variance = plan_rounded(actual->value - expected);
    actual->variance_percentage =
        percent_rounded((actual->value - expected) / fabs(expected) * 100);
    if (!isfinite(actual->variance_percentage))
        actual->variance_percentage = (double)NAN;
}

static struct packed packed_actual(struct op *op, const struct goal_planning_item *item)
{
    struct buffer out = buffer_in(op->arena, 512);
    struct planning_actual actual = item->actual;

    if (uuid_is_none(actual.id))
        return (struct packed){STR_NONE};
    model_pack(AS(planning_actual, &actual), &out);
    return (struct packed){buffer_str(&out)};
}

/* The first one behind today. The rows are the KPI's that have not passed. */
static struct packed packed_next(struct op *op, const struct planning_rows *rows,
                                 const struct goal_planning_item *item)
{
    struct target_point *points = rows->next.items;
    struct plan plan = {.kpi = {.direction = item->direction}};
    struct timestamp today = timestamp_start_of_day(op->now);
    struct buffer out = buffer_in(op->arena, 1024);
    size_t from = 0;

    while (from < rows->next.count && !uuid_equal(points[from].kpi_id, item->kpi_id))
        from++;
    plan.points.items = points + from;
    while (from + plan.points.count < rows->next.count &&
           uuid_equal(points[from + plan.points.count].kpi_id, item->kpi_id))
        plan.points.count++;
    plan_judge(op, &plan);
    for (size_t i = from; i < from + plan.points.count; i++) {
        if (points[i].day.us <= today.us)
            continue;
        model_pack(AS(target_point, &points[i]), &out);
        return (struct packed){buffer_str(&out)};
    }
    return (struct packed){STR_NONE};
}

/* All goals of a KPI that has two or more. */
static struct list goals_of(struct op *op, const struct planning_rows *rows,
                            const struct goal_planning_item *item)
{
    const struct shared_goal *goals = rows->shared.items;
    struct named_goal *named = arena_array(op->arena, PLANNING_GOALS_MAX, sizeof *named);
    size_t count = 0;

    for (size_t i = 0; item->goal_count > 1 && i < rows->shared.count; i++) {
        const struct goal_name *name = goal_name_of(&rows->names, goals[i].goal_id);
        if (!uuid_equal(goals[i].kpi_id, item->kpi_id) || (rows->named && !name))
            continue;
        named[count++] = (struct named_goal){goals[i].goal_id, name ? name->title : STR_NONE};
    }
    return (struct list){named, count};
}

static void fill(struct op *op, struct goal_planning *planning, const struct planning_rows *rows)
{
    const struct goal_name *goal = goal_name_of(&rows->names, planning->goal.id);
    struct goal_planning_item *items = planning->kpis.items;

    if (goal) {
        planning->goal.title = goal->title;
        planning->goal.intent = goal->intent;
    }
    for (size_t i = 0; i < planning->kpis.count; i++) {
        struct goal_planning_item *item = &items[i];
        compare(item);
        item->variance = (struct planning_variance){item->actual.expected, item->actual.variance,
                                                    item->actual.variance_percentage};
        item->latest_actual = packed_actual(op, item);
        item->next_milestone = packed_next(op, rows, item);
        item->shared_goals = goals_of(op, rows, item);
        item->is_shared = item->is_shared || item->goal_count > 1;
    }
}

/* The goal itself first. */
static void ask_names(struct op *op, struct op_call *call, struct uuid goal,
                      const struct list *shared)
{
    struct uuids ids = {arena_array(op->arena, shared->count + 1, sizeof *ids.items), 1};
    const struct shared_goal *goals = shared->items;

    ids.items[0] = goal;
    for (size_t i = 0; i < shared->count; i++)
        ids.items[ids.count++] = goals[i].goal_id;
    goals_ask_described(op, call, ids, goal);
}

void goal_kpi_planning_get(struct op *op)
{
    struct goal_planning planning;
    struct planning_rows rows = {.named = false};
    struct op_call call;
    struct row_id row;
    bool deleted = false;

    model_clear(AS(goal_planning, &planning));
    if (!path_goal(op, &planning.goal.id))
        return;
    struct planning_query key = {planning.goal.id, timestamp_start_of_day(op->now),
                                 PLANNING_GOALS_MAX};
    struct link goal = {.goal_id = key.goal_id};
    sql_queue_row(op, GOAL_DELETED, AS(link, &goal), AS(row_id, &row), &deleted);
    sql_queue_rows(op, PLANNING_OF_GOAL, AS(planning_query, &key), &goal_planning_item_model,
                   &planning.kpis);
    sql_queue_rows(op, NEXT_TARGETS_OF_GOAL, AS(planning_query, &key), &target_point_model,
                   &rows.next);
    sql_queue_rows(op, SHARED_GOALS_OF_GOAL, AS(planning_query, &key), &shared_goal_model,
                   &rows.shared);
    if (!sql_wait(op))
        return;
    ask_names(op, &call, key.goal_id, &rows.shared);
    rows.named = goals_wait_names(op, &call, &rows.names);
    if (deleted || (rows.named && !goal_name_of(&rows.names, key.goal_id)))
        op_fail(op, STATUS_GOAL_NOT_FOUND);
    else if (!rows.named && planning.kpis.count == 0)
        link_goal_unasked(op);
    else {
        fill(op, &planning, &rows);
        op_reply(op, AS(goal_planning, &planning), -1);
    }
}
