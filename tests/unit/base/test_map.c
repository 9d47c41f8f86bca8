/* The hash map: items are found by their keys, also when there are more than were expected. */
#include "map.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

enum { ITEMS = 1000 };

static struct map map;
static struct map_item items[ITEMS];
static char names[ITEMS][16];

static void set_up(void)
{
    map_init(&map, 10);
    for (int i = 0; i < ITEMS; i++) {
        snprintf(names[i], sizeof names[i], "key %d", i);
        items[i].key = str_of(names[i]);
        map_add(&map, &items[i]);
    }
}

static void tear_down(void)
{
    map_free(&map);
}

START_TEST(finds_all)
{
    for (int i = 0; i < ITEMS; i++)
        ck_assert_ptr_eq(map_find(&map, str_of(names[i])), &items[i]);
    ck_assert_ptr_null(map_find(&map, STR("key 1000")));
    ck_assert_ptr_null(map_find(&map, STR("key")));
    ck_assert_ptr_null(map_find(&map, STR("")));
}
END_TEST

START_TEST(forgets_what_is_removed)
{
    for (int i = 0; i < ITEMS; i += 2)
        map_remove(&map, &items[i]);
    for (int i = 0; i < ITEMS; i++)
        ck_assert_ptr_eq(map_find(&map, str_of(names[i])), i % 2 ? &items[i] : NULL);
    map_add(&map, &items[0]);
    ck_assert_ptr_eq(map_find(&map, STR("key 0")), &items[0]);
}
END_TEST

/* Keys are bytes: a NUL is one of them, and none at all is a key, too. */
START_TEST(takes_any_bytes)
{
    struct map_item empty = {.key = STR("")}, nul = {.key = {"a\0b", 3}};

    map_add(&map, &empty);
    map_add(&map, &nul);
    ck_assert_ptr_eq(map_find(&map, STR("")), &empty);
    ck_assert_ptr_eq(map_find(&map, (struct str){"a\0b", 3}), &nul);
    ck_assert_ptr_null(map_find(&map, (struct str){"a\0c", 3}));
    ck_assert_ptr_null(map_find(&map, STR("a")));
}
END_TEST

/* Another map has another order, so that nobody knows which keys collide. */
START_TEST(hashes_by_a_seed)
{
    struct map other;
    struct map_item item = {.key = str_of(names[0])};

    map_init(&other, 10);
    map_add(&other, &item);
    ck_assert_uint_ne(item.hash, items[0].hash);
    map_free(&other);
}
END_TEST

SUITE_MAIN_WITH("map", set_up, tear_down, finds_all, forgets_what_is_removed, takes_any_bytes,
                hashes_by_a_seed)
