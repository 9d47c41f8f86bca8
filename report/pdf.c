/* The report as a PDF: cover, contents, chapters, and the two passes that number the pages. */
#include "pdf.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#include "content.h"
#include "pdf_page.h"

static void pdf_cover(struct sink *sink, const struct cover *cover)
{
    struct pdf *pdf = pdf_of(sink);
    double band = 330, name, y;

    pdf->cover = *cover;
    pdf_page_begin(pdf);
    if (pdf->dry)
        return;
    canvas_box(pdf->canvas, 0, 0, PAGE_WIDTH, band, &navy);
    name = canvas_lay(pdf->canvas, 0, STYLE_COVER, cover->organisation, PAGE_INNER, ALIGN_START, 4);
    y = band - 40 - name;
    canvas_put(pdf->canvas, 0, PAGE_LEFT, y, &white);
    canvas_label(pdf->canvas, STYLE_LEAD, STR("Company report"), PAGE_LEFT, y - 24, PAGE_INNER,
                 ALIGN_START, &white);
    y = band + 34;
    canvas_label(pdf->canvas, STYLE_CELL, STR("Period"), PAGE_LEFT, y, PAGE_INNER, ALIGN_START,
                 &muted);
    canvas_label(pdf->canvas, STYLE_HEADING, cover->period, PAGE_LEFT, y + 13, PAGE_INNER,
                 ALIGN_START, &ink);
    y += 52;
    canvas_label(pdf->canvas, STYLE_CELL, STR("Figures as of"), PAGE_LEFT, y, PAGE_INNER,
                 ALIGN_START, &muted);
    canvas_label(pdf->canvas, STYLE_HEADING, cover->generated, PAGE_LEFT, y + 13, PAGE_INNER,
                 ALIGN_START, &ink);
}

/* One line of the contents: a link over its whole width. */
static void draw_chapter(struct pdf *pdf, int index)
{
    const struct chapter *chapter = &pdf->chapters[index];
    bool main = chapter->level == 1;
    enum style style = main ? STYLE_STRONG : STYLE_BODY;
    double indent = main ? 0 : 16;
    struct str link = arena_printf(pdf->arena, "dest='chapter-%d'", index);
    struct str number = arena_printf(pdf->arena, "%d", chapter->page);

    cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK, link.data);
    canvas_label(pdf->canvas, style, chapter->title, PAGE_LEFT + indent, pdf->y,
                 PAGE_INNER - 60 - indent, ALIGN_START, &ink);
    canvas_label(pdf->canvas, style, number, PAGE_LEFT + PAGE_INNER, pdf->y, 50, ALIGN_END, &ink);
    cairo_tag_end(pdf->cr, CAIRO_TAG_LINK);
}

static void pdf_contents(struct sink *sink)
{
    struct pdf *pdf = pdf_of(sink);

    pdf_page_end(pdf);
    pdf_page_begin(pdf);
    if (pdf->dry)
        return; /* the chapters are not known yet; there are few, so they always fit one page */
    pdf_paragraph(pdf, STYLE_CHAPTER, STR("Contents"), &navy, 16);
    for (int i = 0; i < pdf->chapter_count; i++) {
        if (pdf->chapters[i].level == 1 && i > 0)
            pdf->y += 6;
        draw_chapter(pdf, i);
        pdf->y += 19;
    }
}

/* Remembers a chapter in the first pass; makes it a destination and a bookmark in the second. */
static void add_chapter(struct pdf *pdf, struct str title, int level)
{
    int index = pdf->chapter++;

    assert(index < CHAPTERS_MAX);
    if (pdf->dry) {
        pdf->chapters[index] = (struct chapter){title, level, pdf->page, 0};
        pdf->chapter_count = pdf->chapter;
    } else {
        struct str name = arena_printf(pdf->arena, "name='chapter-%d'", index);
        struct str link = arena_printf(pdf->arena, "dest='chapter-%d'", index);
        struct str text = arena_copy(pdf->arena, title);
        int parent = level == 1 ? CAIRO_PDF_OUTLINE_ROOT : pdf->outline;
        int id = cairo_pdf_surface_add_outline(pdf->surface, parent, text.data, link.data,
                                               level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);

        assert(pdf->chapters[index].page == pdf->page); /* both passes broke the same pages */
        pdf->outline = level == 1 ? id : pdf->outline;
        cairo_tag_begin(pdf->cr, CAIRO_TAG_DEST, name.data);
    }
}

static void end_chapter(struct pdf *pdf)
{
    if (!pdf->dry)
        cairo_tag_end(pdf->cr, CAIRO_TAG_DEST);
}

static void pdf_section(struct sink *sink, const char *title, bool large)
{
    struct pdf *pdf = pdf_of(sink);

    double used = (pdf->y - PAGE_TOP) / (PAGE_BOTTOM - PAGE_TOP);

    if (pdf->page <= 2 || used > (large ? 0.45 : 0.7)) {
        pdf_page_end(pdf);
        pdf_page_begin(pdf);
    } else {
        pdf->y += 22;
    }
    add_chapter(pdf, str_of(title), 1);
    pdf_paragraph(pdf, STYLE_CHAPTER, str_of(title), &navy, 12);
    end_chapter(pdf);
}

static void pdf_heading(struct sink *sink, struct str title)
{
    struct pdf *pdf = pdf_of(sink);

    if (pdf->y > PAGE_TOP + 50)
        pdf->y += 8;
    pdf_need(pdf, 110);
    add_chapter(pdf, title, 2);
    pdf_paragraph(pdf, STYLE_HEADING, title, &navy, 8);
    end_chapter(pdf);
}

static void pdf_text(struct sink *sink, enum role role, struct str text)
{
    struct pdf *pdf = pdf_of(sink);

    switch (role) {
    case ROLE_LEAD:
        pdf_paragraph(pdf, STYLE_LEAD, text, &ink, 14);
        break;
    case ROLE_BODY:
        pdf_paragraph(pdf, STYLE_BODY, text, &ink, 10);
        break;
    case ROLE_NOTE:
        pdf_paragraph(pdf, STYLE_SMALL, text, &muted, 10);
        break;
    }
}

static const struct sink_ops ops = {
    .cover = pdf_cover,
    .contents = pdf_contents,
    .section = pdf_section,
    .heading = pdf_heading,
    .text = pdf_text,
    .figures = pdf_figures,
    .charts = pdf_charts,
    .goal = pdf_goal,
    .kpi = pdf_kpi,
    .table = pdf_table,
    .row = pdf_row,
    .table_end = pdf_table_end,
};

static cairo_status_t write_bytes(void *out, const unsigned char *data, unsigned int size)
{
    return fwrite(data, 1, size, out) == size ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void write_pages(struct pdf *pdf, const struct report *report, bool dry)
{
    pdf->dry = dry;
    pdf->page = 0;
    pdf->chapter = 0;
    content_write(report, pdf->arena, &pdf->sink);
    pdf_page_end(pdf);
    pdf->pages = pdf->page;
}

static void set_metadata(struct pdf *pdf)
{
    char created[TIMESTAMP_TEXT_SIZE + 1] = "";
    struct str title =
        arena_printf(pdf->arena, "Company report of " STR_FMT, STR_ARG(pdf->cover.organisation));
    struct str subject = arena_copy(pdf->arena, pdf->cover.period);

    timestamp_format(pdf->cover.generated_at, created);
    memcpy(created + 19, "Z", 2); /* cairo knows no fractions of a second */
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title.data);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_SUBJECT, subject.data);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Traction");
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
}

bool pdf_write(const struct report *report, struct arena *arena, FILE *out, const char **why)
{
    struct pdf pdf = {.sink = {&ops}, .arena = arena};
    cairo_status_t status;

    pdf.surface = cairo_pdf_surface_create_for_stream(write_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
    pdf.cr = cairo_create(pdf.surface);
    pdf.canvas = canvas_new(pdf.cr);
    write_pages(&pdf, report, true);
    set_metadata(&pdf);
    write_pages(&pdf, report, false);
    status = cairo_status(pdf.cr);
    canvas_destroy(&pdf.canvas);
    cairo_destroy(pdf.cr);
    cairo_surface_finish(pdf.surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(pdf.surface);
    cairo_surface_destroy(pdf.surface);
    *why = cairo_status_to_string(status);
    return status == CAIRO_STATUS_SUCCESS;
}
