/* GET /kpis/summary: how KPIs are doing, as a whole and one by one. The same at /measures/summary
 * in other words. docs/kpis.md defines the figures. */
#ifndef TRACTION_KPI_SUMMARY_H
#define TRACTION_KPI_SUMMARY_H

#include "link_status.h"
#include "measurements.h"

enum {
    SUMMARY_PAGE_MAX = 500,
    SUMMARY_KPIS_MAX = 5000,   /* that one question is about */
    SUMMARY_LINKS_MAX = 10000, /* of them */
    SUMMARY_TREND_MAX = 500,   /* points of one KPI */
    SUMMARY_TREND_DEFAULT = 5,
    SUMMARY_TRENDS_MAX = 50000, /* points of a page */
};

enum kpi_activity { KPI_ACTIVE = 1, KPI_INACTIVE };

struct summary_query {
    struct paging paging;
    struct str category, owner_id;
    enum kpi_activity activity;
    enum link_status progress_status;
    enum aggregation_period period;
    enum choice include_inactive;
    int64_t max_points; /* 0: all, up to SUMMARY_TREND_MAX; absent: SUMMARY_TREND_DEFAULT */
    int64_t max_kpis, max_links; /* for SQL */
};
extern const struct model summary_query_model;

/* A link as the summary shows it, with the strategy that it names. */
struct summary_link {
    struct uuid link_id, kpi_id, goal_id;
    struct str goal_title; /* absent while it cannot be asked for */
    bool is_primary;
    double threshold, risk_threshold;
    double own_baseline_value, own_target_value; /* NaN: the KPI's count */
    struct uuid strategy_id;
    struct str strategy_title;
    /* Computed: */
    enum link_status status;
    double target_value, progress;
    double expected, variance, variance_percentage;
    double progress_percentage; /* not kept within 0 to 100 */
    int64_t days_until_target;  /* INT_NONE: there is no day */
    bool is_overdue, on_track;
};
extern const struct model summary_link_model, summary_strategy_link_model;

struct trend_point {
    struct timestamp date;
    double value;
    bool is_target, is_estimate;
};
extern const struct model trend_point_model;

struct summary_item {
    struct uuid id;
    struct str name, description, unit, category;
    enum kpi_direction direction;
    enum kpi_type type;
    double current_value;
    struct timestamp current_value_date;
    struct packed latest_target, latest_actual; /* absent: none */
    struct summary_owner {
        struct str owner_id, owner_name;
    } owner;
    double target_value; /* effective */
    enum link_status status;
    double progress;
    struct list goal_links, strategy_links; /* struct summary_link */
    struct summary_config {
        unsigned value_type;
        enum aggregation_type aggregation_type;
        enum aggregation_period aggregation_period;
        int64_t aggregation_period_count;
        enum interpolation interpolation_method;
    } config;
    struct summary_sharing {
        bool is_shared;
        int64_t goal_links, strategy_links;
        struct str catalog_id;
        bool is_custom;
    } sharing;
    struct summary_record {
        struct timestamp created_at, updated_at;
        struct str created_by, updated_by;
    } record;
    struct list trend; /* struct trend_point, by day */
};

struct status_counts {
    int64_t on_track, at_risk, behind, no_data;
};
struct category_counts {
    struct str category; /* absent: of none */
    int64_t count, on_track, at_risk, behind;
};
struct owner_counts {
    struct str owner_id, owner_name; /* absent: nobody's */
    int64_t count, on_track;
};

struct kpi_summary {
    struct list items; /* struct summary_item */
    struct summary_totals {
        int64_t total, active, inactive;
        struct status_counts statuses;
        struct list categories, owners; /* struct category_counts, owner_counts */
        double health;
    } totals;
    struct summary_page {
        struct timestamp generated_at;
        int64_t page, size, total;
    } metadata;
};
extern const struct model kpi_summary_model, measure_summary_model;

/* 100 for each on track and 50 for each behind, in the mean of those with data; 0 without. */
double health_score(const struct status_counts *counts);

#endif
