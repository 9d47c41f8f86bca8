/* The zip file that a DOCX is, built in memory. */
#ifndef TRACTION_DOCX_PACKAGE_H
#define TRACTION_DOCX_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "docx_xml.h"
#include "timestamp.h"

struct package; /* one archive; calls after a failure do nothing */

/* `modified` is written to every entry, so that the same report is the same bytes. */
struct package *package_new(struct timestamp modified);
void package_destroy(struct package **package);

/* Adds a part. Takes the bytes, which must come from malloc. Pictures are compressed already. */
void package_add(struct package *package, const char *name, char *bytes, size_t size,
                 bool compressed);
/* Ends the XML and adds it. */
void package_add_xml(struct package *package, const char *name, struct xml *xml);

/* Compresses everything and writes it to `out`. False when anything failed so far; `why` then says
 * what, as long as the package lives. */
bool package_write(struct package *package, FILE *out, const char **why);

#endif
