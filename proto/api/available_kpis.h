/* GET /goals/{goalId}/available-kpis and /goals/available-kpis: what a goal can be linked to. The
 * same at available-measures, in other words. */
#ifndef TRACTION_AVAILABLE_KPIS_H
#define TRACTION_AVAILABLE_KPIS_H

#include "kpis.h"

enum { AVAILABLE_KPIS_MAX = 500 }; /* of the tenant's own */

/* An entry of the catalogue, or a KPI of the tenant. */
struct available_kpi {
    struct uuid id;
    struct str name, description, category, unit;
    enum kpi_direction direction;
    enum kpi_type type;
    unsigned value_type;
    enum aggregation_type aggregation_type;
    enum aggregation_period aggregation_period;
    struct str formula;
    struct str source; /* where it comes from, for people */
    bool is_shared, is_integration_enabled;
    struct kpi_usage {
        int64_t goal_count;
        bool is_used_by_this_goal;
    } usage;
    int64_t goal_count;
    bool is_used;
    /* Of a KPI: */
    struct str catalog_id; /* the entry that it was made from */
    struct timestamp created_at;
    struct str created_by;
    struct uuid oldest_goal; /* the first goal that it was linked to, of those that it still is */
};
extern const struct model kpi_usage_model, catalog_kpi_model, available_kpi_model;

struct available_kpis {
    struct list catalog, custom; /* struct available_kpi */
    struct uuid goal_id;         /* for SQL */
    int64_t max;                 /* likewise */
};
extern const struct model available_kpis_model;
/* The same as available_measures. */
extern const struct model available_measures_model;

#endif
