/* Field tables of what a goal can be linked to. */
#include "available_kpis.h"

static const struct field kpi_usage_fields[] = {
    FIELD(kpi_usage, goal_count, "goalCount", .flags = FIELD_PRESENT,
          .doc = "goals that it is linked to", .example = "1"),
    FIELD(kpi_usage, is_used_by_this_goal, "isUsedByThisGoal",
          .doc = "the goal of the address is one of them", .example = "false"),
};
const struct model kpi_usage_model = MODEL("KPIUsage", kpi_usage, kpi_usage_fields);

/* clang-format off */
#define COMMON_FIELDS \
    FIELD(available_kpi, id, "id", .flags = FIELD_PRESENT, .doc = "what :link takes as kpiId"), \
    FIELD(available_kpi, name, "name", .flags = FIELD_PRESENT, .doc = "unique", \
          .example = "\"Monthly Recurring Revenue\""), \
    FIELD(available_kpi, description, "description", .doc = "what is measured and how"), \
    FIELD(available_kpi, category, "category", .doc = "a group", .example = "\"Financial\""), \
    FIELD(available_kpi, unit, "unit", .doc = "of the values", .example = "\"USD\""), \
    FIELD(available_kpi, direction, "direction", .flags = FIELD_PRESENT, \
          .enum_names = &kpi_direction_names, .doc = "which way is better"), \
    FIELD(available_kpi, type, "type", .flags = FIELD_PRESENT, .enum_names = &kpi_type_names, .doc = "of the KPI"), \
    FIELD(available_kpi, value_type, "valueType", .enum_names = &value_type_names, .doc = "what the values are"), \
    FIELD(available_kpi, aggregation_type, "aggregationType", .enum_names = &aggregation_type_names, \
          .doc = "how values of a period become one"), \
    FIELD(available_kpi, aggregation_period, "aggregationPeriod", .enum_names = &aggregation_period_names, \
          .doc = "the period"), \
    FIELD(available_kpi, formula, "calculationMethod", .doc = "text for people"), \
    FIELD(available_kpi, source, "source", .flags = FIELD_PRESENT | FIELD_COMPUTED, \
          .doc = "Catalog; Created by and the title of the first goal; or Custom", .example = "\"Catalog\""), \
    FIELD(available_kpi, is_shared, "isShared", .doc = "meant to be used by several goals"), \
    FIELD(available_kpi, is_integration_enabled, "isIntegrationEnabled", .flags = FIELD_COMPUTED, \
          .doc = "always false", .example = "false"), \
    OBJECT(available_kpi, usage, "usageInfo", &kpi_usage_model, .flags = FIELD_COMPUTED, .doc = "who uses it"), \
    COLUMN(available_kpi, goal_count), \
    COLUMN(available_kpi, is_used)
/* clang-format on */

static const struct field catalog_kpi_fields[] = {
    COMMON_FIELDS,
};
const struct model catalog_kpi_model = MODEL("CatalogKPI", available_kpi, catalog_kpi_fields);

static const struct field available_kpi_fields[] = {
    COMMON_FIELDS,
    FIELD(available_kpi, catalog_id, "kpiCatalogId", .doc = "the entry that it was made from"),
    FIELD_AS(available_kpi, catalog_id, "measureCatalogId", .flags = FIELD_COMPUTED,
             .doc = "the same as kpiCatalogId"),
    FIELD(available_kpi, created_at, "createdAt", .flags = FIELD_PRESENT,
          .doc = "when it was created"),
    FIELD(available_kpi, created_by, "createdBy", .doc = "id of the person who created it"),
    COLUMN(available_kpi, oldest_goal),
};
const struct model available_kpi_model = MODEL("AvailableKPI", available_kpi, available_kpi_fields);

#define LIST_FIELDS(catalog_, custom_)                                                         \
    FIELD(available_kpis, catalog, catalog_, .model = &catalog_kpi_model,                      \
          .doc = "entries of the catalogue, the same for everybody"),                          \
        FIELD(available_kpis, custom, custom_, .model = &available_kpi_model,                  \
              .doc = "the tenant's KPIs, by name, at most 500; those made from the catalogue " \
                     "included"),                                                              \
        COLUMN(available_kpis, goal_id), COLUMN(available_kpis, max)

static const struct field available_kpis_fields[] = {
    LIST_FIELDS("catalogKpis", "tenantCustomKpis"),
};
const struct model available_kpis_model =
    MODEL("AvailableKPIs", available_kpis, available_kpis_fields);

static const struct field available_measures_fields[] = {
    LIST_FIELDS("catalogMeasures", "tenantCustomMeasures"),
};
const struct model available_measures_model =
    MODEL("AvailableMeasures", available_kpis, available_measures_fields);
