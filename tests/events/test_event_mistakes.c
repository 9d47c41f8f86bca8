/* Planted faults: each makes the states differ, which proves that the tests of test_event_path.c
 * can fail. And events that a consumer must not skip silently. */
#include "event_rig.h"

#include <string.h>

enum { WRONG_MS = 5000 }; /* time that is given to what will not be right */

/* Without the mistake: places_that_were_not_committed_are_given_again. */
START_TEST(publishing_before_the_commit_is_seen)
{
    rig_open();
    rig_start(PUBLISHER_A, "sequencer before commit:2", "publish-before-commit");
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(1);
    ck_assert_msg(rig_settled(20000), "%s", rig_reason());
    rig_sleep_ms(1500); /* news is heard by now */
    rig_hold_change();
    rig_keep_dead(true);
    rig_write(1);
    rig_wait_killed(PUBLISHER_A);
    rig_commit_held();
    rig_start(PUBLISHER_A, NULL, NULL);
    ck_assert(!rig_settled(WRONG_MS));
    /* The held one never came, and the other one twice; unless the consumer looked into the log in
     * the moment when it was too short. */
    bool both = strstr(rig_reason(), "tenant-0/ff: 5@1 or @") && strstr(rig_reason(), "1 out of");
    ck_assert_msg(both || strstr(rig_log(CONSUMER_A), "2 was applied already"), "%s", rig_reason());
    rig_close();
}
END_TEST

/* Without the mistake: a_transaction_takes_its_time. */
START_TEST(reading_the_outbox_by_id_is_seen)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, "by-id");
    rig_start(CONSUMER_A, NULL, NULL);
    rig_hold_change();
    for (int i = 0; i < 20; i++) /* of two at once the mistake might lose one, too */
        rig_write(1);
    ck_assert(rig_consumed(20, 10000));
    rig_commit_held();
    rig_sleep_ms(2500);
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM goals.event_log"), "20"); /* of 21 */
    ck_assert(!rig_settled(500));
    rig_close();
}
END_TEST

/* Without the mistake: news_is_lost. */
START_TEST(not_catching_up_is_seen)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, "drop-news");
    rig_start(CONSUMER_A, NULL, "no-catch-up");
    for (int i = 0; i < 100 && !rig_consumed(1, 200); i++)
        rig_write(5); /* until it hears news */
    for (int i = 0; i < 4; i++)
        rig_write(50);
    ck_assert(!rig_settled(WRONG_MS));
    ck_assert_str_eq(rig_sql("SELECT (SELECT pos FROM kpis.consumed) > max(pos) - 10"
                             " FROM goals.event_log"),
                     "t");
    ck_assert_str_eq(rig_sql("SELECT (SELECT sum(version) FROM kpis.items) < count(*) / 2"
                             " FROM goals.event_log"),
                     "t");
    rig_close();
}
END_TEST

/* --- Nothing is passed over --- */

static bool log_says(int program, const char *text, int64_t max_ms)
{
    for (int64_t waited_ms = 0; !strstr(rig_log(program), text); waited_ms += 20) {
        if (waited_ms >= max_ms)
            return false;
        rig_sleep_ms(20);
    }
    return true;
}

/* Of a tenant it would wait for that one alone. */
START_TEST(what_is_nobodys_stops_the_consumer)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(10);
    ck_assert_msg(rig_settled(20000), "%s", rig_reason());
    ck_assert_ptr_nonnull(strstr(rig_admin(CONSUMER_A, "/readyz"), "200 OK"));
    rig_sql("INSERT INTO goals.outbox (tenant_id, type, entity_id, version, payload, created_at)"
            " VALUES ('', 'item.changed', gen_random_uuid(), 1, '\\x00', now())");
    ck_assert(log_says(CONSUMER_A, "the one at 11 cannot be read, nor whose it is", 10000));
    rig_write(10); /* the publisher goes on */
    rig_sleep_ms(500);
    ck_assert_str_eq(rig_sql("SELECT pos FROM kpis.consumed"), "10");
    const char *ready = rig_admin(CONSUMER_A, "/readyz");
    ck_assert_ptr_nonnull(strstr(ready, "503"));
    ck_assert_msg(strstr(ready, "no more events of svc-goals are applied") != NULL, "%s", ready);
    ck_assert_ptr_nonnull(strstr(rig_admin(CONSUMER_A, "/metrics"),
                                 "traction_consumer_stopped{source=\"svc-goals\"} 1"));
    rig_close();
}
END_TEST

START_TEST(a_log_that_went_back_stops_the_consumer)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write(10);
    rig_sql("INSERT INTO kpis.consumed VALUES ('svc-goals', 1000)");
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(log_says(CONSUMER_A, "1000 was applied already", 10000));
    rig_close();
}
END_TEST

/* A fault of the database that is not due to the events is waited out, for all tenants. */
START_TEST(what_fails_is_tried_again)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(10);
    ck_assert_msg(rig_settled(20000), "%s", rig_reason());
    rig_sql("BEGIN");
    rig_sql("LOCK TABLE kpis.items");
    rig_write(200);
    ck_assert(log_says(CONSUMER_A, "events could not be applied", 20000));
    ck_assert_ptr_nonnull(strstr(rig_log(CONSUMER_A), "\"sqlstate\":\"55P03\""));
    rig_sleep_ms(1000);
    ck_assert_str_eq(rig_sql("SELECT pos FROM kpis.consumed"), "10");
    rig_sql("COMMIT");
    ck_assert_msg(rig_settled(20000), "%s", rig_reason());
    ck_assert_str_eq(rig_sql("SELECT count(*) FROM kpis.parked_events"), "0");
    rig_close();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("event_mistakes");
    TCase *tests = tcase_create("all");

    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, publishing_before_the_commit_is_seen);
    tcase_add_test(tests, reading_the_outbox_by_id_is_seen);
    tcase_add_test(tests, not_catching_up_is_seen);
    tcase_add_test(tests, what_is_nobodys_stops_the_consumer);
    tcase_add_test(tests, a_log_that_went_back_stops_the_consumer);
    tcase_add_test(tests, what_fails_is_tried_again);
    suite_add_tcase(suite, tests);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
