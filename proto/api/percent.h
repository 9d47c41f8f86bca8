/* Percentages: how they are rounded, and so compared. The only place where that is decided. */
#ifndef TRACTION_PERCENT_H
#define TRACTION_PERCENT_H

#include <stdbool.h>
#include <stdint.h>

/* To two decimals, halves away from zero. What arithmetic has put a hair below a half counts as the
 * half. NaN stays NaN. */
double percent_rounded(double percent);

/* So many of so many, not rounded; 0 of nothing. */
double percent_of(int64_t part, int64_t whole);

/* Whether the rounded figure has come to `least`, which is rounded, too. False for NaN. */
bool percent_reaches(double percent, double least);

#endif
