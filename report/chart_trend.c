/* A KPI's readings as a line over months, between the lines of its target and its threshold. */
#include <float.h>
#include <math.h>

#include "chart.h"
#include "format.h"
#include "ticks.h"

/* Where values and months lie on the page. */
struct plot {
    struct canvas *canvas;
    struct format f;
    enum axis axis;
    double x, y, width, height; /* of the area between the axes */
    double scale;               /* what values are multiplied with, so that none overflows */
    double low, high;           /* values at its bottom and top, scaled */
    int32_t first, last;        /* months or days at its ends */
};

static double at_value(const struct plot *plot, double value)
{
    double scaled = value * plot->scale;

    return plot->y + plot->height * (1 - (scaled - plot->low) / (plot->high - plot->low));
}

static double along(const struct plot *plot, double time)
{
    double span = (double)plot->last - (double)plot->first;

    return span > 0 ? plot->x + plot->width * (time - (double)plot->first) / span
                    : plot->x + plot->width / 2;
}

/* On the page: mirrored where the language is. */
static double at_time(const struct plot *plot, int32_t time)
{
    return canvas_x(plot->canvas, along(plot, time), 0);
}

static void widen(struct plot *plot, double value)
{
    if (!isfinite(value))
        return;
    plot->low = fmin(plot->low, value * plot->scale);
    plot->high = fmax(plot->high, value * plot->scale);
}

/* The way between two values, with its margins, may exceed what a double holds. */
static void widen_over(struct plot *plot, const struct trend_line *trend, double scale)
{
    plot->scale = scale;
    plot->low = (double)INFINITY;
    plot->high = -(double)INFINITY;
    for (size_t i = 0; i < trend->count; i++)
        widen(plot, trend->readings[i].value);
    for (size_t i = 0; i < trend->plan_count; i++) {
        widen(plot, trend->plan[i].expected);
        widen(plot, trend->plan[i].optimal);
        widen(plot, trend->plan[i].minimal);
    }
    widen(plot, trend->target);
    widen(plot, trend->threshold);
    if (plot->low > plot->high)
        plot->low = plot->high = 0;
}

/* The times of readings and plan; both lists are sorted. */
static void set_times(struct plot *plot, const struct trend_line *trend)
{
    const struct report_reading *readings = trend->readings;
    const struct report_expected *plan = trend->plan;

    plot->first = trend->count > 0 ? readings[0].period.number : plan[0].period.number;
    plot->last = trend->count > 0 ? readings[trend->count - 1].period.number : plot->first;
    if (trend->plan_count == 0)
        return;
    if (plan[0].period.number < plot->first)
        plot->first = plan[0].period.number;
    if (plan[trend->plan_count - 1].period.number > plot->last)
        plot->last = plan[trend->plan_count - 1].period.number;
}

static void set_range(struct plot *plot, const struct trend_line *trend)
{
    double margin;

    widen_over(plot, trend, 1);
    if (!(fmax(fabs(plot->low), fabs(plot->high)) < DBL_MAX / 4))
        widen_over(plot, trend, 1.0 / 8);
    margin = (plot->high - plot->low) * 0.08;
    if (!(margin > 0))
        margin = fmax(1, fabs(plot->high) * 0.1);
    plot->low -= margin;
    plot->high += margin;
    set_times(plot, trend);
}

/* --- The axes --- */

enum { TICKS_MAX = 12 };

static struct ticks value_ticks(const struct plot *plot)
{
    int most = (int)(plot->height / (canvas_line(plot->canvas, STYLE_LABEL) * 1.6));

    return ticks_of(plot->low, plot->high, most < 2 ? 2 : most > TICKS_MAX ? TICKS_MAX : most);
}

static double tick_value(const struct plot *plot, const struct ticks *ticks, int i)
{
    double value = ticks->first + ticks->step * i;

    return fabs(value) < ticks->step / 2 ? 0 : value / plot->scale;
}

static struct str tick_label(const struct plot *plot, const struct ticks *ticks, int i)
{
    double size = fmax(fabs(plot->low), fabs(plot->high)) / plot->scale;

    return format_tick(&plot->f, tick_value(plot, ticks, i), size, ticks->step / plot->scale);
}

static double widest_label(const struct plot *plot)
{
    struct ticks ticks = value_ticks(plot);
    double widest = 0;

    for (int i = 0; i < ticks.count; i++)
        widest =
            fmax(widest, canvas_text_width(plot->canvas, STYLE_LABEL, tick_label(plot, &ticks, i)));
    return fmin(widest, 70);
}

/* Two marks whose labels are the same, because the values differ by less than is shown: one. */
static void draw_grid(const struct plot *plot, double width)
{
    struct ticks ticks = value_ticks(plot);
    double lift = canvas_line(plot->canvas, STYLE_LABEL) / 2;
    struct str before = STR_NONE;

    for (int i = 0; i < ticks.count; i++) {
        double value = tick_value(plot, &ticks, i), y = at_value(plot, value);
        struct str label = tick_label(plot, &ticks, i);

        if (!isfinite(value))
            continue;
        canvas_rule(plot->canvas, plot->x, y, plot->width, &rule_colour);
        if (!before.data || !str_equal(before, label))
            canvas_label(plot->canvas, STYLE_LABEL, label, plot->x - 6, y - lift, width, ALIGN_END,
                         &muted);
        before = label;
    }
}

static struct str time_label(const struct plot *plot, int32_t time, int32_t step)
{
    if (plot->axis == AXIS_DAYS)
        return format_day(&plot->f, (struct timestamp){time * (int64_t)86400000000});
    if (step >= 12)
        return arena_printf(plot->f.arena, "%d", (int)(time / 12));
    return format_month(&plot->f, (struct month){time});
}

/* As many as have room; the last is not drawn where it would leave the chart. */
static void draw_times(const struct plot *plot)
{
    double y = plot->y + plot->height + 3;
    double size =
        canvas_text_width(plot->canvas, STYLE_LABEL, time_label(plot, plot->last, 1)) + 10;
    int most = (int)((plot->width + size / 2) / size);
    int32_t step = ticks_of_time(plot->axis, plot->first, plot->last, most < 1 ? 1 : most);
    int64_t first = ticks_first_time(plot->axis, plot->first, plot->last, step);

    for (int64_t time = first; time <= plot->last; time += step)
        canvas_label(plot->canvas, STYLE_LABEL, time_label(plot, (int32_t)time, step),
                     along(plot, (double)time), y, size, ALIGN_CENTRE, &muted);
}

/* The part that is the report's period. */
static void draw_period(const struct plot *plot, const struct trend_line *trend)
{
    double span = (double)plot->last - plot->first;
    double half = span > 0 ? plot->width / span / 2 : plot->width / 2;

    if (trend->from > trend->to || trend->to < plot->first || trend->from > plot->last)
        return;
    double begin = fmax(plot->x, along(plot, trend->from) - half);
    double end = fmin(plot->x + plot->width, along(plot, trend->to) + half);
    canvas_box(plot->canvas, begin, plot->y, end - begin, plot->height, &shade);
}

static void draw_level(const struct plot *plot, double value, const struct colour *colour)
{
    static const double dashes[] = {4, 3};
    cairo_t *cr = canvas_cairo(plot->canvas);

    if (!isfinite(value))
        return;
    canvas_colour(plot->canvas, colour);
    cairo_set_line_width(cr, 1);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_move_to(cr, canvas_x(plot->canvas, plot->x, plot->width), at_value(plot, value));
    cairo_rel_line_to(cr, plot->width, 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* --- What the lines are called, beside their ends --- */

struct names {
    struct {
        struct str text;
        double value;
        const struct colour *colour;
    } items[3];
    size_t count;
    double width; /* of the widest */
};

static void add_name(struct plot *plot, struct names *names, enum text text, double value,
                     const struct colour *colour)
{
    struct str name = locale_text(plot->f.locale, text);

    if (!isfinite(value))
        return;
    names->items[names->count].text = name;
    names->items[names->count].value = value;
    names->items[names->count++].colour = colour;
    names->width = fmin(fmax(names->width, canvas_text_width(plot->canvas, STYLE_LABEL, name)), 70);
}

static void set_names(struct plot *plot, const struct trend_line *trend, struct names *names)
{
    *names = (struct names){.count = 0};
    add_name(plot, names, TEXT_TARGET, trend->target, &green);
    add_name(plot, names, TEXT_THRESHOLD, trend->threshold, &amber);
    if (trend->plan_count > 0)
        add_name(plot, names, TEXT_PLAN, trend->plan[trend->plan_count - 1].expected, &teal);
}

static void draw_names(const struct plot *plot, const struct names *names)
{
    double line = canvas_line(plot->canvas, STYLE_LABEL), places[3];

    for (size_t i = 0; i < names->count; i++)
        places[i] = at_value(plot, names->items[i].value) - line / 2;
    ticks_spread(places, names->count, line, plot->y - 4, plot->y + plot->height + 4);
    for (size_t i = 0; i < names->count; i++)
        canvas_label(plot->canvas, STYLE_LABEL, names->items[i].text, plot->x + plot->width + 5,
                     places[i], names->width + 2, ALIGN_START, names->items[i].colour);
}

/* --- The plan --- */

/* Between the optimal and the minimal values, where both are. */
static void draw_band(const struct plot *plot, const struct trend_line *trend)
{
    cairo_t *cr = canvas_cairo(plot->canvas);
    const struct report_expected *plan = trend->plan;
    size_t from = 0, to;

    canvas_colour(plot->canvas, &panel);
    for (; from < trend->plan_count; from = to + 1) {
        for (to = from;
             to < trend->plan_count && isfinite(plan[to].optimal) && isfinite(plan[to].minimal);
             to++)
            cairo_line_to(cr, at_time(plot, plan[to].period.number),
                          at_value(plot, plan[to].optimal));
        for (size_t i = to; i > from; i--)
            cairo_line_to(cr, at_time(plot, plan[i - 1].period.number),
                          at_value(plot, plan[i - 1].minimal));
        cairo_close_path(cr);
        cairo_fill(cr);
    }
}

/* An edge of the band, also where there is only one. */
static void draw_side(const struct plot *plot, const struct trend_line *trend, bool optimal)
{
    cairo_t *cr = canvas_cairo(plot->canvas);

    canvas_colour(plot->canvas, &rule_colour);
    cairo_set_line_width(cr, 0.8);
    for (size_t i = 0; i < trend->plan_count; i++) {
        double value = optimal ? trend->plan[i].optimal : trend->plan[i].minimal;
        if (isfinite(value))
            cairo_line_to(cr, at_time(plot, trend->plan[i].period.number), at_value(plot, value));
    }
    cairo_stroke(cr);
}

static void draw_plan(const struct plot *plot, const struct trend_line *trend)
{
    static const double dots[] = {1.5, 2};
    cairo_t *cr = canvas_cairo(plot->canvas);

    if (trend->plan_count == 0)
        return;
    cairo_new_path(cr); /* drawn text left a point behind */
    draw_band(plot, trend);
    draw_side(plot, trend, true);
    draw_side(plot, trend, false);
    canvas_colour(plot->canvas, &teal);
    cairo_set_line_width(cr, 1.3);
    cairo_set_dash(cr, dots, 2, 0);
    for (size_t i = 0; i < trend->plan_count; i++)
        cairo_line_to(cr, at_time(plot, trend->plan[i].period.number),
                      at_value(plot, trend->plan[i].expected));
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* --- The readings --- */

/* One path for all of a kind, which costs a fraction of one each. Estimates are hollow. */
static void draw_points(const struct plot *plot, const struct trend_line *trend, double radius,
                        bool estimates)
{
    cairo_t *cr = canvas_cairo(plot->canvas);

    cairo_new_path(cr);
    for (size_t i = 0; i < trend->count; i++) {
        const struct report_reading *reading = &trend->readings[i];

        if (reading->is_estimate != estimates)
            continue;
        cairo_new_sub_path(cr);
        cairo_arc(cr, at_time(plot, reading->period.number), at_value(plot, reading->value), radius,
                  0, 2 * PI);
    }
    canvas_colour(plot->canvas, estimates ? &white : &navy);
    cairo_fill_preserve(cr);
    canvas_colour(plot->canvas, &navy);
    cairo_set_line_width(cr, 0.8);
    if (estimates)
        cairo_stroke(cr);
    cairo_new_path(cr);
}

static void draw_line(const struct plot *plot, const struct trend_line *trend)
{
    cairo_t *cr = canvas_cairo(plot->canvas);

    canvas_colour(plot->canvas, &navy);
    cairo_set_line_width(cr, 1.5);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr); /* drawn text left a point behind */
    for (size_t i = 0; i < trend->count; i++)
        cairo_line_to(cr, at_time(plot, trend->readings[i].period.number),
                      at_value(plot, trend->readings[i].value));
    cairo_stroke(cr);
    if (trend->count > 150)
        return; /* of more, the line alone can be told apart */
    draw_points(plot, trend, trend->count > 40 ? 1.2 : 1.9, false);
    draw_points(plot, trend, trend->count > 40 ? 1.2 : 1.9, true);
}

bool trend_is_drawn(const struct trend_line *trend)
{
    return trend->count > 0 || trend->plan_count > 0;
}

void chart_trend(struct canvas *canvas, struct arena *arena, const struct trend_line *trend,
                 double x, double y, double width, double height)
{
    struct plot plot = {.canvas = canvas, .f = {arena, canvas_locale(canvas)}, .axis = trend->axis};
    struct names names;

    if (!trend_is_drawn(trend)) {
        canvas_box(canvas, x, y, width, height, &panel);
        canvas_label(canvas, STYLE_CELL, locale_text(plot.f.locale, TEXT_NO_READINGS_YET),
                     x + width / 2, y + height / 2 - canvas_line(canvas, STYLE_CELL) / 2, width,
                     ALIGN_CENTRE, &muted);
        return;
    }
    plot.y = y + 5;
    plot.height = height - 21;
    set_range(&plot, trend);
    set_names(&plot, trend, &names);
    double labels = fmax(widest_label(&plot), 14);
    plot.x = x + labels + 8;
    plot.width = width - labels - 8 - (names.count > 0 ? names.width + 10 : 22);
    draw_period(&plot, trend);
    draw_plan(&plot, trend);
    draw_grid(&plot, labels + 2);
    draw_times(&plot);
    draw_level(&plot, trend->threshold, &amber);
    draw_level(&plot, trend->target, &green);
    draw_line(&plot, trend);
    draw_names(&plot, &names);
}
