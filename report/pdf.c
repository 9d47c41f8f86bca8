/* The report as a PDF: chapters, and the two passes that number the pages. */
#include "pdf.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#include "content.h"
#include "format.h"
#include "pdf_finish.h"
#include "pdf_page.h"

/* Remembers a chapter in the first pass; makes it a destination and a bookmark in the second. */
static void add_chapter(struct pdf *pdf, enum report_section section, struct str title, int level)
{
    int index = pdf->chapter++;

    assert(index < CHAPTERS_MAX);
    if (pdf->dry) {
        pdf->chapters[index] = (struct chapter){section, title, level, pdf->page, 0};
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

static void pdf_section(struct sink *sink, enum report_section section, struct str title,
                        bool large)
{
    struct pdf *pdf = pdf_of(sink);

    double used = (pdf->y - PAGE_TOP) / (pdf->height - PAGE_TOP - PAGE_FOOT);

    /* The summary has a page of its own. */
    if (pdf->page == 1 || used > (large ? 0.45 : 0.7) ||
        (pdf->chapter > 0 && pdf->chapters[pdf->chapter - 1].section == SECTION_SUMMARY)) {
        pdf_page_end(pdf);
        pdf_page_begin(pdf);
    } else {
        pdf->y += 22;
    }
    add_chapter(pdf, section, title, 1);
    pdf_tag(pdf, "H1");
    pdf_paragraph(pdf, STYLE_CHAPTER, title, &navy, 8);
    pdf_untag(pdf, "H1");
    end_chapter(pdf);
}

static void pdf_heading(struct sink *sink, struct str title)
{
    struct pdf *pdf = pdf_of(sink);

    if (pdf->y > PAGE_TOP + 50)
        pdf->y += 8;
    pdf_need(pdf, 110);
    add_chapter(pdf, 0, title, 2);
    pdf_tag(pdf, "H2");
    pdf_paragraph(pdf, STYLE_HEADING, title, &navy, 8);
    pdf_untag(pdf, "H2");
    end_chapter(pdf);
}

/* The chapter of that section; -1: there is none. */
static int find_chapter(const struct pdf *pdf, enum report_section section)
{
    for (int i = 0; i < pdf->chapter_count && section != 0; i++)
        if (pdf->chapters[i].section == section)
            return i;
    return -1;
}

static void pdf_label(struct sink *sink, struct str title, enum report_section more)
{
    struct pdf *pdf = pdf_of(sink);
    int chapter = find_chapter(pdf, more);

    pdf_need(pdf, 52);
    pdf_tag(pdf, "H3");
    if (!pdf->dry && chapter >= 0)
        cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK,
                        arena_printf(pdf->arena, "dest='chapter-%d'", chapter).data);
    pdf_paragraph(pdf, STYLE_STRONG, title, &navy, 1);
    if (!pdf->dry && chapter >= 0)
        cairo_tag_end(pdf->cr, CAIRO_TAG_LINK);
    pdf_untag(pdf, "H3");
}

static void pdf_text(struct sink *sink, enum role role, struct str text)
{
    struct pdf *pdf = pdf_of(sink);

    pdf_tag(pdf, "P");
    switch (role) {
    case ROLE_LEAD:
        pdf_paragraph(pdf, STYLE_LEAD, text, &ink, 10);
        break;
    case ROLE_BODY:
        pdf_paragraph(pdf, STYLE_BODY, text, &ink, 10);
        break;
    case ROLE_NOTE:
        pdf_paragraph(pdf, STYLE_SMALL, text, &muted, 6);
        break;
    }
    pdf_untag(pdf, "P");
}

static const struct sink_ops ops = {
    .cover = pdf_cover,
    .section = pdf_section,
    .heading = pdf_heading,
    .label = pdf_label,
    .text = pdf_text,
    .figures = pdf_figures,
    .charts = pdf_charts,
    .line = pdf_line,
    .changes = pdf_changes,
    .goal = pdf_goal,
    .kpi = pdf_kpi,
    .table = pdf_table,
    .row = pdf_row,
    .table_end = pdf_table_end,
};

static cairo_status_t keep(void *context, const unsigned char *data, unsigned int size)
{
    buffer_append(context, data, size);
    return CAIRO_STATUS_SUCCESS;
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

static struct str title_of(const struct pdf *pdf)
{
    struct format f = {pdf->arena, pdf->locale};

    return FILL(&f, TEXT_REPORT_OF, pdf->cover.organisation);
}

static void set_metadata(struct pdf *pdf)
{
    char created[TIMESTAMP_TEXT_SIZE + 1] = "";
    struct str title = arena_copy(pdf->arena, title_of(pdf));
    struct str subject = arena_copy(pdf->arena, pdf->cover.period);

    timestamp_format(pdf->cover.generated_at, created);
    memcpy(created + 19, "Z", 2); /* cairo knows no fractions of a second */
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title.data);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_SUBJECT, subject.data);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Traction");
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
}

static void set_paper(struct pdf *pdf, enum report_paper paper)
{
    pdf->width = paper == REPORT_LETTER ? 612 : 595.28;
    pdf->height = paper == REPORT_LETTER ? 792 : 841.89;
    pdf->inner = pdf->width - 2 * PAGE_LEFT;
}

/* The cover and a summary of one page: as many rows in its lists as fit. */
static void fit_summary(struct pdf *pdf, const struct report *report)
{
    static struct str summary[1];
    struct report only = *report;

    summary[0] = enum_name(&report_section_names, SECTION_SUMMARY);
    only.sections = (struct texts){summary, 1};
    for (pdf->sink.summary_rows = SUMMARY_ROWS_MAX; pdf->sink.summary_rows > 1;
         pdf->sink.summary_rows--) {
        write_pages(pdf, &only, true);
        if (pdf->pages <= 2)
            break;
    }
}

static cairo_status_t draw(struct pdf *pdf, const struct report *report, struct buffer *out)
{
    cairo_status_t status;

    pdf->surface = cairo_pdf_surface_create_for_stream(keep, out, pdf->width, pdf->height);
    pdf->cr = cairo_create(pdf->surface);
    pdf->canvas = canvas_new(pdf->cr, pdf->locale);
    canvas_mirror(pdf->canvas, pdf->width);
    fit_summary(pdf, report);
    write_pages(pdf, report, true);
    set_metadata(pdf);
    write_pages(pdf, report, false);
    status = cairo_status(pdf->cr);
    canvas_destroy(&pdf->canvas);
    cairo_destroy(pdf->cr);
    cairo_surface_finish(pdf->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    return status;
}

bool pdf_write(const struct report *report, struct arena *arena, FILE *out, const char **why)
{
    struct pdf pdf = {.sink = {&ops, 0}, .arena = arena, .locale = locale_of(report->lang)};
    struct buffer file = buffer_in(arena, 1 << 20);

    set_paper(&pdf, report->paper);
    logo_read(arena, report->logo, &pdf.logo);
    cairo_status_t status = draw(&pdf, report, &file);
    logo_free(&pdf.logo);
    *why = cairo_status_to_string(status);
    return status == CAIRO_STATUS_SUCCESS &&
           pdf_finish(buffer_str(&file), pdf.locale, &pdf.figures, out, why);
}
