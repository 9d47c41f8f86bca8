/* Adjusting plans, asked of svc-kpis alone. The numbers are those of docs/kpis.md. */
#include "replan_rig.h"

static const struct rig_answer *adjust(const char *kpi, const char *strategy, const char *more)
{
    return ask("adjustKPIPlan", of(kpi),
               format("{'strategy': '%s', 'rationale': 'Two deals moved'%s}", strategy, more));
}

static const char *stored(const char *kpi, const char *table)
{
    return sql_value(format("SELECT count(*)::text FROM kpis.%s WHERE kpi_id = '%s'", table, kpi));
}

static const char *missed(const char *more)
{
    const char *kpi = planned(more);

    measured(kpi, "2025-01", "45000");
    measured(kpi, "2025-02", "42000");
    measured(kpi, "2025-03", "44000");
    return kpi;
}

#define IN_MARCH ", 'effectiveDate': '2025-03-31'"

START_TEST(keeps_the_final_goal)
{
    const char *kpi = missed("");
    const struct rig_answer *before = ask("getKPIMilestones", of(kpi), NULL);
    const struct rig_answer *answer = adjust(kpi, "maintain_final_goal", IN_MARCH);

    ck_answer(answer, 200);
    ck_assert_str_eq(numbers(answer, "data.updatedMilestones", "targetValue"),
                     "62530.9091 81265.4545 100000");
    ck_says(answer, "data.recalculatedPeriods[0].periodStart", "'2025-04-01'");
    ck_says(answer, "data.recalculatedPeriods[0].startValue", "44000");
    ck_says(answer, "data.recalculatedPeriods[0].endValue", "50109.0909");
    ck_says(answer, "data.recalculatedPeriods[8].endValue", "100000");
    ck_says(answer, "data.recalculatedPeriods[9]", "absent");
    ck_says(answer, "data.adjustment.recalculatedPeriodCount", "9");
    ck_says(answer, "data.adjustment.kpiId", format("'%s'", kpi));
    ck_says(answer, "data.adjustment.effectiveDate", "'2025-03-31'");
    ck_says(answer, "data.adjustment.adjustmentType", "'milestone_updated'");
    ck_says(answer, "data.adjustment.adjustmentStrategy", "'maintain_final_goal'");
    ck_says(answer, "data.adjustment.triggerReason", "'manual'");
    ck_says(answer, "data.adjustment.basedOnActualId", "null");
    ck_says(answer, "data.adjustment.triggerVariancePercentage", "-12");
    ck_says(answer, "data.adjustment.rationale", "'Two deals moved'");
    ck_says(answer, "data.adjustment.adjustmentNotes", "null");
    ck_says(answer, "data.adjustment.createdBy", "'user-1'");
    ck_says(answer, "data.adjustment.previousMilestones", at(before, "data"));
    ck_says(answer, "data.adjustment.newMilestones",
            at(ask("getKPIMilestones", of(kpi), NULL), "data"));
    ck_says(answer, "data.adjustment.affectedMilestoneIds",
            format("[%s,%s]", at(before, "data[1].id"), at(before, "data[2].id")));
    ck_says(answer, "data.adjustment.affectedGoalIds", "[]");
    /* The past is what it was. */
    const struct rig_answer *after = plan(kpi, "monthly");
    ck_says(after, "data.periods[0].endValue", "46722.2222");
    ck_says(after, "data.periods[2].endValue", "50000");
    ck_says(after, "data.periods[3].startValue", "44000");
    ck_says(after, "data.periods[5].endValue", "62530.9091");
    ck_says(ask("getKPIPlanAdjustments", of(kpi), NULL), "data[0]", at(answer, "data.adjustment"));
    const struct rig_answer *event = event_of_type("kpi.plan.adjusted");
    ck_says(event, "data.adjustment.id", at(answer, "data.adjustment.id"));
    ck_says(event, "data.adjustment.previousMilestones", "absent");
    ck_says(event, "data.anchor.day", "'2025-03-31'");
    ck_says(event, "data.anchor.expectedValue", "50000");
    ck_says(event, "data.anchor.value", "44000");
    ck_says(event, "data.title", "'KPI Plan Adjusted'");
    ck_says(event, "data.text",
            format("'%s: plan adjusted (maintain final goal): Two deals moved'",
                   text_at(ask("getKPIById", of(kpi), NULL), "data.name")));
    ck_says(event_of_type("kpi.target.updated"), "data.targetValue", "81265.4545");
}
END_TEST

START_TEST(shifts_all_later_points)
{
    const char *kpi = planned("");

    measured(kpi, "2025-03", "44000");
    const char *march = measurement(kpi, "2025-03-31");
    ck_answer(set(kpi,
                  "{'milestoneDate': '2025-06-30', 'optimalValue': 80000, 'minimalValue': 70000}",
                  ""),
              200);
    const struct rig_answer *answer =
        adjust(kpi, "proportional_shift", format(", 'basedOnActualId': '%s'", march));
    ck_answer(answer, 200);
    ck_assert_str_eq(numbers(answer, "data.updatedMilestones", "targetValue"), "66000 79200 88000");
    ck_says(answer, "data.updatedMilestones[0].optimalValue", "70400");
    ck_says(answer, "data.updatedMilestones[0].minimalValue", "61600");
    ck_says(answer, "data.adjustment.triggerReason", "'actual_variance'");
    ck_says(answer, "data.adjustment.basedOnActualId", format("'%s'", march));
    ck_says(answer, "data.adjustment.effectiveDate", "'2025-03-31'");
}
END_TEST

START_TEST(follows_the_curve)
{
    const char *kpi = missed(", 'interpolationMethod': 'exponential'");

    ck_assert_str_eq(numbers(adjust(kpi, "maintain_final_goal", IN_MARCH), "data.updatedMilestones",
                             "targetValue"),
                     "57734.7683 75983.3984 100000");
    kpi = missed(", 'interpolationMethod': 'step'");
    ck_assert_str_eq(numbers(adjust(kpi, "maintain_final_goal", IN_MARCH), "data.updatedMilestones",
                             "targetValue"),
                     "44000 44000 100000");
    ck_says(plan(kpi, "monthly"), "data.periods[0].endValue", "45000");
    ck_says(plan(kpi, "monthly"), "data.periods[2].endValue", "50000");
    ck_says(plan(kpi, "monthly"), "data.periods[3].endValue", "44000");
}
END_TEST

START_TEST(keeps_distances)
{
    const char *kpi = missed("");

    ck_answer(set(kpi,
                  "{'milestoneDate': '2025-06-30', 'optimalValue': 80000, 'minimalValue': 70000.5}",
                  ""),
              200);
    const struct rig_answer *answer = adjust(kpi, "maintain_final_goal", IN_MARCH);
    ck_says(answer, "data.updatedMilestones[0].optimalValue", "67530.9091");
    ck_says(answer, "data.updatedMilestones[0].minimalValue", "57531.4091");
    ck_says(answer, "data.updatedMilestones[1].optimalValue", "null");
}
END_TEST

START_TEST(takes_points_by_hand)
{
    const char *kpi = missed("");
    const struct rig_answer *answer =
        adjust(kpi, "custom",
               IN_MARCH ", 'adjustmentNotes': 'agreed', 'customMilestones': ["
                        "{'milestoneDate': '2025-06-30', 'targetValue': 60000, 'label': 'New'}, "
                        "{'targetDate': '2026-03-31', 'postValue': 100000}]");

    ck_answer(answer, 200);
    ck_assert_str_eq(numbers(answer, "data.updatedMilestones", "targetValue"),
                     "60000 90000 100000 100000");
    ck_says(answer, "data.updatedMilestones[0].label", "'New'");
    ck_says(answer, "data.adjustment.adjustmentNotes", "'agreed'");
    ck_says(answer, "data.adjustment.adjustmentStrategy", "'custom'");
    ck_says(plan(kpi, "monthly"), "data.periods[3].startValue", "44000");
    ck_says(plan(kpi, "monthly"), "data.periods[14].endValue", "100000");
#define refused(more_, field_) \
    ck_invalid(adjust(kpi, "custom", IN_MARCH ", 'customMilestones': " more_), field_)
    refused("[]", "customMilestones");
    refused("{}", "customMilestones");
    refused("null", "customMilestones");
    refused("[7]", "customMilestones[0]");
    refused("[{'milestoneDate': '2025-03-31', 'targetValue': 1}]",
            "customMilestones[0].milestoneDate");
    refused("[{'milestoneDate': '2025-06-30'}, {'milestoneDate': '2025-01-31', 'targetValue': 1}]",
            "customMilestones[1].milestoneDate");
    refused("[{'milestoneDate': '2025-06-30', 'optimalValue': 1, 'minimalValue': 0}]",
            "customMilestones[0].optimalValue");
    ck_invalid(adjust(kpi, "custom", IN_MARCH), "customMilestones");
    ck_invalid(adjust(kpi, "maintain_final_goal",
                      IN_MARCH ", 'customMilestones': [{'milestoneDate': '2025-06-30'}]"),
               "customMilestones");
    ck_assert_str_eq(stored(kpi, "plan_adjustments"), "1");
}
END_TEST

START_TEST(previews_what_it_would_do)
{
    const char *kpi = missed("");
    const struct rig_answer *before = ask("getKPIMilestones", of(kpi), NULL);
    const char *events = event_types();
    const struct rig_answer *preview =
        adjust(kpi, "proportional_shift", IN_MARCH ", 'preview': true");

    ck_answer(preview, 200);
    ck_assert_str_eq(numbers(preview, "data.updatedMilestones", "targetValue"),
                     "66000 79200 88000");
    ck_assert_str_eq(event_types(), events);
    ck_says(ask("getKPIMilestones", of(kpi), NULL), "data", at(before, "data"));
    ck_says(ask("getKPIPlanAdjustments", of(kpi), NULL), "data", "[]");
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "0");
}
END_TEST

START_TEST(judges_new_points_by_what_was_measured)
{
    const char *kpi = missed(""), *custom;
    const struct rig_answer *preview, *answer;

    measured(kpi, "2025-05", "61000");
    custom = IN_MARCH ", 'customMilestones': [{'milestoneDate': '2025-06-30', 'targetValue': "
                      "60000}, {'milestoneDate': '2025-04-30', 'targetValue': 60000}, "
                      "{'milestoneDate': '2025-07-31', 'targetValue': 60500}]";
    preview = adjust(kpi, "custom", format("%s, 'preview': true", custom));
    answer = adjust(kpi, "custom", custom);
    ck_says(answer, "data.updatedMilestones[0].status", "'missed'");
    ck_says(answer, "data.updatedMilestones[1].status", "'achieved'");
    ck_says(answer, "data.updatedMilestones[2].status", "'achieved'");
    for (int i = 0; i < 5; i++) {
        const char *status = format("data.updatedMilestones[%d].status", i);
        ck_says(preview, status, at(answer, status));
    }
}
END_TEST

#define bad(strategy_, more_, field_) ck_invalid(adjust(kpi, strategy_, more_), field_)

START_TEST(refuses_what_cannot_be)
{
    const char *kpi = planned("");

    bad("maintain_final_goal", IN_MARCH, "basedOnActualId"); /* nothing was measured */
    measured(kpi, "2025-03", "-44000");
    const char *events = event_types();
    bad("shrink", IN_MARCH, "strategy");
    bad("maintain_final_goal", ", 'effectiveDate': 'soon'", "effectiveDate");
    bad("maintain_final_goal", ", 'effectiveDate': '2024-12-31'", "effectiveDate");
    bad("maintain_final_goal", ", 'effectiveDate': '2025-12-31'", "strategy");
    bad("maintain_final_goal", "", "strategy"); /* today */
    ck_at(adjust(kpi, "maintain_final_goal", ", 'effectiveDate': '2025-12-31'"), "errors/strategy",
          "'the plan has nothing after 2025-12-31'");
    bad("maintain_final_goal", ", 'basedOnActualId': 'x'", "basedOnActualId");
    bad("maintain_final_goal", format(", 'basedOnActualId': '%s'", kpi), "basedOnActualId");
    const char *other = planned("");
    measured(other, "2025-03", "44000");
    bad("maintain_final_goal",
        format(", 'basedOnActualId': '%s'", measurement(other, "2025-03-31")), "basedOnActualId");
    events = event_types();
    bad("maintain_final_goal", IN_MARCH ", 'preview': 'yes'", "preview");
    bad("proportional_shift", IN_MARCH, "strategy"); /* from 50000 to -44000 */
    ck_invalid(ask("adjustKPIPlan", of(kpi), "{'strategy': 'maintain_final_goal'" IN_MARCH "}"),
               "rationale");
    ck_invalid(ask("adjustKPIPlan", of(kpi),
                   "{'strategy': 'maintain_final_goal', 'rationale': ' '" IN_MARCH "}"),
               "rationale");
    ck_invalid(
        ask("adjustKPIPlan", of(kpi),
            format("{'strategy': 'maintain_final_goal', 'rationale': '%01001d'" IN_MARCH "}", 1)),
        "rationale");
    ck_invalid(ask("adjustKPIPlan", of(kpi), "{'rationale': 'a'" IN_MARCH "}"), "strategy");
    ck_invalid(ask("adjustKPIPlan", of(kpi),
                   "{'strategy': 'custom', 'adjustmentType': 'maintain_final_goal', 'rationale': "
                   "'a'" IN_MARCH "}"),
               "adjustmentType");
    bad("maintain_final_goal", format(IN_MARCH ", 'adjustmentNotes': '%02001d'", 1),
        "adjustmentNotes");
    ck_assert_str_eq(event_types(), events);
    kpi = revenue("");
    measured(kpi, "2025-03", "1");
    bad("maintain_final_goal", IN_MARCH, "strategy"); /* no plan */
    ck_refused(adjust("x", "maintain_final_goal", ""), 404, "KPI_NOT_FOUND");
    kpi = planned(", 'baselineValue': 0");
    measured(kpi, "2025-03", "1");
    ck_answer(set(kpi, "{'milestoneDate': '2025-03-31', 'targetValue': 0}", ""), 200);
    bad("proportional_shift", IN_MARCH, "strategy"); /* from 0 */
    ck_answer(set(kpi,
                  "{'milestoneDate': '2025-03-31', 'targetValue': 1e-300}, "
                  "{'milestoneDate': '2025-12-31', 'targetValue': 1e300}",
                  ""),
              200);
    bad("proportional_shift", IN_MARCH, "strategy"); /* beyond all numbers */
    ck_assert_str_eq(stored(kpi, "plan_adjustments"), "0");
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "0");
}
END_TEST

START_TEST(says_whichever_word_it_was_asked_by)
{
    const char *kpi = missed("");

    ck_answer(ask("adjustKPIPlan", of(kpi),
                  "{'adjustment_type': 'Maintain Final Goal', 'rationale': 'a'" IN_MARCH "}"),
              200);
}
END_TEST

START_TEST(begins_anew_with_another_plan)
{
    const char *kpi = missed("");

    ck_answer(adjust(kpi, "maintain_final_goal", IN_MARCH), 200);
    ck_answer(set(kpi, "{'milestoneDate': '2025-06-30', 'targetValue': 70000}", ""), 200);
    ck_says(plan(kpi, "monthly"), "data.periods[3].startValue", "44000"); /* merging keeps it */
    ck_answer(set(kpi, QUARTERS, ", 'replaceAll': true"), 200);
    ck_says(plan(kpi, "monthly"), "data.periods[3].startValue", "50000");
    ck_says(event_of_type("kpi.plan.replaced"), "data.kpiId", format("'%s'", kpi));
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "0");
    ck_assert_str_eq(stored(kpi, "plan_adjustments"), "1");
    /* So does one whose points were deleted one by one. */
    ck_answer(adjust(kpi, "maintain_final_goal", IN_MARCH), 200);
    const struct rig_answer *points = ask("getKPIMilestones", of(kpi), NULL);
    for (int i = 0; i < 4; i++)
        ck_answer(
            ask("deleteKPITarget",
                format("{'id': '%s', 'targetId': %s}", kpi, at(points, format("data[%d].id", i))),
                NULL),
            200);
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "0");
    ck_answer(ask("deleteSharedKPI", of(kpi), NULL), 200);
    ck_assert_str_eq(stored(kpi, "plan_adjustments"), "0");
    ck_positions();
}
END_TEST

START_TEST(begins_anew_behind_an_earlier_day)
{
    const char *kpi = missed("");
    const struct rig_answer *first = adjust(kpi, "maintain_final_goal", IN_MARCH);
    const struct rig_answer *again = adjust(kpi, "maintain_final_goal", IN_MARCH);

    /* A second time from the same day nothing is another. */
    ck_says(again, "data.recalculatedPeriods", "[]");
    ck_says(again, "data.adjustment.affectedMilestoneIds", "[]");
    ck_says(again, "data.adjustment.triggerVariancePercentage", "-12");
    /* An earlier day: the path no longer turns in March. */
    ck_answer(adjust(kpi, "maintain_final_goal", ", 'effectiveDate': '2025-02-15'"), 200);
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "1");
    const struct rig_answer *months = plan(kpi, "monthly");
    ck_says(months, "data.periods[0].endValue", "46722.2222");
    ck_says(months, "data.periods[3].startValue", shown(months, "data.periods[2].endValue"));
    const struct rig_answer *all =
        ask_all("getKPIPlanAdjustments", of(kpi), "{'size': ['2'], 'page': ['2']}", NULL);
    ck_says(all, "data[0]", at(first, "data.adjustment"));
    ck_says(all, "page.total", "3");
    ck_says(ask("getKPIPlanAdjustments", of(kpi), NULL), "data[0].effectiveDate", "'2025-02-15'");
    ck_positions();
}
END_TEST

START_TEST(is_of_its_tenant)
{
    const char *kpi = missed("");

    rig_new_tenant();
    ck_refused(adjust(kpi, "maintain_final_goal", IN_MARCH), 404, "KPI_NOT_FOUND");
    ck_refused(ask("getKPIPlanAdjustments", of(kpi), NULL), 404, "KPI_NOT_FOUND");
    ck_refused(ask("getKPIPlanAdjustments", "{'linkId': 'x'}", NULL), 404, "KPI_LINK_NOT_FOUND");
}
END_TEST

START_TEST(comes_one_after_the_other)
{
    const char *kpi = missed("");
    const struct rig_answer **answers =
        ask_at_once(6, "adjustKPIPlan", of(kpi),
                    "{'strategy': 'proportional_shift', 'rationale': 'a'" IN_MARCH "}");

    ck_assert_uint_eq(count_http(answers, 6, 200), 6);
    const struct rig_answer *all = ask("getKPIPlanAdjustments", of(kpi), NULL);
    /* Each began with what the one before it left, which March's own point does not change. */
    for (int i = 0; i < 5; i++)
        ck_says(all, format("data[%d].previousMilestones", i),
                at(all, format("data[%d].newMilestones", i + 1)));
    ck_assert_str_eq(numbers(all, "data[5].newMilestones", "targetValue"),
                     "50000 66000 79200 88000");
    ck_assert_str_eq(stored(kpi, "plan_anchors"), "1");
    ck_positions();
}
END_TEST

/* The largest plan that there can be, with characters of four bytes. */
static const char *largest(void)
{
    const char *kpi = revenue("");
    char *rationale = calloc(4, 1001), *label = calloc(4, 201);

    for (int i = 0; i < 1000; i++)
        memcpy(rationale + 4 * i, "\xf0\x9f\x9a\xb2", 4);
    memcpy(label, rationale, 4 * 200);
    for (int month = 0; month < 200; month += 20) {
        const char *items = "";
        for (int i = month; i < month + 20; i++)
            items = format("%s%s{'milestoneDate': '%d-%02d-01', 'targetValue': %d, 'label': '%s', "
                           "'rationale': '%s'}",
                           items, i > month ? ", " : "", 2025 + i / 12, i % 12 + 1, 50000 + i,
                           label, rationale);
        ck_answer(set(kpi, items, ""), 200);
    }
    free(rationale);
    free(label);
    return kpi;
}

START_TEST(has_room_for_the_largest_plan)
{
    const char *kpi = largest();

    measured(kpi, "2025-03", "44000");
    for (int i = 0; i < 8; i++)
        ck_answer(adjust(kpi, "proportional_shift", IN_MARCH), 200);
    const struct rig_answer *all = ask("getKPIPlanAdjustments", of(kpi), NULL);
    ck_invalid(all, "size");
    const struct rig_answer *page =
        ask_all("getKPIPlanAdjustments", of(kpi), "{'size': ['3']}", NULL);
    ck_answer(page, 200);
    ck_says(page, "page.total", "8");
    ck_says(page, "data[2].newMilestones[199].milestoneDate", "'2041-08-01'");
    ck_says(page, "data[3]", "absent");
}
END_TEST

SERVICE_SUITE_MAIN("Adjusting plans", keeps_the_final_goal, shifts_all_later_points,
                   follows_the_curve, keeps_distances, takes_points_by_hand,
                   previews_what_it_would_do, judges_new_points_by_what_was_measured,
                   refuses_what_cannot_be, says_whichever_word_it_was_asked_by,
                   begins_anew_with_another_plan, begins_anew_behind_an_earlier_day,
                   is_of_its_tenant, comes_one_after_the_other, has_room_for_the_largest_plan)
