/* What becomes of a plan when measurements are recorded, asked of svc-kpis alone: posted readings
 * are measurements, too. */
#include "replan_rig.h"

static const char *ruled(const char *rule)
{
    const char *kpi = planned("");

    ck_answer(ask("putReplanRule", of(kpi), rule), 201);
    return kpi;
}

#define BY_ITSELF "{'autoAdjustEnabled': true, 'requireUserApproval': false"

static int count_of(const char *type)
{
    const char *types = event_types();
    int count = 0;

    while ((types = strstr(types, type)) != NULL) {
        types += strlen(type);
        count++;
    }
    return count;
}
#define ck_events(adjusted_, suggested_)                                  \
    do {                                                                  \
        ck_assert_int_eq(count_of("kpi.plan.adjusted"), (adjusted_));     \
        ck_assert_int_eq(count_of("kpi.replan.suggested"), (suggested_)); \
    } while (0)

static const char *points_of(const char *kpi)
{
    return numbers(ask("getKPIMilestones", of(kpi), NULL), "data", "targetValue");
}

START_TEST(is_suggested_once_after_two_misses)
{
    const char *kpi = planned("");

    measured(kpi, "2025-01", "45000"); /* within 10 % */
    measured(kpi, "2025-02", "42000");
    ck_events(0, 0);
    measured(kpi, "2025-03", "44000");
    ck_events(0, 1);
    const struct rig_answer *event = event_of_type("kpi.replan.suggested");
    ck_says(event, "data.kpiId", format("'%s'", kpi));
    ck_says(event, "data.actualId", format("'%s'", measurement(kpi, "2025-03-31")));
    ck_says(event, "data.variancePercentage", "-12");
    ck_says(event, "data.recipients", "[]");
    ck_says(event, "data.title", "'KPI Off Plan'");
    ck_says(event, "data.text",
            format("'%s: off plan, 44000 instead of 50000 on 2025-03-31 (-12 %%)'",
                   text_at(ask("getKPIById", of(kpi), NULL), "data.name")));
    /* The same again is nothing new, and an earlier one triggers nothing. */
    measured(kpi, "2025-03", "44000");
    measured(kpi, "2025-03", "43000");
    measured(kpi, "2025-02", "41000");
    ck_events(0, 1);
    ck_assert_str_eq(points_of(kpi), "50000 75000 90000 100000");
    measured(kpi, "2025-04", "44000");
    ck_events(0, 2);
}
END_TEST

START_TEST(adjusts_by_itself_exactly_once)
{
    const char *kpi = ruled(BY_ITSELF "}");

    measured(kpi, "2025-02", "42000");
    ck_events(0, 0);
    const struct rig_answer **answers =
        ask_at_once(6, "createKPIReading", of(kpi), "{'period': '2025-03', 'value': 44000}");
    ck_assert_uint_eq(count_http(answers, 6, 201), 1);
    ck_assert_uint_eq(count_http(answers, 6, 200), 5);
    ck_events(1, 0);
    ck_assert_str_eq(points_of(kpi), "50000 62530.9091 81265.4545 100000");
    measured(kpi, "2025-03", "40000");
    ck_events(1, 0);
    const struct rig_answer *all = ask("getKPIPlanAdjustments", of(kpi), NULL);
    ck_says(all, "data[1]", "absent");
    ck_says(all, "data[0].triggerReason", "'replan_rule'");
    ck_says(all, "data[0].basedOnActualId", format("'%s'", measurement(kpi, "2025-03-31")));
    ck_says(all, "data[0].triggerVariancePercentage", "-12");
    ck_says(all, "data[0].rationale", "'44000 instead of 50000 on 2025-03-31 (-12 %)'");
    ck_assert_str_eq(sql_value(format("SELECT plan_adjusted::text FROM kpis.measurements WHERE id "
                                      "= '%s'",
                                      measurement(kpi, "2025-03-31"))),
                     "true");
    ck_positions();
}
END_TEST

START_TEST(counts_anew_after_an_adjustment)
{
    const char *kpi = ruled(BY_ITSELF ", 'adjustmentStrategy': 'proportional_shift'}");

    measured(kpi, "2025-02", "42000");
    measured(kpi, "2025-03", "44000");
    ck_events(1, 0);
    ck_assert_str_eq(points_of(kpi), "50000 66000 79200 88000");
    measured(kpi, "2025-04", "40000"); /* the first behind March, 51252.7473 expected */
    ck_events(1, 0);
    measured(kpi, "2025-05", "50000");
    ck_events(2, 0);
    const struct rig_answer *all = ask("getKPIPlanAdjustments", of(kpi), NULL);
    ck_says(all, "data[0].effectiveDate", "'2025-05-31'");
    ck_says(all, "data[0].previousMilestones", at(all, "data[1].newMilestones"));
}
END_TEST

START_TEST(counts_only_what_is_adverse)
{
    const char *kpi = ruled(BY_ITSELF ", 'consecutiveMissesRequired': 1}");

    measured(kpi, "2025-02", "90000");
    measured(kpi, "2025-03", "99000");
    ck_events(0, 0);
    /* Down is another direction. */
    const struct rig_answer *down =
        ask("createSharedKPI", NULL,
            "{'name': 'Churn', 'direction': 'down', 'baselineValue': 8, 'baselineDate': "
            "'2025-01-01'}");
    kpi = text_at(down, "data.id");
    ck_answer(ask("putReplanRule", of(kpi), BY_ITSELF ", 'consecutiveMissesRequired': 1}"), 201);
    ck_answer(set(kpi,
                  "{'milestoneDate': '2025-09-30', 'targetValue': 6}, {'milestoneDate': "
                  "'2025-12-31', 'targetValue': 5}",
                  ""),
              200);
    measured(kpi, "2025-02", "1");
    ck_events(0, 0);
    measured(kpi, "2025-06", "8");
    ck_events(1, 0);
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data[1].targetValue", "5");
}
END_TEST

START_TEST(asks_before_it_adjusts)
{
    const char *kpi = ruled("{'autoAdjustEnabled': true, 'consecutiveMissesRequired': 1, "
                            "'notificationRecipients': ['ann']}");

    measured(kpi, "2025-03", "44000");
    ck_events(0, 1);
    ck_says(event_of_type("kpi.replan.suggested"), "data.recipients", "['ann']");
    /* Who adjusts it from that day on by hand has decided. */
    ck_answer(ask("adjustKPIPlan", of(kpi),
                  format("{'strategy': 'maintain_final_goal', 'rationale': 'r', "
                         "'basedOnActualId': '%s'}",
                         measurement(kpi, "2025-03-31"))),
              200);
    ck_answer(ask("putReplanRule", of(kpi), "{'requireUserApproval': false}"), 200);
    measured(kpi, "2025-03", "43000");
    ck_events(1, 1);
}
END_TEST

START_TEST(tells_nobody_who_does_not_want_it)
{
    const char *kpi = ruled("{'consecutiveMissesRequired': 1, 'notifyOnTrigger': false}");

    measured(kpi, "2025-03", "44000");
    ck_events(0, 0);
}
END_TEST

START_TEST(records_what_a_plan_cannot_go_on_from)
{
    const char *kpi = ruled(BY_ITSELF ", 'consecutiveMissesRequired': 1, 'adjustmentStrategy': "
                                      "'proportional_shift'}");

    measured(kpi, "2025-03", "-1"); /* no factor */
    ck_events(0, 1);
    measured(kpi, "2026-03", "1"); /* behind the plan's end */
    ck_events(0, 2);
    ck_assert_str_eq(points_of(kpi), "50000 75000 90000 100000");
}
END_TEST

START_TEST(adjusts_once_though_others_do_at_the_same_time)
{
    const char *kpi = ruled(BY_ITSELF ", 'consecutiveMissesRequired': 1}");

    for (int month = 1; month <= 3; month++)
        ask_at_once(4, "createKPIReading", of(kpi),
                    format("{'period': '2025-0%d', 'value': 1000}", month));
    ck_events(3, 0);
    ck_assert_str_eq(sql_value(format("SELECT count(*)::text FROM kpis.plan_anchors WHERE kpi_id = "
                                      "'%s'",
                                      kpi)),
                     "3");
    ck_positions();
}
END_TEST

static const struct rig_answer *recorded(const char *kpi, const char *day, const char *value,
                                         const char *more)
{
    return ask("createKPIActual", of(kpi),
               format("{'measurementDate': '%s', 'actualValue': %s%s}", day, value, more));
}

START_TEST(suggests_exactly_what_adjusting_does)
{
    static const char *const strategies[] = {"maintain_final_goal", "proportional_shift"};
    const char *kpi = planned("");

    ck_says(recorded(kpi, "2025-02-28", "42000", ""), "data.suggestions", "[]");
    const struct rig_answer *answer = recorded(kpi, "2025-03-31", "44000", "");
    ck_answer(answer, 201);
    ck_says(answer, "data.triggersReplan", "true");
    ck_says(answer, "data.adjustment", "null");
    ck_says(answer, "data.suggestions[2]", "absent");
    for (int i = 0; i < 2; i++) {
        const char *place = format("data.suggestions[%d]", i);
        const struct rig_answer *preview =
            ask("adjustKPIPlan", of(kpi),
                format("{'strategy': '%s', 'rationale': 'r', 'preview': true, 'basedOnActualId': "
                       "%s}",
                       strategies[i], at(answer, "data.id")));
        ck_answer(preview, 200);
        ck_says(answer, format("%s.strategy", place), format("'%s'", strategies[i]));
        ck_assert_str_eq(numbers(answer, format("%s.milestones", place), "proposedValue"),
                         numbers(preview, "data.updatedMilestones", "targetValue"));
        ck_assert_str_eq(numbers(answer, format("%s.milestones", place), "milestoneId"),
                         numbers(preview, "data.updatedMilestones", "id"));
        ck_assert_str_eq(numbers(answer, format("%s.milestones", place), "currentValue"),
                         "75000 90000 100000");
        ck_says(answer, format("%s.recalculatedPeriodCount", place),
                at(preview, "data.adjustment.recalculatedPeriodCount"));
        ck_says(answer, format("%s.affectedGoalIds", place),
                at(preview, "data.adjustment.affectedGoalIds"));
    }
    ck_assert_str_eq(numbers(answer, "data.suggestions[0].milestones", "proposedValue"),
                     "62530.9091 81265.4545 100000");
    ck_assert_str_eq(numbers(answer, "data.suggestions[1].milestones", "proposedValue"),
                     "66000 79200 88000");
    ck_events(0, 1);
    /* Again: the same answer, and nobody is told a second time. */
    ck_says(recorded(kpi, "2025-03-31", "44000", ""), "data.suggestions",
            at(answer, "data.suggestions"));
    ck_events(0, 1);
}
END_TEST

START_TEST(does_what_the_request_wishes)
{
    const char *kpi = planned("");

    ck_says(recorded(kpi, "2025-02-28", "42000", ", 'adjustmentStrategy': 'manual'"),
            "data.suggestions[1].strategy", "'proportional_shift'"); /* one miss is enough */
    ck_events(0, 0);
    const struct rig_answer *answer =
        recorded(kpi, "2025-03-31", "44000", ", 'adjustmentStrategy': 'none'");
    ck_says(answer, "data.triggersReplan", "true");
    ck_says(answer, "data.suggestions", "[]");
    ck_events(0, 0);
    answer = recorded(kpi, "2025-03-31", "44000", ", 'adjustmentStrategy': 'auto'");
    ck_answer(answer, 200);
    ck_says(answer, "data.autoAdjustmentApplied", "true");
    ck_says(answer, "data.suggestions", "[]");
    ck_says(answer, "data.adjustment.triggerReason", "'replan_rule'");
    ck_says(answer, "data.adjustment.basedOnActualId", at(answer, "data.id"));
    ck_says(answer, "data.expectedValue", "50000");
    ck_events(1, 0);
    ck_assert_str_eq(points_of(kpi), "50000 62530.9091 81265.4545 100000");
    /* Once: */
    answer = recorded(kpi, "2025-03-31", "41000", ", 'adjustmentStrategy': 'auto'");
    ck_says(answer, "data.adjustment", "null");
    ck_says(answer, "data.autoAdjustmentApplied", "true");
    ck_events(1, 0);
    ck_says(ask("getKPIPlanAdjustments", of(kpi), NULL), "data[1]", "absent");
}
END_TEST

START_TEST(tells_estimates_from_what_was_measured)
{
    const char *kpi = planned("");

    ck_answer(recorded(kpi, "2025-02-10", "1", ", 'actualSubtype': 'Estimate'"), 201);
    ck_says(event_of_type("kpi.reading.created"), "data.isEstimate", "true");
    ck_says(event_of_type("kpi.reading.created"), "data.measurementDate", "'2025-02-10'");
    ck_answer(recorded(kpi, "2025-02-09", "42000", ""), 201);
    ck_says(event_of_type("kpi.reading.created"), "data.isEstimate", "false");
    ck_says(event_of_type("kpi.reading.created"), "data.measurementDate", "'2025-02-09'");
    measured(kpi, "2025-03", "50000");
    ck_says(event_of_type("kpi.reading.created"), "data.isEstimate", "false");
    ck_events(0, 0); /* an estimate is no miss */
}
END_TEST

SERVICE_SUITE_MAIN("Re-planning", is_suggested_once_after_two_misses,
                   adjusts_by_itself_exactly_once, counts_anew_after_an_adjustment,
                   counts_only_what_is_adverse, asks_before_it_adjusts,
                   tells_nobody_who_does_not_want_it, records_what_a_plan_cannot_go_on_from,
                   adjusts_once_though_others_do_at_the_same_time,
                   suggests_exactly_what_adjusting_does, does_what_the_request_wishes,
                   tells_estimates_from_what_was_measured)
