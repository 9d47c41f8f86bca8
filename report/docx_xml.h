/* One XML part, written by libxml2's writer into memory. Calls after a failure do nothing; xml_end
 * says whether there was one. Text is escaped by the writer; nothing here puts markup together. */
#ifndef TRACTION_DOCX_XML_H
#define TRACTION_DOCX_XML_H

#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct xml {
    xmlTextWriterPtr writer;
    char *bytes; /* what is written so far */
    size_t size, capacity;
    char *scratch; /* for text without a NUL at its end */
    size_t scratch_size;
    bool failed;
};

void xml_begin(struct xml *xml);
/* Begins a part of Word's, whose root element has the namespaces w and r. */
void xml_begin_word(struct xml *xml, const char *root);
/* False when anything failed. Otherwise `bytes` and `size` are the part, to be freed by the caller
 * with free(); all else is released in both cases. */
bool xml_end(struct xml *xml);

void xml_open(struct xml *xml, const char *name);
void xml_close(struct xml *xml); /* the innermost open element */
void xml_attribute(struct xml *xml, const char *name, const char *value);
void xml_attribute_str(struct xml *xml, const char *name, struct str value);
void xml_attribute_int(struct xml *xml, const char *name, int64_t value);
void xml_text(struct xml *xml, struct str text);

/* <name/>, <name attribute="value"/>, <name>text</name> */
void xml_empty(struct xml *xml, const char *name);
void xml_leaf(struct xml *xml, const char *name, const char *attribute, const char *value);
void xml_leaf_int(struct xml *xml, const char *name, const char *attribute, int64_t value);
void xml_element(struct xml *xml, const char *name, struct str text);

#endif
