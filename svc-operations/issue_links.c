/* Replacing and clearing what an issue is linked to, as action_links.c does of an action. */
#include <math.h>

#include "issue_change.h"
#include "links.h"
#include "operations_handlers.h"

static void relink(struct op *op,
                   bool (*propose)(struct op *op, const struct issue *before, struct issue *issue,
                                   const struct issue_move *move))
{
    struct issue_move body = {.actual_hours = NAN};

    if (!op->operation->body || op_gather_body(op, (struct bound){op->operation->body, &body}))
        issue_change(op, &(struct issue_change){.propose = propose, .move = &body, .links = true});
}

static bool propose_goals(struct op *op, const struct issue *before, struct issue *issue,
                          const struct issue_move *move)
{
    (void)before;
    issue->connections.goal_ids = move->goal_ids;
    return !op_failed(op);
}

/* PUT /api/operations/issues/{issueId}/goals */
void issue_to_goals_link(struct op *op)
{
    relink(op, propose_goals);
}

static bool propose_strategies(struct op *op, const struct issue *before, struct issue *issue,
                               const struct issue_move *move)
{
    (void)before;
    issue->connections.strategy_ids = move->strategy_ids;
    return !op_failed(op);
}

/* PUT /api/operations/issues/{issueId}/strategies */
void issue_to_strategies_link(struct op *op)
{
    relink(op, propose_strategies);
}

static bool propose_actions(struct op *op, const struct issue *before, struct issue *issue,
                            const struct issue_move *move)
{
    (void)before;
    issue->connections.other_ids = move->action_ids;
    return !op_failed(op);
}

/* PUT /api/operations/issues/{issueId}/actions */
void issue_to_actions_link(struct op *op)
{
    relink(op, propose_actions);
}

static bool clear(struct op *op, const struct issue *before, struct issue *issue,
                  const struct issue_move *move)
{
    (void)before;
    (void)move;
    issue->connections = no_connections;
    return !op_failed(op);
}

/* DELETE /api/operations/issues/{issueId}/relationships */
void issue_relationships_clear(struct op *op)
{
    relink(op, clear);
}
