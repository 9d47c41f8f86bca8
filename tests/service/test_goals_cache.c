/* What goals show is told to who keeps it: the tables of svc-goals, and a process that keeps
 * nothing itself. */
#include "kept_tables.h"
#include "timestamp.h"

START_TEST(all_that_a_goal_shows_is_told)
{
    rig_new_tenant();
    ck_told("GOAL_BY_ID");
    ck_told("STRATEGIES_OF_GOALS");
    ck_told("STRATEGIES_OF_GOALS_BRIEF");
}
END_TEST

START_TEST(a_table_that_is_not_told_is_found)
{
    rig_new_tenant();
    sql_value("CREATE TABLE goals.planted (LIKE goals.people);"
              "ALTER TABLE goals.people RENAME TO told;"
              "ALTER TABLE goals.planted RENAME TO people");
    const char *found = untold_table("GOAL_BY_ID");
    sql_value("DROP TABLE goals.people; ALTER TABLE goals.told RENAME TO people");
    ck_assert_msg(found && strcmp(found, "people") == 0, "%s", found ? found : "nothing");
}
END_TEST

static int64_t ms_of_write(const char *path, const char *title)
{
    int64_t began_us = monotonic_us();

    ck_answer(ask("updateGoal", path, format("{'title': '%s'}", title)), 200);
    return (monotonic_us() - began_us) / 1000;
}

START_TEST(who_keeps_nothing_waits_for_those_who_do)
{
    rig_new_tenant();
    const struct rig_answer *goal =
        ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'u', 'horizon': 'year'}");
    ck_answer(goal, 201);
    const char *path = format("{'id': '%s'}", text_at(goal, "data.id"));
    const char *epoch = sql_value("SELECT last_value FROM goals.lease_epoch");
    sql_value("INSERT INTO goals.lease_holders (holder) VALUES (gen_random_uuid())");
    ck_assert_int_ge(ms_of_write(path, "b"), 300);
    ck_assert_str_ne(sql_value("SELECT last_value FROM goals.lease_epoch"), epoch);
    sql_value("DELETE FROM goals.lease_holders");
    ck_assert_int_lt(ms_of_write(path, "c"), 250);
}
END_TEST

SERVICE_SUITE_MAIN("goals_cache", all_that_a_goal_shows_is_told, a_table_that_is_not_told_is_found,
                   who_keeps_nothing_waits_for_those_who_do)
