/* Requests per user and minute. */
#include "rate.h"
#include "suite.h"

static int take(struct rate *rate, const char *tenant, const char *user, int64_t now_us)
{
    enum rate_of of;

    return rate_take(rate, str_of(tenant), str_of(user), now_us, &of);
}

START_TEST(limits_rates)
{
    struct rate *rate = rate_new(2, 0);

    ck_assert_int_eq(take(rate, "t", "u", 0), 0);
    ck_assert_int_eq(take(rate, "t", "u", 0), 0);
    ck_assert_int_eq(take(rate, "t", "u", 1000), 30);
    ck_assert_int_eq(take(rate, "t", "other", 1000), 0);
    ck_assert_int_eq(take(rate, "t", "u", 31000000), 0);
    ck_assert_int_gt(take(rate, "t", "u", 31000000), 0);
    rate_destroy(&rate);
}
END_TEST

/* What is refused counts against nobody's limit. */
START_TEST(limits_tenants)
{
    struct rate *rate = rate_new(2, 3);
    enum rate_of of;

    ck_assert_int_eq(take(rate, "t", "u", 0), 0);
    ck_assert_int_eq(take(rate, "t", "u", 0), 0);
    ck_assert_int_gt(rate_take(rate, STR("t"), STR("u"), 0, &of), 0);
    ck_assert_int_eq(of, RATE_USER);
    ck_assert_int_eq(take(rate, "t", "v", 0), 0);
    ck_assert_int_eq(rate_take(rate, STR("t"), STR("w"), 0, &of), 21);
    ck_assert_int_eq(of, RATE_TENANT);
    ck_assert_int_eq(take(rate, "other", "u", 0), 0);
    ck_assert_int_eq(take(rate, "t", "w", 21000000), 0);
    ck_assert_uint_eq(rate_refused(rate, RATE_USER), 1);
    ck_assert_uint_eq(rate_refused(rate, RATE_TENANT), 1);
    rate_destroy(&rate);
}
END_TEST

START_TEST(may_be_unlimited)
{
    struct rate *rate = rate_new(0, 0);

    for (int i = 0; i < 100000; i++)
        ck_assert_int_eq(take(rate, "t", "u", 0), 0);
    rate_destroy(&rate);
}
END_TEST

SUITE_MAIN("rate", limits_rates, limits_tenants, may_be_unlimited)
