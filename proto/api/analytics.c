/* Field tables of statistics, scores and recent activity. */
#include "analytics.h"

#include "goals.h"

static const char *const trend_name_texts[] = {NULL, "improving", "stable", "declining"};
/* clang-format off */
#define FEED_TYPE_TEXTS \
    NULL, "goal_created", "goal_updated", "strategy_added", "strategy_updated", "note_added", \
    "review_added", "decision_made", "attachment_added", "kpi_created", "kpi_updated", \
    "action_created", "action_updated", "action_completed", "issue_created", "issue_updated"
/* clang-format on */
static const char *const feed_type_name_texts[] = {FEED_TYPE_TEXTS};
static const char *const feed_word_name_texts[] = {FEED_TYPE_TEXTS, "decision", "note",
                                                   "attachment", "reading"};
static const char *const feed_entity_name_texts[] = {NULL,  "goal",   "strategy",
                                                     "kpi", "action", "issue"};
static const char *const report_format_name_texts[] = {NULL, "pdf", "docx"};
static const char *const report_lang_name_texts[] = {NULL, "en", "de", "fr", "es", "ar"};
static const char *const report_paper_name_texts[] = {NULL, "a4", "letter"};
static const char *const report_section_name_texts[] = {
    NULL,     "executive-summary", "goals",  "strategies", "kpis", "actions", "issues",
    "people", "analytics",         "trends", "activity"};
static const struct enum_alias report_section_aliases[] = {{"measures", SECTION_KPIS}, {NULL, 0}};

const struct enum_names trend_names = ENUM_NAMES(trend_name_texts);
const struct enum_names feed_type_names = ENUM_NAMES(feed_type_name_texts);
const struct enum_names feed_word_names = ENUM_NAMES(feed_word_name_texts);
const struct enum_names feed_entity_names = ENUM_NAMES(feed_entity_name_texts);
static const struct enum_names report_format_names = ENUM_NAMES(report_format_name_texts);
const struct enum_names report_lang_names = ENUM_NAMES(report_lang_name_texts);
const struct enum_names report_paper_names = ENUM_NAMES(report_paper_name_texts);
const struct enum_names report_section_names =
    ENUM_NAMES_ALSO(report_section_name_texts, report_section_aliases);

/* --- Statistics --- */

static const struct field goals_by_status_fields[] = {
    FIELD(goals_by_status, draft, "draft", .doc = "not started", .example = "2"),
    FIELD(goals_by_status, active, "active", .doc = "being worked on", .example = "12"),
    FIELD(goals_by_status, paused, "paused", .doc = "on hold", .example = "0"),
    FIELD(goals_by_status, completed, "completed", .doc = "reached", .example = "3"),
    FIELD(goals_by_status, cancelled, "cancelled", .doc = "given up", .example = "0"),
    FIELD(goals_by_status, archived, "archived", .doc = "put away", .example = "0"),
};
const struct model goals_by_status_model =
    MODEL("GoalsByStatus", goals_by_status, goals_by_status_fields);

static const struct field goals_by_horizon_fields[] = {
    FIELD(goals_by_horizon, year, "year", .doc = "of the year", .example = "6"),
    FIELD(goals_by_horizon, quarter, "quarter", .doc = "of the quarter", .example = "8"),
    FIELD(goals_by_horizon, month, "month", .doc = "of the month", .example = "3"),
};
const struct model goals_by_horizon_model =
    MODEL("GoalsByHorizon", goals_by_horizon, goals_by_horizon_fields);

static const struct field goal_stats_fields[] = {
    FIELD(goal_stats, total_goals, "totalGoals", .doc = "goals", .example = "17"),
    FIELD(goal_stats, active_goals, "activeGoals", .doc = "of them active", .example = "12"),
    FIELD(goal_stats, completed_goals, "completedGoals", .doc = "of them completed",
          .example = "3"),
    OBJECT(goal_stats, by_status, "goalsByStatus", &goals_by_status_model,
           .doc = "goals of each status"),
    OBJECT(goal_stats, by_horizon, "goalsByHorizon", &goals_by_horizon_model,
           .doc = "goals of each horizon"),
    OBJECT(goal_stats, by_status, "byStatus", &goals_by_status_model, .flags = FIELD_READ_ONLY,
           .doc = "the same as goalsByStatus"),
    OBJECT(goal_stats, by_horizon, "byType", &goals_by_horizon_model, .flags = FIELD_READ_ONLY,
           .doc = "the same as goalsByHorizon"),
    FIELD(goal_stats, average_progress, "averageProgress", .flags = FIELD_PRESENT,
          .doc = "mean progress of the goals that are neither draft nor cancelled, 0 to 100",
          .example = "67.5"),
    /* Required, so that figures which an older release has kept are computed anew. */
    FIELD(
        goal_stats, on_track, "onTrackCount", .flags = FIELD_REQUIRED,
        .doc =
            "active goals whose links with a target and a value all have reached their thresholds",
        .example = "8"),
    FIELD(goal_stats, at_risk, "atRiskCount", .flags = FIELD_REQUIRED,
          .doc =
              "active goals with such a link below its threshold, none below its riskThresholdPct",
          .example = "3"),
    FIELD(goal_stats, off_track, "offTrackCount", .flags = FIELD_REQUIRED,
          .doc = "active goals with such a link below its riskThresholdPct", .example = "1"),
    FIELD(goal_stats, measures, "totalMeasures", .flags = FIELD_REQUIRED,
          .doc = "KPIs that are linked to the goals", .example = "9"),
    FIELD(goal_stats, strategies, "totalStrategies", .flags = FIELD_REQUIRED,
          .doc = "strategies of the goals", .example = "24"),
    FIELD(goal_stats, actions, "totalActions", .flags = FIELD_REQUIRED,
          .doc = "actions that serve the goals, without cancelled ones", .example = "31"),
};
const struct model goal_stats_model = MODEL("GoalStats", goal_stats, goal_stats_fields);

static const struct field goal_stats_query_fields[] = {
    FIELD(goal_stats_query, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .aliases = "personId", .doc = "of this owner's goals only"),
    FIELD(goal_stats_query, horizon, "horizon", .enum_names = &horizon_names, .aliases = "type",
          .doc = "of goals of this horizon only; one or more, by commas"),
};
const struct model goal_stats_query_model =
    MODEL("GoalStatsQuery", goal_stats_query, goal_stats_query_fields);

/* --- Score --- */

/* NOLINTBEGIN(bugprone-macro-parentheses): a literal in parentheses is no initialiser. */
#define RATE(member_, name_, doc_) \
    FIELD(score_metrics, member_, name_, .flags = FIELD_PRESENT, .doc = doc_, .example = "75")
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct field goals_metrics_fields[] = {
    RATE(first, "completionRate", "completed, in percent"),
    RATE(second, "onTimeRate", "done by the due date, or open and not past it, in percent"),
};
const struct model goals_metrics_model =
    MODEL("CompletionMetrics", score_metrics, goals_metrics_fields);

static const struct field strategies_metrics_fields[] = {
    RATE(first, "validatedRate", "validated or adopted, in percent"),
    RATE(second, "adoptionRate", "adopted, in percent"),
};
const struct model strategies_metrics_model =
    MODEL("StrategyMetrics", score_metrics, strategies_metrics_fields);

static const struct field kpis_metrics_fields[] = {
    RATE(first, "targetAchievementRate", "links whose target is reached, in percent"),
    RATE(second, "onTrackRate", "links that have reached their threshold, in percent"),
};
const struct model kpis_metrics_model = MODEL("KPIMetrics", score_metrics, kpis_metrics_fields);

#define COMPONENT_FIELDS(metrics_)                                                       \
    FIELD(score_component, score, "score", .flags = FIELD_PRESENT,                       \
          .doc = "mean of the metrics, 0 to 100", .example = "75"),                      \
        FIELD(score_component, weight, "weight", .flags = FIELD_PRESENT,                 \
              .doc = "in the overall score; a component with nothing in it is left out", \
              .example = "0.4"),                                                         \
        OBJECT(score_component, metrics, "metrics", metrics_, .doc = "what the score is made of")

static const struct field goals_score_fields[] = {COMPONENT_FIELDS(&goals_metrics_model)};
static const struct field strategies_score_fields[] = {COMPONENT_FIELDS(&strategies_metrics_model)};
static const struct field kpis_score_fields[] = {COMPONENT_FIELDS(&kpis_metrics_model)};
static const struct model goals_score_model =
    MODEL("CompletionScore", score_component, goals_score_fields);
static const struct model strategies_score_model =
    MODEL("StrategyScore", score_component, strategies_score_fields);
static const struct model kpis_score_model = MODEL("KPIScore", score_component, kpis_score_fields);

static const struct field score_components_fields[] = {
    OBJECT(score_components, goals, "goals", &goals_score_model, .doc = "goals"),
    OBJECT(score_components, strategies, "strategies", &strategies_score_model,
           .doc = "strategies"),
    OBJECT(score_components, kpis, "kpis", &kpis_score_model, .doc = "links of KPIs to goals"),
    OBJECT(score_components, actions, "actions", &goals_score_model, .doc = "actions"),
};
static const struct model score_components_model =
    MODEL("ScoreComponents", score_components, score_components_fields);

static const struct field performance_score_fields[] = {
    FIELD(performance_score, overall_score, "overallScore", .flags = FIELD_PRESENT,
          .doc = "weighted mean of the components, 0 to 100", .example = "78.5"),
    OBJECT(performance_score, components, "components", &score_components_model,
           .doc = "what it is made of"),
    FIELD(performance_score, trend, "trend", .flags = FIELD_PRESENT, .enum_names = &trend_names,
          .doc = "compared with seven days before: more than a point up or down"),
    FIELD(performance_score, last_calculated, "lastCalculated", .flags = FIELD_PRESENT,
          .doc = "when the figures were computed"),
};
const struct model performance_score_model =
    MODEL("PerformanceScore", performance_score, performance_score_fields);

/* --- Alignment --- */

static const struct field collaboration_metrics_fields[] = {
    FIELD(collaboration_metrics, cross_goal_collaboration, "crossGoalCollaboration",
          .flags = FIELD_PRESENT, .doc = "people who work on two goals or more, in percent",
          .example = "72"),
    FIELD(collaboration_metrics, strategy_alignment, "strategyAlignment", .flags = FIELD_PRESENT,
          .doc = "open goals with a validated or adopted strategy, in percent", .example = "88"),
    FIELD(collaboration_metrics, kpi_sharing, "kpiSharing", .flags = FIELD_PRESENT,
          .doc = "linked KPIs that two goals or more share, in percent", .example = "65"),
};
static const struct model collaboration_metrics_model =
    MODEL("CollaborationMetrics", collaboration_metrics, collaboration_metrics_fields);

static const struct field team_alignment_fields[] = {
    FIELD(team_alignment, alignment_score, "alignmentScore", .flags = FIELD_PRESENT,
          .doc = "mean of the metrics, 0 to 100", .example = "75"),
    FIELD(team_alignment, team_size, "teamSize",
          .doc = "people who own a goal or KPI or are assigned an action or issue",
          .example = "12"),
    FIELD(team_alignment, goals_with_multiple_owners, "goalsWithMultipleOwners",
          .doc = "open goals that two people or more work on", .example = "8"),
    FIELD(team_alignment, shared_kpis, "sharedKPIs",
          .doc = "KPIs that are marked shared or linked to two open goals or more",
          .example = "15"),
    OBJECT(team_alignment, metrics, "collaborationMetrics", &collaboration_metrics_model,
           .doc = "what the score is made of"),
    FIELD(team_alignment, trend, "trend", .flags = FIELD_PRESENT, .enum_names = &trend_names,
          .doc = "compared with seven days before: more than a point up or down"),
    FIELD(team_alignment, last_calculated, "lastCalculated", .flags = FIELD_PRESENT,
          .doc = "when the figures were computed"),
};
const struct model team_alignment_model =
    MODEL("TeamAlignment", team_alignment, team_alignment_fields);

/* --- Recent activity --- */

static const struct field recent_entry_fields[] = {
    FIELD(recent_entry, id, "id", .doc = "of the entry"),
    FIELD(recent_entry, type, "type", .flags = FIELD_PRESENT, .enum_names = &feed_type_names,
          .doc = "what happened"),
    FIELD(recent_entry, user_id, "userId", .flags = FIELD_PRESENT, .doc = "who did it"),
    FIELD(recent_entry, user_name, "userName",
          .doc = "that person's name as it is now; null until known"),
    FIELD(recent_entry, entity_id, "entityId", .flags = FIELD_PRESENT, .doc = "to what"),
    FIELD(recent_entry, entity_type, "entityType", .flags = FIELD_PRESENT,
          .enum_names = &feed_entity_names, .doc = "what that is"),
    FIELD(recent_entry, entity_title, "entityTitle", .doc = "its title as it is now",
          .example = "\"Grow subscription revenue to €4.8 million\""),
    FIELD(recent_entry, description, "description", .flags = FIELD_PRESENT,
          .doc = "a sentence for people",
          .example = "\"Paused the goal “Grow subscription revenue to €4.8 million”\""),
    COLUMN(recent_entry, reason),
    FIELD(recent_entry, timestamp, "timestamp", .flags = FIELD_PRESENT, .doc = "when"),
};
const struct model recent_entry_model = MODEL("RecentActivity", recent_entry, recent_entry_fields);

static const struct field recent_query_fields[] = {
    FIELD_AS(recent_query, paging.page, "page", .min = 1, .max = PAGE_LAST,
             .doc = "page number, from 1; with it the answer has pagination", .example = "1"),
    FIELD_AS(recent_query, paging.size, "size", .min = 1, .max = RECENT_MAX,
             .default_value = RECENT_DEFAULT, .aliases = "limit pageSize", .doc = "entries",
             .example = "10"),
    FIELD(recent_query, type, "type", .enum_names = &feed_word_names, .aliases = "types",
          .doc = "one or more, by commas; decision, note and attachment are what was added or made "
                 "so, reading is what concerns values (kpi_updated, review_added); with it the "
                 "answer has pagination"),
    FIELD(recent_query, entity_type, "entityType", .enum_names = &feed_entity_names,
          .doc = "what happened to these; one or more, by commas"),
    FIELD(recent_query, goal_id, "goalId",
          .doc = "what happened to this goal, its strategies, and the KPIs and actions that are "
                 "linked to it"),
    COLUMN(recent_query, feed_types),
};
const struct model recent_query_model = MODEL("RecentQuery", recent_query, recent_query_fields);

static const struct field report_query_fields[] = {
    FIELD(report_query, format, "format", .enum_names = &report_format_names,
          .doc = "pdf unless said otherwise"),
    FIELD(report_query, from, "from", .aliases = "startDate",
          .doc = "first day; 30 days up to `to` unless given", .example = "\"2025-01-01\""),
    FIELD(report_query, to, "to", .aliases = "endDate",
          .doc = "last day, inclusive; today unless given", .example = "\"2025-01-31\""),
    FIELD(report_query, sections, "sections", .enum_names = &report_section_names, .max = 50,
          .doc = "chapters, one or more, by commas; all but activity, the log, unless given"),
    FIELD(report_query, include_charts, "includeCharts", .enum_names = &choice_names,
          .doc = "false: no chart is drawn"),
    FIELD(report_query, include_analytics, "includeAnalytics", .enum_names = &choice_names,
          .doc = "false: without the performance score and team alignment"),
    FIELD(report_query, lang, "lang", .enum_names = &report_lang_names,
          .doc = "language of headings, numbers and dates; en unless given"),
    FIELD(report_query, paper, "paper", .enum_names = &report_paper_names,
          .doc = "a4 unless given"),
};
const struct model report_query_model = MODEL("ReportQuery", report_query, report_query_fields);
