/* Blocks of the PDF: figures, charts, goals and KPIs. Each reserves its room first and then draws.
 */
#include <math.h>

#include "chart.h"
#include "labels.h"
#include "pdf_page.h"

enum { FIGURES_IN_A_ROW = 3 };

static void draw_figure(struct pdf *pdf, const struct figure *figure, double x, double y,
                        double width, double height)
{
    struct canvas *canvas = pdf->canvas;
    double used;

    canvas_box(canvas, x, y, width, height, &panel);
    canvas_box(canvas, x, y, 2.5, height, &navy);
    canvas_label(canvas, STYLE_CELL, figure->label, x + 12, y + 7, width - 20, ALIGN_START, &muted);
    used = canvas_label(canvas, STYLE_FIGURE, figure->value, x + 12, y + 19, width - 20,
                        ALIGN_START, &navy);
    canvas_label(canvas, STYLE_CELL, figure->note, x + 20 + used, y + 32, width - 28 - used,
                 ALIGN_START, tone_text(figure->tone));
}

void pdf_figures(struct sink *sink, const struct figure *figures, size_t count)
{
    struct pdf *pdf = pdf_of(sink);
    double space = 10, height = 54;
    double width = (PAGE_INNER - space * (FIGURES_IN_A_ROW - 1)) / FIGURES_IN_A_ROW;

    for (size_t i = 0; i < count; i++) {
        size_t column = i % FIGURES_IN_A_ROW;

        if (column == 0)
            pdf_need(pdf, height);
        if (!pdf->dry)
            draw_figure(pdf, &figures[i], PAGE_LEFT + (double)column * (width + space), pdf->y,
                        width, height);
        if (column == FIGURES_IN_A_ROW - 1 || i == count - 1)
            pdf->y += height + space;
    }
    pdf->y += 8;
}

void pdf_charts(struct sink *sink, const struct bars *charts, size_t count)
{
    struct pdf *pdf = pdf_of(sink);
    double space = 28, height = 0;
    double width = (PAGE_INNER - space * (double)(count - 1)) / (double)count;

    for (size_t i = 0; i < count; i++)
        height = fmax(height, chart_bars_height(&charts[i]));
    pdf_need(pdf, height);
    for (size_t i = 0; i < count && !pdf->dry; i++)
        chart_bars(pdf->canvas, &charts[i], PAGE_LEFT + (double)i * (width + space), pdf->y, width);
    pdf->y += height + 14;
}

static const double strategy_tag = 60, strategy_width = PAGE_INNER - 84;

static double lay_strategy(struct pdf *pdf, const struct strategy_line *line, int slot)
{
    return canvas_lay(pdf->canvas, slot, STYLE_CELL, line->text, strategy_width, ALIGN_START, 50) +
           3;
}

/* "• description      Adopted" */
static void add_strategy(struct pdf *pdf, const struct strategy_line *line)
{
    double left = PAGE_LEFT + 12, height = lay_strategy(pdf, line, 1);

    pdf_need(pdf, height);
    if (!pdf->dry) {
        canvas_box(pdf->canvas,
                   label_is_rtl(line->text) ? left + strategy_width + 6 : PAGE_LEFT + 3,
                   pdf->y + 4.6, 2.8, 2.8, &teal);
        canvas_put(pdf->canvas, 1, left, pdf->y, &ink);
        canvas_label(pdf->canvas, STYLE_CELL, line->status, PAGE_LEFT + PAGE_INNER, pdf->y,
                     strategy_tag, ALIGN_END, tone_text(line->tone));
    }
    pdf->y += height;
}

void pdf_goal(struct sink *sink, const struct goal_block *goal)
{
    struct pdf *pdf = pdf_of(sink);
    double side = 150, width = PAGE_INNER - side - 18, right = PAGE_LEFT + PAGE_INNER;
    double first = 0;
    double title = canvas_lay(pdf->canvas, 0, STYLE_STRONG, goal->title, width, ALIGN_START, 12);
    double about = canvas_lay(pdf->canvas, 1, STYLE_CELL, goal->about, width, ALIGN_START, 1) + 2;

    /* The first strategy stays with its goal; that it does needs no proof high up on the page. */
    if (goal->strategy_count > 0)
        first = pdf->y < PAGE_HEIGHT / 2 ? 30 : lay_strategy(pdf, &goal->strategies[0], 2);
    pdf_need(pdf, title + about + first + 12);
    if (!pdf->dry) {
        canvas_put(pdf->canvas, 0, PAGE_LEFT, pdf->y, &ink);
        canvas_put(pdf->canvas, 1, PAGE_LEFT, pdf->y + title + 1, &muted);
        canvas_label(pdf->canvas, STYLE_CELL_STRONG, goal->status, right - side, pdf->y + 1.5, 75,
                     ALIGN_START, tone_text(goal->tone));
        canvas_label(pdf->canvas, STYLE_CELL_STRONG, goal->progress_text, right, pdf->y + 1.5, 90,
                     ALIGN_END, isnan(goal->progress) ? &muted : &ink);
        chart_progress(pdf->canvas, goal->progress, goal->tone, right - side, pdf->y + 17, side, 5);
    }
    pdf->y += title + about + 3;
    for (size_t i = 0; i < goal->strategy_count; i++)
        add_strategy(pdf, &goal->strategies[i]);
    pdf->y += 6;
    if (!pdf->dry)
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y, PAGE_INNER, &rule_colour);
    pdf->y += 9;
}

/* The newest readings, month above value, evenly spaced. */
static void draw_readings(struct pdf *pdf, const struct kpi_block *kpi, double y)
{
    const size_t max = sizeof kpi->latest / sizeof *kpi->latest;
    double slot = PAGE_INNER / (double)max;
    double line = canvas_line(pdf->canvas, STYLE_LABEL);

    canvas_box(pdf->canvas, PAGE_LEFT, y, PAGE_INNER, line * 2 + 7, &panel);
    for (size_t i = 0; i < kpi->latest_count; i++) {
        double x = PAGE_LEFT + slot * ((double)i + 0.5);

        canvas_label(pdf->canvas, STYLE_LABEL, kpi->latest[i].label, x, y + 2.5, slot, ALIGN_CENTRE,
                     &muted);
        canvas_label(pdf->canvas, STYLE_LABEL, kpi->latest[i].value, x, y + 3.5 + line, slot,
                     ALIGN_CENTRE, &ink);
    }
}

/* What the KPI is, left of its chart: slots 0 to 2. */
static double lay_kpi(struct pdf *pdf, const struct kpi_block *kpi, double width, double *tops)
{
    double y = 0;

    tops[0] = y;
    y += canvas_lay(pdf->canvas, 0, STYLE_STRONG, kpi->name, width, ALIGN_START, 10) + 1;
    tops[1] = y;
    y += canvas_lay(pdf->canvas, 1, STYLE_CELL, kpi->about, width, ALIGN_START, 2) + 7;
    tops[2] = y;
    y += 3 * 14 + 4;
    tops[3] = y;
    if (kpi->goals.size > 0)
        y += canvas_lay(pdf->canvas, 2, STYLE_LABEL, kpi->goals, width, ALIGN_START, 4) + 12;
    return y;
}

static void draw_kpi(struct pdf *pdf, const struct kpi_block *kpi, double width, const double *tops)
{
    double y = pdf->y;

    canvas_put(pdf->canvas, 0, PAGE_LEFT, y + tops[0], &ink);
    canvas_put(pdf->canvas, 1, PAGE_LEFT, y + tops[1], &muted);
    if (kpi->goals.size > 0) {
        canvas_label(pdf->canvas, STYLE_LABEL, STR("Linked to"), PAGE_LEFT, y + tops[3], width,
                     ALIGN_START, &muted);
        canvas_put(pdf->canvas, 2, PAGE_LEFT, y + tops[3] + 10, &ink);
    }
    for (size_t i = 0; i < sizeof kpi->figures / sizeof *kpi->figures; i++) {
        const struct figure *figure = &kpi->figures[i];
        double row = y + tops[2] + 14 * (double)i, used;

        canvas_label(pdf->canvas, STYLE_CELL, figure->label, PAGE_LEFT, row, 50, ALIGN_START,
                     &muted);
        used = canvas_label(pdf->canvas, STYLE_CELL_STRONG, figure->value, PAGE_LEFT + 52, row,
                            width - 52, ALIGN_START, &ink);
        if (figure->note.size > 0 && used < width - 100)
            canvas_label(pdf->canvas, STYLE_CELL, figure->note, PAGE_LEFT + 58 + used, row,
                         width - 58 - used, ALIGN_START, &muted);
    }
}

void pdf_kpi(struct sink *sink, const struct kpi_block *kpi)
{
    struct pdf *pdf = pdf_of(sink);
    double width = 190, chart = 94, tops[4];
    double height =
        fmax(lay_kpi(pdf, kpi, width, tops), trend_is_drawn(&kpi->trend) ? chart : 0) + 6;
    double line = canvas_line(pdf->canvas, STYLE_LABEL);
    double strip = kpi->latest_count > 0 ? line * 2 + 7 : 0;
    double note = kpi->note.size > 0 ? line + 2 : 0;

    pdf_need(pdf, height + strip + note + 10);
    if (!pdf->dry) {
        draw_kpi(pdf, kpi, width, tops);
        chart_trend(pdf->canvas, pdf->arena, &kpi->trend, PAGE_LEFT + width + 16, pdf->y,
                    PAGE_INNER - width - 16, trend_is_drawn(&kpi->trend) ? chart : height - 6);
        if (strip > 0)
            draw_readings(pdf, kpi, pdf->y + height);
        if (note > 0)
            canvas_label(pdf->canvas, STYLE_LABEL, kpi->note, PAGE_LEFT + PAGE_INNER,
                         pdf->y + height + strip + 2, PAGE_INNER, ALIGN_END, &muted);
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y + height + strip + note + 8, PAGE_INNER,
                    &rule_colour);
    }
    pdf->y += height + strip + note + 20;
}
