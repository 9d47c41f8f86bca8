/* Goals, strategies and the activity feed: their structs and field tables. */
#ifndef TRACTION_GOALS_H
#define TRACTION_GOALS_H

#include "levels.h"
#include "model.h"
#include "paging.h"
#include "record.h"
#include "row_limits.h"

enum horizon {
    HORIZON_YEAR = 1,
    HORIZON_QUARTER,
    HORIZON_MONTH,
    HORIZON_CUSTOM, /* of a body only: as the dates say */
};

enum goal_status {
    GOAL_DRAFT = 1,
    GOAL_ACTIVE,
    GOAL_PAUSED,
    GOAL_COMPLETED,
    GOAL_CANCELLED,
    GOAL_ARCHIVED,
};

enum strategy_status { STRATEGY_DRAFT = 1, STRATEGY_VALIDATED, STRATEGY_ADOPTED };

enum activity_type {
    ACTIVITY_WEEKLY_REVIEW = 1,
    ACTIVITY_NOTE,
    ACTIVITY_DECISION,
    ACTIVITY_ATTACHMENT, /* needs a url */
    ACTIVITY_SYSTEM,     /* written by the product itself */
};

enum kpi_direction { KPI_UP = 1, KPI_DOWN };

extern const struct enum_names kpi_direction_names;
extern const struct enum_names horizon_names, goal_status_names, strategy_status_names,
    activity_type_names;

struct strategy {
    struct uuid id;
    struct uuid goal_id;
    struct str title;
    struct str name; /* the title, else how the description begins (strategy_name) */
    struct str description;
    enum strategy_status status;
    int64_t order_index; /* "order": 1-based and dense within the goal */
    struct str owner_id;
    struct str owner_name; /* joined from people; absent until known */
    enum level priority;
    struct timestamp due_date;
    struct texts tags;
    bool ai_generated;
    double validation_score; /* 0 to 100 */
    struct str validation_feedback;
    RECORD_MEMBERS;
    int64_t goal_version; /* of its goal after the change; in events and snapshots only */
    /* Of its goal; among the strategies of all goals only. */
    struct str goal_title;
    struct timestamp goal_start_date, goal_due_date;
    double progress; /* percent of its actions that are completed; likewise */
    LISTED_MEMBERS
};
extern const struct model strategy_model;
/* The data of events of strategies: with the goal's version, by which a consumer that has the
 * goal's strategies of a snapshot knows what it has already. */
extern const struct model strategy_event_model;
/* As the list of all goals' strategies shows it: with its goal, whose owner is its own where it has
 * none. */
extern const struct model strategy_with_goal_model;
/* What `name` is; fragment STRATEGY_NAME in svc-goals/queries.sql says the same of a row. */
struct str strategy_name(const struct strategy *strategy);

/* A KPI as a goal shows it. */
struct goal_kpi {
    struct uuid id; /* of the link */
    struct uuid goal_id;
    struct uuid shared_kpi_id;
    struct str name, description, category, unit;
    enum kpi_direction direction;
    double threshold, baseline_value, current_value, target_value, progress;
    bool on_track;
    bool is_primary;         /* one of the goal's links is */
    int64_t order_index;     /* "order": place among the goal's links, from 1 */
    double risk_threshold;   /* progress from which a link that is not on track is behind only */
    struct uuid strategy_id; /* one of the goal's; absent: none */
    struct str strategy_title;
    /* For this goal only; absent where the KPI's own count, or the earliest reading. */
    double own_baseline_value, own_target_value, own_risk_threshold;
    RECORD_MEMBERS; /* of the link */
};
extern const struct model goal_kpi_model;

struct goal {
    struct uuid id;
    struct str title;
    struct str intent;
    struct str description;
    struct str owner_id;
    struct str owner_name; /* joined from people; absent until known */
    enum horizon horizon;
    enum goal_status status;
    struct texts value_tags;
    struct packed metadata;
    struct timestamp start_date, due_date;
    struct timestamp completed_at, cancelled_at, deleted_at;
    struct texts allowed_transitions; /* verbs that would succeed now */
    struct list strategies;           /* struct strategy, by order */
    struct packed kpis;               /* an array of GoalKPI, as svc-kpis packed it */
    double progress;                  /* 0 to 100; NaN (null) when svc-kpis cannot be asked */
    int64_t bytes;                    /* of its row, where a statement counts them */
    RECORD_MEMBERS;
};
/* Bodies are read through it too: FIELD_READ_ONLY protects the rest. */
extern const struct model goal_model;
/* The data of events of goals: the goal's own fields, without its strategies and KPIs, which have
 * events of their own. */
extern const struct model goal_event_model;
static inline struct bound goal_told(struct goal *goal)
{
    return (struct bound){&goal_event_model, goal};
}

struct goal_query {
    struct paging paging;
    struct str owner_id;
    struct texts status; /* words of goal_status */
    struct str value_tag;
    struct texts horizon; /* words of horizon */
    struct str search;
    struct str sort_field; /* for SQL: one of goal_sort_fields */
    bool descending;       /* for SQL */
};
extern const char *const goal_sort_fields[]; /* JSON names, ends with NULL */
extern const struct model goal_query_model;

struct goal_reason { /* :activate, :pause */
    struct str reason;
};
extern const struct model goal_reason_model;

struct goal_close {             /* :close */
    struct packed final_status; /* any value: all that is wrong with it is INVALID_FINAL_STATUS */
    struct str reason;
};
extern const struct model goal_close_model;

struct strategy_query {
    struct paging paging;
    struct uuid goal_id;
    struct texts status; /* words of strategy_status */
    struct str owner_id; /* its own, or else its goal's */
    struct str search;
    struct str type;       /* not looked at */
    struct str sort_field; /* for SQL: one of strategy_sort_fields, absent: by goal and order */
    bool descending;       /* for SQL */
};
extern const char *const strategy_sort_fields[]; /* JSON names, ends with NULL */
extern const struct model strategy_query_model;

struct strategy_position {
    struct uuid strategy_id;
    int64_t new_order;
};
struct strategy_reorder {
    struct uuids strategy_ids;
    struct list strategy_orders; /* struct strategy_position */
};
extern const struct model strategy_reorder_model;

struct strategies_reordered { /* data of strategy.reordered, and for SQL */
    struct uuid goal_id;
    struct uuids strategy_ids;
};
extern const struct model strategies_reordered_model;

struct activity {
    struct uuid id;
    struct uuid goal_id;
    enum activity_type type;
    struct str text;
    struct str title;
    struct str url;
    struct packed metadata;
    struct str user_id;
    struct str user_name; /* joined from people */
    int64_t attachments;  /* how many it counts for the subscription's limit */
    struct timestamp created_at, updated_at;
    struct str created_by, updated_by;
    LISTED_MEMBERS
};
extern const struct model activity_model;

struct activity_query {
    struct paging paging;
    struct texts type;   /* words of activity_type */
    struct uuid goal_id; /* for SQL */
    struct row_limits limits;
};
extern const struct model activity_query_model;

struct note_attachment {
    struct str name;
    struct str url;
};
extern const struct model note_attachment_model;
struct note {
    struct str note;
    struct str category;     /* kept in the entry's metadata */
    struct list attachments; /* struct note_attachment */
};
extern const struct model note_model;

/* --- Between services --- */

enum { GOAL_REFS_MAX = 10000 }; /* of one kind in one question */

struct goal_refs { /* checkGoals: what is asked for, and what of it exists */
    struct uuids goal_ids, strategy_ids;
    struct uuid described_id; /* of nameGoals: one of the goals, of which it says the intent, too */
    struct row_limits limits;
};
extern const struct model goal_refs_model;

struct goal_find { /* findGoals: what is asked for ... */
    struct uuids goal_ids, strategy_ids;
    int64_t useful_bytes; /* of texts of the goals' strategies, beyond which the caller has no use
                             for the answer; INT_NONE: as many as an answer may have */
};
extern const struct model goal_find_model;

struct goal_finds {         /* ... and the answer */
    struct list goals;      /* struct goal, without KPIs and progress of KPIs */
    struct list strategies; /* struct strategy */
};
extern const struct model goal_finds_model;

#endif
