/* KPIs: the catalogue, readings by month, and links to goals (struct goal_kpi is in goals.h). */
#ifndef TRACTION_KPIS_H
#define TRACTION_KPIS_H

#include "goals.h"
#include "model.h"
#include "paging.h"

struct kpi {
    struct uuid id;
    struct str name; /* unique per tenant without regard to case, among undeleted ones */
    struct str description, category, unit;
    enum kpi_direction direction;
    struct str formula; /* text for people; never evaluated */
    bool is_shared;
    struct str owner_id;
    struct str owner_name; /* joined from people */
    double baseline_value, target_value;
    int64_t version;
    struct timestamp deleted_at;
    struct timestamp created_at, updated_at;
    struct str created_by, updated_by;
};
extern const struct model kpi_model;

struct kpi_query {
    struct paging paging;
    struct str search, category, owner_id;
};
extern const struct model kpi_query_model;

enum reading_source { READING_MANUAL = 1, READING_ACTION };
extern const struct words reading_source_words;

struct reading {
    struct uuid id;
    struct uuid kpi_id;
    struct month period; /* one reading per KPI and period */
    double value;
    double adjusted_value; /* counts instead of value when given */
    struct str reason;
    enum reading_source source;
    struct uuid source_id; /* the action, when source is action */
    struct timestamp created_at, updated_at;
    struct str created_by, updated_by;
};
extern const struct model reading_model;

struct reading_query {
    struct paging paging;
    struct str start_date, end_date; /* YYYY-MM or a date or an instant; inclusive by month */
};
extern const struct model reading_query_model;

/* GET /kpis/{id} */
struct kpi_detail {
    struct kpi kpi;
    struct list readings; /* the newest 24, newest first */
};
extern const struct model kpi_detail_model;

struct kpi_link_input {
    struct uuid kpi_id;
    double threshold_pct; /* 0 to 100 */
    double baseline_value, target_value; /* default: the KPI's */
};
extern const struct model kpi_link_input_model;

struct kpi_unlink_input {
    struct uuid kpi_id; /* the KPI's id or the link's */
};
extern const struct model kpi_unlink_input_model;

struct kpi_unlinked {
    struct uuid goal_id, shared_kpi_id;
};
extern const struct model kpi_unlinked_model;

struct kpi_threshold_input {
    double threshold_pct;
};
extern const struct model kpi_threshold_input_model;

#endif
