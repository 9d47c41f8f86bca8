/* The report's document, as report.h describes it. Its numbers are those that the endpoints
 * answer. Only what the report's chapters show is read. */
#include "report.h"

#include "report_company.h"
#include "report_gathering.h"
#include "report_parts.h"
#include "report_rows.h"

static void pack_texts(struct gathering *g, const char *name, const struct report_scope *scope)
{
    document_key(g, name);
    struct pack_open open = pack_array_open(g->out);
    for (unsigned section = 1; section < report_section_names.count; section++)
        if (report_has(scope, (enum report_section)section)) {
            pack_text(g->out, enum_name(&report_section_names, section));
            open.count++;
        }
    pack_array_close(g->out, open);
}

static void pack_words(struct gathering *g, const char *name, struct str text)
{
    document_key(g, name);
    pack_text(g->out, text);
}

static void pack_moment(struct gathering *g, const char *name, struct timestamp moment)
{
    document_key(g, name);
    pack_time(g->out, moment);
}

static void pack_flag(struct gathering *g, const char *name, bool flag)
{
    document_key(g, name);
    pack_bool(g->out, flag);
}

static void pack_head(struct gathering *g)
{
    const struct report_scope *scope = g->scope;
    const struct report_query *query = scope->query;
    struct report_company company;

    report_company(g->op, &company);
    pack_words(g, "tenantId", g->op->request->tenant);
    pack_words(g, "tenantName", company.name);
    pack_words(g, "logo", company.logo);
    pack_moment(g, "from", query->from);
    pack_moment(g, "to", query->to);
    pack_moment(g, "generatedAt", g->op->now);
    pack_moment(g, "asOf", scope->as_of);
    pack_words(g, "lang", enum_name(&report_lang_names, query->lang));
    pack_words(g, "paper", enum_name(&report_paper_names, query->paper));
    pack_texts(g, "sections", scope);
    pack_flag(g, "withoutCharts", query->include_charts == CHOICE_FALSE);
    pack_flag(g, "withoutAnalytics", query->include_analytics == CHOICE_FALSE);
    pack_flag(g, "past", scope->past);
}

static void pack_state(struct gathering *g, struct report_state *state)
{
    const struct command_stats *stats = &g->judged.stats;

    state->active_goals = stats->active_goals;
    state->goals_on_track = stats->goals_on_track;
    state->goals_at_risk = stats->goals_at_risk;
    state->goals_behind = stats->goals_behind;
    state->kpis = stats->measures;
    state->kpis_on_track = stats->measures_on_track;
    state->kpis_at_risk = stats->measures_at_risk;
    state->kpis_behind = stats->measures_behind;
    pack_flag(g, "hasState", true);
    document_key(g, "state");
    model_pack(AS(report_state, state), g->out);
}

static bool has_any(const struct report_scope *scope, unsigned sections)
{
    return (scope->sections & sections) != 0;
}

static void pack_lists(struct gathering *g, const struct figures *figures)
{
    const struct report_scope *scope = g->scope;
    const unsigned summary = 1u << SECTION_SUMMARY;
    struct report_state state = {0};

    if (!report_judge(g))
        return;
    report_pack_off_plan(g);
    if (!op_failed(g->op) &&
        has_any(scope, summary | 1u << SECTION_GOALS | 1u << SECTION_STRATEGIES))
        report_pack_goals(g);
    if (!op_failed(g->op) && report_has(scope, SECTION_KPIS))
        report_pack_kpis(g);
    if (!op_failed(g->op) && has_any(scope, summary | 1u << SECTION_ACTIONS))
        report_pack_actions(g, &state);
    if (!op_failed(g->op) && has_any(scope, summary | 1u << SECTION_ISSUES))
        report_pack_issues(g, &state);
    if (!op_failed(g->op))
        report_pack_changes(g);
    if (!op_failed(g->op))
        report_pack_scores(g, figures);
    if (!op_failed(g->op) && report_has(scope, SECTION_ACTIVITY))
        report_pack_activity(g);
    if (!op_failed(g->op))
        pack_state(g, &state);
}

struct str report_document(struct op *op, const struct report_scope *scope,
                           const struct figures *figures)
{
    struct buffer out = buffer_in(op->arena, 256 << 10);
    struct gathering g = {.op = op,
                          .scope = scope,
                          .arena = arena_new(),
                          .context = {op->request->tenant, op->request->user, scope->as_of},
                          .out = &out};
    struct pack_open document = pack_map_open(&out);

    pack_head(&g);
    g.keys += report_pack_figures(op->arena, figures, &out);
    pack_lists(&g, figures);
    document.count = (uint32_t)g.keys;
    pack_map_close(&out, document);
    arena_destroy(&g.arena);
    if (!op_failed(op) && out.size > REPORT_INPUT_MAX)
        op_fail(op, STATUS_INTERNAL_ERROR);
    return op_failed(op) ? STR_NONE : buffer_str(&out);
}
