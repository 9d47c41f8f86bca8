/* The path of a plan: the examples of docs/kpis.md to the last digit, and what must hold of any. */
#include <math.h>
#include <stdlib.h>

#include "plan_periods.h"
#include "suite.h"

enum { TARGETS = 4, MANY = 200, ROUNDS = 300 };

#define NONE ((double)NAN)

static struct timestamp day(const char *text)
{
    struct timestamp t;

    ck_assert(timestamp_parse(str_of(text), &t));
    return t;
}

static struct plan_point point(const char *text, double value)
{
    return (struct plan_point){.day = day(text), .left = value, .right = value};
}

static struct plan_point targets[TARGETS];
static struct plan_point room[MANY + 2 * TARGETS];

static struct plan_parts quarters(enum interpolation method)
{
    targets[0] = point("2025-03-31", 50000);
    targets[1] = point("2025-06-30", 75000);
    targets[2] = point("2025-09-30", 90000);
    targets[3] = point("2025-12-31", 100000);
    return (struct plan_parts){.method = method,
                               .start = point("2024-12-31", 45000),
                               .targets = targets,
                               .target_count = TARGETS};
}

static void expects(enum interpolation method, const char *text, double value)
{
    struct plan_parts parts = quarters(method);
    struct plan_path path = plan_path_of(&parts, room);

    ck_assert_double_eq(plan_rounded(plan_expected(&path, day(text))), value);
}

START_TEST(interpolates)
{
    static const struct {
        const char *day;
        double linear, exponential, step;
    } rows[] = {
        {"2024-06-01", 45000, 45000, 45000},
        {"2024-12-31", 45000, 45000, 45000},
        {"2025-01-31", 46722.2222, 46663.0828, 45000},
        {"2025-02-28", 48277.7778, 48217.9887, 45000},
        {"2025-03-31", 50000, 50000, 50000},
        {"2025-04-30", 58241.7582, 57150.7676, 50000},
        {"2025-05-31", 66758.2418, 65615.9166, 50000},
        {"2026-02-01", 100000, 100000, 100000},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expects(INTERPOLATION_LINEAR, rows[i].day, rows[i].linear);
        expects(INTERPOLATION_EXPONENTIAL, rows[i].day, rows[i].exponential);
        expects(INTERPOLATION_STEP, rows[i].day, rows[i].step);
    }
}
END_TEST

START_TEST(begins_where_it_can)
{
    struct plan_parts parts = quarters(INTERPOLATION_LINEAR);
    parts.start.left = NONE;
    struct plan_path path = plan_path_of(&parts, room);
    ck_assert_double_eq(plan_expected(&path, day("2025-01-31")), 50000);

    parts = quarters(INTERPOLATION_LINEAR);
    parts.start.day = day("2025-03-31"); /* not before the first target */
    path = plan_path_of(&parts, room);
    ck_assert_uint_eq(path.count, 4);

    parts.target_count = 0;
    path = plan_path_of(&parts, room);
    ck_assert_double_nan(plan_expected(&path, day("2025-01-31")));
    ck_assert_double_nan(plan_onward(&path, day("2025-01-31")));
}
END_TEST

START_TEST(grows_linearly_across_zero)
{
    struct plan_point only = point("2025-01-11", 10);
    struct plan_parts parts = {.method = INTERPOLATION_EXPONENTIAL,
                               .start = point("2025-01-01", -10),
                               .targets = &only,
                               .target_count = 1};
    struct plan_path path = plan_path_of(&parts, room);

    ck_assert_double_eq(plan_expected(&path, day("2025-01-06")), 0);
    parts.start.left = 0;
    path = plan_path_of(&parts, room);
    ck_assert_double_eq(plan_expected(&path, day("2025-01-06")), 5);
    only.left = -1000;
    parts.start.left = -10;
    path = plan_path_of(&parts, room);
    ck_assert_double_eq_tol(plan_expected(&path, day("2025-01-06")), -100, 1e-9);
}
END_TEST

START_TEST(goes_on_from_anchors)
{
    struct plan_parts parts = quarters(INTERPOLATION_LINEAR);
    struct plan_point anchors[] = {
        {.day = day("2024-11-01"), .left = 1, .right = 2}, /* before all: nothing */
        {.day = day("2025-03-31"), .left = 50000, .right = 44000},
        {.day = day("2025-05-15"), .left = 60000, .right = 55000}};
    parts.anchors = anchors;
    parts.anchor_count = 3;
    struct plan_path path = plan_path_of(&parts, room);

    ck_assert_double_eq(plan_rounded(plan_expected(&path, day("2025-01-31"))), 46722.2222);
    ck_assert_double_eq(plan_expected(&path, day("2025-03-31")), 50000); /* the target's own */
    ck_assert_double_eq(plan_onward(&path, day("2025-03-31")), 44000);
    ck_assert_double_eq(plan_expected(&path, day("2025-05-15")), 60000);
    ck_assert_double_eq(plan_onward(&path, day("2025-05-15")), 55000);
    ck_assert_double_eq(plan_expected(&path, day("2025-06-30")), 75000);
}
END_TEST

START_TEST(keeps_a_straight_way_with_an_anchor_in_it)
{
    struct plan_point target = point("2025-01-11", 30);
    struct plan_parts parts = {.method = INTERPOLATION_EXPONENTIAL,
                               .start = point("2025-01-01", -10),
                               .targets = &target,
                               .target_count = 1};
    struct plan_path path = plan_path_of(&parts, room);
    struct plan_point anchor = {.day = day("2025-01-03"),
                                .left = plan_expected(&path, day("2025-01-03")),
                                .right = 10,
                                .straight = plan_straight(&path, day("2025-01-03"))};

    ck_assert(anchor.straight);
    ck_assert(!plan_straight(&path, day("2025-01-01")));
    ck_assert(!plan_straight(&path, day("2025-01-11")));
    ck_assert_double_eq(anchor.left, -2);
    parts.anchors = &anchor;
    parts.anchor_count = 1;
    path = plan_path_of(&parts, room);
    ck_assert_double_eq(plan_expected(&path, day("2025-01-02")), -6);
    ck_assert(plan_straight(&path, day("2025-01-02")));
    ck_assert(!plan_straight(&path, day("2025-01-07")));
    ck_assert_double_eq_tol(plan_expected(&path, day("2025-01-07")), sqrt(300), 1e-9);
}
END_TEST

static void adjusts(enum interpolation method, double first, double second)
{
    struct plan_parts parts = quarters(method);
    double values[TARGETS];

    ck_assert(plan_maintain_goal(&parts, day("2025-03-31"), 44000, values));
    ck_assert_double_eq(values[0], first);
    ck_assert_double_eq(values[1], second);
    ck_assert_double_eq(values[2], 100000);
}

START_TEST(maintains_the_goal)
{
    double values[TARGETS];
    struct plan_parts parts = quarters(INTERPOLATION_LINEAR);

    adjusts(INTERPOLATION_LINEAR, 62530.9091, 81265.4545);
    adjusts(INTERPOLATION_EXPONENTIAL, 57734.7683, 75983.3984);
    adjusts(INTERPOLATION_STEP, 44000, 44000);
    ck_assert(!plan_maintain_goal(&parts, day("2025-12-31"), 44000, values));
}
END_TEST

START_TEST(shifts_by_a_factor)
{
    double factor = plan_shift_factor(50000, 44000);

    ck_assert_double_eq(plan_rounded(75000 * factor), 66000);
    ck_assert_double_eq(plan_rounded(90000 * factor), 79200);
    ck_assert_double_eq(plan_rounded(100000 * factor), 88000);
    ck_assert_double_nan(plan_shift_factor(0, 5));
    ck_assert_double_nan(plan_shift_factor(5, 0));
    ck_assert_double_nan(plan_shift_factor(-5, 5));
    ck_assert_double_eq(plan_shift_factor(-5, -10), 2);
}
END_TEST

START_TEST(counts_by_periods)
{
    static struct plan_period periods[PLAN_PERIODS_MAX];
    struct plan_parts parts = quarters(INTERPOLATION_LINEAR);
    struct plan_path path = plan_path_of(&parts, room);

    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_MONTHLY, periods), 12);
    ck_assert_int_eq(periods[0].first.us, day("2025-01-01").us);
    ck_assert_int_eq(periods[0].last.us, day("2025-01-31").us);
    ck_assert_double_eq(periods[0].start_value, 45000);
    ck_assert_double_eq(periods[0].end_value, 46722.2222);
    ck_assert_double_eq(periods[0].delta, 1722.2222);
    ck_assert_double_eq(periods[0].growth, 3.83);
    struct plan_bracket bracket = plan_bracket(&parts, &periods[0]);
    ck_assert_uint_eq(bracket.first, 0);
    ck_assert_uint_eq(bracket.count, 1);
    bracket = plan_bracket(&parts, &periods[3]); /* April: March's end and June's */
    ck_assert_uint_eq(bracket.first, 0);
    ck_assert_uint_eq(bracket.count, 2);

    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_QUARTERLY, periods), 4);
    ck_assert_double_eq(periods[1].start_value, 50000);
    ck_assert_double_eq(periods[1].end_value, 75000);
    ck_assert_double_eq(periods[1].delta, 25000);
    ck_assert_double_eq(periods[1].growth, 50);

    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_YEARLY, periods), 1);
    ck_assert_double_eq(periods[0].delta, 55000);
    ck_assert_double_eq(periods[0].growth, 122.22);
    bracket = plan_bracket(&parts, &periods[0]);
    ck_assert_uint_eq(bracket.count, 4);

    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_WEEKLY, periods), 53);
    ck_assert_int_eq(periods[0].first.us, day("2024-12-30").us); /* a Monday */
    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_DAILY, periods), 365);
    ck_assert_double_eq(plan_total_change(&path), 55000);
    ck_assert_double_eq(plan_monthly_growth(&path), 10.19);

    targets[3] = point("2030-12-31", 100000);
    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_DAILY, periods), 365);
    path = plan_path_of(&parts, room);
    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_DAILY, periods), PLAN_PERIODS_MAX + 1);
    parts.target_count = 1;
    parts.start.left = NONE;
    path = plan_path_of(&parts, room);
    ck_assert_uint_eq(plan_periods(&path, GRANULARITY_MONTHLY, periods), 0);
}
END_TEST

/* --- Random plans against the definition, word by word --- */

static double any_value(void)
{
    return (double)(rand() % 20001 - 10000) / (rand() % 2 ? 1 : 7);
}

static double defined(enum interpolation method, double r0, double l1, double t)
{
    if (method == INTERPOLATION_STEP)
        return t < 1 ? r0 : l1;
    if (method == INTERPOLATION_EXPONENTIAL && r0 * l1 > 0)
        return r0 * pow(l1 / r0, t);
    return r0 + (l1 - r0) * t;
}

static double reference(const struct plan_parts *parts, int64_t d)
{
    double from = NONE;
    int64_t from_day = 0;

    if (!isnan(parts->start.left) && parts->start.day.us < parts->targets[0].day.us) {
        from = parts->start.left;
        from_day = parts->start.day.us / 86400000000;
    }
    for (size_t i = 0; i < parts->target_count; i++) {
        int64_t to_day = parts->targets[i].day.us / 86400000000;
        double to = parts->targets[i].left;
        if (d <= from_day && i == 0 && !isnan(from))
            return from;
        if (d <= to_day && isnan(from))
            return to;
        if (d <= to_day)
            return defined(parts->method, from, to,
                           (double)(d - from_day) / (double)(to_day - from_day));
        from = to;
        from_day = to_day;
    }
    return from;
}

/* Values of two decimals, so that halves of the fourth are frequent. */
START_TEST(an_anchor_leaves_the_past_as_it_was)
{
    struct plan_point points[3], target, anchor;

    srand(20251130);
    for (int round = 0; round < 2000; round++) {
        struct plan_parts parts = {.method = INTERPOLATION_LINEAR, .targets = &target};
        int64_t days = 4 + rand() % 400, at = 2 + rand() % (days - 2);
        parts.start.left = (double)(rand() % 200000001 - 100000000) / 100;
        target = (struct plan_point){.day = {days * 86400000000},
                                     .left = (double)(rand() % 200000001 - 100000000) / 100};
        parts.target_count = 1;
        struct plan_path path = plan_path_of(&parts, points);
        anchor = (struct plan_point){.day = {at * 86400000000}, .right = 7};
        anchor.left = plan_expected(&path, anchor.day);
        double before[400];
        for (int64_t d = 1; d <= at; d++)
            before[d - 1] = plan_rounded(plan_expected(&path, (struct timestamp){d * 86400000000}));
        parts.anchors = &anchor;
        parts.anchor_count = 1;
        path = plan_path_of(&parts, points);
        for (int64_t d = 1; d <= at; d++)
            ck_assert_double_eq(
                plan_rounded(plan_expected(&path, (struct timestamp){d * 86400000000})),
                before[d - 1]);
    }
}
END_TEST

START_TEST(agrees_with_the_definition)
{
    static struct plan_point many[MANY];
    static struct plan_period periods[PLAN_PERIODS_MAX];

    srand(20251129);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t first = 19000 + rand() % 1000, at = first;
        struct plan_parts parts = {.method = (enum interpolation)(1 + rand() % 3),
                                   .start = {.day = {(first - 1 - rand() % 90) * 86400000000},
                                             .left = rand() % 4 ? any_value() : NONE},
                                   .targets = many,
                                   .target_count = 1 + (size_t)rand() % MANY};
        for (size_t i = 0; i < parts.target_count; i++, at += 1 + rand() % 40)
            many[i] = (struct plan_point){.day = {at * 86400000000}, .left = any_value()};
        struct plan_path path = plan_path_of(&parts, room);
        for (int64_t d = first - 100; d < at + 10; d += 1 + rand() % 5) {
            double is = plan_expected(&path, (struct timestamp){d * 86400000000});
            ck_assert_double_eq_tol(is, reference(&parts, d), 1e-6);
        }
        size_t count = plan_periods(&path, GRANULARITY_QUARTERLY, periods);
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += periods[i].delta;
        if (count > 0)
            ck_assert_double_eq_tol(sum, plan_total_change(&path), 1e-4 * (double)count);
    }
}
END_TEST

SUITE_MAIN("plan_path", interpolates, begins_where_it_can, grows_linearly_across_zero,
           goes_on_from_anchors, keeps_a_straight_way_with_an_anchor_in_it, maintains_the_goal,
           shifts_by_a_factor, counts_by_periods, an_anchor_leaves_the_past_as_it_was,
           agrees_with_the_definition)
