/* The rules of the command center. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command_figures.h"
#include "id_rows.h"
#include "kpi_progress.h"
#include "percent.h"
#include "plan_around.h"

/* --- One link --- */

/* The plan of the KPI around today. */
static struct plan_around plan_of(const struct command_rows *rows, struct uuid kpi,
                                  struct timestamp today)
{
    const struct command_point *points = rows->points.items;
    const struct command_kpi *row = id_row(&rows->kpis, sizeof *row, kpi);
    const struct plan_point none = {.day = TIMESTAMP_NONE, .left = (double)NAN};
    struct plan_around around = {INTERPOLATION_LINEAR, none, none, none, none, none};
    unsigned method = row ? enum_value(&interpolation_names, row->interpolation_method) : 0;

    if (method)
        around.method = (enum interpolation)method;
    if (row)
        around.start = (struct plan_point){.day = row->start_day, .left = row->start_value};
    for (size_t i = id_rows_begin(&rows->points, sizeof *points, kpi);
         i < rows->points.count && uuid_equal(points[i].kpi_id, kpi); i++) {
        bool is_behind = points[i].day.us > today.us;
        struct plan_point *point = points[i].is_anchor
                                       ? is_behind ? &around.anchor_after : &around.anchor_before
                                   : is_behind ? &around.target_after
                                               : &around.target_before;
        *point = (struct plan_point){.day = points[i].day,
                                     .left = points[i].left_value,
                                     .right = points[i].right_value,
                                     .straight = points[i].straight};
    }
    return around;
}

static double expected_of(const struct command_rows *rows, const struct command_link *link,
                          const struct link_course *course)
{
    struct plan_around around = plan_of(rows, link->link.kpi_id, course->day);
    double planned = plan_around_expected(&around, course->day);
    struct link_course line = *course;

    line.start = around.start.day;
    /* A target of the link's own is not the plan's. */
    return isnan(link->link.target_value) && !isnan(planned) ? planned : link_expected(&line);
}

/* False when the KPI is gone. */
static bool judge(const struct command_rows *rows, const struct command_link *link,
                  const struct command_goal_row *goal, struct timestamp today,
                  struct judged_link *judged)
{
    judged->link = link;
    if (!figures_link(&rows->figure_kpis, &link->link, &judged->shown))
        return false;
    struct link_course course = {
        .direction = judged->shown.direction,
        .baseline = judged->shown.baseline_value,
        .target = judged->shown.target_value,
        .current = judged->shown.current_value,
        .end = goal->due_date,
        .day = today,
        .threshold = judged->shown.threshold,
        .risk_threshold = judged->shown.risk_threshold,
    };
    double expected = expected_of(rows, link, &course), variance = course.current - expected;
    bool has_base = expected < 0 || expected > 0;
    judged->expected = expected;
    judged->status = link_status(&course, expected);
    judged->variance = plan_rounded(variance);
    judged->percentage = has_base ? percent_rounded(variance / fabs(expected) * 100) : (double)NAN;
    return true;
}

static bool is_adverse(const struct judged_link *judged)
{
    return judged->shown.direction == KPI_DOWN ? judged->variance > 0 : judged->variance < 0;
}

/* Any variance from 0 is more than any percentage of it. */
static double badness(const struct judged_link *judged)
{
    return isnan(judged->percentage) ? (double)INFINITY : fabs(judged->percentage);
}

static int worst_first(const void *left, const void *right)
{
    const struct judged_link *a = left, *b = right;
    double x = badness(a), y = badness(b);

    return x > y ? -1 : x < y ? 1 : uuid_compare(a->link->id, b->link->id);
}

/* --- One goal --- */

/* While goals are judged. */
struct judging {
    const struct command_rows *rows;
    struct timestamp today;
    struct judged_link *adverse;
    size_t adverse_count;
    enum link_status *kpis; /* of each figure_kpi the worst status; 0: not linked */
};

/* Those of the goal; `own` has room for all that are left. */
static size_t judge_links(struct judging *j, const struct command_goal_row *goal,
                          struct judged_link *own)
{
    const struct command_link *links = j->rows->links.items;
    size_t count = 0;

    for (size_t i = id_rows_begin(&j->rows->links, sizeof *links, goal->id);
         i < j->rows->links.count && uuid_equal(links[i].link.goal_id, goal->id); i++)
        count += judge(j->rows, &links[i], goal, j->today, &own[count]);
    return count;
}

static void note_links(struct judging *j, const struct judged_link *own, size_t count)
{
    const struct list *all = &j->rows->figure_kpis;

    for (size_t i = 0; i < count; i++) {
        const struct figure_kpi *kpi = id_row(all, sizeof *kpi, own[i].shown.shared_kpi_id);
        enum link_status *status = &j->kpis[kpi - (const struct figure_kpi *)all->items];
        *status = *status ? link_status_worse(*status, own[i].status) : own[i].status;
        if (is_adverse(&own[i]))
            j->adverse[j->adverse_count++] = own[i];
    }
}

/* A goal that has links has a primary one; where none is told to be it, what was linked first. */
static const struct judged_link *primary_of(const struct judged_link *own, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (own[i].link->is_primary)
            return &own[i];
    return count > 0 ? &own[0] : NULL;
}

static enum link_status status_of(const struct judged_link *own, size_t count, bool past_due)
{
    const struct judged_link *primary = primary_of(own, count);
    enum link_status worst = LINK_NO_DATA;

    if (primary && primary->status != LINK_NO_DATA)
        return primary->status;
    for (size_t i = 0; i < count; i++)
        worst = link_status_worse(worst, own[i].status);
    if (worst != LINK_NO_DATA)
        return worst;
    return past_due ? LINK_BEHIND : LINK_ON_TRACK;
}

static void draft(struct arena *arena, const struct command_goal_row *row,
                  const struct judged_link *own, size_t count, struct command_draft *out)
{
    const struct judged_link *primary = primary_of(own, count);
    struct goal_kpi *shown = arena_array(arena, count, sizeof *shown);

    model_clear(AS(command_goal, &out->goal));
    out->goal.id = row->id;
    out->goal.due_date = row->due_date;
    out->goal.stats = (struct command_goal_stats){.measures = (int64_t)count};
    for (size_t i = 0; i < count; i++) {
        shown[i] = own[i].shown;
        out->goal.stats.at_risk += own[i].status == LINK_AT_RISK || own[i].status == LINK_BEHIND;
    }
    double progress = goal_kpis_progress(shown, count);
    out->goal.progress = isnan(progress) ? 0 : progress;
    out->primary = (struct primary_measure){.name = STR_NONE};
    if (primary)
        out->primary = (struct primary_measure){
            .kpi_id = primary->shown.shared_kpi_id,
            .current_value = primary->shown.current_value,
            .target_value = primary->shown.target_value,
            .progress = primary->shown.progress,
        };
}

/* --- All of them --- */

static void count_kpis(const struct judging *j, struct command_stats *stats)
{
    for (size_t i = 0; i < j->rows->figure_kpis.count; i++) {
        stats->measures += j->kpis[i] != 0;
        stats->measures_on_track += j->kpis[i] == LINK_ON_TRACK;
        stats->measures_at_risk += j->kpis[i] == LINK_AT_RISK;
        stats->measures_behind += j->kpis[i] == LINK_BEHIND;
    }
}

static struct list worst_measures(struct arena *arena, const struct judging *j)
{
    size_t count = j->adverse_count < COMMAND_LIST_MAX ? j->adverse_count : COMMAND_LIST_MAX;
    struct measure_at_risk *items = arena_array(arena, count, sizeof *items);

    if (j->adverse_count > 0)
        qsort(j->adverse, j->adverse_count, sizeof *j->adverse, worst_first);
    for (size_t i = 0; i < count; i++) {
        const struct judged_link *judged = &j->adverse[i];
        const struct command_kpi *kpi =
            id_row(&j->rows->kpis, sizeof *kpi, judged->shown.shared_kpi_id);
        items[i] = (struct measure_at_risk){
            .link_id = judged->link->id,
            .kpi_id = judged->shown.shared_kpi_id,
            .current_value = judged->shown.current_value,
            .expected = plan_rounded(judged->expected),
            .final_target_value = judged->shown.target_value,
            .variance = judged->variance,
            .variance_percentage = judged->percentage,
            .goal_id = judged->link->link.goal_id,
            .strategy_id = judged->link->strategy_id,
            .owner_id = kpi ? kpi->owner_id : STR_NONE,
            .status = judged->status,
        };
    }
    return (struct list){items, count};
}

void command_judge(struct arena *arena, const struct command_rows *rows, struct timestamp now,
                   struct command_judged *judged)
{
    const struct command_goal_row *goals = rows->goals.items;
    struct judged_link *own = arena_array(arena, rows->links.count, sizeof *own);
    struct judged_goal *all = arena_array(arena, rows->goals.count, sizeof *all);
    struct judging j = {
        .rows = rows,
        .today = timestamp_start_of_day(now),
        .adverse = arena_array(arena, rows->links.count, sizeof *j.adverse),
        .kpis = arena_array(arena, rows->figure_kpis.count, sizeof *j.kpis),
    };
    struct command_stats *stats = &judged->stats;

    *judged = (struct command_judged){
        .goals = arena_array(arena, COMMAND_LIST_MAX, sizeof *judged->goals),
        .all = {all, rows->goals.count}};
    memset(j.kpis, 0, rows->figure_kpis.count * sizeof *j.kpis);
    for (size_t i = 0; i < rows->goals.count; i++) {
        bool past_due = timestamp_day_before(goals[i].due_date, now);
        size_t count = judge_links(&j, &goals[i], own);
        enum link_status status = status_of(own, count, past_due);
        note_links(&j, own, count);
        all[i] = (struct judged_goal){goals[i].id, status, own, count};
        stats->goals_on_track += status == LINK_ON_TRACK;
        stats->goals_at_risk += status == LINK_AT_RISK;
        stats->goals_behind += status == LINK_BEHIND;
        if (judged->goal_count < COMMAND_LIST_MAX) {
            struct command_draft *listed = &judged->goals[judged->goal_count++];
            draft(arena, &goals[i], own, count, listed);
            listed->goal.progress_status = status;
        }
        own += count;
    }
    stats->active_goals = (int64_t)rows->goals.count;
    stats->active_actions = rows->actions.active;
    stats->actions_past_due = rows->actions.past_due;
    stats->actions_this_week = rows->actions.this_week;
    stats->open_issues = rows->issue_counts.open;
    stats->critical_issues = rows->issue_counts.critical;
    count_kpis(&j, stats);
    judged->measures = worst_measures(arena, &j);
}

/* --- What is shown of goals --- */

static void add_actions(const struct command_details *details, struct command_goal *goal)
{
    const struct served_counts *counts = id_row(&details->goal_actions, sizeof *counts, goal->id);

    if (!counts)
        return;
    goal->stats.actions = counts->counted;
    goal->stats.completed_actions = counts->completed;
    goal->stats.active_actions = counts->counted - counts->completed;
}

static void add_strategies(const struct command_details *details, struct command_goal *goal)
{
    struct command_strategy *rows = details->strategies.items;
    size_t from = id_rows_begin(&details->strategies, sizeof *rows, goal->id), to = from;

    for (; to < details->strategies.count && uuid_equal(rows[to].goal_id, goal->id); to++) {
        const struct served_counts *counts =
            id_row(&details->strategy_actions, sizeof *counts, rows[to].id);
        rows[to].progress =
            counts ? percent_rounded(percent_of(counts->completed, counts->counted)) : 0;
        rows[to].at_risk = counts && counts->past_due > 0;
        goal->stats.at_risk += rows[to].at_risk;
    }
    goal->strategies = (struct list){rows + from, to - from};
    goal->stats.strategies = (int64_t)(to - from);
}

static struct packed packed_primary(struct arena *arena, const struct primary_measure *measure,
                                    const struct command_titles *titles)
{
    struct primary_measure named = *measure;
    struct buffer out = buffer_in(arena, 256);

    if (uuid_is_none(measure->kpi_id))
        return (struct packed){STR_NONE};
    named.name = command_title_of(titles, measure->kpi_id);
    model_pack(AS(primary_measure, &named), &out);
    return (struct packed){buffer_str(&out)};
}

struct list command_goals(struct arena *arena, const struct command_judged *judged,
                          const struct command_details *details,
                          const struct command_titles *titles)
{
    struct command_goal *goals = arena_array(arena, judged->goal_count, sizeof *goals);
    size_t count = 0;

    for (size_t i = 0; i < judged->goal_count; i++) {
        const struct command_draft *listed = &judged->goals[i];
        const struct command_goal *row = id_row(&details->goals, sizeof *row, listed->goal.id);
        if (!row)
            continue; /* deleted meanwhile */
        struct command_goal *goal = &goals[count++];
        *goal = listed->goal;
        goal->title = row->title;
        goal->intent = row->intent;
        goal->owner_id = row->owner_id;
        goal->status = GOAL_ACTIVE;
        goal->primary = packed_primary(arena, &listed->primary, titles);
        add_actions(details, goal);
        add_strategies(details, goal);
    }
    return (struct list){goals, count};
}
