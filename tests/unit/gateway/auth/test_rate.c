/* Requests per user and minute. */
#include "rate.h"
#include "suite.h"

START_TEST(limits_rates)
{
    struct rate *rate = rate_new(2);

    ck_assert_int_eq(rate_take(rate, STR("t"), STR("u"), 0), 0);
    ck_assert_int_eq(rate_take(rate, STR("t"), STR("u"), 0), 0);
    ck_assert_int_eq(rate_take(rate, STR("t"), STR("u"), 1000), 30);
    ck_assert_int_eq(rate_take(rate, STR("t"), STR("other"), 1000), 0);
    ck_assert_int_eq(rate_take(rate, STR("t"), STR("u"), 31000000), 0);
    ck_assert_int_gt(rate_take(rate, STR("t"), STR("u"), 31000000), 0);
    rate_destroy(&rate);
}
END_TEST

SUITE_MAIN("rate", limits_rates)
