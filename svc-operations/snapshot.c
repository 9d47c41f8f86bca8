/* What svc-operations gives for snapshots: actions, the ids of deleted ones, and issues. Types and
 * statuses are shown by the issues that have them. */
#include "actions.h"
#include "entities.h"
#include "event_types.h"
#include "issue_rules.h"
#include "issues.h"
#include "operations_handlers.h"
#include "queries.h"

/* The page has ended with :max entities, or with the one for which :max_bytes had no room. */
static void end(struct entities *page, const struct entities_query *query, size_t count,
                int64_t bytes, struct uuid last)
{
    if (bytes > query->max_bytes)
        page->next = last;
    else
        entities_end(page, query, count, last);
}

static bool actions_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, ACTIONS_AFTER, AS(entities_query, &key), &action_model, &rows))
        return false;
    struct action *actions = rows.items;
    int64_t bytes = 0;
    for (size_t i = 0; i < rows.count; i++) {
        entities_add_bound(op, page, EVENT_ACTION_UPDATED, actions[i].id, &actions[i].record,
                           AS(action, &actions[i]));
        bytes += actions[i].bytes;
    }
    if (rows.count > 0)
        end(page, query, rows.count, bytes, actions[rows.count - 1].id);
    return true;
}

static bool issues_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, ISSUES_AFTER, AS(entities_query, &key), &issue_model, &rows))
        return false;
    struct issue *issues = rows.items;
    int64_t bytes = 0;
    issue_complete(issues, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        entities_add_bound(op, page, EVENT_ISSUE_UPDATED, issues[i].id, &issues[i].record,
                           AS(issue, &issues[i]));
        bytes += issues[i].bytes;
    }
    if (rows.count > 0)
        end(page, query, rows.count, bytes, issues[rows.count - 1].id);
    return true;
}

static bool deleted_actions_read(struct op *op, const struct entities_query *query,
                                 struct entities *page)
{
    return entities_add_deleted(op, query, DELETED_ACTIONS_AFTER, EVENT_ACTION_DELETED, page);
}

void entities_after(struct op *op)
{
    static const struct entity_kind kinds[] = {
        {"actions", actions_read},
        {"issues", issues_read},
        {"deletedActions", deleted_actions_read},
        {NULL, NULL},
    };

    entities_answer(op, kinds);
}

void tenants_after(struct op *op)
{
    tenants_answer(op, TENANTS_AFTER);
}
