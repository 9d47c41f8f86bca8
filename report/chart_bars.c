/* Horizontal bars, and the small bar that shows progress. */
#include <math.h>

#include "chart.h"

static const double title_height = 19, bar_height = 9, bar_step = 17;

double chart_bars_height(const struct bars *bars)
{
    if (bars->stacked)
        return title_height + bar_height + 20;
    return title_height + (double)(bars->count > 0 ? bars->count : 1) * bar_step + 2;
}

static double longest(const struct bars *bars)
{
    double max = bars->full;

    if (max <= 0)
        for (size_t i = 0; i < bars->count; i++)
            max = fmax(max, bars->items[i].value);
    return max > 0 ? max : 1;
}

static void rounded(cairo_t *cr, double x, double y, double width, double height)
{
    double r = fmin(height / 2, width / 2);

    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - r, y + r, r, -PI / 2, PI / 2);
    cairo_arc(cr, x + r, y + r, r, PI / 2, 3 * PI / 2);
    cairo_close_path(cr);
    cairo_fill(cr);
}

/* Parts of one bar, and below it what they are. */
static void stacked_bar(struct canvas *canvas, const struct bars *bars, double x, double y,
                        double width)
{
    double sum = 0, at = x, word = x;

    for (size_t i = 0; i < bars->count; i++)
        sum += bars->items[i].value;
    canvas_box(canvas, x, y, width, bar_height, &panel);
    for (size_t i = 0; i < bars->count && sum > 0; i++) {
        double part = width * bars->items[i].value / sum;

        if (part > 0)
            canvas_box(canvas, at, y, part, bar_height, tone_fill(bars->items[i].tone));
        at += part;
    }
    y += bar_height + 4;
    for (size_t i = 0; i < bars->count; i++) {
        const struct bar *bar = &bars->items[i];

        canvas_box(canvas, word, y + 3, 6, 6, tone_fill(bar->tone));
        word += 9;
        word += canvas_label(canvas, STYLE_CELL, bar->label, word, y, 90, ALIGN_START, &ink) + 4;
        word +=
            canvas_label(canvas, STYLE_CELL_STRONG, bar->text, word, y, 40, ALIGN_START, &ink) + 12;
    }
}

static void separate_bars(struct canvas *canvas, const struct bars *bars, double x, double y,
                          double width)
{
    double label = fmin(130, width * 0.34), value = 42, full = width - label - value - 12;
    double max = longest(bars), lift = (bar_step - canvas_line(canvas, STYLE_CELL)) / 2;

    if (bars->count == 0)
        canvas_label(canvas, STYLE_CELL, locale_text(canvas_locale(canvas), TEXT_NOTHING), x, y,
                     width, ALIGN_START, &muted);
    for (size_t i = 0; i < bars->count; i++, y += bar_step) {
        const struct bar *bar = &bars->items[i];
        double size = full * fmin(1, fmax(0, bar->value / max));
        double top = y + (bar_step - bar_height) / 2;

        canvas_label(canvas, STYLE_CELL, bar->label, x, y + lift, label, ALIGN_START, &ink);
        canvas_box(canvas, x + label + 6, top, full, bar_height, &panel);
        if (bar->value > 0)
            canvas_box(canvas, x + label + 6, top, fmax(size, 1), bar_height, tone_fill(bar->tone));
        canvas_label(canvas, STYLE_CELL_STRONG, bar->text, x + width, y + lift, value, ALIGN_END,
                     &ink);
    }
}

void chart_bars(struct canvas *canvas, const struct bars *bars, double x, double y, double width)
{
    canvas_label(canvas, STYLE_CELL_STRONG, bars->title, x, y, width, ALIGN_START, &ink);
    if (bars->stacked)
        stacked_bar(canvas, bars, x, y + title_height, width);
    else
        separate_bars(canvas, bars, x, y + title_height, width);
}

void chart_progress(struct canvas *canvas, double progress, enum tone tone, double x, double y,
                    double width, double height)
{
    cairo_t *cr = canvas_cairo(canvas);
    double done = fmax(height, width * fmin(progress, 100) / 100);

    canvas_colour(canvas, &rule_colour);
    rounded(cr, canvas_x(canvas, x, width), y, width, height);
    if (!(progress > 0))
        return;
    canvas_colour(canvas, tone_fill(tone));
    rounded(cr, canvas_x(canvas, x, done), y, done, height);
}
