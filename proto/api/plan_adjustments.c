/* Field tables of adjusting plans. */
#include "plan_adjustments.h"

static const char *const adjust_trigger_texts[] = {NULL, "actual_variance", "replan_rule",
                                                   "manual"};
static const struct enum_names adjust_trigger_names = ENUM_NAMES(adjust_trigger_texts);
static const char *const adjustment_type_texts[] = {NULL, "milestone_updated"};
static const struct enum_names adjustment_type_names = ENUM_NAMES(adjustment_type_texts);

static const struct field plan_anchor_fields[] = {
    FIELD(plan_anchor, kpi_id, "kpiId", .flags = FIELD_INTERNAL),
    FIELD(plan_anchor, day, "day", .flags = FIELD_DAY | FIELD_PRESENT, .doc = "where it is",
          .example = "\"2025-03-31\""),
    FIELD(plan_anchor, left_value, "expectedValue", .flags = FIELD_PRESENT,
          .doc = "what had been expected there", .example = "50000"),
    FIELD(plan_anchor, right_value, "value", .flags = FIELD_PRESENT,
          .doc = "where the path goes on", .example = "44000"),
    FIELD(plan_anchor, straight, "straight",
          .doc = "the path comes there in a straight line, whatever interpolationMethod says"),
    COLUMN(plan_anchor, version),
    COLUMN(plan_anchor, created_at),
    COLUMN(plan_anchor, updated_at),
    COLUMN(plan_anchor, created_by),
    COLUMN(plan_anchor, updated_by),
};
const struct model plan_anchor_model = MODEL("PlanAnchor", plan_anchor, plan_anchor_fields);

static const struct field adjust_input_fields[] = {
    FIELD(adjust_input, strategy, "strategy", .flags = FIELD_REQUIRED,
          .enum_names = &adjust_strategy_names, .aliases = "adjustmentType adjustmentStrategy",
          .doc = "maintain_final_goal keeps the last target point and leads there anew; "
                 "proportional_shift changes all later points by the factor of the variance; "
                 "custom takes customMilestones"),
    FIELD(adjust_input, based_on, "basedOnActualId",
          .doc = "the measurement from which the plan goes on; unless given the newest that "
                 "counts"),
    FIELD(adjust_input, custom, "customMilestones", .model = &target_input_model,
          .doc = "of the strategy custom: target points behind the day, merged as in PUT "
                 "milestones"),
    FIELD(adjust_input, rationale, "rationale", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1,
          .max = 1000, .doc = "why", .example = "\"Two deals moved to April\""),
    FIELD(adjust_input, notes, "adjustmentNotes", .flags = FIELD_SHOWN, .max = 2000,
          .aliases = "notes", .doc = "what else is to be remembered"),
    FIELD(adjust_input, effective_day, "effectiveDate", .flags = FIELD_DAY,
          .doc = "the day from which the plan changes; the measurement's when one is named, "
                 "else today unless given",
          .example = "\"2025-03-31\""),
    FIELD(adjust_input, preview, "preview", .doc = "true answers the same and stores nothing"),
};
const struct model adjust_input_model =
    MODEL("PlanAdjustmentInput", adjust_input, adjust_input_fields);

/* clang-format off */
#define ADJUSTMENT_BEGIN \
    FIELD(plan_adjustment, id, "id", .doc = "UUIDv7; of a preview, that of nothing"), \
    FIELD(plan_adjustment, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"), \
    FIELD_AS(plan_adjustment, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED, \
             .doc = "the same as kpiId"), \
    FIELD_AS(plan_adjustment, created_at, "adjustmentDate", \
             .flags = FIELD_PRESENT | FIELD_COMPUTED, .doc = "when it was made"), \
    FIELD(plan_adjustment, effective_day, "effectiveDate", .flags = FIELD_DAY | FIELD_PRESENT, \
          .doc = "the day from which the plan has changed", .example = "\"2025-03-31\""), \
    FIELD(plan_adjustment, type, "adjustmentType", .flags = FIELD_PRESENT | FIELD_COMPUTED, \
          .enum_names = &adjustment_type_names, .doc = "always milestone_updated"), \
    FIELD(plan_adjustment, strategy, "adjustmentStrategy", .flags = FIELD_PRESENT, \
          .enum_names = &adjust_strategy_names, .doc = "how"), \
    FIELD(plan_adjustment, trigger, "triggerReason", .flags = FIELD_PRESENT, \
          .enum_names = &adjust_trigger_names, \
          .doc = "actual_variance with a measurement, replan_rule when automatic, else manual"), \
    FIELD(plan_adjustment, based_on, "basedOnActualId", .doc = "the measurement that was named"), \
    FIELD(plan_adjustment, variance_percentage, "triggerVariancePercentage", \
          .doc = "percent of what was expected there; null where that was 0", .example = "-12")

#define ADJUSTMENT_END \
    FIELD(plan_adjustment, affected_milestones, "affectedMilestoneIds", .max = TARGET_POINTS_MAX, \
          .doc = "target points that were changed or added"), \
    FIELD(plan_adjustment, affected_goals, "affectedGoalIds", .max = 1e9, \
          .doc = "goals that use the KPI"), \
    FIELD(plan_adjustment, recalculated_periods, "recalculatedPeriodCount", \
          .flags = FIELD_PRESENT, .doc = "months of the plan that are not what they were", \
          .example = "9"), \
    FIELD(plan_adjustment, rationale, "rationale", .flags = FIELD_PRESENT, .doc = "why", \
          .example = "\"Two deals moved to April\""), \
    FIELD(plan_adjustment, notes, "adjustmentNotes", .doc = "what else is to be remembered"), \
    FIELD(plan_adjustment, created_by, "createdBy", .doc = "id of the person who made it"), \
    FIELD(plan_adjustment, created_at, "createdAt", .flags = FIELD_PRESENT, \
          .doc = "when it was made")
/* clang-format on */

static const struct field plan_adjustment_fields[] = {
    ADJUSTMENT_BEGIN,
    FIELD(plan_adjustment, previous_milestones, "previousMilestones", .flags = FIELD_PRESENT,
          .model = &target_point_model, .doc = "all target points as they were, by day"),
    FIELD(plan_adjustment, new_milestones, "newMilestones", .flags = FIELD_PRESENT,
          .model = &target_point_model, .doc = "all target points as they became, by day"),
    ADJUSTMENT_END,
};
const struct model plan_adjustment_model =
    MODEL("PlanAdjustment", plan_adjustment, plan_adjustment_fields);

static const struct field adjustment_told_fields[] = {ADJUSTMENT_BEGIN, ADJUSTMENT_END};
static const struct model adjustment_told_model =
    MODEL("PlanAdjustmentTold", plan_adjustment, adjustment_told_fields);

static const struct field plan_adjusted_fields[] = {
    OBJECT(plan_adjusted, adjustment, "adjustment", &plan_adjustment_model, .doc = "what was done"),
    FIELD(plan_adjusted, milestones, "updatedMilestones", .model = &target_point_model,
          .doc = "the target points behind the day, by day"),
    FIELD(plan_adjusted, periods, "recalculatedPeriods", .model = &plan_period_shown_model,
          .doc = "the months of the plan that are not what they were"),
};
const struct model plan_adjusted_model = MODEL("PlanAdjusted", plan_adjusted, plan_adjusted_fields);

static const struct field adjustments_query_fields[] = {
    PAGE_FIELDS(adjustments_query, PAGE_DEFAULT, PAGE_MAX),
    COLUMN(adjustments_query, kpi_id),
    ROW_LIMITS_COLUMNS(adjustments_query),
};
const struct model adjustments_query_model =
    MODEL("AdjustmentsQuery", adjustments_query, adjustments_query_fields);

static const struct field plan_adjusted_event_fields[] = {
    OBJECT(plan_adjusted_event, kpi, "kpi", &reading_event_kpi_model, .doc = "the KPI"),
    OBJECT(plan_adjusted_event, adjustment, "adjustment", &adjustment_told_model,
           .doc = "what was done"),
    OBJECT(plan_adjusted_event, anchor, "anchor", &plan_anchor_model,
           .doc = "where the plan goes on; those behind it are no more"),
    FIELD(plan_adjusted_event, goal_ids, "goalIds", .max = 1e9,
          .doc = "goals that the KPI is linked to"),
    FIELD(plan_adjusted_event, activity_ids, "activityIds", .max = 1e9,
          .doc = "ids of the entries in their feeds"),
    FIELD(plan_adjusted_event, title, "title", .doc = "of the entries"),
    FIELD(plan_adjusted_event, text, "text", .doc = "of the entries"),
};
const struct model plan_adjusted_event_model =
    MODEL("PlanAdjustedTold", plan_adjusted_event, plan_adjusted_event_fields);

static const struct field replan_suggested_event_fields[] = {
    FIELD(replan_suggested_event, kpi_id, "kpiId", .doc = "the KPI"),
    FIELD(replan_suggested_event, actual_id, "actualId", .doc = "the measurement"),
    FIELD(replan_suggested_event, variance_percentage, "variancePercentage",
          .doc = "how far it is from what was expected", .example = "-12"),
    FIELD(replan_suggested_event, recipients, "recipients", .flags = FIELD_OPAQUE,
          .doc = "ids of people who are to be told, as the KPI's rule says"),
    OBJECT(replan_suggested_event, kpi, "kpi", &reading_event_kpi_model, .doc = "the KPI"),
    FIELD(replan_suggested_event, goal_ids, "goalIds", .max = 1e9,
          .doc = "goals that the KPI is linked to"),
    FIELD(replan_suggested_event, activity_ids, "activityIds", .max = 1e9,
          .doc = "ids of the entries in their feeds"),
    FIELD(replan_suggested_event, title, "title", .doc = "of the entries"),
    FIELD(replan_suggested_event, text, "text", .doc = "of the entries"),
};
const struct model replan_suggested_event_model =
    MODEL("ReplanSuggestedTold", replan_suggested_event, replan_suggested_event_fields);

static const struct field plan_replaced_event_fields[] = {
    FIELD(plan_replaced_event, kpi_id, "kpiId", .doc = "the KPI"),
};
const struct model plan_replaced_event_model =
    MODEL("PlanReplacedTold", plan_replaced_event, plan_replaced_event_fields);
