/* The binary codecs on bytes that no server should send: cut short, with absurd counts, of the
 * wrong size. Reading beyond the end is caught by the sanitizer. (test_db_values.c has the good
 * cases.) */
#include <stdlib.h>
#include <string.h>

#include "pg_codec.h"
#include "suite.h"

struct holder {
    struct texts texts;
    struct uuids uuids;
    struct uuid id;
    int64_t number;
    double ratio;
    bool flag;
    struct timestamp moment;
    struct month month;
};
static const struct field fields[] = {
    FIELD(holder, texts, "texts", .flags = 0),   FIELD(holder, uuids, "uuids", .flags = 0),
    FIELD(holder, id, "id", .flags = 0),         FIELD(holder, number, "number", .flags = 0),
    FIELD(holder, ratio, "ratio", .flags = 0),   FIELD(holder, flag, "flag", .flags = 0),
    FIELD(holder, moment, "moment", .flags = 0), FIELD(holder, month, "month", .flags = 0),
};
static const uint32_t types[] = {PG_TEXT_ARRAY, PG_UUID_ARRAY, PG_UUID,        PG_INT4,
                                 PG_FLOAT8,     PG_BOOL,       PG_TIMESTAMPTZ, PG_INT8};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool decode(struct arena *arena, size_t index, const char *bytes, size_t size)
{
    struct holder holder = {.number = 0};
    char *exact = malloc(size > 0 ? size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, bytes, size);
    bool good = codec_decode(arena, &fields[index], &holder, types[index], exact, size);
    free(exact);
    return good;
}

static struct holder sample(void)
{
    static struct str texts[] = {{"one", 3}, {NULL, 0}, {"", 0}, {"four", 4}};
    static struct uuid ids[2] = {{{1}}, {{2}}};
    return (struct holder){.texts = {texts, 4},
                           .uuids = {ids, 2},
                           .id = {{7}},
                           .number = -5,
                           .ratio = 2.5,
                           .flag = true,
                           .moment = {1},
                           .month = {24301}};
}

START_TEST(short_values_are_refused)
{
    struct arena *arena = arena_new();
    struct holder holder = sample();
    for (size_t i = 0; i < FIELDS; i++) {
        const char *bytes;
        int size;
        ck_assert(codec_encode(arena, &fields[i], &holder, types[i], &bytes, &size));
        ck_assert(decode(arena, i, bytes, (size_t)size));
        for (int cut = 0; cut < size; cut++)
            ck_assert_msg(!decode(arena, i, bytes, (size_t)cut), "%s cut to %d", fields[i].column,
                          cut);
    }
    arena_destroy(&arena);
}
END_TEST

START_TEST(odd_arrays_are_refused)
{
    static const char huge[] = "\0\0\0\1\0\0\0\0\0\0\0\x19\x7f\xff\xff\xff\0\0\0\1\0\0\0\1x";
    static const char two[] = "\0\0\0\2\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1x";
    static const char negative[] = "\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\x80\0\0\0x";
    static const char small_id[] = "\0\0\0\1\0\0\0\0\0\0\x0b\x86\0\0\0\1\0\0\0\1\0\0\0\4abcd";
    struct arena *arena = arena_new();
    ck_assert(!decode(arena, 0, huge, sizeof huge - 1));
    ck_assert(!decode(arena, 0, two, sizeof two - 1));
    ck_assert(!decode(arena, 0, negative, sizeof negative - 1));
    ck_assert(!decode(arena, 1, small_id, sizeof small_id - 1));
    arena_destroy(&arena);
}
END_TEST

START_TEST(only_fitting_types_are_bound)
{
    struct arena *arena = arena_new();
    struct holder holder = sample();
    const char *bytes;
    int size;
    enum { NUMERIC = 1700, DATE = 1082 };
    ck_assert(!codec_fits(FIELD_DOUBLE, NUMERIC));
    ck_assert(!codec_fits(FIELD_INT, NUMERIC));
    ck_assert(!codec_fits(FIELD_TIME, DATE));
    ck_assert(!codec_fits(FIELD_TEXT, PG_UUID));
    ck_assert(!codec_fits(FIELD_LIST, PG_TEXT_ARRAY));
    ck_assert(!codec_encode(arena, &fields[3], &holder, PG_TEXT, &bytes, &size));
    ck_assert_ptr_null(bytes);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("pg codec", short_values_are_refused, odd_arrays_are_refused,
           only_fitting_types_are_bound)
