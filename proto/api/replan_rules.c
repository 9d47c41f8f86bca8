/* The field table of replan rules. */
#include "replan_rules.h"

static const char *const adjust_strategy_texts[] = {NULL, "maintain_final_goal",
                                                    "proportional_shift", "custom"};
const struct enum_names adjust_strategy_names = ENUM_NAMES(adjust_strategy_texts);

static const struct field replan_rule_fields[] = {
    FIELD(replan_rule, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(replan_rule, kpi_id, "kpiId", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(replan_rule, kpi_id, "measureId",
             .flags = FIELD_READ_ONLY | FIELD_PRESENT | FIELD_COMPUTED, .doc = "the same as kpiId"),
    FIELD(replan_rule, threshold, "varianceThresholdPercentage", .flags = FIELD_KEPT, .min = 0,
          .max = 100,
          .doc = "percent of the expected value; a variance counts when it is adverse and beyond "
                 "it; 10 in a new rule",
          .example = "10"),
    FIELD(replan_rule, misses, "consecutiveMissesRequired", .flags = FIELD_KEPT, .min = 1,
          .max = REPLAN_MISSES_MAX,
          .doc = "so many measurements one after the other must count; 2 in a new rule",
          .example = "2"),
    FIELD(replan_rule, auto_adjust, "autoAdjustEnabled", .flags = FIELD_KEPT,
          .doc = "adjusts the plan then; not with the strategy custom; false in a new rule",
          .example = "false"),
    FIELD(replan_rule, strategy, "adjustmentStrategy", .flags = FIELD_KEPT,
          .enum_names = &adjust_strategy_names, .doc = "how; maintain_final_goal in a new rule"),
    FIELD(replan_rule, needs_approval, "requireUserApproval", .flags = FIELD_KEPT,
          .doc = "suggests the adjustment instead; true in a new rule", .example = "true"),
    FIELD(replan_rule, notify, "notifyOnTrigger", .flags = FIELD_KEPT,
          .doc = "tells the linked goals' feeds; true in a new rule", .example = "true"),
    FIELD(replan_rule, recipients, "notificationRecipients", .flags = FIELD_OPAQUE,
          .max = REPLAN_RECIPIENTS_MAX, .item_max = 128,
          .doc = "ids of people, for whoever sends them messages"),
    RECORD_FIELDS(replan_rule),
    COLUMN(replan_rule, version),
};
const struct model replan_rule_model = MODEL("ReplanRule", replan_rule, replan_rule_fields);

struct replan_rule replan_rule_default(void)
{
    struct replan_rule rule;

    model_clear(AS(replan_rule, &rule));
    rule.threshold = 10;
    rule.misses = 2;
    rule.strategy = ADJUST_MAINTAIN_GOAL;
    rule.needs_approval = rule.notify = true;
    return rule;
}
