/* The formulas of statistics, score and alignment. Nothing here reads or writes anything.
 *
 * Days are UTC: what is due on a day is late from the next day on. What has no due date is never
 * late. A rate of nothing is 0. */
#include "figures.h"

#include <math.h>
#include <stdlib.h>

#include "goals.h"
#include "id_rows.h"
#include "kpi_progress.h"
#include "percent.h"

enum {
    TREND_POINTS = 1,
    LINKS_MAX = 1000,    /* of one goal; svc-kpis allows 100 */
    RISK_THRESHOLD = 50, /* unless a link has its own */
};

static bool by_day(struct timestamp moment, struct timestamp due)
{
    return !timestamp_day_before(due, moment);
}

bool figures_goal_done(struct str status, struct timestamp completed_at)
{
    enum goal_status known = enum_value(&goal_status_names, status);

    return known == GOAL_COMPLETED || (known == GOAL_ARCHIVED && !timestamp_is_none(completed_at));
}

/* --- Links --- */

static double first_known(double a, double b)
{
    return isnan(a) ? b : a;
}

bool figures_link(const struct list *kpis, const struct figure_link *link, struct goal_kpi *shown)
{
    const struct figure_kpi *kpi = id_row(kpis, sizeof *kpi, link->kpi_id);

    if (!kpi)
        return false;
    double baseline = first_known(kpi->baseline_value, kpi->first_value);
    *shown = (struct goal_kpi){
        .goal_id = link->goal_id,
        .shared_kpi_id = link->kpi_id,
        .direction = kpi->direction,
        .threshold = link->threshold,
        .risk_threshold = fmin(first_known(link->risk_threshold, RISK_THRESHOLD), link->threshold),
        .baseline_value = first_known(link->baseline_value, baseline),
        .current_value = kpi->last_value,
        .target_value = first_known(link->target_value, kpi->target_value),
    };
    goal_kpi_complete(shown);
    return true;
}

/* --- Goals, with their links --- */

/* How a goal comes along: as the worst of its links that have a target and a value. */
enum track { TRACK_UNKNOWN, TRACK_ON, TRACK_AT_RISK, TRACK_OFF, TRACKS };

/* What is summed up on the way through all goals. */
struct sums {
    int64_t by_track[TRACKS];                                            /* of active goals */
    int64_t by_status[GOAL_ARCHIVED + 1], by_horizon[HORIZON_MONTH + 1]; /* [0]: unknown words */
    int64_t in_time; /* of completed, active and paused ones */
    int64_t pursued; /* neither draft nor cancelled */
    double progress; /* of those */
    struct {
        int64_t aimed, reached, on_track; /* with a target */
    } links;
    struct uuid *linked; /* KPIs of open goals, one for each link */
    size_t linked_count;
    struct uuid *measures; /* KPIs of all goals, likewise */
    size_t measures_count;
};

static bool is_open(enum goal_status status)
{
    return status == GOAL_DRAFT || status == GOAL_ACTIVE || status == GOAL_PAUSED;
}

static enum track track_of(const struct goal_kpi *link)
{
    if (isnan(link->target_value) || isnan(link->current_value))
        return TRACK_UNKNOWN;
    if (link->on_track)
        return TRACK_ON;
    return percent_reaches(link->progress, link->risk_threshold) ? TRACK_AT_RISK : TRACK_OFF;
}

static enum track worst_track(const struct goal_kpi *links, size_t count)
{
    enum track worst = TRACK_UNKNOWN;

    for (size_t i = 0; i < count; i++)
        if (track_of(&links[i]) > worst)
            worst = track_of(&links[i]);
    return worst;
}

static double add_links(struct sums *sums, const struct figure_goal *goal,
                        const struct goal_kpi *links, size_t count)
{
    bool open = is_open(enum_value(&goal_status_names, goal->status));

    for (size_t i = 0; i < count; i++) {
        sums->measures[sums->measures_count++] = links[i].shared_kpi_id;
        if (open)
            sums->linked[sums->linked_count++] = links[i].shared_kpi_id;
        if (isnan(links[i].target_value))
            continue;
        sums->links.aimed++;
        sums->links.reached += percent_reaches(links[i].progress, 100);
        sums->links.on_track += links[i].on_track;
    }
    if (enum_value(&goal_status_names, goal->status) == GOAL_ACTIVE)
        sums->by_track[worst_track(links, count)]++;
    if (figures_goal_done(goal->status, goal->completed_at))
        return 100;
    double progress = goal_kpis_progress(links, count);
    return isnan(progress) ? 0 : progress;
}

static void add_goal(struct sums *sums, const struct figure_goal *goal, double progress,
                     struct timestamp now)
{
    enum goal_status status = enum_value(&goal_status_names, goal->status);
    bool open = status == GOAL_ACTIVE || status == GOAL_PAUSED;

    sums->by_status[status]++;
    sums->by_horizon[enum_value(&horizon_names, goal->horizon)]++;
    sums->in_time += (status == GOAL_COMPLETED && by_day(goal->completed_at, goal->due_date)) ||
                     (open && by_day(now, goal->due_date));
    if (status != GOAL_DRAFT && status != GOAL_CANCELLED) {
        sums->pursued++;
        sums->progress += progress;
    }
}

/* Goals and links come by the goal's id, so both are walked through once. */
static struct sums sum_up(struct arena *arena, const struct gathered *g, struct timestamp now)
{
    const struct figure_goal *goals = g->goals.items;
    const struct figure_link *links = g->links.items;
    struct goal_kpi *shown = arena_array(arena, LINKS_MAX, sizeof *shown);
    struct sums sums = {.linked = arena_array(arena, g->links.count, sizeof(struct uuid)),
                        .measures = arena_array(arena, g->links.count, sizeof(struct uuid))};
    size_t at = 0;

    for (size_t i = 0; i < g->goals.count; i++) {
        size_t count = 0;
        while (at < g->links.count && uuid_compare(links[at].goal_id, goals[i].id) < 0)
            at++;
        for (; at < g->links.count && uuid_equal(links[at].goal_id, goals[i].id); at++)
            count += count < LINKS_MAX && figures_link(&g->kpis, &links[at], &shown[count]);
        add_goal(&sums, &goals[i], add_links(&sums, &goals[i], shown, count), now);
    }
    return sums;
}

static int by_id(const void *left, const void *right)
{
    return uuid_compare(*(const struct uuid *)left, *(const struct uuid *)right);
}

/* How many of them are different. */
static int64_t count_once(struct uuid *ids, size_t count)
{
    int64_t different = 0;

    qsort(ids, count, sizeof *ids, by_id);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || !uuid_equal(ids[i], ids[i - 1]);
    return different;
}

static void fill_stats(const struct sums *sums, const struct gathered *g, struct goal_stats *stats)
{
    const int64_t *status = sums->by_status, *horizon = sums->by_horizon;

    *stats = (struct goal_stats){
        .total_goals = (int64_t)g->goals.count,
        .active_goals = status[GOAL_ACTIVE],
        .completed_goals = status[GOAL_COMPLETED],
        .by_status = {status[GOAL_DRAFT], status[GOAL_ACTIVE], status[GOAL_PAUSED],
                      status[GOAL_COMPLETED], status[GOAL_CANCELLED], status[GOAL_ARCHIVED]},
        .by_horizon = {horizon[HORIZON_YEAR], horizon[HORIZON_QUARTER], horizon[HORIZON_MONTH]},
        .average_progress =
            sums->pursued > 0 ? percent_rounded(sums->progress / (double)sums->pursued) : 0,
        .on_track = sums->by_track[TRACK_ON],
        .at_risk = sums->by_track[TRACK_AT_RISK],
        .off_track = sums->by_track[TRACK_OFF],
        .measures = count_once(sums->measures, sums->measures_count),
        .strategies = g->strategies.strategies,
        .actions = g->goal_actions,
    };
}

/* --- Score --- */

static struct score_component component(double weight, double first, double second)
{
    return (struct score_component){percent_rounded((first + second) / 2),
                                    weight,
                                    {percent_rounded(first), percent_rounded(second)}};
}

static void fill_components(const struct sums *sums, const struct gathered *g, struct figures *f)
{
    const struct figure_strategies *s = &g->strategies;
    const struct figure_actions *a = &g->actions;
    int64_t completed = sums->by_status[GOAL_COMPLETED];
    int64_t judged = completed + sums->by_status[GOAL_ACTIVE] + sums->by_status[GOAL_PAUSED];

    f->goals_empty = judged == 0;
    f->strategies_empty = s->strategies == 0;
    f->kpis_empty = sums->links.aimed == 0;
    f->actions_empty = a->actions == 0;
    f->score.components = (struct score_components){
        .goals = component(0.4, percent_of(completed, judged), percent_of(sums->in_time, judged)),
        .strategies = component(0.2, percent_of(s->validated + s->adopted, s->strategies),
                                percent_of(s->adopted, s->strategies)),
        .kpis = component(0.3, percent_of(sums->links.reached, sums->links.aimed),
                          percent_of(sums->links.on_track, sums->links.aimed)),
        .actions = component(0.1, percent_of(a->completed, a->actions),
                             percent_of(a->in_time, a->completed + a->overdue)),
    };
}

static enum trend trend_of(double now, double before, bool has_before)
{
    if (!has_before || percent_rounded(fabs(now - before)) <= TREND_POINTS)
        return TREND_STABLE;
    return now > before ? TREND_IMPROVING : TREND_DECLINING;
}

static void fill_score(const struct gathered *g, struct timestamp now, struct figures *f)
{
    const struct score_components *c = &f->score.components;
    const struct {
        const struct score_component *component;
        bool empty;
    } parts[] = {
        {&c->goals, f->goals_empty},
        {&c->strategies, f->strategies_empty},
        {&c->kpis, f->kpis_empty},
        {&c->actions, f->actions_empty},
    };
    double sum = 0, weight = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].empty)
            continue;
        sum += parts[i].component->weight * parts[i].component->score;
        weight += parts[i].component->weight;
    }
    f->score.overall_score = weight > 0 ? percent_rounded(sum / weight) : 0;
    f->score.trend = trend_of(f->score.overall_score, g->before.score, g->has_before);
    f->score.last_calculated = now;
}

/* --- Alignment --- */

struct sharing {
    int64_t linked, linked_often, shared; /* KPIs */
};

/* KPIs and their links to open goals, both by the KPI's id. */
static struct sharing share(const struct sums *sums, const struct list *kpis)
{
    const struct figure_kpi *items = kpis->items;
    struct sharing sharing = {0, 0, 0};
    size_t at = 0;

    qsort(sums->linked, sums->linked_count, sizeof *sums->linked, by_id);
    for (size_t i = 0; i < kpis->count; i++) {
        size_t from = at;
        while (at < sums->linked_count && uuid_equal(sums->linked[at], items[i].id))
            at++;
        sharing.linked += at > from;
        sharing.linked_often += at > from + 1;
        sharing.shared += at > from + 1 || items[i].is_shared;
    }
    return sharing;
}

static void fill_alignment(const struct gathered *g, struct sharing sharing, struct timestamp now,
                           struct team_alignment *alignment)
{
    const struct figure_people *p = &g->people;
    double people = percent_of(p->on_several, p->people);
    double strategies = percent_of(g->strategies.aligned_goals, p->open_goals);
    double kpis = percent_of(sharing.linked_often, sharing.linked);

    *alignment = (struct team_alignment){
        .alignment_score = percent_rounded((people + strategies + kpis) / 3),
        .team_size = p->team_size,
        .goals_with_multiple_owners = p->goals_of_several,
        .shared_kpis = sharing.shared,
        .metrics = {percent_rounded(people), percent_rounded(strategies), percent_rounded(kpis)},
        .last_calculated = now,
    };
    alignment->trend = trend_of(alignment->alignment_score, g->before.alignment, g->has_before);
}

void figures_work_out_stats(struct arena *arena, const struct gathered *g, struct timestamp now,
                            struct goal_stats *stats)
{
    struct sums sums = sum_up(arena, g, now);

    fill_stats(&sums, g, stats);
}

void figures_work_out(struct arena *arena, const struct gathered *g, struct timestamp now,
                      struct figures *f)
{
    struct sums sums = sum_up(arena, g, now);

    fill_stats(&sums, g, &f->stats);
    fill_components(&sums, g, f);
    fill_score(g, now, f);
    fill_alignment(g, share(&sums, &g->kpis), now, &f->alignment);
}
