/* What was done in a report's period: actions and issues that were opened, closed and overdue, who
 * has to do with them, decisions, changes of KPIs, scores, and the log. */
#include <math.h>

#include "lookup.h"
#include "queries.h"
#include "report.h"
#include "report_gathering.h"

enum { ROWS_PART = 500 };

/* The period, for a list of at most so many rows. */
static struct report_page page_of(const struct gathering *g, int64_t max)
{
    struct report_page page = g->scope->page;

    page.max = max;
    return page;
}

void report_pack_actions(struct gathering *g, struct report_state *state)
{
    struct report_page most = page_of(g, REPORT_OVERDUE_MAX), done = page_of(g, REPORT_DONE_MAX);
    struct list by_status = {NULL, 0}, overdue, completed, opened;
    struct action_counts_row counts = {0};
    struct session *session = part_begin(g);
    bool found;

    if (!g->scope->past)
        session_queue_rows(session, REPORT_ACTIONS_BY_STATUS, NOTHING, &report_count_model,
                           &by_status);
    session_queue_rows(session, REPORT_OVERDUE, AS(report_page, &most), &report_action_model,
                       &overdue);
    session_queue_rows(session, REPORT_COMPLETED, AS(report_page, &done), &report_action_model,
                       &completed);
    session_queue_rows(session, REPORT_OPENED, AS(report_page, &done), &report_action_model,
                       &opened);
    session_queue_row(session, REPORT_ACTION_COUNTS, AS(report_page, &done),
                      AS(action_counts_row, &counts), &found);
    if (part_wait(g)) {
        document_rows(g, "actionsByStatus", &report_count_model, &by_status);
        document_rows(g, "overdueActions", &report_action_model, &overdue);
        document_total(g, "overdueTotal", counts.overdue);
        document_rows(g, "completedActions", &report_action_model, &completed);
        document_total(g, "completedTotal", counts.completed);
        document_rows(g, "openedActions", &report_action_model, &opened);
        document_total(g, "openedTotal", counts.opened);
    }
    part_end(g);
    state->open_actions = counts.open;
    state->overdue_actions = counts.overdue;
}

void report_pack_issues(struct gathering *g, struct report_state *state)
{
    struct report_page most = page_of(g, REPORT_ISSUES_MAX), done = page_of(g, REPORT_DONE_MAX);
    struct list by_category = {NULL, 0}, open, closed, opened;
    struct issue_counts_row counts = {0};
    struct session *session = part_begin(g);
    bool found;

    if (!g->scope->past)
        session_queue_rows(session, REPORT_ISSUES_BY_CATEGORY, NOTHING, &report_count_model,
                           &by_category);
    session_queue_rows(session, REPORT_ISSUES, AS(report_page, &most), &report_issue_model, &open);
    session_queue_rows(session, REPORT_CLOSED_ISSUES, AS(report_page, &done), &report_issue_model,
                       &closed);
    session_queue_rows(session, REPORT_OPENED_ISSUES, AS(report_page, &done), &report_issue_model,
                       &opened);
    session_queue_row(session, REPORT_ISSUE_COUNTS, AS(report_page, &done),
                      AS(issue_counts_row, &counts), &found);
    if (part_wait(g)) {
        document_rows(g, "issuesByCategory", &report_count_model, &by_category);
        document_rows(g, "openIssues", &report_issue_model, &open);
        document_total(g, "openIssuesTotal", counts.open);
        document_rows(g, "closedIssues", &report_issue_model, &closed);
        document_total(g, "closedIssuesTotal", counts.closed);
        document_rows(g, "openedIssues", &report_issue_model, &opened);
        document_total(g, "openedIssuesTotal", counts.opened);
    }
    part_end(g);
    state->open_issues = counts.open;
    state->critical_issues = counts.critical;
}

void report_pack_changes(struct gathering *g)
{
    struct report_page moves_page = page_of(g, REPORT_MOVES_MAX);
    struct report_page decisions_page = page_of(g, REPORT_DECISIONS_MAX);
    struct report_page people_page = page_of(g, REPORT_PEOPLE_MAX);
    struct list moves, decisions, people, strategies;
    struct row_count total = {0};
    struct session *session = part_begin(g);
    bool found;

    session_queue_rows(session, REPORT_MOVES, AS(report_page, &moves_page), &report_move_model,
                       &moves);
    session_queue_rows(session, REPORT_DECISIONS, AS(report_page, &decisions_page),
                       &report_entry_model, &decisions);
    session_queue_row(session, REPORT_DECISIONS_COUNT, AS(report_page, &decisions_page),
                      AS(row_count, &total), &found);
    session_queue_rows(session, REPORT_PEOPLE, AS(report_page, &people_page), &report_person_model,
                       &people);
    session_queue_rows(session, REPORT_STRATEGIES_BY_STATUS, AS(report_page, &people_page),
                       &report_count_model, &strategies);
    if (part_wait(g)) {
        document_rows(g, "moves", &report_move_model, &moves);
        document_rows(g, "decisions", &report_entry_model, &decisions);
        document_total(g, "decisionsTotal", total.count);
        document_rows(g, "people", &report_person_model, &people);
        document_rows(g, "strategiesByStatus", &report_count_model, &strategies);
    }
    part_end(g);
}

static void pack_number(struct gathering *g, const char *name, double number)
{
    document_key(g, name);
    if (isnan(number))
        pack_nil(g->out);
    else
        pack_double(g->out, number);
}

/* Of a period that is over, the last score that was kept in it. */
void report_pack_scores(struct gathering *g, const struct figures *figures)
{
    struct report_page page = page_of(g, REPORT_POINTS_MAX);
    struct report_point before = {.score = (double)NAN, .day = TIMESTAMP_NONE};
    struct list points;
    struct session *session = part_begin(g);
    bool found;

    session_queue_rows(session, REPORT_POINTS, AS(report_page, &page), &report_point_model,
                       &points);
    session_queue_row(session, REPORT_SCORE_BEFORE, AS(report_page, &page),
                      AS(report_point, &before), &found);
    if (part_wait(g)) {
        const struct report_point *kept = points.items;
        double last = points.count > 0 ? kept[points.count - 1].score : (double)NAN;

        document_rows(g, "points", &report_point_model, &points);
        pack_number(g, "scoreAfter", g->scope->past ? last : figures->score.overall_score);
        pack_number(g, "scoreBefore", found ? before.score : (double)NAN);
        document_key(g, "scoreBeforeAt");
        pack_time(g->out, found ? before.day : TIMESTAMP_NONE);
    }
    part_end(g);
}

/* --- The log --- */

static bool activity_part(struct gathering *g, struct report_page *page, struct pack_open *open,
                          int64_t *total)
{
    struct row_count count = {0};
    struct list entries;
    struct session *session = part_begin(g);
    bool found;

    page->max = ROWS_PART;
    page->skip = (int64_t)open->count;
    session_queue_rows(session, REPORT_ACTIVITY, AS(report_page, page), &report_entry_model,
                       &entries);
    session_queue_row(session, REPORT_ACTIVITY_COUNT, AS(report_page, page), AS(row_count, &count),
                      &found);
    bool good = part_wait(g);
    struct report_entry *items = good ? entries.items : NULL;
    for (size_t i = 0; good && i < entries.count; i++)
        model_pack(AS(report_entry, &items[i]), g->out);
    part_end(g);
    *total = count.count;
    open->count += good ? (uint32_t)entries.count : 0;
    return good && entries.count == ROWS_PART && open->count < REPORT_ACTIVITY_MAX;
}

void report_pack_activity(struct gathering *g)
{
    struct report_page page = g->scope->page;
    int64_t total = 0;

    document_key(g, "activity");
    struct pack_open open = pack_array_open(g->out);
    while (activity_part(g, &page, &open, &total))
        continue;
    pack_array_close(g->out, open);
    document_total(g, "activityTotal", total);
}
