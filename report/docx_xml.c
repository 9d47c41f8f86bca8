/* XML into memory through xmlTextWriter. Knows nothing of WordprocessingML. */
#include "docx_xml.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The writer's output; it is one document of some ten megabytes at most. */
static int keep(void *context, const char *data, int size)
{
    struct xml *xml = context;
    size_t more = (size_t)size;

    if (xml->capacity - xml->size < more) {
        size_t capacity = (xml->size + more) * 2;
        char *bytes = realloc(xml->bytes, capacity);

        if (bytes == NULL)
            return -1;
        xml->bytes = bytes;
        xml->capacity = capacity;
    }
    memcpy(xml->bytes + xml->size, data, more);
    xml->size += more;
    return size;
}

void xml_begin(struct xml *xml)
{
    xmlOutputBufferPtr out;

    *xml = (struct xml){.writer = NULL};
    out = xmlOutputBufferCreateIO(keep, NULL, xml, NULL);
    assert(out != NULL); /* out of memory */
    xml->writer = xmlNewTextWriter(out);
    assert(xml->writer != NULL);
    xml->failed = xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", "yes") < 0;
}

bool xml_end(struct xml *xml)
{
    if (xmlTextWriterEndDocument(xml->writer) < 0 || xmlTextWriterFlush(xml->writer) < 0)
        xml->failed = true;
    xmlFreeTextWriter(xml->writer);
    free(xml->scratch);
    if (xml->failed)
        free(xml->bytes);
    return !xml->failed;
}

/* xmlChar is unsigned char; the bytes are the same. */
static const xmlChar *chars(const char *text)
{
    return (const void *)text;
}

static const xmlChar *terminated(struct xml *xml, struct str text)
{
    if (text.size + 1 > xml->scratch_size) {
        xml->scratch_size = (text.size + 1) * 2;
        xml->scratch = realloc(xml->scratch, xml->scratch_size);
        assert(xml->scratch != NULL);
    }
    if (text.size > 0)
        memcpy(xml->scratch, text.data, text.size);
    xml->scratch[text.size] = '\0';
    return chars(xml->scratch);
}

static void check(struct xml *xml, int written)
{
    if (written < 0)
        xml->failed = true;
}

void xml_open(struct xml *xml, const char *name)
{
    check(xml, xmlTextWriterStartElement(xml->writer, chars(name)));
}

void xml_close(struct xml *xml)
{
    check(xml, xmlTextWriterEndElement(xml->writer));
}

void xml_attribute(struct xml *xml, const char *name, const char *value)
{
    check(xml, xmlTextWriterWriteAttribute(xml->writer, chars(name), chars(value)));
}

void xml_attribute_str(struct xml *xml, const char *name, struct str value)
{
    const xmlChar *text = terminated(xml, value);

    check(xml, xmlTextWriterWriteAttribute(xml->writer, chars(name), text));
}

void xml_attribute_int(struct xml *xml, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    xml_attribute(xml, name, text);
}

void xml_text(struct xml *xml, struct str text)
{
    const xmlChar *copy = terminated(xml, text);

    check(xml, xmlTextWriterWriteString(xml->writer, copy));
}

void xml_empty(struct xml *xml, const char *name)
{
    xml_open(xml, name);
    xml_close(xml);
}

void xml_leaf(struct xml *xml, const char *name, const char *attribute, const char *value)
{
    xml_open(xml, name);
    xml_attribute(xml, attribute, value);
    xml_close(xml);
}

void xml_leaf_int(struct xml *xml, const char *name, const char *attribute, int64_t value)
{
    xml_open(xml, name);
    xml_attribute_int(xml, attribute, value);
    xml_close(xml);
}

void xml_element(struct xml *xml, const char *name, struct str text)
{
    xml_open(xml, name);
    xml_text(xml, text);
    xml_close(xml);
}

void xml_begin_word(struct xml *xml, const char *root)
{
    xml_begin(xml);
    xml_open(xml, root);
    xml_attribute(xml, "xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main");
    xml_attribute(xml, "xmlns:r",
                  "http://schemas.openxmlformats.org/officeDocument/2006/relationships");
}
