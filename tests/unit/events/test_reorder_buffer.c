/* The reorder buffer: gaps, reordering, repetitions, and its limits. */
#include "reorder_buffer.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "event_log.h"

static bool put(struct reorder_buffer *reorder, int64_t sequence, const char *payload)
{
    return reorder_put(reorder, sequence, str_of(payload ? payload : ""), payload != NULL,
                       TIMESTAMP_NONE, STR_NONE);
}

START_TEST(holes_are_waited_for)
{
    struct reorder_buffer *reorder = reorder_new();

    ck_assert_int_eq(reorder_end(reorder), 0);
    ck_assert(put(reorder, 3, "c"));
    ck_assert(put(reorder, 2, NULL));
    ck_assert_int_eq(reorder_end(reorder), 0);
    ck_assert_int_eq(reorder_wanted(reorder), 0);
    ck_assert(put(reorder, 1, "a"));
    ck_assert_int_eq(reorder_end(reorder), 3);
    ck_assert_int_eq(reorder_wanted(reorder), 2);
    ck_assert(str_equal(reorder_at(reorder, 3)->payload, STR("c")));
    ck_assert(!reorder_at(reorder, 2)->wanted);
    ck_assert_ptr_null(reorder_at(reorder, 4));
    reorder_destroy(&reorder);
    ck_assert_ptr_null(reorder);
}
END_TEST

START_TEST(what_is_there_or_done_with_is_refused)
{
    struct reorder_buffer *reorder = reorder_new();

    reorder_move(reorder, 10);
    ck_assert(!put(reorder, 10, "old"));
    ck_assert(!put(reorder, 0, "none"));
    ck_assert(!put(reorder, -5, "none"));
    ck_assert(put(reorder, 11, "first"));
    ck_assert(!put(reorder, 11, "again"));
    ck_assert(str_equal(reorder_at(reorder, 11)->payload, STR("first")));
    reorder_destroy(&reorder);
}
END_TEST

START_TEST(it_moves)
{
    struct reorder_buffer *reorder = reorder_new();

    for (int64_t sequence = 1; sequence <= 6; sequence++)
        put(reorder, sequence == 6 ? 7 : sequence, "x"); /* 6 is missing */
    reorder_move(reorder, 3);
    ck_assert_int_eq(reorder_end(reorder), 5);
    ck_assert_int_eq(reorder_wanted(reorder), 2);
    reorder_move(reorder, 6); /* somebody else has applied it */
    ck_assert_int_eq(reorder_end(reorder), 7);
    ck_assert_int_eq(reorder_wanted(reorder), 1);
    reorder_move(reorder, 1000000);
    ck_assert_int_eq(reorder_end(reorder), 1000000);
    ck_assert_int_eq(reorder_wanted(reorder), 0);
    ck_assert(put(reorder, 1000001, "y"));
    reorder_move(reorder, 2); /* from the beginning again */
    ck_assert_int_eq(reorder_end(reorder), 2);
    ck_assert_ptr_null(reorder_at(reorder, 1000001));
    ck_assert(put(reorder, 3, "z"));
    ck_assert_int_eq(reorder_wanted(reorder), 1);
    reorder_destroy(&reorder);
}
END_TEST

START_TEST(it_has_room_for_so_many)
{
    struct reorder_buffer *reorder = reorder_new();
    int64_t sequence = 1;

    while (put(reorder, sequence, "x"))
        sequence++;
    ck_assert_int_ge(sequence, 1000);
    ck_assert_int_lt(sequence, 10000);
    reorder_move(reorder, 1);
    ck_assert(put(reorder, sequence, "x"));
    ck_assert_int_eq(reorder_end(reorder), sequence);
    reorder_destroy(&reorder);
}
END_TEST

START_TEST(and_so_many_bytes)
{
    enum { SIZE = 4 << 20 };
    struct reorder_buffer *reorder = reorder_new();
    char *large = malloc(SIZE);
    int64_t sequence = 2;

    memset(large, 'x', SIZE);
    while (
        reorder_put(reorder, sequence, (struct str){large, SIZE}, true, TIMESTAMP_NONE, STR_NONE))
        sequence++;
    ck_assert_int_eq(sequence, 2 + 4);
    /* The next event is never refused, or the consumer could not continue. */
    ck_assert(reorder_put(reorder, 1, (struct str){large, SIZE}, true, TIMESTAMP_NONE, STR_NONE));
    ck_assert_int_eq(reorder_end(reorder), 5);
    free(large);
    reorder_destroy(&reorder);
}
END_TEST

/* Against a plain list: in any order of arrival, each event once. */
START_TEST(at_random)
{
    enum { PLACES = 5000 };
    struct reorder_buffer *reorder = reorder_new();
    bool *there = calloc(PLACES + 1, sizeof *there);
    int64_t done = 0;

    srand(7);
    while (done < PLACES) {
        int64_t sequence = done + 1 + rand() % 40;
        if (sequence <= PLACES) {
            ck_assert_int_eq(put(reorder, sequence, sequence % 3 ? "x" : NULL), !there[sequence]);
            there[sequence] = true;
        }
        int64_t end = done, wanted = 0;
        while (end < PLACES && there[end + 1])
            wanted += ++end % 3 != 0;
        ck_assert_int_eq(reorder_end(reorder), end);
        ck_assert_int_eq(reorder_wanted(reorder), wanted);
        if (rand() % 8 == 0)
            reorder_move(reorder, done += rand() % (end - done + 1));
        if (end == PLACES)
            done = PLACES;
    }
    free(there);
    reorder_destroy(&reorder);
}
END_TEST

START_TEST(news_goes_there_and_back)
{
    struct arena *arena = arena_new();
    struct str payload, body = event_message_pack(arena, INT64_C(0x0102030405060708), STR("event"));
    int64_t sequence;

    ck_assert(event_message_unpack(body, &sequence, &payload));
    ck_assert_int_eq(sequence, INT64_C(0x0102030405060708));
    ck_assert(str_equal(payload, STR("event")));
    ck_assert_int_eq(body.data[0], 1);
    ck_assert(
        !event_message_unpack((struct str){body.data, EVENT_MESSAGE_HEAD}, &sequence, &payload));
    ck_assert(!event_message_unpack(STR_NONE, &sequence, &payload));
    ck_assert(!event_message_unpack(event_message_pack(arena, 0, STR("x")), &sequence, &payload));
    ck_assert(!event_message_unpack(event_message_pack(arena, -1, STR("x")), &sequence, &payload));
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("event_window", holes_are_waited_for, what_is_there_or_done_with_is_refused, it_moves,
           it_has_room_for_so_many, and_so_many_bytes, at_random, news_goes_there_and_back)
