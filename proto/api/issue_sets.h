/* What makes several of an issue or takes several issues: conversion into actions, their order, and
 * how they stand altogether. */
#ifndef TRACTION_ISSUE_SETS_H
#define TRACTION_ISSUE_SETS_H

#include "actions.h"
#include "issues.h"
#include "model.h"

enum { CONVERT_MAX = 50 };

/* An action that an issue is converted into; absent parts are the issue's. */
struct action_draft {
    struct str title, description, assigned_person_id;
    enum level priority;
    struct timestamp start_date, due_date;
    double estimated_hours;
    struct texts tags;
};
extern const struct model action_draft_model;

struct issue_convert {
    struct list actions; /* struct action_draft */
    struct uuid new_status_id;
};
extern const struct model issue_convert_model;

struct issue_converted {
    struct uuids action_ids;
    struct list actions; /* struct action */
    struct issue issue;
};
extern const struct model issue_converted_model;

/* An issue that an action leads to, with the action's goals and strategies. */
struct issue_from_action {
    struct issue issue; /* first: rows of issues are used */
    struct uuid action_id;
};
extern const struct model issue_from_action_model;

enum { REORDER_MAX = 500 };

struct issue_reorder {
    struct uuids issue_ids;
};
extern const struct model issue_reorder_model;

/* The data of issue.reordered: one event, however many have moved. */
struct issue_order {
    struct uuids issue_ids; /* as they were named: the first has the displayOrder 0 */
    int64_t moved;          /* how many of them have another displayOrder than before */
};
extern const struct model issue_order_model;

struct issues_reordered {
    struct list issues; /* in their new order */
    int64_t total, page, limit, total_pages;
};
extern const struct model issues_reordered_model;

/* --- How they stand --- */

struct impact_stats {
    int64_t low, medium, high, critical, none;
};
extern const struct model impact_stats_model;

struct timeline_stats {
    double average_hours;                          /* from creation until closed; 0: none is */
    int64_t created_this_week, resolved_this_week; /* from Monday, UTC */
    int64_t created_this_month, resolved_this_month;
};
extern const struct model timeline_stats_model;

struct type_count {
    struct uuid type_config_id;
    struct str name;
    int64_t count;
};
extern const struct model type_count_model;

struct issue_stats {
    int64_t total;
    int64_t open, active, inactive, resolved,
        closed;                /* by category; resolved is apart from closed */
    int64_t overdue, critical; /* of those that are not closed */
    double rate;               /* of those that are; 0 to 1 */
    struct packed type_stats;  /* count by name */
    struct list by_type;       /* struct type_count */
    struct impact_stats impact;
    struct timeline_stats timeline;
};
extern const struct model issue_stats_model;

#endif
