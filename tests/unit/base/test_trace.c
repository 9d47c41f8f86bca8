/* Traceparents: whose trace a span is in. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "trace.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"

static struct arena *arena;

static bool continues(const char *parent)
{
    struct str span = trace_span(arena, str_of(parent));

    ck_assert_uint_eq(span.size, TRACEPARENT_SIZE);
    ck_assert_mem_eq(span.data, "00-", 3);
    ck_assert_uint_eq(trace_id_of(span).size, 32);
    ck_assert_uint_eq(span_id_of(span).size, 16);
    ck_assert(!str_equal(span_id_of(span), STR(SPAN)));
    for (size_t i = 3; i < span.size; i++)
        ck_assert(i == 35 || i == 52 ? span.data[i] == '-' : isxdigit((unsigned char)span.data[i]));
    return str_equal(trace_id_of(span), STR(TRACE));
}

START_TEST(a_span_is_in_its_parents_trace)
{
    arena = arena_new();
    ck_assert(continues("00-" TRACE "-" SPAN "-01"));
    ck_assert(continues("00-" TRACE "-" SPAN "-00"));
    ck_assert(continues("cc-" TRACE "-" SPAN "-01"));
    ck_assert(continues("01-" TRACE "-" SPAN "-01-what-comes-later"));
    struct str first = trace_span(arena, STR_NONE), second = trace_span(arena, first);
    ck_assert(str_equal(trace_id_of(first), trace_id_of(second)));
    ck_assert(!str_equal(span_id_of(first), span_id_of(second)));
    ck_assert(!str_equal(trace_id_of(trace_span(arena, STR_NONE)), trace_id_of(first)));
    arena_destroy(&arena);
}
END_TEST

START_TEST(only_the_decision_to_sample_is_passed_on)
{
    static const char *const flags[][2] = {
        {"00", "-00"}, {"01", "-01"}, {"03", "-01"}, {"fe", "-00"}, {"ff", "-01"}};
    char parent[TRACEPARENT_SIZE + 1];

    arena = arena_new();
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        snprintf(parent, sizeof parent, "00-" TRACE "-" SPAN "-%s", flags[i][0]);
        ck_assert_mem_eq(trace_span(arena, str_of(parent)).data + 52, flags[i][1], 3);
    }
    ck_assert_mem_eq(trace_span(arena, STR_NONE).data + 52, "-00", 3);
    arena_destroy(&arena);
}
END_TEST

START_TEST(what_is_not_valid_begins_a_trace)
{
    static const char *const bad[] = {
        "",
        "00-1-2-3",
        "00-" TRACE "-" SPAN,
        "00-" TRACE "-" SPAN "-1",
        "00-" TRACE "-" SPAN "-01-more",
        "01-" TRACE "-" SPAN "-01more",
        "ff-" TRACE "-" SPAN "-01",
        "0x-" TRACE "-" SPAN "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01",
        "00-00000000000000000000000000000000-" SPAN "-01",
        "00-" TRACE "-0000000000000000-01",
        "00-" TRACE "-" SPAN "-0g",
        "00_" TRACE "-" SPAN "-01",
    };

    arena = arena_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!continues(bad[i]), "%s", bad[i]);
    ck_assert_ptr_null(trace_id_of(STR_NONE).data);
    ck_assert_ptr_null(span_id_of(STR_NONE).data);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("trace", a_span_is_in_its_parents_trace, only_the_decision_to_sample_is_passed_on,
           what_is_not_valid_begins_a_trace)
