/* The arena: alignment, zeroes, large pieces, reuse after reset, and buffers that grow. */
#include "arena.h"

#include <stdint.h>
#include <string.h>

#include "suite.h"

static bool all_zero(const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i])
            return false;
    return true;
}

START_TEST(pieces_are_zeroed_aligned_and_apart)
{
    struct arena *arena = arena_new();

    for (int round = 0; round < 3; round++) {
        char *pieces[300];
        for (size_t i = 0; i < 300; i++) {
            pieces[i] = arena_alloc(arena, i);
            ck_assert_uint_eq((uintptr_t)pieces[i] % 16, 0);
            ck_assert(all_zero(pieces[i], i));
            memset(pieces[i], (int)i, i);
        }
        for (size_t i = 0; i < 300; i++)
            for (size_t at = 0; at < i; at++)
                ck_assert_int_eq((unsigned char)pieces[i][at], (unsigned char)i);
        arena_reset(arena);
    }
    arena_destroy(&arena);
    ck_assert_ptr_null(arena);
    arena_destroy(&arena);
}
END_TEST

START_TEST(takes_pieces_of_any_size)
{
    struct arena *arena = arena_new();
    size_t sizes[] = {4096, 1, 65536, 3, 5000000, 100};

    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char *piece = arena_alloc(arena, sizes[i]);
            ck_assert(all_zero(piece, sizes[i]));
            memset(piece, 0xAA, sizes[i]);
        }
        arena_reset(arena);
    }
    arena_destroy(&arena);
}
END_TEST

START_TEST(reset_gives_the_same_memory_again)
{
    struct arena *arena = arena_new();
    void *first = arena_alloc(arena, 100);

    arena_reset(arena);
    ck_assert_ptr_eq(arena_alloc(arena, 100), first);
    arena_destroy(&arena);
}
END_TEST

START_TEST(arrays_do_not_overflow)
{
    struct arena *arena = arena_new();

    ck_assert(all_zero(arena_array(arena, 10, 8), 80));
    ck_assert_ptr_nonnull(arena_array(arena, 0, 8));
    arena_array(arena, SIZE_MAX / 4, 8); /* aborts */
}
END_TEST

START_TEST(huge_sizes_abort)
{
    arena_alloc(arena_new(), SIZE_MAX - 8);
}
END_TEST

START_TEST(copies_text)
{
    struct arena *arena = arena_new();
    char bytes[] = "a\0b";
    struct str copy = arena_copy(arena, (struct str){bytes, 3});

    bytes[0] = 'x';
    ck_assert(str_equal(copy, STR("a\0b")));
    ck_assert_int_eq(copy.data[3], '\0');
    ck_assert_ptr_null(arena_copy(arena, STR_NONE).data);
    ck_assert_ptr_nonnull(arena_copy(arena, STR("")).data);
    arena_destroy(&arena);
}
END_TEST

START_TEST(formats_text)
{
    struct arena *arena = arena_new();
    char filler[1000];

    memset(filler, 'y', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    ck_assert(str_equal(arena_printf(arena, "%d-%s", 7, "x"), STR("7-x")));
    ck_assert(str_equal(arena_printf(arena, "%s", ""), STR("")));
    for (int size = 250; size < 260; size++) { /* around the guess on the stack */
        struct str text = arena_printf(arena, "%.*s", size, filler);
        ck_assert_uint_eq(text.size, (size_t)size);
        ck_assert_uint_eq(strlen(text.data), (size_t)size);
    }
    ck_assert(str_equal(arena_printf(arena, "%s", filler), str_of(filler)));
    arena_destroy(&arena);
}
END_TEST

START_TEST(frees_what_was_allocated_after_a_mark)
{
    struct arena *arena = arena_new();
    const char *kept = arena_printf(arena, "kept").data;
    struct arena_mark mark = arena_mark(arena);
    void *first = arena_alloc(arena, 100);

    for (size_t size = 1; size < 5000000; size *= 3) {
        memset(arena_alloc(arena, size), 0xAA, size);
        arena_release(arena, mark);
        ck_assert_ptr_eq(arena_alloc(arena, 100), first);
        ck_assert(all_zero(first, 100));
        ck_assert_str_eq(kept, "kept");
    }
    arena_release(arena, mark);
    arena_release(arena, mark);
    ck_assert_ptr_eq(arena_alloc(arena, 100), first);
    arena_destroy(&arena);
}
END_TEST

START_TEST(buffers_grow)
{
    struct arena *arena = arena_new();
    struct buffer buffer = buffer_in(arena, 0);

    for (uint32_t i = 0; i < 50000; i++) {
        buffer_append(&buffer, &i, sizeof i);
        if (i % 1000 == 0)
            arena_alloc(arena, 8); /* so that it cannot always grow in place */
    }
    ck_assert_uint_eq(buffer_str(&buffer).size, 200000);
    for (uint32_t i = 0; i < 50000; i++)
        ck_assert_int_eq(memcmp(buffer.data + i * sizeof i, &i, sizeof i), 0);
    arena_destroy(&arena);
}
END_TEST

START_TEST(reserved_room_stays_where_it_is)
{
    struct arena *arena = arena_new();
    struct buffer buffer = buffer_in(arena, 16);

    buffer_append(&buffer, "0123456789abcdef", 16);
    buffer_reserve(&buffer, 100000);
    ck_assert_uint_eq(buffer.size, 16);
    ck_assert_int_eq(memcmp(buffer.data, "0123456789abcdef", 16), 0);
    const char *data = buffer.data;
    char *after = arena_alloc(arena, 64);
    for (int i = 0; i < 100; i++)
        memset(buffer_extend(&buffer, 1000), 'z', 1000);
    ck_assert_ptr_eq(buffer.data, data);
    ck_assert(all_zero(after, 64));
    arena_destroy(&arena);
}
END_TEST

START_TEST(a_grown_buffer_keeps_off_its_neighbours)
{
    struct arena *arena = arena_new();
    struct buffer buffer = buffer_in(arena, 16);

    buffer_append(&buffer, "0123456789abcdef", 16);
    memset(buffer_extend(&buffer, 100), 'z', 100);
    char *after = arena_alloc(arena, 64);
    memset(buffer_extend(&buffer, 3000), 'z', 3000);
    ck_assert(all_zero(after, 64));
    ck_assert_int_eq(memcmp(buffer.data, "0123456789abcdef", 16), 0);
    ck_assert_uint_eq(buffer.size, 3116);
    buffer_append(&buffer, NULL, 0);
    ck_assert_uint_eq(buffer.size, 3116);
    arena_destroy(&arena);
}
END_TEST

/* Not SUITE_MAIN: some tests must end in abort. */
int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");

    tcase_add_test(tests, pieces_are_zeroed_aligned_and_apart);
    tcase_add_test(tests, takes_pieces_of_any_size);
    tcase_add_test(tests, reset_gives_the_same_memory_again);
    tcase_add_test_raise_signal(tests, arrays_do_not_overflow, 6);
    tcase_add_test_raise_signal(tests, huge_sizes_abort, 6);
    tcase_add_test(tests, copies_text);
    tcase_add_test(tests, formats_text);
    tcase_add_test(tests, frees_what_was_allocated_after_a_mark);
    tcase_add_test(tests, buffers_grow);
    tcase_add_test(tests, reserved_room_stays_where_it_is);
    tcase_add_test(tests, a_grown_buffer_keeps_off_its_neighbours);
    suite_add_tcase(suite, tests);
    return suite_finish(suite);
}
