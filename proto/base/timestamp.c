/* Instants: the clock, the calendar, and the text forms. No time zones beyond a numeric offset, and
 * no libc calendar: it depends on TZ and on the range of time_t. */
#include "timestamp.h"

#include <assert.h>
#include <time.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S INT64_C(86400)
#define DAY_US (DAY_S * SECOND_US)

enum {
    EPOCH_DAY = 719162, /* 1970-01-01, counted from 0001-01-01 = 0 */
    LAST_DAY = 3652058, /* 9999-12-31 */
    DAYS_400Y = 146097,
    DAYS_100Y = 36524,
    DAYS_4Y = 1461
};

#define MIN_US (-(int64_t)EPOCH_DAY * DAY_US)
#define MAX_US (((int64_t)LAST_DAY + 1 - EPOCH_DAY) * DAY_US - 1)

struct date {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

static int64_t clock_offset_us;

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days of the year before the month starts. */
static int days_before_month(int year, int month)
{
    static const int days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    return days[month - 1] + (month > 2 && is_leap(year));
}

/* Days since 1970-01-01. */
static int64_t day_number(struct date date)
{
    int before = date.year - 1;

    return (int64_t)before * 365 + before / 4 - before / 100 + before / 400 +
           days_before_month(date.year, date.month) + date.day - 1 - EPOCH_DAY;
}

static struct date date_of(int64_t day)
{
    int left = (int)(day + EPOCH_DAY);
    int year = left / DAYS_400Y * 400;
    struct date date;

    left %= DAYS_400Y;
    /* The last century, and the last year of four, is a day longer than the division thinks. */
    int centuries = left / DAYS_100Y < 4 ? left / DAYS_100Y : 3;
    left -= centuries * DAYS_100Y;
    int fours = left / DAYS_4Y;
    left %= DAYS_4Y;
    int ones = left / 365 < 4 ? left / 365 : 3;
    left -= ones * 365;

    date.year = year + centuries * 100 + fours * 4 + ones + 1;
    date.month = left / 31 + 1; /* right, or one too early */
    if (date.month < 12 && left >= days_before_month(date.year, date.month + 1))
        date.month++;
    date.day = left - days_before_month(date.year, date.month) + 1;
    return date;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static struct timestamp within_calendar(int64_t us)
{
    return (struct timestamp){us < MIN_US ? MIN_US : us > MAX_US ? MAX_US : us};
}

bool timestamp_is_none(struct timestamp t)
{
    return t.us == INT64_MIN;
}

static int64_t clock_us(clockid_t which)
{
    struct timespec now;
    int failed = clock_gettime(which, &now);

    assert(!failed);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

struct timestamp timestamp_now(void)
{
    return within_calendar(clock_us(CLOCK_REALTIME) + clock_offset_us);
}

void timestamp_set_clock_offset(int64_t seconds)
{
    assert(seconds > -MAX_US / SECOND_US && seconds < MAX_US / SECOND_US);
    clock_offset_us = seconds * SECOND_US;
}

int64_t monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

/* Takes exactly `count` digits from the front of `text`. */
static bool take_number(struct str *text, size_t count, int *value)
{
    int sum = 0;

    if (text->size < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        char c = text->data[i];
        if (c < '0' || c > '9')
            return false;
        sum = sum * 10 + (c - '0');
    }
    *text = (struct str){text->data + count, text->size - count};
    *value = sum;
    return true;
}

static bool take_char(struct str *text, char c)
{
    if (text->size == 0 || text->data[0] != c)
        return false;
    *text = (struct str){text->data + 1, text->size - 1};
    return true;
}

static bool take_year_and_month(struct str *text, struct date *date)
{
    return take_number(text, 4, &date->year) && take_char(text, '-') &&
           take_number(text, 2, &date->month) && date->year >= 1 && date->month >= 1 &&
           date->month <= 12;
}

static bool take_date(struct str *text, struct date *date)
{
    return take_year_and_month(text, date) && take_char(text, '-') &&
           take_number(text, 2, &date->day) && date->day >= 1 &&
           date->day <= days_in_month(date->year, date->month);
}

/* One digit or more; those beyond microseconds are dropped. */
static bool take_fraction(struct str *text, int64_t *us)
{
    int64_t unit_us = SECOND_US;
    int digit;

    *us = 0;
    while (take_number(text, 1, &digit)) {
        unit_us /= 10;
        *us += digit * unit_us;
    }
    return unit_us < SECOND_US;
}

/* To the minute, the second, or any part of it. */
static bool take_time(struct str *text, int64_t *us)
{
    int hour, minute, second = 0;
    int64_t fraction_us = 0;

    if (!take_number(text, 2, &hour) || !take_char(text, ':') || !take_number(text, 2, &minute))
        return false;
    if (take_char(text, ':') && (!take_number(text, 2, &second) ||
                                 (take_char(text, '.') && !take_fraction(text, &fraction_us))))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *us = (hour * 3600 + minute * 60 + second) * SECOND_US + fraction_us;
    return true;
}

/* "Z", or ISO 8601's three forms of a number: +05:30, +0530 and +05. */
static bool take_offset(struct str *text, int64_t *us)
{
    int hours, minutes = 0;

    *us = 0;
    if (take_char(text, 'Z') || take_char(text, 'z'))
        return true;
    bool behind = take_char(text, '-');
    if (!behind && !take_char(text, '+'))
        return false;
    if (!take_number(text, 2, &hours))
        return false;
    bool more = take_char(text, ':') || text->size > 0;
    if ((more && !take_number(text, 2, &minutes)) || hours > 23 || minutes > 59)
        return false;
    *us = (hours * 3600 + minutes * 60) * (behind ? -SECOND_US : SECOND_US);
    return true;
}

bool timestamp_parse(struct str text, struct timestamp *t)
{
    struct date date;
    int64_t time_us = 0, offset_us = 0;

    if (!take_date(&text, &date))
        return false;
    if (text.size > 0 && ((!take_char(&text, 'T') && !take_char(&text, 't')) ||
                          !take_time(&text, &time_us) || !take_offset(&text, &offset_us)))
        return false;
    int64_t us = day_number(date) * DAY_US + time_us - offset_us;
    if (text.size > 0 || us < MIN_US || us > MAX_US)
        return false;
    t->us = us;
    return true;
}

static char *put_number(char *at, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + digits;
}

static char *put_year_and_month(char *at, int year, int month)
{
    at = put_number(at, year, 4);
    *at++ = '-';
    return put_number(at, month, 2);
}

void timestamp_format(struct timestamp t, char *text)
{
    assert(!timestamp_is_none(t));
    int64_t us = within_calendar(t.us).us;
    int64_t day = floor_divide(us, DAY_US);
    int ms = (int)((us - day * DAY_US) / 1000);
    struct date date = date_of(day);

    text = put_year_and_month(text, date.year, date.month);
    *text++ = '-';
    text = put_number(text, date.day, 2);
    *text++ = 'T';
    text = put_number(text, ms / 3600000, 2);
    *text++ = ':';
    text = put_number(text, ms / 60000 % 60, 2);
    *text++ = ':';
    text = put_number(text, ms / 1000 % 60, 2);
    *text++ = '.';
    text = put_number(text, ms % 1000, 3);
    *text = 'Z';
}

struct timestamp timestamp_add_months(struct timestamp t, int months)
{
    if (timestamp_is_none(t))
        return t;
    int64_t us = within_calendar(t.us).us;
    int64_t day = floor_divide(us, DAY_US);
    struct date date = date_of(day);
    int64_t month = (int64_t)date.year * 12 + date.month - 1 + months;

    if (month < 12)
        return within_calendar(INT64_MIN + 1);
    if (month >= INT64_C(10000) * 12)
        return within_calendar(INT64_MAX);
    date.year = (int)(month / 12);
    date.month = (int)(month % 12) + 1;
    if (date.day > days_in_month(date.year, date.month))
        date.day = days_in_month(date.year, date.month);
    return (struct timestamp){day_number(date) * DAY_US + (us - day * DAY_US)};
}

struct timestamp timestamp_add_days(struct timestamp t, int days)
{
    if (timestamp_is_none(t))
        return t;
    /* In days first: int times DAY_US alone would overflow. */
    int64_t day = floor_divide(within_calendar(t.us).us, DAY_US);
    int64_t rest_us = within_calendar(t.us).us - day * DAY_US;

    if (day + days < -EPOCH_DAY)
        return within_calendar(INT64_MIN + 1);
    if (day + days > LAST_DAY - EPOCH_DAY)
        return within_calendar(INT64_MAX);
    return (struct timestamp){(day + days) * DAY_US + rest_us};
}

struct timestamp timestamp_start_of_day(struct timestamp t)
{
    if (timestamp_is_none(t))
        return t;
    return (struct timestamp){floor_divide(within_calendar(t.us).us, DAY_US) * DAY_US};
}

int64_t timestamp_days_between(struct timestamp from, struct timestamp to)
{
    return floor_divide(to.us, DAY_US) - floor_divide(from.us, DAY_US);
}

bool timestamp_day_before(struct timestamp a, struct timestamp b)
{
    return !timestamp_is_none(a) && !timestamp_is_none(b) &&
           timestamp_start_of_day(a).us < timestamp_start_of_day(b).us;
}

struct timestamp timestamp_range_end(struct timestamp t)
{
    if (timestamp_is_none(t) || t.us != timestamp_start_of_day(t).us)
        return t;
    return (struct timestamp){t.us + DAY_US - 1};
}

bool month_parse(struct str text, int32_t *month)
{
    struct date date;

    if (!take_year_and_month(&text, &date) || text.size > 0)
        return false;
    *month = date.year * 12 + date.month - 1;
    return true;
}

void month_format(int32_t month, char text[8])
{
    assert(month >= 12 && month < 10000 * 12);
    *put_year_and_month(text, month / 12, month % 12 + 1) = '\0';
}

int32_t month_of(struct timestamp t)
{
    assert(!timestamp_is_none(t));
    struct date date = date_of(floor_divide(within_calendar(t.us).us, DAY_US));

    return date.year * 12 + date.month - 1;
}
