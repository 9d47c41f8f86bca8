/* Percentages: rounding and comparing them. Everything that shows or compares a percentage uses
 * these functions. */
#ifndef TRACTION_PERCENT_H
#define TRACTION_PERCENT_H

#include <stdbool.h>
#include <stdint.h>

/* To two decimals, halves away from zero. A value that floating-point error has put just below a
 * half counts as the half. NaN stays NaN. */
double percent_rounded(double percent);

/* The percentage of `part` in `whole`, not rounded; 0 when `whole` is 0. */
double percent_of(int64_t part, int64_t whole);

/* Whether the rounded percentage is at least `min`, rounded as well. False for NaN. */
bool percent_reaches(double percent, double min);

#endif
