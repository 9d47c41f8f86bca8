/* Target points and what a plan expects, asked of svc-kpis alone. Day by day the numbers of
 * docs/kpis.md; the path itself is tested in unit/api. */
#include "service_rig.h"

/* A value of an answer, numbers to ten digits; whole answers are too long to be told. */
static const char *shown(const struct rig_answer *answer, const char *path)
{
    const char *text = at(answer, path);
    char *end;
    double number = strtod(text, &end);

    return *text && !*end ? format("%.10g", number) : text;
}
#define ck_says(answer_, path_, expected_) ck_assert_str_eq(shown((answer_), (path_)), (expected_))

static const char *kpi_like(const char *more)
{
    static int made;
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL, format("{'name': 'KPI %d'%s}", ++made, more));

    ck_answer(kpi, 201);
    return text_at(kpi, "data.id");
}

static const char *revenue(void)
{
    return kpi_like(", 'direction': 'up', 'baselineValue': 45000, 'baselineDate': '2024-12-31'");
}

static const char *of(const char *kpi)
{
    return format("{'id': '%s'}", kpi);
}

static const char *of_point(const char *kpi, const char *point)
{
    return format("{'id': '%s', 'targetId': '%s'}", kpi, point);
}

#define QUARTERS                                                      \
    "{'milestoneDate': '2025-03-31', 'targetValue': 50000}, "         \
    "{'targetDate': '2025-06-30T00:00:00Z', 'target_value': 75000}, " \
    "{'postDate': '2025-09-30T23:00:00Z', 'postValue': 90000}, "      \
    "{'milestoneDate': '2025-12-31', 'targetValue': 100000}"

static const struct rig_answer *set(const char *kpi, const char *items, const char *more)
{
    return ask("updateKPIMilestones", of(kpi), format("{'milestones': [%s]%s}", items, more));
}

static const char *planned(void)
{
    const char *kpi = revenue();

    ck_answer(set(kpi, QUARTERS, ""), 200);
    return kpi;
}

static const struct rig_answer *plan(const char *kpi, const char *granularity)
{
    return ask_all("getKPIPlan", of(kpi), format("{'granularity': ['%s']}", granularity), NULL);
}

static void period_is(const struct rig_answer *answer, const char *place, const char *expected)
{
    const char *members[] = {"periodType", "periodStart", "periodEnd", "startValue",
                             "endValue",   "delta",       "growthRate"};
    const char *text = "";

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        text =
            format("%s%s%s", text, i ? " " : "", shown(answer, format("%s.%s", place, members[i])));
    ck_assert_str_eq(text, expected);
}

START_TEST(expects_what_the_points_say)
{
    const char *kpi = planned();
    const struct rig_answer *answer = plan(kpi, "monthly");

    ck_answer(answer, 200);
    ck_says(answer, "data.kpi.id", format("'%s'", kpi));
    ck_says(answer, "data.kpi.interpolationMethod", "'linear'");
    ck_says(answer, "data.milestones[3].targetValue", "100000");
    period_is(answer, "data.periods[0]",
              "'monthly' '2025-01-01' '2025-01-31' 45000 46722.2222 1722.2222 3.83");
    period_is(answer, "data.periods[3]",
              "'monthly' '2025-04-01' '2025-04-30' 50000 58241.7582 8241.7582 16.48");
    ck_says(answer, "data.periods[11].endValue", "100000");
    ck_says(answer, "data.periods[12]", "absent");
    ck_says(answer, "data.periods[0].interpolatedFromMilestones[0]",
            at(answer, "data.milestones[0].id"));
    ck_says(answer, "data.trajectory",
            "{'method':'linear','totalChange':55000.0,'averageMonthlyGrowth':10.19}");
    period_is(plan(kpi, "quarterly"), "data.periods[1]",
              "'quarterly' '2025-04-01' '2025-06-30' 50000 75000 25000 50");
    period_is(plan(kpi, "yearly"), "data.periods[0]",
              "'yearly' '2025-01-01' '2025-12-31' 45000 100000 55000 122.22");
    period_is(plan(kpi, "weekly"), "data.periods[0]",
              "'weekly' '2024-12-30' '2025-01-05' 45000 45277.7778 277.7778 0.62");
    ck_says(plan(kpi, "daily"), "data.periods[364].endValue", "100000");
    ck_invalid(plan(kpi, "hourly"), "granularity");
    answer = plan(revenue(), "monthly");
    ck_says(answer, "data.periods", "[]");
    ck_says(answer, "data.trajectory", "null");
}
END_TEST

START_TEST(expects_along_other_curves)
{
    const char *kpi = planned();

    ck_answer(set(kpi, QUARTERS, ", 'interpolationMethod': 'Exponential'"), 200);
    ck_says(event_of_type("kpi.updated"), "changes.interpolationMethod",
            "['linear','exponential']");
    const struct rig_answer *answer = plan(kpi, "monthly");
    ck_says(answer, "data.periods[0].endValue", "46663.0828");
    ck_says(answer, "data.periods[1].endValue", "48217.9887");
    ck_says(answer, "data.periods[2].endValue", "50000");
    ck_says(answer, "data.periods[3].endValue", "57150.7676");
    ck_says(answer, "data.periods[4].endValue", "65615.9166");
    ck_answer(ask("updateSharedKPI", of(kpi), "{'interpolationMethod': 'step'}"), 200);
    answer = plan(kpi, "monthly");
    ck_says(answer, "data.periods[1].endValue", "45000");
    ck_says(answer, "data.periods[2].endValue", "50000");
    ck_says(answer, "data.periods[4].endValue", "50000");
    ck_says(answer, "data.trajectory.method", "'step'");
}
END_TEST

START_TEST(merges_by_day)
{
    const char *kpi = planned();
    const struct rig_answer *before = ask("getKPIMilestones", of(kpi), NULL);
    const struct rig_answer *answer =
        set(kpi,
            "{'milestoneDate': '2025-06-30', 'targetValue': 80000, 'label': ' Half '}, "
            "{'milestoneDate': '2025-08-31', 'targetValue': 85000}",
            "");

    ck_answer(answer, 200);
    ck_says(answer, "data.impactAnalysis.changedMilestones", "2");
    ck_says(answer, "data.impactAnalysis.affectedPeriods", "5"); /* April to August */
    ck_says(answer, "data.impactAnalysis.crossGoalAlert", "null");
    ck_says(answer, "data.interpolatedPeriods.quarterly[1].endValue", "80000");
    ck_says(answer, "data.interpolatedPeriods.yearly[0].endValue", "100000");
    ck_says(answer, "data.milestones[1].id", at(before, "data[1].id"));
    ck_says(answer, "data.milestones[1].label", "'Half'");
    ck_says(answer, "data.milestones[1].description", "'Half'");
    ck_says(answer, "data.milestones[2].milestoneDate", "'2025-08-31'");
    ck_assert_str_eq(event_types(), "kpi.created kpi.target.created kpi.target.created "
                                    "kpi.target.created kpi.target.created kpi.target.created "
                                    "kpi.target.updated");
    ck_says(event_of_type("kpi.target.updated"), "changes.targetValue", "[75000.0,80000.0]");
    ck_says(event_of_type("kpi.target.updated"), "version", "2");
    /* What is not sent stays, null clears, and what is as it was is not written. */
    answer = set(kpi,
                 "{'milestoneDate': '2025-06-30', 'label': null}, "
                 "{'milestoneDate': '2025-12-31', 'targetValue': 100000}",
                 ", 'replaceAll': true");
    ck_says(answer, "data.impactAnalysis.changedMilestones", "4");
    ck_says(answer, "data.milestones[0].targetValue", "80000");
    ck_says(answer, "data.milestones[0].label", "null");
    ck_says(answer, "data.milestones[1].updatedAt", at(before, "data[3].updatedAt"));
    ck_says(answer, "data.milestones[2]", "absent");
    answer = ask("updateKPIMilestones", of(kpi), "{'milestones': [], 'replaceAll': true}");
    ck_says(answer, "data.milestones", "[]");
    ck_says(answer, "data.interpolatedPeriods.monthly", "[]");
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data", "[]");
}
END_TEST

#define refused(kpi_, body_, field_) \
    ck_invalid(ask("updateKPIMilestones", of(kpi_), (body_)), field_)
#define DAY "'milestoneDate': '2025-06-30'"

START_TEST(refuses_what_is_no_plan)
{
    const char *kpi = planned(), *events = event_types();
    const char *many = "";

    refused(kpi, "{'milestones': []}", "milestones");
    refused(kpi, "{}", "milestones");
    refused(kpi, "{'milestones': {}}", "milestones");
    refused(kpi, "{'milestones': [7]}", "milestones[0]");
    refused(kpi, "{'milestones': [{'targetValue': 1}]}", "milestones[0].milestoneDate");
    refused(kpi, "{'milestones': [{'milestoneDate': '2025-07-01'}]}", "milestones[0].targetValue");
    refused(kpi, "{'milestones': [{" DAY ", 'targetValue': 1}, {" DAY ", 'targetValue': 2}]}",
            "milestones[1].milestoneDate");
    refused(kpi,
            "{'milestones': [{'targetDate': '2125-12-31', 'targetValue': 1},"
            " {'milestoneDate': '2225-06-30', 'targetValue': 1}]}",
            "milestones[1].milestoneDate");
    refused(kpi, "{'milestones': [{'milestoneDate': '1825-06-30', 'targetValue': 1}]}",
            "milestones[0].milestoneDate");
    refused(kpi, "{'milestones': [{" DAY ", 'targetDate': '2025-07-01', 'targetValue': 1}]}",
            "milestones[0].targetDate");
    refused(kpi, "{'milestones': [{" DAY ", 'targetValue': 1, 'postValue': 2}]}",
            "milestones[0].postValue");
    refused(kpi, "{'milestones': [{" DAY ", 'targetValue': null}]}", "milestones[0].targetValue");
    refused(kpi, "{'milestones': [{" DAY ", 'targetValue': 'much'}]}", "milestones[0].targetValue");
    refused(kpi, "{'milestones': [{" DAY ", 'optimalValue': 74999, 'minimalValue': 0}]}",
            "milestones[0].optimalValue");
    refused(kpi, "{'milestones': [{" DAY ", 'optimalValue': 75000, 'minimalValue': 75001}]}",
            "milestones[0].minimalValue");
    refused(kpi, "{'milestones': [{" DAY ", 'confidenceLevel': 101}]}",
            "milestones[0].confidenceLevel");
    refused(kpi, "{'milestones': [{" DAY "}], 'interpolationMethod': 'cubic'}",
            "interpolationMethod");
    for (int i = 0; i < 201; i++)
        many = format("%s%s{'milestoneDate': '%d-01-01', 'targetValue': 1}", many, i ? ", " : "",
                      1950 + i % 150);
    refused(kpi, format("{'milestones': [%s]}", many), "milestones");
    ck_assert_str_eq(event_types(), events);
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data[1].version", "absent");
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data[1].targetValue", "75000");
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data[4]", "absent");
}
END_TEST

START_TEST(holds_two_hundred)
{
    const char *kpi = revenue(), *many = "", *more = "";

    for (int i = 0; i < 200; i++)
        many = format("%s%s{'milestoneDate': '2026-%02d-%02d', 'targetValue': %d}", many,
                      i ? ", " : "", i / 20 + 1, i % 20 + 1, i);
    more = "{'milestoneDate': '2027-01-01', 'targetValue': 0}";
    ck_says(set(kpi, many, ""), "data.impactAnalysis.changedMilestones", "200");
    ck_invalid(set(kpi, more, ""), "milestones");
    ck_invalid(ask("createKPITarget", of(kpi), more), "milestoneDate");
    ck_says(set(kpi, more, ", 'replaceAll': true"), "data.impactAnalysis.changedMilestones", "201");
}
END_TEST

START_TEST(goes_down)
{
    const char *kpi = kpi_like(", 'direction': 'down', 'baselineValue': 8, 'baselineDate': "
                               "'2025-01-01'");

    ck_invalid(set(kpi,
                   "{'milestoneDate': '2025-12-31', 'targetValue': 5, 'optimalValue': 6, "
                   "'minimalValue': 7}",
                   ""),
               "milestones[0].optimalValue");
    ck_answer(set(kpi,
                  "{'milestoneDate': '2025-12-31', 'targetValue': 5, 'optimalValue': 4, "
                  "'minimalValue': 6}",
                  ""),
              200);
    ck_says(plan(kpi, "daily"), "data.periods[180].periodEnd", "'2025-07-01'");
    ck_says(plan(kpi, "daily"), "data.periods[180].endValue", "6.5082");
}
END_TEST

START_TEST(judges_points_by_readings)
{
    const char *kpi = revenue();

    ck_answer(ask("createKPIReading", of(kpi), "{'period': '2025-03', 'value': 50000}"), 201);
    ck_answer(set(kpi,
                  QUARTERS ", {'milestoneDate': '2090-01-01', 'targetValue': 200000}, "
                           "{'milestoneDate': '2091-01-01', 'targetValue': 300000}",
                  ""),
              200);
    const struct rig_answer *points = ask("getKPIMilestones", of(kpi), NULL);
    ck_says(points, "data[0].status", "'achieved'");
    ck_says(points, "data[1].status", "'missed'");
    ck_says(points, "data[4].status", "'in_progress'");
    ck_says(points, "data[5].status", "'not_started'");
    /* A reading of April is of its last day: it counts for June, not for March. */
    ck_answer(ask("createKPIReading", of(kpi), "{'period': '2025-04', 'value': 76000}"), 201);
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data[1].status", "'achieved'");
}
END_TEST

START_TEST(one_point_is_created_changed_and_deleted)
{
    const char *kpi = revenue();
    const struct rig_answer *point =
        ask("createKPITarget", of(kpi),
            "{'postDate': '2025-06-30', 'postValue': 5.5, 'measuredPeriodStartDate': "
            "'2025-04-01T12:00:00Z', 'description': 'Half', 'confidenceLevel': 0.85}");

    ck_answer(point, 201);
    const char *id = text_at(point, "data.id");
    ck_says(point, "location", format("'/kpis/%s/targets/%s'", kpi, id));
    ck_says(point, "version", "1");
    ck_says(point, "data.measureId", format("'%s'", kpi));
    ck_says(point, "data.milestoneDate", "'2025-06-30'");
    ck_says(point, "data.targetDate", "'2025-06-30T00:00:00.000Z'");
    ck_says(point, "data.postDate", "'2025-06-30T00:00:00.000Z'");
    ck_says(point, "data.postValue", "5.5");
    ck_says(point, "data.periodStartDate", "'2025-04-01'");
    ck_says(point, "data.measuredPeriodStartDate", "'2025-04-01T00:00:00.000Z'");
    ck_says(point, "data.confidenceLevel", "0.85");
    ck_says(point, "data.dataCategory", "'Target'");
    ck_says(point, "data.status", "'missed'");
    ck_refused(ask("createKPITarget", of(kpi), "{'targetDate': '2025-06-30', 'targetValue': 6}"),
               409, "CONFLICT");
    point = ask("createKPITarget", of(kpi),
                "{'targetDate': '2025-06-30', 'targetValue': 7, 'targetSubtype': 'Optimal'}");
    ck_answer(point, 200);
    ck_says(point, "data.targetValue", "5.5");
    ck_says(point, "data.optimalValue", "7");
    ck_says(point, "data.label", "'Half'");
    ck_invalid(ask("createKPITarget", of(kpi),
                   "{'targetDate': '2025-07-30', 'targetValue': 7, 'targetSubtype': 'Minimal'}"),
               "targetSubtype");
    ck_says(ask_all("getKPITargets", of(kpi), "{'targetSubtype': ['minimal']}", NULL), "data",
            "[]");
    ck_says(ask_all("getKPITargets", of(kpi), "{'targetSubtype': ['optimal']}", NULL), "data[0].id",
            format("'%s'", id));
    caller.if_version = 1;
    ck_refused(ask("updateKPITarget", of_point(kpi, id), "{'targetValue': 6}"), 412,
               "PRECONDITION_FAILED");
    point = ask("updateKPITarget", of_point(kpi, id), "{'targetValue': 6, 'label': null}");
    ck_answer(point, 200);
    ck_says(point, "version", "3");
    ck_says(point, "data.optimalValue", "7");
    ck_says(ask("getKPITarget", of_point(kpi, id), NULL), "data", at(point, "data"));
    ck_invalid(ask("updateKPITarget", of_point(kpi, id), "{'milestoneDate': '2025-07-01'}"),
               "milestoneDate");
    point = ask("updateKPITargets", of(kpi),
                format("{'targets': [{'id': '%s', 'postValue': 6.5}, "
                       "{'targetDate': '2025-12-31', 'targetValue': 9}]}",
                       id));
    ck_answer(point, 200);
    ck_says(point, "data[0].targetValue", "6.5");
    ck_says(point, "data[1].targetValue", "9");
    ck_invalid(ask("updateKPITargets", of(kpi), format("{'targets': [{'id': '%s'}]}", kpi)),
               "targets[0].id");
    ck_answer(ask("deleteKPITarget", of_point(kpi, id), NULL), 200);
    ck_says(event_of_type("kpi.target.deleted"), "version", "5");
    ck_refused(ask("deleteKPITarget", of_point(kpi, id), NULL), 404, "KPI_TARGET_NOT_FOUND");
    ck_refused(ask("getKPITarget", of_point(id, id), NULL), 404, "KPI_NOT_FOUND");
}
END_TEST

START_TEST(is_found_by_a_link)
{
    const char *kpi = planned(), *link = "01941f29-7c00-7000-8000-0000000000aa";
    const char *by_link = format("{'linkId': '%s'}", link);

    ck_refused(ask("getKPIMilestones", by_link, NULL), 404, "KPI_LINK_NOT_FOUND");
    ck_refused(ask("getKPIPlan", "{'linkId': 'x'}", NULL), 404, "KPI_LINK_NOT_FOUND");
    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, "
                     "created_at, updated_at, created_by, updated_by) SELECT '%s', '%s', "
                     "gen_random_uuid(), '%s', 80, 1, now(), now(), 'u', 'u'",
                     caller.tenant, link, kpi));
    ck_says(ask("getKPIMilestones", by_link, NULL), "data",
            at(ask("getKPIMilestones", of(kpi), NULL), "data"));
    const struct rig_answer *point =
        ask("createKPITarget", by_link, "{'targetDate': '2026-06-30', 'targetValue': 6}");
    ck_says(point, "location",
            format("'/kpi-links/%s/targets/%s'", link, text_at(point, "data.id")));
    rig_new_tenant();
    ck_refused(ask("getKPIMilestones", by_link, NULL), 404, "KPI_LINK_NOT_FOUND");
    ck_refused(ask("getKPIMilestones", of(kpi), NULL), 404, "KPI_NOT_FOUND");
}
END_TEST

START_TEST(goes_with_its_kpi)
{
    const char *kpi = planned();

    ck_answer(ask("deleteSharedKPI", of(kpi), NULL), 200);
    ck_refused(ask("getKPIMilestones", of(kpi), NULL), 404, "KPI_NOT_FOUND");
    ck_assert_str_eq(sql_value(format("SELECT count(*)::text FROM kpis.target_points WHERE kpi_id "
                                      "= '%s'",
                                      kpi)),
                     "0");
}
END_TEST

START_TEST(changes_at_once_come_one_after_the_other)
{
    const char *kpi = revenue();
    const struct rig_answer **answers = ask_at_once(
        6, "createKPITarget", of(kpi), "{'targetDate': '2026-06-30', 'targetValue': 6}");

    ck_assert_uint_eq(count_http(answers, 6, 201), 1);
    ck_assert_uint_eq(count_http(answers, 6, 409), 5);
}
END_TEST

START_TEST(ends_after_a_thousand_periods)
{
    const char *kpi = kpi_like(", 'direction': 'up', 'baselineValue': 1, 'baselineDate': "
                               "'1930-01-01'");

    ck_invalid(set(kpi, "{'milestoneDate': '2026-12-31', 'targetValue': 5}", ""), "milestones");
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data", "[]");
    ck_answer(ask("createKPITarget", of(kpi), "{'targetDate': '2026-12-31', 'targetValue': 5}"),
              201);
    ck_invalid(plan(kpi, "monthly"), "granularity");
    ck_answer(plan(kpi, "quarterly"), 200);
}
END_TEST

SERVICE_SUITE_MAIN("Plans", expects_what_the_points_say, expects_along_other_curves, merges_by_day,
                   refuses_what_is_no_plan, holds_two_hundred, goes_down, judges_points_by_readings,
                   one_point_is_created_changed_and_deleted, is_found_by_a_link, goes_with_its_kpi,
                   changes_at_once_come_one_after_the_other, ends_after_a_thousand_periods)
