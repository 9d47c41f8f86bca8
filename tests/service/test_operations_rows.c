/* The tables of svc-operations: the search's plan over many rows, and the database's own guard of
 * tenants. */
#include "service_rig.h"

#include <stdlib.h>

/* Scans of the index, and entries read of them, by the function that the statement calls. */
static void check_index(const char *index, const char *call)
{
    const char *set =
        format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_operations; SET LOCAL "
               "search_path = operations; SELECT %s;",
               caller.tenant, call);
    const char *scans =
        sql_value(format("%s SELECT pg_stat_get_xact_numscans('%s'::regclass)", set, index));
    const char *entries =
        sql_value(format("%s SELECT pg_stat_get_xact_tuples_returned('%s'::regclass)", set, index));

    ck_assert_msg(atoi(scans) >= 1, "%s is not used", index);
    ck_assert_msg(atoi(entries) < 100, "%s entries of %s read", entries, index);
}

/* The words' index has to be used under row level security, and narrow by words, not by tenant. */
START_TEST(search_uses_its_index)
{
    rig_new_tenant();
    const char *type = text_at(ask("getIssueTypes", NULL, NULL), "data[0].id");
    const char *status = text_at(ask("getIssueStatuses", NULL, NULL), "data[0].id");
    sql_value(format("INSERT INTO operations.issues (tenant_id, id, title, description, "
                     "type_config_id, status_config_id, reporter_id, tags, version, created_at, "
                     "updated_at, created_by, updated_by) SELECT '%s', gen_random_uuid(), 'Issue ' "
                     "|| md5(i::text), md5((-i)::text), '%s', '%s', 'u', '{}', 1, now(), now(), "
                     "'u', 'u' FROM generate_series(1, 20000) AS i",
                     caller.tenant, type, status));
    sql_value("VACUUM ANALYZE operations.issues, operations.issue_words");
    const char *word = sql_value("SELECT substr(md5('777'), 3, 12)");
    const struct rig_answer *found =
        ask_all("getIssues", NULL, format("{'search': ['%s'], 'status': ['open']}", word), NULL);
    ck_at(found, "page.total", "1");
    ck_at(found, "data[0].type.name", "'Personnel'");
    check_index("issue_words_trigrams", format("issue_words_found('%s', 100)", word));
    check_index("issues_tags", "issues_tagged('{none}')");
}
END_TEST

START_TEST(actions_are_found_by_their_indexes)
{
    rig_new_tenant();
    sql_value(format("INSERT INTO operations.actions (tenant_id, id, title, description, tags, "
                     "priority, status, progress, version, created_at, updated_at, created_by, "
                     "updated_by) SELECT '%s', gen_random_uuid(), 'Action ' || md5(i::text), "
                     "md5((-i)::text), ARRAY['t' || i], 'low', 'blocked', 0, 1, now(), now(), 'u', "
                     "'u' FROM generate_series(1, 20000) AS i",
                     caller.tenant));
    sql_value("VACUUM ANALYZE operations.actions, operations.action_words");
    const char *word = sql_value("SELECT substr(md5('777'), 3, 12)");
    ck_assert_str_eq(listed("getActions", format("{'search': ['%s']}", word), "tags[0]"), "t777 1");
    ck_assert_str_eq(listed("getActions", "{'tags': ['t5,t7'], 'sort': ['title']}", "status"),
                     "blocked,blocked 2");
    check_index("action_words_trigrams", format("action_words_found('%s', 100)", word));
    check_index("actions_tags", "actions_tagged('{t5,t7}')");
    const char *plan = sql_value(
        format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_operations; SET LOCAL search_path "
               "= operations; EXPLAIN (FORMAT JSON) SELECT a.id FROM actions a WHERE a.tenant_id = "
               "'%s' AND a.deleted_at IS NULL ORDER BY coalesce(a.date_entered, a.created_at) "
               "DESC, a.id DESC LIMIT 20",
               caller.tenant, caller.tenant));
    ck_assert_msg(strstr(plan, "actions_entered"), "%s", plan);
}
END_TEST

START_TEST(the_database_guards_tenants)
{
    ck_answer(ask("createAction", NULL, "{'title': 'mine'}"), 201);
    static const char *const tables[] = {"actions", "action_rows"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *count = format("SET LOCAL ROLE svc_operations; SET LOCAL search_path = "
                                   "operations; SELECT count(*) FROM %s",
                                   tables[i]);
        ck_assert_str_eq(sql_value(count), "0");
        ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = '%s'; %s", caller.tenant, count)),
                         "1");
        ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s", count)), "0");
    }
}
END_TEST

/* Whatever tables there are: each of them is guarded, its owner included. */
START_TEST(every_table_is_guarded)
{
    ck_assert_str_eq(
        sql_value("SELECT coalesce(string_agg(relname, ' '), 'none') FROM pg_class "
                  "WHERE relnamespace = 'operations'::regnamespace AND relkind = 'r' "
                  "AND relname NOT IN ('schema_migrations', 'migrations_aside') AND NOT "
                  "(relrowsecurity AND "
                  "relforcerowsecurity)"),
        "none");
    ck_assert_str_eq(sql_value("SELECT count(*) > 12 FROM pg_class WHERE relnamespace = "
                               "'operations'::regnamespace AND relkind = 'r'"),
                     "t");
}
END_TEST

/* What is refused says what is not. */
static void check_too_large(const char *operation, const char *size)
{
    const struct rig_answer *refused =
        ask_all(operation, NULL, format("{'size': ['%s']}", size), NULL);
    ck_invalid(refused, "size");
    const char *said = strstr(text_at(refused, "errors/size"), "such as ");
    ck_assert_ptr_nonnull(said);
    ck_answer(ask_all(operation, NULL, format("{'size': ['%s']}", said + strlen("such as ")), NULL),
              200);
}

/* 500 of the largest texts and 400 links each: 16 MiB hold some 460. */
START_TEST(refuses_a_page_that_is_too_large)
{
    rig_new_tenant();
    sql_value(format("WITH made AS (INSERT INTO operations.actions (tenant_id, id, title, "
                     "description, priority, status, progress, version, created_at, updated_at, "
                     "created_by, updated_by) SELECT '%s', gen_random_uuid(), 'a', "
                     "repeat(chr(128512), 5000), 'low', 'blocked', 0, 1, now(), now(), 'u', 'u' "
                     "FROM generate_series(1, 500) AS i RETURNING id) INSERT INTO "
                     "operations.action_goals (tenant_id, action_id, place, goal_id) SELECT '%s', "
                     "made.id, g, ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid "
                     "FROM made, generate_series(1, 400) AS g",
                     caller.tenant, caller.tenant));
    check_too_large("getActions", "500");
}
END_TEST

/* Pages of a snapshot end after 1 MiB, which some six of the largest issues have, and go on. */
static void check_snapshot(size_t expected)
{
    const char *body = "{'kind': 'issues'}";
    size_t count = 0, pages = 0;

    for (;;) {
        const struct rig_answer *page = ask("entitiesAfter", NULL, body);
        ck_assert_int_eq(page->http, 200);
        ck_assert_uint_lt(strlen(page->text), 4 << 20);
        for (size_t i = 0; strcmp(at(page, format("data.events[%zu].entity", i)), "absent") != 0;
             i++)
            count++;
        if (strcmp(at(page, "data.next"), "null") == 0)
            break;
        body = format("{'kind': 'issues', 'id': '%s'}", text_at(page, "data.next"));
        pages++;
    }
    ck_assert_uint_eq(count, expected);
    ck_assert_uint_ge(pages, 15);
}

/* An issue, and so many more whose texts are all as long as they may be. */
static void create_large_issues(int count)
{
    rig_new_tenant();
    ck_answer(ask("createIssue", NULL, "{'title': 'i'}"), 201);
    sql_value(
        format("INSERT INTO operations.issues (tenant_id, id, title, description, type_config_id, "
               "status_config_id, reporter_id, tags, resolution_notes, environment, "
               "steps_to_reproduce, expected_behavior, actual_behavior, status_reason, "
               "root_cause_analysis, version, created_at, updated_at, created_by, updated_by) "
               "SELECT tenant_id, gen_random_uuid(), title, long, type_config_id, "
               "status_config_id, reporter_id, array_fill(left(long, 50), '{50}'), long, long, "
               "long, long, long, left(long, 2000), '\\xdb00007d00'::bytea || "
               "convert_to(repeat('a', 32000), 'UTF8'), 1, created_at, updated_at, created_by, "
               "updated_by FROM operations.issues, generate_series(1, %d), "
               "(SELECT repeat(chr(128512), 5000) AS long) AS x WHERE tenant_id = '%s'",
               count, caller.tenant));
}

/* 16 MiB hold some 90. */
START_TEST(refuses_a_page_of_issues_that_is_too_large)
{
    create_large_issues(120);
    check_too_large("getIssues", "100");
    ck_answer(ask_all("getIssues", NULL, "{'sort': ['title'], 'size': ['50']}", NULL), 200);
    ck_answer(ask_all("getIssues", NULL, "{'search': ['i'], 'size': ['50']}", NULL), 200);
    check_snapshot(121);
}
END_TEST

/* What the caller's tenant wrote into the outbox: statements of its transaction tell themselves
 * apart by cmin. */
static const char *told(const char *what)
{
    return sql_value(format("SELECT %s FROM (SELECT sum(octet_length(payload)) AS bytes, count(*) "
                            "AS events FROM operations.outbox WHERE tenant_id = '%s' AND type = "
                            "'issue.updated' GROUP BY cmin) AS statement",
                            what, caller.tenant));
}

/* Of 500 of the largest issues no more than 1 MiB is in one statement, and so in the memory. */
static void check_parts(const char *expected)
{
    ck_assert_str_eq(told("sum(events)"), expected);
    ck_assert_str_eq(told("max(bytes) < 1200000 AND sum(bytes) > 80000000"), "t");
    ck_assert_str_eq(sql_value(format("SELECT string_agg(DISTINCT version::text, ' ') FROM "
                                      "operations.issues WHERE tenant_id = '%s'",
                                      caller.tenant)),
                     "2");
}

START_TEST(links_many_large_issues_in_parts)
{
    sql_value("SELECT pg_advisory_lock(hashtextextended('operations events', 0))");
    create_large_issues(499);
    const char *issues = sql_value(format("SELECT string_agg(quote_literal(id::text), ',') FROM "
                                          "operations.issues WHERE tenant_id = '%s'",
                                          caller.tenant));
    const struct rig_answer *action = ask(
        "createAction", NULL, format("{'title': 'a', 'connections': {'issueIds': [%s]}}", issues));
    ck_answer(action, 201);
    check_parts("500");
    sql_value("SELECT pg_advisory_unlock(hashtextextended('operations events', 0))");
    ck_at(event_of_type("issue.updated"), "version", "2");
    ck_at(event_of_type("issue.updated"), "data.causedBy",
          format("'%s'", text_at(action, "data.id")));
}
END_TEST

SERVICE_SUITE_MAIN("operations rows", search_uses_its_index, actions_are_found_by_their_indexes,
                   the_database_guards_tenants, every_table_is_guarded,
                   refuses_a_page_that_is_too_large, refuses_a_page_of_issues_that_is_too_large,
                   links_many_large_issues_in_parts)
