/* The cover of the PDF, with the table of contents below. */
#include "format.h"
#include "pdf_page.h"

static const double band = 210, logo_width = 150, logo_height = 62, gap = 28;

static void draw_band(struct pdf *pdf, const struct cover *cover)
{
    double name;

    canvas_box(pdf->canvas, 0, 0, pdf->width, band, &navy);
    name = canvas_lay(pdf->canvas, 0, STYLE_COVER, cover->organisation, pdf->inner, ALIGN_START, 3);
    pdf_tag(pdf, "P");
    canvas_label(pdf->canvas, STYLE_LEAD, locale_text(pdf->locale, TEXT_COMPANY_REPORT), PAGE_LEFT,
                 band - 62 - name, pdf->inner, ALIGN_START, &white);
    pdf_untag(pdf, "P");
    pdf_tag(pdf, "H1");
    canvas_put(pdf->canvas, 0, PAGE_LEFT, band - 38 - name, &white);
    pdf_untag(pdf, "H1");
}

static void draw_logo(struct pdf *pdf, double y)
{
    struct format f = {pdf->arena, pdf->locale};
    double width, height;

    if (!pdf->logo.surface)
        return;
    logo_fit(&pdf->logo, logo_width, logo_height, &width, &height);
    pdf_tag_figure(pdf, FILL(&f, TEXT_LOGO_OF, pdf->cover.organisation));
    cairo_save(pdf->cr);
    cairo_translate(pdf->cr, canvas_x(pdf->canvas, PAGE_LEFT + pdf->inner - width, width), y);
    cairo_scale(pdf->cr, width / pdf->logo.width, height / pdf->logo.height);
    cairo_set_source_surface(pdf->cr, pdf->logo.surface, 0, 0);
    cairo_paint(pdf->cr);
    cairo_restore(pdf->cr);
    pdf_untag(pdf, "Figure");
}

/* "Period" above what it is. */
static double draw_fact(struct pdf *pdf, enum text label, struct str text, double y)
{
    if (text.size == 0)
        return y;
    pdf_tag(pdf, "P");
    canvas_label(pdf->canvas, STYLE_CELL, locale_text(pdf->locale, label), PAGE_LEFT, y, pdf->inner,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_HEADING, text, PAGE_LEFT, y + 12, pdf->inner - logo_width - 10,
                 ALIGN_START, &ink);
    pdf_untag(pdf, "P");
    return y + 40;
}

/* --- Contents --- */

static double step(const struct chapter *chapter)
{
    return chapter->level == 1 ? 17 : 13;
}

/* One line of the contents: a link over its whole width. */
static void draw_chapter(struct pdf *pdf, int index, double x, double y, double width)
{
    const struct chapter *chapter = &pdf->chapters[index];
    struct format f = {pdf->arena, pdf->locale};
    bool main = chapter->level == 1;
    enum style style = main ? STYLE_CELL_STRONG : STYLE_CELL;
    double indent = main ? 0 : 12;
    struct str link = arena_printf(pdf->arena, "dest='chapter-%d'", index);

    pdf_tag(pdf, "P");
    cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK, link.data);
    canvas_label(pdf->canvas, style, chapter->title, x + indent, y, width - 30 - indent,
                 ALIGN_START, main ? &navy : &ink);
    canvas_label(pdf->canvas, style, format_count(&f, chapter->page), x + width, y, 30, ALIGN_END,
                 &ink);
    cairo_tag_end(pdf->cr, CAIRO_TAG_LINK);
    pdf_untag(pdf, "P");
}

/* In two columns; a chapter is not divided. */
static void draw_contents(struct pdf *pdf, double top)
{
    double height = 0, width = (pdf->inner - gap) / 2, x = PAGE_LEFT, y;

    pdf_tag(pdf, "H2");
    canvas_label(pdf->canvas, STYLE_HEADING, locale_text(pdf->locale, TEXT_CONTENTS), PAGE_LEFT,
                 top, pdf->inner, ALIGN_START, &navy);
    pdf_untag(pdf, "H2");
    top = y = top + 24;
    for (int i = 0; i < pdf->chapter_count; i++)
        height += step(&pdf->chapters[i]) + (pdf->chapters[i].level == 1 ? 5 : 0);
    for (int i = 0; i < pdf->chapter_count; i++) {
        if (pdf->chapters[i].level == 1) {
            if (x == PAGE_LEFT && y - top >= height / 2 - 8) {
                x += width + gap;
                y = top;
            }
            y += y > top ? 5 : 0;
        }
        draw_chapter(pdf, i, x, y, width);
        y += step(&pdf->chapters[i]);
    }
}

void pdf_cover(struct sink *sink, const struct cover *cover)
{
    struct pdf *pdf = pdf_of(sink);
    double y = band + 28;

    pdf->cover = *cover;
    pdf_page_begin(pdf);
    if (pdf->dry)
        return;
    draw_band(pdf, cover);
    draw_logo(pdf, y);
    y = draw_fact(pdf, TEXT_PERIOD, cover->period, y);
    y = draw_fact(pdf, TEXT_AS_OF, cover->as_of, y);
    y = draw_fact(pdf, TEXT_MADE_AT, cover->generated, y);
    draw_contents(pdf, y + 18);
}
