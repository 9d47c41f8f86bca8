/* Actions: tasks with an assignee and a due date, linked to goals, strategies and issues. */
#ifndef TRACTION_ACTIONS_H
#define TRACTION_ACTIONS_H

#include "kpis.h"
#include "levels.h"
#include "model.h"
#include "paging.h"
#include "record.h"
#include "row_limits.h"

enum action_status {
    ACTION_NOT_STARTED = 1,
    ACTION_IN_PROGRESS,
    ACTION_COMPLETED, /* its progress is 100 */
    ACTION_BLOCKED,
    ACTION_CANCELLED,
};

extern const struct enum_names action_status_names;

enum { CONNECTIONS_MAX = 500 }; /* of one kind */

/* What an action or issue is linked to. Ids are in the order that was sent. */
struct connections {
    struct uuids goal_ids, strategy_ids;
    struct uuids other_ids; /* issues of an action, actions of an issue */
};

enum { ACTION_TAGS_MAX = 20 };

struct action {
    struct uuid id;
    struct str title, description;
    struct timestamp start_date, due_date;
    enum level priority;
    enum action_status status;
    struct str assigned_person_id;
    struct str assigned_person_name; /* joined from people; absent until known */
    double progress;                 /* 0 to 100 */
    double estimated_hours, actual_hours;
    struct texts tags;
    struct timestamp date_entered; /* its creation unless somebody says otherwise */
    struct str status_reason;      /* why it has its status */
    struct connections connections;
    struct timestamp completed_at; /* absent while it is not completed */
    RECORD_MEMBERS;
    int64_t bytes; /* of a page's row: what it has in an answer, or a few more */
    LISTED_MEMBERS
};
extern const struct model action_model;
extern const struct model action_in_context_model; /* its links stand beside its fields */

/* An issue that no action keeps open any more. */
struct closable_issue {
    struct uuid id;
    struct str title;
};
extern const struct model closable_issue_model;

/* An action that was completed by the verb. */
struct action_completed {
    struct action action;
    struct packed kpi_update_prompt; /* true or false; absent: svc-kpis could not be asked */
    struct list closable_issues;     /* struct closable_issue */
};
extern const struct model action_completed_model;

enum { ACTION_PAGE_MAX = 500 }; /* clients draw them without paging */

struct action_query {
    struct paging paging;
    struct timestamp start_date, end_date; /* the action's span overlaps them */
    struct str assigned_person_id;
    struct texts status, priority; /* words */
    struct uuids goal_ids, strategy_ids, issue_ids;
    struct str search;
    struct texts tags;     /* any of them */
    struct str sort_field; /* for SQL: one of action_sort_fields */
    bool descending;       /* for SQL */
    struct row_limits limits;
};
extern const char *const action_sort_fields[]; /* JSON names, ends with NULL */
extern const struct model action_query_model;

/* --- Relationships --- */

enum { BATCH_MAX = 500 };

struct action_batch { /* POST actions/goals, actions/strategies */
    struct uuids action_ids;
};
extern const struct model action_batch_model;

struct goal_batch { /* POST goals/kpis */
    struct uuids goal_ids;
};
extern const struct model goal_batch_model;

struct kpi_update { /* POST kpi-updates */
    struct uuid action_id;
    struct uuid kpi_id;        /* the KPI's or a link's */
    struct uuid shared_kpi_id; /* the KPI's; one of the two is needed */
    struct str horizon_id;     /* kept with the update */
    double new_value;
    struct timestamp update_date; /* its month is the reading's period */
    struct str notes;
};
extern const struct model kpi_update_model;
extern const struct model kpi_update_of_action_model; /* without the action, which the path names */

struct kpi_updated { /* its answer; the event kpi_update.created says horizonId, too */
    struct uuid action_id, kpi_id;
    struct reading reading;
};
extern const struct model kpi_updated_model;

struct kpi_update_kept { /* GET kpi-updates: newest first */
    struct uuid id, action_id, kpi_id;
    struct str horizon_id;
    double new_value;
    struct timestamp update_date;
    struct str notes, recorded_by;
    struct timestamp recorded_at;
    struct packed reading; /* as it was recorded */
};
extern const struct model kpi_update_kept_model;

struct kpi_update_query {
    struct paging paging;
    struct uuid kpi_id, action_id; /* one at least */
    struct str horizon_id;
};
extern const struct model kpi_update_query_model;

#endif
