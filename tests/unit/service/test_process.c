/* The life of a service process: what it refuses to start on, what it waits for, how it ends. */
#include "things.h"

#include "timestamp.h"

/* Until /readyz says so, at most ten seconds. */
static void wait_ready(const char *said)
{
    for (int i = 0; i < 100 && !strstr(rig_admin("/readyz"), said); i++)
        rig_run_ms(100);
    ck_assert_msg(strstr(rig_admin("/readyz"), said) != NULL, "not \"%s\" but %s\n%s", said,
                  rig_admin("/readyz"), rig_log(SERVICE_GOALS));
}

START_TEST(requests_under_way_are_finished)
{
    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    struct things_call *call =
        CALL(.operation = "pauseGoal", .command = "k", .body = rig_thing("one", 1));
    rig_send(call);
    rig_run_ms(100);
    ck_assert(!call->done);
    kill(child, SIGTERM);
    rig_run_ms(50);
    ck_assert_ptr_nonnull(strstr(rig_admin("/readyz"), "503"));
    ck_assert_ptr_nonnull(strstr(rig_admin("/readyz"), "shutting down"));
    rig_wait(call);
    ck_assert_code(call, "OK");
    ck_assert_int_eq(rig_exit_of(child), 0);
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM things"), "1");
    rig_clean();
}
END_TEST

START_TEST(the_second_signal_ends_at_once)
{
    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    struct things_call *call = CALL(.operation = "getStrategies", .remaining_ms = 1000);
    rig_send(call);
    rig_run_ms(100);
    kill(child, SIGTERM);
    rig_run_ms(50);
    int64_t before_us = monotonic_us();
    kill(child, SIGINT);
    ck_assert_int_eq(rig_exit_of(child), 1);
    ck_assert_int_lt(monotonic_us() - before_us, 300000);
    rig_wait(call);
    rig_clean();
}
END_TEST

START_TEST(the_drain_has_an_end)
{
    rig_start(&things, (const char *const[]){"TRACTION_DRAIN_MS", "100", NULL});
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    struct things_call *call = CALL(.operation = "getStrategies", .remaining_ms = 1000);
    rig_send(call);
    rig_run_ms(50);
    int64_t before_us = monotonic_us();
    kill(child, SIGTERM);
    ck_assert_int_eq(rig_exit_of(child), 0);
    ck_assert_int_lt(monotonic_us() - before_us, 450000);
    ck_assert_ptr_nonnull(strstr(rig_log(SERVICE_GOALS), "ends with work under way"));
    rig_wait(call);
    rig_clean();
}
END_TEST

START_TEST(hang_ups_are_ignored)
{
    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    kill(child, SIGHUP);
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    rig_end();
}
END_TEST

START_TEST(waits_for_its_schema)
{
    rig_prepare();
    child = rig_run(&things, NULL, NULL);
    wait_ready("not ready: the ");
    ck_assert_ptr_nonnull(strstr(rig_admin("/livez"), "200 OK"));
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--migrate", NULL)), 0);
    wait_ready("200 OK");
    ck_assert_code(rig_call(CALL(.operation = "ping")), "OK");
    rig_end();
}
END_TEST

START_TEST(refuses_a_changed_schema)
{
    rig_prepare();
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--migrate", NULL)), 0);
    rig_sql("UPDATE schema_migrations SET checksum = 'x' WHERE name = '0001_things'");
    ck_assert_int_eq(rig_exit_of(rig_run(&things, NULL, NULL)), 3);
    rig_sql("DELETE FROM schema_migrations WHERE name = '0001_things'");
    rig_sql("INSERT INTO schema_migrations VALUES ('0009_future', 'x')");
    ck_assert_int_eq(rig_exit_of(rig_run(&things, NULL, NULL)), 3);
    rig_clean();
}
END_TEST

START_TEST(refuses_a_privileged_role)
{
    const char *settings[] = {"TRACTION_DATABASE_URL", NULL, NULL};

    rig_prepare();
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--migrate", NULL)), 0);
    settings[1] = owner_url;
    ck_assert_int_eq(rig_exit_of(rig_run(&things, NULL, settings)), 3);
    ck_assert_ptr_nonnull(strstr(rig_log(SERVICE_GOALS), "is a superuser"));
    rig_sql(
        "DROP ROLE IF EXISTS rig_owner; CREATE ROLE rig_owner LOGIN;"
        " GRANT ALL ON SCHEMA goals TO rig_owner; GRANT SELECT ON schema_migrations TO rig_owner;"
        " ALTER TABLE things OWNER TO rig_owner");
    settings[1] = postgres_url_as(owner_url, "rig_owner");
    ck_assert_int_eq(rig_exit_of(rig_run(&things, NULL, settings)), 3);
    ck_assert_ptr_nonnull(strstr(rig_log(SERVICE_GOALS), "owns the schema"));
    rig_clean();
}
END_TEST

START_TEST(lives_without_a_database)
{
    rig_prepare();
    child = rig_run(&things, NULL,
                    (const char *const[]){"TRACTION_DATABASE_URL",
                                          "postgresql://x@/y?host=/nonexistent", NULL});
    wait_ready("the database cannot be reached");
    ck_assert_ptr_nonnull(strstr(rig_admin("/livez"), "200 OK"));
    rig_end();
}
END_TEST

START_TEST(options_and_settings_are_checked)
{
    rig_prepare();
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--check-config", NULL)), 0);
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--version", NULL)), 0);
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--nonsense", NULL)), 2);
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--check-config",
                                         (const char *const[]){"TRACTION_FIBERS", "many", NULL})),
                     2);
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--check-config",
                                         (const char *const[]){"TRACTION_FIBRES", "9", NULL})),
                     2);
    rig_clean();
}
END_TEST

/* A database that comes back is used again, by itself. */
START_TEST(recovers_with_its_database)
{
    rig_start(&things, NULL);
    struct things_call *call = rig_call(CALL(.operation = "ping"));
    ck_assert_code(call, "OK");
    rig_sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE usename = 'svc_goals' AND datname = current_database()");
    for (int i = 0; i < 50; i++) {
        rig_run_ms(50);
        call = arena_alloc(arena, sizeof *call);
        *call = *CALL(.operation = "ping");
        ck_assert_code(rig_call(call), "OK");
        if (value_bool(value_get(&call->data, "database")))
            break;
    }
    ck_assert(value_bool(value_get(&call->data, "database")));
    rig_end();
}
END_TEST

SERVICE_SUITE_MAIN("process", requests_under_way_are_finished, the_second_signal_ends_at_once,
                   the_drain_has_an_end, hang_ups_are_ignored, waits_for_its_schema,
                   refuses_a_changed_schema, refuses_a_privileged_role, lives_without_a_database,
                   options_and_settings_are_checked, recovers_with_its_database)
