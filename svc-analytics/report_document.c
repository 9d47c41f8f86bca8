/* Gathers what a report says, as report.h describes it. The numbers are the figures that the
 * endpoints answer. Lists are read in parts, each into memory that the next one uses again, and
 * packed at once: between two parts other requests have their turn, and a large tenant's document
 * takes little more memory than itself. */
#include "report.h"

#include <math.h>

#include "fiber.h"
#include "goals.h"
#include "kpi_progress.h"
#include "lookup.h"
#include "queries.h"
#include "report_parts.h"
#include "report_rows.h"
#include "service.h"

enum { GOALS_PART = 250, KPIS_PART = 50, ROWS_PART = 500, PART_US = 10000000 };

struct gathering {
    struct op *op;
    struct arena *arena; /* of the part at hand */
    struct session *session;
    struct session_context context;
    struct buffer *out;
    size_t keys; /* of the document's map */
};

/* --- Parts --- */

static struct session *part_begin(struct gathering *g)
{
    arena_reset(g->arena);
    g->session = session_begin(service_database(g->op->process), g->arena, false, &g->context,
                               monotonic_us() + PART_US);
    return g->session;
}

static bool part_wait(struct gathering *g)
{
    enum db_fault_kind kind = session_wait(g->session);

    if (kind == DB_OK)
        return true;
    return op_fail(g->op, kind == DB_BUG ? STATUS_INTERNAL_ERROR : STATUS_SERVICE_UNAVAILABLE);
}

static void part_end(struct gathering *g)
{
    session_end(&g->session);
}

static void key(struct gathering *g, const char *name)
{
    pack_key(g->out, name);
    g->keys++;
}

static void pack_total(struct gathering *g, const char *name, int64_t total)
{
    key(g, name);
    pack_int(g->out, total);
}

/* --- Goals --- */

/* Rows come in the order of the goals: takes those of `goal` from `*at` on. */
static struct list strategies_of(struct gathering *g, const struct list *rows, struct uuid goal,
                                 size_t *at)
{
    const struct strategy_row *row = rows->items;
    size_t from = *at, to = from;

    while (to < rows->count && uuid_equal(row[to].goal_id, goal))
        to++;
    struct report_strategy *strategies = arena_array(g->arena, to - from, sizeof *strategies);
    for (size_t i = from; i < to; i++)
        strategies[i - from] = (struct report_strategy){
            row[i].description, words_value(&strategy_status_words, row[i].status)};
    *at = to;
    return (struct list){strategies, to - from};
}

static double progress_of(const struct goal_row *goal, const struct list *rows, size_t *at)
{
    struct goal_kpi *links = rows->items;
    size_t from = *at;

    for (; *at < rows->count && uuid_equal(links[*at].goal_id, goal->id); ++*at)
        goal_kpi_complete(&links[*at]);
    if (figures_goal_done(goal->status, goal->completed_at))
        return 100;
    double progress = goal_kpis_progress(links + from, *at - from);
    return isnan(progress) ? 0 : progress;
}

static void pack_goals(struct gathering *g, const struct list *goals, const struct list *strategies,
                       const struct list *links)
{
    const struct goal_row *rows = goals->items;
    size_t strategy_at = 0, link_at = 0;

    for (size_t i = 0; i < goals->count; i++) {
        struct report_goal goal = {
            .title = rows[i].title,
            .owner_name = rows[i].owner_name,
            .status = words_value(&goal_status_words, rows[i].status),
            .horizon = words_value(&horizon_words, rows[i].horizon),
            .progress = progress_of(&rows[i], links, &link_at),
            .due_date = rows[i].due_date,
            .strategies = strategies_of(g, strategies, rows[i].id, &strategy_at),
        };
        model_pack(AS(report_goal, &goal), g->out);
    }
}

/* False when there are no more, or the op has failed. */
static bool goals_part(struct gathering *g, struct pack_open *open)
{
    struct report_page page = {.most = GOALS_PART, .skip = (int64_t)open->count};
    struct list goals, strategies, links;
    struct session *session = part_begin(g);

    session_ask_rows(session, REPORT_GOALS, AS(report_page, &page), &goal_row_model, &goals);
    bool good = part_wait(g);
    if (good && goals.count > 0) {
        page.ids = rows_ids(g->arena, goals.items, goals.count, sizeof(struct goal_row));
        session_ask_rows(session, REPORT_STRATEGIES, AS(report_page, &page), &strategy_row_model,
                         &strategies);
        session_ask_rows(session, REPORT_LINKS, AS(report_page, &page), &goal_kpi_model, &links);
        good = part_wait(g);
        if (good)
            pack_goals(g, &goals, &strategies, &links);
    }
    part_end(g);
    open->count += good ? (uint32_t)goals.count : 0;
    return good && goals.count == GOALS_PART && open->count < REPORT_GOALS_MOST;
}

static void tell_goals(struct gathering *g, const struct figures *figures)
{
    key(g, "goals");
    struct pack_open open = pack_array_open(g->out);
    while (goals_part(g, &open))
        continue;
    pack_array_close(g->out, open);
    pack_total(g, "goalsTotal", figures->stats.total_goals);
}

/* --- KPIs --- */

static void pack_kpis(struct gathering *g, const struct list *kpis, const struct list *readings)
{
    const struct kpi_row *rows = kpis->items;
    const struct reading_row *all = readings->items;
    size_t at = 0;

    for (size_t i = 0; i < kpis->count; i++) {
        size_t from = at;
        while (at < readings->count && uuid_equal(all[at].kpi_id, rows[i].id))
            at++;
        struct report_reading *own = arena_array(g->arena, at - from, sizeof *own);
        for (size_t j = from; j < at; j++)
            own[j - from] = (struct report_reading){all[j].period, all[j].value};
        struct report_kpi kpi = {
            .name = rows[i].name,
            .unit = rows[i].unit,
            .direction = words_value(&kpi_direction_words, rows[i].direction),
            .target = rows[i].target,
            .baseline = rows[i].baseline,
            .threshold = rows[i].threshold,
            .readings = {own, at - from},
            .readings_total = rows[i].readings_total,
            .goals = rows[i].goals,
        };
        model_pack(AS(report_kpi, &kpi), g->out);
    }
}

static bool kpis_part(struct gathering *g, struct pack_open *open)
{
    struct report_page page = {.most = KPIS_PART, .skip = (int64_t)open->count};
    struct list kpis, readings;
    struct session *session = part_begin(g);

    session_ask_rows(session, REPORT_KPIS, AS(report_page, &page), &kpi_row_model, &kpis);
    bool good = part_wait(g);
    if (good && kpis.count > 0) {
        page.ids = rows_ids(g->arena, kpis.items, kpis.count, sizeof(struct kpi_row));
        page.most = REPORT_READINGS_MOST;
        session_ask_rows(session, REPORT_READINGS, AS(report_page, &page), &reading_row_model,
                         &readings);
        good = part_wait(g);
        if (good)
            pack_kpis(g, &kpis, &readings);
    }
    part_end(g);
    open->count += good ? (uint32_t)kpis.count : 0;
    return good && kpis.count == KPIS_PART && open->count < REPORT_KPIS_MOST;
}

static void tell_kpis(struct gathering *g)
{
    key(g, "kpis");
    struct pack_open open = pack_array_open(g->out);
    while (kpis_part(g, &open))
        continue;
    pack_array_close(g->out, open);
}

/* --- Lists that are packed as they come --- */

static void pack_rows(struct gathering *g, const char *name, const struct model *model,
                      const struct list *rows)
{
    char *row = rows->items;

    key(g, name);
    pack_array(g->out, rows->count);
    for (size_t i = 0; i < rows->count; i++, row += model->size)
        model_pack((struct bound){model, row}, g->out);
}

static void tell_work(struct gathering *g)
{
    struct report_page page = {.most = REPORT_OVERDUE_MOST};
    struct row_count kpis = {0}, overdue_total = {0};
    struct list by_status, overdue;
    struct session *session = part_begin(g);
    bool found;

    session_ask_row(session, REPORT_KPIS_COUNT, NOTHING, AS(row_count, &kpis), &found);
    session_ask_rows(session, REPORT_ACTIONS_BY_STATUS, NOTHING, &report_count_model, &by_status);
    session_ask_rows(session, REPORT_OVERDUE, AS(report_page, &page), &report_action_model,
                     &overdue);
    session_ask_row(session, REPORT_OVERDUE_COUNT, NOTHING, AS(row_count, &overdue_total), &found);
    if (part_wait(g)) {
        pack_total(g, "kpisTotal", kpis.count);
        pack_rows(g, "actionsByStatus", &report_count_model, &by_status);
        pack_rows(g, "overdueActions", &report_action_model, &overdue);
        pack_total(g, "overdueTotal", overdue_total.count);
    }
    part_end(g);
}

static void tell_issues(struct gathering *g)
{
    struct report_page page = {.most = REPORT_ISSUES_MOST};
    struct row_count total = {0};
    struct list by_category, issues;
    struct session *session = part_begin(g);
    bool found;

    session_ask_rows(session, REPORT_ISSUES_BY_CATEGORY, NOTHING, &report_count_model,
                     &by_category);
    session_ask_rows(session, REPORT_ISSUES, AS(report_page, &page), &report_issue_model, &issues);
    session_ask_row(session, REPORT_ISSUES_COUNT, NOTHING, AS(row_count, &total), &found);
    if (part_wait(g)) {
        pack_rows(g, "issuesByCategory", &report_count_model, &by_category);
        pack_rows(g, "openIssues", &report_issue_model, &issues);
        pack_total(g, "openIssuesTotal", total.count);
    }
    part_end(g);
}

/* --- The period's activity --- */

static bool activity_part(struct gathering *g, struct report_page *page, struct pack_open *open,
                          int64_t *total)
{
    struct row_count count = {0};
    struct list entries;
    struct session *session = part_begin(g);
    bool found;

    page->most = ROWS_PART;
    page->skip = (int64_t)open->count;
    session_ask_rows(session, REPORT_ACTIVITY, AS(report_page, page), &report_entry_model,
                     &entries);
    session_ask_row(session, REPORT_ACTIVITY_COUNT, AS(report_page, page), AS(row_count, &count),
                    &found);
    bool good = part_wait(g);
    struct report_entry *items = good ? entries.items : NULL;
    for (size_t i = 0; good && i < entries.count; i++)
        model_pack(AS(report_entry, &items[i]), g->out);
    part_end(g);
    *total = count.count;
    open->count += good ? (uint32_t)entries.count : 0;
    return good && entries.count == ROWS_PART && open->count < REPORT_ACTIVITY_MOST;
}

static void tell_activity(struct gathering *g, const struct report_query *period)
{
    struct report_page page = {.from = period->from, .until = timestamp_add_days(period->to, 1)};
    int64_t total = 0;

    key(g, "activity");
    struct pack_open open = pack_array_open(g->out);
    while (activity_part(g, &page, &open, &total))
        continue;
    pack_array_close(g->out, open);
    pack_total(g, "activityTotal", total);
}

/* --- The document --- */

static void tell_head(struct gathering *g, const struct report_query *period)
{
    key(g, "tenantId");
    pack_text(g->out, g->op->request->tenant);
    key(g, "from");
    pack_time(g->out, period->from);
    key(g, "to");
    pack_time(g->out, period->to);
    key(g, "generatedAt");
    pack_time(g->out, g->op->now);
}

struct str report_document(struct op *op, const struct report_query *period,
                           const struct figures *figures)
{
    struct buffer out = buffer_in(op->arena, 256 * 1024);
    struct gathering g = {.op = op,
                          .arena = arena_new(),
                          .context = {op->request->tenant, op->request->user, op->now},
                          .out = &out};
    struct pack_open document = pack_map_open(&out);

    tell_head(&g, period);
    g.keys += report_pack_figures(op->arena, figures, &out);
    tell_goals(&g, figures);
    if (!op_failed(op))
        tell_kpis(&g);
    if (!op_failed(op))
        tell_work(&g);
    if (!op_failed(op))
        tell_issues(&g);
    if (!op_failed(op))
        tell_activity(&g, period);
    document.count = (uint32_t)g.keys;
    pack_map_close(&out, document);
    arena_destroy(&g.arena);
    if (!op_failed(op) && out.size > REPORT_INPUT_MOST)
        op_fail(op, STATUS_INTERNAL_ERROR);
    return op_failed(op) ? STR_NONE : buffer_str(&out);
}
