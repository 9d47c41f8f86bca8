/* Actions and issues of the period, the people who do the work, and the log. */
#include "content_parts.h"
#include "labels.h"

/* A list with its title; `none` is said when it is empty. True when a table is to follow. */
static bool begin_list(const struct content_writer *t, enum text title, const struct list *list,
                       int64_t total, enum text none)
{
    const struct sink_ops *ops = t->sink->ops;
    struct str name = locale_text(t->f->locale, title);

    if (list->count > 0)
        name = FILL(t->f, TEXT_COUNTED, name, format_count(t->f, content_total(list, total)));
    ops->heading(t->sink, name);
    if (list->count == 0)
        ops->text(t->sink, ROLE_BODY, locale_text(t->f->locale, none));
    else
        content_note_cut(t, list, total);
    return list->count > 0;
}

static struct cell name_cell(const struct content_writer *t, struct str name)
{
    return (struct cell){content_or_dash(t, name, NAME_LENGTH_MAX), TONE_PLAIN};
}

static struct cell title_cell(const struct content_writer *t, struct str title)
{
    return (struct cell){content_or_dash(t, title, TITLE_MAX), TONE_PLAIN};
}

static struct cell day_cell(const struct content_writer *t, struct timestamp day)
{
    return (struct cell){format_day(t->f, day), TONE_PLAIN};
}

/* --- Actions --- */

static struct str days_late(const struct content_writer *t, struct timestamp due)
{
    int64_t us =
        timestamp_start_of_day(content_as_of(t->report)).us - timestamp_start_of_day(due).us;

    return timestamp_is_none(due) ? STR("\u2013") : format_count(t->f, us / 86400000000);
}

static void write_overdue(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_ACTION, 0.31, CELL_STRONG),
        content_column(t, TEXT_GOAL, 0.20, CELL_TEXT),
        content_column(t, TEXT_ASSIGNED_TO, 0.15, CELL_TEXT),
        content_column(t, TEXT_DUE, 0.145, CELL_TEXT),
        content_column(t, TEXT_DAYS_LATE, 0.085, CELL_NUMBER),
        content_column(t, TEXT_PRIORITY, 0.11, CELL_TAG),
    };
    const struct list *list = &t->report->overdue_actions;
    const struct report_action *actions = list->items;

    if (!begin_list(t, TEXT_OVERDUE_ACTIONS, list, t->report->overdue_total, TEXT_NO_OVERDUE))
        return;
    t->sink->ops->table(t->sink, columns, 6, false);
    for (size_t i = 0; i < list->count; i++)
        t->sink->ops->row(t->sink,
                          (const struct cell[]){title_cell(t, actions[i].title),
                                                title_cell(t, actions[i].goal),
                                                name_cell(t, actions[i].assignee),
                                                day_cell(t, actions[i].due_date),
                                                {days_late(t, actions[i].due_date), TONE_BAD},
                                                content_word(t, actions[i].priority)});
    t->sink->ops->table_end(t->sink);
}

static void write_actions_of_period(const struct content_writer *t, const struct list *list,
                                    bool completed)
{
    const struct column columns[] = {
        content_column(t, TEXT_ACTION, 0.35, CELL_STRONG),
        content_column(t, TEXT_GOAL, 0.22, CELL_TEXT),
        content_column(t, TEXT_ASSIGNED_TO, 0.15, CELL_TEXT),
        content_column(t, completed ? TEXT_COMPLETED : TEXT_OPENED, 0.145, CELL_TEXT),
        content_column(t, completed ? TEXT_DUE : TEXT_STATUS, 0.135,
                       completed ? CELL_TEXT : CELL_TAG),
    };
    const struct report_action *actions = list->items;

    t->sink->ops->table(t->sink, columns, 5, false);
    for (size_t i = 0; i < list->count; i++)
        t->sink->ops->row(
            t->sink,
            (const struct cell[]){
                title_cell(t, actions[i].title), title_cell(t, actions[i].goal),
                name_cell(t, actions[i].assignee),
                day_cell(t, completed ? actions[i].completed_at : actions[i].opened_at),
                completed ? day_cell(t, actions[i].due_date) : content_word(t, actions[i].status)});
    t->sink->ops->table_end(t->sink);
}

void content_actions(const struct content_writer *t)
{
    const struct report *r = t->report;
    struct bars chart = content_bars(t, TEXT_ACTIONS_BY_STATUS, &r->actions_by_status);

    t->sink->ops->section(
        t->sink, SECTION_ACTIONS, locale_text(t->f->locale, TEXT_ACTIONS),
        r->overdue_actions.count + r->completed_actions.count + r->opened_actions.count > 8);
    content_note_state(t);
    if (content_sum(&r->actions_by_status) > 0)
        content_charts(t, &chart, 1);
    write_overdue(t);
    if (begin_list(t, TEXT_COMPLETED_ACTIONS, &r->completed_actions, r->completed_total,
                   TEXT_NO_ACTION_COMPLETED))
        write_actions_of_period(t, &r->completed_actions, true);
    if (begin_list(t, TEXT_OPENED_ACTIONS, &r->opened_actions, r->opened_total,
                   TEXT_NO_ACTION_OPENED))
        write_actions_of_period(t, &r->opened_actions, false);
}

/* --- Issues --- */

static void write_issues(const struct content_writer *t, const struct list *list, bool closed)
{
    const struct column columns[] = {
        content_column(t, TEXT_ISSUE, 0.325, CELL_STRONG),
        content_column(t, TEXT_TYPE, 0.12, CELL_TEXT),
        content_column(t, TEXT_STATUS, 0.13, CELL_TEXT),
        content_column(t, TEXT_IMPACT, 0.125, CELL_TAG),
        content_column(t, TEXT_REPORTED_BY, 0.16, CELL_TEXT),
        content_column(t, closed ? TEXT_CLOSED : TEXT_REPORTED, 0.14, CELL_TEXT),
    };
    const struct report_issue *issues = list->items;

    t->sink->ops->table(t->sink, columns, 6, false);
    for (size_t i = 0; i < list->count; i++)
        t->sink->ops->row(
            t->sink,
            (const struct cell[]){
                title_cell(t, issues[i].title), name_cell(t, format_word(t->f, issues[i].type)),
                name_cell(t, format_word(t->f, issues[i].status)),
                content_word(t, issues[i].impact.size > 0 ? issues[i].impact : issues[i].priority),
                name_cell(t, issues[i].reporter),
                day_cell(t, closed ? issues[i].closed_at : issues[i].reported_at)});
    t->sink->ops->table_end(t->sink);
}

void content_issues(const struct content_writer *t)
{
    const struct report *r = t->report;
    struct bars chart = content_bars(t, TEXT_ISSUES_BY_CATEGORY, &r->issues_by_category);

    t->sink->ops->section(t->sink, SECTION_ISSUES, locale_text(t->f->locale, TEXT_ISSUES),
                          r->open_issues.count + r->closed_issues.count + r->opened_issues.count >
                              8);
    content_note_state(t);
    if (content_sum(&r->issues_by_category) > 0)
        content_charts(t, &chart, 1);
    if (begin_list(t, TEXT_OPEN_ISSUES, &r->open_issues, r->open_issues_total, TEXT_NO_ISSUE_OPEN))
        write_issues(t, &r->open_issues, false);
    if (begin_list(t, TEXT_CLOSED_ISSUES, &r->closed_issues, r->closed_issues_total,
                   TEXT_NO_ISSUE_CLOSED))
        write_issues(t, &r->closed_issues, true);
    if (begin_list(t, TEXT_OPENED_ISSUES, &r->opened_issues, r->opened_issues_total,
                   TEXT_NO_ISSUE_OPENED))
        write_issues(t, &r->opened_issues, false);
}

/* --- People --- */

static struct cell count_cell(const struct content_writer *t, int64_t count, enum tone tone)
{
    return (struct cell){format_count(t->f, count == INT_NONE ? 0 : count),
                         count > 0 ? tone : TONE_PLAIN};
}

void content_people(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_PERSON, 0.25, CELL_STRONG),
        content_column(t, TEXT_OPEN_GOALS, 0.14, CELL_NUMBER),
        content_column(t, TEXT_LATE_GOALS, 0.15, CELL_NUMBER),
        content_column(t, TEXT_OPEN_ACTIONS, 0.15, CELL_NUMBER),
        content_column(t, TEXT_OVERDUE_ACTIONS, 0.16, CELL_NUMBER),
        content_column(t, TEXT_DONE_ACTIONS, 0.15, CELL_NUMBER),
    };
    const struct locale *locale = t->f->locale;
    const struct list *list = &t->report->people;
    const struct report_person *people = list->items;

    t->sink->ops->section(t->sink, SECTION_PEOPLE, locale_text(locale, TEXT_PEOPLE),
                          list->count > 8);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NO_PEOPLE));
        return;
    }
    content_note_state(t);
    t->sink->ops->table(t->sink, columns, 6, false);
    for (size_t i = 0; i < list->count; i++)
        t->sink->ops->row(
            t->sink, (const struct cell[]){name_cell(t, people[i].name),
                                           count_cell(t, people[i].goals, TONE_PLAIN),
                                           count_cell(t, people[i].late_goals, TONE_BAD),
                                           count_cell(t, people[i].actions, TONE_PLAIN),
                                           count_cell(t, people[i].late_actions, TONE_BAD),
                                           count_cell(t, people[i].completed_actions, TONE_GOOD)});
    t->sink->ops->table_end(t->sink);
}

/* --- The log --- */

void content_activity(const struct content_writer *t)
{
    const struct column columns[] = {
        content_column(t, TEXT_DATE, 0.145, CELL_TEXT),
        content_column(t, TEXT_PERSON, 0.18, CELL_TEXT),
        content_column(t, TEXT_WHAT_HAPPENED, 0.415, CELL_TEXT),
        content_column(t, TEXT_ABOUT, 0.26, CELL_TEXT),
    };
    const struct locale *locale = t->f->locale;
    const struct list *list = &t->report->activity;
    const struct report_entry *entries = list->items;

    t->sink->ops->section(t->sink, SECTION_ACTIVITY, locale_text(locale, TEXT_ACTIVITY),
                          list->count > 8);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NOTHING_RECORDED));
        return;
    }
    content_note_cut(t, list, t->report->activity_total);
    t->sink->ops->table(t->sink, columns, 4, false);
    for (size_t i = 0; i < list->count; i++) {
        struct str known = locale_word(locale, entries[i].text);

        t->sink->ops->row(
            t->sink,
            (const struct cell[]){
                day_cell(t, entries[i].at),
                name_cell(t, entries[i].person),
                {content_or_dash(t, known.data ? known : entries[i].text, ENTRY_MAX), TONE_PLAIN},
                title_cell(t, entries[i].goal)});
    }
    t->sink->ops->table_end(t->sink);
}
