/* svc-kpis alone: the product's catalogue, KPIs that are made from its entries, and what there is
 * to choose from while svc-goals cannot say what goals are called. */
#include "service_rig.h"

#define MRR "01941f29-7c00-7000-8000-000000000301"
#define CHURN "01941f29-7c00-7000-8000-000000000314"

/* A value of the list that was asked last; the whole of it is too long to be told. */
#define ck_list(path_, expected_) ck_assert_str_eq(at(list, (path_)), (expected_))

START_TEST(an_entry_gives_what_is_not_said)
{
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL, "{'catalogId': '" MRR "', 'unit': 'EUR', 'targetValue': 5}");

    ck_answer(kpi, 201);
    ck_at(kpi, "data.name", "'Monthly Recurring Revenue'");
    ck_at(kpi, "data.unit", "'EUR'");
    ck_at(kpi, "data.direction", "'up'");
    ck_at(kpi, "data.category", "'Financial'");
    ck_at(kpi, "data.catalogId", "'" MRR "'");
    ck_at(kpi, "data.type", "'quantitative'");
    ck_at(kpi, "data.valueType", "'snapshot'");
    ck_at(kpi, "data.aggregationType", "'latest'");
    ck_at(kpi, "data.aggregationPeriod", "'monthly'");
    ck_assert_str_ne(at(kpi, "data.description"), "null");
    ck_assert_str_ne(at(kpi, "data.formula"), "null");
    ck_refused(ask("createSharedKPI", NULL, "{'catalogId': '" MRR "'}"), 409, "DUPLICATE_NAME");
    kpi =
        ask("createSharedKPI", NULL,
            "{'catalog_id': '" CHURN "', 'name': 'Lost', 'direction': 'up', 'description': null}");
    ck_answer(kpi, 201);
    ck_at(kpi, "data.name", "'Lost'");
    ck_at(kpi, "data.direction", "'up'");
    ck_at(kpi, "data.unit", "'%'");
}
END_TEST

START_TEST(refuses_what_is_no_entry)
{
    static const char *unknown = "018f0000-0000-7000-8000-000000000001";
    const struct rig_answer *refused =
        ask("createSharedKPI", NULL, format("{'catalogId': '%s'}", unknown));

    ck_invalid(refused, "catalogId");
    ck_invalid(refused, "name");
    ck_invalid(refused, "direction");
    ck_invalid(
        ask("createSharedKPI", NULL, "{'name': 'a', 'direction': 'up', 'catalogId': 'mine'}"),
        "catalogId");
    ck_invalid(ask("createSharedKPI", NULL, "{'catalogId': '" MRR "', 'name': ' '}"), "name");
    const char *path = format(
        "{'id': '%s'}",
        text_at(ask("createSharedKPI", NULL, "{'name': 'a', 'direction': 'up'}"), "data.id"));
    ck_invalid(ask("updateSharedKPI", path, "{'catalogId': 'mine'}"), "catalogId");
    ck_invalid(ask("updateSharedKPI", path, "{'name': null}"), "name");
    ck_invalid(ask("updateSharedKPI", path, "{'direction': null}"), "direction");
    ck_at(ask("updateSharedKPI", path, "{'catalogId': '" CHURN "'}"), "data.catalogId",
          "'" CHURN "'");
    /* A text that was kept before there was a catalogue stays. */
    sql_value(
        format("UPDATE kpis.kpis SET catalog_id = 'old' WHERE tenant_id = '%s'", caller.tenant));
    ck_at(ask("updateSharedKPI", path, "{'catalogId': 'old', 'unit': 'm'}"), "data.catalogId",
          "'old'");
    ck_at(ask("updateSharedKPI", path, "{'catalogId': null}"), "data.catalogId", "null");
}
END_TEST

START_TEST(tells_what_there_is_to_choose_from)
{
    rig_new_tenant();
    const struct rig_answer *kpi = ask("createSharedKPI", NULL, "{'catalogId': '" MRR "'}");
    const char *id = text_at(kpi, "data.id"), *goal = sql_value("SELECT gen_random_uuid()::text");

    ck_answer(ask("createSharedKPI", NULL,
                  "{'name': 'Äpfel', 'direction': 'down', 'isShared': true, "
                  "'calculationMethod': 'count them'}"),
              201);
    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, "
                     "created_at, updated_at, created_by, updated_by) VALUES ('%s', "
                     "gen_random_uuid(), '%s', '%s', 80, 1, now(), now(), 'u', 'u')",
                     caller.tenant, goal, id));
    const struct rig_answer *list = ask("getAvailableKPIs", NULL, NULL);
    ck_answer(list, 200);
    ck_list("data.catalogKpis[24]", "absent");
    ck_list("data.catalogKpis[0].id", "'" MRR "'");
    ck_list("data.catalogKpis[0].source", "'Catalog'");
    ck_list("data.catalogKpis[0].usageInfo.goalCount", "1");
    ck_list("data.catalogKpis[0].usageInfo.isUsedByThisGoal", "false");
    ck_list("data.catalogKpis[1].usageInfo.goalCount", "0");
    ck_list("data.tenantCustomKpis[0].name", "'Äpfel'");
    ck_list("data.tenantCustomKpis[0].calculationMethod", "'count them'");
    ck_list("data.tenantCustomKpis[0].kpiCatalogId", "null");
    ck_list("data.tenantCustomKpis[1].measureCatalogId", "'" MRR "'");
    ck_list("data.tenantCustomKpis[1].source", "'Custom'"); /* nobody knows the title */
    ck_list("data.tenantCustomKpis[2]", "absent");
    list = ask("getAvailableMeasuresOfGoal", format("{'goalId': '%s'}", goal), NULL);
    ck_answer(list, 200);
    ck_list("data.catalogMeasures[0].usageInfo.goalCount", "1");
    ck_list("data.catalogMeasures[0].usageInfo.isUsedByThisGoal", "true");
    ck_list("data.tenantCustomMeasures[1].usageInfo.isUsedByThisGoal", "true");
    ck_refused(ask("getAvailableKPIsOfGoal", format("{'goalId': '%s'}", id), NULL), 503,
               "SERVICE_UNAVAILABLE");
    rig_new_tenant();
    list = ask("getAvailableMeasures", NULL, NULL);
    ck_list("data.catalogMeasures[0].usageInfo.goalCount", "0");
    ck_list("data.tenantCustomMeasures", "[]");
}
END_TEST

START_TEST(ends_after_500)
{
    rig_new_tenant();
    sql_value(format("INSERT INTO kpis.kpis (tenant_id, id, name, direction, is_shared, version, "
                     "created_at, updated_at, created_by, updated_by) SELECT '%s', "
                     "gen_random_uuid(), 'k' || lpad(i::text, 4, '0'), 'up', true, 1, now(), "
                     "now(), 'u', 'u' FROM generate_series(1, 600) AS i",
                     caller.tenant));
    const struct rig_answer *list = ask("getAvailableKPIs", NULL, NULL);
    ck_list("data.tenantCustomKpis[0].name", "'k0001'");
    ck_list("data.tenantCustomKpis[499].name", "'k0500'");
    ck_list("data.tenantCustomKpis[500]", "absent");
}
END_TEST

START_TEST(nobody_changes_the_catalogue)
{
    ck_assert_str_eq(sql_value("SELECT count(*) FROM kpis.catalog"), "24");
    ck_assert_str_eq(sql_value("SELECT has_table_privilege('svc_kpis', 'kpis.catalog', 'SELECT') "
                               "|| ' ' || has_table_privilege('svc_kpis', 'kpis.catalog', "
                               "'INSERT, UPDATE, DELETE, TRUNCATE')"),
                     "true false");
    ck_refused(ask("getKPIById", "{'id': '" MRR "'}", NULL), 404, "KPI_NOT_FOUND");
    ck_refused(ask("updateSharedKPI", "{'id': '" MRR "'}", "{'unit': 'm'}"), 404, "KPI_NOT_FOUND");
}
END_TEST

SERVICE_SUITE_MAIN("The catalogue", an_entry_gives_what_is_not_said, refuses_what_is_no_entry,
                   tells_what_there_is_to_choose_from, ends_after_500, nobody_changes_the_catalogue)
