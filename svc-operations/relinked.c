/* Versions and events of what is linked or unlinked from its other end: three statements, however
 * many there are. */
#include "relinked.h"
#include "event_types.h"

#include "actions.h"
#include "event.h"
#include "issue_rules.h"
#include "issues.h"
#include "lookup.h"
#include "queries.h"

/* The entity after the change, with causedBy, by which consumers distinguish it from a change that
 * a person made. */
static struct str data_of(struct op *op, struct bound entity, struct uuid by)
{
    struct buffer out = buffer_in(op->arena, 1024);

    model_pack_open(entity, 1, &out);
    pack_key(&out, "causedBy");
    pack_uuid(&out, by);
    return buffer_str(&out);
}

void actions_relinked(struct op *op, struct uuid by, struct uuids actions)
{
    struct row_ids key = {actions};
    struct list rows;

    sql_exec(op, ACTIONS_TOUCH, AS(row_ids, &key));
    if (!sql_rows(op, ACTIONS_BY_IDS, AS(row_ids, &key), &action_model, &rows))
        return;
    struct action *items = rows.items;
    struct event *events = arena_array(op->arena, rows.count, sizeof *events);
    for (size_t i = 0; i < rows.count; i++)
        events[i] = (struct event){.entity = items[i].id,
                                   .version = items[i].version,
                                   .data = data_of(op, AS(action, &items[i]), by)};
    op_events_packed(op, EVENT_ACTION_UPDATED, events, rows.count);
}

void issues_relinked(struct op *op, struct uuid by, struct uuids issues)
{
    struct row_ids key = {issues};
    struct list rows;

    sql_exec(op, ISSUES_TOUCH, AS(row_ids, &key));
    if (!sql_rows(op, ISSUES_BY_IDS, AS(row_ids, &key), &issue_model, &rows))
        return;
    struct issue *items = rows.items;
    issue_complete(items, rows.count);
    struct event *events = arena_array(op->arena, rows.count, sizeof *events);
    for (size_t i = 0; i < rows.count; i++)
        events[i] = (struct event){.entity = items[i].id,
                                   .version = items[i].version,
                                   .data = data_of(op, AS(issue, &items[i]), by)};
    op_events_packed(op, EVENT_ISSUE_UPDATED, events, rows.count);
}
