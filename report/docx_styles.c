/* How the DOCX looks: word/styles.xml and the bullets of word/numbering.xml. */
#include <string.h>

#include "docx_body.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Paragraph styles. Sizes are half points, spacing twips. */
static const struct paragraph_style {
    const char *id, *name, *colour; /* colour NULL: that of Normal */
    int size, before, after;
    int level; /* of the outline, 1 to 4; 0: none */
    bool bold;
    const char *align; /* NULL: start */
} paragraph_styles[] = {
    {"Heading1", "heading 1", "1C385E", 42, 0, 240, 1, true, NULL},
    {"Heading2", "heading 2", "1C385E", 25, 320, 120, 2, true, NULL},
    {"Heading3", "heading 3", NULL, 21, 220, 20, 3, true, NULL},
    {"Heading4", "heading 4", "1C385E", 20, 100, 20, 4, true, NULL},
    {"Title", "Title", "FFFFFF", 64, 60, 480, 0, true, NULL},
    {"CoverLabel", "Cover Label", "667382", 18, 200, 20, 0, false, NULL},
    {"CoverText", "Cover Text", NULL, 25, 0, 0, 0, true, NULL},
    {"CoverKind", "Cover Kind", "FFFFFF", 24, 1400, 0, 0, false, NULL},
    {"Lead", "Lead", NULL, 22, 0, 160, 0, false, NULL},
    {"Note", "Note", "667382", 16, 0, 120, 0, false, NULL},
    {"Gap", "Gap", NULL, 6, 0, 0, 0, false, NULL},
    {"About", "About", "667382", 18, 0, 40, 0, false, NULL},
    {"Picture", "Picture", NULL, 20, 60, 160, 0, false, NULL},
    {"ListBullet", "List Bullet", NULL, 18, 0, 40, 0, false, NULL},
    {"Cell", "Cell", NULL, 18, 40, 40, 0, false, NULL},
    {"CellNumber", "Cell Number", NULL, 18, 40, 40, 0, false, "right"},
    {"Small", "Small", NULL, 16, 10, 10, 0, false, NULL},
    {"SmallNumber", "Small Number", NULL, 16, 10, 10, 0, false, "right"},
    {"Label", "Label", "667382", 15, 20, 20, 0, false, NULL},
    {"LabelNumber", "Label Number", "667382", 15, 20, 20, 0, false, "right"},
    {"Figure", "Figure", "1C385E", 36, 0, 0, 0, true, NULL},
    {"ReadingLabel", "Reading Label", "667382", 14, 20, 0, 0, false, "center"},
    {"Reading", "Reading", NULL, 14, 0, 20, 0, false, "center"},
    {"TOC1", "toc 1", NULL, 19, 60, 10, 0, true, NULL},
    {"TOC2", "toc 2", NULL, 16, 0, 0, 0, false, NULL},
    {"TOCHeading", "TOC Heading", "1C385E", 26, 240, 40, 0, true, NULL},
    {"Header", "header", "667382", 16, 0, 0, 0, false, NULL},
    {"Footer", "footer", "667382", 16, 0, 0, 0, false, NULL},
};

enum docx_side docx_style_side(const char *style)
{
    for (size_t i = 0; i < COUNT(paragraph_styles); i++)
        if (strcmp(paragraph_styles[i].id, style) == 0 && paragraph_styles[i].align != NULL)
            return strcmp(paragraph_styles[i].align, "center") == 0 ? SIDE_CENTRE : SIDE_END;
    return SIDE_START;
}

static void write_size(struct xml *xml, int half_points)
{
    xml_leaf_int(xml, "w:sz", "w:val", half_points);
    xml_leaf_int(xml, "w:szCs", "w:val", half_points); /* of scripts such as Arabic */
}

/* Second lines of the contents, and what stands on the cover's dark ground. */
static bool is_indented(const struct paragraph_style *style)
{
    return strcmp(style->id, "TOC2") == 0 || strcmp(style->id, "Title") == 0 ||
           strcmp(style->id, "CoverKind") == 0;
}

static bool is_tabbed(const struct paragraph_style *style)
{
    return strncmp(style->id, "TOC", 3) == 0 || strcmp(style->id, "Header") == 0 ||
           strcmp(style->id, "Footer") == 0;
}

static void write_paragraph_properties(struct xml *xml, const struct paragraph_style *style,
                                       int text_width)
{
    xml_open(xml, "w:pPr");
    if (style->level > 0 || strcmp(style->id, "Gap") == 0 || strcmp(style->id, "ReadingLabel") == 0)
        xml_empty(xml, "w:keepNext");
    if (style->level > 0)
        xml_empty(xml, "w:keepLines");
    if (style->level == 1)
        xml_empty(xml, "w:pageBreakBefore");
    if (strcmp(style->id, "ListBullet") == 0) {
        xml_open(xml, "w:numPr");
        xml_leaf(xml, "w:numId", "w:val", "1");
        xml_close(xml);
    }
    if (is_tabbed(style)) {
        xml_open(xml, "w:tabs");
        xml_open(xml, "w:tab");
        xml_attribute(xml, "w:val", "right");
        xml_attribute_int(xml, "w:pos", text_width);
        xml_close(xml);
        xml_close(xml);
    }
    xml_open(xml, "w:spacing");
    xml_attribute_int(xml, "w:before", style->before);
    xml_attribute_int(xml, "w:after", style->after);
    xml_close(xml);
    if (is_indented(style))
        xml_leaf(xml, "w:ind", "w:left", "320");
    if (style->align != NULL)
        xml_leaf(xml, "w:jc", "w:val", style->align);
    if (style->level > 0)
        xml_leaf_int(xml, "w:outlineLvl", "w:val", style->level - 1);
    xml_close(xml);
}

static void write_paragraph_style(struct xml *xml, const struct paragraph_style *style,
                                  int text_width)
{
    xml_open(xml, "w:style");
    xml_attribute(xml, "w:type", "paragraph");
    xml_attribute(xml, "w:styleId", style->id);
    xml_leaf(xml, "w:name", "w:val", style->name);
    xml_leaf(xml, "w:basedOn", "w:val", "Normal");
    if (style->level > 0)
        xml_leaf(xml, "w:next", "w:val", "Normal");
    xml_empty(xml, "w:qFormat");
    write_paragraph_properties(xml, style, text_width);
    xml_open(xml, "w:rPr");
    if (style->bold) {
        xml_empty(xml, "w:b");
        xml_empty(xml, "w:bCs");
    }
    if (style->colour != NULL)
        xml_leaf(xml, "w:color", "w:val", style->colour);
    write_size(xml, style->size);
    xml_close(xml);
    xml_close(xml);
}

static void write_border(struct xml *xml, const char *side, int eighths, const char *colour)
{
    xml_open(xml, side);
    xml_attribute(xml, "w:val", eighths > 0 ? "single" : "nil");
    if (eighths > 0) {
        xml_attribute_int(xml, "w:sz", eighths);
        xml_attribute(xml, "w:space", "0");
        xml_attribute(xml, "w:color", colour);
    }
    xml_close(xml);
}

/* Lines between rows (and columns when `all`), white ones for tables that only place things. */
static void write_table_style(struct xml *xml, const char *id, int eighths, const char *colour,
                              bool all)
{
    static const char *const sides[] = {"w:top",   "w:left",    "w:bottom",
                                        "w:right", "w:insideH", "w:insideV"};

    xml_open(xml, "w:style");
    xml_attribute(xml, "w:type", "table");
    xml_attribute(xml, "w:styleId", id);
    xml_leaf(xml, "w:name", "w:val", id);
    xml_open(xml, "w:tblPr");
    xml_open(xml, "w:tblBorders");
    for (size_t i = 0; i < COUNT(sides); i++)
        write_border(xml, sides[i], all || i == 2 || i == 4 ? eighths : 0, colour);
    xml_close(xml);
    xml_open(xml, "w:tblCellMar");
    for (int i = 0; i < 2; i++) {
        xml_open(xml, i == 0 ? "w:left" : "w:right");
        xml_attribute_int(xml, "w:w", eighths == 48 ? 140 : eighths < 4 ? 0 : 90);
        xml_attribute(xml, "w:type", "dxa");
        xml_close(xml);
    }
    xml_close(xml);
    xml_close(xml);
    xml_close(xml);
}

static void add_style_sheet(struct docx *docx)
{
    struct xml xml;

    xml_begin_word(&xml, "w:styles");
    xml_open(&xml, "w:docDefaults");
    xml_open(&xml, "w:rPrDefault");
    xml_open(&xml, "w:rPr");
    xml_open(&xml, "w:rFonts"); /* of Chinese, Japanese, Korean: the reader's own choice */
    for (int i = 0; i < 3; i++)
        xml_attribute(&xml, (const char *const[]){"w:ascii", "w:hAnsi", "w:cs"}[i], "Calibri");
    xml_close(&xml);
    xml_leaf(&xml, "w:color", "w:val", "1C2633");
    write_size(&xml, 20);
    if (docx->locale->rtl)
        xml_empty(&xml, "w:rtl");
    xml_open(&xml, "w:lang");
    xml_attribute(&xml, "w:val", docx->locale->tag_full);
    if (docx->locale->rtl)
        xml_attribute(&xml, "w:bidi", docx->locale->tag_full);
    xml_close(&xml);
    for (int i = 0; i < 3; i++)
        xml_close(&xml);
    xml_open(&xml, "w:style");
    xml_attribute(&xml, "w:type", "paragraph");
    xml_attribute(&xml, "w:default", "1");
    xml_attribute(&xml, "w:styleId", "Normal");
    xml_leaf(&xml, "w:name", "w:val", "Normal");
    xml_open(&xml, "w:pPr");
    if (docx->locale->rtl)
        xml_empty(&xml, "w:bidi");
    xml_leaf(&xml, "w:spacing", "w:after", "120");
    xml_close(&xml);
    xml_close(&xml);
    for (size_t i = 0; i < COUNT(paragraph_styles); i++)
        write_paragraph_style(&xml, &paragraph_styles[i], docx->text_width);
    write_table_style(&xml, "Report", 4, "D6DBE3", false);
    write_table_style(&xml, "Figures", 48, "FFFFFF", true);
    write_table_style(&xml, "Readings", 2, "FFFFFF", false);
    write_table_style(&xml, "Plain", 0, "FFFFFF", false);
    package_add_xml(docx->package, "word/styles.xml", &xml);
}

static void add_numbering(struct docx *docx)
{
    struct xml xml;

    xml_begin_word(&xml, "w:numbering");
    xml_open(&xml, "w:abstractNum");
    xml_attribute(&xml, "w:abstractNumId", "0");
    xml_leaf(&xml, "w:multiLevelType", "w:val", "singleLevel");
    xml_open(&xml, "w:lvl");
    xml_attribute(&xml, "w:ilvl", "0");
    xml_leaf(&xml, "w:start", "w:val", "1");
    xml_leaf(&xml, "w:numFmt", "w:val", "bullet");
    xml_leaf(&xml, "w:lvlText", "w:val", "\u2022");
    xml_leaf(&xml, "w:lvlJc", "w:val", "left");
    xml_open(&xml, "w:pPr");
    xml_open(&xml, "w:ind");
    xml_attribute(&xml, "w:left", "300");
    xml_attribute(&xml, "w:hanging", "220");
    xml_close(&xml);
    for (int i = 0; i < 3; i++)
        xml_close(&xml);
    xml_open(&xml, "w:num");
    xml_attribute(&xml, "w:numId", "1");
    xml_leaf(&xml, "w:abstractNumId", "w:val", "0");
    package_add_xml(docx->package, "word/numbering.xml", &xml);
}

void docx_add_styles(struct docx *docx)
{
    add_style_sheet(docx);
    add_numbering(docx);
}
