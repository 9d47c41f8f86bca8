/* Lists of ids as sets. */
#include "id_sets.h"

#include "model.h"
#include "suite.h"

/* Named by queries.sql beside this file, which is not used here. */
extern const struct model thing_model;
const struct model thing_model = {.name = "Thing"};

static struct arena *arena;

/* "abca": one id per letter. */
static struct uuids ids(const char *letters)
{
    struct uuids made = {arena_array(arena, 16, sizeof *made.items), 0};

    for (; *letters; letters++)
        made.items[made.count++].bytes[7] = (uint8_t)*letters;
    return made;
}

static bool is(struct uuids list, const char *letters)
{
    return ids_equal(list, ids(letters));
}

START_TEST(compares_in_order)
{
    arena = arena_new();
    ck_assert(ids_equal((struct uuids){NULL, 0}, ids("")));
    ck_assert(ids_equal(ids("ab"), ids("ab")));
    ck_assert(!ids_equal(ids("ab"), ids("ba")));
    ck_assert(!ids_equal(ids("ab"), ids("a")));
    arena_destroy(&arena);
}
END_TEST

START_TEST(finds_and_combines)
{
    arena = arena_new();
    ck_assert(ids_have(ids("abc"), ids("c").items[0]));
    ck_assert(!ids_have(ids("abc"), ids("d").items[0]));
    ck_assert(!ids_have((struct uuids){NULL, 0}, ids("d").items[0]));
    ck_assert_uint_eq(ids_index(ids("abcb"), ids("b").items[0]), 1);
    ck_assert_uint_eq(ids_index(ids("abcb"), ids("d").items[0]), 4);
    ck_assert(is(ids_unique(arena, ids("cabcab")), "cab"));
    ck_assert(is(ids_unique(arena, (struct uuids){NULL, 0}), ""));
    ck_assert(is(ids_without(arena, ids("abcb"), ids("bd")), "ac"));
    ck_assert(is(ids_without(arena, ids("ab"), ids("")), "ab"));
    ck_assert(is(ids_both(arena, ids("ab"), ids("b")), "abb"));
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("id sets", compares_in_order, finds_and_combines)
