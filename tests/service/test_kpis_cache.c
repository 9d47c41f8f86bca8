/* What goals show of their KPIs is told to who keeps it: the tables of svc-kpis, and a holder of a
 * lease that nobody answers for. */
#include "kept_tables.h"
#include "timestamp.h"

static const char *holder, *kpi_path;

static const struct rig_answer *renew(void)
{
    return ask("renewLease", NULL, format("{'holder': '%s'}", holder));
}

static void begin(void)
{
    rig_new_tenant();
    sql_value("DELETE FROM kpis.lease_holders");
    const struct rig_answer *kpi = ask("createSharedKPI", NULL, "{'name': 'a', 'direction': 'up'}");
    ck_answer(kpi, 201);
    kpi_path = format("{'id': '%s'}", text_at(kpi, "data.id"));
    holder = sql_value("SELECT gen_random_uuid()");
    ck_answer(ask("registerHolder", NULL, format("{'holder': '%s'}", holder)), 200);
    ck_at(renew(), "data.held", "true");
    ck_at(renew(), "data.renewed", "true");
}

static int64_t ms_of_write(const char *name)
{
    int64_t began_us = monotonic_us();

    ck_answer(ask("updateSharedKPI", kpi_path, format("{'name': '%s'}", name)), 200);
    return (monotonic_us() - began_us) / 1000;
}

START_TEST(all_that_goals_show_of_kpis_is_told)
{
    rig_new_tenant();
    ck_told("LINKS_OF_GOALS");
    ck_told("LINKS_OF_GOALS_BRIEF");
}
END_TEST

static bool row_is_gone(void)
{
    return !sql_value(format("SELECT holder FROM kpis.lease_holders WHERE holder = '%s'", holder));
}

START_TEST(a_holder_that_does_not_answer_is_revoked_and_waited_for)
{
    begin();
    ck_assert_int_ge(ms_of_write("b"), 300);
    ck_at(renew(), "data.held", "false");
    /* Its lease has ended, so the next write need not wait for it. */
    ck_assert_int_lt(ms_of_write("c"), 250);
    ck_assert(wait_until(row_is_gone, 10000));
}
END_TEST

START_TEST(what_no_goal_shows_is_not_waited_for)
{
    begin();
    int64_t began_us = monotonic_us();
    ck_answer(ask("createSharedKPI", NULL, "{'name': 'b', 'direction': 'up'}"), 201);
    ck_assert_int_lt(monotonic_us() - began_us, 250 * 1000);
    ck_at(renew(), "data.held", "true");
}
END_TEST

START_TEST(who_revoked_it_is_waited_for_by_all)
{
    begin();
    sql_value(format("UPDATE kpis.lease_holders SET revoked = true WHERE holder = '%s'", holder));
    ck_assert_int_ge(ms_of_write("b"), 290);
}
END_TEST

START_TEST(who_tells_nobody_ends_the_leases)
{
    begin();
    const char *epoch = at(renew(), "data.epoch");
    int64_t began_us = monotonic_us();
    sql_value("BEGIN; UPDATE kpis.kpis SET name = name");
    ck_assert_int_ge(monotonic_us() - began_us, 300 * 1000);
    ck_at(renew(), "data.renewed", "false"); /* until it commits */
    sql_value("UPDATE kpis.kpis SET name = name; COMMIT");
    const struct rig_answer *after = renew();
    ck_at(after, "data.renewed", "true");
    ck_assert_str_ne(at(after, "data.epoch"), epoch);
}
END_TEST

START_TEST(a_repetition_is_told_as_well)
{
    begin();
    caller.command = "once";
    ck_answer(ask("updateSharedKPI", kpi_path, "{'name': 'b'}"), 200); /* and revokes the holder */
    holder = sql_value("SELECT gen_random_uuid()");
    ck_answer(ask("registerHolder", NULL, format("{'holder': '%s'}", holder)), 200);
    int64_t began_us = monotonic_us();
    caller.command = "once";
    ck_answer(ask("updateSharedKPI", kpi_path, "{'name': 'b'}"), 200);
    ck_assert_int_ge(monotonic_us() - began_us, 300 * 1000);
}
END_TEST

SERVICE_SUITE_MAIN("kpis_cache", all_that_goals_show_of_kpis_is_told,
                   a_holder_that_does_not_answer_is_revoked_and_waited_for,
                   what_no_goal_shows_is_not_waited_for, who_revoked_it_is_waited_for_by_all,
                   who_tells_nobody_ends_the_leases, a_repetition_is_told_as_well)
