/* Pages of the PDF: where they begin and end, their header and footer. */
#include "pdf_page.h"

#include "labels.h"

static void draw_header(struct pdf *pdf)
{
    double y = 36;

    canvas_label(pdf->canvas, STYLE_SMALL, pdf->cover.organisation, PAGE_LEFT, y, PAGE_INNER * 0.7,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_SMALL, STR("Company report"), PAGE_LEFT + PAGE_INNER, y,
                 PAGE_INNER * 0.3, ALIGN_END, &muted);
    canvas_rule(pdf->canvas, PAGE_LEFT, y + 17, PAGE_INNER, &rule_colour);
}

static void draw_footer(struct pdf *pdf)
{
    double y = PAGE_HEIGHT - 42;
    struct str number = arena_printf(pdf->arena, "Page %d of %d", pdf->page, pdf->pages);

    canvas_rule(pdf->canvas, PAGE_LEFT, y - 6, PAGE_INNER, &rule_colour);
    canvas_label(pdf->canvas, STYLE_SMALL, pdf->cover.period, PAGE_LEFT, y, PAGE_INNER * 0.7,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_SMALL, number, PAGE_LEFT + PAGE_INNER, y, PAGE_INNER * 0.3,
                 ALIGN_END, &muted);
}

void pdf_page_begin(struct pdf *pdf)
{
    pdf->page++;
    pdf->y = PAGE_TOP;
    if (!pdf->dry && pdf->page > 1)
        draw_header(pdf);
}

void pdf_page_end(struct pdf *pdf)
{
    if (pdf->dry)
        return;
    if (pdf->page > 1)
        draw_footer(pdf);
    cairo_show_page(pdf->cr);
}

bool pdf_need(struct pdf *pdf, double height)
{
    if (pdf->y + height <= PAGE_BOTTOM)
        return false;
    pdf_page_end(pdf);
    pdf_page_begin(pdf);
    return true;
}

void pdf_paragraph(struct pdf *pdf, enum style style, struct str text, const struct colour *colour,
                   double after)
{
    double height = canvas_lay(pdf->canvas, 0, style, text, PAGE_INNER, ALIGN_START, 40);

    pdf_need(pdf, height);
    if (!pdf->dry)
        canvas_put(pdf->canvas, 0, PAGE_LEFT, pdf->y, colour);
    pdf->y += height + after;
}
