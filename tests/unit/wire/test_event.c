/* Events: what is packed is read again; what is missing or malformed is refused. */
#include "event.h"
#include "pack.h"
#include "suite.h"

static struct event sample(struct arena *arena)
{
    struct buffer data = buffer_in(arena, 64);

    pack_map(&data, 1);
    pack_key(&data, "title");
    pack_text(&data, STR("one"));
    return (struct event){
        .id = uuid_v7(),
        .type = STR("goal.updated"),
        .tenant = STR("t1"),
        .entity = uuid_v7(),
        .version = 7,
        .at = {INT64_C(1736935200123000)},
        .user_id = STR("u1"),
        .user_name = STR("Ann"),
        .request_id = STR("r1"),
        .data = buffer_str(&data),
    };
}

static struct str packed(struct arena *arena, const struct event *event)
{
    struct buffer out = buffer_in(arena, 256);

    event_pack(&out, event);
    return buffer_str(&out);
}

START_TEST(comes_back_as_it_was)
{
    struct arena *arena = arena_new();
    struct event event = sample(arena), read;

    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert(uuid_equal(read.id, event.id));
    ck_assert(uuid_equal(read.entity, event.entity));
    ck_assert(str_equal(read.type, event.type));
    ck_assert(str_equal(read.tenant, event.tenant));
    ck_assert_int_eq(read.version, 7);
    ck_assert_int_eq(read.at.us, event.at.us);
    ck_assert(str_equal(read.user_id, event.user_id));
    ck_assert(str_equal(read.user_name, event.user_name));
    ck_assert(str_equal(read.request_id, event.request_id));
    ck_assert(str_equal(read.data, event.data));
    ck_assert(!read.snapshot);
    event.snapshot = true;
    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert(read.snapshot);
    arena_destroy(&arena);
}
END_TEST

START_TEST(some_parts_may_be_absent)
{
    struct arena *arena = arena_new();
    struct event event = sample(arena), read;

    event.user_name = event.request_id = event.user_id = STR_NONE;
    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert_ptr_null(read.changes.data);
    event.changes = event.data;
    event.must = STR("svc-kpis");
    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert(str_equal(read.changes, event.data));
    ck_assert(str_equal(read.must, event.must));
    ck_assert_ptr_null(read.user_name.data);
    ck_assert_ptr_null(read.request_id.data);
    ck_assert_ptr_null(read.user_id.data);
    arena_destroy(&arena);
}
END_TEST

START_TEST(says_who_must_understand_it)
{
    struct arena *arena = arena_new();
    struct event event = sample(arena), read;

    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert_ptr_null(read.must.data);
    ck_assert(!event_must_be_understood(&read, "svc-kpis"));
    event.must = STR("svc-kpis,svc-analytics");
    ck_assert(event_unpack(arena, packed(arena, &event), &read));
    ck_assert(event_must_be_understood(&read, "svc-kpis"));
    ck_assert(event_must_be_understood(&read, "svc-analytics"));
    ck_assert(!event_must_be_understood(&read, "svc-goals"));
    ck_assert(!event_must_be_understood(&read, ""));
    arena_destroy(&arena);
}
END_TEST

START_TEST(others_may_not)
{
    struct arena *arena = arena_new();
    struct event read;

    for (int i = 0; i < 5; i++) {
        struct event event = sample(arena);
        if (i == 0)
            event.id = (struct uuid){{0}};
        else if (i == 1)
            event.type = STR_NONE;
        else if (i == 2)
            event.tenant = STR("");
        else if (i == 3)
            event.entity = (struct uuid){{0}};
        else
            event.at = TIMESTAMP_NONE;
        ck_assert_msg(!event_unpack(arena, packed(arena, &event), &read), "part %d", i);
    }
    arena_destroy(&arena);
}
END_TEST

START_TEST(every_cut_is_refused)
{
    struct arena *arena = arena_new();
    struct event event = sample(arena), read;
    struct str whole = packed(arena, &event);

    for (size_t size = 0; size < whole.size; size++)
        ck_assert(!event_unpack(arena, arena_copy(arena, (struct str){whole.data, size}), &read));
    ck_assert(!event_unpack(arena, STR("\x90"), &read)); /* no map */
    arena_destroy(&arena);
}
END_TEST

START_TEST(unknown_keys_are_ignored)
{
    struct arena *arena = arena_new();
    struct event event = sample(arena), read;
    struct str known = packed(arena, &event);
    struct buffer out = buffer_in(arena, 256);

    pack_map(&out, 11); /* one more than known */
    buffer_append(&out, known.data + 1, known.size - 1);
    pack_key(&out, "future");
    pack_array(&out, 0);
    ck_assert_int_eq((unsigned char)known.data[0], 0x8a); /* a map of 10 in one byte */
    ck_assert(event_unpack(arena, buffer_str(&out), &read));
    ck_assert_int_eq(read.version, 7);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("event", comes_back_as_it_was, some_parts_may_be_absent, says_who_must_understand_it,
           others_may_not, every_cut_is_refused, unknown_keys_are_ignored)
