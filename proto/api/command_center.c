/* Field tables of the command center. Names of KPIs are said as those of measures, too. */
#include "command_center.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): names of members. */
/* The same member under its other name. */
#define TWIN(type_, path_, name_, same_)                                     \
    FIELD_AS(type_, path_, name_, .flags = FIELD_READ_ONLY | FIELD_COMPUTED, \
             .doc = "the same as " same_)
#define COUNT(type_, member_, name_, doc_, example_) \
    FIELD(type_, member_, name_, .flags = FIELD_PRESENT, .doc = doc_, .example = example_)
#define SERVES(type_)                                                                    \
    FIELD_AS(type_, serves.goal_id, "goalId", .flags = FIELD_COMPUTED,                   \
             .doc = "the first goal that it serves; null: none"),                        \
        FIELD_AS(type_, serves.goal_title, "goalTitle", .flags = FIELD_COMPUTED,         \
                 .doc = "its title", .example = "\"Grow subscription revenue\""),        \
        FIELD_AS(type_, serves.strategy_id, "strategyId", .flags = FIELD_COMPUTED,       \
                 .doc = "the first strategy that it serves; null: none"),                \
        FIELD_AS(type_, serves.strategy_title, "strategyTitle", .flags = FIELD_COMPUTED, \
                 .doc = "its title, or how its description begins",                      \
                 .example = "\"Expand in Asia\""),                                       \
        FIELD_AS(type_, serves.goal_ids, "goal_ids", .flags = FIELD_INTERNAL),           \
        FIELD_AS(type_, serves.strategy_ids, "strategy_ids", .flags = FIELD_INTERNAL)
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct field command_query_fields[] = {
    FIELD(command_query, user_id, "userId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "whose tasks myTasks has; the caller's unless given"),
    FIELD(command_query, days_ahead, "daysAhead", .min = 1, .max = COMMAND_DAYS_MAX,
          .default_value = COMMAND_DAYS_DEFAULT, .doc = "how many days after today myTasks goes on",
          .example = "7"),
    FIELD(command_query, variance_threshold, "varianceThreshold", .min = 0, .max = 100,
          .doc = "percent by which a KPI must be worse than expected to be listed; 10 unless given",
          .example = "10"),
    FIELD(command_query, limit, "limit", .min = 1, .max = COMMAND_LIST_MAX,
          .default_value = COMMAND_LIST_DEFAULT, .doc = "entries of each list, at most",
          .example = "50"),
    COLUMN(command_query, until),
};
const struct model command_query_model =
    MODEL("CommandCenterQuery", command_query, command_query_fields);

/* --- Alerts --- */

static const struct field measure_at_risk_fields[] = {
    FIELD(measure_at_risk, link_id, "measureLinkId", .flags = FIELD_PRESENT, .doc = "the link"),
    TWIN(measure_at_risk, link_id, "kpiLinkId", "measureLinkId"),
    FIELD(measure_at_risk, kpi_id, "measureId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    TWIN(measure_at_risk, kpi_id, "kpiId", "measureId"),
    FIELD(measure_at_risk, kpi_name, "measureName", .doc = "its name",
          .example = "\"Monthly recurring revenue\""),
    TWIN(measure_at_risk, kpi_name, "kpiName", "measureName"),
    FIELD(measure_at_risk, current_value, "currentValue", .flags = FIELD_PRESENT,
          .doc = "the newest period's counting value", .example = "85000"),
    FIELD(measure_at_risk, expected, "targetValue", .flags = FIELD_PRESENT,
          .doc = "what is expected today", .example = "99123.2877"),
    FIELD(measure_at_risk, final_target_value, "finalTargetValue",
          .doc = "where it is to be in the end", .example = "100000"),
    FIELD(measure_at_risk, variance, "variance", .flags = FIELD_PRESENT,
          .doc = "currentValue - targetValue", .example = "-14123.2877"),
    FIELD(measure_at_risk, variance_percentage, "variancePercentage",
          .doc = "of what is expected; null where that is 0", .example = "-14.25"),
    FIELD(measure_at_risk, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(measure_at_risk, goal_title, "goalTitle", .doc = "its title",
          .example = "\"Grow subscription revenue\""),
    FIELD(measure_at_risk, strategy_id, "strategyId",
          .doc = "the strategy that the link names; null: none"),
    FIELD(measure_at_risk, strategy_title, "strategyTitle",
          .doc = "its title, or how its description begins", .example = "\"Expand in Asia\""),
    FIELD(measure_at_risk, owner_id, "ownerId", .doc = "who answers for the KPI"),
    FIELD(measure_at_risk, owner_name, "ownerName", .doc = "the name; null until known"),
    FIELD(measure_at_risk, status, "status", .flags = FIELD_PRESENT,
          .enum_names = &link_status_names,
          .doc = "by the variance in percent of the whole way from baseline to finalTargetValue"),
};
const struct model measure_at_risk_model =
    MODEL("MeasureAtRisk", measure_at_risk, measure_at_risk_fields);

static const struct field action_past_due_fields[] = {
    FIELD(action_past_due, action_id, "actionId", .flags = FIELD_PRESENT, .doc = "the action"),
    FIELD(action_past_due, title, "title", .flags = FIELD_PRESENT, .doc = "its title",
          .example = "\"Send the offer\""),
    FIELD(action_past_due, due_date, "dueDate", .flags = FIELD_PRESENT, .doc = "when it was due"),
    FIELD(action_past_due, days_past_due, "daysPastDue", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "days since then", .example = "3"),
    FIELD(action_past_due, priority, "priority", .enum_names = &level_names,
          .doc = "how important it is"),
    FIELD(action_past_due, assigned_person_id, "assignedPersonId", .doc = "who is to do it"),
    FIELD(action_past_due, assigned_person_name, "assignedPersonName", .flags = FIELD_COMPUTED,
          .doc = "the name; null until known"),
    SERVES(action_past_due),
};
const struct model action_past_due_model =
    MODEL("ActionPastDue", action_past_due, action_past_due_fields);

static const struct field critical_issue_fields[] = {
    FIELD(critical_issue, issue_id, "issueId", .flags = FIELD_PRESENT, .doc = "the issue"),
    FIELD(critical_issue, title, "title", .flags = FIELD_PRESENT, .doc = "its title",
          .example = "\"Invoices are late\""),
    FIELD(critical_issue, impact, "impact", .flags = FIELD_PRESENT, .enum_names = &level_names,
          .doc = "critical or high", .example = "\"critical\""),
    FIELD(critical_issue, priority, "priority", .enum_names = &level_names,
          .doc = "how important it is"),
    FIELD(critical_issue, reporter_id, "reporterId", .doc = "who reported it"),
    FIELD(critical_issue, reporter_name, "reporterName", .flags = FIELD_COMPUTED,
          .doc = "the name; null until known"),
    FIELD(critical_issue, date_reported, "dateReported", .flags = FIELD_PRESENT, .doc = "when"),
    FIELD(critical_issue, status_name, "statusName", .doc = "of its status, as it is now",
          .example = "\"Open\""),
};
const struct model critical_issue_model =
    MODEL("CriticalIssue", critical_issue, critical_issue_fields);

static const struct field command_alerts_fields[] = {
    FIELD(command_alerts, measures_at_risk, "measuresAtRisk", .model = &measure_at_risk_model,
          .doc = "KPIs of active goals that are worse than expected, worst first"),
    FIELD_AS(command_alerts, measures_at_risk, "kpisAtRisk", .model = &measure_at_risk_model,
             .flags = FIELD_READ_ONLY, .doc = "the same as measuresAtRisk"),
    FIELD(command_alerts, actions_past_due, "actionsPastDue", .model = &action_past_due_model,
          .doc = "actions that were due before today, longest overdue first"),
    FIELD(command_alerts, critical_issues, "criticalIssues", .model = &critical_issue_model,
          .doc = "issues of impact critical or high that are not closed: critical ones first, then "
                 "oldest first"),
};
static const struct model command_alerts_model =
    MODEL("CommandCenterAlerts", command_alerts, command_alerts_fields);

/* --- Goals --- */

static const struct field command_strategy_fields[] = {
    FIELD(command_strategy, id, "id", .flags = FIELD_PRESENT, .doc = "the strategy"),
    COLUMN(command_strategy, goal_id),
    FIELD(command_strategy, title, "title", .flags = FIELD_PRESENT,
          .doc = "its title, or how its description begins", .example = "\"Expand in Asia\""),
    FIELD(command_strategy, progress, "progress", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "percent of its actions that are completed, without cancelled ones",
          .example = "60"),
    FIELD(command_strategy, at_risk, "atRisk", .flags = FIELD_COMPUTED,
          .doc = "one of its actions is past due", .example = "false"),
};
const struct model command_strategy_model =
    MODEL("CommandCenterStrategy", command_strategy, command_strategy_fields);

static const struct field primary_measure_fields[] = {
    FIELD(primary_measure, kpi_id, "measureId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    TWIN(primary_measure, kpi_id, "kpiId", "measureId"),
    FIELD(primary_measure, name, "name", .doc = "its name"),
    FIELD(primary_measure, current_value, "currentValue",
          .doc = "the newest period's counting value", .example = "85000"),
    FIELD(primary_measure, target_value, "targetValue", .doc = "where it is to be in the end",
          .example = "100000"),
    FIELD(primary_measure, progress, "progress", .flags = FIELD_PRESENT,
          .doc = "percent of the way from baseline to target", .example = "62.5"),
};
const struct model primary_measure_model =
    MODEL("PrimaryMeasure", primary_measure, primary_measure_fields);

static const char primary_schemas[] =
    "[{\"type\": \"object\", \"properties\": {\"measureId\": {\"type\": \"string\"}, \"kpiId\": "
    "{\"type\": \"string\"}, \"name\": {\"type\": [\"string\", \"null\"]}, \"currentValue\": "
    "{\"type\": [\"number\", \"null\"]}, \"targetValue\": {\"type\": [\"number\", \"null\"]}, "
    "\"progress\": {\"type\": \"number\"}}, \"required\": [\"measureId\", \"kpiId\", "
    "\"progress\"]}, {\"type\": \"null\"}]";

static const struct field command_goal_stats_fields[] = {
    COUNT(command_goal_stats, strategies, "totalStrategies", "strategies", "3"),
    COUNT(command_goal_stats, measures, "totalMeasures", "KPIs that are linked to it", "2"),
    TWIN(command_goal_stats, measures, "totalKpis", "totalMeasures"),
    COUNT(command_goal_stats, actions, "totalActions", "its actions, without cancelled ones", "9"),
    COUNT(command_goal_stats, active_actions, "activeActions", "of them not completed", "4"),
    COUNT(command_goal_stats, completed_actions, "completedActions", "of them completed", "5"),
    COUNT(command_goal_stats, at_risk, "atRiskCount",
          "links that are behind or at risk, and strategies at risk", "1"),
};
static const struct model command_goal_stats_model =
    MODEL("CommandCenterGoalStats", command_goal_stats, command_goal_stats_fields);

static const struct field command_goal_fields[] = {
    FIELD(command_goal, id, "id", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(command_goal, title, "title", .flags = FIELD_PRESENT, .doc = "its title",
          .example = "\"Grow subscription revenue\""),
    FIELD(command_goal, intent, "intent", .doc = "why it is pursued"),
    FIELD(command_goal, status, "status", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &goal_status_names, .doc = "always active", .example = "\"active\""),
    FIELD(command_goal, progress, "progress", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "0 to 100", .example = "62.5"),
    FIELD(command_goal, owner_id, "ownerId", .flags = FIELD_PRESENT, .doc = "who answers for it"),
    FIELD(command_goal, owner_name, "ownerName", .flags = FIELD_COMPUTED,
          .doc = "the name; null until known"),
    FIELD(command_goal, due_date, "dueDate", .flags = FIELD_COMPUTED, .doc = "when it is due"),
    FIELD(command_goal, progress_status, "progressStatus", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &link_status_names,
          .doc = "of its primary KPI today, else of the worst of its KPIs; without data behind "
                 "when past due, else on_track"),
    FIELD(command_goal, strategies, "strategies", .model = &command_strategy_model,
          .doc = "in their order"),
    FIELD(command_goal, primary, "primaryMeasure", .flags = FIELD_COMPUTED,
          .schemas = primary_schemas, .doc = "its primary KPI; null: it has none"),
    FIELD_AS(command_goal, primary, "primaryKpi", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
             .schemas = primary_schemas, .doc = "the same as primaryMeasure"),
    OBJECT(command_goal, stats, "stats", &command_goal_stats_model, .doc = "counts"),
};
const struct model command_goal_model =
    MODEL("CommandCenterGoal", command_goal, command_goal_fields);

/* --- Tasks --- */

static const struct field command_task_fields[] = {
    FIELD(command_task, id, "id", .flags = FIELD_PRESENT, .doc = "the action"),
    FIELD(command_task, title, "title", .flags = FIELD_PRESENT, .doc = "its title",
          .example = "\"Send the offer\""),
    FIELD(command_task, description, "description", .doc = "what is to be done"),
    FIELD(command_task, due_date, "dueDate", .flags = FIELD_PRESENT, .doc = "when it is due"),
    FIELD(command_task, priority, "priority", .enum_names = &level_names,
          .doc = "how important it is"),
    FIELD(command_task, status, "status", .flags = FIELD_PRESENT,
          .enum_names = &action_status_names, .doc = "neither completed nor cancelled",
          .example = "\"in_progress\""),
    FIELD(command_task, progress, "progress", .doc = "0 to 100", .example = "40"),
    SERVES(command_task),
};
const struct model command_task_model =
    MODEL("CommandCenterTask", command_task, command_task_fields);

/* --- The whole --- */

static const struct field command_stats_fields[] = {
    COUNT(command_stats, active_goals, "totalActiveGoals", "active goals", "12"),
    COUNT(command_stats, goals_on_track, "goalsOnTrack", "of them on track", "8"),
    COUNT(command_stats, goals_at_risk, "goalsAtRisk", "of them at risk", "1"),
    COUNT(command_stats, goals_behind, "goalsBehind", "of them behind, the milder one", "3"),
    COUNT(command_stats, measures, "totalMeasures", "KPIs that are linked to active goals", "9"),
    TWIN(command_stats, measures, "totalKpis", "totalMeasures"),
    COUNT(command_stats, measures_on_track, "measuresOnTrack",
          "of them on track, by the worst of their links; KPIs without data are none of the three",
          "6"),
    TWIN(command_stats, measures_on_track, "kpisOnTrack", "measuresOnTrack"),
    COUNT(command_stats, measures_at_risk, "measuresAtRisk", "of them at risk", "1"),
    TWIN(command_stats, measures_at_risk, "kpisAtRisk", "measuresAtRisk"),
    COUNT(command_stats, measures_behind, "measuresBehind", "of them behind", "1"),
    TWIN(command_stats, measures_behind, "kpisBehind", "measuresBehind"),
    COUNT(command_stats, active_actions, "totalActiveActions",
          "actions that are neither completed nor cancelled", "31"),
    COUNT(command_stats, actions_past_due, "actionsPastDue", "of them due before today", "2"),
    COUNT(command_stats, actions_this_week, "actionsThisWeek",
          "of them due today or within the six days after it", "5"),
    COUNT(command_stats, open_issues, "openIssues", "issues that are not closed", "4"),
    COUNT(command_stats, critical_issues, "criticalIssues", "of them of impact critical or high",
          "1"),
};
static const struct model command_stats_model =
    MODEL("CommandCenterStats", command_stats, command_stats_fields);

static const struct field command_center_fields[] = {
    OBJECT(command_center, alerts, "alerts", &command_alerts_model, .doc = "what needs attention"),
    FIELD(command_center, goals, "goals", .model = &command_goal_model,
          .doc = "active goals, by due date"),
    FIELD(command_center, tasks, "myTasks", .model = &command_task_model,
          .doc = "actions of userId that are due from today on, soonest first"),
    OBJECT(command_center, stats, "summaryStats", &command_stats_model,
           .doc = "counts of everything, whatever the limit"),
    FIELD(command_center, generated_at, "generatedAt", .flags = FIELD_PRESENT,
          .doc = "when the figures were computed"),
};
const struct model command_center_model =
    MODEL("CommandCenter", command_center, command_center_fields);
