/* Pages of the PDF: where they begin and end, their header and footer, and their structure. */
#include "pdf_page.h"

#include "format.h"

static void draw_header(struct pdf *pdf)
{
    double y = 34, right = PAGE_LEFT + pdf->inner;

    canvas_label(pdf->canvas, STYLE_SMALL, pdf->cover.organisation, PAGE_LEFT, y, pdf->inner * 0.7,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_SMALL, locale_text(pdf->locale, TEXT_COMPANY_REPORT), right, y,
                 pdf->inner * 0.3, ALIGN_END, &muted);
    canvas_rule(pdf->canvas, PAGE_LEFT, y + 17, pdf->inner, &rule_colour);
}

static void draw_footer(struct pdf *pdf)
{
    struct format f = {pdf->arena, pdf->locale};
    double y = pdf->height - 40;
    struct str number =
        FILL(&f, TEXT_PAGE_OF, format_count(&f, pdf->page), format_count(&f, pdf->pages));

    canvas_rule(pdf->canvas, PAGE_LEFT, y - 6, pdf->inner, &rule_colour);
    canvas_label(pdf->canvas, STYLE_SMALL, pdf->cover.period, PAGE_LEFT, y, pdf->inner * 0.7,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_SMALL, number, PAGE_LEFT + pdf->inner, y, pdf->inner * 0.3,
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

bool pdf_fits(const struct pdf *pdf, double height)
{
    return pdf->y + height <= pdf->height - PAGE_FOOT;
}

bool pdf_need(struct pdf *pdf, double height)
{
    if (pdf_fits(pdf, height))
        return false;
    pdf_page_end(pdf);
    pdf_page_begin(pdf);
    return true;
}

void pdf_tag(struct pdf *pdf, const char *tag)
{
    if (!pdf->dry && pdf->pages <= TAGGED_PAGES_MAX)
        canvas_tag(pdf->canvas, tag);
}

void pdf_untag(struct pdf *pdf, const char *tag)
{
    if (!pdf->dry && pdf->pages <= TAGGED_PAGES_MAX)
        canvas_untag(pdf->canvas, tag);
}

void pdf_tag_figure(struct pdf *pdf, struct str says)
{
    struct texts *figures = &pdf->figures;

    if (pdf->dry || pdf->pages > TAGGED_PAGES_MAX)
        return;
    if (figures->count == pdf->figures_room) {
        size_t room = pdf->figures_room * 2 + 16;
        struct str *items = arena_array(pdf->arena, room, sizeof *items);

        for (size_t i = 0; i < figures->count; i++)
            items[i] = figures->items[i];
        figures->items = items;
        pdf->figures_room = room;
    }
    figures->items[figures->count++] = says;
    canvas_tag(pdf->canvas, "Figure");
}

void pdf_paragraph(struct pdf *pdf, enum style style, struct str text, const struct colour *colour,
                   double after)
{
    double height = canvas_lay(pdf->canvas, 0, style, text, pdf->inner, ALIGN_START, 40);

    pdf_need(pdf, height);
    if (!pdf->dry)
        canvas_put(pdf->canvas, 0, PAGE_LEFT, pdf->y, colour);
    pdf->y += height + after;
}
