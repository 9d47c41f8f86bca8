/* The parts of a DOCX beside its text and styles: header, footer, properties, relationships and the
 * list of parts. All of them are small and differ only in the cover's texts. */
#include "docx_body.h"
#include "format.h"

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define WORD_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const struct relation {
    const char *id, *type, *target;
} relations[] = {
    {"rIdStyles", OFFICE "relationships/styles", "styles.xml"},
    {"rIdSettings", OFFICE "relationships/settings", "settings.xml"},
    {"rIdNumbering", OFFICE "relationships/numbering", "numbering.xml"},
    {"rIdHeader", OFFICE "relationships/header", "header1.xml"},
    {"rIdFooter", OFFICE "relationships/footer", "footer1.xml"},
};

static const struct relation package_relations[] = {
    {"rIdDocument", OFFICE "relationships/officeDocument", "word/document.xml"},
    {"rIdCore", PACKAGE "relationships/metadata/core-properties", "docProps/core.xml"},
    {"rIdApp", OFFICE "relationships/extended-properties", "docProps/app.xml"},
};

static const struct {
    const char *part, *type;
} content_types[] = {
    {"/word/document.xml", WORD_TYPE "document.main+xml"},
    {"/word/styles.xml", WORD_TYPE "styles+xml"},
    {"/word/settings.xml", WORD_TYPE "settings+xml"},
    {"/word/numbering.xml", WORD_TYPE "numbering+xml"},
    {"/word/header1.xml", WORD_TYPE "header+xml"},
    {"/word/footer1.xml", WORD_TYPE "footer+xml"},
    {"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
    {"/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

void docx_add_content_types(struct docx *docx)
{
    static const char *const defaults[][2] = {
        {"rels", "application/vnd.openxmlformats-package.relationships+xml"},
        {"xml", "application/xml"},
        {"png", "image/png"}};
    struct xml xml;

    xml_begin(&xml);
    xml_open(&xml, "Types");
    xml_attribute(&xml, "xmlns", PACKAGE "content-types");
    for (size_t i = 0; i < COUNT(defaults); i++) {
        xml_open(&xml, "Default");
        xml_attribute(&xml, "Extension", defaults[i][0]);
        xml_attribute(&xml, "ContentType", defaults[i][1]);
        xml_close(&xml);
    }
    for (size_t i = 0; i < COUNT(content_types); i++) {
        xml_open(&xml, "Override");
        xml_attribute(&xml, "PartName", content_types[i].part);
        xml_attribute(&xml, "ContentType", content_types[i].type);
        xml_close(&xml);
    }
    package_add_xml(docx->package, "[Content_Types].xml", &xml);
}

static void add_relations(struct docx *docx, const char *part, const struct relation *list,
                          size_t count, int pictures)
{
    struct xml xml;

    xml_begin(&xml);
    xml_open(&xml, "Relationships");
    xml_attribute(&xml, "xmlns", PACKAGE "relationships");
    for (size_t i = 0; i < count; i++) {
        xml_open(&xml, "Relationship");
        xml_attribute(&xml, "Id", list[i].id);
        xml_attribute(&xml, "Type", list[i].type);
        xml_attribute(&xml, "Target", list[i].target);
        xml_close(&xml);
    }
    for (int i = 1; i <= pictures; i++) {
        xml_open(&xml, "Relationship");
        xml_attribute_str(&xml, "Id", arena_printf(docx->arena, "rIdPicture%d", i));
        xml_attribute(&xml, "Type", OFFICE "relationships/image");
        xml_attribute_str(&xml, "Target", arena_printf(docx->arena, "media/picture%d.png", i));
        xml_close(&xml);
    }
    package_add_xml(docx->package, part, &xml);
}

/* Names, dates, the program: what a file manager shows. */
static void add_properties(struct docx *docx)
{
    struct format f = {docx->arena, docx->locale};
    char created[TIMESTAMP_TEXT_SIZE];
    struct xml xml;

    timestamp_format(docx->cover.generated_at, created);
    xml_begin(&xml);
    xml_open(&xml, "cp:coreProperties");
    xml_attribute(&xml, "xmlns:cp", PACKAGE "metadata/core-properties");
    xml_attribute(&xml, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
    xml_attribute(&xml, "xmlns:dcterms", "http://purl.org/dc/terms/");
    xml_attribute(&xml, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    xml_element(&xml, "dc:title", FILL(&f, TEXT_REPORT_OF, docx->cover.organisation));
    xml_element(&xml, "dc:subject", docx->cover.period);
    xml_element(&xml, "dc:creator", STR("Traction"));
    xml_element(&xml, "dc:language", str_of(docx->locale->tag));
    xml_open(&xml, "dcterms:created");
    xml_attribute(&xml, "xsi:type", "dcterms:W3CDTF");
    xml_text(&xml, arena_printf(docx->arena, "%.19sZ", created));
    xml_close(&xml);
    package_add_xml(docx->package, "docProps/core.xml", &xml);

    xml_begin(&xml);
    xml_open(&xml, "Properties");
    xml_attribute(&xml, "xmlns", OFFICE "extended-properties");
    xml_element(&xml, "Application", STR("Traction"));
    package_add_xml(docx->package, "docProps/app.xml", &xml);
}

static void write_run(struct xml *xml, struct str text)
{
    xml_open(xml, "w:r");
    xml_open(xml, "w:t");
    xml_attribute(xml, "xml:space", "preserve");
    xml_text(xml, text);
    xml_close(xml);
    xml_close(xml);
}

static void write_field(struct xml *xml, const char *field)
{
    xml_open(xml, "w:fldSimple");
    xml_attribute(xml, "w:instr", field);
    write_run(xml, STR("1"));
    xml_close(xml);
}

/* "Page n of m": the text around its two numbers, which are fields. */
static void write_numbers(struct xml *xml, struct str pattern)
{
    size_t begin = 0;

    for (size_t i = 0; i + 2 < pattern.size; i++)
        if (pattern.data[i] == '{') {
            write_run(xml, (struct str){pattern.data + begin, i - begin});
            write_field(xml, pattern.data[i + 1] == '1' ? "PAGE" : "NUMPAGES");
            begin = i + 3;
        }
    if (begin < pattern.size)
        write_run(xml, (struct str){pattern.data + begin, pattern.size - begin});
}

/* "left<tab>right", and in the footer the page's number at the right. */
static void add_edge(struct docx *docx, const char *part, const char *root, const char *style,
                     struct str left, bool numbers)
{
    struct xml xml;

    xml_begin_word(&xml, root);
    xml_open(&xml, "w:p");
    xml_open(&xml, "w:pPr");
    xml_leaf(&xml, "w:pStyle", "w:val", style);
    xml_close(&xml);
    write_run(&xml, left);
    xml_open(&xml, "w:r");
    xml_empty(&xml, "w:tab");
    xml_close(&xml);
    if (numbers)
        write_numbers(&xml, locale_text(docx->locale, TEXT_PAGE_OF));
    else
        write_run(&xml, locale_text(docx->locale, TEXT_COMPANY_REPORT));
    package_add_xml(docx->package, part, &xml);
}

static void add_settings(struct docx *docx)
{
    struct xml xml;

    xml_begin_word(&xml, "w:settings");
    xml_leaf(&xml, "w:updateFields", "w:val", "true"); /* the contents' page numbers */
    xml_open(&xml, "w:themeFontLang");
    xml_attribute(&xml, "w:val", docx->locale->tag_full);
    if (docx->locale->rtl)
        xml_attribute(&xml, "w:bidi", docx->locale->tag_full);
    xml_close(&xml);
    package_add_xml(docx->package, "word/settings.xml", &xml);
}

void docx_add_parts(struct docx *docx)
{
    add_relations(docx, "_rels/.rels", package_relations, COUNT(package_relations), 0);
    add_properties(docx);
    add_relations(docx, "word/_rels/document.xml.rels", relations, COUNT(relations),
                  docx->pictures);
    docx_add_styles(docx);
    add_settings(docx);
    add_edge(docx, "word/header1.xml", "w:hdr", "Header", docx->cover.organisation, false);
    add_edge(docx, "word/footer1.xml", "w:ftr", "Footer", docx->cover.period, true);
}
