/* Field tables of a KPI's series. */
#include "kpi_series.h"

static const struct field series_query_fields[] = {
    FIELD(series_query, start_date, "startDate", .flags = FIELD_DAY, .doc = "first day",
          .example = "\"2025-01-01\""),
    FIELD(series_query, end_date, "endDate", .flags = FIELD_DAY, .doc = "last day, inclusive",
          .example = "\"2025-12-31\""),
};
const struct model series_query_model = MODEL("KPISeriesQuery", series_query, series_query_fields);

static const struct field series_kpi_fields[] = {
    FIELD(series_kpi, id, "id", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD(series_kpi, name, "name", .flags = FIELD_PRESENT, .doc = "its name",
          .example = "\"Monthly recurring revenue\""),
    FIELD(series_kpi, unit, "unit", .doc = "of the values", .example = "\"EUR\""),
    FIELD(series_kpi, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(series_kpi, aggregation_period, "aggregationPeriod",
          .enum_names = &aggregation_period_names, .doc = "the period; kept for clients"),
    FIELD(series_kpi, aggregation_period_count, "aggregationPeriodCount", .flags = FIELD_PRESENT,
          .doc = "how many of them", .example = "1"),
};
static const struct model series_kpi_model = MODEL("KPISeriesKPI", series_kpi, series_kpi_fields);

static const struct field series_point_fields[] = {
    FIELD(series_point, date, "date", .flags = FIELD_DAY | FIELD_PRESENT, .doc = "the day",
          .example = "\"2025-03-31\""),
    FIELD(series_point, value, "value", .flags = FIELD_PRESENT, .doc = "the value then",
          .example = "50000"),
    FIELD(series_point, label, "label", .flags = FIELD_NULL_OMITTED,
          .doc = "of the target point, if it has one"),
};
static const struct model series_point_model =
    MODEL("KPISeriesPoint", series_point, series_point_fields);

static const struct field series_targets_fields[] = {
    FIELD(series_targets, expected, "expected", .model = &series_point_model,
          .doc = "where the KPI should be"),
    FIELD(series_targets, optimal, "optimal", .model = &series_point_model,
          .doc = "what would be best"),
    FIELD(series_targets, minimal, "minimal", .model = &series_point_model,
          .doc = "what would just do"),
};
static const struct model series_targets_model =
    MODEL("KPITargetSeries", series_targets, series_targets_fields);

static const struct field series_summary_fields[] = {
    FIELD(series_summary, latest_value, "latestActualValue", .doc = "of the newest measurement",
          .example = "44000"),
    FIELD(series_summary, latest_date, "latestActualDate", .flags = FIELD_DAY, .doc = "its day",
          .example = "\"2025-03-31\""),
    FIELD(series_summary, expected, "currentExpectedValue",
          .doc = "what the plan expects then; today, without a measurement", .example = "50000"),
    FIELD(series_summary, variance, "currentVariance", .doc = "as in the newest measurement",
          .example = "-6000"),
    FIELD(series_summary, variance_percentage, "currentVariancePercentage",
          .doc = "as in the newest measurement", .example = "-12"),
    FIELD(series_summary, status, "status", .enum_names = &performance_status_names,
          .doc = "performanceStatus of the newest measurement"),
};
static const struct model series_summary_model =
    MODEL("KPISeriesSummary", series_summary, series_summary_fields);

static const struct field kpi_series_fields[] = {
    FIELD(kpi_series, kpi_id, "kpiId", .flags = FIELD_PRESENT, .doc = "the KPI"),
    FIELD_AS(kpi_series, kpi_id, "measureId", .flags = FIELD_PRESENT, .doc = "the same as kpiId"),
    OBJECT(kpi_series, kpi, "kpi", &series_kpi_model, .doc = "the KPI"),
    FIELD(kpi_series, targets, "targets", .model = &target_point_model, .doc = "by day"),
    OBJECT(kpi_series, target_series, "targetSeries", &series_targets_model,
           .doc = "their values, by day"),
    FIELD(kpi_series, actuals, "actuals", .model = &measurement_model,
          .doc = "newest day first; the newest 1,000 at most"),
    FIELD(kpi_series, latest_actual, "latestActual", .doc = "the first of these; null: none"),
    FIELD(kpi_series, interpolated, "interpolatedExpected", .model = &series_point_model,
          .doc = "what the plan expects at the ends of the months between its first and last "
                 "point"),
    FIELD(kpi_series, total_targets, "totalTargets", .flags = FIELD_PRESENT,
          .doc = "how many target points", .example = "4"),
    FIELD(kpi_series, total_actuals, "totalActuals", .flags = FIELD_PRESENT,
          .doc = "how many measurements", .example = "3"),
    OBJECT(kpi_series, summary, "summary", &series_summary_model, .doc = "where the KPI is"),
};
const struct model kpi_series_model = MODEL("KPISeries", kpi_series, kpi_series_fields);
