/* Figures from rows as the projections hold them: the formulas' edges, a large tenant, and the
 * database's own guard of tenants. That events become such rows is tested over the whole stack. */
#include "service_rig.h"

#include <time.h>

#include "timestamp.h"

static const char *goal(int number, const char *status, const char *due, const char *completed)
{
    return format("INSERT INTO analytics.goals (tenant_id, generation, id, title, owner_id, "
                  "horizon, status, due_date, completed_at, created_at, version) VALUES ('%s', 1, "
                  "'00000000-0000-7000-8000-%012d', 'g', 'o%d', 'year', '%s', %s, %s, now(), 1)",
                  caller.tenant, number, number % 2, status, due, completed);
}

/* The tenant has changed by an event. */
static void touch(void)
{
    sql_value(format("INSERT INTO analytics.stamps VALUES ('%s', 1, 'svc-goals', "
                     "gen_random_uuid(), now()) ON CONFLICT (tenant_id, generation, source) DO "
                     "UPDATE SET stamp = excluded.stamp",
                     caller.tenant));
}

static const struct rig_answer *ask_figures(const char *operation)
{
    const struct rig_answer *figures = ask(operation, NULL, NULL);

    ck_answer(figures, 200);
    return figures;
}

START_TEST(nothing_gives_zeros)
{
    ck_at(ask_figures("loadGoalStats"), "data.averageProgress", "0.0");
    ck_at(ask_figures("loadPerformanceScore"), "data.overallScore", "0.0");
    ck_at(ask_figures("loadPerformanceScore"), "data.trend", "'stable'");
    ck_at(ask_figures("loadTeamAlignment"), "data.collaborationMetrics.kpiSharing", "0.0");
    ck_at(ask_figures("loadRecentActivity"), "data", "[]");
}
END_TEST

START_TEST(days_decide_what_is_late)
{
    rig_new_tenant();
    sql_value(goal(1, "active", "date_trunc('day', now(), 'UTC')", "NULL")); /* due today */
    sql_value(goal(2, "paused", "now() - interval '25 hours'", "NULL"));
    sql_value(goal(3, "completed", "'2025-01-15'", "'2025-01-15T23:59:59Z'"));
    sql_value(goal(4, "completed", "'2025-01-15'", "'2025-01-16'"));
    sql_value(goal(5, "completed", "NULL", "now()")); /* never late */
    sql_value(goal(6, "draft", "'2020-01-01'", "NULL"));
    sql_value(goal(7, "archived", "'2020-01-01'", "'2021-01-01'"));
    touch();
    const struct rig_answer *score = ask_figures("loadPerformanceScore");
    ck_at(score, "data.components.goals.metrics.completionRate", "60.0");
    ck_at(score, "data.components.goals.metrics.onTimeRate", "60.0");
    ck_at(score, "data.components.goals.score", "60.0");
    ck_at(score, "data.overallScore", "60.0"); /* nothing else to weigh */
    /* Archived after completion: complete. Of seven one is a draft, two are open. */
    double progress = atof(at(ask_figures("loadGoalStats"), "data.averageProgress"));
    ck_assert_msg(progress > 66.66 && progress < 66.68, "%f", progress);
    ck_at(ask_figures("loadGoalStats"), "data.goalsByStatus.archived", "1");
}
END_TEST

/* Links of goals that are gone, and of KPIs that are, count nowhere. */
START_TEST(links_need_both_ends)
{
    rig_new_tenant();
    const char *tenant = caller.tenant;

    sql_value(goal(1, "active", "NULL", "NULL"));
    sql_value(format("INSERT INTO analytics.kpis (tenant_id, generation, id, name, direction, "
                     "is_shared, target_value, first_value, last_value, created_at, version) "
                     "VALUES ('%s', 1, '00000000-0000-7000-8000-000000000001', 'k', 'down', false, "
                     "10, 20, 15, now(), 1)",
                     tenant));
    for (int i = 0; i < 4; i++)
        sql_value(format("INSERT INTO analytics.links (tenant_id, generation, id, goal_id, kpi_id, "
                         "threshold, version) VALUES ('%s', 1, gen_random_uuid(), "
                         "'00000000-0000-7000-8000-%012d', '00000000-0000-7000-8000-%012d', 50, 1)",
                         tenant, i & 1, i >> 1));
    touch();
    const struct rig_answer *score = ask_figures("loadPerformanceScore");
    ck_at(score, "data.components.kpis.metrics.onTrackRate", "100.0");
    ck_at(score, "data.components.kpis.metrics.targetAchievementRate", "0.0");
    ck_at(ask_figures("loadGoalStats"), "data.averageProgress", "50.0");
    ck_at(ask_figures("loadTeamAlignment"), "data.sharedKPIs", "0");
}
END_TEST

static void fill_large(void)
{
    const char *tenant = caller.tenant;

    sql_value(format("INSERT INTO analytics.goals SELECT '%s', 1, ('00000000-0000-7000-8000-' || "
                     "lpad(n::text, 12, '0'))::uuid, 'g', 'o' || n %% 40, 'year', 'active', now(), "
                     "NULL, now(), 1 FROM generate_series(1, 2000) n",
                     tenant));
    sql_value(format("INSERT INTO analytics.kpis SELECT '%s', 1, ('00000000-0000-7000-8000-' || "
                     "lpad(n::text, 12, '0'))::uuid, 'k', NULL, 'up', false, NULL, 0, 10, now(), "
                     "1, 1, 5 FROM generate_series(1, 500) n",
                     tenant));
    sql_value(format("INSERT INTO analytics.links SELECT '%s', 1, gen_random_uuid(), g.id, k.id, "
                     "50, NULL, NULL, 1 FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM "
                     "analytics.goals WHERE tenant_id = '%s') g JOIN (SELECT id, row_number() OVER "
                     "(ORDER BY id) n FROM analytics.kpis WHERE tenant_id = '%s') k ON k.n IN (g.n "
                     "%% 500 + 1, g.n * 7 %% 500 + 1, g.n * 3 %% 500 + 1)",
                     tenant, tenant, tenant));
    sql_value(format("INSERT INTO analytics.actions SELECT '%s', 1, gen_random_uuid(), 'a', "
                     "'completed', 'low', now(), now(), 'p' || n %% 60, "
                     "ARRAY[('00000000-0000-7000-8000-' || lpad((n %% 2000 + 1)::text, 12, "
                     "'0'))::uuid], 1 FROM generate_series(1, 10000) n",
                     tenant));
    touch();
}

/* The statements' plans are those of empty tables, and nothing analyzes the full ones. */
START_TEST(large_tenants_are_quick_with_old_plans)
{
    struct timespec from, to;

    for (int i = 0; i < 12; i++) { /* on every connection */
        rig_new_tenant();
        ask_figures("loadGoalStats");
    }
    fill_large();
    clock_gettime(CLOCK_MONOTONIC, &from);
    const struct rig_answer *stats = ask_figures("loadGoalStats");
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_at(stats, "data.averageProgress", "50.0");
    ck_at(ask_figures("loadTeamAlignment"), "data.collaborationMetrics.kpiSharing", "100.0");
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    ck_assert_msg(seconds < 1.5, "%f s", seconds);
}
END_TEST

START_TEST(tenants_and_generations_are_apart)
{
    rig_new_tenant();
    sql_value(goal(1, "active", "NULL", "NULL"));
    const char *see = "SELECT count(*)::text FROM goals";
    const char *as = "SET LOCAL ROLE svc_analytics; SET LOCAL search_path = analytics;";

    ck_assert_str_eq(
        sql_value(format("SET LOCAL app.tenant = '%s'; %s %s", caller.tenant, as, see)), "1");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s %s", as, see)), "0");
    ck_assert_str_eq(sql_value(format("%s %s", as, see)), "0");
    sql_value(
        format("UPDATE analytics.goals SET generation = 2 WHERE tenant_id = '%s'", caller.tenant));
    ck_assert_str_eq(
        sql_value(format("SET LOCAL app.tenant = '%s'; %s %s", caller.tenant, as, see)), "0");
}
END_TEST

START_TEST(queries_are_checked)
{
    ck_invalid(ask_all("loadRecentActivity", NULL, "{'size': ['51']}", NULL), "size");
    ck_invalid(ask_all("loadGoalStats", NULL, "{'size': ['5']}", NULL), "size");
    ck_invalid(ask_all("generateReport", NULL, "{'format': ['txt']}", NULL), "format");
    ck_invalid(
        ask_all("generateReport", NULL, "{'from': ['2025-02-02'], 'to': ['2025-02-01']}", NULL),
        "from");
    ck_invalid(ask_all("generateReport", NULL, "{'sections': ['goals,money']}", NULL), "sections");
    ck_invalid(ask_all("generateReport", NULL, "{'includeCharts': ['2']}", NULL), "includeCharts");
    ck_invalid(ask_all("generateReport", NULL, "{'lang': ['it']}", NULL), "lang");
    ck_invalid(ask_all("generateReport", NULL, "{'paper': ['a3']}", NULL), "paper");
    ck_assert_str_eq(sql_value("SELECT count(*)::text FROM analytics.reports"), "0");
}
END_TEST

/* Every chapter in every language and form, alone and of a tenant whose periods have everything:
 * the statements of the gathering and the writer's reading of the document agree. */
START_TEST(reports_of_every_kind_are_made)
{
    static const char *const queries[] = {
        "{'sections': ['executive-summary']}",
        "{'sections': ['Goals'], 'lang': ['DE']}",
        "{'sections': ['strategies'], 'lang': ['fr']}",
        "{'sections': ['measures'], 'lang': ['es'], 'includeCharts': ['false']}",
        "{'sections': ['actions,issues'], 'lang': ['ar'], 'format': ['docx']}",
        "{'sections': ['people', 'trends'], 'paper': ['letter']}",
        "{'sections': ['analytics,activity'], 'includeAnalytics': ['false']}",
        "{'from': ['2025-01-01'], 'to': ['2025-01-31']}",
        "{'startDate': ['2025-01-01'], 'endDate': ['2099-01-31'], 'format': ['PDF']}",
    };

    rig_new_tenant();
    sql_value(goal(1, "active", "'2025-03-01'", "NULL"));
    sql_value(goal(2, "completed", "'2025-01-15'", "'2025-01-16'"));
    sql_value(
        format("INSERT INTO analytics.kpis (tenant_id, generation, id, name, direction, "
               "is_shared, baseline_value, target_value, created_at, version) VALUES ('%s', "
               "1, '00000000-0000-7000-8000-000000000009', 'k', 'up', false, 0, 10, now(), 1)",
               caller.tenant));
    sql_value(format("INSERT INTO analytics.links (tenant_id, generation, id, goal_id, kpi_id, "
                     "threshold, version) VALUES ('%s', 1, gen_random_uuid(), "
                     "'00000000-0000-7000-8000-000000000001', "
                     "'00000000-0000-7000-8000-000000000009', 50, 1)",
                     caller.tenant));
    sql_value(
        format("INSERT INTO analytics.readings (tenant_id, generation, kpi_id, period, value, "
               "version) SELECT '%s', 1, '00000000-0000-7000-8000-000000000009', 24298 + n, "
               "CASE n %% 2 WHEN 0 THEN 1.7e308 ELSE -1.7e308 END, 1 FROM "
               "generate_series(1, 5) n",
               caller.tenant));
    touch();
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        ck_answer(ask_all("generateReport", NULL, queries[i], NULL), 200);
}
END_TEST

/* --- Reports that nobody waits for --- */

static bool no_writer(void)
{
    return !service_has_child();
}

static bool none_counted(void)
{
    return strcmp(sql_value(format("SELECT count(*)::text FROM analytics.reports "
                                   "WHERE tenant_id = '%s'",
                                   caller.tenant)),
                  "0") == 0;
}

/* The writer is stopped, the report does not count, and places are free. */
static void expect_stopped(void)
{
    struct rig_caller large = caller;

    ck_assert(wait_until(no_writer, 2500));
    ck_assert(wait_until(none_counted, 1000));
    rig_new_tenant();
    const struct rig_answer *small = ask("generateReport", NULL, NULL);
    ck_answer(small, 200);
    ck_assert(no_writer());
    caller = large;
}

START_TEST(reports_end_with_their_caller)
{
    rig_new_tenant();
    fill_large();
    caller.limits[LIMIT_REPORTS] = 1;
    for (int i = 0; i < 3; i++) { /* more than there are places */
        ask_and_leave(RIG_GIVES_UP, service_has_child, "generateReport", NULL);
        expect_stopped();
    }
    ask_and_leave(RIG_DIES, service_has_child, "generateReport", "{'format': ['docx']}");
    expect_stopped();
    /* Just too little time: most of it goes to the writer. */
    caller.limits[LIMIT_REPORTS] = LIMIT_NONE;
    int64_t began_us = monotonic_us();
    const struct rig_answer *report = ask("generateReport", NULL, NULL);
    int64_t took_ms = (monotonic_us() - began_us) / 1000;
    for (; report->http == 200; took_ms = took_ms * 2 / 3) {
        caller.remaining_ms = 1000 + took_ms * 2 / 3;
        report = ask("generateReport", NULL, NULL);
    }
    ck_refused(report, 504, "UPSTREAM_TIMEOUT");
    ck_assert(wait_until(no_writer, 500));
}
END_TEST

/* 70 MiB of strategies: the list ends before, and the writer is begun. */
START_TEST(lists_of_reports_are_bounded_in_bytes)
{
    rig_new_tenant();
    for (int i = 1; i <= 70; i++)
        sql_value(goal(i, "active", "NULL", "NULL"));
    sql_value(format(
        "INSERT INTO analytics.strategies (tenant_id, generation, id, goal_id, description, "
        "status, order_index, version) SELECT tenant_id, 1, gen_random_uuid(), id, "
        "repeat('word ', 1000), 'draft', i, 1 FROM analytics.goals, generate_series(1, 210) AS i "
        "WHERE tenant_id = '%s'",
        caller.tenant));
    touch();
    ask_and_leave(RIG_GIVES_UP, service_has_child, "generateReport", NULL);
    ck_assert(wait_until(no_writer, 2500));
}
END_TEST

/* They give their turns back, and those in front of them go on. */
START_TEST(reports_that_wait_end_too)
{
    rig_new_tenant();
    fill_large();
    for (int i = 0; i < 6; i++)
        ask_and_leave(RIG_GIVES_UP, service_has_child, "generateReport", NULL);
    expect_stopped();
    caller.remaining_ms = 40000; /* the writer gives way to whatever else runs */
    const struct rig_answer *large = ask("generateReport", NULL, NULL);
    ck_answer(large, 200);
}
END_TEST

/* Of five reports of another tenant two are being made: this one is next. */
START_TEST(reports_of_others_are_not_behind_all_of_one_tenant)
{
    size_t before;

    rig_new_tenant();
    const char *greedy = format("%s-greedy", caller.tenant);
    caller.remaining_ms = 100000; /* writers give way to whatever else runs */
    ck_answer(ask_behind(5, greedy, "generateReport", &before), 200);
    ck_assert_uint_le(before, 3);
}
END_TEST

/* Types of the entries that are so filtered, and how many there are. */
static const char *feed_of(const char *filters)
{
    return listed("loadRecentActivity", format("{'page': ['1'], %s}", filters), "type");
}

/* What an entry is about is told by its type, so both filters are one of types. */
START_TEST(the_feed_is_filtered_by_what_it_is_about)
{
    static const char *const entries[][2] = {
        {"goal_created", "goal"}, {"note_added", "goal"},     {"action_created", "action"},
        {"kpi_updated", "kpi"},   {"issue_created", "issue"},
    };

    rig_new_tenant();
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        sql_value(format("INSERT INTO analytics.activity (tenant_id, generation, id, at, type, "
                         "entity_type, entity_id, words, user_id) VALUES ('%s', 1, "
                         "gen_random_uuid(), now() - %zu * interval '1 s', '%s', '%s', "
                         "gen_random_uuid(), 'w', 'u')",
                         caller.tenant, i, entries[i][0], entries[i][1]));
    ck_assert_str_eq(feed_of("'entityType': ['goal']"), "goal_created,note_added 2");
    ck_assert_str_eq(feed_of("'entityType': ['kpi,action']"), "action_created,kpi_updated 2");
    ck_assert_str_eq(feed_of("'entityType': ['goal'], 'type': ['note']"), "note_added 1");
    ck_assert_str_eq(feed_of("'entityType': ['action'], 'type': ['note']"), " 0");
}
END_TEST

/* A type's entries, and a goal's actions, are found by indexes under row level security. */
START_TEST(the_feed_is_chosen_from_by_indexes)
{
    rig_new_tenant();
    sql_value(format("INSERT INTO analytics.activity (tenant_id, generation, id, at, type, "
                     "entity_type, entity_id, words, user_id) SELECT '%s', 1, gen_random_uuid(), "
                     "now() - i * interval '1 s', CASE WHEN i %% 5000 = 7 THEN 'note_added' ELSE "
                     "'goal_updated' END, 'goal', gen_random_uuid(), 'w', 'u' FROM "
                     "generate_series(1, 20000) AS i",
                     caller.tenant));
    sql_value(format("INSERT INTO analytics.actions (tenant_id, generation, id, title, status, "
                     "goal_ids, version) SELECT '%s', 1, gen_random_uuid(), 'a', 'blocked', "
                     "ARRAY[('00000000-0000-7000-8000-' || lpad((i %% 5000)::text, 12, '0'))::uuid]"
                     ", 1 FROM generate_series(1, 20000) AS i",
                     caller.tenant));
    sql_value("VACUUM ANALYZE analytics.activity, analytics.actions");
    const char *set = format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_analytics; "
                             "SET LOCAL search_path = analytics; ",
                             caller.tenant);
    const char *plan = sql_value(format(
        "%s EXPLAIN (FORMAT JSON) SELECT id FROM activity a WHERE a.tenant_id = '%s' AND a.type = "
        "ANY ('{note_added}') ORDER BY a.at DESC, a.id DESC LIMIT 10",
        set, caller.tenant));
    ck_assert_msg(strstr(plan, "activity_of_type"), "%s", plan);
    const char *found = format(
        "%s SELECT count(*) FROM actions_of_goal('00000000-0000-7000-8000-000000000007')", set);
    ck_assert_str_eq(sql_value(found), "4");
    ck_assert_int_ge(
        atoi(sql_value(
            format("%s; SELECT pg_stat_get_xact_numscans('actions_goals'::regclass)", found))),
        1);
    const struct rig_answer *notes =
        ask_all("loadRecentActivity", NULL, "{'type': ['note'], 'size': ['3']}", NULL);
    ck_at(notes, "page.total", "4");
    ck_at(notes, "data[2].type", "'note_added'");
}
END_TEST

SERVICE_SUITE_MAIN("analytics", nothing_gives_zeros, days_decide_what_is_late, links_need_both_ends,
                   large_tenants_are_quick_with_old_plans, tenants_and_generations_are_apart,
                   queries_are_checked, reports_of_every_kind_are_made,
                   reports_end_with_their_caller, reports_that_wait_end_too,
                   lists_of_reports_are_bounded_in_bytes,
                   reports_of_others_are_not_behind_all_of_one_tenant,
                   the_feed_is_filtered_by_what_it_is_about, the_feed_is_chosen_from_by_indexes)
