/* The document on standard input. */
#ifndef TRACTION_INPUT_H
#define TRACTION_INPUT_H

#include <stdbool.h>

#include "arena.h"
#include "report.h"

/* Reads all of `descriptor` and decodes it; the report lives in the arena. False, with one line of
 * explanation in `why`, when it cannot be read, is too large, or is not a report. */
bool input_read(int descriptor, struct arena *arena, struct report *report, struct str *why);

#endif
