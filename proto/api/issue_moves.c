/* Field tables of the verbs of an issue, and of what they answer. */
#include "issue_moves.h"

#define REASON(name_, flags_, min_)                                                               \
    FIELD(issue_move, reason, name_, .flags = FIELD_SHOWN | (flags_), .min = (min_), .max = 2000, \
          .doc = "becomes statusReason", .example = "\"Customers cannot log in\"")
#define ACTUAL_HOURS \
    FIELD(issue_move, actual_hours, "actualHours", .min = 0, .max = 1e6, .doc = "work done")

static const struct field issue_start_fields[] = {REASON("notes", 0, 0)};
const struct model issue_start_model = MODEL("IssueStart", issue_move, issue_start_fields);

static const struct field issue_resolve_fields[] = {
    FIELD(issue_move, resolution_notes, "resolutionNotes", .flags = FIELD_REQUIRED | FIELD_SHOWN,
          .min = 1, .max = 5000, .doc = "how it was solved", .example = "\"Renewed the key\""),
    FIELD(issue_move, root_cause_analysis, "rootCauseAnalysis", .max = 32768,
          .schemas = issue_analysis_schemas, .doc = "text or an object; absent: unchanged"),
    ACTUAL_HOURS,
};
const struct model issue_resolve_model = MODEL("IssueResolve", issue_move, issue_resolve_fields);

static const struct field issue_close_fields[] = {
    REASON("reason", 0, 0),
    FIELD(issue_move, force, "force", .doc = "close it although actions of it are open"),
};
const struct model issue_close_model = MODEL("IssueClose", issue_move, issue_close_fields);

static const struct field issue_reopen_fields[] = {REASON("reason", FIELD_REQUIRED, 1)};
const struct model issue_reopen_model = MODEL("IssueReopen", issue_move, issue_reopen_fields);

static const struct field issue_status_change_fields[] = {
    FIELD(issue_move, status_config_id, "statusConfigId", .flags = FIELD_REQUIRED,
          .aliases = "statusId", .doc = "an active issue status"),
    REASON("reason", 0, 0),
    FIELD(issue_move, resolution_notes, "resolutionNotes", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "how it was solved; absent: unchanged"),
    ACTUAL_HOURS,
};
const struct model issue_status_change_model =
    MODEL("IssueStatusChange", issue_move, issue_status_change_fields);

static const struct field issue_assign_fields[] = {
    FIELD(issue_move, assigned_person_id, "assignedPersonId", .flags = FIELD_OPAQUE, .min = 1,
          .max = 128, .aliases = "assignedTo",
          .doc = "id of the person who is to deal with it; required; null or \"\" for nobody",
          .example = "\"lukasz.zak\""),
    REASON("reason", 0, 0),
};
const struct model issue_assign_model = MODEL("IssueAssign", issue_move, issue_assign_fields);

static const struct field issue_root_cause_fields[] = {
    FIELD(issue_move, issue_id, "issueId", .doc = "the issue of the path, if it is said at all"),
    FIELD(issue_move, method, "method", .flags = FIELD_REQUIRED,
          .enum_names = &analysis_method_names, .doc = "how the cause was looked for",
          .example = "\"swot\""),
    FIELD(issue_move, analysis, "analysis", .flags = FIELD_REQUIRED | FIELD_OBJECT_ONLY,
          .max = 16384, .aliases = "findings",
          .doc = "what was found, in the client's own words; of swot strengths, weaknesses, "
                 "opportunities and threats are arrays of texts",
          .example = "{\"strengths\": [\"A loyal team\"], \"threats\": [\"Rising rents\"]}"),
};
const struct model issue_root_cause_model =
    MODEL("IssueRootCause", issue_move, issue_root_cause_fields);

#define TAGS(type_, doc_)                                                                     \
    FIELD(type_, tags, "tags", .flags = FIELD_SHOWN, .max = TAGS_AT_ONCE_MAX, .item_max = 50, \
          .doc = (doc_), .example = "[\"hiring\", \"urgent\"]")

static const struct field issue_tags_fields[] = {
    TAGS(issue_move, "one or more; upper and lower case differ"),
};
const struct model issue_tags_model = MODEL("IssueTags", issue_move, issue_tags_fields);

static const struct field tags_query_fields[] = {
    TAGS(tags_query, "instead of a body; by commas"),
};
const struct model tags_query_model = MODEL("TagsQuery", tags_query, tags_query_fields);

/* --- What it is linked to --- */

#define LINKS(member_, name_, what_)                                                   \
    FIELD(issue_move, member_, name_, .flags = FIELD_REQUIRED, .max = CONNECTIONS_MAX, \
          .doc = "all " what_ " that the issue is to be linked to")

static const struct field issue_goals_fields[] = {LINKS(goal_ids, "goalIds", "goals")};
const struct model issue_goals_model = MODEL("IssueGoals", issue_move, issue_goals_fields);

static const struct field issue_strategies_fields[] = {
    LINKS(strategy_ids, "strategyIds", "strategies")};
const struct model issue_strategies_model =
    MODEL("IssueStrategies", issue_move, issue_strategies_fields);

static const struct field issue_actions_fields[] = {LINKS(action_ids, "actionIds", "actions")};
const struct model issue_actions_model = MODEL("IssueActions", issue_move, issue_actions_fields);

/* --- Whether it can be closed --- */

static const struct field open_action_fields[] = {
    FIELD(open_action, id, "id", .flags = FIELD_PRESENT, .doc = "the action"),
    FIELD(open_action, title, "title", .flags = FIELD_PRESENT, .doc = "what is to be done",
          .example = "\"Call the ten largest customers\""),
    FIELD(open_action, status, "status", .flags = FIELD_PRESENT, .enum_names = &action_status_names,
          .doc = "neither completed nor cancelled"),
};
const struct model open_action_model = MODEL("OpenAction", open_action, open_action_fields);

#define CAN_CLOSE(type_) \
    FIELD(type_, can_close, "canClose", .doc = "no action of it is open", .example = "false")
#define COUNT(type_, member_, name_, doc_, example_) \
    FIELD(type_, member_, name_, .flags = FIELD_PRESENT, .doc = (doc_), .example = (example_))

static const struct field closure_eligibility_fields[] = {
    CAN_CLOSE(closure_eligibility),
    COUNT(closure_eligibility, completed_actions, "completedActions", "of its actions", "1"),
    COUNT(closure_eligibility, total_actions, "totalActions", "cancelled ones included", "3"),
    FIELD(closure_eligibility, open_actions, "openActions", .model = &open_action_model,
          .doc = "neither completed nor cancelled"),
    FIELD(closure_eligibility, reasons, "reasons", .doc = "why it cannot be closed; none if it can",
          .example = "[\"2 of 3 actions are still open\"]"),
};
const struct model closure_eligibility_model =
    MODEL("ClosureEligibility", closure_eligibility, closure_eligibility_fields);

static const struct field issue_state_fields[] = {
    FIELD(issue_state, issue_id, "issueId", .flags = FIELD_PRESENT, .doc = "the issue"),
    OBJECT(issue_state, status, "status", &issue_config_model, .doc = "the issue's status"),
    CAN_CLOSE(issue_state),
    COUNT(issue_state, completed_actions, "completedActions", "of its actions", "1"),
    COUNT(issue_state, total_actions, "totalActions", "cancelled ones included", "3"),
    COUNT(issue_state, overdue_actions, "overdueActions", "open ones that were due before today",
          "1"),
    FIELD(issue_state, resolved_at, "resolvedAt",
          .doc = "since when it is closed; null if it is not"),
};
const struct model issue_state_model = MODEL("IssueState", issue_state, issue_state_fields);
