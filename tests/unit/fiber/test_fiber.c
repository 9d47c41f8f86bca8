/* The fiber scheduler: order, wake-ups that come early or twice, deadlines, the limit, log
 * contexts, and that stacks are really separate and reused. */
#include <check.h>
#include <string.h>

#include "fiber.h"
#include "log.h"
#include "loop_for.h"
#include "suite.h"
#include "timestamp.h"

static struct loop *loop;
static char trace[256];
static size_t trace_size;

static void note(char c)
{
    ck_assert(trace_size + 1 < sizeof trace);
    trace[trace_size++] = c;
    trace[trace_size] = '\0';
}

static void set_up(void)
{
    trace_size = 0;
    trace[0] = '\0';
    loop = loop_new();
    fiber_init(loop, 4, 64 * 1024);
}

static void tear_down(void)
{
    fiber_shutdown();
    loop_destroy(&loop);
}

/* Runs the loop for that long. */
static void run_ms(int64_t delay_ms)
{
    loop_for_ms(loop, delay_ms);
}

/* Until all fibers have ended, however slow the machine is; Check ends the test that never does. */
static void run_out(void)
{
    while (fiber_count() > 0)
        run_ms(5);
}

static struct fiber *parked;

static void park_twice(void *argument)
{
    (void)argument;
    parked = fiber_self();
    note('a');
    fiber_park();
    note('b');
    fiber_park();
    note('c');
}

static void wake_parked(void *argument)
{
    (void)argument;
    note('w');
    fiber_wake(parked);
    fiber_wake(parked); /* counts once */
}

START_TEST(wakes_count_once)
{
    ck_assert_ptr_null(fiber_self());
    ck_assert(fiber_start(park_twice, NULL));
    ck_assert(fiber_start(wake_parked, NULL));
    ck_assert_uint_eq(fiber_count(), 2);
    ck_assert_str_eq(trace, ""); /* nothing runs before the loop does */
    run_ms(5);
    ck_assert_str_eq(trace, "awb");
    ck_assert_uint_eq(fiber_count(), 1);
    fiber_wake(parked);
    run_out();
    ck_assert_str_eq(trace, "awbc");
    ck_assert_uint_eq(fiber_count(), 0);
}
END_TEST

static void wake_self_then_park(void *argument)
{
    (void)argument;
    fiber_wake(fiber_self());
    fiber_park();
    note('1');
    fiber_wake(fiber_self());
    ck_assert(fiber_park_until(monotonic_us() + 10000000));
    note('2');
}

START_TEST(early_wake_is_kept)
{
    ck_assert(fiber_start(wake_self_then_park, NULL));
    run_out();
    ck_assert_str_eq(trace, "12");
}
END_TEST

static void wait_for_deadline(void *argument)
{
    int64_t *late_us = argument;
    int64_t deadline_us = monotonic_us() + 30000;
    parked = fiber_self();
    ck_assert(!fiber_park_until(deadline_us));
    *late_us = monotonic_us() - deadline_us;
    ck_assert(!fiber_park_until(deadline_us)); /* already over */
    note('d');
}

START_TEST(deadline_passes)
{
    int64_t late_us = -1;
    ck_assert(fiber_start(wait_for_deadline, &late_us));
    run_ms(15);
    ck_assert_str_eq(trace, "");
    run_out();
    ck_assert_str_eq(trace, "d");
    ck_assert_int_ge(late_us, 0);
    ck_assert_int_lt(late_us, 100000);
}
END_TEST

static void wait_long(void *argument)
{
    (void)argument;
    parked = fiber_self();
    note(fiber_park_until(monotonic_us() + 10000000) ? 'y' : 'n');
}

static void sleep_through_wake(void *argument)
{
    (void)argument;
    int64_t start_us = monotonic_us();
    parked = fiber_self();
    fiber_sleep(40);
    ck_assert_int_ge(monotonic_us() - start_us, 40000);
    note('s');
    fiber_park(); /* the wake that fell into the sleep is still there */
    note('p');
}

START_TEST(wake_before_deadline)
{
    ck_assert(fiber_start(wait_long, NULL));
    run_ms(20);
    fiber_wake(parked);
    run_out();
    ck_assert_str_eq(trace, "y");
}
END_TEST

START_TEST(sleep_is_not_cut_short)
{
    ck_assert(fiber_start(sleep_through_wake, NULL));
    run_ms(10);
    fiber_wake(parked);
    run_ms(10);
    ck_assert_str_eq(trace, "");
    run_out();
    ck_assert_str_eq(trace, "sp");
}
END_TEST

static void use_stack(void *argument)
{
    char bytes[32 * 1024];
    int mark = *(int *)argument;
    memset(bytes, mark, sizeof bytes);
    fiber_sleep(1);
    size_t changed = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        changed += bytes[i] != mark;
    ck_assert_uint_eq(changed, 0);
    note((char)mark);
}

static void burn(int64_t us)
{
    int64_t end_us = monotonic_us() + us;

    while (monotonic_us() < end_us)
        continue;
}

/* For long, in pieces; in how many turns. */
static void work_long(void *turns)
{
    uint64_t first = loop_turns(loop);

    for (int i = 0; i < 5; i++) {
        burn(2 * FIBER_TURN_US);
        note('l');
        fiber_yield_in_time();
    }
    *(uint64_t *)turns = loop_turns(loop) - first;
    fiber_park(); /* it was woken while it had yielded */
    note('.');
}

static void on_timer(void *argument)
{
    note('t');
    fiber_wake(argument);
}

static void wake_from_timer(void *argument)
{
    (void)argument;
    struct loop_timer *timer = loop_timer_new(loop, 1, 0, on_timer, parked);
    fiber_sleep(40);
    loop_timer_destroy(&timer);
}

static void work_long_parked(void *turns)
{
    parked = fiber_self();
    ck_assert(fiber_start(wake_from_timer, NULL));
    work_long(turns);
}

START_TEST(long_work_lets_others_in)
{
    uint64_t turns = 0;

    ck_assert(fiber_start(work_long_parked, &turns));
    run_out();
    ck_assert_uint_eq(turns, 5);
    ck_assert_uint_eq(fiber_count(), 0);
    ck_assert_int_eq(trace[0], 'l');
    ck_assert_int_eq(trace[5], 'l'); /* the timer was due before that */
    ck_assert_int_eq(trace[6], '.');
}
END_TEST

/* Until the machine has left it alone for as long as that takes. */
static void work_briefly(void *turns)
{
    for (bool brief = false; !brief; fiber_sleep(1)) {
        uint64_t first = loop_turns(loop);
        int64_t began_us = loop_now_us(loop);
        for (int i = 0; i < 100; i++)
            fiber_yield_in_time();
        *(uint64_t *)turns = loop_turns(loop) - first;
        brief = monotonic_us() - began_us < FIBER_TURN_US;
    }
}

START_TEST(brief_work_goes_through)
{
    uint64_t turns = 1;

    fiber_yield_in_time(); /* on the loop's own stack it means nothing */
    ck_assert(fiber_start(work_briefly, &turns));
    while (fiber_count() > 0 || turns == 1)
        run_ms(20);
    ck_assert_uint_eq(turns, 0);
}
END_TEST

START_TEST(limit_and_reuse)
{
    int marks[4] = {'a', 'b', 'c', 'd'};
    for (int round = 0; round < 20; round++) {
        trace_size = 0;
        for (int i = 0; i < 4; i++)
            ck_assert(fiber_start(use_stack, &marks[i]));
        ck_assert(!fiber_start(use_stack, &marks[0]));
        run_out();
        ck_assert_uint_eq(fiber_count(), 0);
        ck_assert_uint_eq(trace_size, 4);
    }
}
END_TEST

static void start_another(void *argument)
{
    int *left = argument;
    note('x');
    if (--*left > 0)
        ck_assert(fiber_start(start_another, left));
}

START_TEST(fiber_starts_fiber)
{
    int left = 50;
    ck_assert(fiber_start(start_another, &left));
    run_out();
    ck_assert_int_eq(left, 0);
    ck_assert_uint_eq(trace_size, 50);
}
END_TEST

static void keep_log_context(void *argument)
{
    const struct log_context *mine = argument;
    ck_assert_ptr_null(log_use(mine));
    for (int i = 0; i < 3; i++) {
        fiber_sleep(1);
        ck_assert_ptr_eq(log_use(mine), mine);
    }
    note('l');
}

START_TEST(log_context_follows_the_fiber)
{
    struct log_context outside = {.operation = STR("outside")};
    struct log_context one = {.operation = STR("one")}, two = {.operation = STR("two")};
    log_use(&outside);
    ck_assert(fiber_start(keep_log_context, &one));
    ck_assert(fiber_start(keep_log_context, &two));
    run_out();
    ck_assert_str_eq(trace, "ll");
    ck_assert_ptr_eq(log_use(NULL), &outside);
    ck_assert(fiber_start(keep_log_context, &one)); /* a reused fiber starts without one */
    run_out();
    ck_assert_str_eq(trace, "lll");
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* ASan answers the fault itself */
static volatile size_t depth_sink;

/* Not a tail call, so that the recursion really uses stack. */
static size_t recurse(size_t depth)
{
    volatile char frame[1024];
    frame[0] = (char)depth;
    depth_sink = depth;
    return depth == 0 ? 0 : recurse(depth - 1) + (size_t)frame[0];
}

static void overflow(void *argument)
{
    (void)argument;
    recurse(100000);
}

START_TEST(guard_page_stops_an_overflow)
{
    ck_assert(fiber_start(overflow, NULL));
    run_ms(5);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("fiber");
    TCase *tests = tcase_create("fiber");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, wakes_count_once);
    tcase_add_test(tests, early_wake_is_kept);
    tcase_add_test(tests, deadline_passes);
    tcase_add_test(tests, wake_before_deadline);
    tcase_add_test(tests, sleep_is_not_cut_short);
    tcase_add_test(tests, long_work_lets_others_in);
    tcase_add_test(tests, brief_work_goes_through);
    tcase_add_test(tests, limit_and_reuse);
    tcase_add_test(tests, fiber_starts_fiber);
    tcase_add_test(tests, log_context_follows_the_fiber);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test_raise_signal(tests, guard_page_stops_an_overflow, 11);
#endif
    suite_add_tcase(suite, tests);
    return suite_finish(suite);
}
