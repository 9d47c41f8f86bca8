/* Replacing and clearing what an action is linked to. */
#include "action_load.h"
#include "event_types.h"
#include "links.h"
#include "operations_handlers.h"

static void save_links(struct op *op, struct action *before, struct action *action)
{
    action_save(op, before, action);
    op_event_changed(op, EVENT_ACTION_UPDATED, action->id, action->version, AS(action, before),
                     AS(action, action));
    links_publish_others(op, &action_end, action->id, &before->connections, &action->connections);
    op_reply(op, AS(action, action), action->version);
}

/* `proposed` has the new links; the lists it does not name are unchanged. */
static void relink(struct op *op, void (*proposed)(struct connections *links, const void *body),
                   const void *body)
{
    struct action before, action;

    if (!action_read_unlocked(op, &before))
        return;
    action = before;
    proposed(&action.connections, body);
    struct links_asked asked = {.end = &action_end,
                                .where = "",
                                .before = &before.connections,
                                .after = &action.connections};
    links_ask(op, &asked);
    if (!links_judge(op, &asked, before.connections.other_ids))
        return;
    enum links_lock lock = links_lock(op, true, &before.connections, &action.connections);
    if (!action_lock(op, &before))
        return;
    action = before;
    proposed(&action.connections, body);
    if (!links_secure(op, &action_end, "", lock, &before.connections, &action.connections))
        return;
    links_unique(op, &action.connections);
    save_links(op, &before, &action);
}

static void propose_goals(struct connections *links, const void *body)
{
    links->goal_ids = ((const struct action_goals *)body)->goal_ids;
}

/* PUT /api/operations/actions/{actionId}/goals */
void action_to_goals_link(struct op *op)
{
    struct action_goals body;

    if (op_gather_body(op, AS(action_goals, &body)))
        relink(op, propose_goals, &body);
}

static void propose_strategies(struct connections *links, const void *body)
{
    links->strategy_ids = ((const struct action_strategies *)body)->strategy_ids;
}

/* PUT /api/operations/actions/{actionId}/strategies */
void action_to_strategies_link(struct op *op)
{
    struct action_strategies body;

    if (op_gather_body(op, AS(action_strategies, &body)))
        relink(op, propose_strategies, &body);
}

/* DELETE /api/operations/actions/{actionId}/relationships */
void action_relationships_clear(struct op *op)
{
    struct action before, action;

    links_lock_exclusive(op);
    if (!action_lock(op, &before))
        return;
    action = before;
    action.connections = no_connections;
    save_links(op, &before, &action);
}
