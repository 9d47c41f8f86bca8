/* Marks of axes. */
#include "ticks.h"

#include <math.h>

struct ticks ticks_of(double low, double high, int most)
{
    struct ticks none = {0, 0, 0};
    double range = high - low;

    if (!(range > 0) || !isfinite(range))
        return none;
    double power = pow(10, floor(log10(range / most)));
    static const double units[] = {1, 2, 5, 10, 20};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double step = power * units[i], first = ceil(low / step), last = floor(high / step);

        if (!isfinite(first) || !(step > 0) || low + step == low)
            continue; /* a step that is lost beside the values */
        if (last - first + 1 <= most)
            return (struct ticks){first * step, step, (int)(last - first + 1)};
    }
    return none;
}

int32_t ticks_of_time(enum axis axis, int32_t first, int32_t last, int most)
{
    static const int32_t months[] = {1, 2, 3, 6, 12}, days[] = {1, 2, 5, 10, 20, 30, 60, 180, 365};
    const int32_t *steps = axis == AXIS_MONTHS ? months : days;
    size_t count =
        axis == AXIS_MONTHS ? sizeof months / sizeof *months : sizeof days / sizeof *days;
    int64_t span = (int64_t)last - first;

    for (size_t i = 0; i < count; i++)
        if (span / steps[i] + 1 <= most)
            return steps[i];
    int64_t year = steps[count - 1];
    for (int64_t power = 1;; power *= 10)
        for (int64_t unit = 1; unit <= 5; unit = unit == 1 ? 2 : unit == 2 ? 5 : 6)
            if (span / (year * power * unit) + 1 <= most || year * power * unit > INT32_MAX / 10)
                return (int32_t)(year * power * unit);
}

int32_t ticks_first_time(enum axis axis, int32_t first, int32_t last, int32_t step)
{
    int64_t rest = axis == AXIS_MONTHS ? first % (int64_t)step : ((int64_t)first - last) % step;

    if (rest < 0)
        rest += step;
    int64_t mark = rest == 0 ? first : first + step - rest;
    return mark > last ? last : (int32_t)mark;
}

void ticks_spread(double *places, size_t count, double size, double low, double high)
{
    size_t order[8] = {0};

    if (count > sizeof order / sizeof *order)
        count = sizeof order / sizeof *order;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && places[order[at - 1]] > places[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < count; i++) { /* down from the top, ... */
        double least = i == 0 ? low : places[order[i - 1]] + size;
        places[order[i]] = fmax(places[order[i]], least);
    }
    for (size_t i = count; i-- > 0;) { /* ... and up from the bottom */
        double greatest = i + 1 == count ? high - size : places[order[i + 1]] - size;
        places[order[i]] = fmin(places[order[i]], greatest);
    }
}
