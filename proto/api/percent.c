/* Percentages. */
#include "percent.h"

#include <math.h>

/* A fraction of a hundredth of a percent: far larger than the rounding error of a few operations on
 * doubles, far smaller than any intended difference. */
#define HAIR 1e-9

double percent_rounded(double percent)
{
    double hundredths = floor(fabs(percent) * 100 + 0.5 + HAIR);

    /* Beyond 2^53 there are no hundredths to round. */
    if (!(fabs(percent) < 1e13))
        return percent;
    return percent < 0 && hundredths > 0 ? -hundredths / 100 : hundredths / 100;
}

double percent_of(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

bool percent_reaches(double percent, double min)
{
    return percent_rounded(percent) >= percent_rounded(min);
}
