/* readStream: pages are bounded in entries and in bytes, and nothing is left out between them. */
#include "service_rig.h"

#include <stdlib.h>

/* Entries 1 to `count` of the tenant, each with about so many bytes of data; every third of them is
 * about the goal. */
static const char goal[] = "00000000-0000-7000-8000-000000000001";

static void fill(int count, int bytes)
{
    rig_new_tenant();
    sql_value(format("INSERT INTO realtime.heads (tenant_id, head, changed_at) VALUES ('%s', %d, "
                     "now())",
                     caller.tenant, count));
    /* {"filling": "xxx..."} in msgpack, with the length in four bytes. */
    sql_value(
        format("INSERT INTO realtime.stream (tenant_id, place, type, goal_id, shown, data, "
               "created_at) SELECT '%s', i, 'goal.updated', CASE i %% 3 WHEN 0 THEN '%s'::uuid "
               "END, true, '\\x81a766696c6c696e67db%08x'::bytea || convert_to(repeat('x', "
               "%d), 'UTF8'), now() FROM generate_series(1, %d) AS i",
               caller.tenant, goal, bytes, bytes, count));
}

/* Reads from the beginning page by page; answers how many pages that took, and how many bytes the
 * largest had. */
static int pages_of(const char *more, int expected, int step, size_t *largest)
{
    long after = 0, seen = 0;
    int pages = 0;

    *largest = 0;
    while (after < expected) {
        const struct rig_answer *page =
            ask("readStream", NULL, format("{'after': %ld, 'most': 500%s}", after, more));
        ck_answer(page, 200);
        ck_at(page, "data.head", format("%d", expected));
        ck_at(page, "data.reset", "false");
        size_t bytes = strlen(at(page, "data.entries"));
        *largest = bytes > *largest ? bytes : *largest;
        for (int i = 0; strcmp(at(page, format("data.entries[%d]", i)), "absent") != 0; i++) {
            seen += step;
            ck_at(page, format("data.entries[%d].place", i), format("%ld", seen));
        }
        long up_to = atol(at(page, "data.upTo"));
        ck_assert_int_gt(up_to, after);
        after = up_to;
        pages++;
    }
    ck_assert_int_eq(seen, expected - expected % step);
    return pages;
}

START_TEST(pages_have_a_quarter_of_a_mebibyte)
{
    size_t largest;

    fill(60, 20000);
    ck_assert_int_eq(pages_of("", 60, 1, &largest), 5); /* of 14 entries, the last of the rest */
    ck_assert_uint_lt(largest, 262144 + 2 * 20000);
    ck_assert_int_eq(pages_of(format(", 'goalId': '%s'", goal), 60, 3, &largest), 2);
    ck_assert_uint_lt(largest, 262144 + 2 * 20000);
}
END_TEST

START_TEST(an_entry_that_is_larger_is_a_page)
{
    size_t largest;

    fill(3, 1000000);
    ck_assert_int_eq(pages_of("", 3, 1, &largest), 3);
    ck_assert_uint_lt(largest, 2 * 1000000);
}
END_TEST

START_TEST(small_ones_are_bounded_by_their_number)
{
    size_t largest;

    fill(1200, 10);
    ck_assert_int_eq(pages_of("", 1200, 1, &largest), 3);
}
END_TEST

SERVICE_SUITE_MAIN("realtime", pages_have_a_quarter_of_a_mebibyte,
                   an_entry_that_is_larger_is_a_page, small_ones_are_bounded_by_their_number)
