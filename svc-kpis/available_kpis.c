/* What a goal can be linked to: the catalogue, and the tenant's KPIs. Two statements, and one call
 * of svc-goals for the titles of goals. */
#include "available_kpis.h"

#include "kpi_handlers.h"
#include "link_rows.h"
#include "lookup.h"
#include "queries.h"

static void complete(struct available_kpi *kpi, struct str source)
{
    kpi->source = source;
    kpi->is_integration_enabled = false;
    kpi->usage = (struct kpi_usage){kpi->goal_count, kpi->is_used};
}

static struct str source_of(struct op *op, const struct available_kpi *kpi,
                            const struct list *names)
{
    const struct goal_name *goal = goal_name_of(names, kpi->oldest_goal);

    return goal ? arena_printf(op->arena, "Created by " STR_FMT, STR_ARG(goal->title))
                : STR("Custom");
}

/* The goals to be named: the first one of each KPI, and the one of the address. */
static struct uuids goals_to_name(struct op *op, const struct available_kpis *list)
{
    const struct available_kpi *kpis = list->custom.items;
    struct uuids ids = {arena_array(op->arena, list->custom.count + 1, sizeof *ids.items), 0};

    for (size_t i = 0; i < list->custom.count; i++)
        if (!uuid_is_none(kpis[i].oldest_goal))
            ids.items[ids.count++] = kpis[i].oldest_goal;
    if (!uuid_is_none(list->goal_id))
        ids.items[ids.count++] = list->goal_id;
    return ids;
}

/* A KPI that is linked to the goal proves that there is one while svc-goals cannot be asked. */
static bool is_linked(const struct available_kpis *list)
{
    const struct available_kpi *kpis = list->custom.items;

    for (size_t i = 0; i < list->custom.count; i++)
        if (kpis[i].is_used)
            return true;
    return false;
}

static bool name_goals(struct op *op, const struct available_kpis *list, struct list *names)
{
    struct uuids ids = goals_to_name(op, list);
    struct op_call call;

    if (ids.count == 0)
        return true;
    goals_ask_names(op, &call, ids);
    bool asked = goals_wait_names(op, &call, names);
    if (uuid_is_none(list->goal_id))
        return true;
    if (asked)
        return goal_name_of(names, list->goal_id) || op_fail(op, STATUS_GOAL_NOT_FOUND);
    return is_linked(list) || link_goal_unasked(op);
}

static void show(struct op *op, const struct model *model, struct uuid goal)
{
    struct available_kpis list;
    struct list names = {NULL, 0};

    model_clear(AS(available_kpis, &list));
    list.goal_id = goal;
    list.max = AVAILABLE_KPIS_MAX;
    sql_queue_rows(op, CATALOG_USED, AS(available_kpis, &list), &catalog_kpi_model, &list.catalog);
    sql_queue_rows(op, KPIS_AVAILABLE, AS(available_kpis, &list), &available_kpi_model,
                   &list.custom);
    if (!sql_wait(op) || !name_goals(op, &list, &names))
        return;
    struct available_kpi *entries = list.catalog.items, *kpis = list.custom.items;
    for (size_t i = 0; i < list.catalog.count; i++)
        complete(&entries[i], STR("Catalog"));
    for (size_t i = 0; i < list.custom.count; i++)
        complete(&kpis[i], source_of(op, &kpis[i], &names));
    op_reply(op, (struct bound){model, &list}, -1);
}

static void show_for_goal(struct op *op, const struct model *model)
{
    struct uuid goal;

    if (path_goal(op, &goal))
        show(op, model, goal);
}

static const struct uuid no_goal = {{0}};

/* GET /goals/available-kpis */
void available_kpis_get(struct op *op)
{
    show(op, &available_kpis_model, no_goal);
}

/* GET /goals/available-measures */
void available_measures_get(struct op *op)
{
    show(op, &available_measures_model, no_goal);
}

/* GET /goals/{goalId}/available-kpis */
void available_kpis_of_goal_get(struct op *op)
{
    show_for_goal(op, &available_kpis_model);
}

/* GET /goals/{goalId}/available-measures */
void available_measures_of_goal_get(struct op *op)
{
    show_for_goal(op, &available_measures_model);
}
