/* Goals by state and risk, with their strategies and KPIs; and the chapter on strategies. */
#include <math.h>
#include <stdlib.h>

#include "content_parts.h"
#include "labels.h"

/* --- Groups and order --- */

static bool is_open(const struct report_goal *goal)
{
    return goal->status == GOAL_ACTIVE || goal->status == GOAL_PAUSED;
}

static bool is_late(const struct report *report, const struct report_goal *goal)
{
    return is_open(goal) && !timestamp_is_none(goal->due_date) &&
           timestamp_day_before(goal->due_date, content_as_of(report));
}

/* AT_RISK is the worse one. */
static bool is_off(enum link_status status)
{
    return status == LINK_AT_RISK || status == LINK_BEHIND;
}

enum goal_group content_goal_group(const struct report *report, const struct report_goal *goal)
{
    if (is_late(report, goal) || (is_open(goal) && is_off(goal->track)))
        return GROUP_RISK;
    switch (goal->status) {
    case GOAL_DRAFT:
        return GROUP_DRAFT;
    case GOAL_PAUSED:
        return GROUP_PAUSED;
    case GOAL_COMPLETED:
        return GROUP_COMPLETED;
    case GOAL_CANCELLED:
        return GROUP_CANCELLED;
    case GOAL_ARCHIVED: /* what was completed stays so in the archive */
        return timestamp_is_none(goal->ended_at) ? GROUP_CANCELLED : GROUP_COMPLETED;
    case GOAL_ACTIVE:
        break;
    }
    return GROUP_ACTIVE;
}

struct place {
    const struct report_goal *goal;
    enum goal_group group;
    int rank; /* within the group */
    size_t index;
};

static int compare_places(const void *one, const void *two)
{
    const struct place *a = one, *b = two;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->group <= GROUP_PAUSED && a->goal->due_date.us != b->goal->due_date.us &&
        !timestamp_is_none(a->goal->due_date) && !timestamp_is_none(b->goal->due_date))
        return a->goal->due_date.us < b->goal->due_date.us ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

const struct report_goal **content_sort_goals(const struct report *report, struct arena *arena)
{
    const struct report_goal *goals = report->goals.items;
    size_t count = report->goals.count;
    const struct report_goal **sorted = arena_array(arena, count, sizeof(void *));
    struct place *places = arena_array(arena, count, sizeof *places);

    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){&goals[i], content_goal_group(report, &goals[i]),
                                   is_late(report, &goals[i])       ? 0
                                   : goals[i].track == LINK_AT_RISK ? 1
                                                                    : 2,
                                   i};
    if (count > 0)
        qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++)
        sorted[i] = places[i].goal;
    return sorted;
}

/* --- One goal --- */

struct str content_goal_title(const struct content_writer *t, const struct report_goal *goal)
{
    struct str clean = label_clean(t->arena, goal->title, TITLE_MAX);

    return clean.size > 0 ? clean : locale_text(t->f->locale, TEXT_UNTITLED_GOAL);
}

/* The KPI that is furthest from where it should be; NULL when none is off. */
static const struct report_goal_kpi *worst_kpi(const struct report_goal *goal)
{
    const struct report_goal_kpi *kpis = goal->kpis.items, *worst = NULL;

    for (size_t i = 0; i < goal->kpis.count; i++)
        if (is_off(kpis[i].status) &&
            (!worst || (kpis[i].status == LINK_AT_RISK && worst->status == LINK_BEHIND) ||
             (kpis[i].status == worst->status && fabs(kpis[i].variance) > fabs(worst->variance))))
            worst = &kpis[i];
    return worst;
}

static struct str kpi_reason(const struct content_writer *t, const struct report_goal_kpi *kpi)
{
    struct str name = label_apart(t->arena, kpi->name, 60, t->f->locale->rtl);

    if (isfinite(kpi->variance))
        return FILL(t->f, TEXT_KPI_OFF_BY, name, format_change(t->f, kpi->variance));
    return FILL(t->f, TEXT_KPI_IS, name,
                format_word(t->f, enum_name(&link_status_names, kpi->status)));
}

struct str content_goal_reason(const struct content_writer *t, const struct report_goal *goal,
                               int max)
{
    const struct report_goal_kpi *worst = worst_kpi(goal);
    struct buffer out = buffer_in(t->arena, 128);
    struct str parts[3];
    int count = 0;

    if (is_late(t->report, goal))
        parts[count++] = FILL(t->f, TEXT_OVERDUE_SINCE, format_day(t->f, goal->due_date));
    if (worst)
        parts[count++] = kpi_reason(t, worst);
    if (goal->late_actions > 0)
        parts[count++] = FILL(t->f, TEXT_LATE_ACTIONS, format_count(t->f, goal->late_actions));
    for (int i = 0; i < count && i < max; i++) {
        buffer_append(&out, "; ", i > 0 ? 2 : 0);
        buffer_append(&out, parts[i].data, parts[i].size);
    }
    return buffer_str(&out);
}

static struct str goal_about(const struct content_writer *t, const struct report_goal *goal)
{
    struct str owner = goal->owner_name.size > 0 ? label_apart(t->arena, goal->owner_name,
                                                               NAME_LENGTH_MAX, t->f->locale->rtl)
                                                 : locale_text(t->f->locale, TEXT_NO_OWNER);
    bool ended = !timestamp_is_none(goal->ended_at);
    struct timestamp day = ended ? goal->ended_at : goal->due_date;

    if (timestamp_is_none(day))
        return owner;
    struct str when = ended ? FILL(t->f, TEXT_ENDED_ON, format_day(t->f, day))
                            : FILL(t->f, TEXT_DUE_ON, format_day(t->f, day));
    return arena_printf(t->arena, STR_FMT " \u00B7 " STR_FMT, STR_ARG(owner), STR_ARG(when));
}

static const struct strategy_line *strategy_lines(const struct content_writer *t,
                                                  const struct report_goal *goal)
{
    const struct report_strategy *strategies = goal->strategies.items;
    struct strategy_line *lines = arena_array(t->arena, goal->strategies.count, sizeof *lines);

    for (size_t i = 0; i < goal->strategies.count; i++) {
        struct str word = enum_name(&strategy_status_names, strategies[i].status);

        lines[i] =
            (struct strategy_line){label_clean(t->arena, strategies[i].description, TEXT_MAX),
                                   format_word(t->f, word), label_tone(word)};
    }
    return lines;
}

/* "47 points · expected 48.5 points · target 50 points" */
static struct str kpi_values(const struct content_writer *t, const struct report_goal_kpi *kpi)
{
    struct str current = isnan(kpi->current) ? locale_text(t->f->locale, TEXT_NO_READING)
                                             : format_value(t->f, kpi->current, kpi->unit);
    struct str target = format_value(t->f, kpi->target, kpi->unit);

    if (isnan(kpi->expected))
        return FILL(t->f, TEXT_GOAL_KPI_SHORT, current, target);
    return FILL(t->f, TEXT_GOAL_KPI_LINE, current, format_value(t->f, kpi->expected, kpi->unit),
                target);
}

static const struct goal_kpi_line *kpi_lines(const struct content_writer *t,
                                             const struct report_goal *goal)
{
    const struct report_goal_kpi *kpis = goal->kpis.items;
    struct goal_kpi_line *lines = arena_array(t->arena, goal->kpis.count, sizeof *lines);

    for (size_t i = 0; i < goal->kpis.count; i++) {
        struct str word = enum_name(&link_status_names, kpis[i].status);

        lines[i] = (struct goal_kpi_line){content_or_dash(t, kpis[i].name, TITLE_MAX),
                                          kpi_values(t, &kpis[i]), format_word(t->f, word),
                                          label_tone(word)};
    }
    return lines;
}

/* What the goal is called at its side: its risk before its status. */
static void set_status(const struct content_writer *t, const struct report_goal *goal,
                       struct goal_block *block)
{
    struct str word = is_open(goal) && is_off(goal->track)
                          ? enum_name(&link_status_names, goal->track)
                          : enum_name(&goal_status_names, goal->status);

    block->status = format_word(t->f, word);
    block->tone = label_tone(word);
    if (is_late(t->report, goal)) {
        block->status = locale_text(t->f->locale, TEXT_OVERDUE);
        block->tone = TONE_BAD;
    }
}

static void write_goal(const struct content_writer *t, const struct report_goal *goal)
{
    struct goal_block block = {
        .title = content_goal_title(t, goal),
        .about = goal_about(t, goal),
        .reason = content_goal_group(t->report, goal) == GROUP_RISK
                      ? content_goal_reason(t, goal, 3)
                      : STR_NONE,
        .progress = goal->progress,
        .with_bar = !t->report->without_charts,
        .progress_text = isnan(goal->progress) ? locale_text(t->f->locale, TEXT_UNKNOWN_PROGRESS)
                                               : format_percent(t->f, goal->progress),
        .strategies = strategy_lines(t, goal),
        .strategy_count = goal->strategies.count,
        .kpis = kpi_lines(t, goal),
        .kpi_count = goal->kpis.count,
    };

    set_status(t, goal, &block);
    t->sink->ops->goal(t->sink, &block);
}

/* --- The chapters --- */

static void write_group(const struct content_writer *t, enum goal_group group, enum text title)
{
    size_t count = 0;

    for (size_t i = 0; i < t->report->goals.count; i++)
        count += content_goal_group(t->report, t->goals[i]) == group;
    if (count == 0)
        return;
    t->sink->ops->heading(t->sink, FILL(t->f, TEXT_COUNTED, locale_text(t->f->locale, title),
                                        format_count(t->f, (int64_t)count)));
    for (size_t i = 0; i < t->report->goals.count; i++)
        if (content_goal_group(t->report, t->goals[i]) == group)
            write_goal(t, t->goals[i]);
}

void content_goals(const struct content_writer *t)
{
    static const enum text titles[GROUPS] = {
        [GROUP_RISK] = TEXT_GROUP_RISK,     [GROUP_ACTIVE] = TEXT_GROUP_ACTIVE,
        [GROUP_PAUSED] = TEXT_GROUP_PAUSED, [GROUP_COMPLETED] = TEXT_GROUP_COMPLETED,
        [GROUP_DRAFT] = TEXT_GROUP_DRAFT,   [GROUP_CANCELLED] = TEXT_GROUP_CANCELLED,
    };
    const struct list *list = &t->report->goals;
    const struct locale *locale = t->f->locale;

    t->sink->ops->section(t->sink, SECTION_GOALS, locale_text(locale, TEXT_GOALS), list->count > 2);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NO_GOALS));
        return;
    }
    content_note_state(t);
    content_note_cut(t, list, t->report->goals_total);
    for (int group = 0; group < GROUPS; group++)
        write_group(t, (enum goal_group)group, titles[group]);
}

static bool lacks_strategy(const struct report_goal *goal)
{
    const struct report_strategy *strategies = goal->strategies.items;

    for (size_t i = 0; i < goal->strategies.count; i++)
        if (strategies[i].status != STRATEGY_DRAFT)
            return false;
    return is_open(goal) || goal->status == GOAL_DRAFT;
}

/* Where goals with their strategies have a chapter of their own, only what lacks one. */
static void write_lacking(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_GOAL, 0.62, CELL_STRONG),
        content_column(t, TEXT_OWNER, 0.22, CELL_TEXT),
        content_column(t, TEXT_STATUS, 0.16, CELL_TAG),
    };
    const struct sink_ops *ops = t->sink->ops;
    size_t count = 0;

    for (size_t i = 0; i < t->report->goals.count; i++)
        count += lacks_strategy(t->goals[i]);
    if (count == 0) {
        ops->text(t->sink, ROLE_BODY, locale_text(t->f->locale, TEXT_ALL_WITH_STRATEGY));
        return;
    }
    ops->label(t->sink,
               FILL(t->f, TEXT_COUNTED, locale_text(t->f->locale, TEXT_WITHOUT_STRATEGY),
                    format_count(t->f, (int64_t)count)),
               SECTION_GOALS);
    ops->table(t->sink, columns, 3, false);
    for (size_t i = 0; i < t->report->goals.count; i++)
        if (lacks_strategy(t->goals[i]))
            ops->row(t->sink,
                     (const struct cell[]){
                         {content_goal_title(t, t->goals[i]), TONE_PLAIN},
                         {content_or_dash(t, t->goals[i]->owner_name, NAME_LENGTH_MAX), TONE_PLAIN},
                         content_word(t, enum_name(&goal_status_names, t->goals[i]->status))});
    ops->table_end(t->sink);
}

static void write_all_strategies(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_STRATEGY, 0.52, CELL_TEXT),
        content_column(t, TEXT_GOAL, 0.34, CELL_TEXT),
        content_column(t, TEXT_STATUS, 0.14, CELL_TAG),
    };
    const struct sink_ops *ops = t->sink->ops;

    ops->table(t->sink, columns, 3, false);
    for (size_t i = 0; i < t->report->goals.count; i++) {
        const struct report_strategy *strategies = t->goals[i]->strategies.items;

        for (size_t k = 0; k < t->goals[i]->strategies.count; k++)
            ops->row(t->sink,
                     (const struct cell[]){
                         {content_or_dash(t, strategies[k].description, TEXT_MAX), TONE_PLAIN},
                         {content_goal_title(t, t->goals[i]), TONE_PLAIN},
                         content_word(t, enum_name(&strategy_status_names, strategies[k].status))});
    }
    ops->table_end(t->sink);
}

void content_strategies(const struct content_writer *t)
{
    const struct locale *locale = t->f->locale;
    const struct list *counts = &t->report->strategies_by_status;
    struct bars chart = content_bars(t, TEXT_STRATEGIES_BY_STATUS, counts);

    t->sink->ops->section(t->sink, SECTION_STRATEGIES, locale_text(locale, TEXT_STRATEGIES), false);
    if (content_sum(counts) == 0)
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NO_STRATEGIES));
    else
        content_charts(t, &chart, 1);
    if (t->report->goals.count == 0)
        return;
    if (content_has(t->report, SECTION_GOALS))
        write_lacking(t);
    else if (content_sum(counts) > 0)
        write_all_strategies(t);
}
