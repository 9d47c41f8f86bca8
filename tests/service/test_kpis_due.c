/* svc-kpis alone: whether a KPI of some goals waits for a month's reading. The links stand in the
 * table, because linking needs svc-goals. */
#include "service_rig.h"

static const char *new_id(void)
{
    return sql_value("SELECT gen_random_uuid()::text");
}

static const char *kpi_called(const char *name)
{
    return text_at(ask("createSharedKPI", NULL, format("{'name': '%s', 'direction': 'up'}", name)),
                   "data.id");
}

static void link_to(const char *goal, const char *kpi)
{
    sql_value(
        format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, is_primary, "
               "version, created_at, updated_at, created_by, updated_by) VALUES ('%s', "
               "gen_random_uuid(), '%s', '%s', 80, NOT EXISTS (SELECT FROM kpis.links WHERE "
               "goal_id = '%s'), 1, now(), now(), 'u', 'u') RETURNING 1",
               caller.tenant, goal, kpi, goal));
}

static const char *due(const char *goals, const char *month)
{
    return at(ask("readingsDue", NULL, format("{'goalIds': [%s], 'period': '%s'}", goals, month)),
              "data.due");
}

static void record(const char *kpi, const char *month)
{
    ck_answer(ask("createKPIReading", format("{'id': '%s'}", kpi),
                  format("{'period': '%s', 'value': 1}", month)),
              201);
}

/* Readings come before the links: what is recorded of a linked KPI is told to svc-goals. */
START_TEST(is_due_until_each_kpi_has_it)
{
    const char *goal = new_id(), *other = new_id();
    const char *both = kpi_called("both"), *first = kpi_called("first");
    const char *asked = format("'%s'", goal);

    record(both, "2025-02");
    record(both, "2025-03");
    record(first, "2025-02");
    ck_assert_str_eq(due(asked, "2025-03"), "false"); /* no KPI */
    link_to(goal, both);
    ck_assert_str_eq(due(asked, "2025-02"), "false");
    ck_assert_str_eq(due(asked, "2025-03"), "false");
    ck_assert_str_eq(due(asked, "2025-04"), "true");
    link_to(goal, first);
    ck_assert_str_eq(due(asked, "2025-02"), "false");
    ck_assert_str_eq(due(asked, "2025-03"), "true");
    link_to(other, kpi_called("none"));
    ck_assert_str_eq(due(format("'%s', '%s'", other, goal), "2025-02"), "true");
    ck_assert_str_eq(due(format("'%s'", new_id()), "2025-02"), "false");
    rig_new_tenant();
    ck_assert_str_eq(due(format("'%s'", other), "2025-02"), "false");
}
END_TEST

SERVICE_SUITE_MAIN("kpis due", is_due_until_each_kpi_has_it)
