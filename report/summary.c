/* The executive summary: one page, which says how the company is doing and what needs attention.
 * Every list on it is short and leads to the chapter that has it whole. */
#include <math.h>

#include "content_parts.h"
#include "labels.h"

/* Rows of each list: as many as fit the page. */
static size_t shown(const struct content_writer *t, size_t count)
{
    return count < t->sink->summary_rows ? count : t->sink->summary_rows;
}

static const struct report_state *state(const struct content_writer *t)
{
    return &t->report->state;
}

static bool has_score(const struct content_writer *t)
{
    return !t->report->without_analytics && !isnan(t->report->score_after);
}

static double score_change(const struct content_writer *t)
{
    return t->report->score_after - t->report->score_before;
}

/* --- What the page begins with --- */

static struct str score_sentence(const struct content_writer *t)
{
    double change = score_change(t);
    struct str score = format_score(t->f, t->report->score_after);
    struct str by = format_score(t->f, fabs(change));
    struct str day = format_long_day(t->f, t->report->score_before_at);

    if (isnan(change))
        return FILL(t->f, TEXT_SCORE_IS, score);
    if (fabs(change) < 0.05)
        return FILL(t->f, TEXT_SCORE_SAME, score, by, day);
    return change > 0 ? FILL(t->f, TEXT_SCORE_UP, score, by, day)
                      : FILL(t->f, TEXT_SCORE_DOWN, score, by, day);
}

static void write_lead(const struct content_writer *t)
{
    const struct report_state *s = state(t);
    struct str parts[4];
    size_t count = 0;
    struct buffer out = buffer_in(t->arena, 512);

    if (has_score(t))
        parts[count++] = score_sentence(t);
    if (t->report->has_state) {
        parts[count++] = FILL(t->f, TEXT_GOALS_ARE, format_count(t->f, s->active_goals),
                              format_count(t->f, s->goals_on_track),
                              format_count(t->f, s->goals_at_risk + s->goals_behind));
        parts[count++] = FILL(t->f, TEXT_KPIS_ARE, format_count(t->f, s->kpis),
                              format_count(t->f, s->kpis_on_track),
                              format_count(t->f, s->kpis_at_risk + s->kpis_behind));
        parts[count++] = FILL(t->f, TEXT_WORK_IS, format_count(t->f, s->overdue_actions),
                              format_count(t->f, s->critical_issues));
    }
    for (size_t i = 0; i < count; i++) {
        buffer_append(&out, " ", i > 0);
        buffer_append(&out, parts[i].data, parts[i].size);
    }
    if (count > 0)
        t->sink->ops->text(t->sink, ROLE_LEAD, buffer_str(&out));
}

static struct figure score_figure(const struct content_writer *t)
{
    double change = score_change(t);
    struct figure figure = {.value = format_score(t->f, t->report->score_after),
                            .label = locale_text(t->f->locale, TEXT_SCORE)};

    if (isnan(change))
        return figure;
    bool up = change >= 0.05, down = change <= -0.05;
    figure.tone = up ? TONE_GOOD : down ? TONE_BAD : TONE_QUIET;
    figure.note = arena_printf(t->arena, "%s" STR_FMT,
                               up     ? t->f->locale->plus
                               : down ? t->f->locale->minus
                                      : "\u00B1",
                               STR_ARG(format_score(t->f, fabs(change))));
    return figure;
}

static struct figure part_figure(const struct content_writer *t, enum text label, int64_t part,
                                 int64_t all)
{
    return (struct figure){format_count(t->f, part), locale_text(t->f->locale, label),
                           FILL(t->f, TEXT_OF_COUNT, format_count(t->f, all)),
                           part < all ? TONE_NOTICE : TONE_GOOD};
}

static struct figure bad_figure(const struct content_writer *t, enum text label, int64_t part,
                                int64_t all)
{
    return (struct figure){format_count(t->f, part), locale_text(t->f->locale, label),
                           FILL(t->f, TEXT_OF_OPEN, format_count(t->f, all)),
                           part > 0 ? TONE_BAD : TONE_GOOD};
}

static void write_figures(const struct content_writer *t)
{
    const struct report_state *s = state(t);
    struct figure figures[FIGURES_MAX];
    size_t count = 0;

    if (has_score(t))
        figures[count++] = score_figure(t);
    if (t->report->has_state) {
        figures[count++] = part_figure(t, TEXT_GOALS_ON_TRACK, s->goals_on_track, s->active_goals);
        figures[count++] = part_figure(t, TEXT_KPIS_ON_TRACK, s->kpis_on_track, s->kpis);
        figures[count++] = bad_figure(t, TEXT_OVERDUE_ACTIONS, s->overdue_actions, s->open_actions);
        figures[count++] = bad_figure(t, TEXT_CRITICAL_ISSUES, s->critical_issues, s->open_issues);
    }
    if (count > 0)
        t->sink->ops->figures(t->sink, figures, count);
}

static struct bars track_bars(const struct content_writer *t, enum text title, struct bar *items,
                              const int64_t counts[3])
{
    static const enum link_status statuses[] = {LINK_ON_TRACK, LINK_BEHIND, LINK_AT_RISK};

    for (size_t i = 0; i < 3; i++) {
        struct str word = enum_name(&link_status_names, statuses[i]);

        items[i] = (struct bar){format_word(t->f, word), (double)counts[i],
                                format_count(t->f, counts[i]), label_tone(word)};
    }
    return (struct bars){
        .title = locale_text(t->f->locale, title), .items = items, .count = 3, .stacked = true};
}

static void write_tracks(const struct content_writer *t)
{
    const struct report_state *s = state(t);
    struct bar goals[3], kpis[3];
    const struct bars charts[] = {
        track_bars(t, TEXT_GOALS_BY_TRACK, goals,
                   (const int64_t[]){s->goals_on_track, s->goals_behind, s->goals_at_risk}),
        track_bars(t, TEXT_KPIS_BY_TRACK, kpis,
                   (const int64_t[]){s->kpis_on_track, s->kpis_behind, s->kpis_at_risk}),
    };

    if (t->report->has_state && !t->report->without_charts)
        t->sink->ops->charts(t->sink, charts, 2); /* the sentences say the same */
}

/* --- What changed --- */

static struct change_list change_list(const struct content_writer *t, enum text title, int sign)
{
    const struct report_move *moves = t->report->moves.items;
    struct change_list list = {.title = locale_text(t->f->locale, title),
                               .none = locale_text(t->f->locale, TEXT_NO_CHANGE),
                               .tone = sign > 0 ? TONE_GOOD : TONE_BAD};

    for (size_t i = 0; i < t->report->moves.count && list.count < shown(t, SIZE_MAX); i++)
        if (content_move_sign(&moves[i]) == sign)
            list.items[list.count++] = (struct change){content_or_dash(t, moves[i].name, TITLE_MAX),
                                                       content_move_text(t, &moves[i])};
    return list;
}

static void write_changes(const struct content_writer *t)
{
    const struct change_list lists[] = {change_list(t, TEXT_GOT_BETTER, 1),
                                        change_list(t, TEXT_GOT_WORSE, -1)};

    t->sink->ops->changes(t->sink, lists);
}

/* --- What needs attention --- */

/* "Goals at risk (4 of 11)", leading to the chapter. False, and `none` is said, when there are
 * none. */
static bool write_title(const struct content_writer *t, enum text title, int64_t total,
                        enum report_section section, enum text none)
{
    const struct sink_ops *ops = t->sink->ops;
    struct str name = locale_text(t->f->locale, title);
    size_t rows = shown(t, (size_t)total);

    if ((int64_t)rows < total)
        name = FILL(t->f, TEXT_SOME_OF, name, format_count(t->f, (int64_t)rows),
                    format_count(t->f, total));
    else if (total > 0)
        name = FILL(t->f, TEXT_COUNTED, name, format_count(t->f, total));
    ops->label(t->sink, name, content_has(t->report, section) ? section : 0);
    if (total == 0)
        ops->text(t->sink, ROLE_NOTE, locale_text(t->f->locale, none));
    return total > 0;
}

static void write_risks(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_GOAL, 0.38, CELL_STRONG),
        content_column(t, TEXT_OWNER, 0.17, CELL_TEXT),
        content_column(t, TEXT_REASON, 0.45, CELL_TEXT),
    };
    const struct sink_ops *ops = t->sink->ops;
    size_t count = 0;

    while (count < t->report->goals.count &&
           content_goal_group(t->report, t->goals[count]) == GROUP_RISK)
        count++;
    if (!write_title(t, TEXT_GOALS_AT_RISK, (int64_t)count, SECTION_GOALS, TEXT_NONE_AT_RISK))
        return;
    ops->table(t->sink, columns, 3, true);
    for (size_t i = 0; i < shown(t, count); i++)
        ops->row(t->sink,
                 (const struct cell[]){
                     {content_goal_title(t, t->goals[i]), TONE_PLAIN},
                     {content_or_dash(t, t->goals[i]->owner_name, NAME_LENGTH_MAX), TONE_PLAIN},
                     {content_goal_reason(t, t->goals[i], 2), TONE_BAD}});
    ops->table_end(t->sink);
}

static void write_off_plan(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_KPI, 0.30, CELL_STRONG),
        content_column(t, TEXT_OWNER, 0.16, CELL_TEXT),
        content_column(t, TEXT_ACTUAL, 0.17, CELL_NUMBER),
        content_column(t, TEXT_EXPECTED, 0.17, CELL_NUMBER),
        content_column(t, TEXT_VARIANCE, 0.20, CELL_NUMBER),
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->off_plan;
    const struct report_off_plan *items = list->items;

    if (!write_title(t, TEXT_OFF_PLAN, content_total(list, t->report->off_plan_total), SECTION_KPIS,
                     TEXT_NONE_OFF_PLAN))
        return;
    ops->table(t->sink, columns, 5, true);
    for (size_t i = 0; i < shown(t, list->count); i++)
        ops->row(t->sink, (const struct cell[]){
                              {content_or_dash(t, items[i].name, TITLE_MAX), TONE_PLAIN},
                              {content_or_dash(t, items[i].owner, NAME_LENGTH_MAX), TONE_PLAIN},
                              {format_value(t->f, items[i].current, items[i].unit), TONE_PLAIN},
                              {format_value(t->f, items[i].expected, items[i].unit), TONE_PLAIN},
                              {format_change(t->f, items[i].variance), TONE_BAD}});
    ops->table_end(t->sink);
}

static void write_overdue(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_ACTION, 0.50, CELL_STRONG),
        content_column(t, TEXT_ASSIGNED_TO, 0.20, CELL_TEXT),
        content_column(t, TEXT_DUE, 0.16, CELL_TEXT),
        content_column(t, TEXT_PRIORITY, 0.14, CELL_TAG),
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->overdue_actions;
    const struct report_action *items = list->items;

    if (!write_title(t, TEXT_OVERDUE_ACTIONS, content_total(list, t->report->overdue_total),
                     SECTION_ACTIONS, TEXT_NO_OVERDUE))
        return;
    ops->table(t->sink, columns, 4, true);
    for (size_t i = 0; i < shown(t, list->count); i++)
        ops->row(t->sink, (const struct cell[]){
                              {content_or_dash(t, items[i].title, TITLE_MAX), TONE_PLAIN},
                              {content_or_dash(t, items[i].assignee, NAME_LENGTH_MAX), TONE_PLAIN},
                              {format_day(t->f, items[i].due_date), TONE_PLAIN},
                              content_word(t, items[i].priority)});
    ops->table_end(t->sink);
}

static bool is_critical(const struct report_issue *issue)
{
    return str_equal(issue->impact, STR("critical")) || str_equal(issue->impact, STR("high"));
}

/* They are the first of the open ones. */
static void write_critical(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_ISSUE, 0.50, CELL_STRONG),
        content_column(t, TEXT_STATUS, 0.20, CELL_TEXT),
        content_column(t, TEXT_REPORTED, 0.16, CELL_TEXT),
        content_column(t, TEXT_IMPACT, 0.14, CELL_TAG),
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct report_issue *items = t->report->open_issues.items;
    size_t count = 0;

    while (count < t->report->open_issues.count && is_critical(&items[count]))
        count++;
    if (!write_title(t, TEXT_CRITICAL_ISSUES, (int64_t)count, SECTION_ISSUES, TEXT_NO_CRITICAL))
        return;
    ops->table(t->sink, columns, 4, true);
    for (size_t i = 0; i < shown(t, count); i++)
        ops->row(t->sink,
                 (const struct cell[]){
                     {content_or_dash(t, items[i].title, TITLE_MAX), TONE_PLAIN},
                     {content_or_dash(t, format_word(t->f, items[i].status), NAME_LENGTH_MAX),
                      TONE_PLAIN},
                     {format_day(t->f, items[i].reported_at), TONE_PLAIN},
                     content_word(t, items[i].impact)});
    ops->table_end(t->sink);
}

static void write_decisions(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_DATE, 0.15, CELL_TEXT),
        content_column(t, TEXT_DECISION, 0.42, CELL_STRONG),
        content_column(t, TEXT_GOAL, 0.27, CELL_TEXT),
        content_column(t, TEXT_PERSON, 0.16, CELL_TEXT),
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->decisions;
    const struct report_entry *items = list->items;

    if (!write_title(t, TEXT_DECISIONS, content_total(list, t->report->decisions_total), 0,
                     TEXT_NO_DECISIONS))
        return;
    ops->table(t->sink, columns, 4, true);
    for (size_t i = 0; i < shown(t, list->count); i++) {
        struct str said =
            items[i].title.size > 0 ? items[i].title : format_word(t->f, items[i].text);

        ops->row(t->sink, (const struct cell[]){
                              {format_day(t->f, items[i].at), TONE_PLAIN},
                              {content_or_dash(t, said, TITLE_MAX), TONE_PLAIN},
                              {content_or_dash(t, items[i].goal, TITLE_MAX), TONE_PLAIN},
                              {content_or_dash(t, items[i].person, NAME_LENGTH_MAX), TONE_PLAIN}});
    }
    ops->table_end(t->sink);
}

void content_summary(const struct content_writer *t)
{
    t->sink->ops->section(t->sink, SECTION_SUMMARY, locale_text(t->f->locale, TEXT_SUMMARY), true);
    write_lead(t);
    write_figures(t);
    write_tracks(t);
    write_changes(t);
    write_risks(t);
    write_off_plan(t);
    write_decisions(t);
    write_overdue(t);
    write_critical(t);
    t->sink->ops->text(t->sink, ROLE_NOTE,
                       FILL(t->f, TEXT_HOLDS_AT, format_moment(t->f, content_as_of(t->report)),
                            format_long_day(t->f, t->report->from)));
}
