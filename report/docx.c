/* The report as a DOCX: cover, contents and chapters. Blocks are in docx_blocks.c, the other parts
 * of the file in docx_parts.c. */
#include "docx.h"

#include <assert.h>

#include "content.h"
#include "docx_body.h"

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

/* A4, margins of 54 points and more, and a first page without header and footer. */
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
    xml_attribute(xml, "w:w", "11906");
    xml_attribute(xml, "w:h", "16838");
    xml_close(xml);
    xml_open(xml, "w:pgMar");
    for (size_t i = 0; i < sizeof margins / sizeof *margins; i++)
        xml_attribute_int(xml, margins[i].name, margins[i].twips);
    xml_close(xml);
    xml_empty(xml, "w:titlePg");
    xml_close(xml);
}

static void docx_cover(struct sink *sink, const struct cover *cover)
{
    struct docx *docx = docx_of(sink);
    int width = TEXT_WIDTH;

    docx->cover = *cover;
    if (docx->dry)
        return;
    docx_table_open(docx, "Figures", &width, 1);
    docx_row_open(docx, false);
    docx_cell_open(docx, width, "1C385E");
    docx_line(docx, "CoverKind", STR("Company report"));
    docx_line(docx, "Title", cover->organisation);
    for (int i = 0; i < 3; i++) /* cell, row, table */
        xml_close(&docx->body);
    docx_line(docx, "CoverLabel", STR("Period"));
    docx_line(docx, "CoverText", cover->period);
    docx_line(docx, "CoverLabel", STR("Figures as of"));
    docx_line(docx, "CoverText", cover->generated);
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

/* One line of the contents, its page number a field of its own. There is no TOC field around the
 * lines: LibreOffice would take what stands in it as it is, with no page numbers, while fields of
 * their own are counted by LibreOffice when it opens the file and by Word when it updates fields.
 */
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

static void docx_contents(struct sink *sink)
{
    struct docx *docx = docx_of(sink);
    struct xml *xml = &docx->body;

    if (docx->dry)
        return;
    xml_open(xml, "w:p");
    xml_open(xml, "w:pPr");
    xml_leaf(xml, "w:pStyle", "w:val", "TOCHeading");
    xml_empty(xml, "w:pageBreakBefore");
    xml_close(xml);
    docx_run(docx, STR("Contents"), false, NULL);
    xml_close(xml);
    for (int i = 0; i < docx->chapter_count; i++) {
        docx_paragraph(docx, docx->chapters[i].level == 1 ? "TOC1" : "TOC2", STR_NONE);
        write_entry(docx, i);
        xml_close(xml);
    }
}

static void add_chapter(struct docx *docx, struct str title, int level, bool same_page)
{
    struct xml *xml = &docx->body;
    int index = docx->chapter++;

    assert(index < CHAPTER_LINES_MAX);
    if (docx->dry) {
        docx->chapters[index] = (struct chapter_line){title, level};
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

static void docx_section(struct sink *sink, const char *title, bool large)
{
    add_chapter(docx_of(sink), str_of(title), 1, !large);
}

static void docx_heading(struct sink *sink, struct str title)
{
    add_chapter(docx_of(sink), title, 2, false);
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
    .contents = docx_contents,
    .section = docx_section,
    .heading = docx_heading,
    .text = docx_text,
    .figures = docx_figures,
    .charts = docx_charts,
    .goal = docx_goal,
    .kpi = docx_kpi,
    .table = docx_table,
    .row = docx_row,
    .table_end = docx_table_end,
};

bool docx_write(const struct report *report, struct arena *arena, FILE *out, const char **why)
{
    struct docx docx = {.sink = {&ops}, .arena = arena, .dry = true};
    bool written;

    content_write(report, arena, &docx.sink);
    docx.dry = false;
    docx.chapter = 0;
    docx.package = package_new(report->generated_at);
    docx.easel = easel_new();
    docx_add_content_types(&docx);
    open_document(&docx);
    content_write(report, arena, &docx.sink);
    write_page(&docx);
    package_add_xml(docx.package, "word/document.xml", &docx.body);
    docx_add_parts(&docx);
    written = package_write(docx.package, out, why);
    if (!written)
        *why = arena_printf(arena, "%s", *why).data;
    easel_destroy(&docx.easel);
    package_destroy(&docx.package);
    return written;
}
