/* The report as a DOCX: cover, contents and chapters. Blocks are in docx_blocks.c, the other parts
 * of the file in docx_parts.c. */
#include "docx.h"

#include <assert.h>

#include "content.h"
#include "docx_body.h"
#include "format.h"

static void open_document(struct docx *docx)
{
    static const char *const namespaces[][2] = {
        {"xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"},
        {"xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"},
        {"xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"},
        {"xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"},
        {"xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"}};

    xml_begin(&docx->body);
    xml_open(&docx->body, "w:document");
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        xml_attribute(&docx->body, namespaces[i][0], namespaces[i][1]);
    xml_open(&docx->body, "w:body");
}

static void write_reference(struct xml *xml, const char *name, const char *relation)
{
    xml_open(xml, name);
    xml_attribute(xml, "w:type", "default");
    xml_attribute(xml, "r:id", relation);
    xml_close(xml);
}

/* Margins of 54 points and more, and a first page without header and footer. */
static void write_page(struct docx *docx)
{
    static const struct {
        const char *name;
        int twips;
    } margins[] = {{"w:top", 1500},   {"w:right", 1080}, {"w:bottom", 1300}, {"w:left", 1080},
                   {"w:header", 700}, {"w:footer", 600}, {"w:gutter", 0}};
    struct xml *xml = &docx->body;

    xml_open(xml, "w:sectPr");
    write_reference(xml, "w:headerReference", "rIdHeader");
    write_reference(xml, "w:footerReference", "rIdFooter");
    xml_open(xml, "w:pgSz");
    xml_attribute_int(xml, "w:w", docx->page_width);
    xml_attribute_int(xml, "w:h", docx->page_height);
    xml_close(xml);
    xml_open(xml, "w:pgMar");
    for (size_t i = 0; i < sizeof margins / sizeof *margins; i++)
        xml_attribute_int(xml, margins[i].name, margins[i].twips);
    xml_close(xml);
    xml_empty(xml, "w:titlePg");
    if (docx->locale->rtl)
        xml_empty(xml, "w:bidi");
    xml_close(xml);
}

static void add_fact(struct docx *docx, enum text label, struct str text)
{
    if (text.size == 0)
        return;
    docx_line(docx, "CoverLabel", locale_text(docx->locale, label));
    docx_line(docx, "CoverText", text);
}

static void add_logo(struct docx *docx)
{
    struct format f = {docx->arena, docx->locale};
    double width, height;

    if (!docx->logo.surface)
        return;
    logo_fit(&docx->logo, 150, 62, &width, &height);
    docx_paragraph(docx, "Picture", STR_NONE);
    docx_place(docx, docx_picture_of(docx, docx->logo.bytes), width, height,
               FILL(&f, TEXT_LOGO_OF, docx->cover.organisation));
    xml_close(&docx->body);
}

static void field_mark(struct xml *xml, const char *type)
{
    xml_open(xml, "w:r");
    xml_leaf(xml, "w:fldChar", "w:fldCharType", type);
    xml_close(xml);
}

static void field_begin(struct xml *xml, struct str instruction)
{
    field_mark(xml, "begin");
    xml_open(xml, "w:r");
    xml_open(xml, "w:instrText");
    xml_attribute(xml, "xml:space", "preserve");
    xml_text(xml, instruction);
    xml_close(xml);
    xml_close(xml);
    field_mark(xml, "separate");
}

/* One line of the contents, its page number a field of its own. */
static void write_entry(struct docx *docx, int index)
{
    const struct chapter_line *chapter = &docx->chapters[index];
    struct xml *xml = &docx->body;

    xml_open(xml, "w:hyperlink");
    xml_attribute_str(xml, "w:anchor", arena_printf(docx->arena, "_Toc%06d", index));
    docx_run(docx, chapter->title, false, NULL);
    xml_open(xml, "w:r");
    xml_empty(xml, "w:tab");
    xml_close(xml);
    field_begin(xml, arena_printf(docx->arena, " PAGEREF _Toc%06d \\h ", index));
    docx_run(docx, STR("\u2026"), false, NULL);
    field_mark(xml, "end");
    xml_close(xml);
}

/* A field of the contents around its lines, so that Word offers to make it anew. */
static void write_contents(struct docx *docx)
{
    struct xml *xml = &docx->body;

    docx_line(docx, "TOCHeading", locale_text(docx->locale, TEXT_CONTENTS));
    for (int i = 0; i < docx->chapter_count; i++) {
        docx_paragraph(docx, docx->chapters[i].level == 1 ? "TOC1" : "TOC2", STR_NONE);
        if (i == 0)
            field_begin(xml, STR(" TOC \\o \"1-2\" \\h \\z \\u "));
        write_entry(docx, i);
        if (i + 1 == docx->chapter_count)
            field_mark(xml, "end");
        xml_close(xml);
    }
}

static void docx_cover(struct sink *sink, const struct cover *cover)
{
    struct docx *docx = docx_of(sink);
    int width = docx->text_width;

    docx->cover = *cover;
    if (docx->dry)
        return;
    docx_table_open(docx, "Figures", &width, 1);
    docx_row_open(docx, false);
    docx_cell_open(docx, width, "1C385E");
    docx_line(docx, "CoverKind", locale_text(docx->locale, TEXT_COMPANY_REPORT));
    docx_line(docx, "Title", cover->organisation);
    for (int i = 0; i < 3; i++) /* cell, row, table */
        xml_close(&docx->body);
    add_fact(docx, TEXT_PERIOD, cover->period);
    add_fact(docx, TEXT_AS_OF, cover->as_of);
    add_fact(docx, TEXT_MADE_AT, cover->generated);
    add_logo(docx);
    write_contents(docx);
}

static void add_chapter(struct docx *docx, enum report_section section, struct str title, int level,
                        bool same_page)
{
    struct xml *xml = &docx->body;
    int index = docx->chapter++;

    assert(index < CHAPTER_LINES_MAX);
    if (docx->dry) {
        docx->chapters[index] = (struct chapter_line){section, title, level};
        docx->chapter_count = docx->chapter;
        return;
    }
    xml_open(xml, "w:p");
    xml_open(xml, "w:pPr");
    xml_leaf(xml, "w:pStyle", "w:val", level == 1 ? "Heading1" : "Heading2");
    if (same_page) {
        xml_leaf(xml, "w:pageBreakBefore", "w:val", "0");
        xml_leaf(xml, "w:spacing", "w:before", "480");
    }
    xml_close(xml);
    xml_open(xml, "w:bookmarkStart");
    xml_attribute_int(xml, "w:id", index);
    xml_attribute_str(xml, "w:name", arena_printf(docx->arena, "_Toc%06d", index));
    xml_close(xml);
    docx_run(docx, title, false, NULL);
    xml_leaf_int(xml, "w:bookmarkEnd", "w:id", index);
    xml_close(xml);
}

/* The summary has a page of its own. */
static void docx_section(struct sink *sink, enum report_section section, struct str title,
                         bool large)
{
    struct docx *docx = docx_of(sink);
    bool after_summary =
        docx->chapter == 0 || (docx->chapter == 1 && docx->chapters[0].section == SECTION_SUMMARY);

    add_chapter(docx, section, title, 1, !large && !after_summary);
}

static void docx_heading(struct sink *sink, struct str title)
{
    add_chapter(docx_of(sink), 0, title, 2, false);
}

static void docx_label(struct sink *sink, struct str title, enum report_section more)
{
    struct docx *docx = docx_of(sink);
    int chapter = -1;

    if (docx->dry)
        return;
    for (int i = 0; i < docx->chapter_count && more != 0; i++)
        if (docx->chapters[i].section == more)
            chapter = i;
    docx_paragraph(docx, "Heading4", title);
    docx_link(docx, chapter, title);
    xml_close(&docx->body);
}

static void docx_text(struct sink *sink, enum role role, struct str text)
{
    static const char *const styles[] = {
        [ROLE_LEAD] = "Lead", [ROLE_BODY] = "Normal", [ROLE_NOTE] = "Note"};
    struct docx *docx = docx_of(sink);

    if (!docx->dry)
        docx_line(docx, styles[role], text);
}

static const struct sink_ops ops = {
    .cover = docx_cover,
    .section = docx_section,
    .heading = docx_heading,
    .label = docx_label,
    .text = docx_text,
    .figures = docx_figures,
    .charts = docx_charts,
    .line = docx_trend,
    .changes = docx_changes,
    .goal = docx_goal,
    .kpi = docx_kpi,
    .table = docx_table,
    .row = docx_row,
    .table_end = docx_table_end,
};

/* Twips. */
static void set_paper(struct docx *docx, enum report_paper paper)
{
    docx->page_width = paper == REPORT_LETTER ? 12240 : 11906;
    docx->page_height = paper == REPORT_LETTER ? 15840 : 16838;
    docx->text_width = docx->page_width - 2 * 1080;
}

bool docx_write(const struct report *report, struct arena *arena, FILE *out, const char **why)
{
    struct docx docx = {
        .sink = {&ops, 3}, .arena = arena, .locale = locale_of(report->lang), .dry = true};
    bool written;

    set_paper(&docx, report->paper);
    logo_read(arena, report->logo, &docx.logo);

    content_write(report, arena, &docx.sink);
    docx.dry = false;
    docx.chapter = 0;
    docx.package = package_new(report->generated_at);
    docx.easel = easel_new(docx.locale);
    docx_add_content_types(&docx);
    open_document(&docx);
    content_write(report, arena, &docx.sink);
    write_page(&docx);
    package_add_xml(docx.package, "word/document.xml", &docx.body);
    docx_add_parts(&docx);
    written = package_write(docx.package, out, why);
    if (!written)
        *why = arena_printf(arena, "%s", *why).data;
    logo_free(&docx.logo);
    easel_destroy(&docx.easel);
    package_destroy(&docx.package);
    return written;
}
