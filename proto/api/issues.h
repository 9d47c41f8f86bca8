/* Issues: problems of a tenant's goals and actions, with their status and assignee. */
#ifndef TRACTION_ISSUES_H
#define TRACTION_ISSUES_H

#include "actions.h"
#include "issue_config.h"
#include "model.h"
#include "paging.h"
#include "record.h"

/* Clients know some fields under two names; answers say both. */
struct issue {
    struct uuid id;
    struct str title, description;
    struct uuid type_config_id;
    struct uuid status_config_id; /* = statusId */
    enum level impact;            /* = businessImpact */
    enum level priority;
    struct str reporter_id;   /* = reportedBy */
    struct str reporter_name; /* = reportedByName; joined from people */
    struct str assigned_person_id, assigned_person_name;
    struct timestamp due_date;
    struct timestamp date_reported; /* its creation unless somebody says otherwise */
    struct timestamp resolved_at;   /* absent unless its status is closed */
    struct str status_reason;       /* why it has its status */
    double estimated_hours, actual_hours;
    struct texts tags;
    int64_t display_order;
    struct connections connections;
    struct packed root_cause_analysis; /* text, or {method, findings} */
    struct str resolution_notes;
    struct str environment, steps_to_reproduce, expected_behavior, actual_behavior;
    struct issue_config type, status;
    struct packed type_said, status_said; /* of a body: an id, a name, or an object as answered */
    RECORD_MEMBERS;
    int64_t bytes; /* of a page's row: what it has in an answer, or a few more */
    LISTED_MEMBERS
};
extern const struct model issue_model;

enum analysis_method { ANALYSIS_FIVE_WHYS = 1, ANALYSIS_FISHBONE, ANALYSIS_SWOT, ANALYSIS_PARETO };
extern const struct enum_names analysis_method_names;
extern const char issue_analysis_schemas[]; /* of rootCauseAnalysis */

enum { ISSUE_PAGE_DEFAULT = 20 };

struct issue_query {
    struct paging paging;
    struct texts status;           /* each an id, a category or a name */
    struct texts priority, impact; /* words */
    struct str reporter_id, assigned_person_id;
    struct uuids type_ids;
    struct str search;
    struct texts status_category;                                          /* words */
    struct timestamp created_after, created_before, due_after, due_before; /* inclusive */
    struct timestamp reported_after, reported_before;                      /* inclusive */
    struct texts tags;                                                     /* any of them */
    struct uuids goal_ids, strategy_ids, action_ids;
    struct uuids category_ids;      /* for SQL: SYSTEM statuses of `status_category` */
    struct uuids order_ids;         /* for SQL: statuses or types in order, to sort by it */
    struct uuids status_ids;        /* for SQL: what `status` means */
    struct texts status_categories; /* for SQL: likewise */
    bool by_status;                 /* for SQL */
    struct str sort_field;          /* for SQL: one of issue_sort_fields */
    bool descending;                /* for SQL */
    struct row_limits limits;
};
extern const char *const issue_sort_fields[]; /* JSON names, ends with NULL */
extern const struct model issue_query_model;

/* What deleting an issue answers beside "success". */
struct issue_deleted {
    struct uuid id;
    struct timestamp deleted_at;
};
extern const struct model issue_deleted_model;

#endif
