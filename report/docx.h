/* The report as a DOCX: WordprocessingML written by libxml2's writer, zipped by libzip. */
#ifndef TRACTION_DOCX_H
#define TRACTION_DOCX_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "report.h"

/* Writes the whole document to `out`. False when that failed, with the reason in `why`, whose text
 * lives as long as the arena. */
bool docx_write(const struct report *report, struct arena *arena, FILE *out, const char **why);

#endif
