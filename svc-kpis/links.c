/* Linking a KPI to a goal, and what a link says. */
#include <math.h>

#include "catalog.h"
#include "event_types.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "link_primary.h"
#include "link_rows.h"
#include "lookup.h"
#include "queries.h"

/* --- The strategy that a link names --- */

/* Its row is written before the link's. */
static void queue_strategy(struct op *op, struct strategy_name *strategy, struct row_id *row,
                           bool *there)
{
    *there = false;
    if (!uuid_is_none(strategy->id))
        sql_queue_row(op, STRATEGY_NAMED, AS(strategy_name, strategy), AS(row_id, row), there);
}

static void check_strategy(struct op *op, struct uuid named, bool there)
{
    if (!uuid_is_none(named) && !there)
        op_invalid(op, "strategyId", "is not a strategy of this goal");
}

static void check_risk(struct op *op, double risk, double threshold)
{
    if (risk > threshold)
        op_invalid(op, "riskThresholdPct", "must not be above the threshold, %g", threshold);
}

/* --- Linking --- */

static struct str location_in(struct op *op, const struct goal_kpi *link)
{
    struct str goal = location_of(op, "/goals/", link->goal_id);
    struct str below = location_of(op, "/kpis/", link->shared_kpi_id);

    return arena_printf(op->arena, STR_FMT STR_FMT ":link", STR_ARG(goal), STR_ARG(below));
}

static bool check_goal(struct op *op, struct link *link, struct strategy_name *strategy)
{
    enum goal_answer there = goal_strategy(op, link->goal_id, link->strategy_id, strategy);

    if (there == GOAL_UNKNOWN)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    return there == GOAL_THERE || (op_valid(op) && link_goal_unasked(op));
}

/* What is there already, read under the goal's lock. */
struct linking {
    struct goal_kpi link, primary;
    int64_t links, goals; /* of the goal, of the KPI */
    bool again, has_primary, has_strategy, deleted, found;
};

static bool read_linking(struct op *op, struct link *link, struct strategy_name *strategy,
                         struct linking *now)
{
    struct row_id key = {link->kpi_id}, row;
    struct row_count links = {0}, goals = {0};
    bool counted = false;

    *now = (struct linking){.again = false};
    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(link, link));
    sql_exec(op, KPI_LINKS_ADVISORY_LOCK, AS(link, link)); /* always after the goal's */
    sql_queue_row(op, GOAL_DELETED, AS(link, link), AS(row_id, &row), &now->deleted);
    sql_queue_row(op, KPI_FOR_KEY_SHARE, AS(row_id, &key), AS(row_id, &row), &now->found);
    sql_queue_row(op, LINKS_OF_GOAL_COUNT, AS(link, link), AS(row_count, &links), &counted);
    sql_queue_row(op, LINKS_OF_KPI_COUNT, AS(link, link), AS(row_count, &goals), &counted);
    sql_queue_row(op, LINK_OF_GOAL, AS(link, link), AS(goal_kpi, &now->link), &now->again);
    sql_queue_row(op, PRIMARY_OF_GOAL, AS(link, link), AS(goal_kpi, &now->primary),
                  &now->has_primary);
    queue_strategy(op, strategy, &row, &now->has_strategy);
    if (!sql_wait(op))
        return false;
    now->links = links.count;
    now->goals = goals.count;
    return true;
}

/* Checks that goal and KPI exist, and that the limits allow one more link. A KPI that does not
 * exist is reported together with other invalid fields. */
static bool may_link(struct op *op, const struct link *link, const struct linking *now)
{
    if (now->deleted)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    if (!op_valid(op)) {
        if (!now->found && !uuid_is_none(link->kpi_id))
            op_invalid(op, "kpiId", "is not a KPI");
        return false;
    }
    if (!now->found)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    if (!now->again && now->links >= GOAL_KPIS_MAX)
        op_invalid(op, "goalId", "has %d KPIs already, the most a goal may have", GOAL_KPIS_MAX);
    if (!now->again && now->goals >= KPI_GOALS_MAX)
        op_invalid(op, "kpiId", "is linked to %d goals already, the most a KPI may have",
                   KPI_GOALS_MAX);
    check_strategy(op, link->strategy_id, now->has_strategy);
    check_risk(op, link->risk_threshold,
               now->again && !link->threshold_named ? now->link.threshold : link->threshold);
    return op_valid(op);
}

static struct link link_of(const struct op *op, struct uuid goal, const struct kpi_link_input *body)
{
    return (struct link){
        .id = uuid_v7(),
        .goal_id = goal,
        .kpi_id = body->kpi_id,
        .strategy_id = body->strategy_id,
        .threshold = isnan(body->threshold_pct) ? LINK_THRESHOLD_DEFAULT : body->threshold_pct,
        .risk_threshold = body->risk_threshold_pct,
        .baseline_value = body->baseline_value,
        .target_value = body->target_value,
        .threshold_named = !isnan(body->threshold_pct),
        .risk_named = op_named(op, "riskThresholdPct"),
        .baseline_named = op_named(op, "baselineValue"),
        .target_named = op_named(op, "targetValue"),
        .strategy_named = op_named(op, "strategyId"),
    };
}

/* The KPI's id may be that of an entry of the catalogue: its KPI is meant, which may be made now.
 * The lock is the entry's, so two that link it make one. */
static bool read_linked(struct op *op, struct link *link, struct strategy_name *strategy,
                        struct linking *now)
{
    struct uuid kpi;

    if (!read_linking(op, link, strategy, now))
        return false;
    if (now->found || now->deleted || !catalog_take(op, link->kpi_id, &kpi))
        return !op_failed(op);
    link->kpi_id = kpi;
    return read_linking(op, link, strategy, now);
}

/* POST /goals/{goalId}/kpis:link: 201, or 200 when it was linked already. */
void kpi_attach(struct op *op)
{
    struct kpi_link_input body;
    struct uuid goal;
    struct strategy_name strategy;
    struct linking now;
    struct goal_kpi linked;

    if (!path_goal(op, &goal) || !op_gather_body(op, AS(kpi_link_input, &body)))
        return;
    struct link link = link_of(op, goal, &body);
    if (!check_goal(op, &link, &strategy) || !read_linked(op, &link, &strategy, &now) ||
        !may_link(op, &link, &now))
        return;
    link.is_primary = body.is_primary || !now.has_primary;
    if (link.is_primary && now.has_primary && !uuid_equal(now.primary.id, now.link.id))
        primary_drop(op, &now.primary);
    sql_exec(op, LINK_PUT, AS(link, &link));
    model_clear(AS(goal_kpi, &linked));
    if (!sql_row(op, LINK_OF_GOAL, AS(link, &link), AS(goal_kpi, &linked)))
        return;
    goal_kpi_complete(&linked);
    if (linked.version == 1)
        op_created(op, location_in(op, &linked));
    link_publish(op, EVENT_KPI_LINKED, &linked);
    op_reply(op, AS(goal_kpi, &linked), linked.version);
}

/* --- What is linked --- */

/* GET /goals/{goalId}/kpis/{kpiId}:link */
void kpi_linkage_get(struct op *op)
{
    struct link key;
    struct op_call call;
    struct goal_kpi link;

    if (!link_path(op, &key))
        return;
    goal_ask(op, &call, key.goal_id);
    if (link_find(op, &key, &call, &link))
        op_reply(op, AS(goal_kpi, &link), link.version);
}

/* What the body changes of the link. */
static bool change(struct op *op, struct link *key, const struct goal_kpi *link,
                   const struct kpi_threshold_input *body, struct strategy_name *strategy)
{
    struct row_id row;
    bool there;

    key->id = link->id;
    key->threshold = body->threshold_pct;
    key->risk_threshold =
        op_named(op, "riskThresholdPct") ? body->risk_threshold_pct : link->own_risk_threshold;
    key->strategy_id = op_named(op, "strategyId") ? body->strategy_id : link->strategy_id;
    check_risk(op, body->risk_threshold_pct, key->threshold);
    queue_strategy(op, strategy, &row, &there);
    if (!sql_wait(op))
        return false;
    check_strategy(op, body->strategy_id, there);
    return op_valid(op);
}

/* POST /goals/{goalId}/kpis/{kpiId}:setThreshold */
void kpi_threshold_update(struct op *op)
{
    struct kpi_threshold_input body;
    struct link key;
    struct goal_kpi link;
    struct strategy_name strategy;

    if (!link_path(op, &key) || !op_body(op, AS(kpi_threshold_input, &body)))
        return;
    enum goal_answer there = goal_strategy(op, key.goal_id, body.strategy_id, &strategy);
    if (there == GOAL_UNASKED && !uuid_is_none(body.strategy_id)) {
        link_goal_unasked(op);
        return;
    }
    if (!link_lock(op, &key, there, &link) || !change(op, &key, &link, &body, &strategy))
        return;
    sql_exec(op, LINK_THRESHOLD, AS(link, &key));
    model_clear(AS(goal_kpi, &link));
    if (!sql_row(op, LINK_OF_GOAL, AS(link, &key), AS(goal_kpi, &link)))
        return;
    goal_kpi_complete(&link);
    link_publish(op, EVENT_KPI_LINKED, &link);
    op_reply(op, AS(goal_kpi, &link), link.version);
}
