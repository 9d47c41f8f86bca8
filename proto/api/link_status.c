/* The course of a link against what is expected of it. */
#include "link_status.h"

#include <math.h>

#include "percent.h"

static const char *const status_texts[] = {NULL, "on_track", "at_risk", "behind", "no_data"};
const struct enum_names link_status_names = ENUM_NAMES(status_texts);

double link_expected(const struct link_course *course)
{
    if (timestamp_is_none(course->start) || timestamp_is_none(course->end) ||
        timestamp_is_none(course->day) || !timestamp_day_before(course->start, course->end))
        return (double)NAN;
    double gone = (double)timestamp_days_between(course->start, course->day) /
                  (double)timestamp_days_between(course->start, course->end);
    gone = gone < 0 ? 0 : gone > 1 ? 1 : gone;
    return course->baseline + (course->target - course->baseline) * gone;
}

double link_variance(const struct link_course *course, double expected)
{
    double way = fabs(course->target - course->baseline);
    double sign = course->direction == KPI_DOWN ? -1 : 1;

    /* NaN also where a value is. */
    return way > 0 ? percent_rounded(sign * (course->current - expected) / way * 100) : (double)NAN;
}

enum link_status link_status(const struct link_course *course, double expected)
{
    double variance = link_variance(course, expected);

    if (isnan(variance))
        return LINK_NO_DATA;
    if (variance >= percent_rounded(course->threshold - 100))
        return LINK_ON_TRACK;
    return variance >= percent_rounded(course->risk_threshold - 100) ? LINK_BEHIND : LINK_AT_RISK;
}

enum link_status link_status_worse(enum link_status a, enum link_status b)
{
    static const int rank[] = {
        [LINK_NO_DATA] = 0, [LINK_ON_TRACK] = 1, [LINK_BEHIND] = 2, [LINK_AT_RISK] = 3};

    return rank[a] >= rank[b] ? a : b;
}
