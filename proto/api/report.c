/* Field tables of the company report's data. Between processes only: not in openapi.json. */
#include "report.h"

/* Counts are added up without overflow; a larger one is an error of the producer. */
#define COUNT_MAX 1e15

static const struct field report_count_fields[] = {
    FIELD(report_count, label, "label", .flags = FIELD_REQUIRED),
    FIELD(report_count, count, "count", .flags = FIELD_REQUIRED, .max = COUNT_MAX),
};
const struct model report_count_model = MODEL("ReportCount", report_count, report_count_fields);

static const struct field report_metric_fields[] = {
    FIELD(report_metric, name, "name", .flags = FIELD_REQUIRED),
    FIELD(report_metric, value, "value", .flags = FIELD_REQUIRED),
};
const struct model report_metric_model = MODEL("ReportMetric", report_metric, report_metric_fields);

static const struct field report_component_fields[] = {
    FIELD(report_component, score, "score", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(report_component, weight, "weight", .flags = FIELD_REQUIRED, .max = 1),
    FIELD(report_component, empty, "empty"),
    FIELD(report_component, metrics, "metrics", .model = &report_metric_model),
};
const struct model report_component_model =
    MODEL("ReportComponent", report_component, report_component_fields);

static const struct field report_score_fields[] = {
    FIELD(report_score, overall, "overall", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(report_score, trend, "trend", .enum_names = &trend_names),
    OBJECT(report_score, goals, "goals", &report_component_model, .flags = FIELD_REQUIRED),
    OBJECT(report_score, strategies, "strategies", &report_component_model,
           .flags = FIELD_REQUIRED),
    OBJECT(report_score, kpis, "kpis", &report_component_model, .flags = FIELD_REQUIRED),
    OBJECT(report_score, actions, "actions", &report_component_model, .flags = FIELD_REQUIRED),
};
const struct model report_score_model = MODEL("ReportScore", report_score, report_score_fields);

static const struct field report_stats_fields[] = {
    FIELD(report_stats, total_goals, "totalGoals", .flags = FIELD_REQUIRED, .max = COUNT_MAX),
    FIELD(report_stats, active_goals, "activeGoals", .flags = FIELD_REQUIRED, .max = COUNT_MAX),
    FIELD(report_stats, completed_goals, "completedGoals", .flags = FIELD_REQUIRED,
          .max = COUNT_MAX),
    FIELD(report_stats, goals_by_status, "goalsByStatus", .model = &report_count_model),
    FIELD(report_stats, goals_by_horizon, "goalsByHorizon", .model = &report_count_model),
    FIELD(report_stats, average_progress, "averageProgress", .flags = FIELD_REQUIRED, .max = 100),
};
const struct model report_stats_model = MODEL("ReportStats", report_stats, report_stats_fields);

static const struct field report_alignment_fields[] = {
    FIELD(report_alignment, score, "score", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(report_alignment, trend, "trend", .enum_names = &trend_names),
    FIELD(report_alignment, team_size, "teamSize", .flags = FIELD_REQUIRED, .max = COUNT_MAX),
    FIELD(report_alignment, goals_with_multiple_owners, "goalsWithMultipleOwners",
          .flags = FIELD_REQUIRED, .max = COUNT_MAX),
    FIELD(report_alignment, shared_kpis, "sharedKPIs", .flags = FIELD_REQUIRED, .max = COUNT_MAX),
    FIELD(report_alignment, cross_goal_collaboration, "crossGoalCollaboration",
          .flags = FIELD_REQUIRED, .max = 100),
    FIELD(report_alignment, strategy_alignment, "strategyAlignment", .flags = FIELD_REQUIRED,
          .max = 100),
    FIELD(report_alignment, kpi_sharing, "kpiSharing", .flags = FIELD_REQUIRED, .max = 100),
};
const struct model report_alignment_model =
    MODEL("ReportAlignment", report_alignment, report_alignment_fields);

static const struct field report_strategy_fields[] = {
    FIELD(report_strategy, description, "description"),
    FIELD(report_strategy, status, "status", .enum_names = &strategy_status_names),
};
const struct model report_strategy_model =
    MODEL("ReportStrategy", report_strategy, report_strategy_fields);

static const struct field report_goal_kpi_fields[] = {
    FIELD(report_goal_kpi, name, "name"),
    FIELD(report_goal_kpi, unit, "unit"),
    FIELD(report_goal_kpi, status, "status", .enum_names = &link_status_names),
    FIELD(report_goal_kpi, is_primary, "isPrimary"),
    FIELD(report_goal_kpi, current, "current"),
    FIELD(report_goal_kpi, target, "target"),
    FIELD(report_goal_kpi, expected, "expected"),
    FIELD(report_goal_kpi, variance, "variance"),
    FIELD(report_goal_kpi, progress, "progress", .max = 100),
};
const struct model report_goal_kpi_model =
    MODEL("ReportGoalKpi", report_goal_kpi, report_goal_kpi_fields);

static const struct field report_goal_fields[] = {
    FIELD(report_goal, title, "title"),
    FIELD(report_goal, owner_name, "ownerName"),
    FIELD(report_goal, status, "status", .enum_names = &goal_status_names),
    FIELD(report_goal, horizon, "horizon", .enum_names = &horizon_names),
    FIELD(report_goal, progress, "progress", .max = 100),
    FIELD(report_goal, due_date, "dueDate"),
    FIELD(report_goal, ended_at, "endedAt"),
    FIELD(report_goal, track, "track", .enum_names = &link_status_names),
    FIELD(report_goal, late_actions, "lateActions", .max = COUNT_MAX),
    FIELD(report_goal, strategies, "strategies", .model = &report_strategy_model),
    FIELD(report_goal, kpis, "kpis", .model = &report_goal_kpi_model),
};
const struct model report_goal_model = MODEL("ReportGoal", report_goal, report_goal_fields);

static const struct field report_reading_fields[] = {
    FIELD(report_reading, period, "period", .flags = FIELD_REQUIRED),
    FIELD(report_reading, value, "value", .flags = FIELD_REQUIRED),
    FIELD(report_reading, is_estimate, "isEstimate"),
};
const struct model report_reading_model =
    MODEL("ReportReading", report_reading, report_reading_fields);

static const struct field report_expected_fields[] = {
    FIELD(report_expected, period, "period", .flags = FIELD_REQUIRED),
    FIELD(report_expected, expected, "expected", .flags = FIELD_REQUIRED),
    FIELD(report_expected, optimal, "optimal"),
    FIELD(report_expected, minimal, "minimal"),
};
const struct model report_expected_model =
    MODEL("ReportExpected", report_expected, report_expected_fields);

static const struct field report_kpi_fields[] = {
    FIELD(report_kpi, name, "name"),
    FIELD(report_kpi, unit, "unit"),
    FIELD(report_kpi, direction, "direction", .enum_names = &kpi_direction_names),
    FIELD(report_kpi, target, "target"),
    FIELD(report_kpi, baseline, "baseline"),
    FIELD(report_kpi, threshold, "threshold", .max = 100),
    FIELD(report_kpi, readings, "readings", .model = &report_reading_model,
          .max = REPORT_READINGS_MAX),
    FIELD(report_kpi, readings_total, "readingsTotal", .max = COUNT_MAX),
    FIELD(report_kpi, plan, "plan", .model = &report_expected_model, .max = REPORT_READINGS_MAX),
    FIELD(report_kpi, goals, "goals", .item_max = 100000),
    FIELD(report_kpi, status, "status", .enum_names = &link_status_names),
    FIELD(report_kpi, expected, "expected"),
    FIELD(report_kpi, variance, "variance"),
    FIELD(report_kpi, off_plan, "offPlan"),
};
const struct model report_kpi_model = MODEL("ReportKpi", report_kpi, report_kpi_fields);

static const struct field report_move_fields[] = {
    FIELD(report_move, name, "name"),
    FIELD(report_move, unit, "unit"),
    FIELD(report_move, direction, "direction", .enum_names = &kpi_direction_names),
    FIELD(report_move, before, "before", .flags = FIELD_REQUIRED),
    FIELD(report_move, after, "after", .flags = FIELD_REQUIRED),
    FIELD(report_move, before_period, "beforePeriod"),
    FIELD(report_move, after_period, "afterPeriod"),
};
const struct model report_move_model = MODEL("ReportMove", report_move, report_move_fields);

static const struct field report_action_fields[] = {
    FIELD(report_action, title, "title"),        FIELD(report_action, assignee, "assignee"),
    FIELD(report_action, due_date, "dueDate"),   FIELD(report_action, priority, "priority"),
    FIELD(report_action, status, "status"),      FIELD(report_action, goal, "goal"),
    FIELD(report_action, opened_at, "openedAt"), FIELD(report_action, completed_at, "completedAt"),
};
const struct model report_action_model = MODEL("ReportAction", report_action, report_action_fields);

static const struct field report_issue_fields[] = {
    FIELD(report_issue, title, "title"),
    FIELD(report_issue, type, "type"),
    FIELD(report_issue, status, "status"),
    FIELD(report_issue, priority, "priority"),
    FIELD(report_issue, reporter, "reporter"),
    FIELD(report_issue, impact, "impact"),
    FIELD(report_issue, reported_at, "reportedAt"),
    FIELD(report_issue, closed_at, "closedAt"),
    FIELD(report_issue, due_date, "dueDate"),
};
const struct model report_issue_model = MODEL("ReportIssue", report_issue, report_issue_fields);

static const struct field report_entry_fields[] = {
    FIELD(report_entry, at, "at"),       FIELD(report_entry, person, "person"),
    FIELD(report_entry, text, "text"),   FIELD(report_entry, goal, "goal"),
    FIELD(report_entry, title, "title"),
};
const struct model report_entry_model = MODEL("ReportEntry", report_entry, report_entry_fields);

static const struct field report_person_fields[] = {
    FIELD(report_person, name, "name", .flags = FIELD_REQUIRED),
    FIELD(report_person, goals, "goals", .max = COUNT_MAX),
    FIELD(report_person, late_goals, "lateGoals", .max = COUNT_MAX),
    FIELD(report_person, actions, "actions", .max = COUNT_MAX),
    FIELD(report_person, late_actions, "lateActions", .max = COUNT_MAX),
    FIELD(report_person, completed_actions, "completedActions", .max = COUNT_MAX),
};
const struct model report_person_model = MODEL("ReportPerson", report_person, report_person_fields);

static const struct field report_point_fields[] = {
    FIELD(report_point, day, "day", .flags = FIELD_REQUIRED),
    FIELD(report_point, score, "score", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(report_point, alignment, "alignment", .flags = FIELD_REQUIRED, .max = 100),
};
const struct model report_point_model = MODEL("ReportPoint", report_point, report_point_fields);

static const struct field report_state_fields[] = {
    FIELD(report_state, active_goals, "activeGoals", .max = COUNT_MAX),
    FIELD(report_state, goals_on_track, "goalsOnTrack", .max = COUNT_MAX),
    FIELD(report_state, goals_at_risk, "goalsAtRisk", .max = COUNT_MAX),
    FIELD(report_state, goals_behind, "goalsBehind", .max = COUNT_MAX),
    FIELD(report_state, kpis, "kpis", .max = COUNT_MAX),
    FIELD(report_state, kpis_on_track, "kpisOnTrack", .max = COUNT_MAX),
    FIELD(report_state, kpis_at_risk, "kpisAtRisk", .max = COUNT_MAX),
    FIELD(report_state, kpis_behind, "kpisBehind", .max = COUNT_MAX),
    FIELD(report_state, open_actions, "openActions", .max = COUNT_MAX),
    FIELD(report_state, overdue_actions, "overdueActions", .max = COUNT_MAX),
    FIELD(report_state, open_issues, "openIssues", .max = COUNT_MAX),
    FIELD(report_state, critical_issues, "criticalIssues", .max = COUNT_MAX),
};
const struct model report_state_model = MODEL("ReportState", report_state, report_state_fields);

static const struct field report_off_plan_fields[] = {
    FIELD(report_off_plan, name, "name"),         FIELD(report_off_plan, unit, "unit"),
    FIELD(report_off_plan, goal, "goal"),         FIELD(report_off_plan, owner, "owner"),
    FIELD(report_off_plan, current, "current"),   FIELD(report_off_plan, expected, "expected"),
    FIELD(report_off_plan, variance, "variance"),
};
const struct model report_off_plan_model =
    MODEL("ReportOffPlan", report_off_plan, report_off_plan_fields);

static const struct field report_fields[] = {
    FIELD(report, tenant_id, "tenantId", .flags = FIELD_REQUIRED),
    FIELD(report, tenant_name, "tenantName"),
    FIELD(report, logo, "logo"),
    FIELD(report, from, "from", .flags = FIELD_REQUIRED),
    FIELD(report, to, "to", .flags = FIELD_REQUIRED),
    FIELD(report, generated_at, "generatedAt", .flags = FIELD_REQUIRED),
    FIELD(report, as_of, "asOf"),
    FIELD(report, lang, "lang", .enum_names = &report_lang_names),
    FIELD(report, paper, "paper", .enum_names = &report_paper_names),
    FIELD(report, sections, "sections", .enum_names = &report_section_names),
    FIELD(report, without_charts, "withoutCharts"),
    FIELD(report, without_analytics, "withoutAnalytics"),
    FIELD(report, past, "past"),
    OBJECT(report, score, "score", &report_score_model, .flags = FIELD_REQUIRED),
    FIELD(report, score_after, "scoreAfter", .max = 100),
    FIELD(report, score_before, "scoreBefore", .max = 100),
    FIELD(report, score_before_at, "scoreBeforeAt"),
    OBJECT(report, stats, "stats", &report_stats_model, .flags = FIELD_REQUIRED),
    OBJECT(report, alignment, "alignment", &report_alignment_model, .flags = FIELD_REQUIRED),
    FIELD(report, has_state, "hasState"),
    OBJECT(report, state, "state", &report_state_model, .flags = 0),
    FIELD(report, off_plan, "offPlan", .model = &report_off_plan_model, .max = REPORT_OFF_PLAN_MAX),
    FIELD(report, off_plan_total, "offPlanTotal", .max = COUNT_MAX),
    FIELD(report, goals, "goals", .model = &report_goal_model, .max = REPORT_GOALS_MAX),
    FIELD(report, goals_total, "goalsTotal", .max = COUNT_MAX),
    FIELD(report, strategies_by_status, "strategiesByStatus", .model = &report_count_model),
    FIELD(report, kpis, "kpis", .model = &report_kpi_model, .max = REPORT_KPIS_MAX),
    FIELD(report, kpis_total, "kpisTotal", .max = COUNT_MAX),
    FIELD(report, moves, "moves", .model = &report_move_model, .max = REPORT_MOVES_MAX),
    FIELD(report, actions_by_status, "actionsByStatus", .model = &report_count_model),
    FIELD(report, overdue_actions, "overdueActions", .model = &report_action_model,
          .max = REPORT_OVERDUE_MAX),
    FIELD(report, overdue_total, "overdueTotal", .max = COUNT_MAX),
    FIELD(report, completed_actions, "completedActions", .model = &report_action_model,
          .max = REPORT_DONE_MAX),
    FIELD(report, completed_total, "completedTotal", .max = COUNT_MAX),
    FIELD(report, opened_actions, "openedActions", .model = &report_action_model,
          .max = REPORT_DONE_MAX),
    FIELD(report, opened_total, "openedTotal", .max = COUNT_MAX),
    FIELD(report, issues_by_category, "issuesByCategory", .model = &report_count_model),
    FIELD(report, open_issues, "openIssues", .model = &report_issue_model,
          .max = REPORT_ISSUES_MAX),
    FIELD(report, open_issues_total, "openIssuesTotal", .max = COUNT_MAX),
    FIELD(report, closed_issues, "closedIssues", .model = &report_issue_model,
          .max = REPORT_DONE_MAX),
    FIELD(report, closed_issues_total, "closedIssuesTotal", .max = COUNT_MAX),
    FIELD(report, opened_issues, "openedIssues", .model = &report_issue_model,
          .max = REPORT_DONE_MAX),
    FIELD(report, opened_issues_total, "openedIssuesTotal", .max = COUNT_MAX),
    FIELD(report, decisions, "decisions", .model = &report_entry_model,
          .max = REPORT_DECISIONS_MAX),
    FIELD(report, decisions_total, "decisionsTotal", .max = COUNT_MAX),
    FIELD(report, people, "people", .model = &report_person_model, .max = REPORT_PEOPLE_MAX),
    FIELD(report, points, "points", .model = &report_point_model, .max = REPORT_POINTS_MAX),
    FIELD(report, activity, "activity", .model = &report_entry_model, .max = REPORT_ACTIVITY_MAX),
    FIELD(report, activity_total, "activityTotal", .max = COUNT_MAX),
};
const struct model report_model = MODEL("Report", report, report_fields);
