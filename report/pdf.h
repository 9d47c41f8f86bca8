/* The report as a PDF: pages drawn by cairo, text by pango, finished by qpdf. */
#ifndef TRACTION_PDF_H
#define TRACTION_PDF_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "report.h"

/* Writes the whole document to `out`. False when that failed, with the reason in `why`, whose text
 * is static. */
bool pdf_write(const struct report *report, struct arena *arena, FILE *out, const char **why);

#endif
