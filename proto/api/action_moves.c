/* Field tables of the verbs of an action, and of what they answer besides it. */
#include "action_moves.h"

#include "goals.h"
#include "issues.h"

#define ACTUAL_HOURS                                                                          \
    FIELD(action_move, actual_hours, "actualHours", .min = 0, .max = 1e5, .doc = "work done", \
          .example = "35")

static const struct field action_status_change_fields[] = {
    FIELD(action_move, status, "status", .flags = FIELD_REQUIRED,
          .enum_names = &action_status_names, .doc = "completed makes its progress 100"),
    FIELD(action_move, reason, "reason", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "becomes statusReason", .example = "\"The customers have agreed\""),
    ACTUAL_HOURS,
};
const struct model action_status_change_model =
    MODEL("ActionStatusChange", action_move, action_status_change_fields);

static const struct field action_complete_fields[] = {
    ACTUAL_HOURS,
    FIELD(action_move, reason, "notes", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "becomes statusReason", .example = "\"Nine of ten have agreed\""),
    FIELD(action_move, outcome, "outcome", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "what has come of it; stands before the notes in statusReason, which has 2,000 "
                 "characters"),
};
const struct model action_complete_model =
    MODEL("ActionComplete", action_move, action_complete_fields);

/* --- What it is linked to --- */

#define LINKS(member_, name_, what_, flags_)                                      \
    FIELD(action_move, member_, name_, .flags = (flags_), .max = CONNECTIONS_MAX, \
          .doc = "all " what_ " that the action is to be linked to")

static const struct field action_goals_fields[] = {
    LINKS(goal_ids, "goalIds", "goals", FIELD_REQUIRED)};
const struct model action_goals_model = MODEL("ActionGoals", action_move, action_goals_fields);

static const struct field action_strategies_fields[] = {
    LINKS(strategy_ids, "strategyIds", "strategies", FIELD_REQUIRED)};
const struct model action_strategies_model =
    MODEL("ActionStrategies", action_move, action_strategies_fields);

static const struct field action_issues_fields[] = {
    LINKS(issue_ids, "issueIds", "issues", FIELD_REQUIRED)};
const struct model action_issues_model = MODEL("ActionIssues", action_move, action_issues_fields);

static const struct field action_connections_change_fields[] = {
    LINKS(goal_ids, "goalIds", "goals", 0),
    LINKS(strategy_ids, "strategyIds", "strategies", 0),
    LINKS(issue_ids, "issueIds", "issues", 0),
};
const struct model action_connections_change_model =
    MODEL("ActionConnectionsChange", action_move, action_connections_change_fields);

/* --- Answers --- */

static const struct field action_related_fields[] = {
    FIELD(action_related, goals, "goals", .model = &goal_model, .doc = "the goals it serves"),
    FIELD(action_related, strategies, "strategies", .model = &strategy_model,
          .doc = "the strategies it carries out"),
    FIELD(action_related, issues, "issues", .model = &issue_model,
          .doc = "the issues it is to solve"),
};
const struct model action_related_model =
    MODEL("ActionRelated", action_related, action_related_fields);
