/* Writes the data of a company report to standard output, as svc-analytics would:
 *
 *   report_fixture board [LANG [PAPER [LOGO]]]  a believable tenant
 *   report_fixture old       the same as release 1.0.0 would tell it
 *   report_fixture one       a tenant with one goal
 *   report_fixture many      KPIs of 1, 12, 60 and 500 readings, huge, tiny and negative ones
 *   report_fixture empty     a tenant that has not begun
 *   report_fixture scripts   titles in Latin, Greek, Cyrillic, CJK, Arabic, Hebrew, Devanagari,
 * Thai report_fixture hostile   control characters, endless words, turned directions, extreme
 * numbers report_fixture huge      2,000 goals, 500 KPIs with 20,000 readings, 10,000 actions
 *
 * Always the same bytes for the same word. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_fixture.h"

/* A small linear congruence: the same everywhere. */
uint32_t fixture_some(struct world *w, uint32_t below)
{
    w->seed = w->seed * 1664525u + 1013904223u;
    return (w->seed >> 8) % below;
}

struct timestamp fixture_day(const char *text)
{
    struct timestamp t = TIMESTAMP_NONE;

    if (!timestamp_parse(str_of(text), &t))
        abort();
    return t;
}

void *fixture_list(struct world *w, struct list *list, const struct model *model, size_t count)
{
    char *items = arena_array(w->arena, count, model->size);

    for (size_t i = 0; i < count; i++)
        model_clear((struct bound){model, items + i * model->size});
    *list = (struct list){items, count};
    return items;
}

void fixture_counts(struct world *w, struct list *list, size_t n, const char *const *labels,
                    const int64_t *values)
{
    struct report_count *items = fixture_list(w, list, &report_count_model, n);

    for (size_t i = 0; i < n; i++)
        items[i] = (struct report_count){str_of(labels[i]), values[i]};
}

static void component(struct world *w, struct report_component *c, double weight, double first,
                      double second, const char *one, const char *two)
{
    struct report_metric *metrics = fixture_list(w, &c->metrics, &report_metric_model, 2);

    metrics[0] = (struct report_metric){str_of(one), first};
    metrics[1] = (struct report_metric){str_of(two), second};
    c->weight = weight;
    c->score = (first + second) / 2;
}

static void fill_figures(struct world *w, const int64_t *statuses, const int64_t *horizons,
                         const int64_t *actions, const int64_t *issues)
{
    static const char *const status[] = {"draft",     "active",    "paused",
                                         "completed", "cancelled", "archived"};
    static const char *const horizon[] = {"year", "quarter", "month"};
    static const char *const action[] = {"not_started", "in_progress", "completed", "on_hold",
                                         "cancelled"};
    static const char *const category[] = {"open", "active", "inactive", "closed"};
    struct report *r = w->report;

    fixture_counts(w, &r->stats.goals_by_status, 6, status, statuses);
    fixture_counts(w, &r->stats.goals_by_horizon, 3, horizon, horizons);
    fixture_counts(w, &r->actions_by_status, 5, action, actions);
    fixture_counts(w, &r->issues_by_category, 4, category, issues);
    for (int i = 0; i < 6; i++)
        r->stats.total_goals += statuses[i];
    r->stats.active_goals = statuses[1];
    r->stats.completed_goals = statuses[3];
}

/* A tenant in which everything is absent or zero. */
void fixture_empty(struct world *w, const char *name)
{
    struct report *r = w->report;
    struct report_score *s = &r->score;
    struct report_component *all[] = {&s->goals, &s->strategies, &s->kpis, &s->actions};

    model_clear(AS(report, r));
    r->tenant_id = STR("acme");
    r->tenant_name = str_of(name);
    r->from = fixture_day("2025-01-01");
    r->to = fixture_day("2025-03-31");
    r->generated_at = fixture_day("2025-04-01T06:30:00Z");
    r->stats.total_goals = r->stats.active_goals = r->stats.completed_goals = 0;
    r->stats.average_progress = 0;
    r->alignment = (struct report_alignment){.trend = TREND_STABLE};
    s->overall = 0;
    s->trend = TREND_STABLE;
    r->as_of = r->generated_at;
    for (int i = 0; i < 4; i++)
        *all[i] = (struct report_component){.empty = true, .weight = i == 0 ? 0.4 : 0.2};
}

static void fill_score(struct world *w)
{
    struct report_score *s = &w->report->score;

    component(w, &s->goals, 0.4, 80, 70, "completionRate", "onTimeRate");
    component(w, &s->strategies, 0.2, 85, 79, "validatedRate", "adoptionRate");
    component(w, &s->kpis, 0.3, 72, 80, "targetAchievementRate", "onTrackRate");
    component(w, &s->actions, 0.1, 85, 77, "completionRate", "onTimeRate");
    s->goals.empty = s->strategies.empty = s->kpis.empty = s->actions.empty = false;
    s->overall = 77.3;
    s->trend = TREND_IMPROVING;
    w->report->alignment = (struct report_alignment){85, TREND_STABLE, 12, 8, 15, 72, 88, 65.5};
    w->report->stats.average_progress = 67.5;
}

/* From the first reading to half a year behind the last, without noise. */
static void fixture_plan(struct world *w, struct report_kpi *kpi, size_t count, double from,
                         double to)
{
    size_t months = count + 6 < REPORT_READINGS_MAX ? count + 6 : REPORT_READINGS_MAX;
    struct report_expected *items = fixture_list(w, &kpi->plan, &report_expected_model, months);

    for (size_t i = 0; i < months; i++) {
        double value = from + (to - from) * (double)i / (double)months, aside = fabs(to - from) / 8;
        items[i].period = (struct month){2025 * 12 + 2 - (int32_t)count + 1 + (int32_t)i};
        items[i].expected = value;
        items[i].optimal = i < months / 2 ? (double)NAN : value + aside;
        items[i].minimal = value - aside;
    }
}

void fixture_readings(struct world *w, struct report_kpi *kpi, size_t count, double from, double to)
{
    struct report_reading *items = fixture_list(w, &kpi->readings, &report_reading_model, count);

    for (size_t i = 0; i < count; i++) {
        double way = count > 1 ? (double)i / (double)(count - 1) : 1;
        double noise = ((double)fixture_some(w, 100) - 50) / 600;

        items[i].period = (struct month){2025 * 12 + 2 - (int32_t)(count - 1 - i)};
        items[i].value = round((from + (to - from) * (way + noise)) * 100) / 100;
        items[i].is_estimate = i + 1 == count && count > 3;
    }
    kpi->readings_total = (int64_t)count;
    if (count > 3)
        fixture_plan(w, kpi, count, from, to);
}

const char *const fixture_people[8] = {"Ana Ruiz",    "Jonas Weber", "Mei Tanaka",
                                       "Olu Adeyemi", "Sofia Rossi", "Liam O\u2019Brien",
                                       "Zofia Nowak", "David Cohen"};
const char *const fixture_goals[8] = {
    "Grow recurring revenue to 12 million",
    "Open the Lisbon office",
    "Halve the time from order to delivery without adding warehouse staff or raising the cost per "
    "parcel in any of the four regions",
    "Become the supplier that customers recommend first",
    "Certify information security to ISO 27001",
    "Retain our best people",
    "Launch the self-service portal",
    "Cut energy use per unit by 15%",
};
static const char *const strategy_texts[] = {
    "Hire two senior engineers and pair them with the platform team for the first quarter",
    "Renegotiate the three largest contracts",
    "Publish a price list that a customer understands without calling us; test it with ten "
    "customers "
    "in each segment before it goes live, and keep the old one for existing contracts until "
    "renewal",
    "Weekly review with the regional leads",
};

/* Every other active goal has KPIs, of which one in four is off its plan. */
static void fill_goal_kpis(struct world *w, struct report_goal *g, size_t i)
{
    static const enum link_status tracks[] = {LINK_ON_TRACK, LINK_AT_RISK, LINK_ON_TRACK,
                                              LINK_BEHIND};
    struct report_goal_kpi *k;

    if (g->status == GOAL_COMPLETED)
        g->ended_at = fixture_day("2025-02-14");
    if (g->status != GOAL_ACTIVE)
        return;
    g->track = i % 2 ? LINK_NO_DATA : tracks[i / 2 % 4];
    g->late_actions = i % 5 == 2;
    if (i == 9)
        g->due_date = fixture_day("2025-03-15");
    if (i % 2)
        return;
    k = fixture_list(w, &g->kpis, &report_goal_kpi_model, 1 + i % 3);
    for (size_t n = 0; n < g->kpis.count; n++) {
        k[n].name = n ? STR("Net promoter score") : STR("Monthly recurring revenue");
        k[n].unit = n ? STR("points") : STR("EUR");
        k[n].status = n ? LINK_ON_TRACK : g->track;
        k[n].current = n ? 47 : 905000;
        k[n].expected = n ? 45.5 : g->track == LINK_ON_TRACK ? 900000 : 1050000.5;
        k[n].target = n ? 50 : 1200000;
        k[n].variance = (k[n].current - k[n].expected) / k[n].expected * 100;
        k[n].progress = 60;
    }
}

void fixture_goals_of(struct world *w, size_t count)
{
    struct report_goal *goals = fixture_list(w, &w->report->goals, &report_goal_model, count);

    for (size_t i = 0; i < count; i++) {
        struct report_goal *g = &goals[i];
        struct report_strategy *s =
            fixture_list(w, &g->strategies, &report_strategy_model, count > 100 ? 3 : i % 4);

        g->title = count > 100 ? arena_printf(w->arena, "%s, part %zu", fixture_goals[i % 8], i + 1)
                               : str_of(fixture_goals[i % 8]);
        g->owner_name = str_of(fixture_people[fixture_some(w, 8)]);
        g->status = (enum goal_status)(i % 8 == 3   ? GOAL_COMPLETED
                                       : i % 8 == 5 ? GOAL_PAUSED
                                       : i % 8 == 6 ? GOAL_DRAFT
                                                    : GOAL_ACTIVE);
        g->horizon = (enum horizon)(1 + i % 3);
        g->progress = g->status == GOAL_COMPLETED ? 100
                      : g->status == GOAL_DRAFT   ? 0
                                                  : fixture_some(w, 95);
        g->due_date = fixture_day(i % 2 ? "2025-06-30" : "2025-12-31");
        for (size_t n = 0; n < g->strategies.count; n++) {
            s[n].description = str_of(strategy_texts[(i + n) % 4]);
            s[n].status = (enum strategy_status)(1 + fixture_some(w, 3));
        }
        fill_goal_kpis(w, g, i);
    }
}

static void fill_kpis(struct world *w, size_t count, size_t each)
{
    static const struct {
        const char *name, *unit;
        double from, to, target;
        enum kpi_direction direction;
    } samples[] = {
        {"Monthly recurring revenue", "EUR", 610000, 905000, 1000000, KPI_UP},
        {"Delivery time", "days", 9.4, 5.6, 4.5, KPI_DOWN},
        {"Net promoter score", "points", 31, 47, 50, KPI_UP},
        {"Staff turnover over the last twelve months, all sites", "%", 17, 11.5, 9, KPI_DOWN},
        {"Open positions filled", "", 2, 14, NAN, KPI_UP},
        {"Energy per unit", "kWh", 3.1, 2.7, 2.6, KPI_DOWN},
    };
    struct report_kpi *kpis = fixture_list(w, &w->report->kpis, &report_kpi_model, count);

    for (size_t i = 0; i < count; i++) {
        size_t n = i % 6;
        struct report_kpi *k = &kpis[i];

        k->name = count > 20 ? arena_printf(w->arena, "%s %zu", samples[n].name, i + 1)
                             : str_of(samples[n].name);
        k->unit = str_of(samples[n].unit);
        k->direction = samples[n].direction;
        k->target = samples[n].target;
        k->baseline = n == 2 ? (double)NAN : samples[n].from;
        k->threshold = n == 5 ? NAN : 80;
        fixture_readings(w, k, count <= 20 && i == 5 ? 0 : each, samples[n].from, samples[n].to);
        k->goals.count = i % 3;
        k->goals.items = arena_array(w->arena, 3, sizeof *k->goals.items);
        for (size_t g = 0; g < k->goals.count; g++)
            k->goals.items[g] = str_of(fixture_goals[(i + g) % 8]);
        k->status = (enum link_status)(1 + i % 4);
        if (k->status != LINK_NO_DATA) {
            k->expected = samples[n].to * (k->status == LINK_ON_TRACK ? 0.99 : 1.1);
            k->variance = (samples[n].to - k->expected) / k->expected * 100;
        }
    }
}

static void fill_work(struct world *w, size_t overdue, size_t open, size_t entries)
{
    static const char *const priorities[] = {"critical", "high", "medium", "low"};
    static const char *const titles[] = {
        "Send the revised offer to the three pilot customers", "Book the auditors",
        "Replace the label printers in hall 2", "Write the onboarding guide for new regional leads",
        "Agree the lease with the owner of the building, including the parking spaces and the "
        "break "
        "clause after the third year"};
    static const char *const types[] = {"General", "Bug", "Customer complaint"};
    struct report *r = w->report;
    struct report_action *a = fixture_list(w, &r->overdue_actions, &report_action_model, overdue);
    struct report_issue *n = fixture_list(w, &r->open_issues, &report_issue_model, open);
    struct report_entry *e = fixture_list(w, &r->activity, &report_entry_model, entries);
    struct report_action *done = fixture_list(w, &r->completed_actions, &report_action_model, 4);
    struct report_issue *closed = fixture_list(w, &r->closed_issues, &report_issue_model, 2);

    for (size_t i = 0; i < overdue; i++) {
        a[i].title = str_of(titles[i % 5]);
        a[i].assignee = i % 7 == 6 ? STR_NONE : str_of(fixture_people[fixture_some(w, 8)]);
        a[i].due_date =
            timestamp_add_days(fixture_day("2025-01-10"), (int)(i * 79 / (overdue + 1)));
        a[i].priority = str_of(priorities[fixture_some(w, 4)]);
        a[i].goal = i % 3 ? str_of(fixture_goals[i % 8]) : STR_NONE;
        if (i < 4) {
            done[i] = a[i];
            done[i].completed_at = fixture_day("2025-02-03");
        }
    }
    for (size_t i = 0; i < open; i++) {
        n[i].title = str_of(titles[(i + 2) % 5]);
        n[i].type = str_of(types[fixture_some(w, 3)]);
        n[i].status = i % 3 ? STR("Open") : STR("In Progress");
        n[i].priority = str_of(priorities[i * 4 / (open + 1)]);
        n[i].reporter = str_of(fixture_people[fixture_some(w, 8)]);
        n[i].impact = str_of(priorities[i * 4 / (open + 1)]);
        n[i].reported_at = timestamp_add_days(fixture_day("2025-01-04"), (int)(i % 60));
        if (i < 2) {
            closed[i] = n[i];
            closed[i].closed_at = fixture_day("2025-03-20");
        }
    }
    for (size_t i = 0; i < entries; i++) {
        e[i].at = timestamp_add_days(fixture_day("2025-03-31"), -(int)(i * 89 / (entries + 1)));
        e[i].person = str_of(fixture_people[fixture_some(w, 8)]);
        e[i].text = i % 3 ? STR("Recorded a reading of 47 points for March")
                          : STR("Decided to keep the old price list for existing contracts until "
                                "they are renewed, because a change in the middle of a contract "
                                "would cost more trust than it brings");
        e[i].goal = str_of(fixture_goals[i % 8]);
    }
}

void fixture_board(struct world *w)
{
    fixture_empty(w, "Northwind Logistics");
    fill_score(w);
    fill_figures(w, (const int64_t[]){2, 9, 1, 3, 1, 0}, (const int64_t[]){6, 7, 3},
                 (const int64_t[]){14, 22, 61, 4, 6}, (const int64_t[]){5, 3, 1, 19});
    fixture_goals_of(w, 16);
    fill_kpis(w, 6, 15);
    fill_work(w, 11, 8, 24);
    fixture_period(w);
}

static void fill_huge(struct world *w)
{
    fixture_empty(w, "Large Holding");
    fill_score(w);
    fill_figures(w, (const int64_t[]){250, 1250, 250, 250, 0, 0}, (const int64_t[]){667, 667, 666},
                 (const int64_t[]){2000, 3000, 4500, 300, 200},
                 (const int64_t[]){400, 200, 50, 900});
    fixture_goals_of(w, 2000);
    fill_kpis(w, 500, 40);
    fill_work(w, 2000, 600, 2000);
    fixture_period(w);
    w->report->overdue_total = 10000;
    w->report->activity_total = 34567;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *word;
        void (*fill)(struct world *w);
    } worlds[] = {{"board", fixture_board},     {"old", fixture_old},
                  {"one", fixture_one},         {"many", fixture_many},
                  {"scripts", fixture_scripts}, {"hostile", fixture_hostile},
                  {"huge", fill_huge}};
    struct report report;
    struct world w = {arena_new(), &report, 7};
    struct buffer out = buffer_in(w.arena, 1 << 20);

    fixture_empty(&w, "Fresh Start");
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        if (argc > 1 && strcmp(argv[1], worlds[i].word) == 0)
            worlds[i].fill(&w);
    if (argc > 2)
        report.lang = (enum report_lang)enum_value(&report_lang_names, str_of(argv[2]));
    if (argc > 3)
        report.paper = (enum report_paper)enum_value(&report_paper_names, str_of(argv[3]));
    if (argc > 4)
        report.logo = str_of(argv[4]);
    model_pack(AS(report, &report), &out);
    fwrite(out.data, 1, out.size, stdout);
    arena_destroy(&w.arena);
    return fflush(stdout) != 0;
}
