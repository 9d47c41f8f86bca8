/* Field tables of the summary of KPIs. */
#include "kpi_summary.h"

#include "percent.h"

static const char *const activity_texts[] = {NULL, "active", "inactive"};
static const struct enum_names activity_names = ENUM_NAMES(activity_texts);

double health_score(const struct status_counts *counts)
{
    int64_t judged = counts->on_track + counts->behind + counts->at_risk;

    return judged > 0 ? percent_rounded(
                            (100.0 * (double)counts->on_track + 50.0 * (double)counts->behind) /
                            (double)judged)
                      : 0;
}

static const struct field summary_query_fields[] = {
    PAGE_FIELDS(summary_query, PAGE_DEFAULT, SUMMARY_PAGE_MAX),
    FIELD(summary_query, category, "category", .flags = FIELD_SHOWN, .min = 1, .max = 100,
          .doc = "KPIs of this category"),
    FIELD(summary_query, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "KPIs of this owner"),
    FIELD(summary_query, activity, "status", .enum_names = &activity_names,
          .doc = "active ones are linked to a goal that is not cancelled, or have an owner; active "
                 "unless said otherwise"),
    FIELD(summary_query, progress_status, "progressStatus", .enum_names = &link_status_names,
          .doc = "KPIs of this status"),
    FIELD(summary_query, period, "period", .enum_names = &aggregation_period_names,
          .doc = "KPIs of this aggregationPeriod"),
    FIELD(summary_query, include_inactive, "includeInactive", .enum_names = &choice_names,
          .doc = "true: inactive ones, too"),
    FIELD(summary_query, max_points, "maxDataPoints", .min = 0, .max = SUMMARY_TREND_MAX,
          .doc = "points of trendData, of measurements and of targets each: 5 unless given; 0: "
                 "all, up to 500"),
    COLUMN(summary_query, max_kpis),
    COLUMN(summary_query, max_links),
};
const struct model summary_query_model =
    MODEL("KPISummaryQuery", summary_query, summary_query_fields);

#define LINK_FIELDS                                                                               \
    FIELD(summary_link, link_id, "linkId", .flags = FIELD_PRESENT, .doc = "the link"),            \
        FIELD(summary_link, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),        \
        FIELD(summary_link, goal_title, "goalTitle", .flags = FIELD_COMPUTED,                     \
              .doc = "its title; null in degraded answers"),                                      \
        FIELD(summary_link, is_primary, "isPrimary", .doc = "the KPI is the goal's primary one"), \
        FIELD(summary_link, threshold, "thresholdPct", .flags = FIELD_PRESENT,                    \
              .doc = "percent from which it is on track", .example = "80"),                       \
        FIELD(summary_link, status, "status", .flags = FIELD_COMPUTED | FIELD_PRESENT,            \
              .enum_names = &link_status_names,                                                   \
              .doc = "the current value against what is expected on its day"),                    \
        FIELD(summary_link, progress, "progress", .flags = FIELD_COMPUTED | FIELD_PRESENT,        \
              .doc = "percent of the way from baseline to target, within 0 to 100",               \
              .example = "50"),                                                                   \
        FIELD(summary_link, progress_percentage, "progressPercentage", .flags = FIELD_COMPUTED,   \
              .doc = "the same without bounds; null without a way", .example = "-1.82"),          \
        FIELD(summary_link, target_value, "targetValue", .flags = FIELD_COMPUTED,                 \
              .doc = "the effective one"),                                                        \
        FIELD(summary_link, expected, "expectedValue", .flags = FIELD_COMPUTED,                   \
              .doc = "on the day of the current value"),                                          \
        FIELD(summary_link, variance, "variance", .flags = FIELD_COMPUTED,                        \
              .doc = "currentValue - expectedValue", .example = "-6000"),                         \
        FIELD(summary_link, variance_percentage, "variancePercentage", .flags = FIELD_COMPUTED,   \
              .doc = "percent of the whole way; negative when adverse", .example = "-10.91"),     \
        FIELD(summary_link, days_until_target, "daysUntilTarget", .flags = FIELD_COMPUTED,        \
              .doc = "from today to the last target point or the goal's due date"),               \
        FIELD(summary_link, is_overdue, "isOverdue", .flags = FIELD_COMPUTED,                     \
              .doc = "that day has passed, and progress is below 100", .example = "false"),       \
        FIELD(summary_link, on_track, "onTrack", .flags = FIELD_COMPUTED,                         \
              .doc = "progress reaches the threshold", .example = "true")
#define LINK_COLUMNS                                                    \
    COLUMN(summary_link, kpi_id), COLUMN(summary_link, risk_threshold), \
        COLUMN(summary_link, own_baseline_value), COLUMN(summary_link, own_target_value)

static const struct field summary_link_fields[] = {
    LINK_FIELDS,
    LINK_COLUMNS,
    FIELD(summary_link, strategy_id, "strategyId", .flags = FIELD_INTERNAL),
    FIELD(summary_link, strategy_title, "strategyTitle", .flags = FIELD_INTERNAL),
};
const struct model summary_link_model =
    MODEL("KPISummaryGoalLink", summary_link, summary_link_fields);

static const struct field summary_strategy_link_fields[] = {
    LINK_FIELDS,
    FIELD(summary_link, strategy_id, "strategyId", .flags = FIELD_PRESENT, .doc = "the strategy"),
    FIELD(summary_link, strategy_title, "strategyTitle", .doc = "its title"),
};
const struct model summary_strategy_link_model =
    MODEL("KPISummaryStrategyLink", summary_link, summary_strategy_link_fields);

static const struct field trend_point_fields[] = {
    FIELD(trend_point, date, "date", .flags = FIELD_DAY | FIELD_PRESENT, .doc = "the day"),
    FIELD(trend_point, value, "value", .flags = FIELD_PRESENT, .doc = "the value"),
    FIELD(trend_point, is_target, "isTarget", .doc = "of a target point", .example = "false"),
    FIELD(trend_point, is_estimate, "isEstimate", .doc = "of an estimate", .example = "false"),
};
const struct model trend_point_model = MODEL("KPITrendPoint", trend_point, trend_point_fields);

static const struct field summary_owner_fields[] = {
    FIELD(summary_owner, owner_id, "ownerId", .doc = "id of the person"),
    FIELD(summary_owner, owner_name, "ownerName", .doc = "the name; null until known"),
};
static const struct model summary_owner_model =
    MODEL("KPISummaryOwner", summary_owner, summary_owner_fields);

static const struct field summary_config_fields[] = {
    FIELD(summary_config, value_type, "valueType", .enum_names = &value_type_names,
          .doc = "what the values are"),
    FIELD(summary_config, aggregation_type, "aggregationType",
          .enum_names = &aggregation_type_names, .doc = "how values of a period become one"),
    FIELD(summary_config, aggregation_period, "aggregationPeriod",
          .enum_names = &aggregation_period_names, .doc = "the period"),
    FIELD(summary_config, aggregation_period_count, "aggregationPeriodCount",
          .flags = FIELD_PRESENT, .doc = "how many of them", .example = "1"),
    FIELD(summary_config, interpolation_method, "interpolationMethod", .flags = FIELD_PRESENT,
          .enum_names = &interpolation_names, .doc = "of the plan"),
};
static const struct model summary_config_model =
    MODEL("KPIMeasurementConfig", summary_config, summary_config_fields);

static const struct field summary_sharing_fields[] = {
    FIELD(summary_sharing, is_shared, "isShared", .doc = "meant to be used by several goals"),
    FIELD(summary_sharing, goal_links, "totalGoalLinks", .flags = FIELD_PRESENT,
          .doc = "goals that it is linked to", .example = "1"),
    FIELD(summary_sharing, strategy_links, "totalStrategyLinks", .flags = FIELD_PRESENT,
          .doc = "those that name a strategy", .example = "0"),
    FIELD(summary_sharing, catalog_id, "catalogId", .doc = "the entry that it was made from"),
    FIELD(summary_sharing, is_custom, "isCustom", .doc = "made from none", .example = "true"),
};
static const struct model summary_sharing_model =
    MODEL("KPISharingInfo", summary_sharing, summary_sharing_fields);

static const struct field summary_record_fields[] = {
    FIELD(summary_record, created_at, "createdAt", .flags = FIELD_PRESENT, .doc = "of the KPI"),
    FIELD(summary_record, updated_at, "updatedAt", .flags = FIELD_PRESENT, .doc = "of the KPI"),
    FIELD(summary_record, created_by, "createdBy", .doc = "id of the person"),
    FIELD(summary_record, updated_by, "updatedBy", .doc = "id of the person"),
};
static const struct model summary_record_model =
    MODEL("KPISummaryRecord", summary_record, summary_record_fields);

static const struct field summary_item_fields[] = {
    FIELD(summary_item, id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(summary_item, id, "measureId", .flags = FIELD_PRESENT, .doc = "the same as kpiId"),
    FIELD(summary_item, name, "name", .flags = FIELD_PRESENT, .doc = "its name"),
    FIELD_AS(summary_item, name, "measureName", .flags = FIELD_PRESENT, .doc = "the same as name"),
    FIELD(summary_item, description, "description", .doc = "what is measured and how"),
    FIELD(summary_item, unit, "unit", .doc = "of the values"),
    FIELD(summary_item, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(summary_item, type, "type", .flags = FIELD_PRESENT, .enum_names = &kpi_type_names,
          .doc = "of the KPI"),
    FIELD(summary_item, category, "category", .doc = "a group"),
    FIELD(summary_item, current_value, "currentValue", .doc = "the newest period's counting value"),
    FIELD(summary_item, current_value_date, "currentValueDate", .flags = FIELD_DAY,
          .doc = "the day of that"),
    FIELD(summary_item, latest_target, "latestTarget",
          .doc = "the last target point: {targetId, targetValue, targetDate, optimalValue, "
                 "minimalValue, label}; null: none"),
    FIELD(summary_item, latest_actual, "latestActual",
          .doc = "the newest measurement: {actualId, actualValue, measurementDate, actualSubtype, "
                 "recordedBy, recordedByName}; null: none"),
    OBJECT(summary_item, owner, "owner", &summary_owner_model, .doc = "who answers for it"),
    FIELD_AS(summary_item, owner.owner_id, "ownerId", .flags = 0, .doc = "as in owner"),
    FIELD_AS(summary_item, owner.owner_name, "ownerName", .flags = 0, .doc = "as in owner"),
    FIELD(summary_item, target_value, "targetValue",
          .doc = "its own, else the last target point's"),
    FIELD(summary_item, status, "status", .flags = FIELD_PRESENT, .enum_names = &link_status_names,
          .doc = "the worst of its links: at_risk, behind, on_track, no_data"),
    FIELD(summary_item, progress, "progress", .flags = FIELD_PRESENT,
          .doc = "percent of the way from baseline to target", .example = "50"),
    FIELD(summary_item, goal_links, "goalLinks", .model = &summary_link_model,
          .doc = "the first one first"),
    FIELD(summary_item, strategy_links, "strategyLinks", .model = &summary_strategy_link_model,
          .doc = "those that name a strategy"),
    OBJECT(summary_item, config, "measurementConfig", &summary_config_model,
           .doc = "how it is measured"),
    OBJECT(summary_item, sharing, "sharingInfo", &summary_sharing_model, .doc = "who uses it"),
    OBJECT(summary_item, record, "metadata", &summary_record_model, .doc = "of the KPI"),
    FIELD(summary_item, trend, "trendData", .model = &trend_point_model, .doc = "by day"),
};
static const struct model summary_item_model =
    MODEL("KPISummaryItem", summary_item, summary_item_fields);

static const struct field status_counts_fields[] = {
    FIELD(status_counts, on_track, "onTrack", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(status_counts, at_risk, "atRisk", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(status_counts, behind, "behind", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(status_counts, no_data, "noData", .flags = FIELD_PRESENT, .doc = "KPIs"),
};
static const struct model status_counts_model =
    MODEL("KPIStatusCounts", status_counts, status_counts_fields);

static const struct field category_counts_fields[] = {
    FIELD(category_counts, category, "category", .doc = "null: of none"),
    FIELD(category_counts, count, "count", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(category_counts, on_track, "onTrack", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(category_counts, at_risk, "atRisk", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(category_counts, behind, "behind", .flags = FIELD_PRESENT, .doc = "KPIs"),
};
static const struct model category_counts_model =
    MODEL("KPICategoryCounts", category_counts, category_counts_fields);

static const struct field owner_counts_fields[] = {
    FIELD(owner_counts, owner_id, "ownerId", .doc = "null: nobody's"),
    FIELD(owner_counts, owner_name, "ownerName", .doc = "null until known"),
    FIELD(owner_counts, count, "measureCount", .flags = FIELD_PRESENT, .doc = "KPIs"),
    FIELD(owner_counts, on_track, "onTrackCount", .flags = FIELD_PRESENT, .doc = "KPIs"),
};
static const struct model owner_counts_model =
    MODEL("KPIOwnerCounts", owner_counts, owner_counts_fields);

#define TWICE(name_, twin_, member_, model_, doc_)                                            \
    FIELD(summary_totals, member_, name_, .model = &(model_), .max = SUMMARY_KPIS_MAX,        \
          .doc = (doc_)),                                                                     \
        FIELD_AS(summary_totals, member_, twin_, .model = &(model_), .max = SUMMARY_KPIS_MAX, \
                 .doc = "the same as " name_)

static const struct field summary_totals_fields[] = {
    FIELD(summary_totals, total, "totalMeasures", .flags = FIELD_PRESENT,
          .doc = "KPIs that the filters select, active and inactive"),
    FIELD(summary_totals, active, "totalActiveMeasures", .flags = FIELD_PRESENT,
          .doc = "active ones"),
    FIELD(summary_totals, inactive, "totalInactiveMeasures", .flags = FIELD_PRESENT,
          .doc = "the others"),
    OBJECT(summary_totals, statuses, "statusBreakdown", &status_counts_model,
           .doc = "of those that are listed on all pages, as what follows"),
    {.column = "byStatus",
     .name = "byStatus",
     .type = FIELD_OBJECT,
     .model = &status_counts_model,
     .offset = offsetof(struct summary_totals, statuses),
     .doc = "the same as statusBreakdown"},
    TWICE("categoryBreakdown", "byCategory", categories, category_counts_model, "by category"),
    TWICE("ownerBreakdown", "byOwner", owners, owner_counts_model, "by owner"),
    FIELD(summary_totals, health, "overallHealthScore", .flags = FIELD_PRESENT,
          .doc = "100 for each on track and 50 for each behind, in the mean of those with data",
          .example = "71.43"),
};
static const struct model summary_totals_model =
    MODEL("KPISummaryTotals", summary_totals, summary_totals_fields);

static const struct field summary_page_fields[] = {
    FIELD(summary_page, generated_at, "generatedAt", .flags = FIELD_PRESENT, .doc = "now"),
    FIELD(summary_page, page, "page", .flags = FIELD_PRESENT, .doc = "this one", .example = "1"),
    FIELD(summary_page, size, "size", .flags = FIELD_PRESENT, .doc = "of a page", .example = "100"),
    FIELD(summary_page, total, "total", .flags = FIELD_PRESENT, .doc = "items on all pages"),
};
static const struct model summary_page_model =
    MODEL("KPISummaryPage", summary_page, summary_page_fields);

#define SUMMARY_FIELDS(items_)                                                                  \
    FIELD(kpi_summary, items, items_, .model = &summary_item_model, .doc = "by name"),          \
        OBJECT(kpi_summary, totals, "summary", &summary_totals_model, .doc = "of all pages"),   \
        OBJECT(kpi_summary, metadata, "metadata", &summary_page_model, .doc = "of the answer"), \
        FIELD_AS(kpi_summary, totals.health, "healthScore", .flags = FIELD_PRESENT,             \
                 .doc = "as in summary"),                                                       \
        FIELD_AS(kpi_summary, totals.health, "overallHealthScore", .flags = FIELD_PRESENT,      \
                 .doc = "as in summary")

static const struct field kpi_summary_fields[] = {SUMMARY_FIELDS("kpis")};
const struct model kpi_summary_model = MODEL("KPISummary", kpi_summary, kpi_summary_fields);

static const struct field measure_summary_fields[] = {SUMMARY_FIELDS("measures")};
const struct model measure_summary_model =
    MODEL("MeasureSummary", kpi_summary, measure_summary_fields);
