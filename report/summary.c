/* The executive summary: the score, what it is made of, and the counts as charts. */
#include "content_parts.h"
#include "labels.h"

static const struct {
    const char *label;
    size_t offset;
} components[] = {
    {"Goals", offsetof(struct report_score, goals)},
    {"Strategies", offsetof(struct report_score, strategies)},
    {"KPIs", offsetof(struct report_score, kpis)},
    {"Actions", offsetof(struct report_score, actions)},
};
enum { COMPONENTS = sizeof components / sizeof *components };

static const struct report_component *component(const struct content_writer *t, size_t index)
{
    return (const void *)((const char *)&t->report->score + components[index].offset);
}

static struct str trend_text(const struct content_writer *t, enum trend trend)
{
    return label_word(t->arena, enum_name(&trend_names, trend));
}

static const char *trend_clause(enum trend trend)
{
    switch (trend) {
    case TREND_IMPROVING:
        return " and improving";
    case TREND_STABLE:
        return " and stable";
    case TREND_DECLINING:
        return " and declining";
    }
    return "";
}

static void write_lead(const struct content_writer *t)
{
    const struct report *report = t->report;
    struct arena *arena = t->arena;
    struct str score = label_score(arena, report->score.overall);
    struct str goals = label_counted(arena, report->stats.total_goals, "goal", "goals");
    struct str active = label_count(arena, report->stats.active_goals);
    struct str completed = label_count(arena, report->stats.completed_goals);
    struct str progress = label_percent(arena, report->stats.average_progress);
    int64_t overdue = content_total(&report->overdue_actions, report->overdue_total);
    int64_t open = content_total(&report->open_issues, report->open_issues_total);
    struct str late = label_counted(arena, overdue, "action is", "actions are");
    struct str issues = label_counted(arena, open, "issue is", "issues are");

    t->sink->ops->text(
        t->sink, ROLE_LEAD,
        arena_printf(arena,
                     "The performance score is " STR_FMT " of 100%s. Of " STR_FMT ", " STR_FMT
                     " active and " STR_FMT " completed, at an average progress of " STR_FMT
                     ". " STR_FMT " overdue and " STR_FMT " open.",
                     STR_ARG(score), trend_clause(report->score.trend), STR_ARG(goals),
                     STR_ARG(arena_printf(arena, STR_FMT "%s", STR_ARG(active),
                                          report->stats.active_goals == 1 ? " is" : " are")),
                     STR_ARG(completed), STR_ARG(progress), STR_ARG(late), STR_ARG(issues)));
}

static void write_figures(const struct content_writer *t)
{
    const struct report *report = t->report;
    struct arena *arena = t->arena;
    int64_t overdue = content_total(&report->overdue_actions, report->overdue_total);
    int64_t open = content_total(&report->open_issues, report->open_issues_total);
    struct str goals = label_counted(arena, report->stats.total_goals, "goal", "goals");
    struct str kpis =
        label_counted(arena, content_total(&report->kpis, report->kpis_total), "KPI", "KPIs");
    struct figure figures[] = {
        {label_score(arena, report->score.overall), STR("Performance score"),
         trend_text(t, report->score.trend),
         label_tone(enum_name(&trend_names, report->score.trend))},
        {label_score(arena, report->alignment.score), STR("Team alignment"),
         trend_text(t, report->alignment.trend),
         label_tone(enum_name(&trend_names, report->alignment.trend))},
        {label_percent(arena, report->stats.average_progress), STR("Average progress"), kpis,
         TONE_QUIET},
        {label_count(arena, report->stats.active_goals), STR("Active goals"),
         arena_printf(arena, "of " STR_FMT, STR_ARG(goals)), TONE_QUIET},
        {label_count(arena, overdue), STR("Overdue actions"),
         overdue > 0 ? STR("Need attention") : STR("Nothing is late"),
         overdue > 0 ? TONE_BAD : TONE_GOOD},
        {label_count(arena, open), STR("Open issues"),
         open > 0 ? STR("To be resolved") : STR("None"), open > 0 ? TONE_NOTICE : TONE_GOOD},
    };

    t->sink->ops->figures(t->sink, figures, sizeof figures / sizeof *figures);
}

static struct str metrics_text(const struct content_writer *t, const struct report_component *c)
{
    const struct report_metric *metrics = c->metrics.items;
    struct buffer out = buffer_in(t->arena, 128);

    if (c->empty)
        return STR("Nothing to score yet; left out of the overall score");
    for (size_t i = 0; i < c->metrics.count; i++) {
        struct str name = label_word(t->arena, metrics[i].name);
        struct str value = label_percent(t->arena, metrics[i].value);
        struct str part = arena_printf(t->arena, "%s" STR_FMT " " STR_FMT, i > 0 ? " \u00B7 " : "",
                                       STR_ARG(name), STR_ARG(value));

        buffer_append(&out, part.data, part.size);
    }
    return buffer_str(&out);
}

static void write_components(const struct content_writer *t)
{
    static const struct column columns[] = {
        {"Component", 0.2, CELL_STRONG},
        {"Weight", 0.12, CELL_NUMBER},
        {"Score", 0.12, CELL_NUMBER},
        {"Made of", 0.56, CELL_TEXT},
    };
    struct bar items[COMPONENTS];
    struct bars chart = {"Score by component, of 100", items, COMPONENTS, 100};
    const struct sink_ops *ops = t->sink->ops;

    ops->heading(t->sink, STR("Performance score"));
    for (size_t i = 0; i < COMPONENTS; i++) {
        const struct report_component *c = component(t, i);

        items[i] =
            (struct bar){str_of(components[i].label), c->empty ? 0 : c->score,
                         c->empty ? STR("\u2013") : label_score(t->arena, c->score), TONE_PLAIN};
    }
    ops->charts(t->sink, &chart, 1);
    ops->table(t->sink, columns, 4);
    for (size_t i = 0; i < COMPONENTS; i++)
        ops->row(t->sink,
                 (const struct str[]){items[i].label,
                                      label_percent(t->arena, component(t, i)->weight * 100),
                                      items[i].text, metrics_text(t, component(t, i))});
    ops->table_end(t->sink);
}

static void write_alignment(const struct content_writer *t)
{
    const struct report_alignment *a = &t->report->alignment;
    struct arena *arena = t->arena;
    struct bar items[] = {
        {STR("Working across goals"), a->cross_goal_collaboration,
         label_percent(arena, a->cross_goal_collaboration), TONE_PLAIN},
        {STR("Goals with a strategy"), a->strategy_alignment,
         label_percent(arena, a->strategy_alignment), TONE_PLAIN},
        {STR("Shared KPIs"), a->kpi_sharing, label_percent(arena, a->kpi_sharing), TONE_PLAIN},
    };
    struct str people = label_counted(arena, a->team_size, "person owns", "people own");
    struct str goals =
        label_counted(arena, a->goals_with_multiple_owners, "goal has", "goals have");
    struct str kpis = label_counted(arena, a->shared_kpis, "KPI is", "KPIs are");
    struct bars chart = {"Team alignment, in percent", items, 3, 100};

    t->sink->ops->heading(t->sink, STR("Team alignment"));
    t->sink->ops->text(t->sink, ROLE_BODY,
                       arena_printf(arena,
                                    STR_FMT " goals or actions. " STR_FMT
                                            " two people or more at work, and " STR_FMT
                                            " shared between goals.",
                                    STR_ARG(people), STR_ARG(goals), STR_ARG(kpis)));
    t->sink->ops->charts(t->sink, &chart, 1);
}

static void write_counts(const struct content_writer *t)
{
    const struct report *report = t->report;
    struct bars goals[] = {
        content_bars(t, "Goals by status", &report->stats.goals_by_status),
        content_bars(t, "Goals by horizon", &report->stats.goals_by_horizon),
    };
    struct bars work[] = {
        content_bars(t, "Actions by status", &report->actions_by_status),
        content_bars(t, "Issues by category", &report->issues_by_category),
    };

    t->sink->ops->heading(t->sink, STR("At a glance"));
    t->sink->ops->charts(t->sink, goals, 2);
    t->sink->ops->charts(t->sink, work, 2);
}

void content_summary(const struct content_writer *t)
{
    t->sink->ops->section(t->sink, "Executive summary", true);
    write_lead(t);
    write_figures(t);
    write_components(t);
    write_alignment(t);
    write_counts(t);
}
