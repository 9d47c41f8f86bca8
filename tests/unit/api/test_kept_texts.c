/* Texts of answers in memory: what is found, what is not any more, and whose goes when there is no
 * room. */
#include "kept_texts.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite.h"

enum { ROOM = 1 << 20, PART = ROOM / 8, SECOND = 1000 * 1000 };

/* 2025-12-23T12:00:00Z */
static const int64_t noon_us = INT64_C(1766491200) * SECOND;
static struct uuid stamps[2];

static struct text_basis basis(void)
{
    stamps[0].bytes[0] = 1;
    stamps[1].bytes[0] = 2;
    return (struct text_basis){7, {stamps, 2}, STR("501"), {noon_us}};
}

static void keep_sized(const char *tenant, const char *name, size_t size)
{
    struct text_basis now = basis();
    char *text = calloc(1, size);

    kept_texts_keep(str_of(tenant), str_of(name), &now, (struct kept_text){{text, size}, 3});
    free(text);
}

static bool finds(const char *tenant, const char *name, const struct text_basis *now)
{
    struct kept_text found;

    return kept_texts_find(str_of(tenant), str_of(name), now, &found);
}

static bool is_kept(const char *tenant, const char *name)
{
    struct text_basis now = basis();

    return finds(tenant, name, &now);
}

START_TEST(what_was_kept_is_found)
{
    struct text_basis now = basis();
    struct kept_text found;
    char text[] = "[1,2]", names[] = "501";

    kept_texts_open(ROOM);
    now.names = str_of(names);
    kept_texts_keep(STR("acme"), STR("rest"), &now, (struct kept_text){str_of(text), 3});
    text[0] = names[0] = 'x'; /* it has copies */
    stamps[0].bytes[0] = 9;
    now = basis();
    now.computed_at.us += 59 * 60 * (int64_t)SECOND;
    ck_assert(kept_texts_find(STR("acme"), STR("rest"), &now, &found));
    ck_assert(str_equal(found.text, STR("[1,2]")));
    ck_assert_uint_eq(found.gap, 3);
    ck_assert(!finds("acme", "tasks", &now));
    ck_assert(!finds("other", "rest", &now));
    kept_texts_keep(STR("acme"), STR("rest"), &now, (struct kept_text){STR("[3]"), 0});
    ck_assert(kept_texts_find(STR("acme"), STR("rest"), &now, &found));
    ck_assert(str_equal(found.text, STR("[3]")));
    kept_texts_close();
}
END_TEST

START_TEST(another_basis_finds_nothing)
{
    struct uuid other[2] = {{{1}}, {{3}}};

    kept_texts_open(ROOM);
    for (int i = 0; i < 7; i++) {
        struct text_basis now = basis();
        keep_sized("acme", "rest", 10);
        now.computed_at.us += SECOND; /* what has changed since is to be shown */
        ck_assert(finds("acme", "rest", &now));
        now.generation += i == 0;
        now.stamps.items = i == 1 ? other : stamps;
        now.stamps.count = i == 2 ? 1 : i == 3 ? 0 : 2; /* of an erased tenant there are none */
        now.names = i == 4 ? STR("502") : i == 5 ? STR_NONE : now.names;
        now.computed_at.us += i == 6 ? 3600 * (int64_t)SECOND : 0; /* in another hour */
        ck_assert(!finds("acme", "rest", &now));
        ck_assert(!is_kept("acme", "rest")); /* and it is gone */
    }
    kept_texts_close();
}
END_TEST

/* As what is computed is: for half a second after a change, but names at once. */
START_TEST(a_fresh_one_is_found_after_a_change)
{
    struct text_basis now = basis();

    kept_texts_open(ROOM);
    keep_sized("acme", "rest", 10);
    now.stamps.count = 1;
    now.computed_at.us += SECOND / 2 - 1;
    ck_assert(finds("acme", "rest", &now));
    now.names = STR("502");
    ck_assert(!finds("acme", "rest", &now));
    keep_sized("acme", "rest", 10);
    now = basis();
    now.stamps.count = 1;
    now.computed_at.us += SECOND / 2;
    ck_assert(!finds("acme", "rest", &now));
    kept_texts_close();
}
END_TEST

START_TEST(memory_is_bounded_and_shared)
{
    char name[16];

    kept_texts_open(ROOM);
    keep_sized("acme", "rest", PART + 1);
    ck_assert(!is_kept("acme", "rest"));
    keep_sized("small", "rest", PART / 2);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "%d", i);
        keep_sized("large", name, PART / 2);
        ck_assert(is_kept("large", name));
        ck_assert(is_kept("large", "0")); /* it is used, so others go */
    }
    ck_assert(!is_kept("large", "1"));
    ck_assert(is_kept("small", "rest"));
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "%d", i);
        keep_sized("crowd", name, 1);
    }
    ck_assert(is_kept("small", "rest"));
    ck_assert(is_kept("large", "99"));
    ck_assert(is_kept("crowd", "999"));
    ck_assert(!is_kept("crowd", "0"));
    kept_texts_close();
}
END_TEST

START_TEST(what_is_of_no_use_any_more_goes)
{
    kept_texts_open(ROOM);
    keep_sized("acme", "rest", 10);
    kept_texts_expire((struct timestamp){noon_us + 59 * 60 * (int64_t)SECOND});
    ck_assert(is_kept("acme", "rest"));
    kept_texts_expire((struct timestamp){noon_us + 60 * 60 * (int64_t)SECOND});
    ck_assert(!is_kept("acme", "rest"));
    kept_texts_close();
}
END_TEST

START_TEST(without_memory_nothing_is_kept)
{
    kept_texts_open(0);
    keep_sized("acme", "rest", 10);
    ck_assert(!is_kept("acme", "rest"));
    kept_texts_expire((struct timestamp){noon_us});
    kept_texts_close();
}
END_TEST

SUITE_MAIN("kept texts", what_was_kept_is_found, another_basis_finds_nothing,
           a_fresh_one_is_found_after_a_change, memory_is_bounded_and_shared,
           what_is_of_no_use_any_more_goes, without_memory_nothing_is_kept)
