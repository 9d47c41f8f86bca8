/* The catalogue's list, its search's plan over many rows, progress over many readings, and the
 * database's own guard of tenants. */
#include "service_rig.h"

#include <math.h>
#include <stdlib.h>

static const char *add(const char *name, const char *more)
{
    const struct rig_answer *kpi =
        ask("createSharedKPI", NULL, format("{'name': '%s', 'direction': 'up'%s}", name, more));

    ck_answer(kpi, 201);
    return text_at(kpi, "data.id");
}

/* Names of a page, separated by commas, and the total. */
static const char *names(const char *query)
{
    return listed("getSharedKPIs", query, "name");
}

static void check_names(const char *const (*expected)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(!strcmp(names(expected[i][0]), expected[i][1]), "%s gives %s", expected[i][0],
                      names(expected[i][0]));
}

/* By direction, in any of its words. Filters by goals are tested over HTTP: links need svc-goals.
 */
START_TEST(filters_by_direction)
{
    static const char *const expected[][2] = {
        {"{'direction': ['down']}", "b 1"},
        {"{'direction': ['Higher']}", "a 1"},
        {"{'direction': ['decrease,increase']}", "b,a 2"},
        {"{'includeShared': ['false']}", "b,a 2"},
        {"{'include_shared': ['true'], 'direction': ['up']}", "a 1"},
        {"{'goalId': ['0190b5a0-0000-7000-8000-000000000000']}", " 0"},
        {"{'goalId': ['nothing']}", " 0"},
    };

    add("a", "");
    ck_answer(ask("createSharedKPI", NULL, "{'name': 'b', 'direction': 'lower'}"), 201);
    check_names(expected, sizeof expected / sizeof *expected);
    ck_invalid(ask("createSharedKPI", NULL, "{'name': 'c', 'direction': 'maintain'}"), "direction");
    ck_invalid(ask_all("getSharedKPIs", NULL, "{'includeShared': ['maybe']}", NULL),
               "includeShared");
}
END_TEST

START_TEST(pages_sorts_and_filters)
{
    static const char *const expected[][2] = {
        {NULL, "D,c,B,a 4"},
        {"{'size': ['3'], 'page': ['2']}", "a 4"},
        {"{'sort': ['name']}", "a,B,c,D 4"},
        {"{'sort': ['name:desc'], 'size': ['2']}", "D,c 4"},
        {"{'sort': ['category']}", "a,B,c,D 4"},
        {"{'sort': ['-category']}", "c,B,a,D 4"},
        {"{'sort': ['createdAt']}", "a,B,c,D 4"},
        {"{'sort': ['-updatedAt']}", "D,c,B,a 4"},
        {"{'category': ['y']}", "c,B 2"},
        {"{'category': ['Y']}", " 0"},
        {"{'ownerId': ['o'], 'sort': ['name']}", "B,D 2"},
        {"{'owner_id': ['o'], 'category': ['y']}", "B 1"},
        {"{'search': ['FIND me']}", "a 1"},
        {"{'search': ['find'], 'ownerId': ['o']}", " 0"},
        {"{'search': ['']}", "D,c,B,a 4"},
    };

    add("a", ", 'category': 'x', 'description': 'find me'");
    add("B", ", 'category': 'y', 'ownerId': 'o'");
    add("c", ", 'category': 'y'");
    add("D", ", 'ownerId': 'o'");
    check_names(expected, sizeof expected / sizeof *expected);
    ck_invalid(ask_all("getSharedKPIs", NULL, "{'sort': ['unit']}", NULL), "sort");
    ck_invalid(ask_all("getSharedKPIs", NULL, "{'size': ['0']}", NULL), "size");
    ck_invalid(ask_all("getSharedKPIs", NULL, "{'status': ['x']}", NULL), "status");
}
END_TEST

START_TEST(searches_literally)
{
    static const char *const expected[][2] = {
        {"{'search': ['%']}", "100% sure 1"},   {"{'search': ['_']}", "a_b 1"},
        {"{'search': ['STRAßE']}", "Straße 1"}, {"{'search': ['ärg']}", "ÄRGER 1"},
        {"{'search': ['acb']}", " 0"},
    };

    add("100% sure", ""), add("a_b", ""), add("Straße", ""), add("ÄRGER", "");
    check_names(expected, sizeof expected / sizeof *expected);
}
END_TEST

/* The words' index has to be used under row level security, and narrow by words, not by tenant. */
START_TEST(search_uses_its_index)
{
    /* Connects before the rows are planted, which takes long. */
    ck_answer(ask("getSharedKPIs", NULL, NULL), 200);
    sql_value(format("INSERT INTO kpis.kpis (tenant_id, id, name, description, direction, "
                     "is_shared, version, created_at, updated_at, created_by, updated_by) SELECT "
                     "'%s', gen_random_uuid(), 'KPI ' || md5(i::text), md5((-i)::text), 'up', "
                     "true, 1, now(), now(), 'u', 'u' FROM generate_series(1, 20000) AS i",
                     caller.tenant));
    sql_value("VACUUM ANALYZE kpis.kpis, kpis.kpi_words");
    const char *word = sql_value("SELECT substr(md5('777'), 3, 12)");
    ck_at(ask_all("getSharedKPIs", NULL, format("{'search': ['%s']}", word), NULL), "page.total",
          "1");
    const char *set = format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_kpis; SET LOCAL "
                             "search_path = kpis; SELECT kpi_words_found('%s', 100);",
                             caller.tenant, word);
    const char *scans = sql_value(
        format("%s SELECT pg_stat_get_xact_numscans('kpi_words_trigrams'::regclass)", set));
    const char *entries = sql_value(
        format("%s SELECT pg_stat_get_xact_tuples_returned('kpi_words_trigrams'::regclass)", set));
    ck_assert_int_ge(atoi(scans), 1);
    ck_assert_msg(atoi(entries) < 100, "%s entries read", entries);
}
END_TEST

/* One value of each goal's progress, computed in SQL from the tables alone: another hand, another
 * language. Values are multiples of a quarter, so both compute exactly; links and means are
 * rounded. */
static const char reference[] =
    "WITH counted AS (SELECT r.*, coalesce(adjusted_value, value) AS counts FROM kpis.readings r), "
    "ends AS (SELECT kpi_id, (array_agg(counts ORDER BY period))[1] AS first, (array_agg(counts "
    "ORDER BY period DESC))[1] AS last FROM counted GROUP BY kpi_id), course AS (SELECT "
    "l.tenant_id, l.goal_id, "
    "k.direction, coalesce(l.baseline_value, k.baseline_value, first) AS b, "
    "coalesce(l.target_value, k.target_value) AS t, last AS c FROM kpis.links l JOIN kpis.kpis k "
    "ON "
    "k.id = l.kpi_id AND k.tenant_id = l.tenant_id LEFT JOIN ends e ON e.kpi_id = k.id) SELECT "
    "coalesce(round(avg(CASE WHEN c IS "
    "NULL THEN 0 WHEN t = b THEN CASE WHEN (direction = 'up' AND c >= t) OR (direction = 'down' "
    "AND "
    "c <= t) THEN 100 ELSE 0 END ELSE round(least(greatest(((c - b) / (t - b) * 100)::numeric, 0), "
    "100), 2) END), 2)::float8, -1) FROM course WHERE t IS NOT NULL AND (tenant_id, goal_id) = ";

/* One more reading of each KPI that has some, through the service: what goals show then follows
 * from all of them. */
static void record_in_the_middle(void)
{
    const int with_readings = 10;

    for (int i = 0; i < with_readings; i++) {
        const char *kpi =
            sql_value(format("SELECT id FROM kpis.kpis WHERE tenant_id = '%s' AND name NOT IN "
                             "('r7', 'r8') ORDER BY name OFFSET %d LIMIT 1",
                             caller.tenant, i));
        ck_answer(ask("createKPIReading", format("{'id': '%s'}", kpi),
                      "{'period': '2025-04', 'value': 1000}"),
                  200);
    }
}

/* Twelve KPIs of every kind, linked at random to thirty goals. */
static void fill_at_random(void)
{
    rig_new_tenant();
    sql_value("SELECT setseed(0.25)::text");
    sql_value(format(
        "WITH numbers AS (SELECT i, (random() * 40 - 20)::int / 4.0 AS a, (random() * 40 - "
        "20)::int / 4.0 AS b FROM generate_series(1, 12) AS i) INSERT INTO kpis.kpis (tenant_id, "
        "id, name, direction, is_shared, baseline_value, target_value, version, created_at, "
        "updated_at, created_by, updated_by) SELECT '%s', gen_random_uuid(), 'r' || i, CASE i %% 2 "
        "WHEN 0 THEN 'up' ELSE 'down' END, true, CASE WHEN i %% 3 > 0 THEN a END, CASE WHEN i %% 4 "
        "> 0 THEN CASE WHEN i = 5 THEN a ELSE b END END, 1, now(), now(), 'u', 'u' FROM numbers",
        caller.tenant));
    sql_value(format("INSERT INTO kpis.readings (tenant_id, id, kpi_id, period, value, "
                     "adjusted_value, source, version, created_at, updated_at, created_by, "
                     "updated_by) SELECT '%s', gen_random_uuid(), k.id, 24300 + m, (random() * 80 "
                     "- 40)::int / 4.0, CASE WHEN random() < 0.3 THEN (random() * 80 - 40)::int / "
                     "4.0 END, 'manual', 1, now(), now(), 'u', 'u' FROM kpis.kpis k, "
                     "generate_series(1, 6) AS m WHERE k.tenant_id = '%s' AND k.name <> 'r7' AND "
                     "k.name <> 'r8'",
                     caller.tenant, caller.tenant));
    record_in_the_middle();
    sql_value(format("INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, "
                     "baseline_value, target_value, version, created_at, updated_at, created_by, "
                     "updated_by) SELECT '%s', gen_random_uuid(), "
                     "format('00000000-0000-7000-8000-%%s', lpad(g::text, 12, '0'))::uuid, k.id, "
                     "50, CASE WHEN random() < 0.3 THEN (random() * 40)::int / 4.0 END, CASE WHEN "
                     "random() < 0.3 THEN (random() * 40)::int / 4.0 END, 1, now(), now(), 'u', "
                     "'u' FROM kpis.kpis k, generate_series(1, 30) AS g WHERE k.tenant_id = '%s' "
                     "AND random() < 0.2",
                     caller.tenant, caller.tenant));
}

START_TEST(progress_agrees_with_the_reference)
{
    int with_target = 0;

    fill_at_random();
    for (int g = 1; g <= 30; g++) {
        const char *goal = format("00000000-0000-7000-8000-%012d", g);
        const struct rig_answer *links =
            ask("kpisOfGoals", NULL, format("{'goalIds': ['%s']}", goal));
        const char *got = at(links, "data.progress[0]");
        double expected = atof(sql_value(format("%s('%s', '%s')", reference, caller.tenant, goal)));
        with_target += expected >= 0;
        if (expected < 0)
            ck_assert_str_eq(got, "null");
        else
            ck_assert_msg(fabs(atof(got) - expected) < 1e-5, "goal %d: %s, not %f", g, got,
                          expected);
    }
    ck_assert_int_gt(with_target, 15);
}
END_TEST

START_TEST(a_page_answers_as_each_goal)
{
    const char *ids = "";

    fill_at_random();
    for (int g = 1; g <= 30; g++)
        ids = format("%s%s'00000000-0000-7000-8000-%012d'", ids, g > 1 ? ", " : "", g);
    const struct rig_answer *links = ask("kpisOfGoals", NULL, format("{'goalIds': [%s]}", ids));
    for (int g = 1; g <= 30; g++) {
        const struct rig_answer *one =
            ask("kpisOfGoals", NULL, format("{'goalIds': ['00000000-0000-7000-8000-%012d']}", g));
        ck_assert_str_eq(at(links, format("data.progress[%d]", g - 1)),
                         at(one, "data.progress[0]"));
        ck_assert_str_eq(at(links, format("data.kpis[%d]", g - 1)), at(one, "data.kpis[0]"));
    }
}
END_TEST

START_TEST(the_database_guards_tenants)
{
    add("mine", "");
    const char *count = "SET LOCAL ROLE svc_kpis; SET LOCAL search_path = kpis; SELECT count(*) "
                        "FROM kpis";
    ck_assert_str_eq(sql_value(count), "0");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = '%s'; %s", caller.tenant, count)),
                     "1");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s", count)), "0");
    ck_assert_str_eq(
        sql_value("SELECT count(*) FROM pg_class WHERE relnamespace = "
                  "'kpis'::regnamespace AND relkind = 'r' AND relname IN ('kpis', "
                  "'readings', 'links', 'deleted_goals', 'strategies') AND relrowsecurity AND "
                  "relforcerowsecurity"),
        "5");
}
END_TEST

/* What is read at first is bounded: 655 bytes of a KPI's texts, 400 links. */
START_TEST(long_and_many_links_are_whole)
{
    const char *ids = "";

    rig_new_tenant();
    sql_value(
        format("WITH made AS (INSERT INTO kpis.kpis (tenant_id, id, name, description, "
               "direction, is_shared, version, created_at, updated_at, created_by, "
               "updated_by) SELECT '%s', gen_random_uuid(), 'k' || i, repeat('x', CASE WHEN i "
               "> 9 THEN 1 WHEN i = 9 THEN 2000 ELSE 648 + i END), 'up', true, 1, now(), "
               "now(), 'u', 'u' FROM generate_series(1, 99) AS i RETURNING id, name) INSERT "
               "INTO kpis.links (tenant_id, id, goal_id, kpi_id, threshold, version, "
               "created_at, updated_at, created_by, updated_by) SELECT '%s', "
               "gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(g::text, 12, "
               "'0'))::uuid, made.id, 80, 1, now(), now(), 'u', 'u' FROM made, "
               "generate_series(1, 6) AS g WHERE g > 1 OR length(made.name) = 2",
               caller.tenant, caller.tenant));
    for (int g = 1; g <= 6; g++)
        ids = format("%s%s'00000000-0000-7000-8000-%012d'", ids, g > 1 ? ", " : "", g);
    const struct rig_answer *links = ask("kpisOfGoals", NULL, format("{'goalIds': [%s]}", ids));
    for (int g = 1; g <= 6; g++) {
        const struct rig_answer *one =
            ask("kpisOfGoals", NULL, format("{'goalIds': ['00000000-0000-7000-8000-%012d']}", g));
        ck_assert_str_eq(at(links, format("data.kpis[%d]", g - 1)), at(one, "data.kpis[0]"));
        ck_assert_str_ne(at(one, format("data.kpis[0][%d]", g > 1 ? 98 : 8)), "absent");
        ck_assert_uint_gt(strlen(at(one, "data.kpis[0]")), 8 * 649 + 2000);
    }
}
END_TEST

/* 100 KPIs of each of 30 goals, with the largest texts: 24 MB. */
START_TEST(refuses_links_of_more_goals_than_an_answer_holds)
{
    const char *ids = "";

    rig_new_tenant();
    sql_value(format("WITH made AS (INSERT INTO kpis.kpis (tenant_id, id, name, description, "
                     "direction, is_shared, version, created_at, updated_at, created_by, "
                     "updated_by) SELECT '%s', gen_random_uuid(), 'k' || i, repeat(chr(128512), "
                     "2000), 'up', true, 1, now(), now(), 'u', 'u' FROM generate_series(1, 100) AS "
                     "i RETURNING id) INSERT INTO kpis.links (tenant_id, id, goal_id, kpi_id, "
                     "threshold, version, created_at, updated_at, created_by, updated_by) SELECT "
                     "'%s', gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(g::text, 12, "
                     "'0'))::uuid, made.id, 80, 1, now(), now(), 'u', 'u' FROM made, "
                     "generate_series(1, 30) AS g",
                     caller.tenant, caller.tenant));
    for (int g = 1; g <= 30; g++)
        ids = format("%s%s'00000000-0000-7000-8000-%012d'", ids, g > 1 ? ", " : "", g);
    ck_invalid(ask("kpisOfGoals", NULL, format("{'goalIds': [%s]}", ids)), "goalIds");
    const struct rig_answer *some =
        ask("kpisOfGoals", NULL, format("{'goalIds': [%.*s]}", 15 * 40 - 2, ids));
    ck_answer(some, 200);
}
END_TEST

SERVICE_SUITE_MAIN("KPI lists", pages_sorts_and_filters, filters_by_direction, searches_literally,
                   search_uses_its_index, progress_agrees_with_the_reference,
                   a_page_answers_as_each_goal, long_and_many_links_are_whole,
                   refuses_links_of_more_goals_than_an_answer_holds, the_database_guards_tenants)
