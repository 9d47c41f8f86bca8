/* Field tables of measurements. */
#include "measurements.h"

#include <math.h>

static const char *const subtype_texts[] = {NULL, "Measured", "Estimate"};
static const char *const performance_texts[] = {NULL, "achieved", "on_track", "at_risk",
                                                "off_track"};
static const char *const wish_texts[] = {NULL, "none", "manual", "auto"};
static const char *const category_texts[] = {NULL, "Actual"};
const struct enum_names measurement_subtype_names = ENUM_NAMES(subtype_texts);
const struct enum_names performance_status_names = ENUM_NAMES(performance_texts);
static const struct enum_names wish_names = ENUM_NAMES(wish_texts);
static const struct enum_names category_names = ENUM_NAMES(category_texts);

static const char favourable_schemas[] = "[{\"type\": \"boolean\"}, {\"type\": \"null\"}]";

static const struct field measurement_fields[] = {
    FIELD(measurement, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(measurement, kpi_id, "kpiId", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(measurement, kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as kpiId"),
    FIELD(measurement, day, "measurementDate", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "the day for which it is", .example = "\"2025-03-31\""),
    FIELD_AS(measurement, day, "postDate", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "its beginning", .example = "\"2025-03-31T00:00:00.000Z\""),
    FIELD(measurement, actual, "actualValue", .flags = FIELD_PRESENT, .doc = "what counts",
          .example = "44000"),
    FIELD_AS(measurement, actual, "postValue", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as actualValue", .example = "44000"),
    FIELD(measurement, subtype, "actualSubtype", .flags = FIELD_PRESENT,
          .enum_names = &measurement_subtype_names,
          .doc = "in a month, measured ones count before estimates"),
    FIELD(measurement, category, "dataCategory", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .enum_names = &category_names, .doc = "always Actual"),
    FIELD(measurement, source, "source", .flags = FIELD_PRESENT,
          .enum_names = &reading_source_names, .doc = "who recorded it"),
    FIELD_AS(measurement, source, "dataSource", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .enum_names = &reading_source_names, .doc = "the same as source"),
    FIELD(measurement, source_name, "dataSourceName", .doc = "what the source is called"),
    FIELD(measurement, source_id, "sourceId", .doc = "what it is at its source, or the action"),
    FIELD_AS(measurement, source_id, "sourceReferenceId", .flags = FIELD_COMPUTED,
             .doc = "the same as sourceId"),
    FIELD(measurement, rationale, "rationale", .doc = "why it is so"),
    FIELD(measurement, period_start, "periodStartDate", .flags = FIELD_DAY,
          .doc = "first day of the period that ends with it"),
    FIELD(measurement, is_overridden, "isManualOverride", .flags = FIELD_COMPUTED,
          .doc = "somebody has put another value in place of what was recorded",
          .example = "false"),
    FIELD(measurement, original_value, "originalValue", .flags = FIELD_COMPUTED,
          .doc = "what was recorded, when it was overridden"),
    FIELD(measurement, override_comment, "overrideComment", .doc = "why it was overridden"),
    FIELD(measurement, expected, "expectedValue", .flags = FIELD_COMPUTED,
          .doc = "what the KPI's plan expects on the day; null without target points, as what "
                 "follows from it",
          .example = "50000"),
    FIELD(measurement, variance, "variance", .flags = FIELD_COMPUTED,
          .doc = "actualValue - expectedValue", .example = "-6000"),
    FIELD(measurement, variance_percentage, "variancePercentage", .flags = FIELD_COMPUTED,
          .doc = "percent of the expected value's size; null where 0 is expected",
          .example = "-12"),
    FIELD(measurement, is_favourable, "isFavourable", .flags = FIELD_COMPUTED,
          .schemas = favourable_schemas, .doc = "as expected or better, in the KPI's direction",
          .example = "false"),
    FIELD(measurement, exceeded, "replanThresholdExceeded", .flags = FIELD_COMPUTED,
          .doc = "variancePercentage is larger than the threshold of the KPI's rule for "
                 "re-planning, either way",
          .example = "true"),
    FIELD(measurement, triggers, "triggersReplan", .flags = FIELD_COMPUTED,
          .doc = "it and the measured ones before it, as many as the rule says, are worse than "
                 "expected by more than the threshold; or somebody has said so",
          .example = "true"),
    FIELD(measurement, plan_adjusted, "autoAdjustmentApplied",
          .doc = "the plan was adjusted because of it", .example = "false"),
    FIELD(measurement, performance, "performanceStatus", .flags = FIELD_COMPUTED,
          .enum_names = &performance_status_names,
          .doc = "achieved: the next target point's value is reached; on_track: better than "
                 "expected, or worse within the threshold; at_risk: within twice the threshold"),
    FIELD_AS(measurement, created_by, "recordedBy", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "id of the person who recorded it first"),
    FIELD_AS(measurement, created_at, "recordedAt", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "when"),
    COLUMN(measurement, period),
    COLUMN(measurement, value),
    COLUMN(measurement, adjusted_value),
    COLUMN(measurement, is_posted),
    COLUMN(measurement, is_flagged),
    RECORD_FIELDS(measurement),
    COLUMN(measurement, version),
};
const struct model measurement_model = MODEL("KPIActual", measurement, measurement_fields);

double measurement_counts(const struct measurement *measurement)
{
    return isnan(measurement->adjusted_value) ? measurement->value : measurement->adjusted_value;
}

static const struct field measurement_query_fields[] = {
    PAGE_FIELDS(measurement_query, PAGE_DEFAULT, MEASUREMENTS_PAGE_MAX),
    FIELD(measurement_query, start_date, "startDate", .flags = FIELD_DAY, .doc = "first day",
          .example = "\"2025-01-01\""),
    FIELD(measurement_query, end_date, "endDate", .flags = FIELD_DAY, .doc = "last day, inclusive",
          .example = "\"2025-12-31\""),
    FIELD(measurement_query, subtype, "actualSubtype", .enum_names = &measurement_subtype_names,
          .aliases = "subtype", .doc = "measurements of this subtype"),
};
const struct model measurement_query_model =
    MODEL("KPIActualsQuery", measurement_query, measurement_query_fields);

static const struct field measurement_input_fields[] = {
    FIELD(measurement_input, day, "measurementDate", .flags = FIELD_DAY | FIELD_REQUIRED,
          .aliases = "postDate",
          .doc = "the day for which it is: tomorrow at the latest, within 100 years",
          .example = "\"2025-03-31\""),
    FIELD(measurement_input, value, "actualValue", .flags = FIELD_REQUIRED, .aliases = "postValue",
          .doc = "what was measured", .example = "44000"),
    FIELD(measurement_input, subtype, "actualSubtype", .enum_names = &measurement_subtype_names,
          .doc = "Measured unless given"),
    FIELD(measurement_input, source, "source", .flags = FIELD_SHOWN, .min = 1, .max = 200,
          .aliases = "dataSource",
          .doc = "manual unless given, action or integration (as Automated, system and import are "
                 "read); another text becomes the dataSourceName",
          .example = "\"manual\""),
    FIELD(measurement_input, source_name, "dataSourceName", .flags = FIELD_SHOWN, .min = 1,
          .max = 200, .doc = "what the source is called"),
    FIELD(measurement_input, source_id, "sourceId", .flags = FIELD_SHOWN, .max = 200,
          .aliases = "sourceReferenceId", .doc = "what it is at its source, or the action"),
    FIELD(measurement_input, rationale, "rationale", .flags = FIELD_SHOWN, .max = 2000,
          .aliases = "notes note", .doc = "why it is so"),
    FIELD(measurement_input, period_start, "periodStartDate", .flags = FIELD_DAY,
          .aliases = "measuredPeriodStartDate", .doc = "first day of the period that ends with it"),
    FIELD(measurement_input, wish, "adjustmentStrategy", .enum_names = &wish_names,
          .doc = "none: leave the plan alone; manual: suggest whenever the threshold is exceeded; "
                 "auto: adjust the plan when it triggers re-planning; as the KPI's rule says "
                 "unless given"),
};
const struct model measurement_input_model =
    MODEL("KPIActualInput", measurement_input, measurement_input_fields);

static const struct field measurement_override_fields[] = {
    FIELD(measurement_override, new_value, "newValue", .flags = FIELD_REQUIRED,
          .doc = "counts instead of what was recorded", .example = "46000"),
    FIELD(measurement_override, comment, "overrideComment", .flags = FIELD_REQUIRED | FIELD_SHOWN,
          .min = 1, .max = 1000, .doc = "why", .example = "\"Late invoices\""),
};
const struct model measurement_override_model =
    MODEL("KPIActualOverride", measurement_override, measurement_override_fields);

static const struct field measurement_flag_fields[] = {
    FIELD(measurement_flag, exceeded, "thresholdExceeded", .flags = FIELD_REQUIRED,
          .doc = "true: it triggers re-planning, whatever the figures say; false: as they say"),
    FIELD(measurement_flag, plan_adjusted, "autoAdjustmentApplied",
          .doc = "the plan was adjusted because of it; stays as it is unless given"),
};
const struct model measurement_flag_model =
    MODEL("KPIReplanTrigger", measurement_flag, measurement_flag_fields);

static const struct field measured_variance_fields[] = {
    FIELD(measured_variance, expected, "expectedValue", .doc = "as in the measurement"),
    FIELD(measured_variance, variance, "variance", .doc = "as in the measurement"),
    FIELD(measured_variance, percentage, "variancePercentage", .doc = "as in the measurement"),
};
static const struct model measured_variance_model =
    MODEL("KPIComputedVariance", measured_variance, measured_variance_fields);

/* The measurement's own fields beside it, for clients that look for them there. */
#define OWN(member_, name_, ...) \
    FIELD_AS(measurement_recorded, actual.member_, name_, .doc = "as in actual", __VA_ARGS__)

static const struct field measurement_recorded_fields[] = {
    OWN(id, "id", .flags = FIELD_PRESENT),
    OWN(kpi_id, "kpiId", .flags = FIELD_PRESENT),
    OWN(kpi_id, "measureId", .flags = FIELD_PRESENT),
    OWN(day, "measurementDate", .flags = FIELD_DAY | FIELD_PRESENT),
    OWN(day, "postDate", .flags = FIELD_PRESENT),
    OWN(actual, "actualValue", .flags = FIELD_PRESENT),
    OWN(actual, "postValue", .flags = FIELD_PRESENT),
    OWN(subtype, "actualSubtype", .flags = FIELD_PRESENT, .enum_names = &measurement_subtype_names),
    OWN(category, "dataCategory", .flags = FIELD_PRESENT, .enum_names = &category_names),
    OWN(source, "source", .flags = FIELD_PRESENT, .enum_names = &reading_source_names),
    OWN(source, "dataSource", .flags = FIELD_PRESENT, .enum_names = &reading_source_names),
    OWN(source_name, "dataSourceName", .flags = 0),
    OWN(source_id, "sourceId", .flags = 0),
    OWN(source_id, "sourceReferenceId", .flags = 0),
    OWN(rationale, "rationale", .flags = 0),
    OWN(period_start, "periodStartDate", .flags = FIELD_DAY),
    OWN(is_overridden, "isManualOverride", .flags = 0),
    OWN(original_value, "originalValue", .flags = 0),
    OWN(override_comment, "overrideComment", .flags = 0),
    OWN(expected, "expectedValue", .flags = 0),
    OWN(variance, "variance", .flags = 0),
    OWN(variance_percentage, "variancePercentage", .flags = 0),
    OWN(is_favourable, "isFavourable", .flags = 0, .schemas = favourable_schemas),
    OWN(exceeded, "replanThresholdExceeded", .flags = 0),
    OWN(triggers, "triggersReplan", .flags = 0),
    OWN(plan_adjusted, "autoAdjustmentApplied", .flags = 0),
    OWN(performance, "performanceStatus", .flags = 0, .enum_names = &performance_status_names),
    OWN(created_by, "recordedBy", .flags = FIELD_PRESENT),
    OWN(created_at, "recordedAt", .flags = FIELD_PRESENT),
    OWN(created_at, "createdAt", .flags = FIELD_PRESENT),
    OWN(updated_at, "updatedAt", .flags = FIELD_PRESENT),
    OWN(created_by, "createdBy", .flags = 0),
    OWN(updated_by, "updatedBy", .flags = 0),
    OBJECT(measurement_recorded, actual, "actual", &measurement_model, .doc = "what is kept now"),
    OBJECT(measurement_recorded, variance, "computedVariance", &measured_variance_model,
           .doc = "how far it is from the plan"),
    FIELD(measurement_recorded, adjustment, "adjustment",
          .doc = "of the plan, because of it; null: none"),
    FIELD(measurement_recorded, suggestions, "suggestions",
          .doc = "how the plan could be adjusted"),
};
#undef OWN
const struct model measurement_recorded_model =
    MODEL("KPIActualRecorded", measurement_recorded, measurement_recorded_fields);

static const struct field measurement_list_fields[] = {
    FIELD(measurement_list, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(measurement_list, kpi_id, "measureId", .flags = FIELD_PRESENT,
             .doc = "the same as kpiId"),
    FIELD(measurement_list, actuals, "actuals", .model = &measurement_model,
          .doc = "of the page, newest day first"),
    FIELD(measurement_list, total, "totalCount", .flags = FIELD_PRESENT, .doc = "of all pages",
          .example = "1"),
};
const struct model measurement_list_model =
    MODEL("KPIActualList", measurement_list, measurement_list_fields);

static const struct field kpi_value_input_fields[] = {
    FIELD(kpi_value_input, value, "value", .flags = FIELD_REQUIRED, .aliases = "currentValue",
          .doc = "what was measured", .example = "44000"),
    FIELD(kpi_value_input, day, "recordedAt", .flags = FIELD_DAY, .aliases = "currentValueDate",
          .doc = "the day for which it is; today unless given"),
    FIELD(kpi_value_input, notes, "notes", .flags = FIELD_SHOWN, .max = 2000,
          .aliases = "note rationale", .doc = "why it is so"),
};
const struct model kpi_value_input_model =
    MODEL("KPIValueInput", kpi_value_input, kpi_value_input_fields);

static const struct field kpi_value_set_fields[] = {
    FIELD(kpi_value_set, id, "id", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD(kpi_value_set, current_value, "currentValue", .flags = FIELD_PRESENT,
          .doc = "the newest period's counting value", .example = "44000"),
    FIELD(kpi_value_set, current_value_date, "currentValueDate", .flags = FIELD_DAY | FIELD_PRESENT,
          .doc = "the day of that"),
    FIELD(kpi_value_set, updated_at, "updatedAt", .flags = FIELD_PRESENT,
          .doc = "when it was recorded"),
};
const struct model kpi_value_set_model = MODEL("KPIValueSet", kpi_value_set, kpi_value_set_fields);
