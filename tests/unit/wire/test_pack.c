/* The writer of msgpack: its bytes, because other programs read them too. */
#include "pack.h"

#include <string.h>

#include "suite.h"

static struct arena *arena;

static struct buffer fresh(void)
{
    arena = arena_new();
    return buffer_in(arena, 16);
}

static bool wrote(const struct buffer *out, struct str bytes)
{
    return str_equal(buffer_str(out), bytes);
}

START_TEST(writes_the_shortest_heads)
{
    struct buffer out = fresh();

    pack_map(&out, 1);
    pack_key(&out, "k");
    pack_array(&out, 3);
    pack_int(&out, 5);
    pack_int(&out, -1);
    pack_int(&out, 300);
    ck_assert(wrote(&out, STR("\x81\xa1k\x93\x05\xff\xcd\x01\x2c")));
    arena_destroy(&arena);
}
END_TEST

START_TEST(writes_uuids_and_times_as_text)
{
    struct buffer out = fresh();
    struct uuid id;

    ck_assert(uuid_parse(STR("0190B6A2-1111-7abc-8def-0123456789ab"), &id));
    pack_uuid(&out, id);
    ck_assert(wrote(&out, STR("\xd9\x24"
                              "0190b6a2-1111-7abc-8def-0123456789ab")));
    out.size = 0;
    pack_uuid(&out, (struct uuid){{0}});
    ck_assert(wrote(&out, STR("\xc0")));
    out.size = 0;
    pack_time(&out, (struct timestamp){1736935200000000});
    ck_assert(wrote(&out, STR("\xb8"
                              "2025-01-15T10:00:00.000Z")));
    out.size = 0;
    pack_time(&out, TIMESTAMP_NONE);
    ck_assert(wrote(&out, STR("\xc0")));
    arena_destroy(&arena);
}
END_TEST

START_TEST(absent_values_are_nil)
{
    struct buffer out = fresh();

    pack_text(&out, STR_NONE);
    pack_bytes(&out, STR_NONE);
    pack_raw(&out, STR_NONE);
    pack_nil(&out);
    pack_text(&out, STR(""));
    ck_assert(wrote(&out, STR("\xc0\xc0\xc0\xc0\xa0")));
    arena_destroy(&arena);
}
END_TEST

START_TEST(counts_may_be_told_afterwards)
{
    struct buffer out = fresh();
    struct pack_open map = pack_map_open(&out);

    pack_key(&out, "list");
    struct pack_open list = pack_array_open(&out);
    for (; list.count < 258; list.count++)
        pack_nil(&out);
    pack_array_close(&out, list);
    map.count = 1;
    pack_map_close(&out, map);
    ck_assert_uint_eq(out.size, 5 + 5 + 5 + 258);
    ck_assert_int_eq(memcmp(out.data, "\xdf\0\0\0\1\xa4list\xdd\0\0\1\2\xc0", 16), 0);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("pack", writes_the_shortest_heads, writes_uuids_and_times_as_text, absent_values_are_nil,
           counts_may_be_told_afterwards)
