/* What several chapters say in the same way. */
#include "content_parts.h"

#include "labels.h"

enum { BARS_MAX = 10 };

bool content_has(const struct report *report, enum report_section section)
{
    for (size_t i = 0; i < report->sections.count; i++)
        if (enum_value(&report_section_names, report->sections.items[i]) == section)
            return true;
    return report->sections.count == 0;
}

struct timestamp content_as_of(const struct report *report)
{
    return timestamp_is_none(report->as_of) ? report->generated_at : report->as_of;
}

int64_t content_total(const struct list *list, int64_t total)
{
    return total > (int64_t)list->count ? total : (int64_t)list->count;
}

void content_note_state(const struct content_writer *t)
{
    t->sink->ops->text(t->sink, ROLE_NOTE,
                       FILL(t->f, TEXT_STATE_AT, format_moment(t->f, content_as_of(t->report))));
}

void content_note_cut(const struct content_writer *t, const struct list *list, int64_t total)
{
    if (content_total(list, total) > (int64_t)list->count)
        t->sink->ops->text(t->sink, ROLE_NOTE,
                           FILL(t->f, TEXT_CUT, format_count(t->f, (int64_t)list->count),
                                format_count(t->f, total)));
}

struct bars content_bars(const struct content_writer *t, enum text title, const struct list *counts)
{
    const struct report_count *items = counts->items;
    struct bars bars = {.title = locale_text(t->f->locale, title)};
    int64_t other = 0;

    bars.items = arena_array(t->arena, BARS_MAX, sizeof *bars.items);
    for (size_t i = 0; i < counts->count; i++) {
        struct bar *bar = &bars.items[bars.count];

        if (bars.count == BARS_MAX - 1 && counts->count > BARS_MAX) {
            other += items[i].count;
            *bar = (struct bar){locale_text(t->f->locale, TEXT_OTHER), (double)other,
                                format_count(t->f, other), TONE_QUIET};
            continue;
        }
        *bar = (struct bar){format_word(t->f, items[i].label), (double)items[i].count,
                            format_count(t->f, items[i].count), label_tone(items[i].label)};
        bars.count++;
    }
    bars.count += other > 0;
    return bars;
}

int64_t content_sum(const struct list *counts)
{
    const struct report_count *items = counts->items;
    int64_t total = 0;

    for (size_t i = 0; i < counts->count; i++)
        total += items[i].count;
    return total;
}

void content_charts(const struct content_writer *t, const struct bars *charts, size_t count)
{
    if (!t->report->without_charts)
        t->sink->ops->charts(t->sink, charts, count);
    for (size_t i = 0; i < count && t->report->without_charts; i++)
        t->sink->ops->text(t->sink, ROLE_BODY, format_bars(t->f, &charts[i]));
}

struct str content_or_dash(const struct content_writer *t, struct str text, size_t max)
{
    struct str clean = label_clean(t->arena, text, max);

    return clean.size > 0 ? clean : STR("\u2013");
}

struct column content_column(const struct content_writer *t, enum text title, double share,
                             enum cell_kind kind)
{
    return (struct column){locale_text(t->f->locale, title), share, kind};
}

struct cell content_word(const struct content_writer *t, struct str word)
{
    struct str shown = format_word(t->f, word);

    return (struct cell){shown.size > 0 ? shown : STR("\u2013"), label_tone(word)};
}
