/* The reorder buffer: gaps, reordering, repetitions, and its limits. */
#include "event_window.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "event_log.h"

static bool put(struct event_window *window, int64_t pos, const char *payload)
{
    return window_put(window, pos, str_of(payload ? payload : ""), payload != NULL, TIMESTAMP_NONE);
}

START_TEST(holes_are_waited_for)
{
    struct event_window *window = window_new();

    ck_assert_int_eq(window_end(window), 0);
    ck_assert(put(window, 3, "c"));
    ck_assert(put(window, 2, NULL));
    ck_assert_int_eq(window_end(window), 0);
    ck_assert_int_eq(window_wanted(window), 0);
    ck_assert(put(window, 1, "a"));
    ck_assert_int_eq(window_end(window), 3);
    ck_assert_int_eq(window_wanted(window), 2);
    ck_assert(str_equal(window_at(window, 3)->payload, STR("c")));
    ck_assert(!window_at(window, 2)->wanted);
    ck_assert_ptr_null(window_at(window, 4));
    window_destroy(&window);
    ck_assert_ptr_null(window);
}
END_TEST

START_TEST(what_is_there_or_done_with_is_refused)
{
    struct event_window *window = window_new();

    window_move(window, 10);
    ck_assert(!put(window, 10, "old"));
    ck_assert(!put(window, 0, "none"));
    ck_assert(!put(window, -5, "none"));
    ck_assert(put(window, 11, "first"));
    ck_assert(!put(window, 11, "again"));
    ck_assert(str_equal(window_at(window, 11)->payload, STR("first")));
    window_destroy(&window);
}
END_TEST

START_TEST(it_moves)
{
    struct event_window *window = window_new();

    for (int64_t pos = 1; pos <= 6; pos++)
        put(window, pos == 6 ? 7 : pos, "x"); /* 6 is missing */
    window_move(window, 3);
    ck_assert_int_eq(window_end(window), 5);
    ck_assert_int_eq(window_wanted(window), 2);
    window_move(window, 6); /* somebody else has applied it */
    ck_assert_int_eq(window_end(window), 7);
    ck_assert_int_eq(window_wanted(window), 1);
    window_move(window, 1000000);
    ck_assert_int_eq(window_end(window), 1000000);
    ck_assert_int_eq(window_wanted(window), 0);
    ck_assert(put(window, 1000001, "y"));
    window_move(window, 2); /* from the beginning again */
    ck_assert_int_eq(window_end(window), 2);
    ck_assert_ptr_null(window_at(window, 1000001));
    ck_assert(put(window, 3, "z"));
    ck_assert_int_eq(window_wanted(window), 1);
    window_destroy(&window);
}
END_TEST

START_TEST(it_has_room_for_so_many)
{
    struct event_window *window = window_new();
    int64_t pos = 1;

    while (put(window, pos, "x"))
        pos++;
    ck_assert_int_ge(pos, 1000);
    ck_assert_int_lt(pos, 10000);
    window_move(window, 1);
    ck_assert(put(window, pos, "x"));
    ck_assert_int_eq(window_end(window), pos);
    window_destroy(&window);
}
END_TEST

START_TEST(and_so_many_bytes)
{
    enum { SIZE = 4 << 20 };
    struct event_window *window = window_new();
    char *large = malloc(SIZE);
    int64_t pos = 2;

    memset(large, 'x', SIZE);
    while (window_put(window, pos, (struct str){large, SIZE}, true, TIMESTAMP_NONE))
        pos++;
    ck_assert_int_eq(pos, 2 + 4);
    /* The next event is never refused, or the consumer could not continue. */
    ck_assert(window_put(window, 1, (struct str){large, SIZE}, true, TIMESTAMP_NONE));
    ck_assert_int_eq(window_end(window), 5);
    free(large);
    window_destroy(&window);
}
END_TEST

/* Against a plain list: in any order of arrival, each event once. */
START_TEST(at_random)
{
    enum { PLACES = 5000 };
    struct event_window *window = window_new();
    bool *there = calloc(PLACES + 1, sizeof *there);
    int64_t done = 0;

    srand(7);
    while (done < PLACES) {
        int64_t pos = done + 1 + rand() % 40;
        if (pos <= PLACES) {
            ck_assert_int_eq(put(window, pos, pos % 3 ? "x" : NULL), !there[pos]);
            there[pos] = true;
        }
        int64_t end = done, wanted = 0;
        while (end < PLACES && there[end + 1])
            wanted += ++end % 3 != 0;
        ck_assert_int_eq(window_end(window), end);
        ck_assert_int_eq(window_wanted(window), wanted);
        if (rand() % 8 == 0)
            window_move(window, done += rand() % (end - done + 1));
        if (end == PLACES)
            done = PLACES;
    }
    free(there);
    window_destroy(&window);
}
END_TEST

START_TEST(news_goes_there_and_back)
{
    struct arena *arena = arena_new();
    struct str payload, body = news_pack(arena, INT64_C(0x0102030405060708), STR("event"));
    int64_t pos;

    ck_assert(news_unpack(body, &pos, &payload));
    ck_assert_int_eq(pos, INT64_C(0x0102030405060708));
    ck_assert(str_equal(payload, STR("event")));
    ck_assert_int_eq(body.data[0], 1);
    ck_assert(!news_unpack((struct str){body.data, NEWS_HEAD}, &pos, &payload));
    ck_assert(!news_unpack(STR_NONE, &pos, &payload));
    ck_assert(!news_unpack(news_pack(arena, 0, STR("x")), &pos, &payload));
    ck_assert(!news_unpack(news_pack(arena, -1, STR("x")), &pos, &payload));
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("event_window", holes_are_waited_for, what_is_there_or_done_with_is_refused, it_moves,
           it_has_room_for_so_many, and_so_many_bytes, at_random, news_goes_there_and_back)
