/* Field tables of a goal's KPIs, short. */
#include "goal_kpi_list.h"

static const struct field goal_kpi_item_fields[] = {
    FIELD(goal_kpi_item, link_id, "linkId", .flags = FIELD_PRESENT, .doc = "the link"),
    FIELD(goal_kpi_item, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(goal_kpi_item, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as kpiId"),
    FIELD(goal_kpi_item, name, "name", .flags = FIELD_PRESENT, .doc = "of the KPI",
          .example = "\"Monthly recurring revenue\""),
    FIELD(goal_kpi_item, unit, "unit", .doc = "of the values", .example = "\"EUR\""),
    FIELD(goal_kpi_item, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(goal_kpi_item, type, "type", .flags = FIELD_PRESENT, .enum_names = &kpi_type_names,
          .doc = "of the KPI"),
    FIELD(goal_kpi_item, is_primary, "isPrimary", .doc = "the goal's primary KPI",
          .example = "true"),
    FIELD(goal_kpi_item, threshold_pct, "thresholdPct", .flags = FIELD_PRESENT,
          .doc = "progress in percent from which the link is on track", .example = "60"),
    FIELD(goal_kpi_item, current_value, "currentValue", .doc = "the newest period's counting value",
          .example = "331000"),
    FIELD(goal_kpi_item, current_value_date, "currentValueDate", .flags = FIELD_DAY,
          .doc = "the day of that"),
    FIELD(goal_kpi_item, target_value, "targetValue", .doc = "where progress is complete",
          .example = "400000"),
    FIELD(goal_kpi_item, progress, "progress", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "percent of the way from baseline to target", .example = "50"),
    FIELD(goal_kpi_item, progress_status, "progressStatus", .flags = FIELD_COMPUTED,
          .enum_names = &link_status_names,
          .doc =
              "the current value against the KPI's plan, or else the straight way to the target on "
              "the goal's due date; null where that cannot be asked for"),
    FIELD(goal_kpi_item, is_shared, "isShared",
          .doc = "marked as shared, or linked to two goals or more", .example = "false"),
    FIELD(goal_kpi_item, shared_goal_count, "sharedGoalCount", .flags = FIELD_PRESENT,
          .doc = "goals that the KPI is linked to", .example = "1"),
    FIELD(goal_kpi_item, order_index, "order", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "place among the goal's KPIs, from 1, in the order of linking", .example = "1"),
    FIELD(goal_kpi_item, linked_at, "linkedAt", .flags = FIELD_PRESENT, .doc = "since when"),
    COLUMN(goal_kpi_item, risk_threshold),
    COLUMN(goal_kpi_item, baseline_value),
    COLUMN(goal_kpi_item, own_target_value),
    PLAN_AROUND_COLUMNS(goal_kpi_item),
};
const struct model goal_kpi_item_model = MODEL("GoalKPIItem", goal_kpi_item, goal_kpi_item_fields);

#define PRIMARY_SCHEMAS                                                                           \
    "[{\"type\": \"object\", \"properties\": {\"kpiId\": {\"type\": \"string\"}, \"measureId\": " \
    "{\"type\": \"string\"}, \"name\": {\"type\": \"string\"}}, \"required\": [\"kpiId\", "       \
    "\"measureId\", \"name\"]}, {\"type\": \"null\"}]"

/* Only three keys differ between the two addresses. */
#define LIST_FIELDS(list_, total_, primary_)                                                      \
    FIELD(goal_kpi_list, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),           \
        FIELD(goal_kpi_list, goal_name, "goalName", .doc = "its title; null in degraded answers", \
              .example = "\"Grow subscription revenue to €4.8 million\""),                        \
        FIELD(goal_kpi_list, kpis, list_, .model = &goal_kpi_item_model,                          \
              .doc = "all of them, in the order of linking"),                                     \
        FIELD(goal_kpi_list, total_kpis, total_, .flags = FIELD_PRESENT, .doc = "how many",       \
              .example = "1"),                                                                    \
        FIELD(goal_kpi_list, has_primary, "hasPrimary", .doc = "true when there are any",         \
              .example = "true"),                                                                 \
        FIELD(goal_kpi_list, primary_kpi, primary_, .schemas = PRIMARY_SCHEMAS,                   \
              .doc = "the goal's primary one")

static const struct field goal_kpi_list_fields[] = {
    LIST_FIELDS("kpis", "totalKpis", "primaryKpi"),
};
const struct model goal_kpi_list_model = MODEL("GoalKPIList", goal_kpi_list, goal_kpi_list_fields);

static const struct field goal_measure_list_fields[] = {
    LIST_FIELDS("measures", "totalMeasures", "primaryMeasure"),
};
const struct model goal_measure_list_model =
    MODEL("GoalMeasureList", goal_kpi_list, goal_measure_list_fields);
