/* The report's document, as report.h describes it. Its numbers are those that the endpoints
 * answer. */
#include "report.h"

#include "lookup.h"
#include "queries.h"
#include "report_gathering.h"
#include "report_parts.h"
#include "report_rows.h"
#include "service.h"

enum { ROWS_PART = 500 };

static void pack_total(struct gathering *g, const char *name, int64_t total)
{
    document_key(g, name);
    pack_int(g->out, total);
}

/* --- Lists that are packed as they come --- */

static void pack_rows(struct gathering *g, const char *name, const struct model *model,
                      const struct list *rows)
{
    char *row = rows->items;

    document_key(g, name);
    pack_array(g->out, rows->count);
    for (size_t i = 0; i < rows->count; i++, row += model->size)
        model_pack((struct bound){model, row}, g->out);
}

static void pack_work(struct gathering *g)
{
    struct report_page page = {.max = REPORT_OVERDUE_MAX};
    struct row_count kpis = {0}, overdue_total = {0};
    struct list by_status, overdue;
    struct session *session = part_begin(g);
    bool found;

    session_queue_row(session, REPORT_KPIS_COUNT, NOTHING, AS(row_count, &kpis), &found);
    session_queue_rows(session, REPORT_ACTIONS_BY_STATUS, NOTHING, &report_count_model, &by_status);
    session_queue_rows(session, REPORT_OVERDUE, AS(report_page, &page), &report_action_model,
                       &overdue);
    session_queue_row(session, REPORT_OVERDUE_COUNT, NOTHING, AS(row_count, &overdue_total),
                      &found);
    if (part_wait(g)) {
        pack_total(g, "kpisTotal", kpis.count);
        pack_rows(g, "actionsByStatus", &report_count_model, &by_status);
        pack_rows(g, "overdueActions", &report_action_model, &overdue);
        pack_total(g, "overdueTotal", overdue_total.count);
    }
    part_end(g);
}

static void pack_issues(struct gathering *g)
{
    struct report_page page = {.max = REPORT_ISSUES_MAX};
    struct row_count total = {0};
    struct list by_category, issues;
    struct session *session = part_begin(g);
    bool found;

    session_queue_rows(session, REPORT_ISSUES_BY_CATEGORY, NOTHING, &report_count_model,
                       &by_category);
    session_queue_rows(session, REPORT_ISSUES, AS(report_page, &page), &report_issue_model,
                       &issues);
    session_queue_row(session, REPORT_ISSUES_COUNT, NOTHING, AS(row_count, &total), &found);
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

static void pack_activity(struct gathering *g, const struct report_query *period)
{
    struct report_page page = {.from = period->from, .until = timestamp_add_days(period->to, 1)};
    int64_t total = 0;

    document_key(g, "activity");
    struct pack_open open = pack_array_open(g->out);
    while (activity_part(g, &page, &open, &total))
        continue;
    pack_array_close(g->out, open);
    pack_total(g, "activityTotal", total);
}

/* --- The document --- */

static void pack_head(struct gathering *g, const struct report_query *period)
{
    document_key(g, "tenantId");
    pack_text(g->out, g->op->request->tenant);
    document_key(g, "from");
    pack_time(g->out, period->from);
    document_key(g, "to");
    pack_time(g->out, period->to);
    document_key(g, "generatedAt");
    pack_time(g->out, g->op->now);
}

struct str report_document(struct op *op, const struct report_query *period,
                           const struct figures *figures)
{
    struct buffer out = buffer_in(op->arena, 256 << 10);
    struct gathering g = {.op = op,
                          .arena = arena_new(),
                          .context = {op->request->tenant, op->request->user, op->now},
                          .out = &out};
    struct pack_open document = pack_map_open(&out);

    pack_head(&g, period);
    g.keys += report_pack_figures(op->arena, figures, &out);
    report_pack_goals(&g, figures);
    if (!op_failed(op))
        report_pack_kpis(&g);
    if (!op_failed(op))
        pack_work(&g);
    if (!op_failed(op))
        pack_issues(&g);
    if (!op_failed(op))
        pack_activity(&g, period);
    document.count = (uint32_t)g.keys;
    pack_map_close(&out, document);
    arena_destroy(&g.arena);
    if (!op_failed(op) && out.size > REPORT_INPUT_MAX)
        op_fail(op, STATUS_INTERNAL_ERROR);
    return op_failed(op) ? STR_NONE : buffer_str(&out);
}
