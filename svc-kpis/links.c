/* Links of KPIs to goals. The goal belongs to svc-goals, which is called before anything is
 * written; whether it was deleted meanwhile is read from the table of deleted goals, under the
 * goal's lock.
 */
#include <math.h>

#include "event_types.h"
#include "goals.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "link_goals.h"
#include "lookup.h"
#include "queries.h"

/* What the statements about one link take. */
struct link {
    struct uuid id, goal_id, kpi_id; /* kpi_id: in lookups the KPI's id or the link's */
    double threshold, baseline_value, target_value;
    bool threshold_named, baseline_named, target_named;
};
static const struct field link_fields[] = {
    COLUMN(link, id),
    COLUMN(link, goal_id),
    COLUMN(link, kpi_id),
    COLUMN(link, threshold),
    COLUMN(link, baseline_value),
    COLUMN(link, target_value),
    COLUMN(link, threshold_named),
    COLUMN(link, baseline_named),
    COLUMN(link, target_named),
};
const struct model link_model = MODEL("Link", link, link_fields);

/* With this goal's own values, because the effective ones change with the KPI and its readings. */
struct str link_told(struct op *op, struct goal_kpi *link)
{
    struct buffer data = buffer_in(op->arena, 1024);

    model_pack_open(AS(goal_kpi, link), 2, &data);
    pack_key(&data, "ownBaselineValue");
    pack_double(&data, link->own_baseline_value);
    pack_key(&data, "ownTargetValue");
    pack_double(&data, link->own_target_value);
    return buffer_str(&data);
}

static void publish(struct op *op, const char *type, struct goal_kpi *link)
{
    op_event_packed(op, type, link->id, link->version, link_told(op, link));
}

/* --- Linking --- */

static struct str location_in(struct op *op, const struct goal_kpi *link)
{
    struct str goal = location_of(op, "/goals/", link->goal_id);
    struct str below = location_of(op, "/kpis/", link->shared_kpi_id);

    return arena_printf(op->arena, STR_FMT STR_FMT ":link", STR_ARG(goal), STR_ARG(below));
}

static bool fail_unasked(struct op *op)
{
    return op_fail_because(op, STATUS_SERVICE_UNAVAILABLE,
                           "Whether the goal exists cannot be found out at the moment");
}

static bool check_goal(struct op *op, struct uuid goal)
{
    struct op_call call;

    goal_ask(op, &call, goal);
    enum goal_answer there = goal_wait(op, &call);
    if (there == GOAL_UNKNOWN)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    return there == GOAL_THERE || (op_valid(op) && fail_unasked(op));
}

/* Under the goal's lock: checks that both exist, and that the limit allows one more link. A KPI
 * that does not exist is reported together with other invalid fields. */
static bool may_link(struct op *op, struct link *link)
{
    struct row_id key = {link->kpi_id}, row;
    struct row_count links = {0}, goals = {0};
    struct goal_kpi linked;
    bool deleted = false, found = false, counted = false, again = false;

    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(link, link));
    sql_exec(op, KPI_LINKS_ADVISORY_LOCK, AS(link, link)); /* always after the goal's */
    sql_queue_row(op, GOAL_DELETED, AS(link, link), AS(row_id, &row), &deleted);
    sql_queue_row(op, KPI_FOR_KEY_SHARE, AS(row_id, &key), AS(row_id, &row), &found);
    sql_queue_row(op, LINKS_OF_GOAL_COUNT, AS(link, link), AS(row_count, &links), &counted);
    sql_queue_row(op, LINKS_OF_KPI_COUNT, AS(link, link), AS(row_count, &goals), &counted);
    sql_queue_row(op, LINK_OF_GOAL, AS(link, link), AS(goal_kpi, &linked), &again);
    if (!sql_wait(op))
        return false;
    if (deleted)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    if (!op_valid(op))
        return found || op_invalid(op, "kpiId", "is not a KPI");
    if (!found)
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    if (!again && links.count >= GOAL_KPIS_MAX)
        op_invalid(op, "goalId", "has %d KPIs already, the most a goal may have", GOAL_KPIS_MAX);
    if (!again && goals.count >= KPI_GOALS_MAX)
        op_invalid(op, "kpiId", "is linked to %d goals already, the most a KPI may have",
                   KPI_GOALS_MAX);
    return op_valid(op);
}

/* POST /goals/{goalId}/kpis:link: 201, or 200 when it was linked already. */
void kpi_attach(struct op *op)
{
    struct kpi_link_input body;
    struct uuid goal;
    struct goal_kpi linked;

    if (!path_goal(op, &goal) || !op_gather_body(op, AS(kpi_link_input, &body)) ||
        !check_goal(op, goal))
        return;
    struct link link = {
        .id = uuid_v7(),
        .goal_id = goal,
        .kpi_id = body.kpi_id,
        .threshold = isnan(body.threshold_pct) ? LINK_THRESHOLD_DEFAULT : body.threshold_pct,
        .baseline_value = body.baseline_value,
        .target_value = body.target_value,
        .threshold_named = !isnan(body.threshold_pct),
        .baseline_named = op_named(op, "baselineValue"),
        .target_named = op_named(op, "targetValue"),
    };
    if (!may_link(op, &link))
        return;
    sql_exec(op, LINK_PUT, AS(link, &link));
    model_clear(AS(goal_kpi, &linked));
    if (!sql_row(op, LINK_OF_GOAL, AS(link, &link), AS(goal_kpi, &linked)))
        return;
    goal_kpi_complete(&linked);
    if (linked.version == 1)
        op_created(op, location_in(op, &linked));
    publish(op, EVENT_KPI_LINKED, &linked);
    op_reply(op, AS(goal_kpi, &linked), linked.version);
}

/* --- What is linked --- */

/* Reads the link that `key` means. Of several faults the first is reported: no such goal, no such
 * KPI, no such link. While svc-goals is unavailable, a link proves that its goal exists. */
static bool find_link(struct op *op, struct link *key, struct op_call *goal, struct goal_kpi *link)
{
    struct row_id row;
    bool deleted = false, known = false, found = false;

    model_clear(AS(goal_kpi, link));
    sql_queue_row(op, GOAL_DELETED, AS(link, key), AS(row_id, &row), &deleted);
    sql_queue_row(op, KPI_OR_LINK_EXISTS, AS(link, key), AS(row_id, &row), &known);
    sql_queue_row(op, LINK_OF_GOAL, AS(link, key), AS(goal_kpi, link), &found);
    if (!sql_wait(op))
        return false;
    enum goal_answer there = goal_wait(op, goal);
    if (deleted || there == GOAL_UNKNOWN)
        return op_fail(op, STATUS_GOAL_NOT_FOUND);
    if (found)
        goal_kpi_complete(link);
    else if (there == GOAL_UNASKED)
        return fail_unasked(op);
    return found || op_fail(op, known ? STATUS_KPI_LINK_NOT_FOUND : STATUS_KPI_NOT_FOUND);
}

/* The same for a change: waits for svc-goals before the transaction begins, and locks. */
static bool lock_link(struct op *op, struct link *key, struct goal_kpi *link)
{
    struct op_call call;

    goal_ask(op, &call, key->goal_id);
    goal_wait(op, &call);
    sql_exec(op, GOAL_LINKS_ADVISORY_LOCK, AS(link, key));
    return find_link(op, key, &call, link);
}

/* The goal and the KPI or link of the path; an id that is none is one that nobody has. */
static bool path_link(struct op *op, struct link *key)
{
    model_clear(AS(link, key));
    if (!path_goal(op, &key->goal_id))
        return false;
    uuid_parse(op_path_text(op, "kpiId"), &key->kpi_id);
    return true;
}

/* GET /goals/{goalId}/kpis/{kpiId}:link */
void kpi_linkage_get(struct op *op)
{
    struct link key;
    struct op_call call;
    struct goal_kpi link;

    if (!path_link(op, &key))
        return;
    goal_ask(op, &call, key.goal_id);
    if (find_link(op, &key, &call, &link))
        op_reply(op, AS(goal_kpi, &link), link.version);
}

/* POST /goals/{goalId}/kpis/{kpiId}:setThreshold */
void kpi_threshold_update(struct op *op)
{
    struct kpi_threshold_input body;
    struct link key;
    struct goal_kpi link;

    if (!path_link(op, &key) || !op_body(op, AS(kpi_threshold_input, &body)) ||
        !lock_link(op, &key, &link))
        return;
    link.threshold = body.threshold_pct;
    goal_kpi_complete(&link);
    record_change(&link.record, op->now, op->request->user);
    key.id = link.id;
    key.threshold = link.threshold;
    sql_exec(op, LINK_THRESHOLD, AS(link, &key));
    publish(op, EVENT_KPI_LINKED, &link);
    op_reply(op, AS(goal_kpi, &link), link.version);
}

/* POST /goals/{goalId}/kpis:unlink */
void kpi_detach(struct op *op)
{
    struct kpi_unlink_input body;
    struct link key;
    struct goal_kpi link;

    model_clear(AS(link, &key));
    if (!path_goal(op, &key.goal_id) || !op_body(op, AS(kpi_unlink_input, &body)))
        return;
    key.kpi_id = body.kpi_id;
    if (!lock_link(op, &key, &link))
        return;
    key.id = link.id;
    sql_exec(op, LINK_DELETE, AS(link, &key));
    link.version++;
    publish(op, EVENT_KPI_UNLINKED, &link);
    struct kpi_unlinked unlinked = {link.goal_id, link.shared_kpi_id};
    op_reply(op, AS(kpi_unlinked, &unlinked), -1);
}
