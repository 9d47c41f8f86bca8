/* Measurements against plans: of random ones, compared with what a plain reference computes from
 * the definition in docs/kpis.md. */
#include <math.h>
#include <stdlib.h>

#include "measurement_variance.h"
#include "suite.h"

enum { POINTS = 12, ITEMS = 60, ROUNDS = 400 };
#define DAY_US INT64_C(86400000000)

static int below(int count)
{
    return rand() % count;
}

/* Around 2024-02-29, with month ends and the leap day among them. */
static struct timestamp day_number(int number)
{
    return (struct timestamp){(INT64_C(19782) + number) * DAY_US};
}

struct course {
    enum interpolation method;
    enum kpi_direction direction;
    int days[POINTS + 1]; /* the start, if any, first */
    double values[POINTS + 1];
    int count, targets; /* targets are the last */
    double threshold;
    int misses;
};

static double some_value(void)
{
    static const double values[] = {0, -1, 1, 45000, -45000, 0.1, 1e9};

    return below(3) == 0 ? values[below(7)] : (below(20001) - 10000) / 7.0;
}

static struct course random_course(void)
{
    struct course course = {.method = (enum interpolation)(1 + below(3)),
                            .direction = below(2) ? KPI_UP : KPI_DOWN,
                            .targets = 1 + below(POINTS),
                            .threshold = below(4) ? below(40) : 0,
                            .misses = 1 + below(4)};
    int day = below(20) - 200;

    course.count = course.targets + below(2);
    for (int i = 0; i < course.count; i++, day += 1 + below(40)) {
        course.days[i] = day;
        course.values[i] = some_value();
    }
    return course;
}

/* --- The reference --- */

static double reference_expected(const struct course *course, int day)
{
    int next = 0;

    while (next < course->count && course->days[next] <= day)
        next++;
    if (next == 0)
        return course->values[0];
    double from = course->values[next - 1];
    if (next == course->count || course->days[next - 1] == day ||
        course->method == INTERPOLATION_STEP)
        return from;
    double to = course->values[next];
    double t = (double)(day - course->days[next - 1]) /
               (double)(course->days[next] - course->days[next - 1]);
    if (course->method == INTERPOLATION_EXPONENTIAL && from * to > 0)
        return from * exp(t * log(to / from));
    return from * (1 - t) + to * t;
}

static double next_target(const struct course *course, int day)
{
    int first = course->count - course->targets;

    for (int i = first; i < course->count; i++)
        if (course->days[i] >= day)
            return course->values[i];
    return course->values[course->count - 1];
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-4 + 1e-9 * fabs(b);
}

/* Figures near a bound may fall on either side of it. */
static bool decided(double percent, double bound)
{
    return fabs(fabs(percent) - bound) > 0.02;
}

struct expected_item {
    double expected, variance, percent;
    bool adverse, sure;
};

static struct expected_item reference(const struct course *course, const struct measurement *item,
                                      int day)
{
    double actual = isnan(item->adjusted_value) ? item->value : item->adjusted_value;
    double expected = reference_expected(course, day), variance = actual - expected;

    return (struct expected_item){
        .expected = expected,
        .variance = variance,
        .percent = fabs(expected) > 0 ? variance / fabs(expected) * 100 : (double)NAN,
        .adverse =
            course->direction == KPI_DOWN ? variance > 0 : variance<0, .sure = fabs(variance)> 1e-4,
    };
}

static void check_performance(const struct course *course, const struct measurement *item,
                              const struct expected_item *wanted, int day)
{
    double sign = course->direction == KPI_DOWN ? -1 : 1;

    if (sign * item->actual >= sign * next_target(course, day))
        ck_assert_int_eq(item->performance, PERFORMANCE_ACHIEVED);
    else if (!wanted->adverse)
        ck_assert_int_eq(item->performance, PERFORMANCE_ON_TRACK);
    else if (isnan(wanted->percent))
        ck_assert_int_eq(item->performance, PERFORMANCE_AT_RISK);
    else if (decided(wanted->percent, course->threshold) &&
             decided(wanted->percent, 2 * course->threshold))
        ck_assert_int_eq(item->performance,
                         fabs(wanted->percent) < course->threshold       ? PERFORMANCE_ON_TRACK
                         : fabs(wanted->percent) < 2 * course->threshold ? PERFORMANCE_AT_RISK
                                                                         : PERFORMANCE_OFF_TRACK);
}

static void check(const struct course *course, const struct measurement *item, int day)
{
    struct expected_item wanted = reference(course, item, day);

    ck_assert(near(item->expected, wanted.expected));
    ck_assert(near(item->variance, wanted.variance));
    ck_assert(isnan(item->variance_percentage) == isnan(wanted.percent));
    if (fabs(wanted.expected) > 1e-3)
        ck_assert(fabs(item->variance_percentage - wanted.percent) <=
                  0.006 + 1e-9 * fabs(wanted.percent));
    if (!wanted.sure)
        return;
    ck_assert(str_equal(item->is_favourable.bytes, wanted.adverse ? STR("\xc2") : STR("\xc3")));
    if (isnan(wanted.percent))
        ck_assert(!item->exceeded);
    else if (decided(wanted.percent, course->threshold))
        ck_assert(item->exceeded == (fabs(wanted.percent) > course->threshold));
    check_performance(course, item, &wanted, day);
}

/* Newest first: in a row with the measured ones before it, none older than an adjustment. */
static bool reference_triggers(const struct course *course, const struct measurement *items,
                               int count, int at, int64_t adjusted_us)
{
    int misses = 0;

    if (items[at].is_flagged)
        return true;
    if (items[at].subtype == ESTIMATE)
        return false;
    for (int i = at; i < count; i++) {
        if (items[i].subtype == ESTIMATE)
            continue;
        if (adjusted_us < items[at].day.us && items[i].day.us <= adjusted_us)
            break;
        if (!measurement_is_miss(&items[i]))
            break;
        misses++;
    }
    return misses >= course->misses;
}

static int fill(struct measurement *items, int *days)
{
    int count = 1 + below(ITEMS), day = 400;

    for (int i = 0; i < count; i++, day -= below(25)) {
        days[i] = day;
        model_clear(AS(measurement, &items[i]));
        items[i].day = day_number(day);
        items[i].value = some_value();
        items[i].adjusted_value = below(5) ? (double)NAN : some_value();
        items[i].subtype = below(4) ? MEASURED : ESTIMATE;
        items[i].is_flagged = below(30) == 0;
    }
    return count;
}

static void judge(const struct course *course, struct measurement *items, int count,
                  const struct timestamp *adjusted)
{
    static struct plan_point targets[POINTS], room[POINTS + 1];
    int first = course->count - course->targets;
    struct plan_parts parts = {.method = course->method,
                               .start = {.day = TIMESTAMP_NONE, .left = (double)NAN},
                               .targets = targets,
                               .target_count = (size_t)course->targets};

    for (int i = 0; i < course->targets; i++)
        targets[i] = (struct plan_point){.day = day_number(course->days[first + i]),
                                         .left = course->values[first + i],
                                         .right = (double)NAN};
    if (first > 0)
        parts.start =
            (struct plan_point){.day = day_number(course->days[0]), .left = course->values[0]};
    struct plan_path path = plan_path_of(&parts, room);
    struct measured_against against = {.direction = course->direction,
                                       .path = &path,
                                       .targets = targets,
                                       .target_count = parts.target_count,
                                       .threshold = course->threshold,
                                       .misses = course->misses,
                                       .adjusted = adjusted,
                                       .adjusted_count = 1};
    measurements_judge(&against, items, (size_t)count, (size_t)count);
}

START_TEST(agree_with_the_definition)
{
    static struct measurement items[ITEMS];
    int days[ITEMS];

    srand(20250331);
    for (int round = 0; round < ROUNDS; round++) {
        struct course course = random_course();
        int count = fill(items, days);
        struct timestamp adjusted = day_number(below(600) - 200);
        judge(&course, items, count, &adjusted);
        for (int i = 0; i < count; i++) {
            check(&course, &items[i], days[i]);
            ck_assert(items[i].triggers ==
                      reference_triggers(&course, items, count, i, adjusted.us));
            ck_assert(items[i].is_overridden == !isnan(items[i].adjusted_value));
        }
    }
}
END_TEST

/* Those behind the judged ones count, and are not judged themselves. */
START_TEST(count_the_ones_before)
{
    struct measurement items[3];
    struct course course = {.method = INTERPOLATION_LINEAR,
                            .direction = KPI_UP,
                            .days = {0},
                            .values = {100},
                            .count = 1,
                            .targets = 1,
                            .threshold = 10,
                            .misses = 3};
    struct timestamp none = day_number(-1000);

    for (int i = 0; i < 3; i++) {
        model_clear(AS(measurement, &items[i]));
        items[i].day = day_number(30 - i);
        items[i].value = 80;
        items[i].adjusted_value = (double)NAN;
        items[i].subtype = MEASURED;
    }
    judge(&course, items, 3, &none);
    ck_assert(items[0].triggers && !items[1].triggers);
    items[2].value = 95;
    judge(&course, items, 3, &none);
    ck_assert(!items[0].triggers);
}
END_TEST

SUITE_MAIN("measurement_variance", agree_with_the_definition, count_the_ones_before)
