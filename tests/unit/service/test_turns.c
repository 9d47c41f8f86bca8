/* Turns of requests for the locks of rows: in the order they came, and beside each other only where
 * all of them share. */
#include "turns.h"

#include "model.h"
#include "suite.h"

/* Named by queries.sql beside this file, which is not used here. */
extern const struct model thing_model;
const struct model thing_model = {.name = "Thing"};

enum { MOST = 2 };

static struct turns turns;
static const char *const rows[] = {"row", "another"};

static void set_up(void)
{
    turns_init(&turns, MOST);
}

static void tear_down(void)
{
    ck_assert_uint_eq(turns.waiting, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_ptr_null(map_find(&turns.map, str_of(rows[i])));
    turns_free(&turns);
}

static bool locks(struct turn *turn, const char *row)
{
    return turn_begin(&turns, turn, str_of(row), false);
}

static bool shares(struct turn *turn, const char *row)
{
    return turn_begin(&turns, turn, str_of(row), true);
}

static void ends_for_nobody(struct turn *turn)
{
    ck_assert_ptr_null(turn_end(&turns, turn));
}

START_TEST(one_after_the_other)
{
    struct turn a, b, c;

    ck_assert(locks(&a, "row"));
    ck_assert(!locks(&b, "row"));
    ck_assert(!locks(&c, "row"));
    ck_assert_uint_eq(turns.waiting, 2);
    ck_assert_ptr_eq(turn_end(&turns, &a), &b);
    ck_assert_ptr_null(b.next);
    ck_assert_ptr_eq(turn_end(&turns, &b), &c);
    ends_for_nobody(&c);
}
END_TEST

START_TEST(other_rows_do_not_wait)
{
    struct turn a, b;

    ck_assert(locks(&a, "row"));
    ck_assert(locks(&b, "another"));
    ends_for_nobody(&a);
    ends_for_nobody(&b);
}
END_TEST

START_TEST(the_key_is_copied)
{
    struct turn a, b;
    char key[] = "row";

    ck_assert(locks(&a, key));
    key[0] = 'x';
    ck_assert(!locks(&b, "row"));
    ck_assert_ptr_eq(turn_end(&turns, &a), &b);
    ends_for_nobody(&b);
}
END_TEST

START_TEST(a_few_share)
{
    struct turn a, b, c, d;

    ck_assert(shares(&a, "row"));
    ck_assert(shares(&b, "row"));
    ck_assert(!shares(&c, "row"));
    ck_assert(!shares(&d, "row"));
    ck_assert_ptr_eq(turn_end(&turns, &b), &c);
    ck_assert_ptr_null(c.next);
    ck_assert_ptr_eq(turn_end(&turns, &a), &d);
    ends_for_nobody(&c);
    ends_for_nobody(&d);
}
END_TEST

START_TEST(nobody_overtakes_one_that_locks)
{
    struct turn a, b, lock, c, d;

    ck_assert(shares(&a, "row"));
    ck_assert(!locks(&lock, "row"));
    ck_assert(!shares(&b, "row"));
    ck_assert(!shares(&c, "row"));
    ck_assert(!shares(&d, "row"));
    ck_assert_ptr_eq(turn_end(&turns, &a), &lock);
    ck_assert_ptr_null(lock.next);
    struct turn *begin = turn_end(&turns, &lock);
    ck_assert_ptr_eq(begin, &b);
    ck_assert_ptr_eq(begin->next, &c);
    ck_assert_ptr_null(c.next);
    ck_assert_ptr_eq(turn_end(&turns, &b), &d);
    ends_for_nobody(&d);
    ends_for_nobody(&c);
}
END_TEST

START_TEST(one_that_locks_waits_for_all_that_share)
{
    struct turn a, b, lock;

    ck_assert(shares(&a, "row"));
    ck_assert(shares(&b, "row"));
    ck_assert(!locks(&lock, "row"));
    ends_for_nobody(&a);
    ck_assert_uint_eq(turns.waiting, 1);
    ck_assert_ptr_eq(turn_end(&turns, &b), &lock);
    ends_for_nobody(&lock);
}
END_TEST

SUITE_MAIN_WITH("turns", set_up, tear_down, one_after_the_other, other_rows_do_not_wait,
                the_key_is_copied, a_few_share, nobody_overtakes_one_that_locks,
                one_that_locks_waits_for_all_that_share)
