/* Jobs that take long: one in each turn of the loop, tenant by tenant. */
#include <string.h>

#include "bulk_queue.h"
#include "suite.h"
#include "timestamp.h"

enum { JOBS_MAX = 16 };

static struct loop *loop;
static struct bulk_queue *queue;

struct work {
    struct bulk_job job;
    char name;
};
static struct work works[JOBS_MAX];
static size_t added, ran, wanted;
static char order[JOBS_MAX + 1];
static uint64_t turns[JOBS_MAX];

static void run(void *argument)
{
    const struct work *work = argument;
    int64_t end_us = monotonic_us() + 2000;

    while (monotonic_us() < end_us)
        continue;
    turns[ran] = loop_turns(loop);
    order[ran++] = work->name;
    if (ran == wanted)
        loop_stop(loop);
}

static void add(char name, const char *tenant)
{
    struct work *work = &works[added++];

    *work = (struct work){.job = {.run = run, .argument = work}, .name = name};
    bulk_add(queue, &work->job, str_of(tenant));
}

static void setup(void)
{
    loop = loop_new();
    queue = bulk_queue_new(loop);
    added = ran = wanted = 0;
    memset(order, 0, sizeof order);
}

static void teardown(void)
{
    bulk_queue_destroy(&queue);
    loop_destroy(&loop);
}

START_TEST(each_has_a_turn_of_its_own)
{
    for (int i = 0; i < 5; i++)
        add('a', "one");
    ck_assert_uint_eq(ran, 0);
    wanted = 5;
    loop_run(loop);
    for (size_t i = 1; i < wanted; i++)
        ck_assert_uint_gt(turns[i], turns[i - 1]);
}
END_TEST

START_TEST(tenants_take_turns)
{
    for (int i = 0; i < 4; i++)
        add('a', "one");
    add('b', "two");
    add('c', "three");
    wanted = 6;
    loop_run(loop);
    ck_assert_str_eq(order, "abcaaa");
}
END_TEST

START_TEST(what_is_added_while_one_runs_has_its_turn)
{
    add('a', "one");
    wanted = 1;
    loop_run(loop);
    add('b', "two");
    wanted = 2;
    loop_run(loop);
    ck_assert_str_eq(order, "ab");
}
END_TEST

START_TEST(finishing_runs_all)
{
    add('a', "one");
    add('a', "one");
    add('b', "two");
    bulk_finish(queue);
    ck_assert_uint_eq(ran, 3);
}
END_TEST

SUITE_MAIN_WITH("bulk_queue", setup, teardown, each_has_a_turn_of_its_own, tenants_take_turns,
                what_is_added_while_one_runs_has_its_turn, finishing_runs_all)
