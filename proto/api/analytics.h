/* Statistics, scores and the recent activity of a tenant. */
#ifndef TRACTION_ANALYTICS_H
#define TRACTION_ANALYTICS_H

#include "model.h"
#include "paging.h"

struct goals_by_status {
    int64_t draft, active, paused, completed, cancelled, archived;
};

struct goals_by_horizon {
    int64_t year, quarter, month;
};

/* GET /goals/stats */
struct goal_stats {
    int64_t total_goals, active_goals, completed_goals;
    struct goals_by_status by_status;
    struct goals_by_horizon by_horizon;
    double average_progress; /* 0 to 100, of goals that are neither draft nor cancelled */
    int64_t on_track, at_risk, off_track;  /* active ones, by the worst of their links */
    int64_t measures, strategies, actions; /* that the goals have, each once */
};
struct goal_stats_query {
    struct str owner_id;
    struct texts horizon; /* words of horizon */
};
extern const struct model goal_stats_query_model;
extern const struct model goal_stats_model, goals_by_status_model, goals_by_horizon_model;

/* Compared with the score of seven days before. */
enum trend { TREND_IMPROVING = 1, TREND_STABLE, TREND_DECLINING };
extern const struct enum_names trend_names;

/* Each component has two rates, which have names of their own. */
struct score_metrics {
    double first, second; /* 0 to 100 */
};

struct score_component {
    double score;  /* 0 to 100: the mean of its metrics */
    double weight; /* 0 to 1 */
    struct score_metrics metrics;
};

struct score_components {
    struct score_component goals, strategies, kpis, actions;
};

/* GET /performance/score */
struct performance_score {
    double overall_score; /* 0 to 100: the weighted mean of the components that have anything */
    struct score_components components;
    enum trend trend;
    struct timestamp last_calculated;
};
extern const struct model performance_score_model;
/* {completionRate, onTimeRate} and so on, for whoever wants the names. */
extern const struct model goals_metrics_model, strategies_metrics_model, kpis_metrics_model;

struct collaboration_metrics {
    double cross_goal_collaboration, strategy_alignment, kpi_sharing; /* 0 to 100 */
};

/* GET /team/alignment */
struct team_alignment {
    double alignment_score; /* 0 to 100: the mean of the three metrics */
    int64_t team_size, goals_with_multiple_owners, shared_kpis;
    struct collaboration_metrics metrics;
    enum trend trend;
    struct timestamp last_calculated;
};
extern const struct model team_alignment_model;

enum feed_type {
    FEED_GOAL_CREATED = 1,
    FEED_GOAL_UPDATED,
    FEED_STRATEGY_ADDED,
    FEED_STRATEGY_UPDATED,
    FEED_NOTE_ADDED,
    FEED_REVIEW_ADDED,
    FEED_DECISION_MADE,
    FEED_ATTACHMENT_ADDED,
    FEED_KPI_CREATED,
    FEED_KPI_UPDATED,
    FEED_ACTION_CREATED,
    FEED_ACTION_UPDATED,
    FEED_ACTION_COMPLETED,
    FEED_ISSUE_CREATED,
    FEED_ISSUE_UPDATED,
};
extern const struct enum_names feed_type_names;

/* Words of the filter by type besides the names of types. */
enum feed_word {
    FEED_WORD_DECISION = FEED_ISSUE_UPDATED + 1,
    FEED_WORD_NOTE,
    FEED_WORD_ATTACHMENT,
    FEED_WORD_READING,
};
extern const struct enum_names feed_word_names;

enum feed_entity { FEED_GOAL = 1, FEED_STRATEGY, FEED_KPI, FEED_ACTION, FEED_ISSUE };
extern const struct enum_names feed_entity_names;

/* GET /activity/recent */
struct recent_entry {
    struct uuid id;
    enum feed_type type;
    struct str user_id;
    struct str user_name; /* as now; absent until known */
    struct uuid entity_id;
    enum feed_entity entity_type;
    struct str entity_title; /* as now */
    struct str description;
    struct str reason; /* behind the title in an answer's description; may be absent */
    struct timestamp timestamp;
};
extern const struct model recent_entry_model;

enum { RECENT_DEFAULT = 10, RECENT_MAX = 50 };

struct recent_query {
    struct paging paging;     /* .page INT_NONE: none is asked for; no .offset */
    struct texts type;        /* words of feed_word_names */
    struct texts entity_type; /* words */
    struct uuid goal_id;
    struct texts feed_types; /* for SQL: what both mean */
};
extern const struct model recent_query_model;

enum report_format { REPORT_PDF = 1, REPORT_DOCX };
enum report_lang { REPORT_EN = 1, REPORT_DE, REPORT_FR, REPORT_ES, REPORT_AR };
enum report_paper { REPORT_A4 = 1, REPORT_LETTER };
enum report_section {
    SECTION_SUMMARY = 1,
    SECTION_GOALS,
    SECTION_STRATEGIES,
    SECTION_KPIS,
    SECTION_ACTIONS,
    SECTION_ISSUES,
    SECTION_PEOPLE,
    SECTION_ANALYTICS,
    SECTION_TRENDS,
    SECTION_ACTIVITY, /* an appendix, only where it is asked for */
};
extern const struct enum_names report_lang_names, report_paper_names, report_section_names;

/* GET /reports/company */
struct report_query {
    enum report_format format;
    struct timestamp from, to; /* days, both inclusive */
    struct texts sections;     /* words of report_section_names; none: all but the appendix */
    enum choice include_charts, include_analytics;
    enum report_lang lang;
    enum report_paper paper;
};
extern const struct model report_query_model;

#endif
