/* Variances of measurements. */
#include "measurement_variance.h"

#include <math.h>

#include "percent.h"

/* The point of the day or the next one behind it, else the last. */
static const struct plan_point *next_point(const struct measured_against *against,
                                           struct timestamp day)
{
    size_t low = 0, high = against->target_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (against->targets[middle].day.us < day.us)
            low = middle + 1;
        else
            high = middle;
    }
    return &against->targets[low < against->target_count ? low : low - 1];
}

static enum performance_status performance(const struct measured_against *against,
                                           const struct measurement *item, bool favourable)
{
    double sign = against->direction == KPI_DOWN ? -1 : 1, size = fabs(item->variance_percentage);

    if (sign * item->actual >= sign * next_point(against, item->day)->left)
        return PERFORMANCE_ACHIEVED;
    if (favourable || percent_reaches(against->threshold, size))
        return PERFORMANCE_ON_TRACK;
    /* How far it is from 0 has no percentage. */
    return isnan(size) || percent_reaches(2 * against->threshold, size) ? PERFORMANCE_AT_RISK
                                                                        : PERFORMANCE_OFF_TRACK;
}

static void compare(const struct measured_against *against, struct measurement *item)
{
    double expected = plan_expected(against->path, item->day);

    item->category = 1;
    item->actual = measurement_counts(item);
    item->is_overridden = !isnan(item->adjusted_value);
    item->original_value = item->is_overridden ? item->value : (double)NAN;
    item->expected = item->variance = item->variance_percentage = (double)NAN;
    item->is_favourable = (struct packed){STR_NONE};
    item->performance = 0;
    item->exceeded = item->triggers = false;
    if (isnan(expected))
        return;
    item->expected = plan_rounded(expected);
    item->variance = plan_rounded(item->actual - expected);
    if (expected < 0 || expected > 0)
        item->variance_percentage =
            percent_rounded((item->actual - expected) / fabs(expected) * 100);
    bool favourable = against->direction == KPI_DOWN ? item->variance <= 0 : item->variance >= 0;
    item->is_favourable = (struct packed){favourable ? STR("\xc3") : STR("\xc2")};
    item->exceeded = fabs(item->variance_percentage) > percent_rounded(against->threshold);
    item->performance = performance(against, item, favourable);
}

bool measurement_is_miss(const struct measurement *item)
{
    return item->exceeded && str_equal(item->is_favourable.bytes, STR("\xc2"));
}

/* The last day before `day` from which the plan was adjusted; INT64_MIN: none. */
static int64_t adjusted_before(const struct measured_against *against, struct timestamp day)
{
    size_t i = against->adjusted_count;

    while (i > 0 && against->adjusted[i - 1].us >= day.us)
        i--;
    return i > 0 ? against->adjusted[i - 1].us : INT64_MIN;
}

static bool triggers(const struct measured_against *against, const struct measurement *items,
                     size_t known, size_t at)
{
    int64_t since = adjusted_before(against, items[at].day), misses = 0;

    if (items[at].subtype != MEASURED)
        return false;
    for (size_t i = at; i < known && misses < against->misses; i++) {
        if (items[i].subtype != MEASURED)
            continue;
        if (items[i].day.us <= since || !measurement_is_miss(&items[i]))
            break;
        misses++;
    }
    return misses == against->misses;
}

void measurements_judge(const struct measured_against *against, struct measurement *items,
                        size_t known, size_t count)
{
    for (size_t i = 0; i < known; i++)
        compare(against, &items[i]);
    for (size_t i = 0; i < count; i++)
        items[i].triggers = items[i].is_flagged || triggers(against, items, known, i);
}
