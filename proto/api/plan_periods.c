/* Calendar periods of a plan. */
#include "plan_periods.h"

#include <math.h>

#include "percent.h"

#define DAY_US INT64_C(86400000000)

enum { EPOCH_MONTH = 1970 * 12, EPOCH_WEEKDAY = 3 /* Thursday, from Monday */ };

static int months_in(enum granularity granularity)
{
    switch (granularity) {
    case GRANULARITY_MONTHLY:
        return 1;
    case GRANULARITY_QUARTERLY:
        return 3;
    case GRANULARITY_YEARLY:
        return 12;
    case GRANULARITY_DAILY:
    case GRANULARITY_WEEKLY:
        break;
    }
    return 0;
}

static struct timestamp start_of_month(int month)
{
    return timestamp_add_months((struct timestamp){0}, month - EPOCH_MONTH);
}

static struct timestamp first_day(struct timestamp day, enum granularity granularity)
{
    int months = months_in(granularity), month = month_of(day);

    if (months > 0)
        return start_of_month(month - month % months);
    if (granularity == GRANULARITY_DAILY)
        return day;
    int64_t days = day.us / DAY_US - (day.us % DAY_US < 0);
    int64_t weekday = ((days + EPOCH_WEEKDAY) % 7 + 7) % 7;
    return timestamp_add_days(day, -(int)weekday);
}

static struct timestamp next_first_day(struct timestamp first, enum granularity granularity)
{
    int months = months_in(granularity);

    if (months > 0)
        return timestamp_add_months(first, months);
    return timestamp_add_days(first, granularity == GRANULARITY_WEEKLY ? 7 : 1);
}

static double growth_of(double delta, double from)
{
    return from < 0 || from > 0 ? percent_rounded(delta / fabs(from) * 100) : (double)NAN;
}

static struct plan_period period_of(const struct plan_path *path, struct timestamp first,
                                    struct timestamp last)
{
    double from = plan_onward(path, timestamp_add_days(first, -1));
    double to = plan_expected(path, last);

    return (struct plan_period){.first = first,
                                .last = last,
                                .start_value = plan_rounded(from),
                                .end_value = plan_rounded(to),
                                .delta = plan_rounded(to - from),
                                .growth = growth_of(to - from, from)};
}

size_t plan_periods(const struct plan_path *path, enum granularity granularity,
                    struct plan_period *periods)
{
    size_t count = 0;

    if (path->count < 2)
        return 0;
    const struct plan_point *end = &path->points[path->count - 1];
    struct timestamp first = first_day(timestamp_add_days(path->points[0].day, 1), granularity);
    while (first.us <= end->day.us) {
        struct timestamp next = next_first_day(first, granularity);
        if (count == PLAN_PERIODS_MAX)
            return PLAN_PERIODS_MAX + 1;
        periods[count++] = period_of(path, first, timestamp_add_days(next, -1));
        first = next;
    }
    return count;
}

struct plan_bracket plan_bracket(const struct plan_parts *parts, const struct plan_period *period)
{
    size_t first = 0, end = 0;

    while (first + 1 < parts->target_count && parts->targets[first + 1].day.us < period->first.us)
        first++;
    while (end < parts->target_count && parts->targets[end].day.us < period->last.us)
        end++;
    end += end < parts->target_count;
    return (struct plan_bracket){first, end > first ? end - first : 0};
}

double plan_total_change(const struct plan_path *path)
{
    return plan_rounded(path->points[path->count - 1].left - path->points[0].left);
}

double plan_monthly_growth(const struct plan_path *path)
{
    const struct plan_point *from = path->points, *to = &path->points[path->count - 1];
    int months = month_of(to->day) - month_of(timestamp_add_days(from->day, 1)) + 1;

    return growth_of((to->left - from->left) / months, from->left);
}
