/* GET /dashboard/command-center: what needs attention today.
 *
 * Everything is judged as of today (UTC): a link against what is expected of it today, on its KPI's
 * plan or, without one, on the straight line to its goal's due date (link_status.h). Days are UTC;
 * numbers that are absent are NaN. */
#ifndef TRACTION_COMMAND_CENTER_H
#define TRACTION_COMMAND_CENTER_H

#include "actions.h"
#include "goals.h"
#include "levels.h"
#include "link_status.h"

enum {
    COMMAND_DAYS_DEFAULT = 7,
    COMMAND_DAYS_MAX = 90,
    COMMAND_VARIANCE_DEFAULT = 10, /* percent */
    COMMAND_LIST_DEFAULT = 50,
    COMMAND_LIST_MAX = 100,
};

struct command_query {
    struct str user_id;        /* whose tasks; absent: the caller's */
    int64_t days_ahead;        /* of the tasks, from today on */
    double variance_threshold; /* percent of the expected value; NaN: the default */
    int64_t limit;             /* of each list */
    struct timestamp until;    /* for SQL: the day behind the last one of the tasks */
};
extern const struct model command_query_model;

/* A link of an active goal that is worse than expected today. */
struct measure_at_risk {
    struct uuid link_id, kpi_id;
    struct str kpi_name;
    double current_value;
    double expected;            /* today */
    double final_target_value;  /* NaN: there is none */
    double variance;            /* current - expected */
    double variance_percentage; /* of |expected|; NaN where that is 0 */
    struct uuid goal_id;
    struct str goal_title;
    struct uuid strategy_id; /* that the link names; absent: none */
    struct str strategy_title;
    struct str owner_id, owner_name; /* of the KPI */
    enum link_status status;
};
extern const struct model measure_at_risk_model;

/* What an action serves: the first of its goals and strategies that there are. */
struct action_serves {
    struct uuid goal_id;
    struct str goal_title;
    struct uuid strategy_id;
    struct str strategy_title;
    struct uuids goal_ids, strategy_ids; /* all of them, also deleted ones; not answered */
};

struct action_past_due {
    struct uuid action_id;
    struct str title;
    struct timestamp due_date;
    int64_t days_past_due; /* from 1 */
    enum level priority;
    struct str assigned_person_id, assigned_person_name;
    struct action_serves serves;
};
extern const struct model action_past_due_model;

struct critical_issue { /* of impact critical or high, not closed */
    struct uuid issue_id;
    struct str title;
    enum level impact, priority;
    struct str reporter_id, reporter_name;
    struct timestamp date_reported;
    struct str status_name; /* as the tenant calls it */
};
extern const struct model critical_issue_model;

struct command_strategy {
    struct uuid goal_id; /* of the row; not answered */
    struct uuid id;
    struct str title; /* or how its description begins */
    double progress;  /* percent of its actions that are completed, without cancelled ones */
    bool at_risk;     /* one of its actions is past due */
};
extern const struct model command_strategy_model;

struct primary_measure { /* the KPI that is a goal's primary one */
    struct uuid kpi_id;
    struct str name;
    double current_value, target_value; /* NaN: none */
    double progress;                    /* 0 to 100 */
};
extern const struct model primary_measure_model;

struct command_goal_stats {
    int64_t strategies, measures;
    int64_t actions; /* without cancelled ones */
    int64_t active_actions, completed_actions;
    int64_t at_risk; /* links that are behind or at risk, and strategies at risk */
};

struct command_goal { /* an active one */
    struct uuid id;
    struct str title, intent;
    enum goal_status status;
    double progress; /* 0 to 100 */
    struct str owner_id, owner_name;
    struct timestamp due_date;
    enum link_status progress_status; /* of its primary link, else of the worst one; without data:
                                         behind when past due, else on track */
    struct list strategies;           /* struct command_strategy, by order */
    struct packed primary;            /* struct primary_measure; absent: none */
    struct command_goal_stats stats;
};
extern const struct model command_goal_model;

struct command_task {
    struct uuid id;
    struct str title, description;
    struct timestamp due_date;
    enum level priority;
    enum action_status status;
    double progress;
    struct action_serves serves;
};
extern const struct model command_task_model;

struct command_stats { /* of everything, whatever the lists' limit */
    int64_t active_goals, goals_on_track, goals_at_risk, goals_behind;
    /* KPIs that are linked to active goals, each once and as the worst of these links. */
    int64_t measures, measures_on_track, measures_at_risk, measures_behind;
    int64_t active_actions;                      /* neither completed nor cancelled; of these: */
    int64_t actions_past_due, actions_this_week; /* due from today to today + 6 */
    int64_t open_issues;                         /* not closed */
    int64_t critical_issues;                     /* of those, of impact critical or high */
};

struct command_alerts {
    struct list measures_at_risk; /* struct measure_at_risk, worst first */
    struct list actions_past_due; /* struct action_past_due, longest overdue first */
    struct list critical_issues;  /* struct critical_issue, critical first, then oldest */
};

struct command_center {
    struct command_alerts alerts;
    struct list goals; /* struct command_goal, by due date */
    struct list tasks; /* struct command_task, soonest first */
    struct command_stats stats;
    struct timestamp generated_at;
};
extern const struct model command_center_model;

#endif
