/* Blocks of the DOCX: figures, charts, goals, KPIs and tables. */
#include <assert.h>
#include <math.h>

#include "chart.h"
#include "docx_body.h"
#include "format.h"

enum { KEPT_MAX = 5 }; /* strategies that stay on the page of their goal */

static const char *const panel_fill = "F3F5F7";

static void add_figure(struct docx *docx, const struct figure *figure, int width)
{
    struct xml *xml = &docx->body;

    docx_cell_open(docx, width, panel_fill);
    docx_line(docx, "Label", figure->label);
    docx_line(docx, "Figure", figure->value);
    docx_paragraph(docx, "Label", figure->note);
    docx_run(docx, figure->note, false, docx_tone(figure->tone));
    xml_close(xml);
    xml_close(xml);
}

void docx_figures(struct sink *sink, const struct figure *figures, size_t count)
{
    struct docx *docx = docx_of(sink);
    int width = docx->text_width / (int)count, widths[FIGURES_MAX] = {0};

    if (docx->dry)
        return;
    for (size_t i = 0; i < count; i++)
        widths[i] = width;
    docx_table_open(docx, "Figures", widths, count);
    docx_row_open(docx, false);
    for (size_t i = 0; i < count; i++)
        add_figure(docx, &figures[i], width);
    xml_close(&docx->body);
    xml_close(&docx->body);
    docx_line(docx, "Gap", STR(""));
}

static void place_picture(struct docx *docx, double width, double height, struct str says)
{
    docx_paragraph(docx, "Picture", STR_NONE);
    docx_place(docx, docx_picture(docx, width, height), width, height, says);
    xml_close(&docx->body);
}

/* Charts that stand side by side are one picture, so that they stay so in every program. */
void docx_charts(struct sink *sink, const struct bars *charts, size_t count)
{
    struct docx *docx = docx_of(sink);
    double space = 28, height = 0;
    double width = (PICTURE_WIDTH - 1 - space * (double)(count - 1)) / (double)count;
    struct buffer says = buffer_in(docx->arena, 256);
    struct format f = {docx->arena, docx->locale};

    if (docx->dry)
        return;
    struct canvas *canvas = docx_canvas(docx, PICTURE_WIDTH - 1);
    for (size_t i = 0; i < count; i++) {
        struct str part = format_bars(&f, &charts[i]);

        height = fmax(height, chart_bars_height(&charts[i]));
        chart_bars(canvas, &charts[i], (double)i * (width + space), 0, width);
        buffer_append(&says, ". ", i > 0 ? 2 : 0);
        buffer_append(&says, part.data, part.size);
    }
    place_picture(docx, PICTURE_WIDTH - 1, height, buffer_str(&says));
}

void docx_trend(struct sink *sink, const struct trend_line *line, struct str says)
{
    struct docx *docx = docx_of(sink);
    double width = PICTURE_WIDTH - 1, height = 130;

    if (docx->dry)
        return;
    chart_trend(docx_canvas(docx, width), docx->arena, line, 0, 0, width, height);
    place_picture(docx, width, height, says);
}

/* Two lists beside each other, each with a line of its own for a change. */
void docx_changes(struct sink *sink, const struct change_list lists[2])
{
    struct docx *docx = docx_of(sink);
    int widths[] = {docx->text_width / 2, docx->text_width / 2};

    if (docx->dry)
        return;
    docx_table_open(docx, "Plain", widths, 2);
    docx_row_open(docx, false);
    for (int i = 0; i < 2; i++) {
        docx_cell_open(docx, widths[i], NULL);
        docx_line(docx, "Heading4", lists[i].title);
        if (lists[i].count == 0)
            docx_line(docx, "Small", lists[i].none);
        for (size_t k = 0; k < lists[i].count; k++) {
            docx_paragraph(docx, "Small", lists[i].items[k].text);
            docx_run(docx, lists[i].items[k].text, false, NULL);
            docx_run(docx, STR("  "), false, NULL);
            docx_run(docx, lists[i].items[k].value, true, docx_tone(lists[i].tone));
            xml_close(&docx->body);
        }
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
    xml_close(&docx->body);
    docx_line(docx, "Gap", STR(""));
}

/* The picture of each percentage is made once. */
static void place_progress(struct docx *docx, const struct goal_block *goal)
{
    double width = 150, height = 6;
    int percent = isnan(goal->progress) ? 101 : (int)lround(goal->progress);
    int *picture = &docx->progress[goal->tone][percent < 0 ? 0 : percent > 101 ? 100 : percent];

    if (*picture == 0) {
        chart_progress(docx_canvas(docx, width), percent > 100 ? (double)NAN : percent, goal->tone,
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

static void add_goal_kpi(struct docx *docx, const struct goal_kpi_line *line)
{
    docx_paragraph(docx, "ListBullet", line->name);
    docx_run(docx, line->name, false, docx_tone(TONE_QUIET));
    docx_run(docx, STR(" \u00B7 "), false, docx_tone(TONE_QUIET));
    docx_run(docx, line->values, false, NULL);
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
    docx_paragraph_kept(docx, "About", goal->about);
    docx_run(docx, goal->status, true, docx_tone(goal->tone));
    docx_run(docx, STR(" \u00B7 "), false, NULL);
    docx_run(docx, goal->about, false, NULL);
    xml_close(xml);
    if (goal->reason.size > 0) {
        docx_paragraph_kept(docx, "About", goal->reason);
        docx_run(docx, goal->reason, false, docx_tone(TONE_BAD));
        xml_close(xml);
    }
    if (goal->strategy_count + goal->kpi_count > 0)
        docx_paragraph_kept(docx, "About", STR_NONE);
    else
        docx_paragraph(docx, "About", STR_NONE);
    if (goal->with_bar) {
        place_progress(docx, goal);
        docx_run(docx, STR("  "), false, NULL);
    }
    docx_run(docx, goal->progress_text, true, NULL);
    xml_close(xml);
    for (size_t i = 0; i < goal->strategy_count; i++)
        add_strategy(docx, &goal->strategies[i], i + 1 < goal->strategy_count && i < KEPT_MAX);
    for (size_t i = 0; i < goal->kpi_count; i++)
        add_goal_kpi(docx, &goal->kpis[i]);
}

static void add_kpi_figures(struct docx *docx, const struct kpi_block *kpi, int width)
{
    docx_cell_open(docx, width, NULL);
    docx_line(docx, "Cell", kpi->about);
    if (kpi->status.size > 0) {
        docx_paragraph(docx, "Cell", kpi->status);
        docx_run(docx, kpi->status, true, docx_tone(kpi->tone));
        xml_close(&docx->body);
    }
    for (size_t i = 0; i < sizeof kpi->figures / sizeof *kpi->figures; i++) {
        const struct figure *figure = &kpi->figures[i];

        docx_paragraph(docx, "Cell", figure->label);
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
        docx_run(docx, locale_text(docx->locale, TEXT_LINKED_TO), false, NULL);
        docx_run(docx, STR(" "), false, NULL);
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
    chart_trend(docx_canvas(docx, width), docx->arena, &kpi->trend, 0, 0, width, height);
    docx_place(docx, docx_picture(docx, width, height), width, height, kpi->chart_says);
    xml_close(&docx->body);
    xml_close(&docx->body);
}

static void add_readings(struct docx *docx, const struct kpi_block *kpi)
{
    enum { SLOTS = sizeof kpi->latest / sizeof *kpi->latest };
    int widths[SLOTS];

    for (size_t i = 0; i < kpi->latest_count; i++)
        widths[i] = docx->text_width / SLOTS;
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
}

void docx_kpi(struct sink *sink, const struct kpi_block *kpi)
{
    struct docx *docx = docx_of(sink);
    const int widths[] = {3900, docx->text_width - 3900};

    if (docx->dry)
        return;
    docx_line(docx, "Heading3", kpi->name);
    docx_table_open(docx, "Plain", widths, kpi->with_chart ? 2 : 1);
    docx_row_open(docx, false);
    add_kpi_figures(docx, kpi, widths[0]);
    if (kpi->with_chart)
        add_trend(docx, kpi, widths[1]);
    xml_close(&docx->body);
    xml_close(&docx->body);
    docx_line(docx, "Gap", STR("")); /* two tables in a row would become one */
    if (kpi->latest_count > 0)
        add_readings(docx, kpi);
    docx_line(docx, "Note", kpi->note);
}

static int column_width(const struct docx *docx, size_t i)
{
    return (int)(docx->text_width * docx->columns[i].share);
}

/* The style of a cell's paragraph. */
static const char *cell_style(const struct docx *docx, size_t column)
{
    bool number = docx->columns[column].kind == CELL_NUMBER;

    if (docx->compact)
        return number ? "SmallNumber" : "Small";
    return number ? "CellNumber" : "Cell";
}

void docx_table(struct sink *sink, const struct column *columns, size_t count, bool compact)
{
    struct docx *docx = docx_of(sink);
    int widths[COLUMNS_MAX] = {0};

    assert(count <= COLUMNS_MAX);
    docx->columns = columns;
    docx->column_count = count;
    docx->compact = compact;
    if (docx->dry)
        return;
    for (size_t i = 0; i < count; i++)
        widths[i] = column_width(docx, i);
    docx_table_open(docx, "Report", widths, count);
    docx_row_open(docx, true);
    for (size_t i = 0; i < count; i++) {
        docx_cell_open(docx, widths[i], NULL);
        docx_line(docx, columns[i].kind == CELL_NUMBER ? "LabelNumber" : "Label", columns[i].title);
        xml_close(&docx->body);
    }
    xml_close(&docx->body);
}

void docx_row(struct sink *sink, const struct cell *cells)
{
    struct docx *docx = docx_of(sink);

    if (docx->dry)
        return;
    docx_row_open(docx, false);
    for (size_t i = 0; i < docx->column_count; i++) {
        enum cell_kind kind = docx->columns[i].kind;

        docx_cell_open(docx, column_width(docx, i), NULL);
        docx_paragraph(docx, cell_style(docx, i), cells[i].text);
        docx_run(docx, cells[i].text, kind == CELL_STRONG || kind == CELL_TAG,
                 docx_tone(cells[i].tone));
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
    docx_line(docx, "Gap", STR(""));
}
