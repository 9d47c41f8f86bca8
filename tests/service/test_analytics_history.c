/* Histories and the audit log from rows as events leave them: pages, filters, bounds, the
 * database's own guard of tenants, and what is deleted. That events become such rows is tested over
 * the whole stack. */
#include "service_rig.h"

static const char goal_id[] = "01900000-0000-7000-8000-000000000001";

/* Entries 1 to `count`, entry i so many minutes after 2025-01-01 and of a change of title. */
static void fill(int count, const char *type, const char *entity, const char *changes)
{
    static int fills;

    sql_value(format(
        "INSERT INTO analytics.history (tenant_id, id, at, type, entity_id, title, version, "
        "user_id, request_id, changes) SELECT '%s', (left(analytics.first_id_of(m.at)::text, 19) "
        "|| '8000-' || lpad((%d + i)::text, 12, '0'))::uuid, m.at, '%s', '%s', 't', i, 'user-' || "
        "i %% "
        "3, 'r' || i, %s FROM generate_series(1, %d) AS i, LATERAL (SELECT '2025-01-01Z'"
        "::timestamptz + i * interval '1 minute' AS at) AS m",
        caller.tenant, ++fills * 1000000, type, entity, changes, count));
}

/* {"title": ["a", "b"]} */
static const char small_change[] = "'\\x81a57469746c6592a161a162'::bytea";

static void make_goal(void)
{
    sql_value(format("INSERT INTO analytics.goals (tenant_id, generation, id, title, owner_id, "
                     "horizon, status, created_at, version) VALUES ('%s', 1, '%s', 'g', 'o', "
                     "'year', 'draft', now(), 1)",
                     caller.tenant, goal_id));
}

static const char *goal_path(void)
{
    return format("{'id': '%s'}", goal_id);
}

START_TEST(a_history_is_of_one_thing)
{
    rig_new_tenant();
    make_goal();
    fill(3, "goal.updated", goal_id, small_change);
    fill(2, "issue.updated", "01900000-0000-7000-8000-000000000002", small_change);
    const struct rig_answer *page = ask_all("getGoalHistory", goal_path(), "{'size': ['2']}", NULL);
    ck_answer(page, 200);
    ck_at(page, "data[0].version", "3");
    ck_at(page, "data[0].changes.title", "['a','b']");
    ck_at(page, "data[0].entityType", "'goal'");
    ck_at(page, "data[0].requestId", "'r3'");
    ck_at(page, "data[0].at", "'2025-01-01T00:03:00.000Z'");
    ck_at(page, "data[1].version", "2");
    ck_at(page, "data[2]", "absent");
    ck_at(page, "page.total", "3");
    page = ask_all("getGoalHistory", goal_path(),
                   format("{'after': ['%s']}", text_at(page, "page.nextCursor")), NULL);
    ck_at(page, "data[0].version", "1");
    ck_at(page, "page.nextCursor", "null");
    ck_refused(ask("getKPIHistory", goal_path(), NULL), 404, "KPI_NOT_FOUND");
    rig_new_tenant();
    ck_refused(ask("getGoalHistory", goal_path(), NULL), 404, "GOAL_NOT_FOUND");
}
END_TEST

/* Nothing of the time before there was a history. */
START_TEST(a_history_may_be_empty)
{
    rig_new_tenant();
    make_goal();
    const struct rig_answer *page = ask("getGoalHistory", goal_path(), NULL);
    ck_at(page, "data", "[]");
    ck_at(page, "page.total", "0");
}
END_TEST

START_TEST(filters_combine)
{
    rig_new_tenant();
    fill(30, "goal.updated", goal_id, small_change);
    ck_assert_str_eq(listed("getAuditLog",
                            "{'userId': ['user-1'], 'from': ['2025-01-01T00:20:00Z']}",
                            "requestId"),
                     "r28,r25,r22 3");
    ck_assert_str_eq(listed("getAuditLog",
                            "{'userId': ['user-1'], 'type': ['goal.*'], 'to': "
                            "['2025-01-01T00:07:00Z']}",
                            "requestId"),
                     "r7,r4,r1 3");
    ck_assert_str_eq(listed("getAuditLog", "{'entityType': ['issue']}", "requestId"), " 0");
    ck_assert_str_eq(listed("getAuditLog", "{'to': ['2024-12-31']}", "requestId"), " 0");
    ck_assert_str_eq(
        listed("getAuditLog", "{'to': ['2025-01-01'], 'size': ['1'], 'page': ['30']}", "requestId"),
        "r1 30");
    ck_invalid(ask_all("getAuditLog", NULL, "{'type': ['goal']}", NULL), "type");
    ck_invalid(ask_all("getAuditLog", NULL, "{'entityType': ['goals']}", NULL), "entityType");
}
END_TEST

/* What has happened is counted so far as a search's total is, and no file has more. */
START_TEST(totals_and_files_are_bounded)
{
    rig_new_tenant();
    fill(10000, "goal.updated", goal_id, small_change);
    const struct rig_answer *page = ask_all("getAuditLog", NULL, "{'size': ['1']}", NULL);
    ck_at(page, "page.total", "10000");
    ck_at(page, "page.totalIsLowerBound", "absent");
    ck_answer(ask_all("getAuditLog", NULL, "{'format': ['csv']}", NULL), 200);
    fill(1, "goal.deleted", "01900000-0000-7000-8000-000000000003", small_change);
    page = ask_all("getAuditLog", NULL, "{'size': ['1'], 'page': ['9000']}", NULL);
    ck_at(page, "page.total", "10000");
    ck_at(page, "page.totalIsLowerBound", "true");
    ck_at(page, "data[1]", "absent");
    ck_invalid(ask_all("getAuditLog", NULL, "{'format': ['csv']}", NULL), "from");
    ck_answer(ask_all("getAuditLog", NULL, "{'format': ['csv'], 'type': ['goal.updated']}", NULL),
              200);
}
END_TEST

/* Each some 300 KB: {"title": ["", "xxx..."]} */
START_TEST(pages_are_bounded_in_bytes)
{
    rig_new_tenant();
    fill(80, "goal.updated", goal_id,
         "'\\x81a57469746c6592a0db000493e0'::bytea || convert_to(repeat('x', 300000), 'UTF8')");
    ck_answer(ask_all("getAuditLog", NULL, "{'size': ['40']}", NULL), 200);
    ck_invalid(ask_all("getAuditLog", NULL, "{'size': ['80']}", NULL), "size");
    ck_invalid(ask_all("getAuditLog", NULL, "{'format': ['csv']}", NULL), "from");
}
END_TEST

START_TEST(tenants_are_apart)
{
    const char *as = "SET LOCAL ROLE svc_analytics; SET LOCAL search_path = analytics;";
    const char *see = "SELECT count(*)::text FROM history";

    rig_new_tenant();
    fill(3, "goal.updated", goal_id, small_change);
    ck_assert_str_eq(
        sql_value(format("SET LOCAL app.tenant = '%s'; %s %s", caller.tenant, as, see)), "3");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s %s", as, see)), "0");
    ck_assert_str_eq(sql_value(format("%s %s", as, see)), "0");
    rig_new_tenant();
    ck_assert_str_eq(listed("getAuditLog", NULL, "requestId"), " 0");
}
END_TEST

START_TEST(what_is_old_is_deleted_in_parts)
{
    const char *prune = "SELECT analytics.prune_history('2025-01-01T00:05:00Z', 6)::text";

    sql_value("DELETE FROM analytics.history");
    fill(8, "goal.updated", goal_id, small_change);
    rig_new_tenant();
    fill(8, "goal.updated", goal_id, small_change);
    ck_assert_str_eq(sql_value(prune), "6");
    ck_assert_str_eq(sql_value(prune), "2");
    ck_assert_str_eq(sql_value(prune), "0");
    ck_assert_str_eq(listed("getAuditLog", NULL, "requestId"), "r8,r7,r6,r5 4");
    ck_assert_str_eq(sql_value("SELECT count(*)::text FROM analytics.history"), "8");
}
END_TEST

/* By this connection, which tells it so until it has told the server's own statistics. */
static long rows_read(void)
{
    return atol(sql_value("SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::text FROM "
                          "pg_stat_xact_user_tables WHERE schemaname = 'analytics' AND relname = "
                          "'history'"));
}

/* Few rows are read where a filter selects few, also without statistics; without a filter so many
 * as a total tells. */
START_TEST(each_filter_has_an_index)
{
    static const char *const filters[] = {
        "NULL, NULL, NULL, NULL, NULL",
        "ARRAY['goal.deleted'], NULL, NULL, NULL, NULL",
        "NULL, '01900000-0000-7000-8000-000000000003', NULL, NULL, NULL",
        "NULL, NULL, 'rare', NULL, NULL",
        "NULL, NULL, NULL, '2031-01-01', NULL",
        "NULL, NULL, NULL, NULL, '2025-01-01T00:00:30Z'",
    };

    rig_new_tenant();
    fill(12000, "goal.updated", goal_id, small_change);
    fill(1, "goal.deleted", "01900000-0000-7000-8000-000000000003", small_change);
    sql_value(format("UPDATE analytics.history SET user_id = 'rare' WHERE tenant_id = '%s' AND "
                     "type = 'goal.deleted'",
                     caller.tenant));
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        long before = rows_read();
        sql_value(format("SET LOCAL search_path = analytics; SELECT count(*) FROM "
                         "history_page('%s', %s, 20, 0, NULL, NULL)",
                         caller.tenant, filters[i]));
        long rows = rows_read() - before;
        ck_assert_msg(rows < (i == 0 ? 10100 : 100), "%s reads %ld rows", filters[i], rows);
    }
}
END_TEST

SERVICE_SUITE_MAIN("analytics_history", a_history_is_of_one_thing, a_history_may_be_empty,
                   filters_combine, totals_and_files_are_bounded, pages_are_bounded_in_bytes,
                   tenants_are_apart, what_is_old_is_deleted_in_parts, each_filter_has_an_index)
