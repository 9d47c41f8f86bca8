/* Replan rules, asked of svc-kpis alone. */
#include "replan_rig.h"

START_TEST(has_defaults_and_is_changed_in_parts)
{
    const char *kpi = revenue("");

    ck_refused(ask("getReplanRule", of(kpi), NULL), 404, "REPLAN_RULE_NOT_FOUND");
    const struct rig_answer *rule = ask("putReplanRule", of(kpi), "{}");
    ck_answer(rule, 201);
    ck_says(rule, "location", format("'/kpis/%s/replan-rule'", kpi));
    ck_says(rule, "version", "1");
    ck_says(rule, "data.kpiId", format("'%s'", kpi));
    ck_says(rule, "data.varianceThresholdPercentage", "10");
    ck_says(rule, "data.consecutiveMissesRequired", "2");
    ck_says(rule, "data.autoAdjustEnabled", "false");
    ck_says(rule, "data.adjustmentStrategy", "'maintain_final_goal'");
    ck_says(rule, "data.requireUserApproval", "true");
    ck_says(rule, "data.notifyOnTrigger", "true");
    ck_says(rule, "data.notificationRecipients", "[]");
    const char *id = at(rule, "data.id");
    rule = ask("putReplanRule", of(kpi),
               "{'variance_threshold_percentage': 7.5, 'adjustmentStrategy': 'Proportional Shift', "
               "'notificationRecipients': ['ann', 'bo']}");
    ck_answer(rule, 200);
    ck_says(rule, "version", "2");
    ck_says(rule, "data.id", id);
    ck_says(rule, "data.varianceThresholdPercentage", "7.5");
    ck_says(rule, "data.consecutiveMissesRequired", "2");
    ck_says(rule, "data.adjustmentStrategy", "'proportional_shift'");
    ck_says(rule, "data.notificationRecipients", "['ann','bo']");
    ck_says(ask("getReplanRule", of(kpi), NULL), "data", at(rule, "data"));
    ck_assert_str_eq(event_types(), "kpi.created kpi.replan_rule.created kpi.replan_rule.updated");
    ck_says(event_of_type("kpi.replan_rule.updated"), "changes.varianceThresholdPercentage",
            "[10.0,7.5]");
    ck_says(event_of_type("kpi.replan_rule.updated"), "data.kpiId", format("'%s'", kpi));
}
END_TEST

START_TEST(takes_all_bounds)
{
    const char *kpi = revenue("");

    ck_answer(ask("putReplanRule", of(kpi),
                  "{'varianceThresholdPercentage': 0, 'consecutiveMissesRequired': 12, "
                  "'autoAdjustEnabled': true, 'requireUserApproval': false, 'notifyOnTrigger': "
                  "false, 'notificationRecipients': []}"),
              201);
    ck_answer(ask("putReplanRule", of(kpi),
                  "{'varianceThresholdPercentage': 100, 'consecutiveMissesRequired': 1}"),
              200);
    const struct rig_answer *rule = ask("getReplanRule", of(kpi), NULL);
    ck_says(rule, "data.varianceThresholdPercentage", "100");
    ck_says(rule, "data.consecutiveMissesRequired", "1");
    ck_says(rule, "data.autoAdjustEnabled", "true");
    ck_says(rule, "data.requireUserApproval", "false");
    ck_says(rule, "data.notifyOnTrigger", "false");
}
END_TEST

#define refused(body_, field_) ck_invalid(ask("putReplanRule", of(kpi), (body_)), field_)

START_TEST(refuses_what_is_no_rule)
{
    const char *kpi = revenue(""), *many = "'p0'";

    refused("{'varianceThresholdPercentage': -0.1}", "varianceThresholdPercentage");
    refused("{'varianceThresholdPercentage': 100.1}", "varianceThresholdPercentage");
    refused("{'varianceThresholdPercentage': null}", "varianceThresholdPercentage");
    refused("{'varianceThresholdPercentage': '10'}", "varianceThresholdPercentage");
    refused("{'consecutiveMissesRequired': 0}", "consecutiveMissesRequired");
    refused("{'consecutiveMissesRequired': 13}", "consecutiveMissesRequired");
    refused("{'consecutiveMissesRequired': 1.5}", "consecutiveMissesRequired");
    refused("{'autoAdjustEnabled': 'yes'}", "autoAdjustEnabled");
    refused("{'autoAdjustEnabled': null}", "autoAdjustEnabled");
    refused("{'adjustmentStrategy': 'none'}", "adjustmentStrategy");
    refused("{'requireUserApproval': 1}", "requireUserApproval");
    refused("{'notificationRecipients': 'ann'}", "notificationRecipients");
    refused("{'notificationRecipients': ['']}", "notificationRecipients[0]");
    refused(format("{'notificationRecipients': ['a', '%0129d']}", 0), "notificationRecipients[1]");
    for (int i = 1; i <= 50; i++)
        many = format("%s, 'p%d'", many, i);
    refused(format("{'notificationRecipients': [%s]}", many), "notificationRecipients");
    refused("{'autoAdjustEnabled': true, 'adjustmentStrategy': 'custom'}", "adjustmentStrategy");
    ck_refused(ask("getReplanRule", of(kpi), NULL), 404, "REPLAN_RULE_NOT_FOUND");
    /* What is stored counts, too. */
    ck_answer(ask("putReplanRule", of(kpi), "{'adjustmentStrategy': 'custom'}"), 201);
    refused("{'autoAdjustEnabled': true}", "adjustmentStrategy");
    ck_says(ask("getReplanRule", of(kpi), NULL), "data.autoAdjustEnabled", "false");
    ck_assert_str_eq(event_types(), "kpi.created kpi.replan_rule.created");
}
END_TEST

START_TEST(is_of_one_kpi_and_tenant)
{
    const char *kpi = revenue(""), *other = revenue("");
    const char *link = "01941f29-7c00-7000-8000-0000000000ab";
    const char *by_link = format("{'linkId': '%s'}", link);

    ck_refused(ask("putReplanRule", by_link, "{}"), 404, "KPI_LINK_NOT_FOUND");
    ck_refused(ask("putReplanRule", of("x"), "{}"), 404, "KPI_NOT_FOUND");
    ck_refused(ask("putReplanRule", of(link), "{}"), 404, "KPI_NOT_FOUND");
    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, "
                     "created_at, updated_at, created_by, updated_by) SELECT '%s', '%s', "
                     "gen_random_uuid(), '%s', 80, 1, now(), now(), 'u', 'u'",
                     caller.tenant, link, kpi));
    const struct rig_answer *rule = ask("putReplanRule", by_link, "{}");
    ck_says(rule, "location", format("'/kpi-links/%s/replan-rule'", link));
    ck_says(ask("getReplanRule", of(kpi), NULL), "data", at(rule, "data"));
    ck_refused(ask("getReplanRule", of(other), NULL), 404, "REPLAN_RULE_NOT_FOUND");
    rig_new_tenant();
    ck_refused(ask("getReplanRule", of(kpi), NULL), 404, "KPI_NOT_FOUND");
    ck_refused(ask("putReplanRule", of(kpi), "{}"), 404, "KPI_NOT_FOUND");
}
END_TEST

START_TEST(is_changed_by_one_after_the_other)
{
    const char *kpi = revenue("");
    const struct rig_answer **answers =
        ask_at_once(6, "putReplanRule", of(kpi), "{'consecutiveMissesRequired': 3}");

    ck_assert_uint_eq(count_http(answers, 6, 201), 1);
    ck_assert_uint_eq(count_http(answers, 6, 200), 5);
    ck_says(ask("getReplanRule", of(kpi), NULL), "version", "6");
    caller.if_version = 5;
    ck_refused(ask("putReplanRule", of(kpi), "{}"), 412, "PRECONDITION_FAILED");
    kpi = revenue("");
    caller.if_version = 1;
    ck_refused(ask("putReplanRule", of(kpi), "{}"), 412, "PRECONDITION_FAILED");
}
END_TEST

START_TEST(goes_with_its_kpi)
{
    const char *kpi = revenue("");

    ck_answer(ask("putReplanRule", of(kpi), "{}"), 201);
    ck_answer(ask("deleteSharedKPI", of(kpi), NULL), 200);
    ck_refused(ask("getReplanRule", of(kpi), NULL), 404, "KPI_NOT_FOUND");
    ck_assert_str_eq(sql_value(format("SELECT count(*)::text FROM kpis.replan_rules WHERE kpi_id "
                                      "= '%s'",
                                      kpi)),
                     "0");
}
END_TEST

SERVICE_SUITE_MAIN("Replan rules", has_defaults_and_is_changed_in_parts, takes_all_bounds,
                   refuses_what_is_no_rule, is_of_one_kpi_and_tenant,
                   is_changed_by_one_after_the_other, goes_with_its_kpi)
