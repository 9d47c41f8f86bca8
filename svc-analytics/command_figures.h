/* What needs attention today (proto/api/command_center.h): for the dashboard's command center, and
 * for whoever else shows the same figures.
 *
 *   struct command_query query;
 *   struct command_center center;
 *   struct uuids stamps;
 *   model_clear(AS(command_query, &query));
 *   command_query_complete(op, &query);
 *   if (!command_figures_load(op, &query, COMMAND_TASKS | COMMAND_REST, &center, &stamps))
 *       return;
 *
 * All but the tasks is computed for the tenant, with the longest lists and the lowest threshold
 * that can be asked for, and kept (kept.h): lists are sorted by what limits them, so every answer
 * shows how they begin. Tasks and people's names are read besides. The number of statements does
 * not depend on the tenant or the query. Answers of the rest are kept as JSON (command_text.c). */
#ifndef TRACTION_COMMAND_FIGURES_H
#define TRACTION_COMMAND_FIGURES_H

#include "command_center.h"
#include "figures.h"
#include "kept.h"

/* What `query` does not say (absent texts, INT_NONE, NaN) becomes its default. */
void command_query_complete(struct op *op, struct command_query *query);

/* The figures of the caller's tenant as of today, or one part of them, in the op's arena; `stamps`
 * is what the rest is based on. False when the op has failed. */
enum command_part { COMMAND_TASKS = 1, COMMAND_REST = 2 };
bool command_figures_load(struct op *op, struct command_query *query, unsigned parts,
                          struct command_center *center, struct uuids *stamps);

/* --- command_text.c --- */

/* Answers with them as JSON. */
void command_text_reply(struct op *op, struct command_query *query);
extern const struct model text_basis_model;

/* --- command_figures.c --- */

/* How many of the measures, worst first, are off by that many percent or more. */
size_t command_measures_over(const struct list *measures, double threshold);

/* --- command_compute.c: what is kept --- */

extern const struct kept command_kept; /* struct command_center without tasks and people's names */

/* --- command_gather.c: the rows, in two round trips --- */

struct command_goal_row {
    struct uuid id;
    struct timestamp due_date;
};
struct command_kpi { /* whose it is, and where its path begins */
    struct uuid id;
    struct str owner_id, interpolation_method;
    double start_value; /* NaN: nowhere */
    struct timestamp start_day;
};
struct command_point { /* of a plan: the last on or before today, and the first behind it */
    struct uuid kpi_id;
    bool is_anchor, straight;
    struct timestamp day;
    double left_value, right_value; /* equal, of a target */
};
struct command_link {
    struct figure_link link;
    struct uuid id, strategy_id;
    bool is_primary;
};
struct command_action_counts {
    int64_t active, past_due, this_week;
};
struct command_issue_counts {
    int64_t open, critical;
};

struct command_rows {
    struct stamps_row stamps;
    struct list goals;       /* struct command_goal_row: the active ones, by due date */
    struct list links;       /* struct command_link: theirs, by goal, the oldest first */
    struct list figure_kpis; /* struct figure_kpi, by id */
    struct list kpis;        /* struct command_kpi, by id */
    struct list points;      /* struct command_point, by KPI */
    struct list past_due;    /* struct action_past_due, as many as a list may have */
    struct list issues;      /* struct critical_issue, likewise */
    struct command_action_counts actions;
    struct command_issue_counts issue_counts;
};
enum db_fault_kind command_gather(struct session *session, struct command_rows *rows);

struct served_counts { /* actions of a goal or strategy */
    struct uuid id;
    int64_t counted; /* without cancelled ones */
    int64_t completed, past_due;
};

/* What is shown of goals. */
struct command_details {
    struct uuids goal_ids;
    struct list goals;                          /* struct command_goal, by id: their texts */
    struct list strategies;                     /* struct command_strategy, by goal and order */
    struct list goal_actions, strategy_actions; /* struct served_counts, by id */
};
struct command_titles;
enum db_fault_kind command_gather_details(struct session *session, struct command_details *details,
                                          struct command_titles *titles);

/* --- command_titles.c: titles of goals and strategies, names of KPIs --- */

struct command_title {
    struct uuid id;
    struct str title;
};
struct command_titles {
    struct uuids goal_ids, strategy_ids, kpi_ids; /* wanted; any of them may be deleted */
    struct list rows;                             /* struct command_title, by id */
};
extern const struct model command_titles_model, command_title_model;

/* One more id; none when it is absent. */
void command_want(struct arena *arena, struct uuids *ids, struct uuid id);
void command_want_served(struct arena *arena, struct command_titles *titles,
                         const struct action_serves *serves);
/* Absent when there is none of that id. */
struct str command_title_of(const struct command_titles *titles, struct uuid id);
/* The first goal and the first strategy that there are. */
void command_serve(const struct command_titles *titles, struct action_serves *serves);

/* --- command_judge.c: the rules; nothing there reads or writes anything --- */

struct judged_link {
    const struct command_link *link;
    struct goal_kpi shown;
    double expected;   /* today; NaN: nothing is */
    double variance;   /* rounded */
    double percentage; /* of |expected|, rounded; NaN where that is 0 */
    enum link_status status;
};
struct judged_goal {
    struct uuid id;
    enum link_status status;
    const struct judged_link *links; /* the oldest first */
    size_t link_count;
};

/* A goal that is listed, with its primary KPI, whose name is not known yet. */
struct command_draft {
    struct command_goal goal;
    struct primary_measure primary; /* without id: there is none */
};
struct command_judged {
    struct command_draft *goals; /* by due date */
    size_t goal_count;
    struct list measures; /* struct measure_at_risk without texts, worst first */
    struct list all;      /* struct judged_goal: every active goal, by due date */
    struct command_stats stats;
};
void command_judge(struct arena *arena, const struct command_rows *rows, struct timestamp now,
                   struct command_judged *judged);
/* Adds to the drafts what is known of their goals, and makes the goals of them. */
struct list command_goals(struct arena *arena, const struct command_judged *judged,
                          const struct command_details *details,
                          const struct command_titles *titles);

#endif
