/* Field tables of target points and of the plan that they make. */
#include "target_points.h"

static const char *const target_status_texts[] = {NULL, "not_started", "in_progress", "achieved",
                                                  "missed"};
static const char *const target_subtype_texts[] = {NULL, "Expected", "Optimal", "Minimal"};
static const char *const data_category_texts[] = {NULL, "Target"};
static const char *const granularity_texts[] = {NULL,      "daily",     "weekly",
                                                "monthly", "quarterly", "yearly"};
static const struct enum_names target_status_names = ENUM_NAMES(target_status_texts);
static const struct enum_names target_subtype_names = ENUM_NAMES(target_subtype_texts);
static const struct enum_names data_category_names = ENUM_NAMES(data_category_texts);
static const struct enum_names granularity_names = ENUM_NAMES(granularity_texts);

static const struct field target_point_fields[] = {
    FIELD(target_point, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(target_point, kpi_id, "kpiId", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "the KPI"),
    FIELD_AS(target_point, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as kpiId"),
    FIELD(target_point, day, "milestoneDate", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "the day for which it is", .example = "\"2025-03-31\""),
    FIELD_AS(target_point, day, "targetDate", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "its beginning", .example = "\"2025-03-31T00:00:00.000Z\""),
    FIELD_AS(target_point, day, "postDate", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as targetDate", .example = "\"2025-03-31T00:00:00.000Z\""),
    FIELD(target_point, value, "targetValue", .flags = FIELD_PRESENT,
          .doc = "where the KPI should be", .example = "50000"),
    FIELD_AS(target_point, value, "postValue", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as targetValue", .example = "50000"),
    FIELD(target_point, optimal_value, "optimalValue", .doc = "what would be best"),
    FIELD(target_point, minimal_value, "minimalValue", .doc = "what would just do"),
    FIELD(target_point, period_start, "periodStartDate", .flags = FIELD_DAY,
          .doc = "first day of the period that ends with it"),
    FIELD_AS(target_point, period_start, "measuredPeriodStartDate", .flags = FIELD_COMPUTED,
             .doc = "its beginning"),
    FIELD(target_point, label, "label", .doc = "for people", .example = "\"First quarter\""),
    FIELD_AS(target_point, label, "description", .flags = FIELD_COMPUTED,
             .doc = "the same as label", .example = "\"First quarter\""),
    FIELD(target_point, confidence, "confidenceLevel", .doc = "as given, not interpreted"),
    FIELD(target_point, rationale, "rationale", .doc = "why it is so"),
    FIELD(target_point, category, "dataCategory", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &data_category_names, .doc = "always Target"),
    FIELD(target_point, status, "status", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &target_status_names, .doc = "by the KPI's readings, at present"),
    FIELD(target_point, best, "best", .flags = FIELD_INTERNAL | FIELD_JOINED),
    RECORD_FIELDS(target_point),
    COLUMN(target_point, version),
};
const struct model target_point_model = MODEL("TargetPoint", target_point, target_point_fields);

static const struct field target_input_fields[] = {
    FIELD(target_input, id, "id",
          .doc = "of a point that is to be changed; counts where several targets are sent"),
    FIELD(target_input, day, "milestoneDate", .flags = FIELD_DAY | FIELD_PRESENT,
          .aliases = "targetDate postDate", .doc = "the day for which it is, within 100 years",
          .example = "\"2026-12-31\""),
    FIELD(target_input, value, "targetValue", .flags = FIELD_PRESENT, .aliases = "postValue",
          .doc = "where the KPI should be", .example = "50000"),
    FIELD(target_input, optimal_value, "optimalValue",
          .doc = "what would be best: not worse than targetValue, in the KPI's direction"),
    FIELD(target_input, minimal_value, "minimalValue",
          .doc = "what would just do: not better than targetValue"),
    FIELD(target_input, period_start, "periodStartDate", .flags = FIELD_DAY,
          .aliases = "measuredPeriodStartDate", .doc = "first day of the period that ends with it"),
    FIELD(target_input, label, "label", .flags = FIELD_SHOWN, .max = 200, .aliases = "description",
          .doc = "for people", .example = "\"First quarter\""),
    FIELD(target_input, confidence, "confidenceLevel", .min = 0, .max = 100,
          .doc = "kept as given, not interpreted"),
    FIELD(target_input, rationale, "rationale", .flags = FIELD_SHOWN, .max = 1000,
          .doc = "why it is so"),
    FIELD(target_input, subtype, "targetSubtype", .enum_names = &target_subtype_names,
          .doc =
              "what targetValue is: Expected unless given; Optimal and Minimal set that value of "
              "the point that the day has"),
};
const struct model target_input_model =
    MODEL("TargetPointInput", target_input, target_input_fields);

static const struct field milestones_input_fields[] = {
    FIELD(milestones_input, milestones, "milestones", .flags = FIELD_REQUIRED,
          .model = &target_input_model,
          .doc =
              "1 to 200 points; of a day that has one already it is changed, and fields that are "
              "not sent stay; none, with replaceAll, clears the plan"),
    FIELD(milestones_input, replace_all, "replaceAll",
          .doc = "true removes the points that are not named"),
    FIELD(milestones_input, interpolation_method, "interpolationMethod",
          .enum_names = &interpolation_names,
          .doc = "becomes the KPI's; stays as it is unless given"),
};
const struct model milestones_input_model =
    MODEL("MilestonesInput", milestones_input, milestones_input_fields);

static const struct field targets_input_fields[] = {
    FIELD(targets_input, targets, "targets", .flags = FIELD_REQUIRED, .model = &target_input_model,
          .doc = "1 to 200 points; found by id or by day, else they are new"),
};
const struct model targets_input_model = MODEL("TargetsInput", targets_input, targets_input_fields);

static const struct field targets_query_fields[] = {
    FIELD(targets_query, subtype, "targetSubtype", .enum_names = &target_subtype_names,
          .doc = "points that have that value"),
};
const struct model targets_query_model = MODEL("TargetsQuery", targets_query, targets_query_fields);

static const struct field plan_query_fields[] = {
    FIELD(plan_query, granularity, "granularity", .enum_names = &granularity_names,
          .doc = "length of the periods; monthly unless given"),
};
const struct model plan_query_model = MODEL("PlanQuery", plan_query, plan_query_fields);

static const struct field plan_period_shown_fields[] = {
    FIELD(plan_period_shown, type, "periodType", .flags = FIELD_PRESENT,
          .enum_names = &granularity_names, .doc = "its length"),
    FIELD(plan_period_shown, first, "periodStart", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "its first day", .example = "\"2025-01-01\""),
    FIELD(plan_period_shown, last, "periodEnd", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "its last day", .example = "\"2025-01-31\""),
    FIELD(plan_period_shown, start_value, "startValue", .flags = FIELD_PRESENT,
          .doc = "expected before it begins", .example = "45000"),
    FIELD(plan_period_shown, end_value, "endValue", .flags = FIELD_PRESENT,
          .doc = "expected on its last day", .example = "46722.2222"),
    FIELD(plan_period_shown, delta, "delta", .flags = FIELD_PRESENT, .doc = "from one to the other",
          .example = "1722.2222"),
    FIELD(plan_period_shown, growth, "growthRate",
          .doc = "percent of the start's size; null from 0", .example = "3.83"),
    FIELD(plan_period_shown, points, "interpolatedFromMilestones",
          .doc = "the points in it and beside it"),
};
const struct model plan_period_shown_model =
    MODEL("PlanPeriod", plan_period_shown, plan_period_shown_fields);

static const struct field plan_kpi_fields[] = {
    FIELD(plan_kpi, id, "id", .doc = "the KPI"),
    FIELD(plan_kpi, name, "name", .flags = FIELD_PRESENT, .doc = "its name"),
    FIELD(plan_kpi, unit, "unit", .doc = "of the values"),
    FIELD(plan_kpi, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(plan_kpi, current_value, "currentValue", .doc = "the newest period's counting value"),
    FIELD(plan_kpi, current_date, "currentDate", .flags = FIELD_DAY, .doc = "the day of that"),
    FIELD(plan_kpi, interpolation_method, "interpolationMethod", .flags = FIELD_PRESENT,
          .enum_names = &interpolation_names, .doc = "how the path runs between points"),
};
static const struct model plan_kpi_model = MODEL("PlanKPI", plan_kpi, plan_kpi_fields);

static const char trajectory_schemas[] =
    "[{\"type\": \"object\", \"properties\": {\"method\": {\"type\": \"string\"}, "
    "\"totalChange\": {\"type\": \"number\"}, \"averageMonthlyGrowth\": {\"type\": [\"number\", "
    "\"null\"]}}, \"required\": [\"method\", \"totalChange\", \"averageMonthlyGrowth\"]}, "
    "{\"type\": \"null\"}]";

static const struct field kpi_plan_fields[] = {
    OBJECT(kpi_plan, kpi, "kpi", &plan_kpi_model, .doc = "the KPI"),
    FIELD(kpi_plan, milestones, "milestones", .model = &target_point_model, .doc = "by day"),
    FIELD(kpi_plan, periods, "periods", .model = &plan_period_shown_model,
          .doc = "from the one with the day after the first point to the one with the last point"),
    FIELD(kpi_plan, trajectory, "trajectory", .schemas = trajectory_schemas,
          .doc = "the whole way: how, how far, and percent of the first value in the mean of the "
                 "months; null without points"),
};
const struct model kpi_plan_model = MODEL("KPIPlan", kpi_plan, kpi_plan_fields);

static const struct field plan_overview_fields[] = {
    FIELD(plan_overview, monthly, "monthly", .model = &plan_period_shown_model, .doc = "months"),
    FIELD(plan_overview, quarterly, "quarterly", .model = &plan_period_shown_model,
          .doc = "quarters"),
    FIELD(plan_overview, yearly, "yearly", .model = &plan_period_shown_model, .doc = "years"),
};
static const struct model plan_overview_model =
    MODEL("PlanOverview", plan_overview, plan_overview_fields);

static const char alert_schemas[] =
    "[{\"type\": \"object\", \"properties\": {\"goalCount\": {\"type\": \"integer\"}, "
    "\"goalIds\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}, \"message\": "
    "{\"type\": \"string\"}}, \"required\": [\"goalCount\", \"goalIds\", \"message\"]}, "
    "{\"type\": \"null\"}]";

static const struct field plan_impact_fields[] = {
    FIELD(plan_impact, changed_milestones, "changedMilestones", .flags = FIELD_PRESENT,
          .doc = "points that were added, changed or removed", .example = "1"),
    FIELD(plan_impact, affected_periods, "affectedPeriods", .flags = FIELD_PRESENT,
          .doc = "months that end with another value than before", .example = "3"),
    FIELD(plan_impact, cross_goal_alert, "crossGoalAlert", .schemas = alert_schemas,
          .doc = "the goals that use the KPI, when they are two or more"),
};
static const struct model plan_impact_model = MODEL("PlanImpact", plan_impact, plan_impact_fields);

static const struct field plan_changed_fields[] = {
    FIELD(plan_changed, milestones, "milestones", .model = &target_point_model,
          .doc = "all of them, by day"),
    OBJECT(plan_changed, periods, "interpolatedPeriods", &plan_overview_model,
           .doc = "what the plan expects now"),
    OBJECT(plan_changed, impact, "impactAnalysis", &plan_impact_model, .doc = "what has changed"),
};
const struct model plan_changed_model = MODEL("PlanChanged", plan_changed, plan_changed_fields);
