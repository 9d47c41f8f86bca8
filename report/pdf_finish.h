/* What cairo leaves out of a PDF, added by qpdf: the document's language, that windows show its
 * title, and what charts say to those who cannot see them. */
#ifndef TRACTION_PDF_FINISH_H
#define TRACTION_PDF_FINISH_H

#include <stdbool.h>
#include <stdio.h>

#include "locale.h"
#include "model.h"

/* Writes the finished file to `out`. `figures`: the texts of the structure's Figure elements, in
 * their order. False when that failed, with the reason in `why`, whose text is static. */
bool pdf_finish(struct str file, const struct locale *locale, const struct texts *figures,
                FILE *out, const char **why);

#endif
