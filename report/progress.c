/* The chapters on progress: goals with their strategies, KPIs with their readings. */
#include <math.h>

#include "content_parts.h"
#include "labels.h"

static struct str goal_about(const struct content_writer *t, const struct report_goal *goal)
{
    struct str due = label_day(t->arena, goal->due_date);
    struct str owner = goal->owner_name.size > 0
                           ? label_apart(t->arena, goal->owner_name, NAME_LENGTH_MAX)
                           : STR("No owner known");

    return timestamp_is_none(goal->due_date)
               ? owner
               : arena_printf(t->arena, STR_FMT " \u00B7 due " STR_FMT, STR_ARG(owner),
                              STR_ARG(due));
}

static struct str title_or(const struct content_writer *t, struct str title, struct str without)
{
    struct str clean = label_clean(t->arena, title, TITLE_MAX);

    return clean.size > 0 ? clean : without;
}

static void write_goal(const struct content_writer *t, const struct report_goal *goal)
{
    const struct report_strategy *strategies = goal->strategies.items;
    struct str status = enum_name(&goal_status_names, goal->status);
    struct strategy_line *lines;
    struct goal_block block = {
        .title = title_or(t, goal->title, STR("Goal without a title")),
        .about = goal_about(t, goal),
        .status = label_word(t->arena, status),
        .tone = label_tone(status),
        .progress = goal->progress,
        .progress_text = isnan(goal->progress) ? STR("Progress unknown")
                                               : label_percent(t->arena, goal->progress),
        .strategy_count = goal->strategies.count,
    };

    lines = arena_array(t->arena, goal->strategies.count, sizeof *lines);
    for (size_t i = 0; i < goal->strategies.count; i++) {
        struct str word = enum_name(&strategy_status_names, strategies[i].status);

        lines[i] =
            (struct strategy_line){label_clean(t->arena, strategies[i].description, TEXT_MAX),
                                   label_word(t->arena, word), label_tone(word)};
    }
    block.strategies = lines;
    t->sink->ops->goal(t->sink, &block);
}

/* The goals of one horizon, or those without any (0). */
static void write_horizon(const struct content_writer *t, unsigned horizon, const char *title)
{
    const struct list *list = &t->report->goals;
    const struct report_goal *goals = list->items;
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += goals[i].horizon == horizon;
    if (count == 0)
        return;
    t->sink->ops->heading(t->sink, arena_printf(t->arena, "%s (%zu)", title, count));
    for (size_t i = 0; i < list->count; i++)
        if (goals[i].horizon == horizon)
            write_goal(t, &goals[i]);
}

void content_goals(const struct content_writer *t)
{
    const struct list *list = &t->report->goals;

    t->sink->ops->section(t->sink, "Goals", list->count > 2);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, STR("There are no goals."));
        return;
    }
    content_note_cut(t, list, t->report->goals_total, "goals", "in the order of the goals list");
    write_horizon(t, HORIZON_YEAR, "Goals of the year");
    write_horizon(t, HORIZON_QUARTER, "Goals of the quarter");
    write_horizon(t, HORIZON_MONTH, "Goals of the month");
    write_horizon(t, 0, "Goals without a horizon");
}

/* The threshold is a percentage of the way from baseline to target; without a baseline the way
 * begins at the earliest reading, as progress does. */
static struct trend_line kpi_trend(const struct report_kpi *kpi)
{
    const struct report_reading *readings = kpi->readings.items;
    struct trend_line trend = {.readings = readings,
                               .count = kpi->readings.count,
                               .target = kpi->target,
                               .baseline = kpi->baseline,
                               .plan = kpi->plan.items,
                               .plan_count = kpi->plan.count};
    double from = kpi->baseline;

    if (isnan(from) && kpi->readings.count > 0)
        from = readings[0].value;
    /* Parts of both ends: their difference may exceed what a double holds. */
    trend.threshold = from * (1 - kpi->threshold / 100) + kpi->target * (kpi->threshold / 100);
    return trend;
}

static struct str with_unit(const struct content_writer *t, double value, struct str unit)
{
    struct str number = label_number(t->arena, value);

    if (isnan(value) || unit.size == 0)
        return number;
    return arena_printf(t->arena, STR_FMT "%s" STR_FMT, STR_ARG(number),
                        str_equal(unit, STR("%")) ? "" : " ", STR_ARG(unit));
}

static struct str kpi_goals(const struct content_writer *t, const struct report_kpi *kpi)
{
    enum { SHOWN = 5 };
    struct buffer out = buffer_in(t->arena, 256);
    size_t shown = kpi->goals.count > SHOWN ? SHOWN : kpi->goals.count;

    if (shown == 0)
        return STR_NONE;
    for (size_t i = 0; i < shown; i++) {
        struct str title = label_apart(t->arena, kpi->goals.items[i], 100);

        buffer_append(&out, ", ", i > 0 ? 2 : 0);
        buffer_append(&out, title.data, title.size);
    }
    if (shown < kpi->goals.count) {
        struct str more = arena_printf(t->arena, " and %zu more", kpi->goals.count - shown);

        buffer_append(&out, more.data, more.size);
    }
    return buffer_str(&out);
}

static void add_latest(const struct content_writer *t, const struct report_kpi *kpi,
                       struct kpi_block *block)
{
    const struct report_reading *readings = kpi->readings.items;
    size_t max = sizeof block->latest / sizeof *block->latest;
    size_t first = kpi->readings.count > max ? kpi->readings.count - max : 0;
    struct str all = label_count(t->arena, content_total(&kpi->readings, kpi->readings_total));

    block->latest_count = kpi->readings.count - first;
    for (size_t i = first; i < kpi->readings.count; i++)
        block->latest[i - first] =
            (struct figure){.label = label_month(t->arena, readings[i].period),
                            .value = label_short(t->arena, readings[i].value)};
    if (content_total(&kpi->readings, kpi->readings_total) > (int64_t)block->latest_count)
        block->note = arena_printf(t->arena, "Latest %zu of " STR_FMT " readings",
                                   block->latest_count, STR_ARG(all));
    for (size_t i = 0; i < kpi->readings.count; i++)
        if (readings[i].is_estimate) {
            block->note = arena_printf(t->arena, STR_FMT "%sHollow points are estimates",
                                       STR_ARG(block->note), block->note.size > 0 ? ". " : "");
            break;
        }
}

static void write_kpi(const struct content_writer *t, const struct report_kpi *kpi)
{
    const struct report_reading *readings = kpi->readings.items;
    size_t count = kpi->readings.count;
    struct str unit = label_clean(t->arena, kpi->unit, 50);
    struct str when =
        count > 0 ? label_month(t->arena, readings[count - 1].period) : STR("No reading");
    const char *direction = kpi->direction == KPI_DOWN ? "lower is better" : "higher is better";
    struct str apart = label_apart(t->arena, unit, 50);
    struct kpi_block block = {
        .name = title_or(t, kpi->name, STR("KPI without a name")),
        .about = unit.size > 0
                     ? arena_printf(t->arena, "in " STR_FMT ", %s", STR_ARG(apart), direction)
                     : str_of(direction),
        .goals = kpi_goals(t, kpi),
        .figures = {{with_unit(t, count > 0 ? readings[count - 1].value : (double)NAN, unit),
                     STR("Latest"), when, TONE_QUIET},
                    {with_unit(t, kpi->target, unit), STR("Target"), STR_NONE, TONE_QUIET},
                    {with_unit(t, kpi->baseline, unit), STR("Baseline"), STR_NONE, TONE_QUIET}},
        .trend = kpi_trend(kpi),
    };

    add_latest(t, kpi, &block);
    t->sink->ops->kpi(t->sink, &block);
}

void content_kpis(const struct content_writer *t)
{
    const struct list *list = &t->report->kpis;
    const struct report_kpi *kpis = list->items;

    t->sink->ops->section(t->sink, "Key performance indicators", list->count > 1);
    if (list->count == 0) {
        t->sink->ops->text(t->sink, ROLE_BODY, STR("There are no KPIs."));
        return;
    }
    content_note_cut(t, list, t->report->kpis_total, "KPIs", "in the order of the catalogue");
    for (size_t i = 0; i < list->count; i++)
        write_kpi(t, &kpis[i]);
}
