/* Issue statuses. A tenant's changes of its configuration are serialised (CONFIG_ADVISORY_LOCK);
 * the database ensures that names are unique. */
#include "config_rules.h"
#include "event_types.h"
#include "issue_config.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"
#include "status_load.h"
#include "system_config.h"

enum { OWN_STATUSES_MAX = 500 }; /* lists are answered whole */

static bool is_wanted(const struct issue_status_query *query, const struct issue_status *status)
{
    bool category = query->category.count == 0;

    for (size_t i = 0; i < query->category.count; i++)
        category = category ||
                   status->category == enum_value(&status_category_names, query->category.items[i]);
    return category && (status->is_active || query->include_inactive == CHOICE_TRUE) &&
           (!status->is_system || query->include_system != CHOICE_FALSE);
}

/* GET /api/operations/issue-statuses */
void issue_statuses_get(struct op *op)
{
    struct issue_status_query query;
    struct list statuses;
    size_t kept = 0;

    if (!op_query(op, AS(issue_status_query, &query)) || !statuses_load(op, &statuses))
        return;
    struct issue_status *items = statuses.items;
    for (size_t i = 0; i < statuses.count; i++)
        if (is_wanted(&query, &items[i]))
            items[kept++] = items[i];
    op_reply_list(op, &issue_status_model, (struct list){items, kept}, NULL, 0);
}

/* GET /api/operations/issue-statuses/{statusId} */
void issue_status_by_id_get(struct op *op)
{
    struct issue_status status;

    if (status_find(op, ISSUE_STATUS_BY_ID, &status))
        op_reply(op, AS(issue_status, &status), status.version);
}

static int64_t last_order(const struct list *statuses, enum status_category category)
{
    const struct issue_status *items = statuses->items;
    int64_t last = 0;

    for (size_t i = 0; i < statuses->count; i++)
        if (items[i].category == category)
            last = items[i].order_index;
    return last;
}

/* POST /api/operations/issue-statuses */
void issue_status_create(struct op *op)
{
    struct issue_status status;
    struct list statuses;

    if (!op_gather_body(op, AS(issue_status, &status)))
        return;
    config_check_new(op, status.is_active, "isSystemStatus", status.is_system);
    if (!op_valid(op))
        return;
    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!statuses_load(op, &statuses))
        return;
    if (statuses.count >= OWN_STATUSES_MAX + SYSTEM_STATUSES)
        op_invalid(op, "name", "cannot be added: there are %d statuses already",
                   (int)OWN_STATUSES_MAX);
    if (!op_valid(op))
        return;
    status.id = uuid_v7();
    if (status.order_index == INT_NONE)
        status.order_index = last_order(&statuses, status.category) + 1;
    status.is_active = true;
    record_create(&status.record, op->now, op->request->user);
    sql_exec(op, ISSUE_STATUS_INSERT, AS(issue_status, &status));
    op_event(op, EVENT_ISSUE_STATUS_CREATED, status.id, status.version, AS(issue_status, &status));
    op_created(op, location_of(op, "/api/operations/issue-statuses/", status.id));
    op_reply(op, AS(issue_status, &status), status.version);
}

/* Finds the tenant's own status and locks it, so that it is assigned to no issue until the commit.
 */
static bool lock_own(struct op *op, struct issue_status *status)
{
    sql_exec(op, CONFIG_ADVISORY_LOCK, NOTHING);
    if (!status_find(op, ISSUE_STATUS_FOR_UPDATE, status))
        return false;
    return !status->is_system || op_fail(op, STATUS_SYSTEM_RESOURCE);
}

static void save(struct op *op, struct issue_status *before, struct issue_status *status,
                 const char *event)
{
    record_change(&status->record, op->now, op->request->user);
    sql_exec(op, ISSUE_STATUS_UPDATE, AS(issue_status, status));
    op_event_changed(op, event, status->id, status->version, AS(issue_status, before),
                     AS(issue_status, status));
}

/* PUT /api/operations/issue-statuses/{statusId} */
void issue_status_update(struct op *op)
{
    struct issue_status before, status;

    if (!lock_own(op, &before))
        return;
    status = before;
    if (!op_gather_patch(op, AS(issue_status, &status)))
        return;
    config_check_fixed(op, status.is_active == before.is_active, "isSystemStatus",
                       status.is_system == before.is_system);
    if (status.category && status.category != before.category)
        op_invalid(op, "category", "cannot be changed");
    if (!op_valid(op))
        return;
    save(op, &before, &status, EVENT_ISSUE_STATUS_UPDATED);
    op_reply(op, AS(issue_status, &status), status.version);
}

/* DELETE /api/operations/issue-statuses/{statusId}: it stays, inactive; to delete it again finds
 * nothing. */
void issue_status_delete(struct op *op)
{
    struct issue_status status;
    struct row_count used = {0};
    bool found;

    if (!lock_own(op, &status) ||
        (!status.is_active && !op_fail(op, STATUS_ISSUE_STATUS_NOT_FOUND)))
        return;
    struct row_id key = {status.id};
    /* After the lock: a transaction that was assigning the status has committed, or will be
     * refused. */
    if (!sql_find(op, ISSUE_STATUS_USED, AS(row_id, &key), AS(row_count, &used), &found))
        return;
    if (used.count > 0) {
        op_fail_because(op, STATUS_DEPENDENCY_EXISTS,
                        "Issues have this status; give them another one first");
        return;
    }
    struct issue_status before = status;
    status.is_active = false;
    save(op, &before, &status, EVENT_ISSUE_STATUS_DELETED);
    op_reply_deleted(op, status.id);
}

/* POST /api/operations/issue-statuses/{statusId}:activate */
void issue_status_activate(struct op *op)
{
    struct issue_status status;

    if (!lock_own(op, &status))
        return;
    if (!status.is_active) {
        struct issue_status before = status;
        status.is_active = true;
        save(op, &before, &status, EVENT_ISSUE_STATUS_ACTIVATED);
    }
    op_reply(op, AS(issue_status, &status), status.version);
}
