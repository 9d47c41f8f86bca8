/* A goal's primary KPI: the first that is linked, until another is named; when it is unlinked, the
 * one that the caller names, or the oldest. */
#include "link_primary.h"

#include "event_types.h"
#include "kpi_handlers.h"
#include "kpi_progress.h"
#include "kpis.h"
#include "link_rows.h"
#include "lookup.h"
#include "queries.h"

static void tell(struct op *op, struct goal_kpi *link, bool is_primary)
{
    link->is_primary = is_primary;
    record_change(&link->record, op->now, op->request->user);
    goal_kpi_complete(link);
    link_publish(op, EVENT_KPI_LINKED, link);
}

void primary_drop(struct op *op, struct goal_kpi *link)
{
    struct link key = {.goal_id = link->goal_id};

    sql_exec(op, LINK_PRIMARY_CLEAR, AS(link, &key));
    tell(op, link, false);
}

void primary_give(struct op *op, struct goal_kpi *link)
{
    struct link key = {.id = link->id};

    sql_exec(op, LINK_PRIMARY_SET, AS(link, &key));
    tell(op, link, true);
}

static void queue_link(struct op *op, struct statement *statement, struct link *key,
                       struct goal_kpi *link, bool *found)
{
    model_clear(AS(goal_kpi, link));
    *found = false;
    sql_queue_row(op, statement, AS(link, key), AS(goal_kpi, link), found);
}

/* PUT /goals/{goalId}/kpis/{kpiId}:setPrimary */
void primary_kpi_set(struct op *op)
{
    struct link key;
    struct op_call call;
    struct goal_kpi link, before;
    bool found;

    if (!link_path(op, &key))
        return;
    goal_ask(op, &call, key.goal_id);
    if (!link_lock(op, &key, goal_wait(op, &call), &link) || !op_version_ok(op, link.version))
        return;
    queue_link(op, PRIMARY_OF_GOAL, &key, &before, &found);
    if (!sql_wait(op))
        return;
    if (!link.is_primary) {
        if (found)
            primary_drop(op, &before);
        primary_give(op, &link);
    }
    struct kpi_primary moved = {link.goal_id, before.shared_kpi_id, link.shared_kpi_id,
                                link.updated_at};
    op_reply(op, AS(kpi_primary, &moved), -1);
}

/* After the link of `key` was deleted: another becomes the primary one, when the caller has named
 * it or there is none. */
static bool succeed(struct op *op, const struct link *key, struct uuid named,
                    struct kpi_unlinked *unlinked)
{
    struct link other = *key;
    struct goal_kpi next, primary;
    struct row_count remaining = {0};
    bool found, has_primary, counted = false, is_named = !uuid_is_none(named);

    other.kpi_id = named;
    queue_link(op, is_named ? LINK_OF_GOAL : OLDEST_OF_GOAL, &other, &next, &found);
    queue_link(op, PRIMARY_OF_GOAL, &other, &primary, &has_primary);
    sql_queue_row(op, LINKS_OF_GOAL_COUNT, AS(link, &other), AS(row_count, &remaining), &counted);
    if (!sql_wait(op))
        return false;
    unlinked->remaining_kpi_count = remaining.count;
    if (is_named && !found)
        return op_invalid(op, "newPrimaryKpiId", "is not another KPI of this goal") || op_valid(op);
    if (!found || (has_primary && (!is_named || uuid_equal(primary.id, next.id))))
        return true;
    if (has_primary)
        primary_drop(op, &primary);
    primary_give(op, &next);
    unlinked->new_primary_kpi_id = next.shared_kpi_id;
    return true;
}

/* POST /goals/{goalId}/kpis:unlink */
void kpi_detach(struct op *op)
{
    struct kpi_unlink_input body;
    struct link key;
    struct op_call call;
    struct goal_kpi link;

    model_clear(AS(link, &key));
    if (!path_goal(op, &key.goal_id) || !op_body(op, AS(kpi_unlink_input, &body)))
        return;
    key.kpi_id = body.kpi_id;
    goal_ask(op, &call, key.goal_id);
    if (!link_lock(op, &key, goal_wait(op, &call), &link))
        return;
    key.id = link.id;
    sql_exec(op, LINK_DELETE, AS(link, &key));
    link.version++;
    link_publish(op, EVENT_KPI_UNLINKED, &link);
    struct kpi_unlinked unlinked = {.goal_id = link.goal_id, .shared_kpi_id = link.shared_kpi_id};
    if (succeed(op, &key, body.new_primary_kpi_id, &unlinked))
        op_reply(op, AS(kpi_unlinked, &unlinked), -1);
}
