/* Ids: the version 7 layout, their order, and the text form. */
#include "uuid.h"

#include <string.h>

#include "suite.h"
#include "timestamp.h"

static int64_t ms_of(struct uuid id)
{
    int64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return ms;
}

START_TEST(has_version_variant_and_time)
{
    for (int i = 0; i < 1000; i++) {
        int64_t before_ms = timestamp_now().us / 1000;
        struct uuid id = uuid_v7();
        ck_assert_int_eq(id.bytes[6] >> 4, 7);
        ck_assert_int_eq(id.bytes[8] >> 6, 2);
        ck_assert_int_ge(ms_of(id), before_ms);
        ck_assert_int_le(ms_of(id), before_ms + 1000);
    }
}
END_TEST

START_TEST(sorts_by_creation)
{
    struct uuid last = uuid_v7();

    for (int i = 0; i < 100000; i++) {
        struct uuid id = uuid_v7();
        if (uuid_compare(last, id) >= 0) /* not ck_assert, which is slow when it holds */
            ck_abort_msg("the order broke at %d", i);
        last = id;
    }
}
END_TEST

START_TEST(sorts_when_the_clock_goes_back)
{
    struct uuid last = uuid_v7();

    for (int hour = 1; hour < 100; hour++) {
        timestamp_set_clock_offset(-3600 * hour);
        struct uuid id = uuid_v7();
        ck_assert_int_lt(uuid_compare(last, id), 0);
        last = id;
    }
}
END_TEST

/* The part after the counter; a repeat among a thousand of 62 bits means no randomness. */
START_TEST(random_part_differs)
{
    static uint8_t tails[1000][8];

    for (size_t i = 0; i < 1000; i++) {
        memcpy(tails[i], uuid_v7().bytes + 8, 8);
        for (size_t before = 0; before < i; before++)
            if (memcmp(tails[before], tails[i], 8) == 0)
                ck_abort();
    }
}
END_TEST

START_TEST(text_goes_there_and_back)
{
    char text[UUID_TEXT_SIZE];
    struct uuid id, again;

    ck_assert(uuid_parse(STR("0190abcd-EF01-7234-89ab-cdef01234567"), &id));
    uuid_format(id, text);
    ck_assert_int_eq(memcmp(text, "0190abcd-ef01-7234-89ab-cdef01234567", sizeof text), 0);
    for (int i = 0; i < 100; i++) {
        id = uuid_v7();
        uuid_format(id, text);
        ck_assert(uuid_parse((struct str){text, sizeof text}, &again));
        ck_assert(uuid_equal(id, again));
    }
}
END_TEST

START_TEST(refuses_other_text)
{
    struct uuid id;

    ck_assert(!uuid_parse(STR("00000000-0000-0000-0000-000000000000"), &id));
    ck_assert(!uuid_parse(STR(""), &id));
    ck_assert(!uuid_parse(STR_NONE, &id));
    ck_assert(!uuid_parse(STR("0190abcdef01723489abcdef01234567"), &id));
    ck_assert(!uuid_parse(STR("0190abcd-ef01-7234-89ab-cdef0123456"), &id));
    ck_assert(!uuid_parse(STR("0190abcd-ef01-7234-89ab-cdef012345678"), &id));
    ck_assert(!uuid_parse(STR("0190abcd-ef01-7234-89ab-cdef0123456g"), &id));
    ck_assert(!uuid_parse(STR("0190abcde-f01-7234-89ab-cdef01234567"), &id));
    ck_assert(!uuid_parse(STR("0190abcd-ef01-7234-89ab_cdef01234567"), &id));
    ck_assert(!uuid_parse(STR("{190abcd-ef01-7234-89ab-cdef0123456}"), &id));
    ck_assert(!uuid_parse(STR("0190abcd-ef01-7234-89ab-cdef0123456\0"), &id));
}
END_TEST

START_TEST(none_is_all_zero)
{
    struct uuid none = {{0}};

    ck_assert(uuid_is_none(none));
    ck_assert(!uuid_is_none(uuid_v7()));
    none.bytes[15] = 1;
    ck_assert(!uuid_is_none(none));
}
END_TEST

SUITE_MAIN("uuid", has_version_variant_and_time, sorts_by_creation, sorts_when_the_clock_goes_back,
           random_part_differs, text_goes_there_and_back, refuses_other_text, none_is_all_zero)
