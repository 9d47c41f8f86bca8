/* A type of event that a consumer must understand and does not know: its tenant waits, others go
 * on, and after the upgrade all of it is applied, in order and once. */
#include <string.h>

#include "event_rig.h"
#include "suite.h"

#define ck_settled(max_ms) ck_assert_msg(rig_settled(max_ms), "%s", rig_reason())
#define ck_sql(sql, expected) ck_assert_str_eq(rig_sql(sql), expected)

static const char waiting[] = "SELECT count(*) > 0 FROM kpis.parked_events";
/* Items that the consumer has otherwise than the publisher, of the others and of the tenant. */
static const char others_differ[] =
    "SELECT count(*) FROM goals.items g LEFT JOIN kpis.items k USING (tenant_id, id)"
    " WHERE tenant_id <> 'tenant-1' AND (g.value, g.version) IS DISTINCT FROM (k.value, k.version)";
static const char tenant_differs[] =
    "SELECT count(*) > 0 FROM goals.items g LEFT JOIN kpis.items k USING (tenant_id, id)"
    " WHERE tenant_id = 'tenant-1' AND (g.value, g.version) IS DISTINCT FROM (k.value, k.version)";

static size_t count_in(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part))) {
        text += strlen(part);
        count++;
    }
    return count;
}

static void ck_metric(int program, const char *line)
{
    const char *metrics = rig_admin(program, "/metrics");

    ck_assert_msg(strstr(metrics, line) != NULL, "no %s in %s", line, metrics);
}

static void await_none_parked(void)
{
    for (int i = 0; i < 600 && !strcmp(rig_sql(waiting), "t"); i++)
        rig_sleep_ms(50);
    ck_sql(waiting, "f");
}

static void ck_one_waits(int consumer)
{
    ck_sql("SELECT string_agg(DISTINCT tenant_id, ',') FROM kpis.parked_events", "tenant-1");
    ck_sql("SELECT type FROM kpis.parked_events ORDER BY pos LIMIT 1", "item.turned");
    ck_sql("SELECT bool_or(type = 'item.changed') FROM kpis.parked_events", "t");
    ck_sql(others_differ, "0");
    ck_sql(tenant_differs, "t");
    ck_metric(consumer,
              "traction_consumer_parked_tenants{source=\"svc-goals\",reason=\"release\"} 1\n");
    ck_metric(consumer, "traction_consumer_stopped{source=\"svc-goals\"} 0\n");
    ck_assert_ptr_nonnull(strstr(rig_admin(consumer, "/readyz"), "200 OK"));
}

/* Where the newer release dies while it applies what has waited. */
static const char *const deaths[] = {NULL, "consumer in apply:3", "consumer before commit:3",
                                     "consumer after commit:3"};

START_TEST(a_tenant_waits_for_a_newer_release)
{
    rig_open();
    rig_start(PUBLISHER_A, NULL, "newer-release");
    rig_start(CONSUMER_A, NULL, "older-release");
    rig_write(150);
    ck_assert(rig_consumed(150, 20000));
    ck_one_waits(CONSUMER_A);
    ck_assert_uint_eq(count_in(rig_log(CONSUMER_A), "wait for a newer release"), 1);
    ck_assert_uint_eq(count_in(rig_log(CONSUMER_A), "does not know"), 1);
    ck_assert_ptr_nonnull(strstr(rig_log(CONSUMER_A), "\"program\":\"svc-kpis\""));
    rig_end(CONSUMER_A); /* it waits on after a restart of the same release */
    rig_start(CONSUMER_A, NULL, "older-release");
    rig_write(60);
    ck_assert(rig_consumed(210, 20000));
    ck_one_waits(CONSUMER_A);
    rig_start(CONSUMER_B, deaths[_i], NULL); /* both releases side by side */
    rig_write(100);
    await_none_parked();
    rig_end(CONSUMER_A);
    rig_write(50);
    await_none_parked();
    ck_settled(20000); /* which asks for the order, too */
    ck_assert_uint_eq(rig_killed(), deaths[_i] ? 1 : 0);
    rig_close();
}
END_TEST

/* Nothing passes in silence: when no more may wait, nothing is applied any more. */
START_TEST(so_many_may_wait_and_no_more)
{
    rig_open();
    rig_sql("INSERT INTO kpis.parked_events (tenant_id, source, pos, type, must, payload)"
            " SELECT 'tenant-9', 'svc-goals', -n, 'item.turned', 'svc-kpis', ''"
            " FROM generate_series(1, 10000) n");
    rig_start(PUBLISHER_A, NULL, "newer-release");
    rig_start(CONSUMER_A, NULL, "older-release");
    rig_write(60);
    for (int i = 0; i < 400 && !strstr(rig_admin(CONSUMER_A, "/readyz"), "upgrade it first"); i++)
        rig_sleep_ms(50);
    ck_assert_ptr_nonnull(
        strstr(rig_admin(CONSUMER_A, "/readyz"), "has to wait for a newer release of svc-kpis"));
    ck_metric(CONSUMER_A, "traction_consumer_stopped{source=\"svc-goals\"} 1\n");
    ck_sql("SELECT count(*) FROM kpis.parked_events", "10000");
    rig_sql("DELETE FROM kpis.parked_events");
    rig_end(CONSUMER_A);
    rig_start(CONSUMER_A, NULL, NULL);
    ck_settled(20000);
    rig_close();
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        return rig_role_main(argv + 1);
    Suite *suite = suite_create("parked_events");
    TCase *tests = tcase_create("all");

    tcase_set_timeout(tests, 180);
    tcase_add_loop_test(tests, a_tenant_waits_for_a_newer_release, 0, 4);
    tcase_add_test(tests, so_many_may_wait_and_no_more);
    suite_add_tcase(suite, tests);
    postgres_start();
    int result = suite_finish(suite);
    postgres_stop();
    return result;
}
