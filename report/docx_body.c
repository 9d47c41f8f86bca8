/* Paragraphs, tables and pictures of the document. Element order is that of the standard's schema,
 * which Word insists on. */
#include "docx_body.h"

#include <stdlib.h>
#include <string.h>

#include "labels.h"

const char *docx_tone(enum tone tone)
{
    switch (tone) {
    case TONE_QUIET:
        return "667382";
    case TONE_GOOD:
        return "387D59";
    case TONE_NOTICE:
        return "B3731A";
    case TONE_BAD:
        return "A83333";
    case TONE_PLAIN:
        break;
    }
    return NULL;
}

/* Word counts sides from where a paragraph begins: one of the other direction than the document's
 * is aligned to its end, so that it stands where its neighbours do. */
static void open_paragraph(struct docx *docx, const char *style, struct str text, bool kept)
{
    struct xml *xml = &docx->body;
    bool rtl = label_is_rtl(text, docx->locale->rtl);
    enum docx_side side = docx_style_side(style);

    xml_open(xml, "w:p");
    xml_open(xml, "w:pPr");
    xml_leaf(xml, "w:pStyle", "w:val", style);
    if (kept)
        xml_empty(xml, "w:keepNext");
    if (rtl != docx->locale->rtl)
        xml_leaf(xml, "w:bidi", "w:val", rtl ? "1" : "0");
    if (rtl != docx->locale->rtl && side != SIDE_CENTRE)
        xml_leaf(xml, "w:jc", "w:val", side == SIDE_START ? "right" : "left");
    xml_close(xml);
}

void docx_paragraph(struct docx *docx, const char *style, struct str text)
{
    open_paragraph(docx, style, text, false);
}

void docx_paragraph_kept(struct docx *docx, const char *style, struct str text)
{
    open_paragraph(docx, style, text, true);
}

void docx_run(struct docx *docx, struct str text, bool bold, const char *colour)
{
    struct xml *xml = &docx->body;
    bool rtl = label_is_rtl(text, docx->locale->rtl);

    xml_open(xml, "w:r");
    if (bold || colour != NULL || rtl) {
        xml_open(xml, "w:rPr");
        if (bold) {
            xml_empty(xml, "w:b");
            xml_empty(xml, "w:bCs");
        }
        if (colour != NULL)
            xml_leaf(xml, "w:color", "w:val", colour);
        if (rtl)
            xml_empty(xml, "w:rtl");
        xml_close(xml);
    }
    xml_open(xml, "w:t");
    xml_attribute(xml, "xml:space", "preserve");
    xml_text(xml, text);
    xml_close(xml);
    xml_close(xml);
}

void docx_link(struct docx *docx, int chapter, struct str text)
{
    if (chapter >= 0) {
        xml_open(&docx->body, "w:hyperlink");
        xml_attribute_str(&docx->body, "w:anchor", arena_printf(docx->arena, "_Toc%06d", chapter));
    }
    docx_run(docx, text, false, NULL);
    if (chapter >= 0)
        xml_close(&docx->body);
}

void docx_line(struct docx *docx, const char *style, struct str text)
{
    docx_paragraph(docx, style, text);
    docx_run(docx, text, false, NULL);
    xml_close(&docx->body);
}

void docx_table_open(struct docx *docx, const char *style, const int *widths, size_t count)
{
    struct xml *xml = &docx->body;
    int total = 0;

    for (size_t i = 0; i < count; i++)
        total += widths[i];
    xml_open(xml, "w:tbl");
    xml_open(xml, "w:tblPr");
    xml_leaf(xml, "w:tblStyle", "w:val", style);
    if (docx->locale->rtl)
        xml_empty(xml, "w:bidiVisual");
    xml_open(xml, "w:tblW");
    xml_attribute_int(xml, "w:w", total);
    xml_attribute(xml, "w:type", "dxa");
    xml_close(xml);
    xml_leaf(xml, "w:tblLayout", "w:type", "fixed");
    xml_close(xml);
    xml_open(xml, "w:tblGrid");
    for (size_t i = 0; i < count; i++)
        xml_leaf_int(xml, "w:gridCol", "w:w", widths[i]);
    xml_close(xml);
}

void docx_row_open(struct docx *docx, bool header)
{
    struct xml *xml = &docx->body;

    xml_open(xml, "w:tr");
    xml_open(xml, "w:trPr");
    xml_empty(xml, "w:cantSplit");
    if (header)
        xml_empty(xml, "w:tblHeader");
    xml_close(xml);
}

void docx_cell_open(struct docx *docx, int width, const char *fill)
{
    struct xml *xml = &docx->body;

    xml_open(xml, "w:tc");
    xml_open(xml, "w:tcPr");
    xml_open(xml, "w:tcW");
    xml_attribute_int(xml, "w:w", width);
    xml_attribute(xml, "w:type", "dxa");
    xml_close(xml);
    if (fill != NULL) {
        xml_open(xml, "w:shd");
        xml_attribute(xml, "w:val", "clear");
        xml_attribute(xml, "w:color", "auto");
        xml_attribute(xml, "w:fill", fill);
        xml_close(xml);
    }
    xml_close(xml);
}

struct canvas *docx_canvas(struct docx *docx, double width)
{
    struct canvas *canvas = easel_canvas(docx->easel);

    canvas_mirror(canvas, width);
    return canvas;
}

int docx_picture(struct docx *docx, double width, double height)
{
    size_t size = 0;
    char *bytes = easel_png(docx->easel, width, height, &size);
    struct str name = arena_printf(docx->arena, "word/media/picture%d.png", ++docx->pictures);

    package_add(docx->package, name.data, bytes, size, true);
    return docx->pictures;
}

int docx_picture_of(struct docx *docx, struct str png)
{
    struct str name = arena_printf(docx->arena, "word/media/picture%d.png", ++docx->pictures);
    char *bytes = malloc(png.size);

    if (bytes == NULL) {
        docx->body.failed = true;
        return docx->pictures;
    }
    memcpy(bytes, png.data, png.size);
    package_add(docx->package, name.data, bytes, png.size, true);
    return docx->pictures;
}

static void write_extent(struct xml *xml, const char *name, double width, double height)
{
    xml_open(xml, name);
    xml_attribute_int(xml, "cx", (int64_t)(width * 12700)); /* EMU: 1/12,700 point */
    xml_attribute_int(xml, "cy", (int64_t)(height * 12700));
    xml_close(xml);
}

/* <pic:pic>: the picture itself, inside the frame that docx_place makes. */
static void write_pic(struct xml *xml, int id, struct str relation, double width, double height)
{
    xml_open(xml, "pic:pic");
    xml_open(xml, "pic:nvPicPr");
    xml_open(xml, "pic:cNvPr");
    xml_attribute_int(xml, "id", id);
    xml_attribute(xml, "name", "Chart");
    xml_close(xml);
    xml_empty(xml, "pic:cNvPicPr");
    xml_close(xml);
    xml_open(xml, "pic:blipFill");
    xml_open(xml, "a:blip");
    xml_attribute_str(xml, "r:embed", relation);
    xml_close(xml);
    xml_open(xml, "a:stretch");
    xml_empty(xml, "a:fillRect");
    xml_close(xml);
    xml_close(xml);
    xml_open(xml, "pic:spPr");
    xml_open(xml, "a:xfrm");
    xml_open(xml, "a:off");
    xml_attribute(xml, "x", "0");
    xml_attribute(xml, "y", "0");
    xml_close(xml);
    write_extent(xml, "a:ext", width, height);
    xml_close(xml);
    xml_open(xml, "a:prstGeom");
    xml_attribute(xml, "prst", "rect");
    xml_empty(xml, "a:avLst");
    xml_close(xml);
    xml_close(xml);
    xml_close(xml);
}

void docx_place(struct docx *docx, int picture, double width, double height, struct str says)
{
    struct xml *xml = &docx->body;
    struct str relation = arena_printf(docx->arena, "rIdPicture%d", picture);
    int id = ++docx->drawings;

    xml_open(xml, "w:r");
    xml_open(xml, "w:drawing");
    xml_open(xml, "wp:inline");
    for (int i = 0; i < 4; i++)
        xml_attribute(xml, (const char *const[]){"distT", "distB", "distL", "distR"}[i], "0");
    write_extent(xml, "wp:extent", width, height);
    xml_open(xml, "wp:docPr");
    xml_attribute_int(xml, "id", id);
    xml_attribute_str(xml, "name", arena_printf(docx->arena, "Chart %d", id));
    xml_attribute_str(xml, "descr", says);
    xml_close(xml);
    xml_open(xml, "a:graphic");
    xml_open(xml, "a:graphicData");
    xml_attribute(xml, "uri", "http://schemas.openxmlformats.org/drawingml/2006/picture");
    write_pic(xml, id, relation, width, height);
    for (int i = 0; i < 5; i++) /* graphicData, graphic, inline, drawing, run */
        xml_close(xml);
}
