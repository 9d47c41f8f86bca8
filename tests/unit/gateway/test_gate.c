/* A queue that stands, and everything that only looks like one. Requests are replied to in the
 * order in which they came, one every `each_us`. */
#include "gate.h"

#include "suite.h"

enum { ALLOWED_US = 250 * 1000, WAITING_MOST = 4096 };

struct line {
    struct gate gate;
    int64_t now_us, free_us, each_us;
    int64_t sent_us[WAITING_MOST];
    size_t first, count, refused, served;
};

static struct line line_new(int64_t each_us)
{
    return (struct line){.gate = {ALLOWED_US, .most = 2000}, .now_us = 1000000, .each_us = each_us};
}

static void reply_until(struct line *line, int64_t now_us)
{
    while (line->count > 0) {
        int64_t sent_us = line->sent_us[line->first % WAITING_MOST];
        int64_t done_us = (line->free_us > sent_us ? line->free_us : sent_us) + line->each_us;
        if (done_us > now_us)
            break;
        line->free_us = done_us;
        gate_leave(&line->gate, done_us, done_us - sent_us);
        line->first++;
        line->count--;
        line->served++;
    }
}

/* Requests every `apart_us` for so long. */
static void run(struct line *line, int64_t apart_us, int64_t for_us)
{
    line->refused = line->served = 0;
    for (int64_t end_us = line->now_us + for_us; line->now_us < end_us; line->now_us += apart_us) {
        reply_until(line, line->now_us);
        if (!gate_enter(&line->gate, line->now_us)) {
            line->refused++;
            continue;
        }
        ck_assert_uint_lt(line->count, WAITING_MOST);
        line->sent_us[(line->first + line->count++) % WAITING_MOST] = line->now_us;
    }
}

START_TEST(refuses_nothing_in_time)
{
    struct line line = line_new(900);

    run(&line, 1000, 5000000);
    ck_assert_uint_eq(line.refused, 0);
}
END_TEST

START_TEST(bounds_the_wait_in_an_overload)
{
    struct line line = line_new(900);

    run(&line, 300, 3000000); /* settles */
    run(&line, 300, 5000000);
    ck_assert_uint_gt(line.served, 5000000 / 900 * 95 / 100);
    ck_assert_uint_gt(line.refused, 10000);
    ck_assert_uint_lt(line.count, 2 * ALLOWED_US / 900);
    ck_assert_uint_gt(line.count, ALLOWED_US / 900 / 2);
    /* Ordinary load again: the line melts within a second or so, then nothing is refused. */
    run(&line, 2000, 1500000);
    run(&line, 2000, 2000000);
    ck_assert_uint_eq(line.refused, 0);
    ck_assert(!line.gate.standing);
}
END_TEST

START_TEST(lets_a_rush_through)
{
    struct line line = line_new(900);

    run(&line, 1000, 1000000);
    run(&line, 1, 250); /* 250 at once */
    ck_assert_uint_eq(line.refused, 0);
    run(&line, 1000, 3000000);
    ck_assert_uint_eq(line.refused, 0);
}
END_TEST

START_TEST(holds_no_more_than_it_may)
{
    struct line line = line_new(900);

    line.gate.most = 300;
    run(&line, 1, 1000);
    ck_assert_uint_ge(line.refused, 700 - 2);
    ck_assert_uint_eq(line.gate.waiting, line.count);
}
END_TEST

START_TEST(lets_few_slow_requests_through)
{
    struct line line = line_new(1);

    /* Every second one takes a second, without a line. */
    for (int i = 0; i < 2000; i++) {
        ck_assert(gate_enter(&line.gate, line.now_us += 10000));
        ck_assert(gate_enter(&line.gate, line.now_us));
        gate_leave(&line.gate, line.now_us, 5000);
        if (i >= 100)
            gate_leave(&line.gate, line.now_us, 1000000);
    }
    ck_assert_uint_eq(line.gate.waiting, 100);
}
END_TEST

START_TEST(never_refuses_a_handful)
{
    struct line line = line_new(100000); /* ten a second: each of 20 waits two seconds */

    for (int i = 0; i < 10; i++) {
        run(&line, 1, 4);
        ck_assert_uint_eq(line.refused, 0);
        run(&line, 1000000, 1);
    }
}
END_TEST

START_TEST(forgets_what_was_not_served)
{
    struct line line = line_new(1);

    for (int i = 0; i < 1000; i++) {
        ck_assert(gate_enter(&line.gate, line.now_us += 10000));
        gate_leave(&line.gate, line.now_us, -1);
    }
    ck_assert(!line.gate.standing);
    ck_assert_uint_eq(line.gate.waiting, 0);
}
END_TEST

SUITE_MAIN("gate", refuses_nothing_in_time, bounds_the_wait_in_an_overload, lets_a_rush_through,
           holds_no_more_than_it_may, lets_few_slow_requests_through, never_refuses_a_handful,
           forgets_what_was_not_served)
