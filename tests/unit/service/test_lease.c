/* When a holder's lease is valid. */
#include "lease.h"

#include "suite.h"

/* Named by queries.sql beside this file, which is not used here. */
extern const struct model thing_model;
const struct model thing_model = {.name = "Thing"};

enum { MS = 1000, BEGUN = 7 * 1000 * MS };

static struct lease lease;
static const struct lease_state good = {.renewed = true, .held = true, .epoch = 5};

static void begin(void)
{
    lease_begin(&lease, BEGUN);
    ck_assert(lease_renewed(&lease, BEGUN + 380 * MS, &good));
}

START_TEST(is_not_valid_before_a_writer_must_know_of_it)
{
    lease_begin(&lease, BEGUN);
    ck_assert(!lease_is_valid(&lease, BEGUN + LEASE_START_US)); /* never renewed */
    ck_assert(lease_renewed(&lease, BEGUN + 380 * MS, &good));
    ck_assert(!lease_is_valid(&lease, BEGUN + LEASE_START_US - 1));
    ck_assert(lease_is_valid(&lease, BEGUN + LEASE_START_US));
    /* A writer's list that lacks it is older than its first use. */
    ck_assert_int_gt(LEASE_START_US, LEASE_LIST_US);
    ck_assert_int_gt(LEASE_GONE_US, LEASE_US);
}
END_TEST

START_TEST(ends_by_the_time_the_renewal_was_sent)
{
    begin();
    ck_assert(lease_is_valid(&lease, BEGUN + 380 * MS + LEASE_US - 1));
    ck_assert(!lease_is_valid(&lease, BEGUN + 380 * MS + LEASE_US));
    ck_assert(lease_renewed(&lease, BEGUN + 900 * MS, &good));
    ck_assert(lease_is_valid(&lease, BEGUN + 1000 * MS));
    /* Answers that come in another order shorten nothing, and prolong nothing. */
    ck_assert(lease_renewed(&lease, BEGUN + 800 * MS, &good));
    ck_assert(lease_is_valid(&lease, BEGUN + 900 * MS + LEASE_US - 1));
    ck_assert(!lease_is_valid(&lease, BEGUN + 900 * MS + LEASE_US));
}
END_TEST

START_TEST(goes_on_when_it_cannot_be_renewed_at_this_moment)
{
    struct lease_state later = good;

    begin();
    later.renewed = false;
    ck_assert(lease_renewed(&lease, BEGUN + 600 * MS, &later));
    ck_assert(lease_is_valid(&lease, BEGUN + 400 * MS));
    ck_assert(!lease_is_valid(&lease, BEGUN + 700 * MS)); /* and was not prolonged */
}
END_TEST

START_TEST(is_lost_when_it_is_revoked)
{
    struct lease_state revoked = good;

    begin();
    revoked.held = false;
    ck_assert(!lease_renewed(&lease, BEGUN + 500 * MS, &revoked));
    ck_assert(!lease_is_valid(&lease, BEGUN + 500 * MS));
    ck_assert(!lease_renewed(&lease, BEGUN + 600 * MS, &good)); /* until it registers again */
    ck_assert(!lease_is_valid(&lease, BEGUN + 600 * MS));
}
END_TEST

START_TEST(is_lost_when_somebody_has_told_nobody)
{
    struct lease_state moved = good;

    begin();
    moved.epoch = 6;
    moved.renewed = false; /* also while the other transaction runs */
    ck_assert(!lease_renewed(&lease, BEGUN + 500 * MS, &moved));
    ck_assert(!lease_is_valid(&lease, BEGUN + 500 * MS));
}
END_TEST

SUITE_MAIN("lease", is_not_valid_before_a_writer_must_know_of_it,
           ends_by_the_time_the_renewal_was_sent, goes_on_when_it_cannot_be_renewed_at_this_moment,
           is_lost_when_it_is_revoked, is_lost_when_somebody_has_told_nobody)
