/* Replacing and clearing what an action is linked to. */
#include <math.h>

#include "action_change.h"
#include "links.h"
#include "operations_handlers.h"

static void relink(struct op *op,
                   bool (*propose)(struct op *op, const struct action *before,
                                   struct action *action, const struct action_move *move))
{
    struct action_move body = {.actual_hours = NAN};

    if (!op->operation->body || op_gather_body(op, (struct bound){op->operation->body, &body}))
        action_change(op,
                      &(struct action_change){.propose = propose, .move = &body, .links = true});
}

static bool propose_goals(struct op *op, const struct action *before, struct action *action,
                          const struct action_move *move)
{
    (void)before;
    action->connections.goal_ids = move->goal_ids;
    return !op_failed(op);
}

/* PUT /api/operations/actions/{actionId}/goals */
void action_to_goals_link(struct op *op)
{
    relink(op, propose_goals);
}

static bool propose_strategies(struct op *op, const struct action *before, struct action *action,
                               const struct action_move *move)
{
    (void)before;
    action->connections.strategy_ids = move->strategy_ids;
    return !op_failed(op);
}

/* PUT /api/operations/actions/{actionId}/strategies */
void action_to_strategies_link(struct op *op)
{
    relink(op, propose_strategies);
}

static bool propose_issues(struct op *op, const struct action *before, struct action *action,
                           const struct action_move *move)
{
    (void)before;
    action->connections.other_ids = move->issue_ids;
    return !op_failed(op);
}

/* PUT /api/operations/actions/{actionId}/issues */
void action_to_issues_link(struct op *op)
{
    relink(op, propose_issues);
}

/* The lists that the body has. */
static bool propose_named(struct op *op, const struct action *before, struct action *action,
                          const struct action_move *move)
{
    (void)before;
    if (op_named(op, "goalIds"))
        action->connections.goal_ids = move->goal_ids;
    if (op_named(op, "strategyIds"))
        action->connections.strategy_ids = move->strategy_ids;
    if (op_named(op, "issueIds"))
        action->connections.other_ids = move->issue_ids;
    return !op_failed(op);
}

/* PUT /api/operations/actions/{actionId}/connections */
void action_connections_set(struct op *op)
{
    relink(op, propose_named);
}

static bool clear(struct op *op, const struct action *before, struct action *action,
                  const struct action_move *move)
{
    (void)before;
    (void)move;
    action->connections = no_connections;
    return !op_failed(op);
}

/* DELETE /api/operations/actions/{actionId}/relationships */
void action_relationships_clear(struct op *op)
{
    relink(op, clear);
}
