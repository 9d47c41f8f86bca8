/* The report from cover to appendix. Each chapter is written by a function of its own. */
#include "content.h"

#include "content_parts.h"
#include "labels.h"

/* What `generated` adds to the moment of the figures: nothing when they are of that moment. */
static struct str generated(const struct content_writer *t)
{
    const struct report *report = t->report;

    return content_as_of(report).us == report->generated_at.us
               ? STR_NONE
               : format_moment(t->f, report->generated_at);
}

static void write_cover(const struct content_writer *t)
{
    const struct report *report = t->report;
    struct str name = label_clean(t->arena, report->tenant_name, NAME_LENGTH_MAX);

    if (name.size == 0)
        name = label_clean(t->arena, report->tenant_id, NAME_LENGTH_MAX);
    t->sink->ops->cover(t->sink,
                        &(struct cover){
                            .organisation = name,
                            .period = FILL(t->f, TEXT_FROM_TO, format_long_day(t->f, report->from),
                                           format_long_day(t->f, report->to)),
                            .as_of = format_moment(t->f, content_as_of(report)),
                            .generated = generated(t),
                            .generated_at = report->generated_at,
                            .logo = report->logo,
                        });
}

/* A tenant without data: one page that says so instead of a dozen empty chapters. */
static bool has_nothing(const struct report *r)
{
    return r->stats.total_goals == 0 && r->goals.count == 0 && r->kpis.count == 0 &&
           content_sum(&r->actions_by_status) == 0 && r->overdue_actions.count == 0 &&
           r->completed_actions.count == 0 && r->opened_actions.count == 0 &&
           content_sum(&r->issues_by_category) == 0 && r->open_issues.count == 0 &&
           r->closed_issues.count == 0 && r->opened_issues.count == 0 && r->decisions.count == 0 &&
           r->activity.count == 0;
}

static void write_nothing(const struct content_writer *t)
{
    const struct locale *locale = t->f->locale;

    t->sink->ops->section(t->sink, SECTION_SUMMARY, locale_text(locale, TEXT_SUMMARY), true);
    t->sink->ops->text(t->sink, ROLE_LEAD, locale_text(locale, TEXT_NOTHING_LEAD));
    t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NOTHING_BODY));
}

void content_write(const struct report *report, struct arena *arena, struct sink *sink)
{
    static const struct {
        enum report_section section;
        void (*write)(const struct content_writer *t);
    } chapters[] = {
        {SECTION_SUMMARY, content_summary},       {SECTION_GOALS, content_goals},
        {SECTION_STRATEGIES, content_strategies}, {SECTION_KPIS, content_kpis},
        {SECTION_ACTIONS, content_actions},       {SECTION_ISSUES, content_issues},
        {SECTION_PEOPLE, content_people},         {SECTION_ANALYTICS, content_analytics},
        {SECTION_TRENDS, content_trends},         {SECTION_ACTIVITY, content_activity},
    };
    struct format f = {arena, locale_of(report->lang)};
    struct content_writer t = {report, arena, &f, sink, content_sort_goals(report, arena)};

    write_cover(&t);
    if (has_nothing(report)) {
        write_nothing(&t);
        return;
    }
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++)
        if (content_has(report, chapters[i].section) &&
            !(chapters[i].section == SECTION_ANALYTICS && report->without_analytics))
            chapters[i].write(&t);
}
