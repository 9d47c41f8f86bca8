/* The replan rule of a KPI: at most one. */
#include "event_types.h"
#include "kpi_handlers.h"
#include "lookup.h"
#include "plan.h"
#include "queries.h"
#include "replan_rules.h"

/* The rule of the path's KPI; the default one when it has none. With `lock` the KPI is locked. */
static bool open_rule(struct op *op, bool lock, struct replan_rule *rule, bool *found)
{
    struct row_id key, kpi;
    bool there = false;

    *found = false;
    *rule = replan_rule_default();
    if (!kpi_of_path(op, &key.id))
        return false;
    sql_queue_row(op, lock ? KPI_ID_FOR_UPDATE : KPI_EXISTS, AS(row_id, &key), AS(row_id, &kpi),
                  &there);
    sql_queue_row(op, REPLAN_RULE_OF_KPI, AS(row_id, &key), AS(replan_rule, rule), found);
    if (!sql_wait(op))
        return false;
    rule->kpi_id = key.id;
    return there || op_fail(op, STATUS_KPI_NOT_FOUND);
}

/* GET /kpis/{id}/replan-rule */
void replan_rule_get(struct op *op)
{
    struct replan_rule rule;
    bool found;

    if (!open_rule(op, false, &rule, &found))
        return;
    if (found)
        op_reply(op, AS(replan_rule, &rule), rule.version);
    else
        op_fail(op, STATUS_REPLAN_RULE_NOT_FOUND);
}

static struct str location_in(struct op *op)
{
    return arena_printf(op->arena, STR_FMT "/replan-rule", STR_ARG(plan_location(op)));
}

/* PUT /kpis/{id}/replan-rule: creates the rule, or changes the fields the caller sent. */
void replan_rule_put(struct op *op)
{
    struct replan_rule rule, before;
    bool found;

    if (!open_rule(op, true, &rule, &found) || !op_version_ok(op, rule.version))
        return;
    before = rule;
    if (!op_gather_patch(op, AS(replan_rule, &rule)))
        return;
    if (rule.auto_adjust && rule.strategy == ADJUST_CUSTOM)
        op_invalid(op, "adjustmentStrategy", "must be another than custom while autoAdjustEnabled");
    if (!op_valid(op))
        return;
    if (found) {
        record_change(&rule.record, op->now, op->request->user);
        sql_exec(op, REPLAN_RULE_UPDATE, AS(replan_rule, &rule));
        op_event_changed(op, EVENT_KPI_REPLAN_RULE_UPDATED, rule.id, rule.version,
                         AS(replan_rule, &before), AS(replan_rule, &rule));
    } else {
        rule.id = uuid_v7();
        record_create(&rule.record, op->now, op->request->user);
        sql_exec(op, REPLAN_RULE_INSERT, AS(replan_rule, &rule));
        op_event(op, EVENT_KPI_REPLAN_RULE_CREATED, rule.id, rule.version, AS(replan_rule, &rule));
        op_created(op, location_in(op));
    }
    op_reply(op, AS(replan_rule, &rule), rule.version);
}
