/* Tables of the PDF: rows that break over pages, with the columns' titles repeated. */
#include "pdf_page.h"

#include <assert.h>

#include "labels.h"

static const double pad = 4.5, gap = 14;

static double column_width(const struct pdf *pdf, size_t i)
{
    return PAGE_INNER * pdf->columns[i].share - (i + 1 < pdf->column_count ? gap : 0);
}

static void draw_titles(struct pdf *pdf)
{
    double x = PAGE_LEFT, line = canvas_line(pdf->canvas, STYLE_LABEL);
    double height = line + 2 * pad;

    if (!pdf->dry) {
        for (size_t i = 0; i < pdf->column_count; x += PAGE_INNER * pdf->columns[i].share, i++) {
            bool number = pdf->columns[i].kind == CELL_NUMBER;
            double width = column_width(pdf, i);

            canvas_label(pdf->canvas, STYLE_LABEL, str_of(pdf->columns[i].title),
                         number ? x + width : x, pdf->y + pad, width,
                         number ? ALIGN_END : ALIGN_START, &muted);
        }
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y + height, PAGE_INNER, &muted);
    }
    pdf->y += height;
}

void pdf_table(struct sink *sink, const struct column *columns, size_t count)
{
    struct pdf *pdf = pdf_of(sink);

    assert(count <= COLUMNS_MAX);
    pdf->columns = columns;
    pdf->column_count = count;
    pdf->rows = 0;
    pdf_need(pdf, 70); /* the titles and a row or two */
    draw_titles(pdf);
}

static const struct colour *cell_colour(enum cell_kind kind, struct str text)
{
    return kind == CELL_TAG ? tone_text(label_tone(text)) : &ink;
}

/* One slot for each column, so that measuring a row is also laying it out. */
static double lay_row(struct pdf *pdf, const struct str *cells)
{
    double height = 0;

    for (size_t i = 0; i < pdf->column_count; i++) {
        enum cell_kind kind = pdf->columns[i].kind;
        enum style style = kind == CELL_STRONG || kind == CELL_TAG ? STYLE_CELL_STRONG : STYLE_CELL;
        double cell = canvas_lay(pdf->canvas, (int)i, style, cells[i], column_width(pdf, i),
                                 kind == CELL_NUMBER ? ALIGN_END : ALIGN_START, 40);

        height = cell > height ? cell : height;
    }
    return height + 2 * pad;
}

void pdf_row(struct sink *sink, const struct str *cells)
{
    struct pdf *pdf = pdf_of(sink);
    double x = PAGE_LEFT, height = lay_row(pdf, cells);

    if (pdf_need(pdf, height))
        draw_titles(pdf);
    if (!pdf->dry) {
        for (size_t i = 0; i < pdf->column_count; x += PAGE_INNER * pdf->columns[i].share, i++)
            canvas_put(pdf->canvas, (int)i, x, pdf->y + pad,
                       cell_colour(pdf->columns[i].kind, cells[i]));
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y + height, PAGE_INNER, &rule_colour);
    }
    pdf->y += height;
    pdf->rows++;
}

void pdf_table_end(struct sink *sink)
{
    struct pdf *pdf = pdf_of(sink);

    pdf->columns = NULL;
    pdf->y += 14;
}
