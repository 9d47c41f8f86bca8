/* What goals show is told to who keeps it: the tables of svc-goals. */
#include "kept_tables.h"

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

SERVICE_SUITE_MAIN("goals_cache", all_that_a_goal_shows_is_told, a_table_that_is_not_told_is_found)
