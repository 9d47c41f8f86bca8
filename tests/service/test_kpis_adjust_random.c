/* Random plans, adjusted on random days, against what the definition of docs/kpis.md says of them,
 * written down here once more. */
#include "replan_rig.h"

#include <math.h>

#include "timestamp.h"

enum { ROUNDS = 24, POINTS_MAX = 200 };
#define DAY_US INT64_C(86400000000)

/* Of the test's own: libzmq's threads call rand(), as often as the machine lets them. */
static unsigned random_state;
static int next_random(void)
{
    random_state =
        random_state * 1664525u + 1013904223u; /* Knuth, The Art of Computer Programming */
    return (int)(random_state >> 8);
}

static double rounded(double value)
{
    return round(value * 1e4) / 1e4;
}

struct expected_plan {
    const char *method;
    struct step {
        int64_t day;
        double left, right;
        bool straight;
    } steps[POINTS_MAX + 3];
    int count;
};

static bool same_sign(double a, double b)
{
    return a * b > 0;
}

static double curve(const char *method, double from, double to, double part)
{
    if (!strcmp(method, "step"))
        return from;
    if (!strcmp(method, "exponential") && same_sign(from, to))
        return from * pow(to / from, part);
    return from + (to - from) * part;
}

/* Walks the path day by day. */
static double expected_on(const struct expected_plan *plan, int64_t day, bool onward)
{
    const struct step *steps = plan->steps;
    int i = 0;

    if (day < steps[0].day)
        return steps[0].left;
    while (i + 1 < plan->count && steps[i + 1].day <= day)
        i++;
    if (steps[i].day == day)
        return onward ? steps[i].right : steps[i].left;
    if (i + 1 == plan->count)
        return steps[i].right;
    const char *method =
        steps[i + 1].straight && !strcmp(plan->method, "exponential") ? "linear" : plan->method;
    return curve(method, steps[i].right, steps[i + 1].left,
                 (double)(day - steps[i].day) / (double)(steps[i + 1].day - steps[i].day));
}

static bool is_straight(const struct expected_plan *plan, int64_t day)
{
    int i = 0;

    while (i + 1 < plan->count && plan->steps[i + 1].day <= day)
        i++;
    return !strcmp(plan->method, "exponential") && i + 1 < plan->count &&
           plan->steps[i].day != day &&
           (plan->steps[i + 1].straight ||
            !same_sign(plan->steps[i].right, plan->steps[i + 1].left));
}

static const char *day_text(int64_t day)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format((struct timestamp){day * DAY_US}, text);
    return format("%.10s", text);
}

static int64_t day_of(const char *text)
{
    struct timestamp day;

    ck_assert(timestamp_parse((struct str){text, 10}, &day));
    return day.us / DAY_US;
}

/* Half of them whole, and now and then 0. */
static double any_value(void)
{
    double value = rounded((next_random() % 2000001 - 1000000) / (next_random() % 2 ? 1.0 : 37.0));

    return next_random() % 20 ? value : 0;
}

/* Days from 2023-10-01 on, so that leap days and ends of months are among them; or such days alone.
 */
static int64_t any_next_day(int64_t day, int points)
{
    static const char *const special[] = {"2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01",
                                          "2024-12-31", "2025-02-28", "2025-03-01"};

    if (points <= 7)
        for (size_t i = 0; i < sizeof special / sizeof *special; i++)
            if (day_of(special[i]) > day)
                return day_of(special[i]);
    return day + 1 + next_random() % 5;
}

static const char *make(struct expected_plan *is, int points)
{
    static const char *const methods[] = {"linear", "exponential", "step"};
    const char *items = "";
    int64_t day = day_of("2023-10-01");

    *is = (struct expected_plan){.method = methods[next_random() % 3], .count = points + 1};
    is->steps[0] = (struct step){.day = day, .left = any_value()};
    is->steps[0].right = is->steps[0].left;
    for (int i = 1; i <= points; i++) {
        struct step *step = &is->steps[i];
        step->day = day = any_next_day(day, points);
        step->left = step->right = any_value();
        items = format("%s%s{'milestoneDate': '%s', 'targetValue': %.17g}", items,
                       i > 1 ? ", " : "", day_text(day), step->left);
    }
    const char *kpi = text_at(
        ask("createSharedKPI", NULL,
            format("{'name': 'Any %d', 'direction': '%s', 'baselineValue': %.17g, 'baselineDate': "
                   "'2023-10-01', 'interpolationMethod': '%s'}",
                   next_random(), next_random() % 2 ? "up" : "down", is->steps[0].left,
                   is->method)),
        "data.id");
    ck_answer(set(kpi, items, ""), 200);
    return kpi;
}

/* Four decimals, or what doubles can tell apart. */
static void ck_near(double value, double expected)
{
    ck_assert_double_eq_tol(value, expected, 2e-4 + fabs(expected) * 1e-9);
}

/* Of an adjusted path the same as of the one before, up to the day; both rounded. */
static void ck_past(const struct rig_answer *before, const struct rig_answer *after, int64_t until)
{
    for (int i = 0;; i++) {
        const char *end = at(before, format("data.periods[%d].periodEnd", i));
        if (!strcmp(end, "absent") || day_of(end + 1) > until)
            break;
        ck_says(after, format("data.periods[%d].endValue", i),
                shown(before, format("data.periods[%d].endValue", i)));
    }
}

static void ck_path(const struct rig_answer *plan, const struct expected_plan *is)
{
    double deltas = 0, whole = 0, largest = 0;
    int i = 0;

    for (;; i++) {
        const char *end = at(plan, format("data.periods[%d].periodEnd", i));
        if (!strcmp(end, "absent"))
            break;
        double value = atof(at(plan, format("data.periods[%d].endValue", i)));
        double from = atof(at(plan, format("data.periods[%d].startValue", i)));
        ck_near(value, expected_on(is, day_of(end + 1), false));
        deltas += atof(at(plan, format("data.periods[%d].delta", i)));
        whole += value - from;
        largest = fmax(largest, fabs(value));
    }
    ck_assert_int_gt(i, 0);
    ck_assert_double_eq_tol(deltas, whole, 2e-4 * i + largest * 1e-9);
}

static void ck_points(const struct rig_answer *points, const char *list,
                      const struct expected_plan *is, int64_t behind)
{
    int place = 0;

    for (int i = 0; i < is->count; i++) {
        const struct step *step = &is->steps[i];
        if (step->day <= behind)
            continue;
        ck_says(points, format("%s[%d].milestoneDate", list, place),
                format("'%s'", day_text(step->day)));
        ck_near(atof(at(points, format("%s[%d].targetValue", list, place))), step->left);
        place++;
    }
    ck_says(points, format("%s[%d]", list, place), "absent");
}

/* What the definition makes of the path. False when there is no factor. */
static bool adjust_expected(struct expected_plan *is, const char *strategy, int64_t day,
                            double actual)
{
    double e = expected_on(is, day, false);
    struct step *last = &is->steps[is->count - 1];
    bool shifts = !strcmp(strategy, "proportional_shift");
    bool straight = is_straight(is, day);
    int place = 0;

    if (shifts && !same_sign(e, actual))
        return false;
    for (int i = 0; i < is->count; i++) {
        struct step *step = &is->steps[i];
        if (step->day <= day)
            place = i;
        else if (shifts)
            step->left = step->right = rounded(step->left * (actual / e));
        else if (step != last)
            step->left = step->right =
                rounded(curve(is->method, actual, last->left,
                              (double)(step->day - day) / (double)(last->day - day)));
    }
    if (is->steps[place].day == day) {
        is->steps[place].right = actual;
        return true;
    }
    memmove(&is->steps[place + 2], &is->steps[place + 1],
            (size_t)(is->count - place - 1) * sizeof *is->steps);
    is->steps[place + 1] =
        (struct step){.day = day, .left = e, .right = actual, .straight = straight};
    is->count++;
    return true;
}

static void adjust_any(const char *kpi, struct expected_plan *is)
{
    const char *strategy = next_random() % 2 ? "proportional_shift" : "maintain_final_goal";
    int64_t first = is->steps[0].day, last = is->steps[is->count - 1].day;
    int64_t day = next_random() % 3 || is->count < 3
                      ? first + 1 + next_random() % (last - first - 1)
                      : is->steps[1 + next_random() % (is->count - 2)].day;
    double actual = any_value();
    const struct rig_answer *before = plan(kpi, "daily");
    const char *body = format("{'strategy': '%s', 'rationale': 'r', 'effectiveDate': '%s'",
                              strategy, day_text(day));

    measured(kpi, "2023-11", format("%.17g", actual));
    const struct rig_answer *preview =
        ask("adjustKPIPlan", of(kpi), format("%s, 'preview': true}", body));
    const struct rig_answer *stored = ask("adjustKPIPlan", of(kpi), format("%s}", body));
    if (!adjust_expected(is, strategy, day, actual)) {
        ck_invalid(preview, "strategy");
        ck_invalid(stored, "strategy");
        return;
    }
    ck_answer(stored, 200);
    ck_points(stored, "data.updatedMilestones", is, day);
    ck_says(preview, "data.recalculatedPeriods", at(stored, "data.recalculatedPeriods"));
    ck_says(preview, "data.adjustment.recalculatedPeriodCount",
            at(stored, "data.adjustment.recalculatedPeriodCount"));
    ck_says(preview, "data.adjustment.affectedMilestoneIds",
            at(stored, "data.adjustment.affectedMilestoneIds"));
    ck_assert_str_eq(numbers(preview, "data.adjustment.newMilestones", "targetValue"),
                     numbers(ask("getKPIMilestones", of(kpi), NULL), "data", "targetValue"));
    const struct rig_answer *after = plan(kpi, "daily");
    ck_past(before, after, day);
    ck_path(plan(kpi, "monthly"), is);
    ck_path(plan(kpi, "weekly"), is);
}

START_TEST(agrees_with_the_definition)
{
    random_state = 20251130;
    for (int round = 0; round < ROUNDS; round++) {
        static struct expected_plan is;
        const char *kpi = make(&is, round == 0 ? POINTS_MAX : 2 + next_random() % 12);
        adjust_any(kpi, &is);
        ck_positions();
    }
}
END_TEST

SERVICE_SUITE_MAIN("Adjusting random plans", agrees_with_the_definition)
