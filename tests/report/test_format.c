/* How values are written in each language, where the marks of axes are, and that labels keep apart.
 */
#include "format.h"

#include <math.h>
#include <string.h>

#include "labels.h"
#include "suite.h"
#include "ticks.h"

static struct arena *arena;

static struct format in(enum report_lang lang)
{
    return (struct format){arena, locale_of(lang)};
}

#define CK_SAYS(text, expected)                                                           \
    do {                                                                                  \
        struct str said = (text);                                                         \
        ck_assert_msg(str_equal(said, STR(expected)), "%.*s", (int)said.size, said.data); \
    } while (0)

START_TEST(writes_numbers_in_each_language)
{
    arena = arena_new();
    struct format en = in(REPORT_EN), de = in(REPORT_DE), fr = in(REPORT_FR), es = in(REPORT_ES),
                  ar = in(REPORT_AR);

    CK_SAYS(format_number(&en, 1234567.891), "1,234,567.89");
    CK_SAYS(format_number(&de, 1234567.891), "1.234.567,89");
    CK_SAYS(format_number(&fr, 1234567.891), "1\u202F234\u202F567,89");
    CK_SAYS(format_number(&es, 1234.5), "1234,5");
    CK_SAYS(format_number(&es, 12345.5), "12.345,5");
    CK_SAYS(format_number(&ar, -1234.5), "\u200E\u22121,234.5");
    CK_SAYS(format_number(&en, -0.001), "\u22120.001");
    CK_SAYS(format_number(&en, (double)NAN), "\u2013");
    CK_SAYS(format_percent(&de, 62.53), "62,53\u00A0%");
    CK_SAYS(format_change(&en, 4.25), "+4.2%");
    CK_SAYS(format_change(&fr, -14.25), "\u221214,2\u202F%");
    CK_SAYS(format_change(&en, 0.01), "0%");
    CK_SAYS(format_short(&en, 905000), "905k");
    CK_SAYS(format_short(&de, 12345678), "12,3\u00A0Mio.");
    CK_SAYS(format_value(&de, 4.5, STR("Tage")), "4,5 Tage");
    CK_SAYS(format_value(&de, 4.5, STR("يوم")), "4,5 \u2068يوم\u2069");
    CK_SAYS(format_value(&en, 60, STR("%")), "60%");
    arena_destroy(&arena);
}
END_TEST

START_TEST(writes_days_in_each_language)
{
    struct timestamp day;
    arena = arena_new();
    struct format en = in(REPORT_EN), de = in(REPORT_DE), fr = in(REPORT_FR), es = in(REPORT_ES),
                  ar = in(REPORT_AR);

    ck_assert(timestamp_parse(STR("2025-03-01T14:05:00Z"), &day));
    CK_SAYS(format_day(&en, day), "1 Mar 2025");
    CK_SAYS(format_long_day(&de, day), "1. März 2025");
    CK_SAYS(format_long_day(&fr, day), "1er mars 2025");
    CK_SAYS(format_long_day(&es, day), "1 de marzo de 2025");
    CK_SAYS(format_day(&ar, day), "1 مارس 2025");
    CK_SAYS(format_moment(&en, day), "1 March 2025, 14:05 UTC");
    CK_SAYS(format_month(&de, (struct month){2025 * 12 + 4}), "Mai 2025");
    CK_SAYS(format_day(&en, TIMESTAMP_NONE), "\u2013");
    arena_destroy(&arena);
}
END_TEST

START_TEST(translates_words_and_keeps_others)
{
    arena = arena_new();
    struct format de = in(REPORT_DE);

    CK_SAYS(format_word(&de, STR("in_progress")), "In Arbeit");
    CK_SAYS(format_word(&de, STR("In Progress")), "In Arbeit");
    CK_SAYS(format_word(&de, STR("Waiting for supplier")), "Waiting for supplier");
    CK_SAYS(FILL(&de, TEXT_PAGE_OF, STR("{2}"), STR("7")), "Seite {2} von 7");
    arena_destroy(&arena);
}
END_TEST

START_TEST(keeps_apart_what_goes_the_other_way)
{
    arena = arena_new();
    CK_SAYS(label_apart(arena, STR("Zo\u00EB O\u2019Brien "), 60, false), "Zo\u00EB O\u2019Brien");
    CK_SAYS(label_apart(arena, STR("Zo\u00EB"), 60, true), "\u2068Zo\u00EB\u2069");
    CK_SAYS(label_apart(arena, STR("يوم"), 60, false), "\u2068يوم\u2069");
    CK_SAYS(label_apart(arena, STR("Plan יום 7"), 60, false), "\u2068Plan יום 7\u2069");
    CK_SAYS(label_apart(arena, STR("a\u200F!"), 60, false), "\u2068a\u200F!\u2069");
    arena_destroy(&arena);
}
END_TEST

/* No language lacks a text or one of its places. */
START_TEST(texts_are_whole)
{
    for (int text = 0; text < TEXTS; text++)
        for (char place = '1'; place <= '4'; place++) {
            const char mark[] = {'{', place, '}', '\0'};
            bool has =
                strstr(locale_text(locale_of(REPORT_EN), (enum text)text).data, mark) != NULL;
            for (unsigned lang = REPORT_EN; lang <= REPORT_AR; lang++) {
                struct str said = locale_text(locale_of((enum report_lang)lang), (enum text)text);
                ck_assert_msg(said.size > 0, "text %d in language %u", text, lang);
                ck_assert_msg((strstr(said.data, mark) != NULL) == has, "%s in language %u",
                              said.data, lang);
            }
        }
}
END_TEST

static void ck_ticks(double low, double high, int most)
{
    struct ticks ticks = ticks_of(low, high, most);
    double unit = ticks.step / pow(10, floor(log10(ticks.step) + 1e-9));

    ck_assert_msg(ticks.count >= 1 && ticks.count <= most, "%g to %g: %d", low, high, ticks.count);
    ck_assert_msg(ticks.count > 1 || most < 4, "%g to %g: one mark", low, high);
    ck_assert_msg(fabs(unit - 1) < 1e-6 || fabs(unit - 2) < 1e-6 || fabs(unit - 5) < 1e-6,
                  "%g to %g: a step of %g", low, high, ticks.step);
    ck_assert(ticks.first >= low - ticks.step * 1e-9);
    ck_assert(ticks.first + ticks.step * (ticks.count - 1) <= high + ticks.step * 1e-9);
}

START_TEST(marks_values_sensibly)
{
    static const double ranges[][2] = {{0, 100},         {-4e12, 9e12},  {0.00001, 0.00009},
                                       {-0.4, 0.3},      {1e6, 1e6 + 3}, {-1e300, 1e300},
                                       {5e-300, 9e-300}, {99.5, 100.5},  {-12, -3}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        for (int most = 2; most <= 12; most++)
            ck_ticks(ranges[i][0], ranges[i][1], most);
    ck_assert_int_eq(ticks_of(5, 5, 5).count, 0);
    ck_assert_int_eq(ticks_of(0, (double)INFINITY, 5).count, 0);
    ck_assert_double_eq(ticks_of(0, 100, 6).step, 20);
}
END_TEST

START_TEST(marks_time_sensibly)
{
    static const int32_t spans[] = {0, 1, 11, 12, 59, 499, 5000, 100000};
    const int32_t first = 2025 * 12;

    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        for (int most = 1; most <= 8; most++) {
            int32_t step = ticks_of_time(AXIS_MONTHS, first, first + spans[i], most);
            ck_assert_msg(spans[i] / step + 1 <= most, "%d months by %d", spans[i], step);
            ck_assert(step < 12 ? 12 % step == 0 : step % 12 == 0);
            int32_t mark = ticks_first_time(AXIS_MONTHS, first + 5, first + 5 + spans[i], step);
            ck_assert(mark >= first + 5 && mark <= first + 5 + spans[i]);
        }
    ck_assert_int_eq(ticks_of_time(AXIS_MONTHS, first, first + 11, 5), 3);
    ck_assert_int_eq(ticks_of_time(AXIS_DAYS, 0, 89, 5), 20);
}
END_TEST

START_TEST(labels_keep_apart)
{
    double same[] = {50, 50, 50}, ends[] = {98, -5, 97}, apart[] = {10, 60};

    ticks_spread(same, 3, 10, 0, 100);
    ticks_spread(ends, 3, 10, 0, 100);
    ticks_spread(apart, 2, 10, 0, 100);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < i; k++) {
            ck_assert(fabs(same[i] - same[k]) >= 10);
            ck_assert(fabs(ends[i] - ends[k]) >= 10);
        }
    ck_assert(ends[1] >= 0 && ends[0] <= 90 && ends[2] < ends[0]);
    ck_assert(apart[0] == 10 && apart[1] == 60);
}
END_TEST

/* Marks of an axis never say the same. */
START_TEST(marks_say_what_tells_them_apart)
{
    arena = arena_new();
    struct format en = in(REPORT_EN);

    CK_SAYS(format_tick(&en, 1000001, 1000003, 1), "1,000,001");
    CK_SAYS(format_tick(&en, 500000, 2e6, 500000), "0.5M");
    CK_SAYS(format_tick(&en, 0, 2e6, 500000), "0.0");
    CK_SAYS(format_tick(&en, 0.00005, 0.0001, 0.00005), "0.00005");
    CK_SAYS(format_tick(&en, -1e300, 1e300, 1e300), "\u22121e+300");
    arena_destroy(&arena);
}
END_TEST

SUITE_MAIN("format", writes_numbers_in_each_language, writes_days_in_each_language,
           translates_words_and_keeps_others, keeps_apart_what_goes_the_other_way, texts_are_whole,
           marks_values_sensibly, marks_time_sensibly, labels_keep_apart,
           marks_say_what_tells_them_apart)
