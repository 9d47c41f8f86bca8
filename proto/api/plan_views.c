/* Field tables of plans as goals see them. */
#include "plan_views.h"

#include "target_points.h"

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

/* --- A goal's KPIs --- */

static const struct field planning_actual_fields[] = {
    FIELD(planning_actual, id, "id", .doc = "the measurement"),
    FIELD(planning_actual, day, "measurementDate", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "its day"),
    FIELD(planning_actual, value, "actualValue", .flags = FIELD_PRESENT, .doc = "what counts of it",
          .example = "44000"),
    FIELD(planning_actual, subtype, "actualSubtype", .flags = FIELD_PRESENT,
          .enum_names = &measurement_subtype_names, .doc = "measured or estimated"),
    FIELD(planning_actual, expected, "expectedValue", .doc = "what the plan expects on that day",
          .example = "50000"),
    FIELD(planning_actual, variance, "variance", .doc = "how far it is from that",
          .example = "-6000"),
    FIELD(planning_actual, variance_percentage, "variancePercentage",
          .doc = "in percent of the expected value; null from 0", .example = "-12"),
};
const struct model planning_actual_model =
    MODEL("PlanningActual", planning_actual, planning_actual_fields);

static const struct field planning_variance_fields[] = {
    FIELD(planning_variance, expected, "expectedValue", .doc = "as in latestActual"),
    FIELD(planning_variance, variance, "variance", .doc = "as in latestActual"),
    FIELD(planning_variance, percentage, "variancePercentage", .doc = "as in latestActual"),
};
static const struct model planning_variance_model =
    MODEL("PlanningVariance", planning_variance, planning_variance_fields);

static const char next_schemas[] =
    "[{\"$ref\": \"#/components/schemas/TargetPoint\"}, {\"type\": \"null\"}]";
static const char actual_schemas[] =
    "[{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}, "
    "\"measurementDate\": {\"type\": \"string\"}, \"actualValue\": {\"type\": \"number\"}, "
    "\"actualSubtype\": {\"type\": \"string\"}, \"expectedValue\": {\"type\": [\"number\", "
    "\"null\"]}, \"variance\": {\"type\": [\"number\", \"null\"]}, \"variancePercentage\": "
    "{\"type\": [\"number\", \"null\"]}}, \"required\": [\"id\", \"measurementDate\", "
    "\"actualValue\", \"actualSubtype\"]}, {\"type\": \"null\"}]";
static const struct field named_goal_fields[] = {
    FIELD(named_goal, id, "id", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(named_goal, name, "name", .doc = "its title; null in degraded answers"),
};
const struct model named_goal_model = MODEL("NamedGoal", named_goal, named_goal_fields);

static const struct field goal_planning_item_fields[] = {
    FIELD(goal_planning_item, link_id, "linkId", .flags = FIELD_PRESENT, .doc = "the link"),
    FIELD(goal_planning_item, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(goal_planning_item, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as kpiId"),
    FIELD(goal_planning_item, name, "name", .flags = FIELD_PRESENT, .doc = "its name"),
    FIELD_AS(goal_planning_item, name, "kpiName", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as name"),
    FIELD(goal_planning_item, unit, "unit", .doc = "of the values"),
    FIELD(goal_planning_item, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(goal_planning_item, person_id, "personId", .doc = "the KPI's owner"),
    FIELD(goal_planning_item, person_name, "personName", .doc = "the owner's name"),
    FIELD(goal_planning_item, strategy_id, "strategyId", .doc = "the goal's strategy it measures"),
    FIELD(goal_planning_item, is_primary, "isPrimary", .doc = "the goal's primary KPI"),
    FIELD(goal_planning_item, current_value, "currentValue",
          .doc = "the newest period's counting value", .example = "44000"),
    FIELD(goal_planning_item, current_day, "currentDate", .flags = FIELD_DAY,
          .doc = "the day of that"),
    FIELD(goal_planning_item, milestone_count, "milestoneCount", .flags = FIELD_PRESENT,
          .doc = "target points of its plan", .example = "4"),
    FIELD_AS(goal_planning_item, milestone_count, "targetCount",
             .flags = FIELD_PRESENT | FIELD_COMPUTED, .doc = "the same as milestoneCount",
             .example = "4"),
    FIELD(goal_planning_item, next_milestone, "nextMilestone", .flags = FIELD_COMPUTED,
          .schemas = next_schemas, .doc = "the first target point behind today, or null"),
    FIELD_AS(goal_planning_item, next_milestone, "nextTarget", .flags = FIELD_COMPUTED,
             .schemas = next_schemas, .doc = "the same as nextMilestone"),
    FIELD(goal_planning_item, latest_actual, "latestActual", .flags = FIELD_COMPUTED,
          .schemas = actual_schemas,
          .doc = "the measurement that counts of the newest period, against the plan; null: none"),
    OBJECT(goal_planning_item, variance, "computedVariance", &planning_variance_model,
           .flags = FIELD_COMPUTED, .doc = "of latestActual"),
    FIELD(goal_planning_item, is_shared, "isShared",
          .doc = "marked so, or linked to two goals or more"),
    FIELD(goal_planning_item, shared_goals, "sharedGoals", .flags = FIELD_COMPUTED,
          .model = &named_goal_model,
          .doc = "the goals that use it when they are two or more, 50 at most; names are null in "
                 "degraded answers"),
    FIELD_AS(goal_planning_item, actual.id, "actual_id", .flags = FIELD_INTERNAL),
    FIELD_AS(goal_planning_item, actual.day, "actual_day", .flags = FIELD_INTERNAL),
    FIELD_AS(goal_planning_item, actual.value, "actual_value", .flags = FIELD_INTERNAL),
    FIELD_AS(goal_planning_item, actual.subtype, "actual_subtype", .flags = FIELD_INTERNAL,
             .enum_names = &measurement_subtype_names),
    PLAN_AROUND_COLUMNS(goal_planning_item),
    COLUMN(goal_planning_item, goal_count),
};
const struct model goal_planning_item_model =
    MODEL("GoalPlanningItem", goal_planning_item, goal_planning_item_fields);

static const struct field planned_goal_fields[] = {
    FIELD(planned_goal, id, "id", .doc = "the goal"),
    FIELD(planned_goal, title, "name", .doc = "its title; null in degraded answers"),
    FIELD_AS(planned_goal, title, "title", .doc = "the same as name"),
    FIELD(planned_goal, intent, "intent", .doc = "what it is for; null in degraded answers"),
};
static const struct model planned_goal_model =
    MODEL("PlannedGoal", planned_goal, planned_goal_fields);

static const struct field goal_planning_fields[] = {
    OBJECT(goal_planning, goal, "goal", &planned_goal_model, .doc = "the goal"),
    FIELD(goal_planning, kpis, "kpis", .model = &goal_planning_item_model,
          .doc = "its KPIs, in the order of linking"),
    FIELD_AS(goal_planning, kpis, "kpiLinks", .model = &goal_planning_item_model,
             .doc = "the same as kpis"),
};
const struct model goal_planning_model = MODEL("GoalPlanning", goal_planning, goal_planning_fields);
