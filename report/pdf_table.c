/* Tables of the PDF: rows that break over pages, with the columns' titles repeated. */
#include "pdf_page.h"

#include <assert.h>

static const double gap = 12;

static double pad(const struct pdf *pdf)
{
    return pdf->compact ? 1.4 : 4.5;
}

static double column_width(const struct pdf *pdf, size_t i)
{
    return pdf->inner * pdf->columns[i].share - (i + 1 < pdf->column_count ? gap : 0);
}

static enum align column_align(const struct column *column)
{
    return column->kind == CELL_NUMBER ? ALIGN_END : ALIGN_START;
}

/* The part of a table on one page is a table of its own in the document's structure. */
static void draw_titles(struct pdf *pdf)
{
    double x = PAGE_LEFT, height = 0;

    for (size_t i = 0; i < pdf->column_count; i++) {
        double title =
            canvas_lay(pdf->canvas, (int)i, STYLE_LABEL, pdf->columns[i].title,
                       column_width(pdf, i), column_align(&pdf->columns[i]), pdf->compact ? 1 : 2);

        height = title > height ? title : height;
    }
    height += 2 * pad(pdf);
    pdf_tag(pdf, "Table");
    pdf_tag(pdf, "TR");
    for (size_t i = 0; i < pdf->column_count; x += pdf->inner * pdf->columns[i].share, i++) {
        pdf_tag(pdf, "TH");
        if (!pdf->dry)
            canvas_put(pdf->canvas, (int)i, x, pdf->y + pad(pdf), &muted);
        pdf_untag(pdf, "TH");
    }
    pdf_untag(pdf, "TR");
    pdf->y += height;
    if (!pdf->dry)
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y, pdf->inner, &muted);
}

void pdf_table(struct sink *sink, const struct column *columns, size_t count, bool compact)
{
    struct pdf *pdf = pdf_of(sink);

    assert(count <= COLUMNS_MAX);
    pdf->columns = columns;
    pdf->column_count = count;
    pdf->compact = compact;
    pdf_need(pdf, compact ? 40 : 70); /* the titles and a row or two */
    draw_titles(pdf);
}

/* One slot for each column, so that measuring a row is also laying it out. */
static double lay_row(struct pdf *pdf, const struct cell *cells)
{
    double height = 0;

    for (size_t i = 0; i < pdf->column_count; i++) {
        enum cell_kind kind = pdf->columns[i].kind;
        enum style style = kind == CELL_STRONG || kind == CELL_TAG ? STYLE_CELL_STRONG : STYLE_CELL;
        double cell = canvas_lay(pdf->canvas, (int)i, style, cells[i].text, column_width(pdf, i),
                                 column_align(&pdf->columns[i]), pdf->compact ? 1 : 40);

        height = cell > height ? cell : height;
    }
    return height + 2 * pad(pdf);
}

void pdf_row(struct sink *sink, const struct cell *cells)
{
    struct pdf *pdf = pdf_of(sink);
    double x = PAGE_LEFT, height = lay_row(pdf, cells);

    if (!pdf_fits(pdf, height)) {
        pdf_untag(pdf, "Table");
        pdf_need(pdf, height);
        draw_titles(pdf);
        height = lay_row(pdf, cells); /* the titles took its slots */
    }
    pdf_tag(pdf, "TR");
    for (size_t i = 0; i < pdf->column_count; x += pdf->inner * pdf->columns[i].share, i++) {
        pdf_tag(pdf, "TD");
        if (!pdf->dry)
            canvas_put(pdf->canvas, (int)i, x, pdf->y + pad(pdf), tone_text(cells[i].tone));
        pdf_untag(pdf, "TD");
    }
    pdf_untag(pdf, "TR");
    pdf->y += height;
    if (!pdf->dry)
        canvas_rule(pdf->canvas, PAGE_LEFT, pdf->y, pdf->inner, &rule_colour);
}

void pdf_table_end(struct sink *sink)
{
    struct pdf *pdf = pdf_of(sink);

    pdf_untag(pdf, "Table");
    pdf->columns = NULL;
    pdf->y += pdf->compact ? 7 : 14;
}
