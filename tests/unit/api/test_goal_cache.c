/* Goals in memory: what is found, and what is not any more. */
#include "goal_cache.h"

#include "lease_calls.h"
#include "pack.h"
#include "suite.h"

enum { ROOM = 1 << 20, SECOND = 1000 * 1000 };

static const struct uuid first = {{1}}, second = {{2}};
static struct arena *arena;
static int64_t now_us;

static void open_cache(size_t bytes)
{
    arena = arena_new();
    now_us = 100 * (int64_t)SECOND;
    goal_cache_open(bytes);
}

static void close_cache(void)
{
    goal_cache_close();
    arena_destroy(&arena);
}

/* A goal with that id that shows a KPI and its owner, and so many bytes more. */
static struct cached_goal goal_of(struct uuid id, size_t filling)
{
    struct buffer out = buffer_in(arena, filling + 256);
    char *bytes = arena_alloc(arena, filling + 1);

    memset(bytes, 'x', filling);
    pack_map(&out, 4);
    pack_key(&out, "id");
    pack_uuid(&out, id);
    pack_key(&out, "title");
    pack_text(&out, (struct str){bytes, filling});
    pack_key(&out, "ownerId");
    pack_text(&out, STR("u"));
    pack_key(&out, "kpis");
    pack_array(&out, 1);
    pack_map(&out, 1);
    pack_key(&out, "sharedKpiId");
    pack_text(&out, STR("k"));
    return (struct cached_goal){buffer_str(&out), 7};
}

static void keep(const char *tenant, struct uuid id, size_t filling)
{
    struct goal_reading reading = goal_cache_reading(now_us);
    struct cached_goal goal = goal_of(id, filling);

    goal_cache_keep(arena, str_of(tenant), id, &reading, &goal);
}

static bool is_kept(const char *tenant, struct uuid id)
{
    struct cached_goal found;

    return goal_cache_find(str_of(tenant), id, now_us, &found);
}

static void change(const char *name)
{
    uint64_t tag = invalidation_tag(str_of(name));

    goal_cache_invalidate(&tag, 1);
}

START_TEST(finds_what_was_kept)
{
    struct cached_goal found;

    open_cache(ROOM);
    keep("t", first, 10);
    ck_assert(goal_cache_find(STR("t"), first, now_us, &found));
    ck_assert_int_eq(found.version, 7);
    ck_assert(str_equal(found.data, goal_of(first, 10).data));
    ck_assert(!is_kept("t", second));
    ck_assert_uint_eq(goal_cache_counts().hits, 1);
    ck_assert_uint_eq(goal_cache_counts().misses, 1);
    close_cache();
    ck_assert(!is_kept("t", first));
}
END_TEST

START_TEST(finds_nothing_of_another_tenant_or_of_none)
{
    open_cache(ROOM);
    keep("t", first, 10);
    keep("", first, 10); /* as who forgets the tenant would */
    ck_assert(!is_kept("", first));
    ck_assert(!is_kept("u", first));
    ck_assert(!is_kept("t\n", first));
    ck_assert_uint_eq(goal_cache_counts().items, 1);
    close_cache();
}
END_TEST

START_TEST(forgets_what_shows_something_that_has_changed)
{
    static const char *const names[] = {"t\n01000000-0000-0000-0000-000000000000", "t\nu", "t\nk",
                                        "t\n"};

    open_cache(ROOM);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        keep("t", first, 10);
        change("t\n02000000-0000-0000-0000-000000000000");
        change("u\nk");
        ck_assert(is_kept("t", first));
        change(names[i]);
        ck_assert_msg(!is_kept("t", first), "%s", names[i]);
    }
    keep("t", first, 10);
    goal_cache_invalidate(NULL, 0);
    ck_assert(!is_kept("t", first));
    keep("t", first, 10);
    ck_assert(is_kept("t", first));
    close_cache();
}
END_TEST

START_TEST(does_not_keep_what_has_changed_while_it_was_read)
{
    struct goal_reading reading;
    struct cached_goal goal;

    open_cache(ROOM);
    goal = goal_of(first, 10);
    reading = goal_cache_reading(now_us);
    change("t\nk");
    goal_cache_keep(arena, STR("t"), first, &reading, &goal);
    ck_assert(!is_kept("t", first));
    reading = goal_cache_reading(now_us);
    goal_cache_invalidate(NULL, 0);
    goal_cache_keep(arena, STR("t"), first, &reading, &goal);
    ck_assert(!is_kept("t", first));
    close_cache();
}
END_TEST

/* Beyond some length they are not kept; nothing is written behind what holds the key. */
START_TEST(takes_names_of_any_length)
{
    char tenant[1001] = "";

    open_cache(ROOM);
    for (size_t size = 1; size < sizeof tenant; size++) {
        tenant[size - 1] = 't';
        keep(tenant, first, 10);
        ck_assert(size > 128 * 4 || is_kept(tenant, first));
    }
    ck_assert(!is_kept(tenant, first));
    close_cache();
}
END_TEST

START_TEST(forgets_what_is_old)
{
    open_cache(ROOM);
    keep("t", first, 10);
    now_us += GOAL_CACHE_US - 1;
    ck_assert(is_kept("t", first));
    now_us += 1;
    ck_assert(!is_kept("t", first));
    ck_assert_uint_eq(goal_cache_counts().items, 0);
    /* Also what nobody asks for, as soon as something else is kept. */
    keep("t", first, 10);
    now_us += GOAL_CACHE_US;
    keep("u", second, 10);
    ck_assert_uint_eq(goal_cache_counts().items, 1);
    close_cache();
}
END_TEST

START_TEST(does_not_keep_what_is_large)
{
    open_cache(ROOM);
    keep("t", first, 200 * 1024);
    keep("t", second, 300 * 1024);
    ck_assert(is_kept("t", first));
    ck_assert(!is_kept("t", second));
    close_cache();
    /* Nor what is more than is free, of a tenant that has kept nothing which could give way. */
    open_cache(ROOM / 4);
    keep("other", second, 100 * 1024);
    keep("t", first, 200 * 1024);
    ck_assert(!is_kept("t", first));
    ck_assert(is_kept("other", second));
    close_cache();
}
END_TEST

START_TEST(shares_the_room_between_tenants)
{
    struct uuid id = first;
    size_t most = 0;

    open_cache(ROOM);
    for (int i = 0; i < 200; i++) {
        id.bytes[15] = (uint8_t)i;
        keep("greedy", id, 20000);
        ck_assert_uint_le(goal_cache_counts().bytes, ROOM);
        most = goal_cache_counts().items > most ? goal_cache_counts().items : most;
    }
    ck_assert_uint_ge(most, 20); /* about half of the room */
    ck_assert_uint_le(most, 27);
    ck_assert(is_kept("greedy", id)); /* the newest stays */
    keep("modest", second, 20000);
    for (int i = 0; i < 200; i++) {
        id.bytes[15] = (uint8_t)i;
        keep("greedy", id, 20000);
    }
    ck_assert(is_kept("modest", second));
    close_cache();
    open_cache(0);
    keep("t", first, 10);
    ck_assert(!is_kept("t", first));
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("goal_cache", finds_what_was_kept, finds_nothing_of_another_tenant_or_of_none,
           forgets_what_shows_something_that_has_changed,
           does_not_keep_what_has_changed_while_it_was_read, takes_names_of_any_length,
           forgets_what_is_old, does_not_keep_what_is_large, shares_the_room_between_tenants)
