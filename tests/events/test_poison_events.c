/* An event that cannot be applied: its tenant waits, others go on, and once it can be applied, or
 * was skipped, what follows is applied in order and once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_rig.h"
#include "suite.h"
#include "timestamp.h"

#define ck_settled(max_ms) ck_assert_msg(rig_settled(max_ms), "%s", rig_reason())
#define ck_sql(sql, expected) ck_assert_str_eq(rig_sql(sql), expected)

/* The tenant of the event that cannot be applied is in the table `poisoned`. Items that the
 * consumer has otherwise than the publisher: */
#define DIFFERENT                                                                     \
    "SELECT count(*) FROM goals.items g LEFT JOIN kpis.items k USING (tenant_id, id)" \
    " WHERE (g.value, g.version) IS DISTINCT FROM (k.value, k.version) AND tenant_id "
static const char others_differ[] = DIFFERENT "<> (SELECT tenant_id FROM poisoned)";
static const char its_differ[] = DIFFERENT "= (SELECT tenant_id FROM poisoned)";
static const char attempts[] = "SELECT coalesce(max(attempts), 0) FROM kpis.parked_events";

static bool becomes(const char *sql, const char *value, int64_t max_ms)
{
    int64_t end_us = monotonic_us() + max_ms * 1000;

    while (strcmp(rig_sql(sql), value) != 0) {
        if (monotonic_us() > end_us)
            return false;
        rig_sleep_ms(10);
    }
    return true;
}

#define ck_becomes(sql, value, max_ms) \
    ck_assert_msg(becomes(sql, value, max_ms), "%s: %s", sql, rig_sql(sql))

/* A small number in it is a bool, which the handler refuses; then what cannot be read: no msgpack,
 * and a map without anything that an event has. */
static const char refused[] = "substring(payload for length(payload) - 1) || '\\xc3'";
static const char *const unreadable[] = {"'\\xc1'", "'\\x81a161c0'"};

/* Of so many events in the log one has that payload. Nobody consumes yet. */
static void open_at(int place, int count, const char *payload)
{
    char sql[300];

    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_write((size_t)count);
    ck_assert(rig_logged(count, 10000));
    snprintf(sql, sizeof sql,
             "CREATE TABLE poisoned AS SELECT * FROM goals.event_log WHERE pos = %d", place);
    rig_sql(sql);
    snprintf(sql, sizeof sql,
             "UPDATE goals.event_log SET payload = %s WHERE pos = (SELECT pos FROM poisoned)",
             payload);
    rig_sql(sql);
}

static void open_with(const char *payload)
{
    open_at(8, 30, payload);
}

static void open_with_poison(void)
{
    open_with(refused);
}

static void repair_event(void)
{
    rig_sql("UPDATE kpis.parked_events e SET payload = p.payload, next_at = now()"
            " FROM poisoned p WHERE e.pos = p.pos");
}

/* Of two replicas the one that has not parked it hears of it later. */
static bool says_that_one_waits(int consumer)
{
    static const char waits[] =
        "traction_consumer_parked_tenants{source=\"svc-goals\",reason=\"failed\"} 1\n";
    static const char goes_on[] = "traction_consumer_stopped{source=\"svc-goals\"} 0\n";

    for (int i = 0; i < 100 && !strstr(rig_admin(consumer, "/metrics"), waits); i++)
        rig_sleep_ms(100);
    const char *metrics = rig_admin(consumer, "/metrics");
    return strstr(metrics, waits) && strstr(metrics, goes_on);
}

static void ck_its_tenant_waits(int consumer)
{
    ck_sql(others_differ, "0");
    ck_assert_str_ne(rig_sql(its_differ), "0");
    ck_sql("SELECT array_agg(DISTINCT tenant_id) = (SELECT array_agg(tenant_id) FROM poisoned)"
           " FROM kpis.parked_events",
           "t");
    /* All of it, from the one that cannot be applied on, each once. */
    ck_sql("SELECT (SELECT array_agg(pos ORDER BY pos) FROM kpis.parked_events) ="
           " (SELECT array_agg(pos ORDER BY pos) FROM goals.event_log l WHERE pos >= p.pos"
           " AND tenant_id = p.tenant_id AND pos <= (SELECT max(pos) FROM kpis.consumed))"
           " FROM poisoned p",
           "t");
    ck_assert_msg(says_that_one_waits(consumer), "%s", rig_admin(consumer, "/metrics"));
    ck_assert_ptr_nonnull(strstr(rig_admin(consumer, "/readyz"), "200 OK"));
}

/* Where a replica dies while it applies what has waited. */
static const char *const deaths[] = {NULL, "consumer in apply:3", "consumer before commit:3",
                                     "consumer after commit:3"};

START_TEST(what_is_refused_holds_up_its_tenant)
{
    open_with_poison();
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    ck_its_tenant_waits(CONSUMER_A);
    ck_sql("SELECT error LIKE 'VALIDATION_ERROR%' FROM kpis.parked_events WHERE pos = 8", "t");
    ck_assert_ptr_nonnull(strstr(rig_log(CONSUMER_A), "an event cannot be applied"));
    ck_becomes(attempts, "2", 5000);
    rig_end(CONSUMER_A); /* it waits on after a restart, and its attempts are counted on */
    rig_start(CONSUMER_A, NULL, NULL);
    ck_becomes(attempts, "3", 10000);
    rig_start(CONSUMER_B, deaths[_i], NULL);
    rig_write(60);
    ck_assert(rig_consumed(90, 10000));
    rig_sleep_ms(1200); /* and it has looked at the table */
    ck_its_tenant_waits(CONSUMER_A);
    rig_end(CONSUMER_A); /* so that it is the other one that goes on, and dies */
    repair_event();
    ck_becomes("SELECT count(*) FROM kpis.parked_events", "0", 20000);
    rig_write(60);
    ck_settled(20000); /* which asks for the order, too */
    ck_assert_uint_eq(rig_killed(), deaths[_i] ? 1 : 0);
    rig_close();
}
END_TEST

START_TEST(what_cannot_be_read_holds_up_its_tenant)
{
    open_with(unreadable[_i]);
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    ck_its_tenant_waits(CONSUMER_A);
    ck_sql("SELECT type || ': ' || error FROM kpis.parked_events WHERE pos = 8",
           "unreadable: it cannot be read");
    ck_becomes(attempts, "2", 5000);
    rig_end(CONSUMER_A);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_start(CONSUMER_B, NULL, NULL);
    ck_becomes(attempts, "3", 10000);
    rig_write(60);
    ck_assert(rig_consumed(90, 10000));
    ck_its_tenant_waits(CONSUMER_A);
    repair_event();
    ck_becomes("SELECT count(*) FROM kpis.parked_events", "0", 20000);
    rig_write(60);
    ck_settled(20000);
    rig_close();
}
END_TEST

/* While others are applied; and behind one that waits already. */
START_TEST(what_cannot_be_read_comes_at_any_time)
{
    static const char bad[] =
        "INSERT INTO goals.outbox (tenant_id, type, entity_id, version, payload, created_at)"
        " VALUES ('tenant-1', 'item.changed', gen_random_uuid(), 1, '\\x00', now())";

    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(30);
    ck_settled(20000);
    rig_sql("CREATE TABLE poisoned AS SELECT 'tenant-1'::text AS tenant_id, 31 AS pos");
    rig_sql(bad);
    ck_becomes("SELECT pos FROM kpis.parked_events", "31", 5000);
    rig_write(60);
    rig_sql(bad);
    ck_becomes("SELECT max(pos) FROM kpis.parked_events", "92", 5000);
    ck_its_tenant_waits(CONSUMER_A);
    rig_sql("DELETE FROM kpis.parked_events WHERE pos = 31"); /* traction events skip */
    ck_becomes("SELECT string_agg(pos::text, ' ') FROM kpis.parked_events", "92", 20000);
    ck_becomes(its_differ, "0", 1000);
    rig_sql("DELETE FROM kpis.parked_events");
    rig_write(30);
    ck_assert(rig_consumed(122, 10000));
    ck_becomes(its_differ, "0", 20000);
    ck_sql(others_differ, "0");
    rig_close();
}
END_TEST

/* One tenant's rows break a constraint. */
START_TEST(others_go_on_within_a_second)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, NULL);
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(30);
    ck_settled(20000);
    rig_sql("CREATE TABLE poisoned AS SELECT 'tenant-1'::text AS tenant_id");
    rig_sql("ALTER TABLE kpis.items ADD CONSTRAINT no_more CHECK (tenant_id <> 'tenant-1')"
            " NOT VALID");
    rig_write(60);
    ck_becomes(others_differ, "0", 1000);
    ck_sql("SELECT error FROM kpis.parked_events WHERE attempts > 0",
           "the database refused it: SQLSTATE 23514, constraint no_more");
    rig_write(60);
    ck_becomes(others_differ, "0", 1000);
    rig_sql("ALTER TABLE kpis.items DROP CONSTRAINT no_more");
    ck_becomes("SELECT count(*) FROM kpis.parked_events", "0", 20000); /* by its own next attempt */
    ck_settled(20000);
    rig_close();
}
END_TEST

/* By halves: 98 events before it in a batch of 100 are not 98 transactions. */
START_TEST(it_is_found_soon)
{
    open_at(99, 100, refused);
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(100, 10000));
    ck_sql("SELECT min(pos) FROM kpis.parked_events", "99");
    const char *count =
        strstr(rig_admin(CONSUMER_A, "/metrics"), "traction_consumer_batches_total{");
    ck_assert_ptr_nonnull(count);
    ck_assert_int_lt(strtol(strchr(count, ' '), NULL, 10), 25);
    rig_close();
}
END_TEST

/* However many follow it: 10,000 is the limit of those that wait for a newer release. */
START_TEST(many_may_follow)
{
    open_with_poison();
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    rig_end(CONSUMER_A);
    rig_sql("INSERT INTO kpis.parked_events (tenant_id, source, pos, type, payload)"
            " SELECT p.tenant_id, 'svc-goals', 1000000 + n, 'item.changed', p.payload"
            " FROM poisoned p, generate_series(1, 10000) n");
    rig_start(CONSUMER_A, NULL, NULL);
    rig_write(60);
    ck_becomes(others_differ, "0", 10000);
    rig_sql("DELETE FROM kpis.parked_events WHERE pos > 1000000");
    repair_event();
    ck_becomes("SELECT count(*) FROM kpis.parked_events", "0", 20000);
    ck_settled(20000);
    rig_close();
}
END_TEST

/* The place was set back while events wait, so that some are to be parked that are there already.
 */
START_TEST(all_is_applied_again)
{
    open_with_poison();
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    ck_its_tenant_waits(CONSUMER_A);
    rig_end(CONSUMER_A);
    rig_sql("TRUNCATE kpis.items");
    rig_sql("UPDATE kpis.consumed SET pos = 0");
    rig_start(CONSUMER_A, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    ck_sql(others_differ, "0");
    repair_event();
    ck_settled(20000);
    rig_close();
}
END_TEST

/* What was skipped is missing, and nothing else. */
START_TEST(one_is_skipped)
{
    open_with_poison();
    rig_start(CONSUMER_A, NULL, NULL);
    rig_start(CONSUMER_B, NULL, NULL);
    ck_assert(rig_consumed(30, 10000));
    ck_its_tenant_waits(CONSUMER_A);
    rig_sql("DELETE FROM kpis.parked_events WHERE pos = 8");
    ck_becomes("SELECT count(*) FROM kpis.parked_events", "0", 20000);
    rig_write(60);
    ck_assert(rig_consumed(90, 10000));
    ck_sql(others_differ, "0");
    ck_becomes(its_differ, "1", 10000); /* its item lacks one change */
    ck_sql("SELECT sum(g.version - k.version) FROM goals.items g JOIN kpis.items k"
           " USING (tenant_id, id)",
           "1");
    rig_close();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("poison_events");
    TCase *tests = tcase_create("all");

    tcase_set_timeout(tests, 180);
    tcase_add_loop_test(tests, what_is_refused_holds_up_its_tenant, 0, 4);
    tcase_add_loop_test(tests, what_cannot_be_read_holds_up_its_tenant, 0, 2);
    tcase_add_test(tests, what_cannot_be_read_comes_at_any_time);
    tcase_add_test(tests, others_go_on_within_a_second);
    tcase_add_test(tests, it_is_found_soon);
    tcase_add_test(tests, many_may_follow);
    tcase_add_test(tests, all_is_applied_again);
    tcase_add_test(tests, one_is_skipped);
    suite_add_tcase(suite, tests);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
