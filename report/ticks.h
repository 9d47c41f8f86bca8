/* Where the marks of an axis are, and how labels keep apart. Pure; draws nothing. */
#ifndef TRACTION_TICKS_H
#define TRACTION_TICKS_H

#include <stddef.h>
#include <stdint.h>

#include "sink.h"

/* Marks at first, first + step, ...; a step is 1, 2 or 5 times a power of ten. */
struct ticks {
    double first, step;
    int count;
};
/* At most `most` (at least 2) marks within [low, high], as many as there are of such a step. None
 * where the range is empty or no double. */
struct ticks ticks_of(double low, double high, int most);

/* The distance of the marks on an axis of time, so that there are at most `most` (at least 1)
 * of them from `first` to `last`: 1, 2, 3 or 6 months, or 1, 2, 5, 10, ... years, of which January
 * is marked; or 1, 2, 5, 10, 20, 30 days, or so many months of 30 or years of 365. */
int32_t ticks_of_time(enum axis axis, int32_t first, int32_t last, int most);
/* The first mark that is not before `first`. Days are counted from `last` backwards. */
int32_t ticks_first_time(enum axis axis, int32_t first, int32_t last, int32_t step);

/* Moves labels that are `size` high apart so that none touches another and all are within [low,
 * high] if they fit, keeping their order and as near to where they were as that allows. `places`
 * are their upper edges, in any order. */
void ticks_spread(double *places, size_t count, double size, double low, double high);

#endif
