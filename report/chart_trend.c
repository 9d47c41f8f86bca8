/* A KPI's readings as a line over months, between the lines of its target and its threshold. */
#include <float.h>
#include <math.h>

#include "chart.h"
#include "labels.h"

/* Where values and months lie on the page. */
struct plot {
    struct canvas *canvas;
    struct arena *arena;
    double x, y, width, height; /* of the area between the axes */
    double scale;               /* what values are multiplied with, so that none overflows */
    double low, high;           /* values at its bottom and top, scaled */
    int32_t first, last;        /* months at its left and right */
};

static double at_value(const struct plot *plot, double value)
{
    double scaled = value * plot->scale;

    return plot->y + plot->height * (1 - (scaled - plot->low) / (plot->high - plot->low));
}

static double at_month(const struct plot *plot, int32_t month)
{
    double span = (double)plot->last - (double)plot->first;

    return span > 0 ? plot->x + plot->width * ((double)month - (double)plot->first) / span
                    : plot->x + plot->width / 2;
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

/* The step that makes two to five lines over the range: 1, 2 or 5 times a power of ten. */
static double nice_step(double range)
{
    double raw = range / 4, power = pow(10, floor(log10(raw))), unit = raw / power;

    return power * (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10);
}

/* The months of readings and plan; both lists are sorted. */
static void set_months(struct plot *plot, const struct trend_line *trend)
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
    set_months(plot, trend);
}

static void draw_grid(const struct plot *plot)
{
    double step = nice_step(plot->high - plot->low);
    double lift = canvas_line(plot->canvas, STYLE_LABEL) / 2;

    if (!isfinite(step) || !(step > 0))
        return;
    for (double n = ceil(plot->low / step), i = 0; n * step <= plot->high && i < 8; n++, i++) {
        double value = n * step / plot->scale, y = at_value(plot, value);

        if (!isfinite(value))
            continue;

        canvas_rule(plot->canvas, plot->x, y, plot->width, &rule_colour);
        canvas_label(plot->canvas, STYLE_LABEL, label_short(plot->arena, value), plot->x - 6,
                     y - lift, 40, ALIGN_END, &muted);
    }
}

/* A month below the axis every so often, the first and the last always. */
static void draw_months(const struct plot *plot)
{
    int64_t span = (int64_t)plot->last - plot->first;
    int64_t parts = span < 4 ? span : 4;
    double y = plot->y + plot->height + 3;

    for (int64_t i = 0; i <= parts; i++) {
        struct month month = {(int32_t)(plot->first + (parts > 0 ? span * i / parts : 0))};

        canvas_label(plot->canvas, STYLE_LABEL, label_month(plot->arena, month),
                     at_month(plot, month.number), y, 60, ALIGN_CENTRE, &muted);
    }
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
    cairo_move_to(cr, plot->x, at_value(plot, value));
    cairo_line_to(cr, plot->x + plot->width, at_value(plot, value));
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* Beside the end of the plan, or below or above the names that are there. */
static void name_plan(const struct plot *plot, const struct trend_line *trend, const double *taken)
{
    double line = canvas_line(plot->canvas, STYLE_LABEL), x = plot->x + plot->width + 5;

    if (trend->plan_count == 0)
        return;
    double y = at_value(plot, trend->plan[trend->plan_count - 1].expected) - line / 2;
    double way = y > plot->y + plot->height / 2 ? -line : line;
    for (int i = 0; i < 4; i++) /* once for each name is enough, and once more for each it meets */
        if (fabs(y - taken[i % 2]) < line)
            y = taken[i % 2] + way;
    canvas_label(plot->canvas, STYLE_LABEL, STR("Plan"), x, y, 44, ALIGN_START, &teal);
}

/* The names of the two levels at the right, moved apart when they would touch, and the plan's. */
static void name_levels(const struct plot *plot, const struct trend_line *trend)
{
    double line = canvas_line(plot->canvas, STYLE_LABEL), x = plot->x + plot->width + 5;
    double target = at_value(plot, trend->target) - line / 2;
    double threshold = at_value(plot, trend->threshold) - line / 2;

    if (isfinite(trend->target) && isfinite(trend->threshold) && fabs(target - threshold) < line) {
        double middle = (target + threshold) / 2, half = line / 2;

        target = middle + (target < threshold ? -half : half);
        threshold = middle + (target < middle ? half : -half);
    }
    if (isfinite(trend->target))
        canvas_label(plot->canvas, STYLE_LABEL, STR("Target"), x, target, 44, ALIGN_START, &green);
    if (isfinite(trend->threshold))
        canvas_label(plot->canvas, STYLE_LABEL, STR("Threshold"), x, threshold, 44, ALIGN_START,
                     &amber);
    name_plan(plot, trend, (const double[]){target, threshold});
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
            cairo_line_to(cr, at_month(plot, plan[to].period.number),
                          at_value(plot, plan[to].optimal));
        for (size_t i = to; i > from; i--)
            cairo_line_to(cr, at_month(plot, plan[i - 1].period.number),
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
            cairo_line_to(cr, at_month(plot, trend->plan[i].period.number), at_value(plot, value));
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
        cairo_line_to(cr, at_month(plot, trend->plan[i].period.number),
                      at_value(plot, trend->plan[i].expected));
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* --- The readings --- */

static void draw_points(const struct plot *plot, const struct trend_line *trend, double radius)
{
    cairo_t *cr = canvas_cairo(plot->canvas);

    for (size_t i = 0; i < trend->count; i++) {
        const struct report_reading *reading = &trend->readings[i];
        cairo_new_sub_path(cr);
        cairo_arc(cr, at_month(plot, reading->period.number), at_value(plot, reading->value),
                  radius, 0, 2 * PI);
        canvas_colour(plot->canvas, reading->is_estimate ? &white : &navy);
        cairo_fill_preserve(cr);
        canvas_colour(plot->canvas, &navy);
        cairo_set_line_width(cr, 0.8);
        if (reading->is_estimate)
            cairo_stroke(cr);
        cairo_new_path(cr);
    }
}

static void draw_line(const struct plot *plot, const struct trend_line *trend)
{
    cairo_t *cr = canvas_cairo(plot->canvas);

    canvas_colour(plot->canvas, &navy);
    cairo_set_line_width(cr, 1.5);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr); /* drawn text left a point behind */
    for (size_t i = 0; i < trend->count; i++)
        cairo_line_to(cr, at_month(plot, trend->readings[i].period.number),
                      at_value(plot, trend->readings[i].value));
    cairo_stroke(cr);
    draw_points(plot, trend, trend->count > 40 ? 1.2 : 1.9);
}

bool trend_is_drawn(const struct trend_line *trend)
{
    return trend->count > 0 || trend->plan_count > 0;
}

void chart_trend(struct canvas *canvas, struct arena *arena, const struct trend_line *trend,
                 double x, double y, double width, double height)
{
    struct plot plot = {.canvas = canvas, .arena = arena};

    if (!trend_is_drawn(trend)) {
        canvas_box(canvas, x, y, width, height, &panel);
        canvas_label(canvas, STYLE_CELL, STR("No readings yet"), x + width / 2,
                     y + height / 2 - canvas_line(canvas, STYLE_CELL) / 2, width, ALIGN_CENTRE,
                     &muted);
        return;
    }
    plot.x = x + 42;
    plot.y = y + 4;
    plot.width = width - 42 - (isfinite(trend->target) || trend->plan_count > 0 ? 48 : 16);
    plot.height = height - 20;
    set_range(&plot, trend);
    draw_plan(&plot, trend);
    draw_grid(&plot);
    draw_months(&plot);
    draw_level(&plot, trend->threshold, &amber);
    draw_level(&plot, trend->target, &green);
    draw_line(&plot, trend);
    name_levels(&plot, trend);
}
