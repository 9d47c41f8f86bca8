/* The report from cover to activity. The summary is in summary.c, goals and KPIs in progress.c. */
#include "content.h"

#include "content_parts.h"
#include "labels.h"

static void write_cover(const struct content_writer *t)
{
    const struct report *report = t->report;
    struct str from = label_long_day(t->arena, report->from);
    struct str to = label_long_day(t->arena, report->to);
    struct str name = label_clean(t->arena, report->tenant_name, NAME_LENGTH_MAX);

    if (name.size == 0)
        name = label_clean(t->arena, report->tenant_id, NAME_LENGTH_MAX);
    t->sink->ops->cover(t->sink, &(struct cover){
                                     .organisation = name,
                                     .period = arena_printf(t->arena, STR_FMT " to " STR_FMT,
                                                            STR_ARG(from), STR_ARG(to)),
                                     .generated = label_moment(t->arena, report->generated_at),
                                     .generated_at = report->generated_at,
                                 });
}

static struct str or_dash(const struct content_writer *t, struct str text, size_t max)
{
    struct str clean = label_clean(t->arena, text, max);

    return clean.size > 0 ? clean : STR("\u2013");
}

static void write_actions(const struct content_writer *t)
{
    static const struct column columns[] = {
        {"Action", 0.50, CELL_STRONG},
        {"Assigned to", 0.22, CELL_TEXT},
        {"Due", 0.15, CELL_TEXT},
        {"Priority", 0.13, CELL_TAG},
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->overdue_actions;
    const struct report_action *actions = list->items;

    ops->section(t->sink, "Overdue actions", list->count > 8);
    if (list->count == 0) {
        ops->text(t->sink, ROLE_BODY, STR("No action is overdue."));
        return;
    }
    content_note_cut(t, list, t->report->overdue_total, "overdue actions", "longest overdue first");
    ops->table(t->sink, columns, 4);
    for (size_t i = 0; i < list->count; i++)
        ops->row(t->sink, (const struct str[]){or_dash(t, actions[i].title, TITLE_MAX),
                                               or_dash(t, actions[i].assignee, NAME_LENGTH_MAX),
                                               label_day(t->arena, actions[i].due_date),
                                               label_word(t->arena, actions[i].priority)});
    ops->table_end(t->sink);
}

static void write_issues(const struct content_writer *t)
{
    static const struct column columns[] = {
        {"Issue", 0.42, CELL_STRONG}, {"Type", 0.16, CELL_TEXT},        {"Status", 0.14, CELL_TEXT},
        {"Priority", 0.11, CELL_TAG}, {"Reported by", 0.17, CELL_TEXT},
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->open_issues;
    const struct report_issue *issues = list->items;

    ops->section(t->sink, "Open issues", list->count > 8);
    if (list->count == 0) {
        ops->text(t->sink, ROLE_BODY, STR("No issue is open."));
        return;
    }
    content_note_cut(t, list, t->report->open_issues_total, "open issues", "most urgent first");
    ops->table(t->sink, columns, 5);
    for (size_t i = 0; i < list->count; i++)
        ops->row(t->sink, (const struct str[]){or_dash(t, issues[i].title, TITLE_MAX),
                                               or_dash(t, issues[i].type, NAME_LENGTH_MAX),
                                               or_dash(t, issues[i].status, NAME_LENGTH_MAX),
                                               label_word(t->arena, issues[i].priority),
                                               or_dash(t, issues[i].reporter, NAME_LENGTH_MAX)});
    ops->table_end(t->sink);
}

static void write_activity(const struct content_writer *t)
{
    static const struct column columns[] = {
        {"Date", 0.13, CELL_TEXT},
        {"Person", 0.18, CELL_TEXT},
        {"What happened", 0.43, CELL_TEXT},
        {"About", 0.26, CELL_TEXT},
    };
    const struct sink_ops *ops = t->sink->ops;
    const struct list *list = &t->report->activity;
    const struct report_entry *entries = list->items;

    ops->section(t->sink, "Activity", list->count > 8);
    if (list->count == 0) {
        ops->text(t->sink, ROLE_BODY, STR("Nothing was recorded in this period."));
        return;
    }
    content_note_cut(t, list, t->report->activity_total, "entries of this period", "newest first");
    ops->table(t->sink, columns, 4);
    for (size_t i = 0; i < list->count; i++)
        ops->row(t->sink, (const struct str[]){label_day(t->arena, entries[i].at),
                                               or_dash(t, entries[i].person, NAME_LENGTH_MAX),
                                               or_dash(t, entries[i].text, ENTRY_MAX),
                                               or_dash(t, entries[i].goal, TITLE_MAX)});
    ops->table_end(t->sink);
}

static int64_t sum(const struct list *counts)
{
    const struct report_count *items = counts->items;
    int64_t total = 0;

    for (size_t i = 0; i < counts->count; i++)
        total += items[i].count;
    return total;
}

/* A tenant without data: one page that says so instead of a dozen empty chapters. */
static bool has_nothing(const struct report *report)
{
    return report->stats.total_goals == 0 && report->goals.count == 0 && report->kpis.count == 0 &&
           sum(&report->actions_by_status) == 0 && report->overdue_actions.count == 0 &&
           sum(&report->issues_by_category) == 0 && report->open_issues.count == 0 &&
           report->activity.count == 0;
}

void content_write(const struct report *report, struct arena *arena, struct sink *sink)
{
    struct content_writer t = {report, arena, sink};

    write_cover(&t);
    sink->ops->contents(sink);
    if (has_nothing(report)) {
        sink->ops->section(sink, "Executive summary", true);
        sink->ops->text(sink, ROLE_LEAD, STR("There is nothing to report yet."));
        sink->ops->text(
            sink, ROLE_BODY,
            STR("This organisation has no goals, KPIs, actions or issues, and nothing was "
                "recorded in the period. Once the first goal is set, this report shows "
                "its progress, the performance score and what needs attention."));
        return;
    }
    content_summary(&t);
    content_goals(&t);
    content_kpis(&t);
    write_actions(&t);
    write_issues(&t);
    write_activity(&t);
}
