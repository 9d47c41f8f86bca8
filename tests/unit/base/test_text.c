/* Text that people see: white space, what shows nothing, and the normal form. */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

static void trims_to(const char *text, const char *expected)
{
    struct str got = text_trimmed(str_of(text));

    ck_assert_msg(str_equal(got, str_of(expected)), "\"" STR_FMT "\" of \"%s\"", STR_ARG(got),
                  text);
}

START_TEST(trims_white_space_of_every_kind)
{
    static const char *const white[] = {
        " ",      "\t",     "\r\n",   "\xC2\x85", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2009",
        "\u200A", "\u2028", "\u2029", "\u202F",   "\u205F", "\u3000", "\u200B", "\uFEFF"};
    char text[32];

    for (size_t i = 0; i < sizeof white / sizeof *white; i++) {
        snprintf(text, sizeof text, "%sä b%s%s", white[i], white[i], white[i]);
        trims_to(text, "ä b");
        trims_to(white[i], "");
    }
    trims_to("", "");
    trims_to("a", "a");
    trims_to("  a  b ", "a  b");
    /* They join what stands beside them, or belong to an emoji. */
    trims_to("\u2764\uFE0F", "\u2764\uFE0F");
    trims_to("\u200Da\u200D", "\u200Da\u200D");
    ck_assert_ptr_nonnull(text_trimmed(STR(" ")).data);
}
END_TEST

START_TEST(knows_what_can_be_seen)
{
    static const char *const nothing[] = {"",
                                          " \t\u00A0\u3000",
                                          "\u2060",
                                          "\u200B",
                                          "\u200C",
                                          "\u200D",
                                          "\u200E",
                                          "\u200F",
                                          "\u00AD",
                                          "\u3164",
                                          "\u2800",
                                          "\u115F\u1160",
                                          "\uFFA0",
                                          "\u0301",
                                          "\u20DD",
                                          "\u0903",
                                          "\uFE0F",
                                          "\U000E0101",
                                          "\u034F",
                                          "\u180E",
                                          "\u2066",
                                          "\u2065",
                                          "\uFFF0",
                                          "\U000E0042",
                                          "\x7F",
                                          "\x01"
                                          "\xC2\x85",
                                          "\uFDD0",
                                          "\uFFFE",
                                          "\u061C",
                                          "\U0001D173"};
    static const char *const something[] = {"a",      "\u00E9",     "e\u0301",    "\u2060x", "1",
                                            "\u2764", "\U0001F600", "\u6210",     "\u0E01",  "-",
                                            "\u20AC", "\uE000",     "\U0001FAE9", "\uFFFD"};

    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        ck_assert_msg(!text_is_visible(str_of(nothing[i])), "nothing[%zu]", i);
    for (size_t i = 0; i < sizeof something / sizeof *something; i++)
        ck_assert_msg(text_is_visible(str_of(something[i])), "something[%zu]", i);
}
END_TEST

START_TEST(writes_form_c)
{
    static const char *const pairs[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"\u00C4", "\u00C4"},
        {"A\u0308", "\u00C4"},
        {"\u212B", "\u00C5"},                         /* Angstrom */
        {"\u1100\u1161\u11A8", "\uAC01"},             /* Hangul */
        {"a\u0327\u0301", "\u00E1\u0327"},            /* marks in their order */
        {"\u0958", "\u0915\u093C"},                   /* never composed */
        {"\u03B1\u0313\u0300\u0345", "\u1F82"},       /* four become one */
        {"\uFB01\u00B2\u3000", "\uFB01\u00B2\u3000"}, /* compatibility is no concern */
        {"\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469"},
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct str got = text_normalized(arena, str_of(pairs[i][0]));
        ck_assert_msg(str_equal(got, str_of(pairs[i][1])), "%s: " STR_FMT, pairs[i][0],
                      STR_ARG(got));
    }
    struct str plain = STR("\u00E9t\u00E9");
    ck_assert_ptr_eq(text_normalized(arena, plain).data, plain.data);
    arena_destroy(&arena);
}
END_TEST

START_TEST(knows_what_is_spelled_alike)
{
    static const char *const alike[][2] = {
        {"In Progress", "in_progress"},
        {"In Progress", "IN-PROGRESS"},
        {"In Progress", "inProgress"},
        {"Won't Fix", "won't_fix"},
        {"Stra\u00DFe", "STRASSE"},
        {"A\u0308b", " \u00E4B "},
        {"a\u00A0b", "A b"},
        {"", " _-"},
    };
    static const char *const unlike[][2] = {{"Closed", "Close"}, {"\u00E4", "a"}, {"a.b", "ab"}};
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        ck_assert_msg(str_equal(text_spelling(arena, str_of(alike[i][0])),
                                text_spelling(arena, str_of(alike[i][1]))),
                      "%s and %s", alike[i][0], alike[i][1]);
    for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++)
        ck_assert_msg(!str_equal(text_spelling(arena, str_of(unlike[i][0])),
                                 text_spelling(arena, str_of(unlike[i][1]))),
                      "%s and %s", unlike[i][0], unlike[i][1]);
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("text", trims_white_space_of_every_kind, knows_what_can_be_seen, writes_form_c,
           knows_what_is_spelled_alike)
