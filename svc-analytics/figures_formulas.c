/* The formulas of statistics, score and alignment. Nothing here reads or writes anything.
 *
 * Days are UTC: what is due on a day is late from the next day on. What has no due date is never
 * late. A rate of nothing is 0. */
#include "figures.h"

#include <math.h>

#include "goals.h"
#include "kpi_progress.h"

enum { TREND_POINTS = 1 };

/* To two decimals: more would only be noise, and the report repeats what is answered. */
static double rounded(double value)
{
    return round(value * 100) / 100;
}

static double percent(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static bool by_day(struct timestamp moment, struct timestamp due)
{
    return timestamp_is_none(due) || timestamp_is_none(moment) ||
           timestamp_start_of_day(moment).us <= timestamp_start_of_day(due).us;
}

bool figures_goal_done(struct str status, struct timestamp completed_at)
{
    enum goal_status known = words_value(&goal_status_words, status);

    return known == GOAL_COMPLETED || (known == GOAL_ARCHIVED && !timestamp_is_none(completed_at));
}

/* --- Goals --- */

struct goal_sums {
    int64_t by_status[GOAL_ARCHIVED + 1], by_horizon[HORIZON_MONTH + 1]; /* [0]: unknown words */
    int64_t in_time; /* of completed, active and paused ones */
    int64_t pursued; /* neither draft nor cancelled */
    double progress; /* of those */
};

static double goal_progress(const struct figure_goal *goal, const struct goal_kpi *links,
                            size_t count)
{
    if (figures_goal_done(goal->status, goal->completed_at))
        return 100;
    double progress = goal_kpis_progress(links, count);
    return isnan(progress) ? 0 : progress;
}

static void add_goal(struct goal_sums *sums, const struct figure_goal *goal, double progress,
                     struct timestamp now)
{
    enum goal_status status = words_value(&goal_status_words, goal->status);
    bool open = status == GOAL_ACTIVE || status == GOAL_PAUSED;

    sums->by_status[status]++;
    sums->by_horizon[words_value(&horizon_words, goal->horizon)]++;
    sums->in_time += (status == GOAL_COMPLETED && by_day(goal->completed_at, goal->due_date)) ||
                     (open && by_day(now, goal->due_date));
    if (status != GOAL_DRAFT && status != GOAL_CANCELLED) {
        sums->pursued++;
        sums->progress += progress;
    }
}

/* Goals and links come by the goal's id, so both are walked through once. */
static struct goal_sums sum_goals(const struct gathered *g, struct timestamp now)
{
    const struct figure_goal *goals = g->goals.items;
    const struct goal_kpi *links = g->links.items;
    struct goal_sums sums = {.pursued = 0};
    size_t from = 0, to = 0;

    for (size_t i = 0; i < g->goals.count; i++, from = to) {
        while (from < g->links.count && uuid_compare(links[from].goal_id, goals[i].id) < 0)
            from++;
        for (to = from; to < g->links.count && uuid_equal(links[to].goal_id, goals[i].id);)
            to++;
        add_goal(&sums, &goals[i], goal_progress(&goals[i], links + from, to - from), now);
    }
    return sums;
}

static void fill_stats(const struct goal_sums *sums, const struct gathered *g,
                       struct goal_stats *stats)
{
    const int64_t *status = sums->by_status, *horizon = sums->by_horizon;

    *stats = (struct goal_stats){
        .total_goals = (int64_t)g->goals.count,
        .active_goals = status[GOAL_ACTIVE],
        .completed_goals = status[GOAL_COMPLETED],
        .by_status = {status[GOAL_DRAFT], status[GOAL_ACTIVE], status[GOAL_PAUSED],
                      status[GOAL_COMPLETED], status[GOAL_CANCELLED], status[GOAL_ARCHIVED]},
        .by_horizon = {horizon[HORIZON_YEAR], horizon[HORIZON_QUARTER], horizon[HORIZON_MONTH]},
        .average_progress = sums->pursued > 0 ? rounded(sums->progress / (double)sums->pursued) : 0,
    };
}

/* --- Score --- */

struct link_sums {
    int64_t aimed, reached, on_track; /* with a target */
};

static struct link_sums sum_links(const struct gathered *g)
{
    const struct goal_kpi *links = g->links.items;
    struct link_sums sums = {0, 0, 0};

    for (size_t i = 0; i < g->links.count; i++) {
        if (isnan(links[i].target_value))
            continue;
        sums.aimed++;
        sums.reached += links[i].progress >= 100;
        sums.on_track += links[i].on_track;
    }
    return sums;
}

static struct score_component component(double weight, double first, double second)
{
    return (struct score_component){
        rounded((first + second) / 2), weight, {rounded(first), rounded(second)}};
}

static void fill_components(const struct goal_sums *goals, const struct gathered *g,
                            struct figures *f)
{
    const struct figure_strategies *s = &g->strategies;
    const struct figure_actions *a = &g->actions;
    struct link_sums links = sum_links(g);
    int64_t completed = goals->by_status[GOAL_COMPLETED];
    int64_t judged = completed + goals->by_status[GOAL_ACTIVE] + goals->by_status[GOAL_PAUSED];

    f->goals_empty = judged == 0;
    f->strategies_empty = s->strategies == 0;
    f->kpis_empty = links.aimed == 0;
    f->actions_empty = a->actions == 0;
    f->score.components = (struct score_components){
        .goals = component(0.4, percent(completed, judged), percent(goals->in_time, judged)),
        .strategies = component(0.2, percent(s->validated + s->adopted, s->strategies),
                                percent(s->adopted, s->strategies)),
        .kpis = component(0.3, percent(links.reached, links.aimed),
                          percent(links.on_track, links.aimed)),
        .actions = component(0.1, percent(a->completed, a->actions),
                             percent(a->in_time, a->completed + a->overdue)),
    };
}

static enum trend trend_of(double now, double before, bool has_before)
{
    if (!has_before || fabs(now - before) <= TREND_POINTS)
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
    f->score.overall_score = weight > 0 ? rounded(sum / weight) : 0;
    f->score.trend = trend_of(f->score.overall_score, g->before.score, g->has_before);
    f->score.last_calculated = now;
}

/* --- Alignment --- */

static void fill_alignment(const struct gathered *g, struct timestamp now,
                           struct team_alignment *alignment)
{
    const struct figure_people *p = &g->people;
    double people = percent(p->on_several, p->people);
    double strategies = percent(g->strategies.aligned_goals, p->open_goals);
    double kpis = percent(g->sharing.linked_often, g->sharing.linked);

    *alignment = (struct team_alignment){
        .alignment_score = rounded((people + strategies + kpis) / 3),
        .team_size = p->team_size,
        .goals_with_multiple_owners = p->goals_of_several,
        .shared_kpis = g->sharing.shared,
        .metrics = {rounded(people), rounded(strategies), rounded(kpis)},
        .last_calculated = now,
    };
    alignment->trend = trend_of(alignment->alignment_score, g->before.alignment, g->has_before);
}

void figures_work_out(const struct gathered *g, struct timestamp now, struct figures *f)
{
    struct goal_kpi *links = g->links.items;

    for (size_t i = 0; i < g->links.count; i++)
        goal_kpi_complete(&links[i]);
    struct goal_sums goals = sum_goals(g, now);
    fill_stats(&goals, g, &f->stats);
    fill_components(&goals, g, f);
    fill_score(g, now, f);
    fill_alignment(g, now, &f->alignment);
}
