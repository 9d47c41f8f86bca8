/* The event loop: descriptors, timers, hooks, signals, and destroying from inside callbacks. */
#include "loop.h"

#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "loop_for.h"
#include "suite.h"
#include "timestamp.h"

static struct loop *loop;
static struct loop_fd *watch;
static struct loop_timer *timer, *guard;
static int ends[2];
static int calls, hook_calls, last_events;

static void stop(void *argument)
{
    (void)argument;
    loop_stop(loop);
}

static void too_late(void *argument)
{
    (void)argument;
    ck_abort_msg("the loop did not stop");
}

static void set_up(void)
{
    loop = loop_new();
    guard = loop_timer_new(loop, 20000, 0, too_late, NULL);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    calls = hook_calls = last_events = 0;
}

static void tear_down(void)
{
    loop_fd_destroy(&watch);
    loop_timer_destroy(&timer);
    loop_timer_destroy(&guard);
    loop_destroy(&loop);
    ck_assert_ptr_null(loop);
    loop_destroy(&loop);
    close(ends[0]);
    close(ends[1]);
}

static void run_ms(int64_t ms)
{
    loop_for_ms(loop, ms);
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

/* Stops after three calls; leaves the bytes where they are. */
static void count_ready(void *argument, int events)
{
    ck_assert_ptr_eq(argument, &calls);
    last_events = events;
    if (++calls == 3)
        loop_stop(loop);
}

START_TEST(is_level_triggered)
{
    watch = loop_fd_new(loop, ends[0], LOOP_READ, count_ready, &calls);
    run_ms(20);
    ck_assert_int_eq(calls, 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    loop_run(loop);
    ck_assert_int_eq(calls, 3);
    ck_assert_int_eq(last_events, LOOP_READ);
}
END_TEST

START_TEST(changes_what_it_waits_for)
{
    watch = loop_fd_new(loop, ends[0], 0, count_ready, &calls);
    run_ms(20);
    ck_assert_int_eq(calls, 0);
    loop_fd_watch(watch, LOOP_READ | LOOP_WRITE);
    loop_fd_watch(watch, LOOP_READ | LOOP_WRITE);
    loop_run(loop);
    ck_assert_int_eq(last_events, LOOP_WRITE);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    calls = 0;
    loop_run(loop);
    ck_assert_int_eq(last_events, LOOP_READ | LOOP_WRITE);
    loop_fd_watch(watch, 0);
    calls = 0;
    run_ms(20);
    ck_assert_int_eq(calls, 0);
}
END_TEST

START_TEST(hang_up_counts_as_what_is_waited_for)
{
    close(ends[1]);
    watch = loop_fd_new(loop, ends[0], LOOP_READ, count_ready, &calls);
    loop_run(loop);
    ck_assert_int_eq(last_events, LOOP_READ);
    loop_fd_watch(watch, LOOP_READ | LOOP_WRITE);
    calls = 0;
    loop_run(loop);
    ck_assert_int_eq(last_events, LOOP_READ | LOOP_WRITE);
    ends[1] = -1;
}
END_TEST

/* The writing end of a pipe without a reader polls POLLERR alone, again and again. */
START_TEST(errors_are_level_triggered_too)
{
    int tube[2];

    ck_assert_int_eq(pipe(tube), 0);
    close(tube[0]);
    watch = loop_fd_new(loop, tube[1], LOOP_READ | LOOP_WRITE, count_ready, &calls);
    loop_run(loop);
    ck_assert_int_eq(calls, 3);
    ck_assert_int_eq(last_events, LOOP_READ | LOOP_WRITE);
    loop_fd_watch(watch, LOOP_READ);
    calls = 0;
    loop_run(loop);
    ck_assert_int_eq(calls, 3);
    ck_assert_int_eq(last_events, LOOP_READ);
    loop_fd_watch(watch, 0);
    calls = 0;
    run_ms(20);
    ck_assert_int_eq(calls, 0);
    loop_fd_destroy(&watch);
    close(tube[1]);
}
END_TEST

static void destroy_watch(void *argument, int events)
{
    (void)argument;
    (void)events;
    calls++;
    loop_fd_destroy(&watch);
    ck_assert_ptr_null(watch);
}

START_TEST(watch_is_destroyed_by_its_callback)
{
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    watch = loop_fd_new(loop, ends[0], LOOP_READ | LOOP_WRITE, destroy_watch, NULL);
    run_ms(20);
    ck_assert_int_eq(calls, 1);
    /* The descriptor can be watched again at once. */
    watch = loop_fd_new(loop, ends[0], LOOP_READ, count_ready, &calls);
    loop_fd_destroy(&watch);
    watch = loop_fd_new(loop, ends[0], LOOP_READ, destroy_watch, NULL);
    run_ms(20);
    ck_assert_int_eq(calls, 2);
}
END_TEST

static void count_due(void *argument)
{
    (void)argument;
    if (++calls == 3)
        loop_stop(loop);
}

START_TEST(timers_repeat_until_stopped)
{
    int64_t began_us = monotonic_us();

    timer = loop_timer_new(loop, 10, 5, count_due, NULL);
    loop_run(loop);
    ck_assert_int_eq(calls, 3);
    ck_assert_int_ge(monotonic_us() - began_us, 18000);
    loop_timer_stop(timer);
    run_ms(30);
    ck_assert_int_eq(calls, 3);
    loop_timer_set(timer, 1, 0);
    run_ms(30);
    ck_assert_int_eq(calls, 4);
}
END_TEST

static void destroy_timer(void *argument)
{
    (void)argument;
    calls++;
    loop_timer_destroy(&timer);
}

START_TEST(timer_is_destroyed_by_its_callback)
{
    timer = loop_timer_new(loop, 1, 1, destroy_timer, NULL);
    run_ms(20);
    ck_assert_int_eq(calls, 1);
    ck_assert_ptr_null(timer);
}
END_TEST

static int64_t due_at_us;

static void note_time(void *argument)
{
    (void)argument;
    due_at_us = monotonic_us();
    loop_stop(loop);
}

static void set_after_work(void *argument)
{
    (void)argument;
    sleep_ms(50);
    due_at_us = monotonic_us();
    timer = loop_timer_new(loop, 30, 0, note_time, NULL);
}

START_TEST(timers_are_never_early)
{
    struct loop_timer *first = loop_timer_new(loop, 1, 0, set_after_work, NULL);
    int64_t began_us = monotonic_us();

    loop_run(loop);
    ck_assert_int_ge(due_at_us - began_us, 79000);
    loop_timer_destroy(&first);
    /* Nor when the loop was not running for a while. */
    sleep_ms(50);
    began_us = monotonic_us();
    loop_timer_set(timer, 30, 0);
    loop_run(loop);
    ck_assert_int_ge(due_at_us - began_us, 29000);
}
END_TEST

static void again_at_once(void *argument)
{
    (void)argument;
    calls++;
    loop_timer_set(timer, 0, 0);
}

START_TEST(a_delay_of_zero_starves_nobody)
{
    timer = loop_timer_new(loop, 0, 0, again_at_once, NULL);
    run_ms(30); /* would never end */
    ck_assert_int_gt(calls, 3);
}
END_TEST

static char order[32];
static size_t order_size;

static bool hook_a(void *argument)
{
    int *left = argument;

    if (order_size < sizeof order)
        order[order_size++] = 'a';
    return *left > 0 && --*left > 0;
}

static bool hook_b(void *argument)
{
    (void)argument;
    if (order_size < sizeof order)
        order[order_size++] = 'b';
    return false;
}

START_TEST(hooks_run_in_order_until_idle)
{
    int left = 3;

    order_size = 0;
    loop_before_wait(loop, hook_a, &left);
    loop_before_wait(loop, hook_b, NULL);
    run_ms(5);
    ck_assert_uint_ge(order_size, 6);
    ck_assert_mem_eq(order, "ababab", 6);
    ck_assert_int_eq(left, 0);
}
END_TEST

static bool always_more(void *argument)
{
    (void)argument;
    hook_calls++;
    return true;
}

START_TEST(a_hook_with_endless_work_starves_nobody)
{
    loop_before_wait(loop, always_more, NULL);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    watch = loop_fd_new(loop, ends[0], LOOP_READ, count_ready, &calls);
    loop_run(loop);
    ck_assert_int_eq(calls, 3);
    ck_assert_int_gt(hook_calls, 3);
}
END_TEST

/* Work for many times what one turn does. */
static bool much_more(void *argument)
{
    (void)argument;
    if (++hook_calls == 1000)
        loop_stop(loop);
    return hook_calls < 1000;
}

START_TEST(the_loop_does_not_sleep_on_work)
{
    loop_before_wait(loop, much_more, NULL);
    loop_run(loop);
    ck_assert_int_eq(hook_calls, 1000);
}
END_TEST

START_TEST(counts_turns)
{
    uint64_t before = loop_turns(loop);
    int64_t began_us = monotonic_us();

    timer = loop_timer_new(loop, 1, 1, count_due, NULL);
    loop_run(loop);
    ck_assert_uint_ge(loop_turns(loop) - before, 3);
    ck_assert_uint_le(loop_turns(loop) - before, 10); /* it slept between */
    ck_assert_int_ge(loop_now_us(loop), began_us);
    ck_assert_int_le(loop_now_us(loop), monotonic_us());
}
END_TEST

START_TEST(signals_come_through_the_loop)
{
    loop_on_signal(loop, SIGHUP, count_due, NULL);
    loop_on_signal(loop, SIGTERM, stop, NULL);
    raise(SIGHUP);
    run_ms(20);
    ck_assert_int_eq(calls, 1);
    raise(SIGTERM);
    loop_run(loop);
}
END_TEST

START_TEST(what_is_left_is_freed)
{
    watch = loop_fd_new(loop, ends[0], LOOP_READ | LOOP_WRITE, count_ready, &calls);
    timer = loop_timer_new(loop, 1, 1, count_due, NULL);
    loop_on_signal(loop, SIGHUP, count_due, NULL);
    loop_stop(loop);
    loop_destroy(&loop);
    watch = NULL;
    timer = guard = NULL;
    ck_assert_int_eq(calls, 0);
}
END_TEST

SUITE_MAIN_WITH("loop", set_up, tear_down, is_level_triggered, changes_what_it_waits_for,
                hang_up_counts_as_what_is_waited_for, errors_are_level_triggered_too,
                watch_is_destroyed_by_its_callback, timers_repeat_until_stopped,
                timer_is_destroyed_by_its_callback, timers_are_never_early,
                a_delay_of_zero_starves_nobody, hooks_run_in_order_until_idle,
                a_hook_with_endless_work_starves_nobody, the_loop_does_not_sleep_on_work,
                counts_turns, signals_come_through_the_loop, what_is_left_is_freed)
