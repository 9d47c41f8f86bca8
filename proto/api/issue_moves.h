/* Bodies of the verbs that change an issue: that move it through its life, tell of it, or link it.
 */
#ifndef TRACTION_ISSUE_MOVES_H
#define TRACTION_ISSUE_MOVES_H

#include "issues.h"
#include "model.h"

/* Of each verb a part; the others are absent. */
struct issue_move {
    struct uuid status_config_id;
    struct str assigned_person_id;
    struct str reason; /* becomes the issue's statusReason */
    struct str resolution_notes;
    struct packed root_cause_analysis;
    double actual_hours;
    bool force; /* close it with open actions */
    struct uuid issue_id;
    enum analysis_method method;
    struct packed analysis; /* an object, by that method */
    struct texts tags;
    struct uuids goal_ids, strategy_ids, action_ids;
};
extern const struct model issue_start_model, issue_resolve_model, issue_close_model,
    issue_reopen_model, issue_status_change_model, issue_assign_model, issue_root_cause_model,
    issue_tags_model, issue_goals_model, issue_strategies_model, issue_actions_model;

enum { TAGS_AT_ONCE_MAX = 20 }; /* that the verbs add or remove, and that an issue then has */

/* Tags as parameters of a query. */
struct tags_query {
    struct texts tags;
};
extern const struct model tags_query_model;

/* An action that keeps an issue open. */
struct open_action {
    struct uuid id;
    struct str title;
    enum action_status status;
};
extern const struct model open_action_model;

/* Whether an issue can be closed; counts are of the actions that it is linked to. */
struct closure_eligibility {
    bool can_close;
    int64_t completed_actions, total_actions;
    struct list open_actions; /* struct open_action */
    struct texts reasons;     /* why it cannot; none when it can */
};
extern const struct model closure_eligibility_model;

struct issue_state { /* GET .../status */
    struct uuid issue_id;
    struct issue_config status;
    bool can_close;
    int64_t completed_actions, total_actions, overdue_actions;
    struct timestamp resolved_at;
};
extern const struct model issue_state_model;

#endif
