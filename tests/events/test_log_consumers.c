/* What consumers tell their source of themselves, and what it keeps of that. */
#include <string.h>

#include "event_rig.h"
#include "suite.h"

#define ck_settled(max_ms) ck_assert_msg(rig_settled(max_ms), "%s", rig_reason())
#define ck_sql(sql, expected) ck_assert_str_eq(rig_sql(sql), expected)

static const char place[] = "SELECT coalesce(max(pos), -1) FROM goals.consumers"
                            " WHERE program = 'svc-kpis'";

static bool told(long sequence, int64_t max_ms)
{
    for (int64_t waited_ms = 0; waited_ms < max_ms; waited_ms += 50) {
        if (strtol(rig_sql(place), NULL, 10) >= sequence)
            return true;
        rig_sleep_ms(50);
    }
    return false;
}

static void await_metric(int program, const char *line)
{
    for (int i = 0; i < 300; i++) {
        if (strstr(rig_admin(program, "/metrics"), line))
            return;
        rig_sleep_ms(50);
    }
    ck_abort_msg("no %s in %s", line, rig_admin(program, "/metrics"));
}

START_TEST(a_consumer_tells_what_it_has_stored)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write(100);
    ck_sql(place, "-1");
    rig_start(CONSUMER_A, NULL, NULL);
    rig_start(CONSUMER_B, NULL, NULL);
    ck_assert(told(0, 5000)); /* that there is one, and where it begins */
    ck_settled(20000);
    ck_assert(told(100, 20000));
    ck_sql("SELECT string_agg(program || ' ' || pos, ',') FROM goals.consumers", "svc-kpis 100");
    rig_close();
}
END_TEST

/* It has received the events, and cannot store that they are applied. */
START_TEST(never_more_than_that)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(10);
    ck_settled(20000);
    ck_assert(told(10, 20000));
    rig_sql("UPDATE goals.consumers SET told_at = '-infinity'");
    rig_sql("BEGIN");
    rig_sql("SELECT pos FROM kpis.consumed FOR UPDATE");
    rig_write(50);
    for (int i = 0;
         i < 1200 && !strcmp(rig_sql("SELECT max(told_at) FROM goals.consumers"), "-infinity"); i++)
        rig_sleep_ms(100);
    ck_sql("SELECT max(told_at) > '-infinity' FROM goals.consumers", "t");
    ck_sql(place, "10");
    rig_sql("COMMIT");
    ck_settled(30000);
    ck_assert(told(60, 30000));
    rig_close();
}
END_TEST

START_TEST(a_publisher_shows_who_holds_its_log)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(20);
    ck_settled(20000);
    ck_assert(told(20, 20000));
    rig_sql("UPDATE goals.event_log SET created_at = created_at - interval '1000 s'");
    await_metric(PUBLISHER_A, "traction_events_held_seconds{consumer=\"svc-kpis\"} 0\n");
    /* It may consume, too, and has never told anything. */
    await_metric(PUBLISHER_A, "traction_events_held_seconds{consumer=\"svc-analytics\"} 10");
    ck_assert_ptr_null(strstr(rig_admin(PUBLISHER_A, "/metrics"), "consumer=\"gateway\""));
    ck_assert_ptr_null(strstr(rig_admin(CONSUMER_A, "/metrics"), "consumer=\"svc-kpis\""));
    rig_close();
}
END_TEST

START_TEST(nobody_else_has_a_place)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    ck_assert_int_eq(rig_tell("svc-analytics", 7, ""), 200);
    ck_assert_int_eq(rig_tell("svc-analytics", 5, ""), 200); /* restored from a backup */
    ck_assert_int_eq(rig_tell("gateway", 7, ""), 403);       /* does not consume this log */
    ck_assert_int_eq(rig_tell("svc-goals", 7, ""), 403);
    ck_assert_int_eq(rig_tell("svc-nobody", 7, ""), 403);
    ck_assert_int_eq(rig_tell("svc-kpis", 7, "tenant-1"), 403);
    ck_assert_int_eq(rig_tell("svc-kpis", -1, ""), 422);
    ck_sql("SELECT string_agg(program || ' ' || pos, ',') FROM goals.consumers", "svc-analytics 5");
    rig_close();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("log_consumers");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 180);
    tcase_add_test(all, a_consumer_tells_what_it_has_stored);
    tcase_add_test(all, never_more_than_that);
    tcase_add_test(all, a_publisher_shows_who_holds_its_log);
    tcase_add_test(all, nobody_else_has_a_place);
    suite_add_tcase(suite, all);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
