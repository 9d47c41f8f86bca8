/* Bodies of the verbs that change an action, and what they answer besides it. */
#ifndef TRACTION_ACTION_MOVES_H
#define TRACTION_ACTION_MOVES_H

#include "actions.h"
#include "model.h"

/* Of each verb a part; the others are absent. */
struct action_move {
    enum action_status status;
    struct str reason; /* becomes the action's statusReason */
    struct str outcome;
    double actual_hours;
    struct uuids goal_ids, strategy_ids, issue_ids;
};
extern const struct model action_status_change_model, action_complete_model, action_goals_model,
    action_strategies_model, action_issues_model, action_connections_change_model;

struct action_related { /* GET .../relationships: what the action is linked to, in that order */
    struct list goals, strategies, issues; /* struct goal, strategy, issue */
};
extern const struct model action_related_model;

#endif
