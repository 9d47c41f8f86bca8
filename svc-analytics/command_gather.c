/* Reads what the command center is computed from. */
#include <math.h>

#include "command_figures.h"
#include "queries.h"

static const struct field command_goal_row_fields[] = {
    COLUMN(command_goal_row, id),
    COLUMN(command_goal_row, due_date),
};
const struct model command_goal_row_model =
    MODEL("CommandGoalRow", command_goal_row, command_goal_row_fields);

static const struct field command_kpi_fields[] = {
    COLUMN(command_kpi, id),
    COLUMN(command_kpi, owner_id),
    COLUMN(command_kpi, interpolation_method),
    COLUMN(command_kpi, start_value),
    COLUMN(command_kpi, start_day),
};
const struct model command_kpi_model = MODEL("CommandKPI", command_kpi, command_kpi_fields);

static const struct field command_point_fields[] = {
    COLUMN(command_point, kpi_id),     COLUMN(command_point, is_anchor),
    COLUMN(command_point, straight),   COLUMN(command_point, day),
    COLUMN(command_point, left_value), COLUMN(command_point, right_value),
};
const struct model command_point_model = MODEL("CommandPoint", command_point, command_point_fields);

#define LINK_COLUMN(member_) FIELD_AS(command_link, link.member_, #member_, .flags = FIELD_INTERNAL)
static const struct field command_link_fields[] = {
    COLUMN(command_link, id),
    COLUMN(command_link, strategy_id),
    COLUMN(command_link, is_primary),
    LINK_COLUMN(goal_id),
    LINK_COLUMN(kpi_id),
    LINK_COLUMN(threshold),
    LINK_COLUMN(risk_threshold),
    LINK_COLUMN(baseline_value),
    LINK_COLUMN(target_value),
};
const struct model command_link_model = MODEL("CommandLink", command_link, command_link_fields);

static const struct field command_action_counts_fields[] = {
    COLUMN(command_action_counts, active),
    COLUMN(command_action_counts, past_due),
    COLUMN(command_action_counts, this_week),
};
const struct model command_action_counts_model =
    MODEL("CommandActionCounts", command_action_counts, command_action_counts_fields);

static const struct field command_issue_counts_fields[] = {
    COLUMN(command_issue_counts, open),
    COLUMN(command_issue_counts, critical),
};
const struct model command_issue_counts_model =
    MODEL("CommandIssueCounts", command_issue_counts, command_issue_counts_fields);

static const struct field served_counts_fields[] = {
    COLUMN(served_counts, id),
    COLUMN(served_counts, counted),
    COLUMN(served_counts, completed),
    COLUMN(served_counts, past_due),
};
const struct model served_counts_model = MODEL("ServedCounts", served_counts, served_counts_fields);

static const struct field command_details_fields[] = {COLUMN(command_details, goal_ids)};
static const struct model command_details_model =
    MODEL("CommandDetails", command_details, command_details_fields);

struct longest {
    int64_t max;
};
static const struct field longest_fields[] = {COLUMN(longest, max)};
static const struct model longest_model = MODEL("Longest", longest, longest_fields);

enum db_fault_kind command_gather(struct session *session, struct command_rows *rows)
{
    struct longest most = {COMMAND_LIST_MAX};
    bool found;

    *rows = (struct command_rows){.actions = {0}};
    model_clear(AS(stamps_row, &rows->stamps));
    session_queue_row(session, STAMPS_READ, NOTHING, AS(stamps_row, &rows->stamps), &found);
    session_queue_rows(session, COMMAND_GOALS, NOTHING, &command_goal_row_model, &rows->goals);
    session_queue_rows(session, COMMAND_LINKS, NOTHING, &command_link_model, &rows->links);
    session_queue_rows(session, FIGURE_KPIS, NOTHING, &figure_kpi_model, &rows->figure_kpis);
    session_queue_rows(session, COMMAND_KPIS, NOTHING, &command_kpi_model, &rows->kpis);
    session_queue_rows(session, COMMAND_PLANS, NOTHING, &command_point_model, &rows->points);
    session_queue_rows(session, COMMAND_PAST_DUE, AS(longest, &most), &action_past_due_model,
                       &rows->past_due);
    session_queue_rows(session, COMMAND_ISSUES, AS(longest, &most), &critical_issue_model,
                       &rows->issues);
    session_queue_row(session, COMMAND_ACTION_COUNTS, NOTHING,
                      AS(command_action_counts, &rows->actions), &found);
    session_queue_row(session, COMMAND_ISSUE_COUNTS, NOTHING,
                      AS(command_issue_counts, &rows->issue_counts), &found);
    return session_wait(session);
}

enum db_fault_kind command_gather_details(struct session *session, struct command_details *details,
                                          struct command_titles *titles)
{
    struct bound of = AS(command_details, details);

    session_queue_rows(session, COMMAND_GOALS_SHOWN, of, &command_goal_model, &details->goals);
    session_queue_rows(session, COMMAND_STRATEGIES, of, &command_strategy_model,
                       &details->strategies);
    session_queue_rows(session, COMMAND_GOAL_ACTIONS, of, &served_counts_model,
                       &details->goal_actions);
    session_queue_rows(session, COMMAND_STRATEGY_ACTIONS, of, &served_counts_model,
                       &details->strategy_actions);
    session_queue_rows(session, COMMAND_TITLES, AS(command_titles, titles), &command_title_model,
                       &titles->rows);
    return session_wait(session);
}
