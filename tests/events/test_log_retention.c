/* Deleting the beginning of a log: what is old and applied by every consumer, and nothing else. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "event_rig_state.h"
#include "suite.h"

#define ck_settled(max_ms) ck_assert_msg(rig_settled(max_ms), "%s", rig_reason())
#define ck_sql(sql, expected) ck_assert_str_eq(rig_sql(sql), expected)

static const char kept[] = "SELECT string_agg(pos::text, ',' ORDER BY pos) FROM goals.event_log";
static const char begin[] = "SELECT pos FROM goals.log_begin";

static void open_keeping(const char *days)
{
    setenv("TRACTION_EVENTS_KEEP_DAYS", days, 1);
    rig_open();
}

static void rig_done(void)
{
    rig_close();
    unsetenv("TRACTION_EVENTS_KEEP_DAYS");
}

/* Those that may consume the log, too, but for one. */
static void others_have(long sequence, const char *except)
{
    static const char *const others[] = {"svc-operations", "svc-analytics", "svc-realtime"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!except || strcmp(others[i], except) != 0)
            ck_assert_int_eq(rig_tell(others[i], sequence, ""), 200);
}

static void becomes(const char *sql, const char *expected)
{
    for (int i = 0; i < 900 && strcmp(rig_sql(sql), expected) != 0; i++)
        rig_sleep_ms(50);
    ck_sql(sql, expected);
}

START_TEST(what_everybody_has_applied_goes_but_for_the_last)
{
    open_keeping("0");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(PUBLISHER_B, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(100);
    ck_settled(20000);
    others_have(1000, NULL);
    becomes(kept, "100");
    ck_sql(begin, "100");
    rig_end(PUBLISHER_A);
    rig_end(PUBLISHER_B);
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write(50); /* numbers go on */
    ck_settled(20000);
    becomes(kept, "150");
    /* Who begins now and keeps no state leaves out what is gone. */
    rig_end(CONSUMER_A);
    rig_sql("UPDATE kpis.consumed SET pos = 20");
    rig_start(CONSUMER_A, NULL, NULL);
    becomes("SELECT pos FROM kpis.consumed", "150");
    ck_assert_ptr_nonnull(strstr(rig_log(CONSUMER_A), "events were left out"));
    rig_done();
}
END_TEST

START_TEST(a_program_that_is_silent_or_behind_keeps_it)
{
    open_keeping("0");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(100);
    ck_settled(20000);
    others_have(100, "svc-analytics");
    becomes("SELECT pos FROM goals.consumers WHERE program = 'svc-kpis'", "100");
    rig_sleep_ms(2 * RIG_LOOK_MS);
    ck_sql(begin, "1");
    ck_sql("SELECT count(*) FROM goals.event_log", "100");
    ck_assert_int_eq(rig_tell("svc-analytics", 40, ""), 200);
    becomes(begin, "41");
    ck_sql("SELECT min(pos) || ' ' || count(*) FROM goals.event_log", "41 60");
    rig_done();
}
END_TEST

START_TEST(what_is_young_stays)
{
    open_keeping("1");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(60);
    ck_settled(20000);
    others_have(60, NULL);
    becomes("SELECT pos FROM goals.consumers WHERE program = 'svc-kpis'", "60");
    rig_sleep_ms(2 * RIG_LOOK_MS);
    ck_sql(begin, "1");
    rig_sql("UPDATE goals.event_log SET created_at = created_at - interval '25 h'"
            " WHERE pos <= 30 OR pos = 40");
    becomes(begin, "31");
    ck_sql("SELECT min(pos) || ' ' || count(*) FROM goals.event_log", "31 30");
    rig_done();
}
END_TEST

/* It asks for what it has in its memory as the last one, which is deleted long since. */
START_TEST(a_replica_that_was_stopped_goes_on)
{
    open_keeping("0");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_start(CONSUMER_B, NULL, NULL);
    rig_write(50);
    ck_settled(20000);
    rig_sleep_ms(1000);
    kill(rig.programs[CONSUMER_B], SIGSTOP);
    rig_write(3000);
    ck_settled(60000);
    others_have(3050, NULL);
    becomes(kept, "3050");
    kill(rig.programs[CONSUMER_B], SIGCONT);
    rig_end(CONSUMER_A);
    rig_write(200);
    ck_settled(30000);
    ck_assert_ptr_null(strstr(rig_log(CONSUMER_B), "a consumer has stopped"));
    ck_assert_ptr_null(strstr(rig_log(CONSUMER_B), "events were left out"));
    rig_done();
}
END_TEST

/* Many deaths while events are deleted as soon as they may be. */
START_TEST(nothing_is_lost_or_repeated)
{
    open_keeping("0");
    rig_start(PUBLISHER_A, "sequencer before commit:20", NULL);
    rig_start(PUBLISHER_B, NULL, "drop-news");
    rig_start(CONSUMER_A, "consumer before commit:10", NULL);
    rig_start(CONSUMER_B, "consumer after commit:15", NULL);
    others_have(100000, NULL);
    for (int i = 0; i < 30; i++) {
        rig_write(60);
        rig_sleep_ms(700);
    }
    ck_settled(30000);
    ck_assert_uint_ge(rig_killed(), 1);
    becomes(begin, "1800");
    rig_done();
}
END_TEST

static int count_of(const char *text, const char *part)
{
    int count = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* While a release is rolled out: the source is of the one before. */
START_TEST(a_snapshot_goes_without_added_kinds_that_its_source_does_not_know)
{
    open_keeping("0");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(100);
    ck_settled(20000);
    others_have(1000, NULL);
    becomes(kept, "100");
    rig_end(CONSUMER_A);
    rig_sql("UPDATE kpis.consumed SET pos = 20");
    rig_start(CONSUMER_A, NULL, "keeps-state");
    becomes("SELECT pos FROM kpis.consumed", "100");
    rig_write(10);
    becomes("SELECT pos FROM kpis.consumed", "110");
    const char *log = rig_log(CONSUMER_A);
    ck_assert_int_eq(count_of(log, "began anew from a snapshot"), 1);
    ck_assert_int_eq(count_of(log, "a snapshot is without what its source does not know"), 2);
    ck_assert_int_eq(count_of(log, "colors"), 1);
    ck_assert_ptr_null(strstr(log, "a consumer has stopped"));
    rig_done();
}
END_TEST

START_TEST(the_service_cannot_change_its_log)
{
    open_keeping("30");
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write(10);
    ck_assert(rig_logged(10, 10000));
    rig_sql("SET ROLE svc_goals");
    rig_sql("DELETE FROM goals.event_log");
    rig_sql("UPDATE goals.event_log SET type = 'other'");
    rig_sql("UPDATE goals.log_begin SET pos = 5");
    ck_sql("SELECT goals.prune_events('{}', 'infinity', 100)", "0");
    ck_sql("SELECT goals.prune_events('{svc-kpis}', 'infinity', 100)", "0");
    rig_sql("RESET ROLE");
    ck_sql("SELECT count(*) FROM goals.event_log WHERE type = 'item.changed'", "10");
    ck_sql(begin, "1");
    rig_done();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("log_retention");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 300);
    tcase_add_test(all, what_everybody_has_applied_goes_but_for_the_last);
    tcase_add_test(all, a_program_that_is_silent_or_behind_keeps_it);
    tcase_add_test(all, what_is_young_stays);
    tcase_add_test(all, a_replica_that_was_stopped_goes_on);
    tcase_add_test(all, nothing_is_lost_or_repeated);
    tcase_add_test(all, a_snapshot_goes_without_added_kinds_that_its_source_does_not_know);
    tcase_add_test(all, the_service_cannot_change_its_log);
    suite_add_tcase(suite, all);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
