/* Measurements: recording, listing, overriding and deleting them, against a plan. The examples are
 * those of docs/kpis.md. */
#include "replan_rig.h"

static const char *of_actual(const char *kpi, const char *actual)
{
    return format("{'id': '%s', 'actualId': '%s'}", kpi, actual);
}

static const struct rig_answer *record(const char *kpi, const char *day, const char *value,
                                       const char *more)
{
    return ask("createKPIActual", of(kpi),
               format("{'measurementDate': '%s', 'actualValue': %s%s}", day, value, more));
}

/* Value, expected, variance, percent, favourable, exceeded, triggers, performance. */
static const char *judged(const struct rig_answer *answer, const char *place)
{
    static const char *const members[] = {
        "actualValue",  "expectedValue",           "variance",       "variancePercentage",
        "isFavourable", "replanThresholdExceeded", "triggersReplan", "performanceStatus"};
    const char *text = "";

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        text =
            format("%s%s%s", text, i ? " " : "", shown(answer, format("%s.%s", place, members[i])));
    return text;
}
#define ck_judged(answer_, expected_) ck_assert_str_eq(judged((answer_), "data"), (expected_))

START_TEST(are_judged_by_the_plan)
{
    const char *kpi = planned("");
    const struct rig_answer *answer = record(kpi, "2025-01-31", "45000", "");

    ck_answer(answer, 201);
    ck_judged(answer, "45000 46722.2222 -1722.2222 -3.69 false false false 'on_track'");
    ck_judged(record(kpi, "2025-02-28", "42000", ""),
              "42000 48277.7778 -6277.7778 -13 false true false 'at_risk'");
    answer = record(kpi, "2025-03-31", "44000", "");
    ck_judged(answer, "44000 50000 -6000 -12 false true true 'at_risk'");
    ck_says(answer, "data.computedVariance",
            "{'expectedValue':50000.0,'variance':-6000.0,'variancePercentage':-12.0}");
    ck_says(answer, "data.adjustment", "null");
    ck_assert_str_eq(judged(answer, "data.actual"), judged(answer, "data"));
    const char *id = text_at(answer, "data.id");
    ck_says(answer, "location", format("'/kpis/%s/actuals/%s'", kpi, id));
    ck_assert_str_eq(at(ask("getKPIActual", of_actual(kpi, id), NULL), "data"),
                     at(answer, "data.actual"));
    /* Far off, better than expected, and at the next point's value. */
    ck_judged(record(kpi, "2025-04-30", "46000", ""),
              "46000 58241.7582 -12241.7582 -21.02 false true true 'off_track'");
    ck_judged(record(kpi, "2025-05-31", "74000", ""),
              "74000 66758.2418 7241.7582 10.85 true true false 'on_track'");
    ck_judged(record(kpi, "2025-06-30", "75000", ""),
              "75000 75000 0 0 true false false 'achieved'");
    /* The newest first. */
    answer = ask("getKPIActuals", of(kpi), NULL);
    ck_says(answer, "page.total", "6");
    ck_says(answer, "data[0].measurementDate", "'2025-06-30'");
    ck_assert_str_eq(judged(answer, "data[3]"), "44000 50000 -6000 -12 false true true 'at_risk'");
    ck_assert_str_eq(judged(answer, "data[5]"),
                     "45000 46722.2222 -1722.2222 -3.69 false false false 'on_track'");
    /* They follow the plan. */
    ck_answer(ask("updateKPIMilestones", of(kpi),
                  "{'milestones': [{'milestoneDate': '2025-03-31', 'targetValue': 40000}]}"),
              200);
    ck_judged(ask("getKPIActual", of_actual(kpi, id), NULL),
              "44000 40000 4000 10 true false false 'achieved'");
}
END_TEST

START_TEST(of_a_falling_kpi_are_better_when_less)
{
    const struct rig_answer *made =
        ask("createSharedKPI", NULL,
            "{'name': 'Churn', 'direction': 'down', 'baselineValue': 8, 'baselineDate': "
            "'2025-01-01'}");
    const char *kpi = text_at(made, "data.id");

    ck_judged(record(kpi, "2025-06-01", "9", ""), "9 null null null null false false null");
    ck_answer(ask("updateKPIMilestones", of(kpi),
                  "{'milestones': [{'milestoneDate': '2025-12-31', 'targetValue': 5}]}"),
              200);
    ck_judged(record(kpi, "2025-07-01", "7.2", ""),
              "7.2 6.5082 0.6918 10.63 false true true 'at_risk'");
    ck_judged(record(kpi, "2025-08-01", "5", ""), "5 6.2527 -1.2527 -20.04 true true false "
                                                  "'achieved'");
}
END_TEST

/* Percentages of nothing. */
START_TEST(against_zero_have_no_percentage)
{
    const struct rig_answer *made =
        ask("createSharedKPI", NULL,
            "{'name': 'Profit', 'direction': 'up', 'baselineValue': 0, 'baselineDate': "
            "'2025-01-01'}");
    const char *kpi = text_at(made, "data.id");

    ck_answer(ask("updateKPIMilestones", of(kpi),
                  "{'milestones': [{'milestoneDate': '2025-12-31', 'targetValue': 100}]}"),
              200);
    ck_judged(record(kpi, "2025-01-01", "-5", ""), "-5 0 -5 null false false false 'at_risk'");
    ck_judged(record(kpi, "2024-12-01", "3", ""), "3 0 3 null true false false 'on_track'");
}
END_TEST

START_TEST(take_the_words_of_all_clients)
{
    const char *kpi = revenue("");
    const struct rig_answer *answer =
        ask("createKPIActual", of(kpi),
            "{'actualSubtype': 'estimate', 'postValue': 4.5, 'postDate': '2025-03-30T23:59:59Z', "
            "'dataSource': 'Automated', 'sourceReferenceId': 'ext-7', 'measuredPeriodStartDate': "
            "'2025-03-01', 'notes': ' late '}");

    ck_answer(answer, 201);
    ck_says(answer, "data.measurementDate", "'2025-03-30'");
    ck_says(answer, "data.postDate", "'2025-03-30T00:00:00.000Z'");
    ck_says(answer, "data.postValue", "4.5");
    ck_says(answer, "data.actualSubtype", "'Estimate'");
    ck_says(answer, "data.dataCategory", "'Actual'");
    ck_says(answer, "data.source", "'integration'");
    ck_says(answer, "data.dataSource", "'integration'");
    ck_says(answer, "data.dataSourceName", "null");
    ck_says(answer, "data.sourceId", "'ext-7'");
    ck_says(answer, "data.sourceReferenceId", "'ext-7'");
    ck_says(answer, "data.periodStartDate", "'2025-03-01'");
    ck_says(answer, "data.rationale", "'late'");
    ck_says(answer, "data.measureId", format("'%s'", kpi));
    ck_says(answer, "data.recordedBy", "'user-1'");
    answer = record(kpi, "2025-03-31", "5", ", 'source': 'Salesforce', 'sourceId': 'x'");
    ck_says(answer, "data.source", "'manual'");
    ck_says(answer, "data.dataSourceName", "'Salesforce'");
    answer = ask("getKPIReadings", of(kpi), NULL);
    ck_says(answer, "data[0].value", "5");
    ck_says(answer, "data[0].sourceId", "'x'");
    ck_says(record(kpi, "2025-04-01", "5", ", 'source': 'action'"), "data.source", "'action'");
}
END_TEST

START_TEST(refuse_what_is_none)
{
    const char *kpi = revenue("");
    const char *later = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '2 days', "
                                  "'YYYY-MM-DD')");
    const char *tomorrow = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', "
                                     "'YYYY-MM-DD')");
    const char *old = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC' - interval '100 years "
                                "1 day', 'YYYY-MM-DD')");

    ck_invalid(record(kpi, later, "1", ""), "measurementDate");
    ck_invalid(record(kpi, old, "1", ""), "measurementDate");
    ck_invalid(record(kpi, "2025-02-29", "1", ""), "measurementDate");
    ck_invalid(record(kpi, "2025-01-01", "'1'", ""), "actualValue");
    ck_invalid(record(kpi, "2025-01-01", "null", ""), "actualValue");
    ck_invalid(ask("createKPIActual", of(kpi), "{'postValue': 1}"), "measurementDate");
    ck_invalid(ask("createKPIActual", of(kpi), "{'postDate': '2025-01-01'}"), "actualValue");
    ck_invalid(record(kpi, "2025-01-01", "1", ", 'periodStartDate': '2025-01-02'"),
               "periodStartDate");
    ck_invalid(record(kpi, "2025-01-01", "1", ", 'actualSubtype': 'Guess'"), "actualSubtype");
    ck_invalid(record(kpi, "2025-01-01", "1", ", 'adjustmentStrategy': 'now'"),
               "adjustmentStrategy");
    ck_invalid(record(kpi, "2025-01-01", "1", format(", 'sourceId': '%s'", format("%0201d", 0))),
               "sourceId");
    ck_refused(record("018f0000-0000-7000-8000-000000000001", "2025-01-01", "1", ""), 404,
               "KPI_NOT_FOUND");
    ck_invalid(ask_all("getKPIActuals", of(kpi),
                       "{'startDate': ['2025-02-01'], 'endDate': ['2025-01-01']}", NULL),
               "endDate");
    ck_says(ask("getKPIActuals", of(kpi), NULL), "data", "[]");
    ck_says(ask("getKPIReadings", of(kpi), NULL), "data", "[]");
    ck_answer(record(kpi, tomorrow, "1", ""), 201);
    ck_refused(ask("getKPIActual", of_actual(kpi, kpi), NULL), 404, "KPI_ACTUAL_NOT_FOUND");
    ck_refused(ask("getKPIActual", of_actual(kpi, "x"), NULL), 404, "KPI_ACTUAL_NOT_FOUND");
    /* Another KPI's. */
    const char *other = text_at(record(revenue(""), "2025-01-01", "1", ""), "data.id");
    ck_refused(ask("getKPIActual", of_actual(kpi, other), NULL), 404, "KPI_ACTUAL_NOT_FOUND");
    ck_refused(ask("deleteKPIActual", of_actual(kpi, other), NULL), 404, "KPI_ACTUAL_NOT_FOUND");
}
END_TEST

static const char *readings(const char *kpi)
{
    const struct rig_answer *answer = ask("getKPIReadings", of(kpi), NULL);
    const char *text = "";

    for (size_t i = 0; strcmp(at(answer, format("data[%zu]", i)), "absent") != 0; i++)
        text = format("%s%s%s %s %s %s", text, i ? "; " : "",
                      text_at(answer, format("data[%zu].period", i)),
                      shown(answer, format("data[%zu].value", i)),
                      shown(answer, format("data[%zu].adjustedValue", i)),
                      at(answer, format("data[%zu].reason", i)));
    return text;
}

START_TEST(make_the_reading_of_their_month)
{
    const char *kpi = revenue("");
    const struct rig_answer *first = record(kpi, "2025-01-10", "10", ", 'rationale': 'a'");
    const char *estimate =
        text_at(record(kpi, "2025-01-31", "99", ", 'actualSubtype': 'Estimate'"), "data.id");

    ck_assert_str_eq(readings(kpi), "2025-01 10 null 'a'");
    ck_answer(record(kpi, "2025-01-05", "5", ""), 201); /* recorded last */
    ck_assert_str_eq(readings(kpi), "2025-01 5 null null");
    /* Recording again replaces, and is the last then. */
    const struct rig_answer *again = record(kpi, "2025-01-10", "11", "");
    ck_answer(again, 200);
    ck_says(again, "data.id", at(first, "data.id"));
    ck_says(again, "data.rationale", "null");
    ck_assert_str_eq(readings(kpi), "2025-01 11 null null");
    ck_says(event_of_type("kpi.measurement.updated"), "changes.actualValue", "[10.0,11.0]");
    ck_says(ask("getKPIById", of(kpi), NULL), "data.currentValueDate", "'2025-01-10'");
    /* An override is the reading's adjusted value. */
    const char *id = text_at(first, "data.id");
    const struct rig_answer *over =
        ask("overrideKPIActual", of_actual(kpi, id), "{'newValue': 12, 'overrideComment': 'late'}");
    ck_answer(over, 200);
    ck_says(over, "data.actualValue", "12");
    ck_says(over, "data.originalValue", "11");
    ck_says(over, "data.isManualOverride", "true");
    ck_says(over, "data.overrideComment", "'late'");
    ck_assert_str_eq(readings(kpi), "2025-01 11 12 'late'");
    over = ask("overrideKPIActual", of_actual(kpi, id),
               "{'newValue': 13, 'overrideComment': 'later'}");
    ck_says(over, "data.originalValue", "11");
    ck_invalid(ask("overrideKPIActual", of_actual(kpi, id), "{'newValue': 13}"), "overrideComment");
    ck_invalid(
        ask("overrideKPIActual", of_actual(kpi, id), "{'newValue': null, 'overrideComment': ' '}"),
        "overrideComment");
    /* What does not count changes no reading. */
    const char *version = at(ask("getKPIReadings", of(kpi), NULL), "data[0].updatedAt");
    ck_answer(ask("overrideKPIActual", of_actual(kpi, estimate),
                  "{'newValue': 98, 'overrideComment': 'x'}"),
              200);
    ck_assert_str_eq(readings(kpi), "2025-01 11 13 'later'");
    ck_assert_str_eq(at(ask("getKPIReadings", of(kpi), NULL), "data[0].updatedAt"), version);
    /* Deleting falls back to the one that was recorded before, last to the estimate. */
    ck_answer(ask("deleteKPIActual", of_actual(kpi, id), NULL), 200);
    ck_assert_str_eq(readings(kpi), "2025-01 5 null null");
    const struct rig_answer *left = ask("getKPIActuals", of(kpi), NULL);
    ck_says(left, "page.total", "2");
    ck_answer(ask("deleteKPIActual", of_actual(kpi, text_at(left, "data[1].id")), NULL), 200);
    ck_assert_str_eq(readings(kpi), "2025-01 99 98 'x'");
    ck_answer(ask("deleteKPIActual", of_actual(kpi, estimate), NULL), 200);
    ck_assert_str_eq(readings(kpi), "");
    ck_says(ask("getKPIById", of(kpi), NULL), "data.currentValue", "null");
    ck_says(event_of_type("kpi.reading.removed"), "data.reading.period", "'2025-01'");
    ck_says(event_of_type("kpi.reading.removed"), "data.kpi.id", format("'%s'", kpi));
    ck_says(event_of_type("kpi.measurement.deleted"), "data.id", format("'%s'", estimate));
    ck_refused(ask("deleteKPIActual", of_actual(kpi, estimate), NULL), 404, "KPI_ACTUAL_NOT_FOUND");
    ck_positions();
}
END_TEST

/* A reading that was posted is one of them, and edited by its own route. */
START_TEST(posted_as_readings_are_changed_there)
{
    const char *kpi = planned("");

    ck_answer(ask("createKPIReading", of(kpi), "{'period': '2025-03', 'value': 44000}"), 201);
    const struct rig_answer *answer = ask("getKPIActuals", of(kpi), NULL);
    ck_says(answer, "data[0].measurementDate", "'2025-03-31'");
    ck_assert_str_eq(judged(answer, "data[0]"), "44000 50000 -6000 -12 false true false 'at_risk'");
    const char *id = text_at(answer, "data[0].id");
    answer = ask("deleteKPIActual", of_actual(kpi, id), NULL);
    ck_refused(answer, 409, "CONFLICT");
    ck_assert_ptr_nonnull(strstr(text_at(answer, "message"), "/kpis/{id}/readings"));
    ck_refused(ask("overrideKPIActual", of_actual(kpi, id),
                   "{'newValue': 13, 'overrideComment': 'later'}"),
               409, "CONFLICT");
    /* Of the same day there is one, whoever records it. */
    answer = record(kpi, "2025-03-31", "45000", "");
    ck_answer(answer, 200);
    ck_says(answer, "data.id", format("'%s'", id));
    ck_answer(ask("createKPIReading", of(kpi), "{'period': '2025-03', 'value': 46000}"), 200);
    answer = record(kpi, "2025-03-15", "47000", "");
    ck_answer(answer, 201);
    ck_assert_str_eq(readings(kpi), "2025-03 47000 null null");
    ck_answer(ask("deleteKPIActual", of_actual(kpi, text_at(answer, "data.id")), NULL), 200);
    ck_assert_str_eq(readings(kpi), "2025-03 46000 null null");
    ck_says(ask("getKPIActuals", of(kpi), NULL), "page.total", "1");
    ck_positions();
}
END_TEST

START_TEST(can_be_flagged)
{
    const char *kpi = planned("");
    const char *id = text_at(record(kpi, "2025-03-31", "60000", ""), "data.id");
    const struct rig_answer *answer =
        ask("triggerKPIReplan", of_actual(kpi, id), "{'thresholdExceeded': true}");

    ck_answer(answer, 200);
    ck_judged(answer, "60000 50000 10000 20 true true true 'achieved'");
    ck_says(answer, "data.autoAdjustmentApplied", "false");
    answer = ask("triggerKPIReplan", of_actual(kpi, id),
                 "{'threshold_exceeded': false, 'autoAdjustmentApplied': true}");
    ck_judged(answer, "60000 50000 10000 20 true true false 'achieved'");
    ck_says(ask("getKPIActual", of_actual(kpi, id), NULL), "data.autoAdjustmentApplied", "true");
    ck_invalid(ask("triggerKPIReplan", of_actual(kpi, id), "{}"), "thresholdExceeded");
}
END_TEST

START_TEST(are_set_as_the_value)
{
    const char *kpi = revenue("");
    const char *today = sql_value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')");
    const struct rig_answer *answer = ask("setKPIValue", of(kpi), "{'value': 5, 'notes': 'n'}");

    ck_answer(answer, 200);
    ck_says(answer, "data.id", format("'%s'", kpi));
    ck_says(answer, "data.currentValue", "5");
    ck_says(answer, "data.currentValueDate", format("'%s'", today));
    answer = ask("setKPIValue", of(kpi), "{'value': 4, 'recordedAt': '2025-01-31T12:00:00Z'}");
    ck_says(answer, "data.currentValue", "5");
    ck_says(answer, "data.currentValueDate", format("'%s'", today));
    ck_says(ask("getKPIActuals", of(kpi), NULL), "data[0].rationale", "'n'");
    ck_says(ask("getKPIActuals", of(kpi), NULL), "data[1].measurementDate", "'2025-01-31'");
    ck_invalid(ask("setKPIValue", of(kpi), "{'value': 4, 'recordedAt': '2999-01-31'}"),
               "recordedAt");
    ck_invalid(ask("setKPIValue", of(kpi), "{}"), "value");
    caller.if_version = 7;
    ck_refused(ask("setKPIValue", of(kpi), "{'value': 4}"), 412, "PRECONDITION_FAILED");
    ck_says(ask("getKPIById", of(kpi), NULL), "data.currentValue", "5");
}
END_TEST

START_TEST(are_selected_and_paged)
{
    const char *kpi = planned("");

    for (int day = 1; day <= 28; day++)
        ck_answer(record(kpi, format("2025-02-%02d", day), "42000",
                         day % 7 == 0 ? ", 'actualSubtype': 'Estimate'" : ""),
                  201);
    const struct rig_answer *all = ask("getKPIActuals", of(kpi), NULL);
    ck_says(all, "page.total", "28");
    for (int page = 1; page <= 6; page++) {
        const struct rig_answer *part = ask_all(
            "getKPIActuals", of(kpi), format("{'size': ['5'], 'page': ['%d']}", page), NULL);
        ck_says(part, "page.total", "28");
        ck_says(part, "data[5]", "absent");
        for (int i = 0; i < 5 && (page - 1) * 5 + i < 28; i++)
            ck_assert_str_eq(at(part, format("data[%d]", i)),
                             at(all, format("data[%d]", (page - 1) * 5 + i)));
    }
    const struct rig_answer *some = ask_all(
        "getKPIActuals", of(kpi),
        "{'startDate': ['2025-02-05'], 'endDate': ['2025-02-14'], 'subtype': ['Estimate']}", NULL);
    ck_says(some, "page.total", "2");
    ck_says(some, "data[1].measurementDate", "'2025-02-07'");
    some =
        ask_all("getMeasureActuals", of(kpi), "{'startDate': ['2025-02-28'], 'size': ['1']}", NULL);
    ck_says(some, "data.totalCount", "1");
    ck_says(some, "data.kpiId", format("'%s'", kpi));
    ck_says(some, "data.measureId", format("'%s'", kpi));
    ck_says(some, "data.actuals[0].measurementDate", "'2025-02-28'");
}
END_TEST

SERVICE_SUITE_MAIN("actuals", are_judged_by_the_plan, of_a_falling_kpi_are_better_when_less,
                   against_zero_have_no_percentage, take_the_words_of_all_clients,
                   refuse_what_is_none, make_the_reading_of_their_month,
                   posted_as_readings_are_changed_there, can_be_flagged, are_set_as_the_value,
                   are_selected_and_paged)
