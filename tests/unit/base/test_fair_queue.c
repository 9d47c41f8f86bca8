/* The fair queue: the order in which tenants are served, what idling and costs change about it, who
 * gets the last slots, and that it keeps nothing. */
#include "fair_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

enum { ITEMS = 4000 };

static struct fair_queue *queue;
static struct fair_item items[ITEMS];
static char owners[ITEMS];
static size_t added;

static void set_up(void)
{
    queue = fair_queue_new();
    fair_queue_slots(queue, 0, 1, 0);
    added = 0;
}

static void tear_down(void)
{
    fair_queue_destroy(&queue);
}

static struct fair_item *add_to(unsigned class, char tenant)
{
    owners[added] = tenant;
    fair_add(queue, class, &items[added], (struct str){&owners[added], tenant != '-'});
    return &items[added++];
}

static void add(char tenant, size_t count)
{
    while (count-- > 0)
        add_to(0, tenant);
}

static char owner(const struct fair_item *item)
{
    return owners[item - items];
}

static struct fair_item *start(unsigned class, size_t free)
{
    struct fair_item *item = fair_next(queue, class, free);

    if (item)
        fair_start(queue, item);
    return item;
}

/* Serves so many, one after the other; whose they were. */
static const char *serve(size_t count, int64_t (*cost_of)(char tenant))
{
    static char text[ITEMS + 1];
    size_t at = 0;

    while (at < count) {
        struct fair_item *item = start(0, 1);
        if (!item)
            break;
        text[at++] = owner(item);
        fair_done(queue, item, cost_of(owner(item)));
    }
    text[at] = '\0';
    return text;
}

static int64_t same(char tenant)
{
    (void)tenant;
    return 100;
}

/* Of capitals ten times as much. */
static int64_t capital(char tenant)
{
    return tenant < 'a' ? 1000 : 100;
}

static size_t count_of(const char *text, char tenant)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == tenant;
    return count;
}

START_TEST(a_tenant_alone_is_served_in_order)
{
    add('a', 5);
    for (size_t i = 0; i < 5; i++) {
        struct fair_item *item = start(0, 1);
        ck_assert_ptr_eq(item, &items[i]);
        fair_done(queue, item, 10);
    }
    ck_assert_ptr_null(fair_next(queue, 0, 1));
}
END_TEST

START_TEST(who_comes_late_does_not_wait_for_a_long_queue)
{
    add('a', 200);
    serve(20, same);
    add('b', 1);
    ck_assert_uint_ge(count_of(serve(2, same), 'b'), 1);
    serve(ITEMS, same);
}
END_TEST

/* Also while nobody knows yet what anything costs. */
START_TEST(takes_turns_before_the_first_is_done)
{
    struct fair_item *running[6];
    size_t of_b = 0;

    fair_queue_slots(queue, 0, 10, 0);
    add('a', 20);
    add('b', 20);
    for (size_t i = 0; i < 6; i++) {
        running[i] = start(0, 10 - i);
        of_b += owner(running[i]) == 'b';
    }
    ck_assert_uint_eq(of_b, 3);
    for (size_t i = 0; i < 6; i++)
        fair_done(queue, running[i], 5);
    serve(ITEMS, same);
}
END_TEST

START_TEST(shares_by_cost_and_not_by_count)
{
    add('A', 300);
    add('b', 300);
    const char *order = serve(110, capital);
    ck_assert_uint_ge(count_of(order, 'A'), 8);
    ck_assert_uint_le(count_of(order, 'A'), 13);
    serve(ITEMS, same);
}
END_TEST

/* As much as one who was busy, from then on. */
START_TEST(idling_earns_nothing)
{
    add('a', 400);
    add('c', 1);
    serve(200, same);
    add('c', 200);
    size_t of_c = count_of(serve(100, same), 'c');
    ck_assert_uint_ge(of_c, 49);
    ck_assert_uint_le(of_c, 51);
    serve(ITEMS, same);
}
END_TEST

/* A tenant with one item at a time is charged for what it had before, while others wait. */
START_TEST(leaving_for_a_moment_forgives_nothing)
{
    size_t of_capital = 0;

    add('b', 300);
    add('A', 1);
    for (int i = 0; i < 220; i++) {
        if (*serve(1, capital) == 'b')
            continue;
        of_capital++;
        add('A', 1);
    }
    ck_assert_uint_ge(of_capital, 15);
    ck_assert_uint_le(of_capital, 25);
    serve(ITEMS, same);
}
END_TEST

START_TEST(the_last_slots_are_for_those_below_their_share)
{
    fair_queue_slots(queue, 0, 16, 2);
    add('a', 30);
    size_t running = 0;
    while (running < 16 && start(0, 16 - running))
        running++;
    ck_assert_uint_eq(running, 14); /* nearly all: it is alone */
    struct fair_item *first = add_to(0, 'b'), *second = add_to(0, 'b');
    ck_assert_ptr_eq(start(0, 2), first);
    ck_assert_ptr_eq(start(0, 1), second);
    ck_assert_ptr_null(fair_next(queue, 0, 0));
    /* One of a's ends: it stays over its share, and its place goes to nobody else. */
    fair_done(queue, &items[0], 10);
    ck_assert_ptr_null(fair_next(queue, 0, 1));
    struct fair_item *third = add_to(0, 'c');
    ck_assert_ptr_eq(fair_next(queue, 0, 1), third);
    fair_remove(queue, third);
    for (size_t i = 1; i < 14; i++)
        fair_done(queue, &items[i], 10);
    fair_done(queue, first, 10);
    fair_done(queue, second, 10);
    serve(ITEMS, same);
}
END_TEST

START_TEST(those_passed_over_keep_their_turn)
{
    struct fair_item *held[7];

    fair_queue_slots(queue, 0, 8, 1);
    for (size_t i = 0; i < 7; i++) {
        add('a', 1);
        held[i] = start(0, 8 - i);
    }
    struct fair_item *waiting = add_to(0, 'a');
    ck_assert_ptr_null(fair_next(queue, 0, 1));
    ck_assert_uint_eq(fair_waiting(queue, 0), 1);
    fair_done(queue, held[0], 10);
    ck_assert_ptr_eq(fair_next(queue, 0, 2), waiting);
    for (size_t i = 1; i < 7; i++)
        fair_done(queue, held[i], 10);
    serve(ITEMS, same);
}
END_TEST

START_TEST(it_knows_how_many_slots_are_free)
{
    fair_queue_slots(queue, 0, 3, 1);
    add('a', 4);
    struct fair_item *first = fair_start_next(queue, 0), *second = fair_start_next(queue, 0);
    ck_assert_ptr_eq(first, &items[0]);
    ck_assert_ptr_eq(second, &items[1]);
    ck_assert_ptr_null(fair_start_next(queue, 0)); /* the last one is kept */
    struct fair_item *other = add_to(0, 'b');
    add('b', 1);
    ck_assert_ptr_eq(fair_start_next(queue, 0), other);
    ck_assert_ptr_null(fair_start_next(queue, 0));
    ck_assert_uint_eq(fair_running(queue, 0), 3);
    fair_done(queue, other, 10);
    ck_assert_ptr_nonnull(other = fair_start_next(queue, 0));
    fair_done(queue, first, 10);
    fair_done(queue, second, 10);
    fair_done(queue, other, 10);
    serve(ITEMS, same);
}
END_TEST

START_TEST(costs_of_all_classes_count_together)
{
    add('b', 2);
    add_to(1, 'a');
    fair_done(queue, start(1, 1), 1000);
    add('a', 1);
    struct fair_item *of_a = add_to(1, 'a');
    ck_assert_int_gt(fair_compare(of_a, &items[0]), 0);
    ck_assert_str_eq(serve(3, same), "bba");
    fair_remove(queue, of_a);
}
END_TEST

START_TEST(own_work_is_first_and_held_to_no_share)
{
    fair_queue_slots(queue, 0, 8, 4);
    add('a', 10);
    serve(5, same);
    add('-', 3);
    struct fair_item *running[3];
    for (size_t i = 0; i < 3; i++) {
        running[i] = start(0, 3 - i);
        ck_assert_int_eq(owner(running[i]), '-');
    }
    for (size_t i = 0; i < 3; i++)
        fair_done(queue, running[i], 100000);
    serve(ITEMS, same);
}
END_TEST

START_TEST(waiting_ones_may_leave)
{
    add('a', 3);
    add('b', 3);
    fair_remove(queue, &items[1]);
    fair_remove(queue, &items[3]);
    ck_assert_uint_eq(fair_waiting(queue, 0), 4);
    ck_assert_uint_eq(count_of(serve(ITEMS, same), 'a'), 2);
    ck_assert_uint_eq(fair_tenants(queue), 0);
}
END_TEST

/* It has no memory for tenants without work, however many there were. */
START_TEST(forgets_tenants_without_work)
{
    char name[16];

    fair_queue_slots(queue, 0, 2, 0);
    struct fair_item *long_one = (add('a', 1), start(0, 2));
    for (int i = 0; i < 10000; i++) {
        struct fair_item item;
        snprintf(name, sizeof name, "tenant %d", i);
        fair_add(queue, 0, &item, str_of(name));
        ck_assert_ptr_eq(start(0, 1), &item);
        fair_done(queue, &item, 1000 + i);
    }
    ck_assert_uint_eq(fair_tenants(queue), 1);
    add('b', 1); /* while others wait, at most so many are kept */
    for (int i = 0; i < 10000; i++) {
        struct fair_item item;
        snprintf(name, sizeof name, "tenant %d", i);
        fair_add(queue, 0, &item, str_of(name));
        fair_start(queue, &item);
        fair_done(queue, &item, 1000 + i);
    }
    ck_assert_uint_le(fair_tenants(queue), FAIR_IDLE_MAX + 2);
    serve(1, same);
    fair_done(queue, long_one, 10);
    ck_assert_uint_eq(fair_tenants(queue), 0);
}
END_TEST

/* Whatever happens, nobody who may run is left out for long: of n tenants with equal costs, none is
 * two turns ahead of another. */
START_TEST(is_even_among_many)
{
    int served[26] = {0};

    for (size_t i = 0; i < 2600; i++)
        add((char)('a' + i * 7 % 26), 1);
    for (size_t i = 0; i < 2000; i++) {
        struct fair_item *item = start(0, 1);
        served[owner(item) - 'a']++;
        fair_done(queue, item, 50);
        int least = served[0], most = served[0];
        for (size_t k = 1; k < 26; k++) {
            least = served[k] < least ? served[k] : least;
            most = served[k] > most ? served[k] : most;
        }
        ck_assert_int_le(most - least, 2);
    }
    serve(ITEMS, same);
}
END_TEST

SUITE_MAIN_WITH("fair_queue", set_up, tear_down, a_tenant_alone_is_served_in_order,
                who_comes_late_does_not_wait_for_a_long_queue, takes_turns_before_the_first_is_done,
                shares_by_cost_and_not_by_count, idling_earns_nothing,
                leaving_for_a_moment_forgives_nothing,
                the_last_slots_are_for_those_below_their_share, those_passed_over_keep_their_turn,
                it_knows_how_many_slots_are_free, costs_of_all_classes_count_together,
                own_work_is_first_and_held_to_no_share, waiting_ones_may_leave,
                forgets_tenants_without_work, is_even_among_many)
