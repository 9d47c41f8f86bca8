/* Report data of the period that a report is about, and worlds at the edges: another release's, one
 * goal, charts that are hard to label. */
#include <math.h>

#include "report_fixture.h"

/* What the summary and the further chapters need. */
void fixture_period(struct world *w)
{
    static const struct {
        const char *name, *unit;
        enum kpi_direction direction;
        double before, after;
    } moves[] = {
        {"Net promoter score", "points", KPI_UP, 31, 47},
        {"Monthly recurring revenue", "EUR", KPI_UP, 812000, 905000},
        {"Staff turnover over the last twelve months, all sites", "%", KPI_DOWN, 11.5, 13.2},
        {"Delivery time", "days", KPI_DOWN, 5.1, 5.6},
        {"Energy per unit", "kWh", KPI_DOWN, 3.1, 2.7},
        {"Loss", "EUR", KPI_UP, -0.5, -1234567.8},
        {"Complaints", "", KPI_DOWN, 0, 3},
    };
    struct report *r = w->report;
    struct report_move *m = fixture_list(w, &r->moves, &report_move_model, 7);
    struct report_off_plan *o = fixture_list(w, &r->off_plan, &report_off_plan_model, 3);
    struct report_entry *d = fixture_list(w, &r->decisions, &report_entry_model, 5);
    struct report_person *p = fixture_list(w, &r->people, &report_person_model, 8);
    struct report_point *s = fixture_list(w, &r->points, &report_point_model, 90);

    for (size_t i = 0; i < 7; i++)
        m[i] = (struct report_move){
            str_of(moves[i].name), str_of(moves[i].unit), moves[i].direction, moves[i].before,
            moves[i].after,        {2024 * 12 + 11},      {2025 * 12 + 2}};
    for (size_t i = 0; i < 3; i++)
        o[i] = (struct report_off_plan){
            str_of(moves[i].name),     str_of(moves[i].unit), str_of(fixture_goals[i]),
            str_of(fixture_people[i]), moves[i].after,        moves[i].after * (i == 2 ? 0.7 : 1.2),
            i == 2 ? 42.86 : -16.67};
    for (size_t i = 0; i < 5; i++)
        d[i] = (struct report_entry){
            .at = timestamp_add_days(fixture_day("2025-03-28T09:00:00Z"), -(int)i * 9),
            .person = str_of(fixture_people[i]),
            .text = STR("Recorded a decision on the goal"),
            .goal = str_of(fixture_goals[i]),
            .title =
                i == 3 ? STR_NONE : STR("Keep the old price list until contracts are renewed")};
    for (size_t i = 0; i < 8; i++)
        p[i] = (struct report_person){str_of(fixture_people[i]),
                                      3 - (int64_t)i % 3,
                                      (int64_t)i % 2,
                                      9 - (int64_t)i,
                                      (int64_t)i % 4,
                                      4};
    for (size_t i = 0; i < 90; i++)
        s[i] = (struct report_point){timestamp_add_days(r->from, (int)i),
                                     70 + (double)i / 12 + (double)fixture_some(w, 10) / 10, 80};
    r->score_before = 75.2;
    r->score_before_at = fixture_day("2024-12-31");
    r->score_after = r->score.overall;
    r->has_state = true;
    r->state = (struct report_state){9, 6, 1, 2, 14, 10, 1, 3, 36, 11, 8, 2};
    fixture_counts(w, &r->strategies_by_status, 3,
                   (const char *const[]){"draft", "validated", "adopted"},
                   (const int64_t[]){4, 11, 9});
}

/* What svc-analytics of release 1.0.0 knows is all there is. */
void fixture_old(struct world *w)
{
    struct report *r = w->report;
    struct report_goal *goals;
    struct report_kpi *kpis;

    fixture_board(w);
    goals = r->goals.items;
    kpis = r->kpis.items;
    for (size_t i = 0; i < r->goals.count; i++) {
        goals[i].track = 0;
        goals[i].late_actions = INT_NONE;
        goals[i].ended_at = TIMESTAMP_NONE;
        goals[i].kpis.count = 0;
    }
    for (size_t i = 0; i < r->kpis.count; i++) {
        kpis[i].status = 0;
        kpis[i].expected = kpis[i].variance = (double)NAN;
    }
    r->as_of = r->score_before_at = TIMESTAMP_NONE;
    r->score_after = r->score_before = (double)NAN;
    r->has_state = false;
    r->off_plan.count = r->moves.count = r->decisions.count = r->people.count = r->points.count = 0;
    r->completed_actions.count = r->closed_issues.count = r->strategies_by_status.count = 0;
}

void fixture_one(struct world *w)
{
    fixture_empty(w, "One Goal");
    fixture_goals_of(w, 1);
    w->report->stats.total_goals = w->report->stats.active_goals = 1;
}

/* Charts that are hard to label. */
void fixture_many(struct world *w)
{
    static const struct {
        size_t count;
        double from, to;
    } courses[] = {{1, 5, 5},       {2, 1, 2},           {12, 0.00001, 0.00009}, {12, -4e12, 9e12},
                   {60, -300, -12}, {60, 1e6, 1e6 + 3},  {500, 12, 480},         {500, -0.4, 0.3},
                   {13, 7, 7},      {500, -1e300, 1e300}};
    enum { COUNT = sizeof courses / sizeof *courses };
    struct report_kpi *kpis;

    fixture_empty(w, "Many Readings");
    kpis = fixture_list(w, &w->report->kpis, &report_kpi_model, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        kpis[i].name = arena_printf(w->arena, "%zu readings from %g to %g", courses[i].count,
                                    courses[i].from, courses[i].to);
        kpis[i].target = courses[i].to;
        kpis[i].baseline = courses[i].from;
        kpis[i].threshold = 95;
        fixture_readings(w, &kpis[i], courses[i].count, courses[i].from, courses[i].to);
    }
}
