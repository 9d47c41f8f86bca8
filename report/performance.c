/* The performance score and what it is made of, team alignment, and how both developed. */
#include <math.h>

#include "content_parts.h"
#include "labels.h"

static const struct {
    enum text label;
    size_t offset;
} components[] = {
    {TEXT_GOALS, offsetof(struct report_score, goals)},
    {TEXT_STRATEGIES, offsetof(struct report_score, strategies)},
    {TEXT_KPIS_SHORT, offsetof(struct report_score, kpis)},
    {TEXT_ACTIONS, offsetof(struct report_score, actions)},
};
enum { COMPONENTS = sizeof components / sizeof *components };

static const struct report_component *component(const struct content_writer *t, size_t index)
{
    return (const void *)((const char *)&t->report->score + components[index].offset);
}

static struct str metrics_text(const struct content_writer *t, const struct report_component *c)
{
    const struct report_metric *metrics = c->metrics.items;
    struct buffer out = buffer_in(t->arena, 128);

    if (c->empty)
        return locale_text(t->f->locale, TEXT_NOT_SCORED);
    for (size_t i = 0; i < c->metrics.count; i++) {
        struct str part = arena_printf(t->arena, "%s" STR_FMT " " STR_FMT, i > 0 ? " \u00B7 " : "",
                                       STR_ARG(format_word(t->f, metrics[i].name)),
                                       STR_ARG(format_percent(t->f, metrics[i].value)));

        buffer_append(&out, part.data, part.size);
    }
    return buffer_str(&out);
}

static void write_components(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_COMPONENT, 0.2, CELL_STRONG),
        content_column(t, TEXT_WEIGHT, 0.12, CELL_NUMBER),
        content_column(t, TEXT_SCORE_SHORT, 0.12, CELL_NUMBER),
        content_column(t, TEXT_MADE_OF, 0.56, CELL_TEXT),
    };
    struct bar items[COMPONENTS];
    struct bars chart = {.title = locale_text(t->f->locale, TEXT_BY_COMPONENT),
                         .items = items,
                         .count = COMPONENTS,
                         .full = 100};
    const struct sink_ops *ops = t->sink->ops;

    ops->heading(t->sink, locale_text(t->f->locale, TEXT_SCORE));
    for (size_t i = 0; i < COMPONENTS; i++) {
        const struct report_component *c = component(t, i);

        items[i] =
            (struct bar){locale_text(t->f->locale, components[i].label), c->empty ? 0 : c->score,
                         c->empty ? STR("\u2013") : format_score(t->f, c->score), TONE_PLAIN};
    }
    if (!t->report->without_charts)
        ops->charts(t->sink, &chart, 1);
    ops->table(t->sink, columns, 4, false);
    for (size_t i = 0; i < COMPONENTS; i++)
        ops->row(t->sink, (const struct cell[]){
                              {items[i].label, TONE_PLAIN},
                              {format_percent(t->f, component(t, i)->weight * 100), TONE_PLAIN},
                              {items[i].text, TONE_PLAIN},
                              {metrics_text(t, component(t, i)), TONE_PLAIN}});
    ops->table_end(t->sink);
}

static void write_alignment(const struct content_writer *t)
{
    const struct report_alignment *a = &t->report->alignment;
    const struct locale *locale = t->f->locale;
    struct bar items[] = {
        {locale_text(locale, TEXT_ACROSS_GOALS), a->cross_goal_collaboration,
         format_percent(t->f, a->cross_goal_collaboration), TONE_PLAIN},
        {locale_text(locale, TEXT_GOALS_WITH_STRATEGY), a->strategy_alignment,
         format_percent(t->f, a->strategy_alignment), TONE_PLAIN},
        {locale_text(locale, TEXT_SHARED_KPIS), a->kpi_sharing,
         format_percent(t->f, a->kpi_sharing), TONE_PLAIN},
    };
    struct bars chart = {.title = locale_text(locale, TEXT_ALIGNMENT_IN_PERCENT),
                         .items = items,
                         .count = 3,
                         .full = 100};

    t->sink->ops->heading(t->sink, locale_text(locale, TEXT_ALIGNMENT));
    t->sink->ops->text(t->sink, ROLE_BODY,
                       FILL(t->f, TEXT_ALIGNMENT_IS, format_score(t->f, a->score),
                            format_count(t->f, a->team_size),
                            format_count(t->f, a->goals_with_multiple_owners),
                            format_count(t->f, a->shared_kpis)));
    content_charts(t, &chart, 1);
}

static void write_counts(const struct content_writer *t)
{
    const struct report_stats *stats = &t->report->stats;
    struct bars goals[] = {
        content_bars(t, TEXT_GOALS_BY_STATUS, &stats->goals_by_status),
        content_bars(t, TEXT_GOALS_BY_HORIZON, &stats->goals_by_horizon),
    };

    t->sink->ops->heading(t->sink, locale_text(t->f->locale, TEXT_GOALS));
    t->sink->ops->text(
        t->sink, ROLE_BODY,
        FILL(t->f, TEXT_AVERAGE_PROGRESS, format_percent(t->f, stats->average_progress)));
    content_charts(t, goals, 2);
}

/* What the score is made of is known as it is now: of a past period there is only the score. */
void content_analytics(const struct content_writer *t)
{
    const struct report *r = t->report;

    if (r->past)
        return;
    t->sink->ops->section(t->sink, SECTION_ANALYTICS, locale_text(t->f->locale, TEXT_ANALYTICS),
                          true);
    content_note_state(t);
    write_components(t);
    write_alignment(t);
    write_counts(t);
}

/* --- Over time --- */

static const int64_t DAY_US = 86400000000;

static void write_points(const struct content_writer *t)
{
    const struct list *list = &t->report->points;
    const struct report_point *points = list->items;
    struct report_reading *readings = arena_array(t->arena, list->count, sizeof *readings);

    t->sink->ops->heading(t->sink, locale_text(t->f->locale, TEXT_SCORE_OVER_TIME));
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(t->f->locale, TEXT_NO_SCORES));
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        readings[i] = (struct report_reading){.period = {(int32_t)(points[i].day.us / DAY_US)},
                                              .value = points[i].score};
    struct trend_line line = {.axis = AXIS_DAYS,
                              .readings = readings,
                              .count = list->count,
                              .target = (double)NAN,
                              .threshold = (double)NAN,
                              .from = 1,
                              .to = 0};
    struct str says = FILL(t->f, TEXT_TREND_OF, locale_text(t->f->locale, TEXT_SCORE),
                           format_score(t->f, points[list->count - 1].score));
    if (t->report->without_charts)
        t->sink->ops->text(t->sink, ROLE_BODY, says);
    else
        t->sink->ops->line(t->sink, &line, says);
}

static void write_moves(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_KPI, 0.40, CELL_STRONG),
        content_column(t, TEXT_BEFORE, 0.16, CELL_NUMBER),
        content_column(t, TEXT_AFTER, 0.16, CELL_NUMBER),
        content_column(t, TEXT_CHANGE, 0.14, CELL_NUMBER),
        {STR(""), 0.14, CELL_TAG},
    };
    const struct list *list = &t->report->moves;
    const struct report_move *moves = list->items;

    t->sink->ops->heading(t->sink, locale_text(t->f->locale, TEXT_CHANGES_OF_KPIS));
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(t->f->locale, TEXT_NO_MOVES));
        return;
    }
    t->sink->ops->table(t->sink, columns, 5, false);
    for (size_t i = 0; i < list->count; i++) {
        int sign = content_move_sign(&moves[i]);
        enum tone tone = sign > 0 ? TONE_GOOD : sign < 0 ? TONE_BAD : TONE_QUIET;

        t->sink->ops->row(
            t->sink,
            (const struct cell[]){{content_or_dash(t, moves[i].name, TITLE_MAX), TONE_PLAIN},
                                  {format_value(t->f, moves[i].before, moves[i].unit), TONE_PLAIN},
                                  {format_value(t->f, moves[i].after, moves[i].unit), TONE_PLAIN},
                                  {format_change(t->f, content_move_percent(&moves[i])), tone},
                                  {locale_text(t->f->locale, sign > 0   ? TEXT_BETTER
                                                             : sign < 0 ? TEXT_WORSE
                                                                        : TEXT_UNCHANGED),
                                   tone}});
    }
    t->sink->ops->table_end(t->sink);
}

void content_trends(const struct content_writer *t)
{
    t->sink->ops->section(t->sink, SECTION_TRENDS, locale_text(t->f->locale, TEXT_TRENDS),
                          t->report->moves.count > 8);
    if (!t->report->without_analytics)
        write_points(t);
    write_moves(t);
}
