/* Places that tenants hold: who may take one more when there are no more. */
#include "shares.h"

#include <string.h>

#include "suite.h"

enum { MOST = 8, HARD = 10 };

static struct shares *shares;
static struct share *held[4][64];
static size_t counts[4];

static void set_up(void)
{
    shares = shares_new(MOST);
    memset(counts, 0, sizeof counts);
}

static void tear_down(void)
{
    for (size_t t = 0; t < 4; t++)
        while (counts[t] > 0)
            shares_give_back(shares, &held[t][--counts[t]]);
    ck_assert_uint_eq(shares_held(shares), 0);
    shares_destroy(&shares);
}

static enum share_verdict take(size_t tenant)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct share *share;
    enum share_verdict verdict = shares_take(shares, str_of(names[tenant]), &share);

    ck_assert_int_eq(share != NULL, verdict == SHARE_TAKEN);
    if (share)
        held[tenant][counts[tenant]++] = share;
    return verdict;
}

static void take_all(size_t tenant)
{
    while (take(tenant) == SHARE_TAKEN)
        continue;
}

START_TEST(a_tenant_alone_takes_everything)
{
    take_all(0);
    ck_assert_uint_eq(counts[0], MOST);
    ck_assert_int_eq(take(0), SHARE_FULL);
    shares_give_back(shares, &held[0][--counts[0]]);
    ck_assert_int_eq(take(0), SHARE_TAKEN);
}
END_TEST

START_TEST(others_are_let_in_above)
{
    take_all(0);
    ck_assert_int_eq(take(1), SHARE_TAKEN);
    ck_assert_int_eq(take(0), SHARE_USED_UP);
    ck_assert_int_eq(take(2), SHARE_TAKEN);
    ck_assert_uint_eq(shares_held(shares), HARD);
    ck_assert_int_eq(take(1), SHARE_FULL);
    ck_assert_int_eq(take(3), SHARE_FULL);
}
END_TEST

/* With two tenants half of the places is a share. */
START_TEST(nobody_gets_more_than_a_share_above)
{
    for (int i = 0; i < MOST / 2; i++) {
        ck_assert_int_eq(take(0), SHARE_TAKEN);
        ck_assert_int_eq(take(1), SHARE_TAKEN);
    }
    ck_assert_int_eq(take(0), SHARE_USED_UP);
    ck_assert_int_eq(take(1), SHARE_USED_UP);
    ck_assert_int_eq(take(2), SHARE_TAKEN);
    shares_give_back(shares, &held[0][--counts[0]]);
    shares_give_back(shares, &held[0][--counts[0]]);
    ck_assert_int_eq(take(0), SHARE_TAKEN); /* while there are some, everybody may */
}
END_TEST

START_TEST(what_is_given_back_counts_no_more)
{
    take_all(0);
    take(1);
    while (counts[0] > 0)
        shares_give_back(shares, &held[0][--counts[0]]);
    take_all(1);
    ck_assert_uint_eq(counts[1], MOST);
    struct share *none = NULL;
    shares_give_back(shares, &none);
    ck_assert_uint_eq(shares_held(shares), MOST);
}
END_TEST

SUITE_MAIN_WITH("shares", set_up, tear_down, a_tenant_alone_takes_everything,
                others_are_let_in_above, nobody_gets_more_than_a_share_above,
                what_is_given_back_counts_no_more)
