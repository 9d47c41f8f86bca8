/* Kills and lost messages anywhere between a change and its consumer: afterwards the consumer's
 * state equals the publisher's. test_event_mistakes.c proves that these tests can fail. */
#include "event_rig.h"

#define ck_settled(max_ms) ck_assert_msg(rig_settled(max_ms), "%s", rig_reason())

START_TEST(changes_arrive)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(300);
    ck_settled(20000);
    rig_close();
}
END_TEST

/* By the published message: a consumer that only polls would need up to two seconds. */
START_TEST(and_at_once)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(1);
    ck_settled(20000);
    for (long sequence = 2; sequence < 6; sequence++) {
        rig_sleep_ms(50);
        rig_write(1);
        ck_assert(rig_consumed(sequence, 400));
    }
    rig_close();
}
END_TEST

static const char *const publisher_deaths[] = {
    "operation before commit:30",
    "operation after commit:30",
    "sequencer before commit:2",
    "sequencer before news:3",
};

START_TEST(a_publisher_dies)
{
    rig_open();
    rig_start(PUBLISHER_A, publisher_deaths[_i], NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(200);
    ck_settled(20000);
    ck_assert_uint_eq(rig_killed(), 1);
    rig_close();
}
END_TEST

static const char *const consumer_deaths[] = {
    "consumer before apply:20",
    "consumer in apply:20",
    "consumer before commit:4",
    "consumer after commit:4",
};

START_TEST(a_consumer_dies)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, consumer_deaths[_i], NULL);
    rig_write(1);
    ck_settled(20000);
    rig_write(200);
    ck_settled(20000);
    ck_assert_uint_eq(rig_killed(), 1);
    rig_close();
}
END_TEST

START_TEST(news_is_lost)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, "drop-news");
    rig_start(CONSUMER_A, NULL, NULL);
    for (int i = 0; i < 4; i++)
        rig_write(50);
    ck_settled(20000);
    rig_close();
}
END_TEST

START_TEST(a_consumer_is_a_week_late)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write(10000);
    rig_start(CONSUMER_A, NULL, NULL);
    ck_settled(60000);
    rig_close();
}
END_TEST

START_TEST(two_of_each)
{
    rig_open();
    for (int i = 0; i < PROGRAM_COUNT; i++)
        rig_start(i, NULL, NULL);
    rig_write(500);
    ck_settled(20000);
    rig_close();
}
END_TEST

START_TEST(two_of_each_and_they_die)
{
    rig_open();
    rig_start(PUBLISHER_A, publisher_deaths[_i], NULL);
    rig_start(PUBLISHER_B, NULL, "drop-news");
    rig_start(CONSUMER_A, consumer_deaths[_i], NULL);
    rig_start(CONSUMER_B, NULL, NULL);
    for (int i = 0; i < 20 && rig_killed() == 0; i++) /* the others may do the work for a while */
        rig_write(100);
    rig_write(200);
    ck_settled(30000);
    ck_assert_uint_ge(rig_killed(), 1);
    rig_close();
}
END_TEST

/* Its id in the outbox is lower than those of changes that were published long ago. */
START_TEST(a_transaction_takes_its_time)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_hold_change();
    rig_write(20);
    ck_assert(rig_consumed(20, 10000));
    rig_commit_held();
    ck_settled(20000);
    rig_close();
}
END_TEST

/* It is the youngest transaction while later ids are published, and its item changes again before
 * the outbox is read from its beginning. */
START_TEST(a_young_transaction_takes_its_time)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_hold_change_between();
    ck_assert(rig_logged(1, 10000));
    rig_write(1);
    ck_assert(rig_logged(2, 10000));
    rig_commit_held();
    rig_change_held_again();
    rig_write(1);
    rig_start(CONSUMER_A, NULL, NULL);
    ck_settled(20000);
    rig_close();
}
END_TEST

/* The sequencer's transaction is rolled back, and its sequence numbers are assigned to others. */
START_TEST(places_that_were_not_committed_are_given_again)
{
    rig_open();
    rig_start(PUBLISHER_A, "sequencer before commit:2", NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(1);
    ck_settled(20000);
    rig_hold_change();
    rig_keep_dead(true);
    rig_write(1);
    rig_wait_killed(PUBLISHER_A);
    rig_commit_held();
    rig_start(PUBLISHER_A, NULL, NULL);
    ck_settled(20000);
    rig_close();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("event_path");
    TCase *one = tcase_create("once"), *deaths = tcase_create("deaths");

    tcase_set_timeout(one, 180);
    tcase_set_timeout(deaths, 120);
    tcase_add_test(one, changes_arrive);
    tcase_add_test(one, and_at_once);
    tcase_add_test(one, news_is_lost);
    tcase_add_test(one, a_consumer_is_a_week_late);
    tcase_add_test(one, two_of_each);
    tcase_add_test(one, a_transaction_takes_its_time);
    tcase_add_test(one, a_young_transaction_takes_its_time);
    tcase_add_test(one, places_that_were_not_committed_are_given_again);
    tcase_add_loop_test(deaths, a_publisher_dies, 0, 4);
    tcase_add_loop_test(deaths, a_consumer_dies, 0, 4);
    tcase_add_loop_test(deaths, two_of_each_and_they_die, 0, 4);
    suite_add_tcase(suite, one);
    suite_add_tcase(suite, deaths);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
