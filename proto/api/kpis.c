/* Field tables of KPIs, readings and links. */
#include "kpis.h"

#include <math.h>

#include "record.h"

const char *const kpi_sort_fields[] = {"name", "category", "createdAt", "updatedAt", NULL};

static const char *const reading_source_name_texts[] = {NULL, "manual", "action", "integration"};
const struct enum_names reading_source_names = ENUM_NAMES(reading_source_name_texts);

static const char *const kpi_type_texts[] = {NULL, "quantitative", "qualitative", "binary"};
static const char *const aggregation_type_texts[] = {NULL,  "sum",    "average", "min",
                                                     "max", "latest", "count",   "pointInTime"};
static const char *const aggregation_period_texts[] = {NULL,      "none",      "daily", "weekly",
                                                       "monthly", "quarterly", "yearly"};
static const char *const value_type_texts[] = {NULL,     "snapshot", "aggregate",  "other",
                                               "number", "currency", "percentage", "boolean"};
static const char *const interpolation_texts[] = {NULL, "linear", "exponential", "step"};
static const struct enum_alias aggregation_period_aliases[] = {{"day", PERIOD_DAILY},
                                                               {"week", PERIOD_WEEKLY},
                                                               {"month", PERIOD_MONTHLY},
                                                               {"quarter", PERIOD_QUARTERLY},
                                                               {"year", PERIOD_YEARLY},
                                                               {"annually", PERIOD_YEARLY},
                                                               {NULL, 0}};

const struct enum_names kpi_type_names = ENUM_NAMES(kpi_type_texts);
const struct enum_names aggregation_type_names = ENUM_NAMES(aggregation_type_texts);
const struct enum_names aggregation_period_names =
    ENUM_NAMES_ALSO(aggregation_period_texts, aggregation_period_aliases);
const struct enum_names value_type_names = ENUM_NAMES(value_type_texts);
const struct enum_names interpolation_names = ENUM_NAMES(interpolation_texts);

static const struct field kpi_fields[] = {
    FIELD(kpi, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(kpi, name, "name", .flags = FIELD_KEPT | FIELD_SHOWN, .min = 1, .max = 200,
          .doc = "unique within the tenant, in any case; required without a catalogId, as the next",
          .example = "\"Monthly recurring revenue\""),
    FIELD(kpi, description, "description", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "what is measured and how",
          .example = "\"Subscriptions and service, without one-off sales\""),
    FIELD(kpi, category, "category", .flags = FIELD_SHOWN, .max = 100,
          .doc = "a group of the client's choice", .example = "\"Finance\""),
    FIELD(kpi, unit, "unit", .flags = FIELD_SHOWN, .max = 50, .doc = "of the values",
          .example = "\"EUR\""),
    FIELD(kpi, direction, "direction", .flags = FIELD_KEPT, .enum_names = &kpi_direction_names,
          .doc = "which way is better", .example = "\"up\""),
    FIELD(kpi, formula, "formula", .flags = FIELD_SHOWN, .max = 2000,
          .aliases = "calculationMethod", .doc = "text for people; never evaluated"),
    FIELD(kpi, is_shared, "isShared", .doc = "meant to be used by several goals"),
    FIELD(kpi, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "id of the person who answers for it", .example = "\"amara.okafor\""),
    FIELD(kpi, owner_name, "ownerName", .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "the owner's name; null until that person has called"),
    FIELD(kpi, baseline_value, "baselineValue",
          .doc = "where progress starts; the earliest reading unless given", .example = "262000"),
    FIELD(kpi, target_value, "targetValue", .doc = "where progress is complete",
          .example = "400000"),
    FIELD(kpi, catalog_id, "catalogId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc =
              "the entry of the catalogue that it was made from, of which a new KPI takes what it "
              "does not say; null: none"),
    FIELD(kpi, type, "type", .flags = FIELD_KEPT, .enum_names = &kpi_type_names,
          .doc = "quantitative unless said otherwise"),
    FIELD(kpi, aggregation_type, "aggregationType", .enum_names = &aggregation_type_names,
          .doc = "how values of a period become one; kept for clients"),
    FIELD(kpi, aggregation_period, "aggregationPeriod", .enum_names = &aggregation_period_names,
          .doc = "the period; kept for clients"),
    FIELD(kpi, aggregation_period_count, "aggregationPeriodCount", .flags = FIELD_KEPT, .min = 1,
          .max = 1000000, .doc = "how many of them; 1 unless said otherwise", .example = "1"),
    FIELD(kpi, value_type, "valueType", .enum_names = &value_type_names,
          .doc = "what the values are; kept for clients"),
    FIELD(kpi, measurement_frequency, "measurementFrequency", .flags = FIELD_SHOWN, .max = 50,
          .doc = "how often it is measured", .example = "\"monthly\""),
    FIELD(kpi, data_source, "dataSource", .flags = FIELD_SHOWN, .max = 200,
          .doc = "where the values come from", .example = "\"Accounting\""),
    FIELD(kpi, interpolation_method, "interpolationMethod", .flags = FIELD_KEPT,
          .enum_names = &interpolation_names, .doc = "linear unless said otherwise"),
    FIELD(kpi, baseline_date, "baselineDate", .flags = FIELD_DAY,
          .doc = "the day of the baseline; the earliest measurement's unless given"),
    FIELD(kpi, current_value, "currentValue", .flags = FIELD_JOINED,
          .doc = "the newest period's counting value; sent with another value or day than is "
                 "known: a measurement, which becomes the reading of its month",
          .example = "331000"),
    FIELD(kpi, current_value_date, "currentValueDate", .flags = FIELD_DAY | FIELD_JOINED,
          .doc = "the day of that; today unless given"),
    FIELD(kpi, linked_goal_count, "linkedGoalCount",
          .flags = FIELD_READ_ONLY | FIELD_JOINED | FIELD_PRESENT,
          .doc = "goals that it is linked to", .example = "1"),
    FIELD(kpi, is_deleted, "isDeleted", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
          .doc = "always false", .example = "false"),
    COLUMN(kpi, deleted_at),
    RECORD_FIELDS(kpi),
    COLUMN(kpi, version),
    LISTED_FIELDS(kpi),
};
const struct model kpi_model = MODEL("KPI", kpi, kpi_fields);

static const struct field kpi_query_fields[] = {
    SORTED_FIELDS(kpi_query, kpi_sort_fields, NULL, PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(kpi_query),
    FIELD(kpi_query, search, "search", .min = 1, .max = 200,
          .doc = "part of name or description, in any case"),
    FIELD(kpi_query, category, "category", .flags = FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "KPIs of this category"),
    FIELD(kpi_query, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "KPIs of this owner"),
    FIELD(kpi_query, goal_id, "goalId", .doc = "KPIs that are linked to this goal"),
    FIELD(kpi_query, strategy_id, "strategyId",
          .doc = "KPIs that a goal's link says to measure this strategy"),
    FIELD(kpi_query, direction, "direction", .enum_names = &kpi_direction_names,
          .doc = "one or more, by commas"),
    FIELD(kpi_query, type, "type", .enum_names = &kpi_type_names, .doc = "one or more, by commas"),
    FIELD(kpi_query, catalog_only, "catalogOnly", .enum_names = &choice_names,
          .doc = "true: only KPIs with a catalogId"),
    FIELD(kpi_query, custom_only, "customOnly", .enum_names = &choice_names,
          .doc = "true: only KPIs without one"),
    FIELD(kpi_query, include_shared, "includeShared", .enum_names = &choice_names,
          .doc = "false: only KPIs that are linked to one goal at most"),
    COLUMN(kpi_query, sort_field),
    COLUMN(kpi_query, descending),
};
const struct model kpi_query_model = MODEL("KPIQuery", kpi_query, kpi_query_fields);

static const struct field reading_fields[] = {
    FIELD(reading, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(reading, kpi_id, "kpiId", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "the KPI"),
    FIELD(reading, period, "period", .flags = FIELD_REQUIRED, .aliases = "date",
          .doc = "the month it is for; a day counts for its month", .example = "\"2025-01\""),
    FIELD(reading, value, "value", .flags = FIELD_REQUIRED, .doc = "as measured",
          .example = "281000"),
    FIELD(reading, adjusted_value, "adjustedValue", .doc = "counts instead of value when given"),
    FIELD(reading, reason, "reason", .flags = FIELD_SHOWN, .max = 2000, .aliases = "note notes",
          .doc = "why it is so, or why it was adjusted"),
    FIELD(reading, source, "source", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .enum_names = &reading_source_names, .doc = "who recorded it"),
    FIELD(reading, source_id, "sourceId", .flags = FIELD_READ_ONLY,
          .doc = "the action it came from, or what it is at its source"),
    COLUMN(reading, day),
    FIELD(reading, is_estimate, "is_estimate", .flags = FIELD_INTERNAL | FIELD_JOINED),
    RECORD_FIELDS(reading),
    COLUMN(reading, version),
};
const struct model reading_model = MODEL("KPIReading", reading, reading_fields);

double reading_counts(const struct reading *reading)
{
    return isnan(reading->adjusted_value) ? reading->value : reading->adjusted_value;
}

static const struct field reading_query_fields[] = {
    PAGE_FIELDS(reading_query, PAGE_DEFAULT, PAGE_MAX),
    FIELD(reading_query, start_date, "startDate", .min = 7, .max = 40,
          .doc = "first month: YYYY-MM or a date", .example = "\"2025-01\""),
    FIELD(reading_query, end_date, "endDate", .min = 7, .max = 40,
          .doc = "last month, inclusive: YYYY-MM or a date", .example = "\"2025-12\""),
};
const struct model reading_query_model = MODEL("ReadingQuery", reading_query, reading_query_fields);

static const struct field kpi_value_fields[] = {
    FIELD(kpi_value, value, "value", .flags = FIELD_PRESENT, .doc = "the period's counting value",
          .example = "331000"),
    FIELD(kpi_value, recorded_at, "recordedAt", .flags = FIELD_PRESENT,
          .doc = "when it was recorded"),
};
const struct model kpi_value_model = MODEL("KPIValue", kpi_value, kpi_value_fields);

static const struct field linked_goal_fields[] = {
    FIELD(linked_goal, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(linked_goal, goal_name, "goalName", .flags = FIELD_COMPUTED,
          .doc = "its title; null in degraded answers",
          .example = "\"Grow subscription revenue to €4.8 million\""),
    FIELD(linked_goal, link_id, "linkId", .flags = FIELD_PRESENT, .doc = "the link"),
    FIELD(linked_goal, is_primary, "isPrimary", .doc = "the KPI is the goal's primary one",
          .example = "true"),
    FIELD(linked_goal, linked_at, "linkedAt", .flags = FIELD_PRESENT, .doc = "since when"),
};
const struct model linked_goal_model = MODEL("LinkedGoal", linked_goal, linked_goal_fields);

/* The KPI's own fields beside it, for clients that look for them there. */
#define OWN(member_, name_, ...) \
    FIELD_AS(kpi_detail, kpi.member_, name_, .doc = "as in kpi", __VA_ARGS__)

static const struct field kpi_detail_fields[] = {
    OWN(id, "id", .flags = FIELD_PRESENT),
    OWN(name, "name", .flags = FIELD_PRESENT),
    OWN(description, "description", .flags = 0),
    OWN(category, "category", .flags = 0),
    OWN(unit, "unit", .flags = 0),
    OWN(direction, "direction", .flags = FIELD_PRESENT, .enum_names = &kpi_direction_names),
    OWN(formula, "formula", .flags = 0),
    OWN(is_shared, "isShared", .flags = 0),
    OWN(owner_id, "ownerId", .flags = 0),
    OWN(owner_name, "ownerName", .flags = 0),
    OWN(baseline_value, "baselineValue", .flags = 0),
    OWN(target_value, "targetValue", .flags = 0),
    OWN(catalog_id, "catalogId", .flags = 0),
    OWN(type, "type", .flags = FIELD_PRESENT, .enum_names = &kpi_type_names),
    OWN(aggregation_type, "aggregationType", .flags = 0, .enum_names = &aggregation_type_names),
    OWN(aggregation_period, "aggregationPeriod", .flags = 0,
        .enum_names = &aggregation_period_names),
    OWN(aggregation_period_count, "aggregationPeriodCount", .flags = FIELD_PRESENT),
    OWN(value_type, "valueType", .flags = 0, .enum_names = &value_type_names),
    OWN(measurement_frequency, "measurementFrequency", .flags = 0),
    OWN(data_source, "dataSource", .flags = 0),
    OWN(interpolation_method, "interpolationMethod", .flags = FIELD_PRESENT,
        .enum_names = &interpolation_names),
    OWN(baseline_date, "baselineDate", .flags = FIELD_DAY),
    OWN(current_value, "currentValue", .flags = 0),
    OWN(current_value_date, "currentValueDate", .flags = FIELD_DAY),
    OWN(linked_goal_count, "linkedGoalCount", .flags = FIELD_PRESENT),
    OWN(is_deleted, "isDeleted", .flags = 0),
    OWN(created_at, "createdAt", .flags = FIELD_PRESENT),
    OWN(updated_at, "updatedAt", .flags = FIELD_PRESENT),
    OWN(created_by, "createdBy", .flags = 0),
    OWN(updated_by, "updatedBy", .flags = 0),
    OBJECT(kpi_detail, kpi, "kpi", &kpi_model, .doc = "the KPI"),
    FIELD(kpi_detail, readings, "readings", .model = &reading_model,
          .doc = "the newest 24, newest period first"),
    FIELD(kpi_detail, history, "historicalValues", .model = &kpi_value_model,
          .doc = "of the newest 12 of them, what counts"),
    FIELD(kpi_detail, linked_goals, "linkedGoals", .model = &linked_goal_model,
          .doc = "the goals that it is linked to, the first one first"),
};
#undef OWN
const struct model kpi_detail_model = MODEL("KPIDetail", kpi_detail, kpi_detail_fields);

static const struct field kpi_link_input_fields[] = {
    FIELD(kpi_link_input, kpi_id, "kpiId", .flags = FIELD_REQUIRED, .request_name = "kpi_id",
          .aliases = "measureId",
          .doc =
              "the KPI, or an entry of the catalogue: its KPI, which is made when there is none"),
    FIELD(kpi_link_input, threshold_pct, "thresholdPct", .min = 0, .max = 100,
          .request_name = "threshold_pct",
          .doc = "progress from which the link is on track; 80 unless given, or as it was",
          .example = "80"),
    FIELD(kpi_link_input, risk_threshold_pct, "riskThresholdPct", .min = 0, .max = 100,
          .doc = "progress below which the link is at risk, at most the threshold; 50, or the "
                 "threshold where that is less, unless given, or as it was",
          .example = "50"),
    FIELD(kpi_link_input, baseline_value, "baselineValue",
          .doc = "for this goal; the KPI's unless given"),
    FIELD(kpi_link_input, target_value, "targetValue",
          .doc = "for this goal; the KPI's unless given"),
    FIELD(kpi_link_input, strategy_id, "strategyId",
          .doc = "the goal's strategy that the KPI measures; null: none"),
    FIELD(kpi_link_input, is_primary, "isPrimary",
          .doc = "true makes it the goal's primary KPI; the first is that anyway"),
};
const struct model kpi_link_input_model =
    MODEL("KPILinkInput", kpi_link_input, kpi_link_input_fields);

static const struct field kpi_unlink_input_fields[] = {
    FIELD(kpi_unlink_input, kpi_id, "kpiId", .flags = FIELD_REQUIRED, .request_name = "kpi_id",
          .aliases = "measureId", .doc = "the KPI's id, or the link's"),
    FIELD(kpi_unlink_input, new_primary_kpi_id, "newPrimaryKpiId", .aliases = "newPrimaryMeasureId",
          .doc = "another of the goal's KPIs, which becomes the primary one; unless given the "
                 "oldest that remains, when the primary one is unlinked"),
};
const struct model kpi_unlink_input_model =
    MODEL("KPIUnlinkInput", kpi_unlink_input, kpi_unlink_input_fields);

static const struct field kpi_unlinked_fields[] = {
    FIELD(kpi_unlinked, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(kpi_unlinked, shared_kpi_id, "sharedKpiId", .flags = FIELD_PRESENT,
          .doc = "the KPI that is no longer linked"),
    FIELD_AS(kpi_unlinked, shared_kpi_id, "unlinkedKpiId", .flags = FIELD_PRESENT,
             .doc = "the same as sharedKpiId"),
    FIELD_AS(kpi_unlinked, shared_kpi_id, "unlinkedMeasureId", .flags = FIELD_PRESENT,
             .doc = "the same as sharedKpiId"),
    FIELD(kpi_unlinked, new_primary_kpi_id, "newPrimaryKpiId",
          .doc = "the goal's primary KPI when that is another than before; else null"),
    FIELD_AS(kpi_unlinked, new_primary_kpi_id, "newPrimaryMeasureId",
             .doc = "the same as newPrimaryKpiId"),
    FIELD(kpi_unlinked, remaining_kpi_count, "remainingKpiCount", .flags = FIELD_PRESENT,
          .doc = "how many KPIs the goal has now", .example = "1"),
    FIELD_AS(kpi_unlinked, remaining_kpi_count, "remainingMeasureCount", .flags = FIELD_PRESENT,
             .doc = "the same as remainingKpiCount", .example = "1"),
};
const struct model kpi_unlinked_model = MODEL("KPIUnlinked", kpi_unlinked, kpi_unlinked_fields);

static const struct field kpi_primary_fields[] = {
    FIELD(kpi_primary, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(kpi_primary, previous_primary_kpi_id, "previousPrimaryKpiId",
          .doc = "its primary KPI until now"),
    FIELD_AS(kpi_primary, previous_primary_kpi_id, "previousPrimaryMeasureId",
             .doc = "the same as previousPrimaryKpiId"),
    FIELD(kpi_primary, new_primary_kpi_id, "newPrimaryKpiId", .flags = FIELD_PRESENT,
          .doc = "its primary KPI"),
    FIELD_AS(kpi_primary, new_primary_kpi_id, "newPrimaryMeasureId", .flags = FIELD_PRESENT,
             .doc = "the same as newPrimaryKpiId"),
    FIELD(kpi_primary, updated_at, "updatedAt", .flags = FIELD_PRESENT,
          .doc = "when the link last changed"),
};
const struct model kpi_primary_model = MODEL("KPIPrimary", kpi_primary, kpi_primary_fields);

static const struct field kpi_threshold_input_fields[] = {
    FIELD(kpi_threshold_input, threshold_pct, "thresholdPct", .flags = FIELD_REQUIRED, .min = 0,
          .max = 100, .request_name = "threshold_pct",
          .doc = "progress from which the link is on track", .example = "80"),
    FIELD(kpi_threshold_input, risk_threshold_pct, "riskThresholdPct", .min = 0, .max = 100,
          .doc = "progress below which the link is at risk, at most the threshold; 50, or the "
                 "threshold where that is less, unless given, or as it was",
          .example = "50"),
    FIELD(kpi_threshold_input, strategy_id, "strategyId",
          .doc = "the goal's strategy that the KPI measures; null: none"),
};
const struct model kpi_threshold_input_model =
    MODEL("KPIThresholdInput", kpi_threshold_input, kpi_threshold_input_fields);

static const struct field kpis_of_goals_fields[] = {
    FIELD(kpis_of_goals, goal_ids, "goalIds", .flags = FIELD_REQUIRED, .max = KPIS_OF_GOALS_MAX,
          .doc = "goals"),
    ROW_LIMITS_COLUMNS(kpis_of_goals),
};
const struct model kpis_of_goals_model = MODEL("KPIsOfGoals", kpis_of_goals, kpis_of_goals_fields);

static const struct field readings_due_query_fields[] = {
    FIELD(readings_due_query, goal_ids, "goalIds", .flags = FIELD_REQUIRED,
          .max = KPIS_OF_GOALS_MAX, .doc = "goals"),
    FIELD(readings_due_query, period, "period", .flags = FIELD_REQUIRED, .doc = "the month"),
};
const struct model readings_due_query_model =
    MODEL("ReadingsDueQuery", readings_due_query, readings_due_query_fields);

static const struct field readings_due_answer_fields[] = {
    FIELD(readings_due_answer, due, "due", .doc = "one of them has such a KPI"),
};
const struct model readings_due_answer_model =
    MODEL("ReadingsDue", readings_due_answer, readings_due_answer_fields);

static const struct field reading_record_fields[] = {
    FIELD(reading_record, shared_kpi_id, "sharedKpiId", .doc = "the KPI"),
    FIELD(reading_record, kpi_id, "kpiId", .doc = "the KPI's id or a link's"),
    FIELD(reading_record, period, "period", .flags = FIELD_REQUIRED, .doc = "the month it is for"),
    FIELD(reading_record, value, "value", .flags = FIELD_REQUIRED, .doc = "as measured"),
    FIELD(reading_record, adjusted_value, "adjustedValue", .doc = "counts instead of value"),
    FIELD(reading_record, reason, "reason", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "what the action says of it"),
    FIELD(reading_record, source_id, "sourceId", .flags = FIELD_REQUIRED, .doc = "the action"),
};
const struct model reading_record_model =
    MODEL("ReadingRecord", reading_record, reading_record_fields);

static const struct field kpi_named_fields[] = {
    FIELD(kpi_named, shared_kpi_id, "sharedKpiId", .doc = "the KPI"),
    FIELD(kpi_named, kpi_id, "kpiId", .doc = "the KPI's id or a link's"),
};
const struct model kpi_named_model = MODEL("KPINamed", kpi_named, kpi_named_fields);

static const struct field reading_recorded_fields[] = {
    FIELD(reading_recorded, kpi_id, "kpiId", .doc = "the KPI"),
    OBJECT(reading_recorded, reading, "reading", &reading_model, .doc = "what is kept now"),
};
const struct model reading_recorded_model =
    MODEL("ReadingRecorded", reading_recorded, reading_recorded_fields);

static const struct field reading_event_kpi_fields[] = {
    FIELD(reading_event_kpi, id, "id", .doc = "the KPI"),
    FIELD(reading_event_kpi, name, "name", .doc = "its name"),
    FIELD(reading_event_kpi, unit, "unit", .doc = "of the value"),
    FIELD(reading_event_kpi, direction, "direction", .enum_names = &kpi_direction_names,
          .doc = "which way is better"),
};
const struct model reading_event_kpi_model =
    MODEL("ReadingEventKPI", reading_event_kpi, reading_event_kpi_fields);

/* A KPI that was linked before there was a limit may be linked to any number of goals. */
static const struct field reading_event_fields[] = {
    OBJECT(reading_event, reading, "reading", &reading_model, .doc = "the reading"),
    OBJECT(reading_event, kpi, "kpi", &reading_event_kpi_model, .doc = "the KPI"),
    FIELD(reading_event, day, "measurementDate", .flags = FIELD_DAY,
          .doc = "the day that counts of the month"),
    FIELD(reading_event, is_estimate, "isEstimate", .doc = "what counts was estimated"),
    FIELD(reading_event, goal_ids, "goalIds", .max = 1e9, .doc = "goals that it is linked to"),
    FIELD(reading_event, activity_ids, "activityIds", .max = 1e9,
          .doc = "ids of the entries in their feeds"),
    FIELD(reading_event, title, "title", .doc = "of the entries"),
    FIELD(reading_event, text, "text", .doc = "of the entries"),
};
const struct model reading_event_model = MODEL("ReadingEvent", reading_event, reading_event_fields);

static const struct field reading_removed_fields[] = {
    OBJECT(reading_removed, reading, "reading", &reading_model, .doc = "the reading as it was"),
    OBJECT(reading_removed, kpi, "kpi", &reading_event_kpi_model, .doc = "the KPI"),
    FIELD(reading_removed, goal_ids, "goalIds", .max = 1e9, .doc = "goals that it is linked to"),
};
const struct model reading_removed_model =
    MODEL("ReadingRemoved", reading_removed, reading_removed_fields);
