/* The health score of a summary. */
#include "kpi_summary.h"
#include "suite.h"

START_TEST(means_those_with_data)
{
    ck_assert_double_eq(health_score(&(struct status_counts){28, 10, 4, 0}), 71.43);
    ck_assert_double_eq(health_score(&(struct status_counts){28, 10, 4, 100}), 71.43);
    ck_assert_double_eq(health_score(&(struct status_counts){0, 0, 0, 7}), 0);
    ck_assert_double_eq(health_score(&(struct status_counts){3, 0, 0, 0}), 100);
    ck_assert_double_eq(health_score(&(struct status_counts){0, 0, 3, 1}), 50);
    ck_assert_double_eq(health_score(&(struct status_counts){0, 2, 0, 0}), 0);
}
END_TEST

SUITE_MAIN("kpi_summary", means_those_with_data)
