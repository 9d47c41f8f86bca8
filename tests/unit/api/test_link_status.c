/* What is expected of a link, and how it is judged by that. */
#include <math.h>

#include "link_status.h"
#include "suite.h"

#define NONE ((double)NAN)

static struct timestamp day(const char *text)
{
    struct timestamp t;

    ck_assert(timestamp_parse(str_of(text), &t));
    return t;
}

static struct link_course course(double baseline, double target, double current)
{
    return (struct link_course){.direction = target < baseline ? KPI_DOWN : KPI_UP,
                                .baseline = baseline,
                                .target = target,
                                .current = current,
                                .start = day("2024-12-31"),
                                .end = day("2025-12-31"),
                                .day = day("2025-03-31"),
                                .threshold = 80,
                                .risk_threshold = 50};
}

START_TEST(judges_by_the_whole_way)
{
    struct link_course c = course(45000, 100000, 44000);

    ck_assert_double_eq(link_variance(&c, 50000), -10.91);
    ck_assert_int_eq(link_status(&c, 50000), LINK_ON_TRACK);
    c.current = 39000; /* 11000 of 55000: 20 % */
    ck_assert_int_eq(link_status(&c, 50000), LINK_ON_TRACK);
    c.current = 38990;
    ck_assert_int_eq(link_status(&c, 50000), LINK_BEHIND);
    c.current = 22500; /* 50 % */
    ck_assert_int_eq(link_status(&c, 50000), LINK_BEHIND);
    c.current = 22400;
    ck_assert_int_eq(link_status(&c, 50000), LINK_AT_RISK);
    c = course(60000, 100000, 85000);
    ck_assert_double_eq(link_variance(&c, 99123.2877), -35.31);
    ck_assert_int_eq(link_status(&c, 99123.2877), LINK_BEHIND);
}
END_TEST

START_TEST(less_is_better_downwards)
{
    struct link_course c = course(8, 5, 7.2);

    c.start = day("2025-01-01");
    c.day = day("2025-07-01");
    ck_assert_double_eq_tol(link_expected(&c), 6.5082, 0.0001); /* 181 of 364 days */
    ck_assert_double_eq(link_variance(&c, link_expected(&c)), -23.06);
    ck_assert_int_eq(link_status(&c, link_expected(&c)), LINK_BEHIND);
    c.current = 6;
    ck_assert_double_gt(link_variance(&c, link_expected(&c)), 0);
}
END_TEST

START_TEST(goes_straight_between_its_days)
{
    struct link_course c = course(0, 365, 0);

    ck_assert_double_eq_tol(link_expected(&c), 90, 1e-9);
    c.day = day("2024-01-01");
    ck_assert_double_eq(link_expected(&c), 0);
    c.day = day("2026-01-01");
    ck_assert_double_eq(link_expected(&c), 365);
    c.day = day("2025-12-31T23:00:00Z");
    ck_assert_double_eq(link_expected(&c), 365);
}
END_TEST

START_TEST(has_no_data)
{
    struct link_course c = course(0, 100, NONE);

    ck_assert_int_eq(link_status(&c, 50), LINK_NO_DATA);
    c = course(0, NONE, 1);
    ck_assert_int_eq(link_status(&c, link_expected(&c)), LINK_NO_DATA);
    c = course(7, 7, 7);
    ck_assert_int_eq(link_status(&c, link_expected(&c)), LINK_NO_DATA);
    c = course(0, 100, 1);
    c.end = TIMESTAMP_NONE;
    ck_assert_int_eq(link_status(&c, link_expected(&c)), LINK_NO_DATA);
    c.end = day("2024-12-31T18:00:00Z"); /* on the day of its start */
    ck_assert_int_eq(link_status(&c, link_expected(&c)), LINK_NO_DATA);
}
END_TEST

START_TEST(knows_the_worse_one)
{
    static const enum link_status better[] = {LINK_NO_DATA, LINK_ON_TRACK, LINK_BEHIND,
                                              LINK_AT_RISK};

    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            ck_assert_int_eq(link_status_worse(better[i], better[j]), better[i > j ? i : j]);
}
END_TEST

SUITE_MAIN("link_status", judges_by_the_whole_way, knows_the_worse_one, less_is_better_downwards,
           goes_straight_between_its_days, has_no_data)
