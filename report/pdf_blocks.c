/* Blocks of the PDF: figures, charts, goals and KPIs. Each reserves its room first and then draws.
 */
#include <math.h>

#include "chart.h"
#include "format.h"
#include "pdf_page.h"

static void draw_figure(struct pdf *pdf, const struct figure *figure, double x, double y,
                        double width, double height)
{
    struct canvas *canvas = pdf->canvas;

    canvas_box(canvas, x, y, width, height, &panel);
    canvas_box(canvas, x, y, 2.5, height, &navy);
    pdf_tag(pdf, "P");
    canvas_label(canvas, STYLE_LABEL, figure->label, x + 9, y + 5, width - 13, ALIGN_START, &muted);
    canvas_label(canvas, STYLE_FIGURE, figure->value, x + 9, y + 13, width - 13, ALIGN_START,
                 &navy);
    canvas_label(canvas, STYLE_LABEL, figure->note, x + 9, y + 39, width - 13, ALIGN_START,
                 tone_text(figure->tone));
    pdf_untag(pdf, "P");
}

void pdf_figures(struct sink *sink, const struct figure *figures, size_t count)
{
    struct pdf *pdf = pdf_of(sink);
    double space = 8, height = 54;
    double width = (pdf->inner - space * (double)(count - 1)) / (double)count;

    pdf_need(pdf, height);
    for (size_t i = 0; i < count && !pdf->dry; i++)
        draw_figure(pdf, &figures[i], PAGE_LEFT + (double)i * (width + space), pdf->y, width,
                    height);
    pdf->y += height + 10;
}

void pdf_charts(struct sink *sink, const struct bars *charts, size_t count)
{
    struct pdf *pdf = pdf_of(sink);
    double space = 28, height = 0;
    double width = (pdf->inner - space * (double)(count - 1)) / (double)count;
    struct format f = {pdf->arena, pdf->locale};

    for (size_t i = 0; i < count; i++)
        height = fmax(height, chart_bars_height(&charts[i]));
    pdf_need(pdf, height);
    for (size_t i = 0; i < count && !pdf->dry; i++) {
        pdf_tag_figure(pdf, format_bars(&f, &charts[i]));
        chart_bars(pdf->canvas, &charts[i], PAGE_LEFT + (double)i * (width + space), pdf->y, width);
        pdf_untag(pdf, "Figure");
    }
    pdf->y += height + (charts[0].stacked ? 6 : 14);
}

void pdf_line(struct sink *sink, const struct trend_line *line, struct str says)
{
    struct pdf *pdf = pdf_of(sink);
    double height = 130;

    pdf_need(pdf, height);
    if (!pdf->dry) {
        pdf_tag_figure(pdf, says);
        chart_trend(pdf->canvas, pdf->arena, line, PAGE_LEFT, pdf->y, pdf->inner, height);
        pdf_untag(pdf, "Figure");
    }
    pdf->y += height + 14;
}

/* --- What changed, in two columns --- */

static void draw_changes(struct pdf *pdf, const struct change_list *list, double x, double y,
                         double width)
{
    double value = width * 0.5;

    pdf_tag(pdf, "H3");
    canvas_label(pdf->canvas, STYLE_STRONG, list->title, x, y, width, ALIGN_START, &navy);
    pdf_untag(pdf, "H3");
    y += 16;
    if (list->count == 0) {
        pdf_tag(pdf, "P");
        canvas_label(pdf->canvas, STYLE_CELL, list->none, x, y, width, ALIGN_START, &muted);
        pdf_untag(pdf, "P");
    }
    for (size_t i = 0; i < list->count; i++, y += 13) {
        pdf_tag(pdf, "P");
        double taken =
            fmin(canvas_text_width(pdf->canvas, STYLE_CELL, list->items[i].value) + 2, value);
        canvas_label(pdf->canvas, STYLE_CELL, list->items[i].text, x, y, width - taken - 8,
                     ALIGN_START, &ink);
        canvas_label(pdf->canvas, STYLE_CELL, list->items[i].value, x + width, y, taken, ALIGN_END,
                     tone_text(list->tone));
        pdf_untag(pdf, "P");
    }
}

void pdf_changes(struct sink *sink, const struct change_list lists[2])
{
    struct pdf *pdf = pdf_of(sink);
    double space = 28, width = (pdf->inner - space) / 2;
    size_t rows = lists[0].count > lists[1].count ? lists[0].count : lists[1].count;
    double height = 16 + 13 * (double)(rows > 0 ? rows : 1);

    pdf_need(pdf, height);
    for (int i = 0; i < 2 && !pdf->dry; i++)
        draw_changes(pdf, &lists[i], PAGE_LEFT + i * (width + space), pdf->y, width);
    pdf->y += height + 9;
}

/* --- Goals --- */

static const double line_tag = 76, line_gap = 12;

static double lay_strategy(struct pdf *pdf, const struct strategy_line *line, int slot)
{
    return canvas_lay(pdf->canvas, slot, STYLE_CELL, line->text,
                      pdf->inner - line_tag - 2 * line_gap, ALIGN_START, 50) +
           3;
}

static void draw_line_status(struct pdf *pdf, struct str status, enum tone tone)
{
    canvas_label(pdf->canvas, STYLE_CELL, status, PAGE_LEFT + pdf->inner, pdf->y, line_tag,
                 ALIGN_END, tone_text(tone));
}

/* "▪ description      Adopted" */
static void add_strategy(struct pdf *pdf, const struct strategy_line *line)
{
    double height = lay_strategy(pdf, line, 1);

    pdf_need(pdf, height);
    if (!pdf->dry) {
        canvas_box(pdf->canvas, PAGE_LEFT + 3, pdf->y + 4.6, 2.8, 2.8, &teal);
        pdf_tag(pdf, "P");
        canvas_put(pdf->canvas, 1, PAGE_LEFT + line_gap, pdf->y, &ink);
        draw_line_status(pdf, line->status, line->tone);
        pdf_untag(pdf, "P");
    }
    pdf->y += height;
}

/* "○ name      47 · expected 48.5 · target 50      Behind" */
static void add_goal_kpi(struct pdf *pdf, const struct goal_kpi_line *line)
{
    double width = pdf->inner - line_tag - 3 * line_gap, name = width * 0.33;
    double height = canvas_lay(pdf->canvas, 1, STYLE_CELL, line->name, name, ALIGN_START, 3) + 3;

    pdf_need(pdf, height);
    if (!pdf->dry) {
        canvas_box(pdf->canvas, PAGE_LEFT + 1.5, pdf->y + 5.4, 6, 1.4, tone_fill(line->tone));
        pdf_tag(pdf, "P");
        canvas_put(pdf->canvas, 1, PAGE_LEFT + line_gap, pdf->y, &muted);
        canvas_label(pdf->canvas, STYLE_CELL, line->values, PAGE_LEFT + 2 * line_gap + name, pdf->y,
                     width - name, ALIGN_START, &ink);
        draw_line_status(pdf, line->status, line->tone);
        pdf_untag(pdf, "P");
    }
    pdf->y += height;
}

static void draw_goal(struct pdf *pdf, const struct goal_block *goal, const double *tops)
{
    double side = 150, right = PAGE_LEFT + pdf->inner;

    pdf_tag(pdf, "H3");
    canvas_put(pdf->canvas, 0, PAGE_LEFT, pdf->y, &ink);
    pdf_untag(pdf, "H3");
    pdf_tag(pdf, "P");
    canvas_label(pdf->canvas, STYLE_CELL_STRONG, goal->status, right - side, pdf->y + 1.5, 95,
                 ALIGN_START, tone_text(goal->tone));
    canvas_label(pdf->canvas, STYLE_CELL_STRONG, goal->progress_text, right, pdf->y + 1.5, 70,
                 ALIGN_END, isnan(goal->progress) ? &muted : &ink);
    if (goal->with_bar)
        chart_progress(pdf->canvas, goal->progress, goal->tone, right - side, pdf->y + 17, side, 5);
    pdf_untag(pdf, "P");
    pdf_tag(pdf, "P");
    canvas_put(pdf->canvas, 1, PAGE_LEFT, pdf->y + tops[0], &muted);
    pdf_untag(pdf, "P");
    if (goal->reason.size == 0)
        return;
    pdf_tag(pdf, "P");
    canvas_put(pdf->canvas, 2, PAGE_LEFT, pdf->y + tops[1], tone_text(TONE_BAD));
    pdf_untag(pdf, "P");
}

void pdf_goal(struct sink *sink, const struct goal_block *goal)
{
    struct pdf *pdf = pdf_of(sink);
    double width = pdf->inner - 168, first = 0, tops[2];
    double title = canvas_lay(pdf->canvas, 0, STYLE_STRONG, goal->title, width, ALIGN_START, 12);
    double about = canvas_lay(pdf->canvas, 1, STYLE_CELL, goal->about, width, ALIGN_START, 1) + 2;
    double reason =
        goal->reason.size > 0
            ? canvas_lay(pdf->canvas, 2, STYLE_CELL, goal->reason, pdf->inner, ALIGN_START, 3) + 2
            : 0;

    /* The first strategy stays with its goal; that it does needs no proof high up on the page. */
    if (goal->strategy_count > 0)
        first = pdf->y < pdf->height / 2 ? 30 : lay_strategy(pdf, &goal->strategies[0], 3);
    pdf_need(pdf, title + about + reason + first + 12);
    tops[0] = title + 1;
    tops[1] = title + about + 1;
    if (!pdf->dry)
        draw_goal(pdf, goal, tops);
    pdf->y += title + about + reason + 3;
    for (size_t i = 0; i < goal->strategy_count; i++)
        add_strategy(pdf, &goal->strategies[i]);
    for (size_t i = 0; i < goal->kpi_count; i++)
        add_goal_kpi(pdf, &goal->kpis[i]);
    pdf->y += 6;
    if (!pdf->dry)
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y, pdf->inner, &rule_colour);
    pdf->y += 9;
}

/* --- KPIs --- */

/* The newest readings, month above value, evenly spaced. */
static void draw_readings(struct pdf *pdf, const struct kpi_block *kpi, double y)
{
    const size_t max = sizeof kpi->latest / sizeof *kpi->latest;
    double slot = pdf->inner / (double)max;
    double line = canvas_line(pdf->canvas, STYLE_LABEL);

    canvas_box(pdf->canvas, PAGE_LEFT, y, pdf->inner, line * 2 + 7, &panel);
    for (size_t i = 0; i < kpi->latest_count; i++) {
        double x = PAGE_LEFT + slot * ((double)i + 0.5);

        canvas_label(pdf->canvas, STYLE_LABEL, kpi->latest[i].label, x, y + 2.5, slot, ALIGN_CENTRE,
                     &muted);
        canvas_label(pdf->canvas, STYLE_LABEL, kpi->latest[i].value, x, y + 3.5 + line, slot,
                     ALIGN_CENTRE, &ink);
    }
}

enum { KPI_FIGURES = sizeof((struct kpi_block *)0)->figures / sizeof(struct figure) };
static const double figure_step = 13;

/* What the KPI is, beside its chart: slots 0 to 3. */
static double lay_kpi(struct pdf *pdf, const struct kpi_block *kpi, double width, double *tops)
{
    double y = 0;

    tops[0] = y;
    y += canvas_lay(pdf->canvas, 0, STYLE_STRONG, kpi->name, width, ALIGN_START, 10) + 1;
    tops[1] = y;
    y += canvas_lay(pdf->canvas, 1, STYLE_CELL, kpi->about, width, ALIGN_START, 2) + 1;
    tops[2] = y;
    if (kpi->status.size > 0)
        y += canvas_lay(pdf->canvas, 2, STYLE_CELL_STRONG, kpi->status, width, ALIGN_START, 1);
    y += 5;
    tops[3] = y;
    y += KPI_FIGURES * figure_step + 4;
    tops[4] = y;
    if (kpi->goals.size > 0)
        y += canvas_lay(pdf->canvas, 3, STYLE_LABEL, kpi->goals, width, ALIGN_START, 4) + 12;
    return y;
}

static void draw_kpi_figures(struct pdf *pdf, const struct kpi_block *kpi, double y, double width)
{
    double label = 62;

    for (size_t i = 0; i < KPI_FIGURES; i++, y += figure_step) {
        const struct figure *figure = &kpi->figures[i];
        double used;

        pdf_tag(pdf, "P");
        canvas_label(pdf->canvas, STYLE_CELL, figure->label, PAGE_LEFT, y, label - 4, ALIGN_START,
                     &muted);
        used = canvas_label(pdf->canvas, STYLE_CELL_STRONG, figure->value, PAGE_LEFT + label, y,
                            width - label, ALIGN_START, &ink);
        if (figure->note.size > 0 && used < width - label - 30)
            canvas_label(pdf->canvas, STYLE_CELL, figure->note, PAGE_LEFT + label + 6 + used, y,
                         width - label - 6 - used, ALIGN_START, &muted);
        pdf_untag(pdf, "P");
    }
}

static void draw_kpi(struct pdf *pdf, const struct kpi_block *kpi, double width, const double *tops)
{
    double y = pdf->y;

    pdf_tag(pdf, "H3");
    canvas_put(pdf->canvas, 0, PAGE_LEFT, y + tops[0], &ink);
    pdf_untag(pdf, "H3");
    pdf_tag(pdf, "P");
    canvas_put(pdf->canvas, 1, PAGE_LEFT, y + tops[1], &muted);
    if (kpi->status.size > 0)
        canvas_put(pdf->canvas, 2, PAGE_LEFT, y + tops[2], tone_text(kpi->tone));
    pdf_untag(pdf, "P");
    draw_kpi_figures(pdf, kpi, y + tops[3], width);
    if (kpi->goals.size == 0)
        return;
    pdf_tag(pdf, "P");
    canvas_label(pdf->canvas, STYLE_LABEL, locale_text(pdf->locale, TEXT_LINKED_TO), PAGE_LEFT,
                 y + tops[4], width, ALIGN_START, &muted);
    canvas_put(pdf->canvas, 3, PAGE_LEFT, y + tops[4] + 10, &ink);
    pdf_untag(pdf, "P");
}

void pdf_kpi(struct sink *sink, const struct kpi_block *kpi)
{
    struct pdf *pdf = pdf_of(sink);
    bool drawn = kpi->with_chart && trend_is_drawn(&kpi->trend);
    double width = kpi->with_chart ? 190 : pdf->inner, chart = 100, tops[5];
    double height = fmax(lay_kpi(pdf, kpi, width, tops), drawn ? chart : 0) + 6;
    double line = canvas_line(pdf->canvas, STYLE_LABEL);
    double strip = kpi->latest_count > 0 ? line * 2 + 7 : 0;
    double note = kpi->note.size > 0 ? line + 2 : 0;

    pdf_need(pdf, height + strip + note + 10);
    if (!pdf->dry) {
        draw_kpi(pdf, kpi, width, tops);
        if (kpi->with_chart) {
            pdf_tag_figure(pdf, kpi->chart_says);
            chart_trend(pdf->canvas, pdf->arena, &kpi->trend, PAGE_LEFT + width + 16, pdf->y,
                        pdf->inner - width - 16, drawn ? chart : height - 6);
            pdf_untag(pdf, "Figure");
        }
        pdf_tag(pdf, "P");
        if (strip > 0)
            draw_readings(pdf, kpi, pdf->y + height);
        if (note > 0)
            canvas_label(pdf->canvas, STYLE_LABEL, kpi->note, PAGE_LEFT + pdf->inner,
                         pdf->y + height + strip + 2, pdf->inner, ALIGN_END, &muted);
        pdf_untag(pdf, "P");
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y + height + strip + note + 8, pdf->inner,
                    &rule_colour);
    }
    pdf->y += height + strip + note + 20;
}
