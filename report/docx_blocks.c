/* Blocks of the DOCX: figures, charts, goals, KPIs and tables. */
#include <assert.h>
#include <math.h>

#include "chart.h"
#include "docx_body.h"
#include "labels.h"

enum {
    FIGURES_IN_A_ROW = 3,
    KEPT_MAX = 5, /* strategies that stay on the page of their goal */
};

static const char *const panel_fill = "F3F5F7";

static void add_figure(struct docx *docx, const struct figure *figure, int width)
{
    struct xml *xml = &docx->body;

    docx_cell_open(docx, width, figure->label.size > 0 ? panel_fill : NULL);
    docx_line(docx, "Label", figure->label);
    docx_paragraph(docx, "Figure", STR_NONE);
    docx_run(docx, figure->value, false, NULL);
    xml_close(xml);
    docx_paragraph(docx, "Cell", STR_NONE);
    docx_run(docx, figure->note, false, docx_tone(figure->tone));
    xml_close(xml);
    xml_close(xml);
}

void docx_figures(struct sink *sink, const struct figure *figures, size_t count)
{
    static const struct figure nothing;
    struct docx *docx = docx_of(sink);
    int width = TEXT_WIDTH / FIGURES_IN_A_ROW, widths[FIGURES_IN_A_ROW] = {width, width, width};

    if (docx->dry)
        return;
    docx_table_open(docx, "Figures", widths, FIGURES_IN_A_ROW);
    for (size_t i = 0; i < count; i += FIGURES_IN_A_ROW) {
        docx_row_open(docx, false);
        for (size_t n = i; n < i + FIGURES_IN_A_ROW; n++)
            add_figure(docx, n < count ? &figures[n] : &nothing, width);
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
    docx_line(docx, "Gap", STR(""));
}

/* "Goals by status: Draft 2, Active 9. " */
static void say_bars(struct buffer *out, struct arena *arena, const struct bars *bars)
{
    struct str part = arena_printf(arena, "%s:", bars->title);

    buffer_append(out, part.data, part.size);
    for (size_t i = 0; i < bars->count; i++) {
        part = arena_printf(arena, "%s " STR_FMT " " STR_FMT, i > 0 ? "," : "",
                            STR_ARG(bars->items[i].label), STR_ARG(bars->items[i].text));
        buffer_append(out, part.data, part.size);
    }
    buffer_append(out, ". ", 2);
}

/* Charts that stand side by side are one picture, so that they stay so in every program. */
void docx_charts(struct sink *sink, const struct bars *charts, size_t count)
{
    struct docx *docx = docx_of(sink);
    double space = 28, height = 0;
    double width = (PICTURE_WIDTH - 1 - space * (double)(count - 1)) / (double)count;
    struct buffer says = buffer_in(docx->arena, 256);
    struct canvas *canvas;

    if (docx->dry)
        return;
    canvas = easel_canvas(docx->easel);
    for (size_t i = 0; i < count; i++) {
        height = fmax(height, chart_bars_height(&charts[i]));
        chart_bars(canvas, &charts[i], (double)i * (width + space), 0, width);
        say_bars(&says, docx->arena, &charts[i]);
    }
    docx_paragraph(docx, "Picture", STR_NONE);
    docx_place(docx, docx_picture(docx, PICTURE_WIDTH - 1, height), PICTURE_WIDTH - 1, height,
               buffer_str(&says));
    xml_close(&docx->body);
}

/* The picture of each percentage is made once. */
static void place_progress(struct docx *docx, const struct goal_block *goal)
{
    double width = 150, height = 6;
    int percent = isnan(goal->progress) ? 101 : (int)lround(goal->progress);
    int *picture = &docx->progress[goal->tone][percent < 0 ? 0 : percent > 101 ? 100 : percent];

    if (*picture == 0) {
        chart_progress(easel_canvas(docx->easel), percent > 100 ? (double)NAN : percent, goal->tone,
                       0, 0.5, width, 5);
        *picture = docx_picture(docx, width, height);
    }
    docx_place(docx, *picture, width, height, goal->progress_text);
}

static void add_strategy(struct docx *docx, const struct strategy_line *line, bool kept)
{
    if (kept)
        docx_paragraph_kept(docx, "ListBullet", line->text);
    else
        docx_paragraph(docx, "ListBullet", line->text);
    docx_run(docx, line->text, false, NULL);
    docx_run(docx, STR(" \u00B7 "), false, docx_tone(TONE_QUIET));
    docx_run(docx, line->status, false, docx_tone(line->tone));
    xml_close(&docx->body);
}

void docx_goal(struct sink *sink, const struct goal_block *goal)
{
    struct docx *docx = docx_of(sink);
    struct xml *xml = &docx->body;

    if (docx->dry)
        return;
    docx_line(docx, "Heading3", goal->title);
    docx_paragraph_kept(docx, "About", STR_NONE);
    docx_run(docx, goal->status, true, docx_tone(goal->tone));
    docx_run(docx, STR(" \u00B7 "), false, NULL);
    docx_run(docx, goal->about, false, NULL);
    xml_close(xml);
    if (goal->strategy_count > 0)
        docx_paragraph_kept(docx, "About", STR_NONE);
    else
        docx_paragraph(docx, "About", STR_NONE);
    place_progress(docx, goal);
    docx_run(docx, STR("  "), false, NULL);
    docx_run(docx, goal->progress_text, true, NULL);
    xml_close(xml);
    for (size_t i = 0; i < goal->strategy_count; i++)
        add_strategy(docx, &goal->strategies[i], i + 1 < goal->strategy_count && i < KEPT_MAX);
}

static void add_kpi_figures(struct docx *docx, const struct kpi_block *kpi, int width)
{
    docx_cell_open(docx, width, NULL);
    docx_line(docx, "Cell", kpi->about);
    for (size_t i = 0; i < sizeof kpi->figures / sizeof *kpi->figures; i++) {
        const struct figure *figure = &kpi->figures[i];

        docx_paragraph(docx, "Cell", STR_NONE);
        docx_run(docx, figure->label, false, docx_tone(TONE_QUIET));
        docx_run(docx, STR("  "), false, NULL);
        docx_run(docx, figure->value, true, NULL);
        if (figure->note.size > 0) {
            docx_run(docx, STR("  "), false, NULL);
            docx_run(docx, figure->note, false, docx_tone(TONE_QUIET));
        }
        xml_close(&docx->body);
    }
    if (kpi->goals.size > 0) {
        docx_paragraph(docx, "Label", STR_NONE);
        docx_run(docx, STR("Linked to "), false, NULL);
        docx_run(docx, kpi->goals, false, NULL);
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
}

static void add_trend(struct docx *docx, const struct kpi_block *kpi, int cell)
{
    double width = 280, height = trend_is_drawn(&kpi->trend) ? 94 : 40;

    docx_cell_open(docx, cell, NULL);
    docx_paragraph(docx, "Cell", STR_NONE);
    chart_trend(easel_canvas(docx->easel), docx->arena, &kpi->trend, 0, 0, width, height);
    docx_place(docx, docx_picture(docx, width, height), width, height,
               arena_printf(docx->arena, "Trend of " STR_FMT ", latest " STR_FMT,
                            STR_ARG(kpi->name), STR_ARG(kpi->figures[0].value)));
    xml_close(&docx->body);
    xml_close(&docx->body);
}

static void add_readings(struct docx *docx, const struct kpi_block *kpi)
{
    enum { SLOTS = sizeof kpi->latest / sizeof *kpi->latest };
    int widths[SLOTS];

    for (size_t i = 0; i < kpi->latest_count; i++)
        widths[i] = TEXT_WIDTH / SLOTS;
    docx_table_open(docx, "Readings", widths, kpi->latest_count);
    for (int row = 0; row < 2; row++) {
        docx_row_open(docx, false);
        for (size_t i = 0; i < kpi->latest_count; i++) {
            docx_cell_open(docx, widths[i], panel_fill);
            docx_line(docx, row == 0 ? "ReadingLabel" : "Reading",
                      row == 0 ? kpi->latest[i].label : kpi->latest[i].value);
            xml_close(&docx->body);
        }
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
    docx_line(docx, "Note", kpi->note);
}

void docx_kpi(struct sink *sink, const struct kpi_block *kpi)
{
    static const int widths[] = {3900, TEXT_WIDTH - 3900};
    struct docx *docx = docx_of(sink);

    if (docx->dry)
        return;
    docx_line(docx, "Heading3", kpi->name);
    docx_table_open(docx, "Plain", widths, 2);
    docx_row_open(docx, false);
    add_kpi_figures(docx, kpi, widths[0]);
    add_trend(docx, kpi, widths[1]);
    xml_close(&docx->body);
    xml_close(&docx->body);
    docx_line(docx, "Gap", STR("")); /* two tables in a row would become one */
    if (kpi->latest_count > 0)
        add_readings(docx, kpi);
}

static int column_width(const struct docx *docx, size_t i)
{
    return (int)(TEXT_WIDTH * docx->columns[i].share);
}

void docx_table(struct sink *sink, const struct column *columns, size_t count)
{
    struct docx *docx = docx_of(sink);
    int widths[COLUMNS_MAX] = {0};

    assert(count <= COLUMNS_MAX);
    docx->columns = columns;
    docx->column_count = count;
    if (docx->dry)
        return;
    for (size_t i = 0; i < count; i++)
        widths[i] = column_width(docx, i);
    docx_table_open(docx, "Report", widths, count);
    docx_row_open(docx, true);
    for (size_t i = 0; i < count; i++) {
        docx_cell_open(docx, widths[i], NULL);
        docx_line(docx, columns[i].kind == CELL_NUMBER ? "LabelNumber" : "Label",
                  str_of(columns[i].title));
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
}

void docx_row(struct sink *sink, const struct str *cells)
{
    struct docx *docx = docx_of(sink);

    if (docx->dry)
        return;
    docx_row_open(docx, false);
    for (size_t i = 0; i < docx->column_count; i++) {
        enum cell_kind kind = docx->columns[i].kind;

        docx_cell_open(docx, column_width(docx, i), NULL);
        docx_paragraph(docx, kind == CELL_NUMBER ? "CellNumber" : "Cell", cells[i]);
        docx_run(docx, cells[i], kind == CELL_STRONG || kind == CELL_TAG,
                 kind == CELL_TAG ? docx_tone(label_tone(cells[i])) : NULL);
        xml_close(&docx->body);
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
}

void docx_table_end(struct sink *sink)
{
    struct docx *docx = docx_of(sink);

    if (docx->dry)
        return;
    xml_close(&docx->body);
    docx_line(docx, "Note", STR(""));
}
