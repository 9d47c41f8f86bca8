/* The bounded map. */
#include <stdlib.h>

#include "lru.h"
#include "suite.h"

static int dropped;

static void drop(struct lru_item *item)
{
    dropped++;
    free(item);
}

static struct lru_item *add(struct lru *lru, const char *key, size_t weight)
{
    struct lru_item *item = calloc(1, sizeof *item);

    item->entry.key = str_of(key);
    item->weight = weight;
    lru_add(lru, item);
    return item;
}

START_TEST(forgets_what_is_unused_longest)
{
    struct lru *lru = lru_new(3, 100, drop);

    add(lru, "a", 10)->pinned = true;
    add(lru, "b", 10);
    add(lru, "c", 10);
    ck_assert_ptr_nonnull(lru_find(lru, STR("b")));
    add(lru, "d", 10); /* "a" is pinned and "b" was used: "c" goes */
    ck_assert_int_eq(dropped, 1);
    ck_assert_ptr_null(lru_find(lru, STR("c")));
    ck_assert_ptr_nonnull(lru_find(lru, STR("a")));
    ck_assert_ptr_nonnull(lru_find(lru, STR("b")));
    const char *order = "bad"; /* from the newest on */
    for (struct lru_item *item = lru_newest(lru); item; item = lru_older(item))
        ck_assert_int_eq(item->entry.key.data[0], *order++);
    ck_assert_int_eq(*order, '\0');
    add(lru, "e", 95); /* by weight: all but "a" */
    ck_assert_uint_eq(lru_count(lru), 2);
    lru_clear(lru);
    ck_assert_uint_eq(lru_count(lru), 1);
    lru_destroy(&lru);
    ck_assert_int_eq(dropped, 5);
}
END_TEST

SUITE_MAIN("lru", forgets_what_is_unused_longest)
