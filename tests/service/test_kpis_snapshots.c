/* Pages of what svc-kpis has, from which other services begin when its log does not go back far
 * enough. */
#include "replan_rig.h"

static const struct rig_answer *page(const char *kind, const char *more)
{
    const struct rig_answer *answer =
        ask("entitiesAfter", NULL, format("{'kind': '%s'%s}", kind, more));

    ck_answer(answer, 200);
    return answer;
}

START_TEST(entities_come_as_their_events)
{
    const char *kpi = planned("");
    const struct rig_answer *kpis = page("kpis", "");
    ck_at(kpis, "data.events[0].type", "'kpi.updated'");
    ck_at(kpis, "data.events[0].entity", format("'%s'", kpi));
    ck_at(kpis, "data.events[0].snapshot", "true");
    ck_at(kpis, "data.events[0].data.id", format("'%s'", kpi));
    ck_at(kpis, "data.events[1]", "absent");
    ck_at(kpis, "data.next", "null");

    measured(kpi, "2025-03", "44000");
    const struct rig_answer *readings = page("readings", "");
    ck_at(readings, "data.events[0].type", "'kpi.reading.created'");
    ck_at(readings, "data.events[0].data.kpi.id", format("'%s'", kpi));
    ck_at(readings, "data.events[0].data.measurementDate", "'2025-03-31'");
    ck_at(readings, "data.events[0].data.isEstimate", "false");
    ck_at(readings, "data.events[0].data.reading.period", "'2025-03'");
    ck_says(readings, "data.events[0].data.reading.value", "44000");
    ck_at(readings, "data.events[1]", "absent");
    ck_at(readings, "data.next", "null");

    const struct rig_answer *targets = page("targets", "");
    ck_at(targets, "data.events[0].type", "'kpi.target.updated'");
    ck_at(targets, "data.events[3].data.kpiId", format("'%s'", kpi));
    ck_at(targets, "data.events[4]", "absent");

    ck_answer(ask("adjustKPIPlan", of(kpi),
                  format("{'strategy': 'proportional_shift', 'rationale': 'r', "
                         "'basedOnActualId': '%s'}",
                         measurement(kpi, "2025-03-31"))),
              200);
    const struct rig_answer *anchors = page("anchors", "");
    ck_at(anchors, "data.events[0].type", "'kpi.plan.adjusted'");
    ck_at(anchors, "data.events[0].entity", format("'%s'", kpi));
    ck_at(anchors, "data.events[0].data.anchor.day", "'2025-03-31'");
    ck_says(anchors, "data.events[0].data.anchor.value", "44000");
    ck_at(anchors, "data.events[1]", "absent");

    ck_invalid(ask("entitiesAfter", NULL, "{'kind': 'goals'}"), "kind");
    ck_answer(ask("deleteSharedKPI", of(kpi), NULL), 200);
    static const char *const kinds[] = {"kpis", "readings", "targets", "anchors"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ck_at(page(kinds[i], ""), "data.events", "[]");
}
END_TEST

START_TEST(a_link_comes_as_its_event)
{
    const char *kpi = revenue("");

    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, "
                     "created_at, updated_at, created_by, updated_by) VALUES ('%s', "
                     "gen_random_uuid(), gen_random_uuid(), '%s', 80, 3, now(), now(), 'u', 'u')",
                     caller.tenant, kpi));
    const struct rig_answer *links = page("links", "");
    ck_at(links, "data.events[0].type", "'kpi.linked'");
    ck_at(links, "data.events[0].version", "3");
    ck_at(links, "data.events[0].data.kpiId", format("'%s'", kpi));
    ck_at(links, "data.events[1]", "absent");
    ck_at(links, "data.next", "null");
}
END_TEST

/* A hundred on each; what is behind the page begins behind its last. */
START_TEST(pages_follow_each_other)
{
    const char *kpi = revenue("");

    sql_value(format("INSERT INTO kpis.readings (tenant_id, id, kpi_id, period, value, source, "
                     "version, created_at, updated_at, created_by, updated_by) SELECT '%s', "
                     "gen_random_uuid(), '%s', 24000 + i, i, 'manual', 1, now(), now(), 'u', 'u' "
                     "FROM generate_series(1, 101) AS i",
                     caller.tenant, kpi));
    const struct rig_answer *readings = page("readings", "");
    ck_at(readings, "data.next", format("'%s'", kpi));
    ck_at(readings, "data.place", "24100");
    ck_at(readings, "data.events[100]", "absent");
    readings = page("readings", format(", 'id': '%s', 'place': 24100", kpi));
    ck_says(readings, "data.events[0].data.reading.value", "101");
    ck_at(readings, "data.events[1]", "absent");
    ck_at(readings, "data.next", "null");

    sql_value(format("INSERT INTO kpis.kpis (tenant_id, id, name, direction, is_shared, version, "
                     "created_at, updated_at, created_by, updated_by) SELECT '%s', "
                     "gen_random_uuid(), 'k' || i, 'up', true, 1, now(), now(), 'u', 'u' FROM "
                     "generate_series(1, 100) AS i",
                     caller.tenant));
    const struct rig_answer *kpis = page("kpis", "");
    const char *last = text_at(kpis, "data.events[99].entity");
    ck_at(kpis, "data.next", format("'%s'", last));
    ck_at(kpis, "data.events[100]", "absent");
    kpis = page("kpis", format(", 'id': '%s'", last));
    ck_at(kpis, "data.events[1]", "absent");
    ck_at(kpis, "data.next", "null");
    ck_assert_str_gt(text_at(kpis, "data.events[0].entity"), last);
}
END_TEST

SERVICE_SUITE_MAIN("kpis snapshots", entities_come_as_their_events, a_link_comes_as_its_event,
                   pages_follow_each_other)
