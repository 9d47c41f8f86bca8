/* svc-kpis alone: which of a goal's links is the primary one, the risk threshold, and what becomes
 * of links when events tell of their strategy. The links stand in the tables, because linking needs
 * svc-goals (tests/api/kpi_primary.test.mjs). */
#include "service_rig.h"

/* A goal with as many links, of KPIs of their own, made one second after the other. */
static const char *goal_with(int links)
{
    const char *goal = sql_value("SELECT gen_random_uuid()::text");

    for (int i = 0; i < links; i++) {
        const struct rig_answer *kpi =
            ask("createSharedKPI", NULL,
                format("{'name': 'KPI %d of %s', 'direction': 'up'}", i + 1, goal));
        ck_answer(kpi, 201);
        sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, "
                         "is_primary, version, created_at, updated_at, created_by, updated_by) "
                         "VALUES ('%s', gen_random_uuid(), '%s', '%s', 80, %s, 1, now() + '%d "
                         "s', now(), 'u', 'u')",
                         caller.tenant, goal, text_at(kpi, "data.id"), i == 0 ? "true" : "false",
                         i));
    }
    return goal;
}

static const char *kpi_of(const char *goal, int place)
{
    return sql_value(format("SELECT kpi_id::text FROM kpis.links WHERE goal_id = '%s' ORDER BY "
                            "created_at OFFSET %d LIMIT 1",
                            goal, place - 1));
}

static const char *of_goal(const char *goal)
{
    return format("{'goalId': '%s'}", goal);
}

static const char *of_link(const char *goal, const char *kpi)
{
    return format("{'goalId': '%s', 'kpiId': '%s'}", goal, kpi);
}

static const struct rig_answer *unlink_kpi(const char *goal, const char *kpi, const char *more)
{
    return ask("detachKPI", of_goal(goal), format("{'kpi_id': '%s'%s}", kpi, more));
}

/* "KPI 2", or what is wrong when not exactly one is. */
static const char *primary_of(const char *goal)
{
    return sql_value(format("SELECT coalesce(string_agg(split_part(k.name, ' of', 1), ' and '), "
                            "'none') FROM kpis.links l JOIN kpis.kpis k ON k.id = l.kpi_id WHERE "
                            "goal_id = '%s' AND is_primary",
                            goal));
}

START_TEST(moves_to_the_one_that_is_named)
{
    const char *goal = goal_with(3), *first = kpi_of(goal, 1), *third = kpi_of(goal, 3);
    const struct rig_answer *moved = ask("setPrimaryKPI", of_link(goal, third), NULL);

    ck_answer(moved, 200);
    ck_at(moved, "data.goalId", format("'%s'", goal));
    ck_at(moved, "data.previousPrimaryKpiId", format("'%s'", first));
    ck_at(moved, "data.newPrimaryMeasureId", format("'%s'", third));
    const struct rig_answer *link = ask("getKPILinkage", of_link(goal, third), NULL);
    ck_at(link, "data.isPrimary", "true");
    ck_at(link, "data.order", "3");
    ck_at(link, "version", "2");
    ck_assert_str_eq(text_at(link, "data.updatedAt"), text_at(moved, "data.updatedAt"));
    ck_at(ask("getKPILinkage", of_link(goal, first), NULL), "version", "2");
    ck_at(event_of_type("kpi.linked"), "data.isPrimary", "true");
    ck_assert_str_eq(primary_of(goal), "KPI 3");
    ck_assert_str_eq(event_types(), "kpi.created kpi.created kpi.created kpi.linked kpi.linked");
    /* Again, by the link's own id: nothing changes. */
    moved = ask("setPrimaryKPI", of_link(goal, text_at(link, "data.id")), NULL);
    ck_at(moved, "data.previousPrimaryKpiId", format("'%s'", third));
    ck_at(moved, "data.updatedAt", at(link, "data.updatedAt"));
    ck_at(ask("getKPILinkage", of_link(goal, third), NULL), "version", "2");
    caller.if_version = 1;
    ck_refused(ask("setPrimaryKPI", of_link(goal, first), NULL), 412, "PRECONDITION_FAILED");
    ck_assert_str_eq(event_types(), "kpi.created kpi.created kpi.created kpi.linked kpi.linked");
}
END_TEST

START_TEST(unlinking_leaves_a_primary_one)
{
    const char *goal = goal_with(4), *first = kpi_of(goal, 1), *second = kpi_of(goal, 2);
    const char *third = kpi_of(goal, 3), *fourth = kpi_of(goal, 4);
    const struct rig_answer *gone = unlink_kpi(goal, second, "");

    ck_answer(gone, 200);
    ck_at(gone, "data.unlinkedKpiId", format("'%s'", second));
    ck_at(gone, "data.newPrimaryKpiId", "null");
    ck_at(gone, "data.remainingKpiCount", "3");
    ck_assert_str_eq(primary_of(goal), "KPI 1");
    ck_invalid(unlink_kpi(goal, first, format(", 'newPrimaryKpiId': '%s'", first)),
               "newPrimaryKpiId");
    ck_invalid(unlink_kpi(goal, first, format(", 'newPrimaryKpiId': '%s'", second)),
               "newPrimaryKpiId");
    ck_assert_str_eq(primary_of(goal), "KPI 1");
    gone = unlink_kpi(goal, first, format(", 'new_primary_kpi_id': '%s'", fourth));
    ck_answer(gone, 200);
    ck_at(gone, "data.newPrimaryKpiId", format("'%s'", fourth));
    ck_assert_str_eq(primary_of(goal), "KPI 4");
    gone = unlink_kpi(goal, fourth, "");
    ck_at(gone, "data.newPrimaryKpiId", format("'%s'", third));
    ck_at(gone, "data.remainingKpiCount", "1");
    ck_at(event_of_type("kpi.linked"), "data.order", "1");
    gone = unlink_kpi(goal, third, "");
    ck_at(gone, "data.newPrimaryMeasureId", "null");
    ck_at(gone, "data.remainingMeasureCount", "0");
    ck_assert_str_eq(primary_of(goal), "none");
}
END_TEST

/* A program of an older release has linked or unlinked meanwhile: the next change mends it. */
START_TEST(finds_a_goal_without_one)
{
    const char *goal = goal_with(3);

    sql_value(format("UPDATE kpis.links SET is_primary = false WHERE goal_id = '%s'", goal));
    ck_at(unlink_kpi(goal, kpi_of(goal, 2), ""), "data.newPrimaryKpiId",
          format("'%s'", kpi_of(goal, 1)));
    ck_assert_str_eq(primary_of(goal), "KPI 1");
    sql_value(format("UPDATE kpis.links SET is_primary = false WHERE goal_id = '%s'", goal));
    ck_at(ask("setPrimaryKPI", of_link(goal, kpi_of(goal, 2)), NULL), "data.previousPrimaryKpiId",
          "null");
    ck_assert_str_eq(primary_of(goal), "KPI 3");
}
END_TEST

START_TEST(one_is_primary_after_all_at_once)
{
    const char *goal = goal_with(6);

    for (int i = 2; i <= 6; i++) {
        const struct rig_answer **answers =
            ask_at_once(4, "setPrimaryKPI", of_link(goal, kpi_of(goal, i)), NULL);
        ck_assert_uint_eq(count_http(answers, 4, 200), 4);
        ck_assert_str_eq(primary_of(goal), format("KPI %d", i));
    }
    const struct rig_answer **answers =
        ask_at_once(4, "detachKPI", of_goal(goal), format("{'kpiId': '%s'}", kpi_of(goal, 6)));
    ck_assert_uint_eq(count_http(answers, 4, 200), 1);
    ck_assert_uint_eq(count_http(answers, 4, 503), 3); /* whether the goal exists, nobody says */
    ck_assert_str_eq(primary_of(goal), "KPI 1");
}
END_TEST

START_TEST(the_risk_threshold_is_not_above_the_threshold)
{
    const char *goal = goal_with(1), *path = of_link(goal, kpi_of(goal, 1));

    ck_at(ask("getKPILinkage", path, NULL), "data.riskThresholdPct", "50.0");
    const struct rig_answer *link =
        ask("updateKPIThreshold", path, "{'thresholdPct': 60, 'risk_threshold_pct': 55.5}");
    ck_answer(link, 200);
    ck_at(link, "data.riskThresholdPct", "55.5");
    ck_at(ask("getKPILinkage", path, NULL), "data", at(link, "data"));
    ck_invalid(ask("updateKPIThreshold", path, "{'thresholdPct': 60, 'riskThresholdPct': 60.5}"),
               "riskThresholdPct");
    ck_invalid(ask("updateKPIThreshold", path, "{'thresholdPct': 60, 'riskThresholdPct': -1}"),
               "riskThresholdPct");
    /* It goes down with the threshold, and is itself again above. */
    link = ask("updateKPIThreshold", path, "{'thresholdPct': 20}");
    ck_at(link, "data.riskThresholdPct", "20.0");
    link = ask("updateKPIThreshold", path, "{'thresholdPct': 100}");
    ck_at(link, "data.riskThresholdPct", "55.5");
    link = ask("updateKPIThreshold", path, "{'thresholdPct': 100, 'riskThresholdPct': null}");
    ck_at(link, "data.riskThresholdPct", "50.0");
    ck_at(ask("kpisOfGoals", NULL, format("{'goalIds': ['%s']}", goal)), "data.progress[0]",
          "null");
}
END_TEST

/* Nobody says whether the strategy is one of the goal's; clearing it needs nobody. */
START_TEST(a_strategy_is_not_taken_without_svc_goals)
{
    static const char *strategy = "018f0000-0000-7000-8000-000000000001";
    const char *goal = goal_with(1), *kpi = kpi_of(goal, 1), *path = of_link(goal, kpi);

    ck_refused(ask("updateKPIThreshold", path,
                   format("{'thresholdPct': 60, 'strategyId': '%s'}", strategy)),
               503, "SERVICE_UNAVAILABLE");
    ck_invalid(ask("updateKPIThreshold", path, "{'thresholdPct': 60, 'strategyId': 'x'}"),
               "strategyId");
    sql_value(format("INSERT INTO kpis.strategies (tenant_id, id, title, version) VALUES ('%s', "
                     "'%s', 'Go east', 1)",
                     caller.tenant, strategy));
    sql_value(
        format("UPDATE kpis.links SET strategy_id = '%s' WHERE goal_id = '%s'", strategy, goal));
    const struct rig_answer *link = ask("updateKPIThreshold", path, "{'thresholdPct': 60}");
    ck_at(link, "data.strategyId", format("'%s'", strategy));
    ck_at(link, "data.strategyTitle", "'Go east'");
    ck_assert_str_eq(listed("getSharedKPIs", format("{'strategyId': ['%s']}", strategy), "id"),
                     format("%s 1", kpi));
    ck_assert_str_eq(listed("getSharedKPIs", "{'strategy_id': ['none']}", "id"), " 0");
    link = ask("updateKPIThreshold", path, "{'thresholdPct': 60, 'strategyId': ''}");
    ck_at(link, "data.strategyId", "null");
    ck_at(link, "data.strategyTitle", "null");
}
END_TEST

SERVICE_SUITE_MAIN("Primary KPIs", moves_to_the_one_that_is_named, unlinking_leaves_a_primary_one,
                   finds_a_goal_without_one, one_is_primary_after_all_at_once,
                   the_risk_threshold_is_not_above_the_threshold,
                   a_strategy_is_not_taken_without_svc_goals)
