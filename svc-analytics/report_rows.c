/* Field tables of the report's statements, and the figures in the report's form. */
#include "report_rows.h"

#include "report.h"

static const struct field report_page_fields[] = {
    COLUMN(report_page, max),      COLUMN(report_page, skip),  COLUMN(report_page, ids),
    COLUMN(report_page, from),     COLUMN(report_page, until), COLUMN(report_page, from_month),
    COLUMN(report_page, to_month),
};
const struct model report_page_model = MODEL("ReportPage", report_page, report_page_fields);

static const struct field goal_row_fields[] = {
    COLUMN(goal_row, id),
    COLUMN(goal_row, title),
    COLUMN(goal_row, owner_name),
    COLUMN(goal_row, status),
    COLUMN(goal_row, horizon),
    COLUMN(goal_row, due_date),
    COLUMN(goal_row, completed_at),
    COLUMN(goal_row, cancelled_at),
    COLUMN(goal_row, strategy_bytes),
};
const struct model goal_row_model = MODEL("GoalRow", goal_row, goal_row_fields);

static const struct field strategy_row_fields[] = {
    COLUMN(strategy_row, goal_id),
    COLUMN(strategy_row, description),
    COLUMN(strategy_row, status),
};
const struct model strategy_row_model = MODEL("StrategyRow", strategy_row, strategy_row_fields);

static const struct field kpi_row_fields[] = {
    COLUMN(kpi_row, id),
    COLUMN(kpi_row, name),
    COLUMN(kpi_row, unit),
    COLUMN(kpi_row, direction),
    COLUMN(kpi_row, target),
    COLUMN(kpi_row, baseline),
    COLUMN(kpi_row, readings_total),
    COLUMN(kpi_row, interpolation_method),
    COLUMN(kpi_row, start_value),
    COLUMN(kpi_row, start_day),
};
const struct model kpi_row_model = MODEL("KPIRow", kpi_row, kpi_row_fields);

static const struct field kpi_name_row_fields[] = {
    COLUMN(kpi_name_row, id),
    COLUMN(kpi_name_row, name),
    COLUMN(kpi_name_row, unit),
    COLUMN(kpi_name_row, owner_name),
};
const struct model kpi_name_row_model = MODEL("KPINameRow", kpi_name_row, kpi_name_row_fields);

static const struct field goal_late_row_fields[] = {
    COLUMN(goal_late_row, goal_id),
    COLUMN(goal_late_row, late),
};
const struct model goal_late_row_model = MODEL("GoalLateRow", goal_late_row, goal_late_row_fields);

static const struct field action_counts_row_fields[] = {
    COLUMN(action_counts_row, open),
    COLUMN(action_counts_row, overdue),
    COLUMN(action_counts_row, completed),
    COLUMN(action_counts_row, opened),
};
const struct model action_counts_row_model =
    MODEL("ActionCountsRow", action_counts_row, action_counts_row_fields);

static const struct field issue_counts_row_fields[] = {
    COLUMN(issue_counts_row, open),
    COLUMN(issue_counts_row, critical),
    COLUMN(issue_counts_row, closed),
    COLUMN(issue_counts_row, opened),
};
const struct model issue_counts_row_model =
    MODEL("IssueCountsRow", issue_counts_row, issue_counts_row_fields);

static const struct field kpi_goal_row_fields[] = {
    COLUMN(kpi_goal_row, kpi_id),
    COLUMN(kpi_goal_row, threshold),
    COLUMN(kpi_goal_row, target_value),
    COLUMN(kpi_goal_row, title),
};
const struct model kpi_goal_row_model = MODEL("LinkedRow", kpi_goal_row, kpi_goal_row_fields);

static const struct field reading_row_fields[] = {
    COLUMN(reading_row, kpi_id),
    COLUMN(reading_row, period),
    COLUMN(reading_row, value),
    COLUMN(reading_row, is_estimate),
};
const struct model reading_row_model = MODEL("ReadingRow", reading_row, reading_row_fields);

/* --- Figures --- */

static struct report_component component(struct arena *arena, const struct score_component *c,
                                         bool empty, const struct model *names)
{
    struct report_metric *metrics = arena_array(arena, 2, sizeof *metrics);

    metrics[0] = (struct report_metric){str_of(names->fields[0].name), c->metrics.first};
    metrics[1] = (struct report_metric){str_of(names->fields[1].name), c->metrics.second};
    return (struct report_component){c->score, c->weight, empty, {metrics, 2}};
}

/* Every row of the counts' table with its number, in the table's order. */
static struct list counts(struct arena *arena, const struct model *model, const void *source)
{
    struct report_count *items = arena_array(arena, model->count, sizeof *items);

    for (size_t i = 0; i < model->count; i++)
        items[i] = (struct report_count){
            str_of(model->fields[i].name),
            *(const int64_t *)((const char *)source + model->fields[i].offset)};
    return (struct list){items, model->count};
}

static struct report_score score_of(struct arena *arena, const struct figures *f)
{
    const struct score_components *c = &f->score.components;

    return (struct report_score){
        .overall = f->score.overall_score,
        .trend = f->score.trend,
        .goals = component(arena, &c->goals, f->goals_empty, &goals_metrics_model),
        .strategies =
            component(arena, &c->strategies, f->strategies_empty, &strategies_metrics_model),
        .kpis = component(arena, &c->kpis, f->kpis_empty, &kpis_metrics_model),
        .actions = component(arena, &c->actions, f->actions_empty, &goals_metrics_model),
    };
}

size_t report_pack_figures(struct arena *arena, const struct figures *f, struct buffer *out)
{
    const struct goal_stats *s = &f->stats;
    const struct team_alignment *a = &f->alignment;
    struct report_score score = score_of(arena, f);
    struct report_stats stats = {
        .total_goals = s->total_goals,
        .active_goals = s->active_goals,
        .completed_goals = s->completed_goals,
        .goals_by_status = counts(arena, &goals_by_status_model, &s->by_status),
        .goals_by_horizon = counts(arena, &goals_by_horizon_model, &s->by_horizon),
        .average_progress = s->average_progress,
    };
    struct report_alignment alignment = {
        .score = a->alignment_score,
        .trend = a->trend,
        .team_size = a->team_size,
        .goals_with_multiple_owners = a->goals_with_multiple_owners,
        .shared_kpis = a->shared_kpis,
        .cross_goal_collaboration = a->metrics.cross_goal_collaboration,
        .strategy_alignment = a->metrics.strategy_alignment,
        .kpi_sharing = a->metrics.kpi_sharing,
    };

    pack_key(out, "score");
    model_pack(AS(report_score, &score), out);
    pack_key(out, "stats");
    model_pack(AS(report_stats, &stats), out);
    pack_key(out, "alignment");
    model_pack(AS(report_alignment, &alignment), out);
    return 3;
}
