/* What svc-operations gives for snapshots: actions and issues. Types and statuses are shown by the
 * issues that have them. */
#include "actions.h"
#include "entities.h"
#include "event_types.h"
#include "issue_rules.h"
#include "issues.h"
#include "operations_handlers.h"
#include "queries.h"

static bool actions_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, ACTIONS_AFTER, AS(entities_query, &key), &action_model, &rows))
        return false;
    struct action *actions = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        entities_add_bound(op, page, EVENT_ACTION_UPDATED, actions[i].id, &actions[i].record,
                           AS(action, &actions[i]));
    if (rows.count > 0)
        entities_end(page, query, rows.count, actions[rows.count - 1].id);
    return true;
}

static bool issues_read(struct op *op, const struct entities_query *query, struct entities *page)
{
    struct entities_query key = *query;
    struct list rows = {NULL, 0};

    if (!sql_rows(op, ISSUES_AFTER, AS(entities_query, &key), &issue_model, &rows))
        return false;
    struct issue *issues = rows.items;
    issue_complete(issues, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        entities_add_bound(op, page, EVENT_ISSUE_UPDATED, issues[i].id, &issues[i].record,
                           AS(issue, &issues[i]));
    if (rows.count > 0)
        entities_end(page, query, rows.count, issues[rows.count - 1].id);
    return true;
}

void entities_after(struct op *op)
{
    static const struct entity_kind kinds[] = {
        {"actions", actions_read},
        {"issues", issues_read},
        {NULL, NULL},
    };

    entities_answer(op, kinds);
}

void tenants_after(struct op *op)
{
    tenants_answer(op, TENANTS_AFTER);
}
