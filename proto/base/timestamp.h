/* Instants and calendar arithmetic. Everything is UTC; the proleptic Gregorian calendar, years 1
 * to 9999. */
#ifndef TRACTION_TIMESTAMP_H
#define TRACTION_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

enum { TIMESTAMP_TEXT_SIZE = 24 }; /* 2025-01-15T10:00:00.000Z */

struct timestamp {
    int64_t us; /* microseconds since 1970-01-01T00:00:00Z; INT64_MIN means absent (JSON null) */
};

#define TIMESTAMP_NONE ((struct timestamp){INT64_MIN})

bool timestamp_is_none(struct timestamp t);

/* The wall clock, moved by TRACTION_CLOCK_OFFSET_S when a test sets it. */
struct timestamp timestamp_now(void);
void timestamp_set_clock_offset(int64_t seconds);

/* RFC 3339 with any offset, with or without its colon or minutes (+05:30, +0530, +05), and any
 * precision, from minutes to any number of fractional digits (cut to microseconds), or a bare
 * YYYY-MM-DD (00:00 UTC). Leap seconds and days that do not exist are refused. */
bool timestamp_parse(struct str text, struct timestamp *t);
/* Writes TIMESTAMP_TEXT_SIZE characters with milliseconds, no NUL. */
void timestamp_format(struct timestamp t, char *text);

/* Adds calendar months; the day is cut to the month's last (Jan 31 + 1 month = Feb 28 or 29). */
struct timestamp timestamp_add_months(struct timestamp t, int months);
struct timestamp timestamp_add_days(struct timestamp t, int days);
struct timestamp timestamp_start_of_day(struct timestamp t);
/* From the day of `from` to that of `to`; negative when that is earlier. Neither is absent. */
int64_t timestamp_days_between(struct timestamp from, struct timestamp to);

/* A bare date is stored as 00:00 of its day and means the whole day wherever it is compared. */

/* Whether a lies on an earlier day than b: how a date is compared with its bounds ("must not be
 * before the start date", overdue). False when one is absent. */
bool timestamp_day_before(struct timestamp a, struct timestamp b);
/* The upper end of a range of instants: 00:00 of a day becomes the day's last microsecond, any
 * other instant stays. */
struct timestamp timestamp_range_end(struct timestamp t);

/* A calendar month as months since 0000-01: what KPI readings are keyed by. YYYY-MM exactly. */
bool month_parse(struct str text, int32_t *month);
void month_format(int32_t month, char text[8]); /* with NUL */
int32_t month_of(struct timestamp t);

/* CLOCK_MONOTONIC; only differences mean anything. */
int64_t monotonic_us(void);

#endif
