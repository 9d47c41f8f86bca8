/* KPIs with their readings and plans, those off plan first; and how they changed. */
#include <math.h>
#include <stdlib.h>

#include "content_parts.h"
#include "labels.h"

/* --- Changes --- */

int content_move_sign(const struct report_move *move)
{
    double change = move->after - move->before;

    if (!(fabs(change) > 0))
        return 0;
    return (change > 0) == (move->direction != KPI_DOWN) ? 1 : -1;
}

/* Parts of both values: their difference may exceed what a double holds. Of next to nothing, a
 * percentage tells nothing. */
double content_move_percent(const struct report_move *move)
{
    double from = fabs(move->before);

    double percent = (move->after / from - (move->before < 0 ? -1 : 1)) * 100;

    return fabs(percent) < 1000 ? percent : (double)NAN;
}

struct str content_move_text(const struct content_writer *t, const struct report_move *move)
{
    struct str before = format_short(t->f, move->before);
    struct str after = format_value(t->f, move->after, move->unit);
    struct str arrow = t->f->locale->rtl ? STR("\u2190") : STR("\u2192");
    double percent = content_move_percent(move);

    if (fabs(move->after) >= 1e4)
        after = format_short(t->f, move->after);
    if (isnan(percent))
        return arena_printf(t->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(before),
                            STR_ARG(arrow), STR_ARG(after));
    return arena_printf(t->arena, STR_FMT " " STR_FMT " " STR_FMT " (" STR_FMT ")", STR_ARG(before),
                        STR_ARG(arrow), STR_ARG(after), STR_ARG(format_change(t->f, percent)));
}

/* --- Groups and order --- */

enum kpi_group { KPI_OFF, KPI_ON, KPI_UNKNOWN, KPI_GROUPS };

static enum kpi_group group_of(const struct report_kpi *kpi)
{
    if (kpi->off_plan || kpi->status == LINK_AT_RISK || kpi->status == LINK_BEHIND)
        return KPI_OFF;
    return kpi->status == LINK_ON_TRACK ? KPI_ON : KPI_UNKNOWN;
}

struct place {
    const struct report_kpi *kpi;
    enum kpi_group group;
    double distance; /* from what is expected, of those that are off */
    size_t index;
};

static int compare_places(const void *one, const void *two)
{
    const struct place *a = one, *b = two;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->distance > b->distance || a->distance < b->distance)
        return a->distance > b->distance ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static struct place *sort_kpis(const struct content_writer *t)
{
    const struct report_kpi *kpis = t->report->kpis.items;
    size_t count = t->report->kpis.count;
    struct place *places = arena_array(t->arena, count, sizeof *places);

    for (size_t i = 0; i < count; i++) {
        enum kpi_group group = group_of(&kpis[i]);
        double distance = fabs(kpis[i].variance);

        places[i] = (struct place){&kpis[i], group,
                                   group == KPI_OFF && isfinite(distance) ? distance : 0, i};
    }
    if (count > 0)
        qsort(places, count, sizeof *places, compare_places);
    return places;
}

/* --- One KPI --- */

/* The threshold is a percentage of the way from baseline to target; without a baseline the way
 * begins at the earliest reading, as progress does. */
static struct trend_line kpi_trend(const struct content_writer *t, const struct report_kpi *kpi)
{
    const struct report_reading *readings = kpi->readings.items;
    struct trend_line trend = {.axis = AXIS_MONTHS,
                               .readings = readings,
                               .count = kpi->readings.count,
                               .target = kpi->target,
                               .plan = kpi->plan.items,
                               .plan_count = kpi->plan.count,
                               .from = month_of(t->report->from),
                               .to = month_of(t->report->to)};
    double from = kpi->baseline;

    if (isnan(from) && kpi->readings.count > 0)
        from = readings[0].value;
    /* Parts of both ends: their difference may exceed what a double holds. */
    trend.threshold = from * (1 - kpi->threshold / 100) + kpi->target * (kpi->threshold / 100);
    return trend;
}

static struct str kpi_goals(const struct content_writer *t, const struct report_kpi *kpi)
{
    enum { SHOWN = 5 };
    struct buffer out = buffer_in(t->arena, 256);
    size_t shown = kpi->goals.count > SHOWN ? SHOWN : kpi->goals.count;

    if (shown == 0)
        return STR_NONE;
    for (size_t i = 0; i < shown; i++) {
        struct str title = label_apart(t->arena, kpi->goals.items[i], 100, t->f->locale->rtl);
        struct str comma = str_of(t->f->locale->comma);

        buffer_append(&out, comma.data, i > 0 ? comma.size : 0);
        buffer_append(&out, title.data, title.size);
    }
    if (shown < kpi->goals.count)
        return FILL(t->f, TEXT_AND_MORE, buffer_str(&out),
                    format_count(t->f, (int64_t)(kpi->goals.count - shown)));
    return buffer_str(&out);
}

static struct str sentence(struct arena *arena, struct str before, struct str more)
{
    return before.size == 0
               ? more
               : arena_printf(arena, STR_FMT ". " STR_FMT, STR_ARG(before), STR_ARG(more));
}

/* The period's readings, the newest of them when they are many. */
static void add_readings(const struct content_writer *t, const struct report_kpi *kpi,
                         struct kpi_block *block)
{
    const struct report_reading *readings = kpi->readings.items;
    size_t max = sizeof block->latest / sizeof *block->latest;
    size_t begin = 0, end = kpi->readings.count;
    bool estimated = false;

    while (begin < end && readings[begin].period.number < block->trend.from)
        begin++;
    size_t first = end - begin > max ? end - max : begin;
    block->latest_count = end - first > 1 ? end - first : 0; /* the latest one is told anyway */
    for (size_t i = first; i < end && block->latest_count > 0; i++)
        block->latest[i - first] = (struct figure){.label = format_month(t->f, readings[i].period),
                                                   .value = format_short(t->f, readings[i].value)};
    for (size_t i = 0; i < end; i++)
        estimated |= readings[i].is_estimate;
    if (end > 0 && begin == end)
        block->note = locale_text(t->f->locale, TEXT_NO_READING_IN_PERIOD);
    else if (first > begin)
        block->note = FILL(t->f, TEXT_LATEST_OF, format_count(t->f, (int64_t)block->latest_count),
                           format_count(t->f, (int64_t)(end - begin)));
    if (estimated && block->with_chart)
        block->note = sentence(t->arena, block->note, locale_text(t->f->locale, TEXT_HOLLOW));
}

static struct str kpi_about(const struct content_writer *t, const struct report_kpi *kpi)
{
    struct str unit = label_clean(t->arena, kpi->unit, 50);
    struct str direction = locale_text(
        t->f->locale, kpi->direction == KPI_DOWN ? TEXT_LOWER_IS_BETTER : TEXT_HIGHER_IS_BETTER);

    return unit.size > 0 ? FILL(t->f, TEXT_IN_UNIT,
                                label_apart(t->arena, unit, 50, t->f->locale->rtl), direction)
                         : direction;
}

static struct str kpi_status(const struct content_writer *t, const struct report_kpi *kpi)
{
    struct str word = format_word(t->f, enum_name(&link_status_names, kpi->status));

    if (kpi->status == 0 || kpi->status == LINK_NO_DATA)
        return STR_NONE;
    if (!isfinite(kpi->variance))
        return word;
    return arena_printf(t->arena, STR_FMT " \u00B7 " STR_FMT, STR_ARG(word),
                        STR_ARG(format_change(t->f, kpi->variance)));
}

static void set_figures(const struct content_writer *t, const struct report_kpi *kpi,
                        struct kpi_block *block)
{
    const struct report_reading *readings = kpi->readings.items;
    size_t count = kpi->readings.count;
    const struct locale *locale = t->f->locale;
    struct str when = count > 0 ? format_month(t->f, readings[count - 1].period)
                                : locale_text(locale, TEXT_NO_READING);
    const struct figure figures[] = {
        {format_value(t->f, count > 0 ? readings[count - 1].value : (double)NAN, kpi->unit),
         locale_text(locale, TEXT_LATEST), when, TONE_QUIET},
        {format_value(t->f, kpi->expected, kpi->unit), locale_text(locale, TEXT_EXPECTED), STR_NONE,
         TONE_QUIET},
        {format_value(t->f, kpi->target, kpi->unit), locale_text(locale, TEXT_TARGET), STR_NONE,
         TONE_QUIET},
        {format_value(t->f, kpi->baseline, kpi->unit), locale_text(locale, TEXT_BASELINE), STR_NONE,
         TONE_QUIET},
    };

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        block->figures[i] = figures[i];
}

static void write_kpi(const struct content_writer *t, const struct report_kpi *kpi)
{
    struct str name = label_clean(t->arena, kpi->name, TITLE_MAX);
    struct kpi_block block = {
        .name = name.size > 0 ? name : locale_text(t->f->locale, TEXT_UNNAMED_KPI),
        .about = kpi_about(t, kpi),
        .status = kpi_status(t, kpi),
        .tone = kpi->off_plan && kpi->status == LINK_ON_TRACK
                    ? TONE_NOTICE
                    : label_tone(enum_name(&link_status_names, kpi->status)),
        .goals = kpi_goals(t, kpi),
        .with_chart = !t->report->without_charts,
        .trend = kpi_trend(t, kpi),
    };

    set_figures(t, kpi, &block);
    block.chart_says = FILL(t->f, TEXT_TREND_OF, block.name, block.figures[0].value);
    add_readings(t, kpi, &block);
    t->sink->ops->kpi(t->sink, &block);
}

/* Of the group that begins at `places`. */
static void write_group_title(const struct content_writer *t, const struct place *places,
                              size_t count, enum text title)
{
    size_t size = 0;

    while (size < count && places[size].group == places[0].group)
        size++;
    t->sink->ops->heading(t->sink, FILL(t->f, TEXT_COUNTED, locale_text(t->f->locale, title),
                                        format_count(t->f, (int64_t)size)));
}

void content_kpis(const struct content_writer *t)
{
    static const enum text titles[KPI_GROUPS] = {TEXT_GROUP_OFF, TEXT_GROUP_ON, TEXT_GROUP_NO_DATA};
    const struct list *list = &t->report->kpis;
    const struct locale *locale = t->f->locale;

    t->sink->ops->section(t->sink, SECTION_KPIS, locale_text(locale, TEXT_KPIS), list->count > 1);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, locale_text(locale, TEXT_NO_KPIS));
        return;
    }
    if (!t->report->without_charts)
        t->sink->ops->text(
            t->sink, ROLE_NOTE,
            FILL(t->f, TEXT_READINGS_UNTIL, format_long_day(t->f, content_as_of(t->report))));
    content_note_cut(t, list, t->report->kpis_total);
    const struct place *places = sort_kpis(t);
    for (size_t i = 0; i < list->count; i++) {
        if (i == 0 || places[i].group != places[i - 1].group)
            write_group_title(t, &places[i], list->count - i, titles[places[i].group]);
        write_kpi(t, places[i].kpi);
    }
}
