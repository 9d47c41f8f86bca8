/* Instants: the calendar against the C library's, the strict text form, and arithmetic at its ends.
 */
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "suite.h"

static struct timestamp parsed(const char *text)
{
    struct timestamp t = TIMESTAMP_NONE;

    ck_assert_msg(timestamp_parse(str_of(text), &t), "%s", text);
    return t;
}

static void shows(struct timestamp t, const char *expected)
{
    char text[TIMESTAMP_TEXT_SIZE + 1] = "";

    timestamp_format(t, text);
    ck_assert_str_eq(text, expected);
}

static void reads_as(const char *text, const char *expected)
{
    shows(parsed(text), expected);
}

static void refuses(const char *text)
{
    struct timestamp t = {42};

    ck_assert_msg(!timestamp_parse(str_of(text), &t), "%s", text);
    ck_assert_int_eq(t.us, 42);
}

START_TEST(knows_its_epoch_and_ends)
{
    ck_assert_int_eq(parsed("1970-01-01T00:00:00Z").us, 0);
    ck_assert_int_eq(parsed("2025-01-15T10:00:00.123456Z").us, INT64_C(1736935200123456));
    ck_assert_int_eq(parsed("1969-12-31T23:59:59.999999Z").us, -1);
    ck_assert_int_eq(parsed("0001-01-01").us, INT64_C(-62135596800000000));
    ck_assert_int_eq(parsed("9999-12-31T23:59:59.999999Z").us, INT64_C(253402300799999999));
    shows((struct timestamp){-1}, "1969-12-31T23:59:59.999Z");
    shows((struct timestamp){999}, "1970-01-01T00:00:00.000Z");
}
END_TEST

START_TEST(every_day_goes_there_and_back)
{
    char text[TIMESTAMP_TEXT_SIZE], expected[32];
    struct timestamp t = parsed("0001-01-01T12:34:56.789Z"), again;
    int days = 0;

    for (;; days++) {
        timestamp_format(t, text);
        /* Not ck_assert, which is slow when it holds. */
        if (!timestamp_parse((struct str){text, sizeof text}, &again) || again.us != t.us)
            ck_abort_msg("%.*s", TIMESTAMP_TEXT_SIZE, text);
        if (days % 7 == 0) {
            time_t seconds = (time_t)((t.us - 56789000) / 1000000);
            struct tm tm;
            if (!gmtime_r(&seconds, &tm))
                ck_abort();
            snprintf(expected, sizeof expected, "%04d-%02d-%02d", (tm.tm_year + 1900) % 10000,
                     (tm.tm_mon + 1) % 100, tm.tm_mday % 100);
            if (memcmp(text, expected, 10) != 0)
                ck_abort_msg("%.10s instead of %s", text, expected);
        }
        if (memcmp(text, "9999-12-31", 10) == 0)
            break;
        t = timestamp_add_days(t, 1);
    }
    ck_assert_int_eq(days, 3652058);
}
END_TEST

START_TEST(knows_leap_years)
{
    reads_as("2024-02-29", "2024-02-29T00:00:00.000Z");
    reads_as("2000-02-29", "2000-02-29T00:00:00.000Z");
    refuses("2023-02-29");
    refuses("1900-02-29");
    refuses("2100-02-29");
    refuses("2024-02-30");
    refuses("2025-04-31");
    refuses("2025-00-10");
    refuses("2025-13-10");
    refuses("2025-01-00");
    refuses("2025-01-32");
    refuses("0000-01-01");
}
END_TEST

START_TEST(reads_offsets)
{
    reads_as("2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00.000Z");
    reads_as("2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00.000Z");
    reads_as("2025-06-01T12:00:00+05:45", "2025-06-01T06:15:00.000Z");
    reads_as("2025-06-01T12:00:00-00:00", "2025-06-01T12:00:00.000Z");
    reads_as("2025-06-01T12:00:00+23:59", "2025-05-31T12:01:00.000Z");
    reads_as("2025-06-01t12:00:00z", "2025-06-01T12:00:00.000Z");
    reads_as("2025-06-01T12:00:00+0530", "2025-06-01T06:30:00.000Z");
    reads_as("2025-06-01T12:00:00.25-0030", "2025-06-01T12:30:00.250Z");
    reads_as("2025-06-01T12:00:00+00", "2025-06-01T12:00:00.000Z");
    reads_as("2025-06-01T12:00-03", "2025-06-01T15:00:00.000Z");
    refuses("2025-06-01T12:00:00");
    refuses("2025-06-01T12:00:00+24:00");
    refuses("2025-06-01T12:00:00+01:60");
    refuses("2025-06-01T12:00:00+2400");
    refuses("2025-06-01T12:00:00+0160");
    refuses("2025-06-01T12:00:00+24");
    refuses("2025-06-01T12:00:00+1");
    refuses("2025-06-01T12:00:00+100");
    refuses("2025-06-01T12:00:00+01:");
    refuses("2025-06-01T12:00:00+01000");
    refuses("2025-06-01T12:00:00+01:000");
    refuses("2025-06-01T12:00:00+1:00");
    refuses("2025-06-01T12:00:00 Z");
    refuses("2025-06-01T12:00:00ZZ");
    refuses("0001-01-01T00:00:00+00:01"); /* before the calendar begins */
    refuses("9999-12-31T23:59:59-00:01");
    reads_as("9999-12-31T23:59:59+00:01", "9999-12-31T23:58:59.000Z");
}
END_TEST

START_TEST(reads_times)
{
    reads_as("2025-06-01T23:59:59Z", "2025-06-01T23:59:59.000Z");
    refuses("2025-06-01T24:00:00Z");
    refuses("2025-06-01T12:60:00Z");
    refuses("2016-12-31T23:59:60Z"); /* a real leap second */
    reads_as("2025-06-01T12:34Z", "2025-06-01T12:34:00.000Z");
    reads_as("2025-06-01T12:34+02:00", "2025-06-01T10:34:00.000Z");
    refuses("2025-06-01T12:34:Z");
    refuses("2025-06-01T12:34.5Z");
    refuses("2025-06-01T12Z");
    refuses("2025-06-01T12:34");
    refuses("2025-06-01T1:00:00Z");
    refuses("2025-06-01T-1:00:00Z");
    refuses("2025-06-01 12:00:00Z");
    refuses("2025-06-01T");
    refuses("20250601T120000Z");
    refuses("2025-6-01");
    refuses("02025-06-01");
    refuses(" 2025-06-01");
    refuses("2025-06-01 ");
    refuses("");
    struct timestamp t;
    ck_assert(!timestamp_parse(STR_NONE, &t));
    ck_assert(!timestamp_parse(STR("2025-06-01\0"), &t));
}
END_TEST

START_TEST(reads_fractions)
{
    struct timestamp whole = parsed("2025-06-01T12:00:00Z");

    ck_assert_int_eq(parsed("2025-06-01T12:00:00.5Z").us - whole.us, 500000);
    ck_assert_int_eq(parsed("2025-06-01T12:00:00.000001Z").us - whole.us, 1);
    ck_assert_int_eq(parsed("2025-06-01T12:00:00.123456789Z").us - whole.us, 123456);
    ck_assert_int_eq(parsed("2025-06-01T12:00:00.999999999+00:00").us - whole.us, 999999);
    refuses("2025-06-01T12:00:00.Z");
    ck_assert_int_eq(parsed("2025-06-01T12:00:00.1234567890123Z").us - whole.us, 123456);
    ck_assert_int_eq(parsed("2025-06-01T12:00:00.0000000000Z").us - whole.us, 0);
    refuses("2025-06-01T12:00:00,5Z");
}
END_TEST

START_TEST(adds_months)
{
    shows(timestamp_add_months(parsed("2025-01-31T10:00:00Z"), 1), "2025-02-28T10:00:00.000Z");
    shows(timestamp_add_months(parsed("2024-01-31"), 1), "2024-02-29T00:00:00.000Z");
    shows(timestamp_add_months(parsed("2024-02-29"), 12), "2025-02-28T00:00:00.000Z");
    shows(timestamp_add_months(parsed("2025-03-31"), -1), "2025-02-28T00:00:00.000Z");
    shows(timestamp_add_months(parsed("2025-12-15"), 1), "2026-01-15T00:00:00.000Z");
    shows(timestamp_add_months(parsed("2025-01-15"), -1), "2024-12-15T00:00:00.000Z");
    shows(timestamp_add_months(parsed("1969-12-31T23:59:59.999Z"), 2), "1970-02-28T23:59:59.999Z");
    shows(timestamp_add_months(parsed("2025-05-31"), 0), "2025-05-31T00:00:00.000Z");
    shows(timestamp_add_months(parsed("9999-12-15"), 1), "9999-12-31T23:59:59.999Z");
    shows(timestamp_add_months(parsed("9999-11-15"), 1), "9999-12-15T00:00:00.000Z");
    shows(timestamp_add_months(parsed("0001-01-15"), -1), "0001-01-01T00:00:00.000Z");
    shows(timestamp_add_months(parsed("2025-01-15"), INT32_MAX), "9999-12-31T23:59:59.999Z");
    shows(timestamp_add_months(parsed("2025-01-15"), INT32_MIN), "0001-01-01T00:00:00.000Z");
    ck_assert(timestamp_is_none(timestamp_add_months(TIMESTAMP_NONE, 1)));
}
END_TEST

START_TEST(adds_days)
{
    shows(timestamp_add_days(parsed("2024-02-28T01:02:03Z"), 1), "2024-02-29T01:02:03.000Z");
    shows(timestamp_add_days(parsed("2025-03-01"), -1), "2025-02-28T00:00:00.000Z");
    shows(timestamp_add_days(parsed("9999-12-31"), 1), "9999-12-31T23:59:59.999Z");
    shows(timestamp_add_days(parsed("2025-01-01"), INT32_MAX), "9999-12-31T23:59:59.999Z");
    shows(timestamp_add_days(parsed("2025-01-01"), INT32_MIN), "0001-01-01T00:00:00.000Z");
    ck_assert(timestamp_is_none(timestamp_add_days(TIMESTAMP_NONE, 1)));
    shows(timestamp_start_of_day(parsed("2025-06-01T23:59:59.999Z")), "2025-06-01T00:00:00.000Z");
    shows(timestamp_start_of_day((struct timestamp){-1}), "1969-12-31T00:00:00.000Z");
    ck_assert(timestamp_is_none(timestamp_start_of_day(TIMESTAMP_NONE)));
}
END_TEST

START_TEST(compares_days)
{
    struct timestamp date = parsed("2025-01-15"), noon = parsed("2025-01-15T12:00:00Z");
    struct timestamp last = parsed("2025-01-15T23:59:59.999999Z"), next = parsed("2025-01-16");

    ck_assert(!timestamp_day_before(date, noon));
    ck_assert(!timestamp_day_before(noon, date));
    ck_assert(!timestamp_day_before(date, last));
    ck_assert(timestamp_day_before(last, next));
    ck_assert(!timestamp_day_before(next, last));
    ck_assert(timestamp_day_before((struct timestamp){-1}, (struct timestamp){0}));
    ck_assert(!timestamp_day_before(TIMESTAMP_NONE, noon));
    ck_assert(!timestamp_day_before(noon, TIMESTAMP_NONE));
    ck_assert_int_eq(timestamp_range_end(date).us, last.us);
    ck_assert_int_eq(timestamp_range_end(noon).us, noon.us);
    ck_assert_int_eq(timestamp_range_end(last).us, last.us);
    ck_assert_int_eq(timestamp_range_end(parsed("9999-12-31")).us, INT64_C(253402300799999999));
    ck_assert(timestamp_is_none(timestamp_range_end(TIMESTAMP_NONE)));
}
END_TEST

START_TEST(months_are_counted)
{
    char text[8];
    int32_t month;

    ck_assert(month_parse(STR("2025-03"), &month));
    ck_assert_int_eq(month, 2025 * 12 + 2);
    ck_assert_int_eq(month, month_of(parsed("2025-03-31T23:59:59Z")));
    ck_assert_int_eq(month_of((struct timestamp){-1}), 1969 * 12 + 11);
    month_format(month, text);
    ck_assert_str_eq(text, "2025-03");
    ck_assert(month_parse(STR("0001-01"), &month));
    month_format(month, text);
    ck_assert_str_eq(text, "0001-01");
    ck_assert(month_parse(STR("9999-12"), &month));
    month_format(month, text);
    ck_assert_str_eq(text, "9999-12");
    ck_assert(!month_parse(STR("2025-3"), &month));
    ck_assert(!month_parse(STR("2025-13"), &month));
    ck_assert(!month_parse(STR("2025-00"), &month));
    ck_assert(!month_parse(STR("2025-03-01"), &month));
    ck_assert(!month_parse(STR("0000-12"), &month));
    ck_assert(!month_parse(STR("2025/03"), &month));
    ck_assert(!month_parse(STR_NONE, &month));
}
END_TEST

START_TEST(the_clock_can_be_moved)
{
    int64_t real_us = (int64_t)time(NULL) * 1000000;
    int64_t before_us = monotonic_us();

    ck_assert_int_lt(llabs(timestamp_now().us - real_us), 5000000);
    timestamp_set_clock_offset(86400 * 365);
    ck_assert_int_lt(llabs(timestamp_now().us - real_us - INT64_C(31536000000000)), 5000000);
    timestamp_set_clock_offset(-4000000000);
    ck_assert_int_lt(timestamp_now().us, 0);
    ck_assert_int_ge(monotonic_us(), before_us);
    ck_assert_int_lt(monotonic_us(), before_us + 60000000);
}
END_TEST

START_TEST(none_is_no_instant)
{
    ck_assert(timestamp_is_none(TIMESTAMP_NONE));
    ck_assert(!timestamp_is_none((struct timestamp){0}));
}
END_TEST

START_TEST(counts_days_between)
{
    ck_assert_int_eq(
        timestamp_days_between(parsed("2024-02-28T23:59:59Z"), parsed("2024-03-01T00:00:00Z")), 2);
    ck_assert_int_eq(timestamp_days_between(parsed("1970-01-02"), parsed("1969-12-31T23:00:00Z")),
                     -2);
    ck_assert_int_eq(
        timestamp_days_between(parsed("2025-05-05T01:00:00Z"), parsed("2025-05-05T23:00:00Z")), 0);
}
END_TEST

SUITE_MAIN("timestamp", counts_days_between, knows_its_epoch_and_ends,
           every_day_goes_there_and_back, knows_leap_years, reads_offsets, reads_times,
           reads_fractions, adds_months, adds_days, compares_days, months_are_counted,
           the_clock_can_be_moved, none_is_no_instant)
