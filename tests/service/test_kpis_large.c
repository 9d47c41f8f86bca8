/* The answers that svc-kpis writes as JSON itself, of random plans: as it writes them, they are
 * what a gateway makes of the packed ones, which it gets from svc-kpis when it does not take JSON.
 */
#include "service_rig.h"

enum { KPIS = 12, POINTS_MAX = 20, MEASUREMENTS_MAX = 25 };

/* Of the test's own: libzmq's threads call rand(), as often as the machine lets them. */
static unsigned random_state = 20261130;
static int next_random(int below)
{
    random_state =
        random_state * 1664525u + 1013904223u; /* Knuth, The Art of Computer Programming */
    return (int)(random_state >> 8) % below;
}

static bool chance(int percent)
{
    return next_random(100) < percent;
}

/* Whole ones, decimals, tiny and huge ones. */
static double value(void)
{
    double number = next_random(2000) - 500;

    return chance(40) ? number : chance(50) ? number / 7 : number * (chance(50) ? 1e-9 : 1e15);
}

static const char *any_of(const char *const *words, int count)
{
    return words[next_random(count)];
}

static const char *day(int i)
{
    return format("20%02d-%02d-%02d", 20 + i / 24, 1 + i / 2 % 12, 1 + i % 2 * 14);
}

static void plan(const char *kpi)
{
    const char *items = "";
    int count = next_random(POINTS_MAX);

    if (count == 0)
        return;
    for (int i = 0; i < count; i++)
        items = format("%s%s{'milestoneDate': '%s', 'targetValue': %.17g%s%s}", items,
                       i ? ", " : "", day(36 + 6 * i), value(),
                       chance(30) ? ", 'label': 'A \\\"b\\\" \\\\ \\u0001\\u00e4'" : "",
                       chance(30) ? ", 'confidenceLevel': 0.85, 'rationale': 'Why'" : "");
    ck_answer(ask("updateKPIMilestones", format("{'id': '%s'}", kpi),
                  format("{'milestones': [%s]}", items)),
              200);
}

static void measure(const char *kpi)
{
    for (int i = 0, count = next_random(MEASUREMENTS_MAX); i < count; i++) {
        const char *body = format(
            "{'measurementDate': '%s', 'actualValue': %.17g, 'adjustmentStrategy': 'none'%s%s}",
            day(next_random(140)), value(), chance(30) ? ", 'actualSubtype': 'Estimate'" : "",
            chance(20) ? ", 'source': 'SAP', 'rationale': 'A \\n line'" : "");
        int http = ask("createKPIActual", format("{'id': '%s'}", kpi), body)->http;
        ck_assert(http == 200 || http == 201);
    }
}

static const char *make(int i)
{
    static const char *const methods[] = {"linear", "exponential", "step"};
    static const char *const directions[] = {"up", "down"};
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL,
            format("{'name': 'KPI %d', 'direction': '%s', 'interpolationMethod': '%s', "
                   "'ownerId': 'user-%d'%s%s}",
                   i, any_of(directions, 2), any_of(methods, 3), next_random(3),
                   chance(50) ? format(", 'baselineValue': %.17g", value()) : "",
                   chance(50) ? ", 'unit': 'EUR', 'category': 'A \\\"b\\\"'" : ""));

    ck_answer(kpi, 201);
    const char *id = text_at(kpi, "data.id");
    plan(id);
    measure(id);
    return id;
}

static const char *asked(const char *operation, const char *path, const char *query, bool as_json)
{
    caller.takes_json = as_json;
    const struct rig_answer *answer = ask_all(operation, path, query, NULL);

    caller.takes_json = false;
    ck_answer(answer, 200);
    ck_assert(answer->is_json == as_json);
    return answer->data;
}

static void same(const char *operation, const char *path, const char *query)
{
    ck_assert_str_eq(asked(operation, path, query, true), asked(operation, path, query, false));
}

/* All but the moment, which the summary tells. */
static const char *timeless(const char *data)
{
    static const char key[] = "\"generatedAt\":\"";
    const char *found = strstr(data, key);

    ck_assert_ptr_nonnull(found);
    const char *rest = found + sizeof key - 1;
    return format("%.*s%s", (int)(rest - data), data, strchr(rest, '"'));
}

START_TEST(a_chart_is_the_same_in_both_forms)
{
    for (int i = 0; i < KPIS; i++) {
        const char *path = format("{'id': '%s'}", make(i));

        same("getKPIAllSeries", path, NULL);
        same("getKPIAllSeries", path, "{'startDate': ['2021-01-01'], 'endDate': ['2024-06-30']}");
    }
}
END_TEST

START_TEST(a_summary_is_the_same_in_both_forms)
{
    const char *query = "{'maxDataPoints': ['0'], 'includeInactive': ['true']}";

    for (int i = 0; i < KPIS; i++)
        make(i);
    const char *written = asked("getKPISummary", NULL, query, true);
    ck_assert_str_eq(timeless(written), timeless(asked("getKPISummary", NULL, query, false)));
}
END_TEST

SERVICE_SUITE_MAIN("Large answers of svc-kpis", a_chart_is_the_same_in_both_forms,
                   a_summary_is_the_same_in_both_forms)
