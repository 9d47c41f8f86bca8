/* Progress of KPIs: the rule's own examples, its edges, and many random courses next to a reference
 * that computes in another way. */
#include "kpi_progress.h"

#include <math.h>
#include <stdlib.h>

#include "percent.h"
#include "suite.h"

#define NONE ((double)NAN)

static void check(enum kpi_direction direction, double baseline, double target, double current,
                  double expected)
{
    double progress = kpi_progress(direction, baseline, target, current);

    ck_assert_msg(fabs(progress - expected) < 0.005 + 1e-9,
                  "%s from %.17g to %.17g at %.17g: %.17g", direction == KPI_UP ? "up" : "down",
                  baseline, target, current, progress);
}

static struct goal_kpi link_of(double target, double current, double threshold)
{
    struct goal_kpi link = {.direction = KPI_UP,
                            .baseline_value = 0,
                            .target_value = target,
                            .current_value = current,
                            .threshold = threshold};
    goal_kpi_complete(&link);
    return link;
}

START_TEST(goes_from_baseline_to_target)
{
    check(KPI_UP, 100, 200, 100, 0);
    check(KPI_UP, 100, 200, 150, 50);
    check(KPI_UP, 100, 200, 200, 100);
    check(KPI_UP, 0, 3, 1, 33.33);
    check(KPI_UP, 0.1, 0.3, 0.2, 50);
    check(KPI_UP, -50, 50, 0, 50);
    check(KPI_UP, -10, -5, -7.5, 50);
    check(KPI_DOWN, 200, 100, 150, 50);
    check(KPI_DOWN, 5, -5, 0, 50);
    check(KPI_DOWN, -5, -10, -6, 20);
}
END_TEST

START_TEST(rounds_to_two_decimals)
{
    static const double exact[][4] = {
        {0, 100, 57, 57},        {0, 100, 29, 29},          {0, 3, 1, 33.33},
        {0, 3, 2, 66.67},        {0, 1000, 0.0499, 0},      {0, 1000, 0.05, 0.01},
        {0, 100000, 1005, 1.01}, {0, 200000, 66670, 33.34}, {100, 0, 43, 57},
        {0, 100000, 99995, 100}, {0, 100000, 99994, 99.99}, {0, 0.3, 0.1, 33.33},
    };

    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        const double *e = exact[i];
        double progress = kpi_progress(KPI_UP, e[0], e[1], e[2]);
        ck_assert_msg(progress >= e[3] && progress <= e[3], "%g to %g at %g: %.17g, not %g", e[0],
                      e[1], e[2], progress, e[3]);
    }
    ck_assert_double_eq(percent_rounded(-1.005), -1.01);
    ck_assert_double_eq(percent_rounded(2.675), 2.68);
    ck_assert(!signbit(percent_rounded(-0.001)));
    ck_assert(isnan(percent_rounded(NONE)) && isinf(percent_rounded((double)INFINITY)));
}
END_TEST

/* As whole percents are sent, the threshold is reached at its own value. */
START_TEST(every_whole_percent_reaches_itself)
{
    for (int percent = 0; percent <= 100; percent++) {
        struct goal_kpi link = link_of(100, percent, percent);
        ck_assert_msg(link.on_track && link.progress >= percent && link.progress <= percent,
                      "%d: %.17g", percent, link.progress);
        link = link_of(-100, -percent, percent);
        ck_assert(link.on_track && link.progress >= percent && link.progress <= percent);
        ck_assert(!link_of(100, percent - 0.01, percent).on_track || percent == 0);
    }
    ck_assert(link_of(3, 1, 33.333).on_track); /* 33.33 both */
    ck_assert(!link_of(3, 1, 33.336).on_track);
}
END_TEST

START_TEST(stays_within_0_and_100)
{
    check(KPI_UP, 100, 200, 99, 0);
    check(KPI_UP, 100, 200, 1e300, 100);
    check(KPI_UP, 100, 200, -1e300, 0);
    check(KPI_DOWN, 200, 100, 201, 0);
    check(KPI_DOWN, 200, 100, -7, 100);
    ck_assert(!signbit(kpi_progress(KPI_UP, 100, 200, 99)));
    ck_assert(!signbit(kpi_progress(KPI_DOWN, 200, 100, 200)));
}
END_TEST

START_TEST(says_0_of_what_is_missing)
{
    check(KPI_UP, 100, 200, NONE, 0);
    check(KPI_UP, 100, NONE, 150, 0);
    check(KPI_UP, NONE, NONE, NONE, 0);
    check(KPI_UP, NONE, 200, NONE, 0);
    check(KPI_DOWN, 200, 200, NONE, 0); /* no reading: nothing was reached */
    check(KPI_UP, NONE, 200, 150, 0);   /* one reading: it is its own baseline */
}
END_TEST

START_TEST(asks_the_direction_where_there_is_no_way)
{
    check(KPI_UP, 100, 100, 99.99, 0);
    check(KPI_UP, 100, 100, 100, 100);
    check(KPI_UP, 100, 100, 101, 100);
    check(KPI_DOWN, 100, 100, 100.01, 0);
    check(KPI_DOWN, 100, 100, 100, 100);
    check(KPI_DOWN, 100, 100, 99, 100);
    check(KPI_DOWN, 0.0, -0.0, 0, 100);
    check(KPI_UP, NONE, 200, 200, 100); /* the only reading is the target */
}
END_TEST

START_TEST(survives_the_ends_of_doubles)
{
    check(KPI_UP, -1.7e308, 1.7e308, 0, 50);
    check(KPI_DOWN, 1.7e308, -1.7e308, 0.85e308, 25);
    check(KPI_UP, 0, 5e-324, 5e-324, 100);
    check(KPI_UP, -1.7e308, 1.7e308, 1.7e308, 100);
}
END_TEST

/* Asks where on a line of long doubles the current value lies, from the target's end. */
static double reference(enum kpi_direction direction, double baseline, double target,
                        double current)
{
    long double way = (long double)target - baseline, left = (long double)target - current;

    if (way == 0)
        return (direction == KPI_UP ? left <= 0 : left >= 0) ? 100 : 0;
    long double share = 100 - left / way * 100;
    return (double)(share < 0 ? 0 : share > 100 ? 100 : share);
}

static double random_value(unsigned *seed)
{
    int digits = rand_r(seed) % 7;
    double value = (double)(rand_r(seed) % 20001 - 10000);

    for (int i = 0; i < digits; i++)
        value /= 10;
    return value;
}

START_TEST(agrees_with_the_reference)
{
    unsigned seed = 20250115;

    for (int i = 0; i < 200000; i++) {
        enum kpi_direction direction = rand_r(&seed) % 2 ? KPI_UP : KPI_DOWN;
        double baseline = random_value(&seed), target = random_value(&seed);
        double current = random_value(&seed);
        if (rand_r(&seed) % 16 == 0)
            target = baseline;
        if (rand_r(&seed) % 16 == 0)
            current = target;
        if (fabs(target - baseline) > 0 && fabs(target - baseline) < 1e-3)
            continue; /* there the reference is no better than what it checks */
        check(direction, baseline, target, current,
              reference(direction, baseline, target, current));
    }
}
END_TEST

START_TEST(knows_what_is_on_track)
{
    ck_assert(link_of(100, 50, 50).on_track);
    ck_assert(!link_of(100, 49.99, 50).on_track);
    ck_assert(link_of(NONE, NONE, 0).on_track);
    ck_assert(!link_of(NONE, 10, 0.1).on_track);
}
END_TEST

START_TEST(takes_the_mean_of_links_with_a_target)
{
    struct goal_kpi thirds[] = {link_of(3, 1, 0), link_of(3, 1, 0), link_of(3, 2, 0)};

    ck_assert_double_eq(goal_kpis_progress(thirds, 3), 44.44);
    struct goal_kpi links[] = {link_of(100, 50, 0), link_of(NONE, 80, 0), link_of(100, NONE, 0),
                               link_of(10, 10, 0)};

    ck_assert_double_eq_tol(goal_kpis_progress(links, 4), 50, 1e-12);
    ck_assert_double_eq_tol(goal_kpis_progress(links, 1), 50, 1e-12);
    ck_assert(isnan(goal_kpis_progress(links + 1, 1)));
    ck_assert(isnan(goal_kpis_progress(links, 0)));
}
END_TEST

SUITE_MAIN("KPI progress", goes_from_baseline_to_target, rounds_to_two_decimals,
           every_whole_percent_reaches_itself, stays_within_0_and_100, says_0_of_what_is_missing,
           asks_the_direction_where_there_is_no_way, survives_the_ends_of_doubles,
           agrees_with_the_reference, knows_what_is_on_track, takes_the_mean_of_links_with_a_target)
