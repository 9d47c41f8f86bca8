/* How many of a tenant go at once, and who is next. */
#include <string.h>

#include "suite.h"
#include "tenant_lines.h"

enum { MOST = 2, MANY = 100000 };

static struct tenant_lines *lines;

struct walker {
    struct line_place place;
    char name;
    bool leaves; /* as soon as it goes */
};
static char order[16];
static size_t gone;

static void go(void *argument)
{
    struct walker *walker = argument;

    if (gone < sizeof order - 1)
        order[gone] = walker->name;
    gone++;
    if (walker->leaves)
        line_leave(lines, &walker->place);
}

static bool enter(struct walker *walker, char name, const char *tenant)
{
    *walker = (struct walker){.place = {.run = go}, .name = name};
    walker->place.argument = walker;
    return line_enter(lines, str_of(tenant), &walker->place);
}

static void setup(void)
{
    lines = tenant_lines_new(MOST);
    memset(order, 0, sizeof order);
    gone = 0;
}

static void teardown(void)
{
    ck_assert_uint_eq(lines_waiting(lines), 0);
    tenant_lines_destroy(&lines);
}

START_TEST(further_ones_wait_in_their_order)
{
    struct walker a, b, c, d;

    ck_assert(enter(&a, 'a', "one"));
    ck_assert(enter(&b, 'b', "one"));
    ck_assert(!enter(&c, 'c', "one"));
    ck_assert(!enter(&d, 'd', "one"));
    ck_assert_uint_eq(lines_waiting(lines), 2);
    line_leave(lines, &b.place);
    ck_assert_str_eq(order, "c");
    line_leave(lines, &a.place);
    ck_assert_str_eq(order, "cd");
    line_leave(lines, &a.place); /* it is in none */
    line_leave(lines, &c.place);
    line_leave(lines, &d.place);
}
END_TEST

START_TEST(other_tenants_go_at_once)
{
    struct walker of_one[3], other, nobodys;

    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(enter(&of_one[i], 'a', "one"), i < MOST);
    ck_assert(enter(&other, 'b', "two"));
    ck_assert(enter(&nobodys, 'c', ""));
    line_leave(lines, &other.place);
    ck_assert_uint_eq(gone, 0);
    line_leave(lines, &nobodys.place);
    for (int i = 0; i < 3; i++)
        line_leave(lines, &of_one[i].place);
    ck_assert_uint_eq(gone, 1);
}
END_TEST

/* As when a service is away: each fails as soon as it is its turn, and the stack does not grow. */
START_TEST(many_may_leave_at_once)
{
    static struct walker first[MOST], many[MANY];

    for (int i = 0; i < MOST; i++)
        ck_assert(enter(&first[i], 'a', "one"));
    for (int i = 0; i < MANY; i++) {
        ck_assert(!enter(&many[i], 'b', "one"));
        many[i].leaves = true;
    }
    line_leave(lines, &first[0].place);
    ck_assert_uint_eq(gone, MANY);
    line_leave(lines, &first[1].place);
}
END_TEST

SUITE_MAIN_WITH("tenant_lines", setup, teardown, further_ones_wait_in_their_order,
                other_tenants_go_at_once, many_may_leave_at_once)
