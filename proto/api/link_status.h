/* Whether a link of a KPI to a goal is where it should be by now. All services judge it by these
 * functions. */
#ifndef TRACTION_LINK_STATUS_H
#define TRACTION_LINK_STATUS_H

#include "goals.h"

/* BEHIND is the milder one of the two that are not on track. */
enum link_status { LINK_ON_TRACK = 1, LINK_AT_RISK, LINK_BEHIND, LINK_NO_DATA };
extern const struct enum_names link_status_names;

/* From where to where a link goes, and where it is. Values are NaN and days absent when unknown. */
struct link_course {
    enum kpi_direction direction;
    double baseline, target, current;
    struct timestamp start, end; /* days of baseline and target */
    struct timestamp day;        /* of the current value */
    double threshold, risk_threshold;
};

/* What is expected on the current value's day: the straight line from baseline to target. NaN when
 * there is none: without its ends, or when the end is not after the start. */
double link_expected(const struct link_course *course);

/* How far the current value is from the expected one, in percent of the whole way, rounded as
 * percentages are; negative when adverse. NaN without data. */
double link_variance(const struct link_course *course, double expected);

enum link_status link_status(const struct link_course *course, double expected);

/* The worse one: at risk, behind, on track, no data. */
enum link_status link_status_worse(enum link_status a, enum link_status b);

#endif
