/* Field tables of plans as goals see them. */
#include "plan_views.h"

static const char *const impact_level_texts[] = {NULL, "high", "medium", "low"};
static const struct enum_names impact_level_names = ENUM_NAMES(impact_level_texts);

static const struct field goal_impact_fields[] = {
    FIELD(goal_impact, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(goal_impact, goal_title, "goalTitle", .flags = FIELD_COMPUTED,
          .doc = "its title; null in degraded answers",
          .example = "\"Grow subscription revenue to €4.8 million\""),
    FIELD(goal_impact, level, "impactLevel", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &impact_level_names,
          .doc = "high: the goal's primary or only KPI; medium: one of two or three; else low"),
    FIELD(goal_impact, threshold, "threshold", .flags = FIELD_PRESENT,
          .doc = "progress from which the link is on track", .example = "80"),
    FIELD(goal_impact, alignment, "currentAlignment", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "progress of the link, in percent", .example = "62.5"),
    FIELD(goal_impact, direction, "direction", .flags = FIELD_INTERNAL,
          .enum_names = &kpi_direction_names),
    COLUMN(goal_impact, baseline_value),
    COLUMN(goal_impact, current_value),
    COLUMN(goal_impact, target_value),
    COLUMN(goal_impact, is_primary),
    COLUMN(goal_impact, goal_kpis),
};
const struct model goal_impact_model = MODEL("GoalImpact", goal_impact, goal_impact_fields);

static const struct field cross_goal_impact_fields[] = {
    FIELD(cross_goal_impact, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(cross_goal_impact, kpi_id, "measureId", .flags = FIELD_PRESENT,
             .doc = "the same as kpiId"),
    FIELD(cross_goal_impact, kpi_name, "kpiName", .flags = FIELD_PRESENT, .doc = "its name"),
    FIELD_AS(cross_goal_impact, kpi_name, "measureName", .flags = FIELD_PRESENT,
             .doc = "the same as kpiName"),
    FIELD(cross_goal_impact, goals, "affectedGoals", .model = &goal_impact_model,
          .doc = "the goals that it is linked to, the first one first"),
    FIELD(cross_goal_impact, total, "totalGoalsAffected", .flags = FIELD_PRESENT,
          .doc = "how many they are", .example = "1"),
};
const struct model cross_goal_impact_model =
    MODEL("CrossGoalImpact", cross_goal_impact, cross_goal_impact_fields);
