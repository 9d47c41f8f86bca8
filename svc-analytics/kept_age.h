/* How long what was computed can be used (kept.h). */
#ifndef TRACTION_KEPT_AGE_H
#define TRACTION_KEPT_AGE_H

#include <stdbool.h>

#include "timestamp.h"

enum {
    KEPT_FRESH_US = 500000, /* what it lacks at that age is younger */
    KEPT_HOUR_S = 3600,     /* what depends on the time (overdue, trends) changes every hour */
};

/* `is_current`: nothing has changed since. */
static inline bool kept_will_do(struct timestamp computed_at, bool is_current, struct timestamp now)
{
    int64_t hour_us = KEPT_HOUR_S * INT64_C(1000000), age_us = now.us - computed_at.us;

    if (computed_at.us / hour_us != now.us / hour_us)
        return false;
    return is_current || (age_us >= 0 && age_us < KEPT_FRESH_US);
}

#endif
